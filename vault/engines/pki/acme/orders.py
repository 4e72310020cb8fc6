"""Orders (RFC 8555, 7.4): what is wanted, what has to be shown for it, and the certificate in the end."""

import ipaddress
import secrets
import uuid
from collections.abc import Sequence
from typing import Any, Final

import orjson
from cryptography import x509

from stratumiops.vault import clock
from stratumiops.vault.engines.pki import keys, leaf
from stratumiops.vault.engines.pki.acme import jws
from stratumiops.vault.engines.pki.acme.directory import Directory
from stratumiops.vault.engines.pki.acme.models import Account, Authorization, Challenge, Identifier, Order
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.service import Acme, Call
from stratumiops.vault.engines.pki.allowed import name_allowed
from stratumiops.vault.engines.pki.encoding import armored, pem, serial_key
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.sans import is_hostname, of_request
from stratumiops.vault.engines.pki.signing import issue
from stratumiops.vault.engines.pki.times import parse_time
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Raw, Response

_LIFE_S: Final = 86_400
_MOST: Final = 100


class Orders:
    """Orders of accounts."""

    def __init__(self, acme: Acme) -> None:
        self._acme = acme

    async def new(self, call: Call) -> Response:
        """An order."""
        account, payload = call.known, call.message.document
        identifiers = _identifiers(payload.get("identifiers"), call.directory.role)
        expires = self._acme.now + _LIFE_S
        times = {name: _time(payload.get(name)) for name in ("notBefore", "notAfter")}
        authorizations = [_authorization(account, one, expires) for one in identifiers]
        order = Order(
            id=str(uuid.uuid4()), account=account.id, identifiers=identifiers,
            authorizations=[one.id for one in authorizations], expires=expires,
            not_before=times["notBefore"], not_after=times["notAfter"],
        )  # fmt: skip
        await self._acme.store.put(order, *authorizations)
        return _answer(call.directory, order, 201)

    async def list(self, call: Call) -> Response:
        """The URLs of an account's orders."""
        names = await self._acme.store.orders(call.known.id)
        body = orjson.dumps({"orders": [call.directory.url(f"order/{one}") for one in names]})
        return Response(raw=Raw(body, "application/json"))

    async def read(self, call: Call, name: str) -> Response:
        """An order."""
        async with self._acme.pki.locks.hold(f"acme/order/{name}"):
            return _answer(call.directory, await self._current(call.known, name), 200)

    async def _current(self, account: Account, name: str) -> Order:
        order = await self._acme.store.order(account.id, name)
        if order is None:
            raise Problem("notFound", "there is no such order")
        status = await self._status(order)
        if status != order.status:
            order.status = status
            await self._acme.store.put(order)
        return order

    async def _status(self, order: Order) -> str:
        if order.status not in {"pending", "ready"}:
            return order.status
        if order.expires < self._acme.now:
            return "invalid"
        found = [await self._acme.store.authorization(order.account, one) for one in order.authorizations]
        states = {one.status if one and one.expires > self._acme.now else "invalid" for one in found}
        if states == {"valid"}:
            return "ready"
        return "pending" if states <= {"valid", "pending"} else "invalid"

    async def finalize(self, call: Call, name: str) -> Response:
        """The certificate of an order whose names are all shown, for a CSR."""
        payload = call.message.document
        async with self._acme.pki.locks.hold(f"acme/order/{name}"):
            order = await self._current(call.known, name)
            if order.status != "ready":
                raise Problem("orderNotReady", f"the order is {order.status}, not ready")
            csr = _csr(payload.get("csr"))
            _check_names(csr, order)
            account_key = keys.public(call.key.public_key)
            if keys.spki(account_key) == keys.spki(csr.public_key):
                raise Problem("badCSR", "the key of the certificate has to be another than that of the account")
            try:
                certificate = self._issued(call.directory, order, csr)
            except BadRequest as refused:
                raise Problem("badCSR", refused.messages[0]) from None
            order.serial, order.status = serial_key(certificate.serial_number), "valid"
            order.issuer = call.directory.signer.issuer.id
            await self._acme.store.note_certificate(order, self._acme.pki.certificates.entry(certificate))
        return _answer(call.directory, order, 200)

    def _issued(self, directory: Directory, order: Order, csr: leaf.Csr) -> x509.Certificate:
        role, signer = directory.role, directory.signer
        leaf.check_key(role, csr.public_key)
        given = {"not_before": order.not_before or None, "not_after": order.not_after or None}
        validity = self._acme.pki.validity(Fields(given), role)
        behavior = signer.issuer.leaf_not_after_behavior
        validity.within(signer.end, "truncate" if behavior == "err" else behavior)
        template = leaf.leaf(Fields({}), role, csr.public_key, csr, validity)
        return issue(template, signer, bits=role.signature_bits, use_pss=role.use_pss)

    async def certificate(self, call: Call, name: str) -> Response:
        """The certificate of an order, and its chain."""
        order = await self._acme.store.order(call.known.id, name)
        der = await self._acme.pki.certificates.get(order.serial) if order and order.serial else None
        if order is None or der is None:
            raise Problem("notFound", "there is no such certificate")
        issuer = (await self._acme.pki.authority.issuers()).get(order.issuer)
        chain = await self._acme.pki.authority.chain(issuer) if issuer else []
        text = "\n".join([armored(der, "CERTIFICATE"), *(pem(one.certificate) for one in chain), ""])
        return Response(raw=Raw(text.encode(), "application/pem-certificate-chain"))


