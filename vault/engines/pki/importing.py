"""Routes that bring in CA certificates and keys."""

from collections.abc import Iterator, Sequence
from typing import Any

from cryptography import x509

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.encoding import blocks, certificate
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.revoking import associate
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response


class Importing:
    """Imports of PEM bundles. What is here already is not taken twice."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("issuers/import/cert", write=self.certificates)
        for path in ("issuers/import/bundle", "config/ca", "intermediate/set-signed"):
            yield Route(path, write=self.bundle)
        yield Route("keys/import", write=self.key)

    async def certificates(self, request: Request, _match: Match) -> Response:
        """Take certificates, and refuse keys."""
        return await self._taken(request, with_keys=False)

    async def bundle(self, request: Request, _match: Match) -> Response:
        """Take certificates and keys."""
        return await self._taken(request, with_keys=True)

    async def _taken(self, request: Request, *, with_keys: bool) -> Response:
        fields = Fields(request.data)
        text = fields.text("pem_bundle") or fields.text("certificate")
        if not text:
            raise BadRequest("'pem_bundle' and 'certificate' parameters were empty")
        certificates, private = read_bundle(text)
        if private and not with_keys:
            raise BadRequest(
                "private keys found in the PEM bundle but not allowed by the path; use /issuers/import/bundle"
            )
        async with self._pki.authority.changing:
            taken = await self._pki.authority.take(certificates, private)
        if any(taken.issuers.values()):
            await associate(self._pki)
        everyone = await self._pki.authority.issuers()
        data: dict[str, Any] = {
            "imported_issuers": _those(taken.issuers, wanted=True), "imported_keys": _those(taken.keys, wanted=True),
            "existing_issuers": _those(taken.issuers, wanted=False), "existing_keys": _those(taken.keys, wanted=False),
            "mapping": {one: everyone[one].key_id for one in taken.issuers},
        }  # fmt: skip
        return Response(data, warnings=await self._pki.warnings())

    async def key(self, request: Request, _match: Match) -> Response:
        """Take one key."""
        fields = Fields(request.data)
        found = blocks(fields.text("pem_bundle"))
        if len(found) != 1:
            raise BadRequest("only a single key can be present within the pem_bundle for importing")
        private = keys.load(found[0][1])
        async with self._pki.authority.changing:
            name = await self._pki.authority.free_key_name(fields.text("key_name"))
            taken = await self._pki.authority.take([], [private], name)
            ((key_id, is_new),) = taken.keys.items()
            key = await self._pki.authority.key(key_id)
        warnings = [] if is_new else ["Key already imported, use key/ endpoint to update name."]
        return Response({"key_id": key.id, "key_name": key.name, "key_type": key.type}, warnings=warnings)


def _those(found: dict[str, bool], *, wanted: bool) -> list[str] | None:
    return [one for one, is_new in found.items() if is_new == wanted] or None


def read_bundle(text: str) -> tuple[Sequence[x509.Certificate], Sequence[keys.PrivateKey]]:
    """The CA certificates and keys of a bundle, in their order.

    Raises:
        BadRequest: a block cannot be read, is something else, or is no CA certificate.
    """
    certificates, private = [], []
    for number, (label, block) in enumerate(blocks(text), 1):
        if label.endswith("PRIVATE KEY"):
            private.append(keys.load(block))
        elif label in {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}:
            one = certificate(block.decode(), f"error when parsing block {number}: not a certificate")
            keys.public(one.public_key())
            _check_ca(one)
            certificates.append(one)
        elif label != "EC PARAMETERS":
            raise BadRequest(f"error when parsing block {number}: unexpected PEM block {label}")
    return certificates, private


def _check_ca(one: x509.Certificate) -> None:
    constraints = [each.value for each in one.extensions if isinstance(each.value, x509.BasicConstraints)]
    if not constraints or not constraints[0].ca:
        raise BadRequest("the given certificate is not marked for CA use and cannot be used with this backend")
