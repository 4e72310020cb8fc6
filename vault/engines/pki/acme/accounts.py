"""Accounts (RFC 8555, 7.3): made, looked up, changed, ended, and given another key."""

import uuid
from typing import Any

import orjson

from stratumiops.vault.engines.pki.acme import jws
from stratumiops.vault.engines.pki.acme.directory import Directory
from stratumiops.vault.engines.pki.acme.models import Account
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.service import Acme, Call
from stratumiops.vault.request import Raw, Response

_MOST_CONTACTS = 10
_LONGEST_CONTACT = 500


class Accounts:
    """Accounts by their keys."""

    def __init__(self, acme: Acme) -> None:
        self._acme = acme

    async def new(self, call: Call) -> Response:
        """The account of a key: the one that is there, else a new one."""
        if call.account is not None:
            raise Problem("malformed", "a new account has to be asked for with its key, as jwk")
        payload = call.message.document
        thumbprint = call.key.thumbprint()
        async with self._acme.pki.locks.hold(f"acme/{thumbprint}"):
            known = await self._acme.store.account_of(thumbprint)
            if known is not None:
                if known.directory != call.directory.path:
                    raise Problem("unauthorized", "the key belongs to an account of another directory")
                if known.status != "valid":
                    raise Problem("unauthorized", f"the account is {known.status}")
                return answer(call.directory, known, 200)
            if payload.get("onlyReturnExisting") is True:
                raise Problem("accountDoesNotExist", "there is no account with this key")
            external = await self._external(call, payload)
            account = Account(
                id=str(uuid.uuid4()), jwk={name: str(value) for name, value in call.message.header["jwk"].items()},
                thumbprint=thumbprint, directory=call.directory.path, created=self._acme.now,
                contact=_contact(payload), agreed=payload.get("termsOfServiceAgreed") is True, eab=external,
            )  # fmt: skip
            await self._acme.store.put_account(account, eab=external)
        return answer(call.directory, account, 201)

    async def _external(self, call: Call, payload: dict[str, Any]) -> str:
        given = payload.get("externalAccountBinding")
        if given is None:
            if call.directory.settings.eab_policy != "not-required":
                raise Problem("externalAccountRequired", "the account has to be bound to an external one")
            return ""
        inner = jws.read(given)
        key = await self._acme.store.external_key(inner.text("kid"))
        if key is None or key.directory != call.directory.path:
            raise Problem("unauthorized", "there is no such external key for this directory")
        jws.verify_mac(inner, jws.decoded(key.key, "key"))
        if inner.header.get("url") != call.message.header["url"]:
            raise Problem("malformed", "the external binding is for another url")
        if jws.key(inner.document).thumbprint() != call.key.thumbprint():
            raise Problem("malformed", "the external binding is for another key")
        return key.id

    async def change(self, call: Call, name: str) -> Response:
        """Look an account up, change its contacts, or end it."""
        account, payload = call.known, call.message.document
        if account.id != name:
            raise Problem("unauthorized", "the account is another one")
        if payload.get("status") not in (None, "valid", "deactivated"):
            raise Problem("malformed", "an account can only be deactivated")
        if "contact" in payload or payload.get("status") == "deactivated":
            async with self._acme.pki.locks.hold(f"acme/{account.id}"):
                account = await self._acme.store.account(name) or account
                account.contact = _contact(payload) if "contact" in payload else account.contact
                if payload.get("status") == "deactivated":
                    account.status, account.ended = "deactivated", self._acme.now
                await self._acme.store.put_account(account)
        return answer(call.directory, account, 200)

    async def change_key(self, call: Call) -> Response:
        """Give an account another key (7.3.5); the new key has signed the inner message."""
        account = call.known
        inner = jws.read(call.message.document)
        if "kid" in inner.header or "jwk" not in inner.header:
            raise Problem("malformed", "the inner message has to hold the new key as jwk")
        key = jws.key(inner.header["jwk"])
        jws.verify(inner, key)
        payload = inner.document
        if inner.header.get("url") != call.message.header["url"]:
            raise Problem("malformed", "the inner message is for another url")
        if payload.get("account") != call.message.header["kid"]:
            raise Problem("malformed", "the inner message is for another account")
        if jws.key(payload.get("oldKey")).thumbprint() != account.thumbprint:
            raise Problem("malformed", "the old key is not that of the account")
        thumbprint = key.thumbprint()
        locks = self._acme.pki.locks
        async with locks.hold(f"acme/{thumbprint}"), locks.hold(f"acme/{account.id}"):
            other = await self._acme.store.account_of(thumbprint)
            if other is not None:
                refused = Problem("conflict", "the new key belongs to an account already").response()
                refused.headers = {"Location": call.directory.url(f"account/{other.id}")}
                return refused
            account = await self._acme.store.account(account.id) or account
            before, account.thumbprint = account.thumbprint, thumbprint
            account.jwk = {name: str(value) for name, value in inner.header["jwk"].items()}
            await self._acme.store.put_account(account, before=before)
        return answer(call.directory, account, 200)


def _contact(payload: dict[str, Any]) -> list[str]:
    given = payload.get("contact") or []
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Problem("malformed", "contact has to be a list of URLs")
    if len(given) > _MOST_CONTACTS or any(len(one) > _LONGEST_CONTACT or ":" not in one for one in given):
        raise Problem("invalidContact", "a contact is no URL, or there are too many")
    return given


def answer(directory: Directory, account: Account, status: int) -> Response:
    """An account as clients see it."""
    document = {
        "status": account.status, "contact": account.contact, "termsOfServiceAgreed": account.agreed,
        "orders": directory.url("orders"),
    }  # fmt: skip
    return Response(
        raw=Raw(orjson.dumps(document), "application/json", status),
        headers={"Location": directory.url(f"account/{account.id}")},
    )