def _identifiers(given: Any, role: Role) -> list[Identifier]:
    if not isinstance(given, list) or not 0 < len(given) <= _MOST:
        raise Problem("malformed", f"identifiers has to be a list of 1 to {_MOST} names")
    found: list[Identifier] = []
    for one in given:
        if not isinstance(one, dict) or not isinstance(one.get("type"), str) or not isinstance(one.get("value"), str):
            raise Problem("malformed", "an identifier has a type and a value")
        made = _identifier(one["type"], one["value"], role)
        if made not in found:
            found.append(made)
    return found


def _identifier(kind: str, value: str, role: Role) -> Identifier:
    if kind == "ip":
        return {"type": kind, "value": _ip(value, role)}
    if kind != "dns":
        raise Problem("unsupportedIdentifier", "the types of identifiers are dns and ip")
    name = value.lower()
    if not is_hostname(name) or name.endswith(".") or _is_ip(name):
        raise Problem("malformed", "an identifier of type dns has to be a host name")
    if not name_allowed(role, name):
        raise Problem("rejectedIdentifier", f"the name {name} is not allowed by the role")
    return {"type": kind, "value": name}


def _ip(value: str, role: Role) -> str:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        raise Problem("malformed", "an identifier of type ip has to be an IP address") from None
    if not role.allow_ip_sans or (role.networks and not any(address in one for one in role.networks)):
        raise Problem("rejectedIdentifier", f"the address {address} is not allowed by the role")
    return str(address)


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _authorization(account: Account, identifier: Identifier, expires: float) -> Authorization:
    wildcard = identifier["value"].startswith("*.")
    kinds: Sequence[str] = ("dns-01",) if wildcard else ("http-01",) if identifier["type"] == "ip" else (
        "http-01", "dns-01",
    )  # fmt: skip
    name: Identifier = {"type": identifier["type"], "value": identifier["value"].removeprefix("*.")}
    challenges = [Challenge(kind, secrets.token_urlsafe(32)) for kind in kinds]
    return Authorization(str(uuid.uuid4()), account.id, name, wildcard, expires, challenges)


def _time(given: Any) -> str:
    if given is None or given == "":
        return ""
    if not isinstance(given, str):
        raise Problem("malformed", "a time has to be a text")
    try:
        parse_time(given)
    except BadRequest as wrong:
        raise Problem("malformed", wrong.messages[0]) from None
    return given


def _csr(given: Any) -> leaf.Csr:
    if not isinstance(given, str) or not given:
        raise Problem("malformed", "missing required field 'csr'")
    try:
        return leaf.read_csr(armored(jws.decoded(given, "csr"), "CERTIFICATE REQUEST"))
    except BadRequest as wrong:
        raise Problem("badCSR", wrong.messages[0]) from None


def _check_names(csr: leaf.Csr, order: Order) -> None:
    try:
        sans = of_request(csr.extensions)
    except BadRequest as wrong:
        raise Problem("badCSR", wrong.messages[0]) from None
    names = {("dns", one.lower()) for one in sans.dns} | {("ip", str(one)) for one in sans.addresses}
    if csr.common_name:
        kind = "ip" if _is_ip(csr.common_name) else "dns"
        names.add((kind, csr.common_name.lower()))
    wanted = {(one["type"], one["value"]) for one in order.identifiers}
    if names != wanted or sans.emails or sans.uris or sans.others:
        raise Problem("badCSR", "the names of the CSR are not those of the order")


def _answer(directory: Directory, order: Order, status: int) -> Response:
    url = directory.url(f"order/{order.id}")
    document: dict[str, Any] = {
        "status": order.status, "expires": clock.rfc3339(order.expires), "identifiers": order.identifiers,
        "authorizations": [directory.url(f"authorization/{one}") for one in order.authorizations],
        "finalize": f"{url}/finalize",
    }  # fmt: skip
    document |= {name: value for name, value in {
        "notBefore": order.not_before, "notAfter": order.not_after, "error": order.error,
        "certificate": f"{url}/cert" if order.serial else "",
    }.items() if value}  # fmt: skip
    return Response(raw=Raw(orjson.dumps(document), "application/json", status), headers={"Location": url})
