"""Routes that make roots, requests for intermediates, and keys."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import algorithms, ca, keys
from stratumiops.vault.engines.pki.encoding import bundle, checked_format, in_format, serial_text
from stratumiops.vault.engines.pki.models import Issuer, Key
from stratumiops.vault.engines.pki.parts import NO_URLS, Pki
from stratumiops.vault.engines.pki.roles import Role
from stratumiops.vault.engines.pki.settings import resolved
from stratumiops.vault.engines.pki.signing import self_signed
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

NO_SUBJECT: Final = (
    "This issuer certificate was generated without a Subject; this makes it likely that issuing leaf certs with this"
    " certificate will cause TLS validation libraries to reject this certificate."
)
NO_CAS_BELOW: Final = (
    "Max path length of the generated certificate is zero. This certificate cannot be used to issue intermediate CA"
    " certificates."
)
AFTER_THE_ROOT: Final = (
    " Since this certificate is an intermediate, it might be useful to regenerate this certificate after fixing this"
    " problem for the root mount."
)


class Generating:
    """Roots and requests, with a new key that stays inside or is shown once, or with one that is here."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        for path in ("root/generate/{exported}", "issuers/generate/root/{exported}"):
            yield Route(path, write=self.root)
        yield Route("root/rotate/{exported}", write=self.rotate)
        for path in ("intermediate/generate/{exported}", "issuers/generate/intermediate/{exported}"):
            yield Route(path, write=self.intermediate)
        yield Route("intermediate/cross-sign", write=self.cross_sign)
        yield Route("keys/generate/{exported}", write=self.key)

    async def rotate(self, request: Request, match: Match) -> Response:
        """A root beside the old ones; it is called `next` until it is the default."""
        request.data.setdefault("issuer_name", "next")
        return await self.root(request, match)

    async def root(self, request: Request, match: Match) -> Response:
        """A root."""
        fields = Fields(request.data)
        exported = _exported(match["exported"])
        form = checked_format(fields.text("format", "pem"))
        async with self._pki.authority.changing:
            issuer_name = await self._pki.authority.free_issuer_name(fields.text("issuer_name"))
            key_name = await self._pki.authority.free_key_name(fields.text("key_name"))
            validity = self._pki.validity(fields, _times(fields))
            key = await self._key(exported, fields, key_name)
            template = ca.root(fields, key.private.public_key(), validity)
            bits, use_pss = fields.integer("signature_bits"), fields.boolean("use_pss")
            keys.signature_bits(bits)
            urls, issuer_id = await self._pki.settings.urls.get(), str(uuid.uuid4())
            filled = resolved(urls, await self._pki.settings.cluster.get(), issuer_id)
            certificate = self_signed(template, key.private, filled, bits=bits, use_pss=use_pss)
            algorithm = algorithms.usual(key.private, bits, use_pss=use_pss)
            issuer = Issuer(issuer_id, issuer_name, key.id, certificate, revocation_signature_algorithm=algorithm)
            await self._pki.authority.change(
                issuers=[issuer], keys=[] if exported == "existing" else [key],
                defaults=await self._pki.authority.followed([issuer]), also=self._pki.certificates.entry(certificate),
            )  # fmt: skip
        text = in_format(certificate.public_bytes(Encoding.DER), "CERTIFICATE", form)
        data: dict[str, Any] = {
            "certificate": text, "issuing_ca": text, "serial_number": serial_text(certificate.serial_number),
            "expiration": int(validity.not_after), "issuer_id": issuer.id, "issuer_name": issuer.name,
            "key_id": key.id, "key_name": key.name,
        }  # fmt: skip
        data |= _private(exported, key, fields, form)
        if form == "pem_bundle":
            data["certificate"] = bundle(text, (), data.get("private_key", ""))
        warnings = [] if template.subject.rdns else [NO_SUBJECT]
        warnings += validity.warnings + await self._pki.warnings()
        warnings += [NO_CAS_BELOW] if ca.path_length(fields) == 0 else []
        return Response(data, warnings=warnings)

    async def cross_sign(self, request: Request, match: Match) -> Response:
        """A request for a certificate by another CA, for a key that is here."""
        return await self.intermediate(request, {**match, "exported": "existing"})

    async def intermediate(self, request: Request, match: Match) -> Response:
        """A request for a CA certificate."""
        fields = Fields(request.data)
        exported = _exported(match["exported"])
        form = checked_format(fields.text("format", "pem"))
        async with self._pki.authority.changing:
            key_name = await self._pki.authority.free_key_name(fields.text("key_name"))
            key = await self._key(exported, fields, key_name)
            csr = in_format(ca.request_for_ca(fields, key.private), "CERTIFICATE REQUEST", form)
            await self._kept(exported, key)
        data = {"csr": csr, "key_id": key.id} | _private(exported, key, fields, form)
        if form == "pem_bundle":
            data["csr"] = bundle(csr, (), data.get("private_key", ""))
        warnings = [] if await self._pki.settings.urls.get() else [NO_URLS + AFTER_THE_ROOT]
        return Response(data, warnings=warnings)

    async def key(self, request: Request, match: Match) -> Response:
        """A key."""
        fields = Fields(request.data)
        exported = _exported(match["exported"])
        if exported == "existing":
            raise BadRequest('the "exported" path parameter must be "internal", "exported" or "kms"')
        async with self._pki.authority.changing:
            key = await self._key(exported, fields, await self._pki.authority.free_key_name(fields.text("key_name")))
            await self._kept(exported, key)
        data = {"key_id": key.id, "key_name": key.name, "key_type": key.type}
        shown = _private(exported, key, fields, "pem")
        return Response(data | ({"private_key": shown["private_key"]} if shown else {}))

    async def _key(self, exported: str, fields: Fields, name: str) -> Key:
        if exported == "existing":
            try:
                return await self._pki.authority.key(fields.text("key_ref", "default"))
            except BadRequest as none:
                raise BadRequest(f"failed to lookup public key from existing key: {none.messages[0]}") from None
        private = await keys.generate(keys.kind(fields.text("key_type", "rsa"), fields.integer("key_bits")))
        return Key(str(uuid.uuid4()), name, private, keys.spki(private.public_key()))

    async def _kept(self, exported: str, key: Key) -> None:
        if exported != "existing":
            await self._pki.authority.change(keys=[key])


def _exported(text: str) -> str:
    if text == "kms":
        raise BadRequest('"external_key_ref" is required for kms typed key generation')
    if text not in {"internal", "exported", "existing"}:
        raise BadRequest('the "exported" path parameter must be "internal", "existing", exported" or "kms"')
    return text


def _private(exported: str, key: Key, fields: Fields, form: str) -> dict[str, str]:
    if exported != "exported":
        return {}
    text = keys.private_text(key.private, form=form, key_form=fields.text("private_key_format"))
    return {"private_key": text, "private_key_type": key.type}


def _times(fields: Fields) -> Role:
    return replace(Role(), not_before_duration=fields.duration("not_before_duration", 30))
