"""Routes that revoke, and what revocations belong to."""

from collections.abc import Iterator
from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.encoding import SHORTEST, certificate, parse_serial, serial_key, with_colons
from stratumiops.vault.engines.pki.parts import ISSUING, Pki
from stratumiops.vault.engines.pki.store import Revoked
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response


class Revoking:
    """Revocation by serial number or by certificate. What is revoked stays so, and when it was."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("revoke", write=self.revoke)
        yield Route("revoke-with-key", write=self.revoke_with_key)

    async def revoke(self, request: Request, _match: Match) -> Response:
        """Revoke a certificate."""
        return await self._revoked(*await self._chosen(Fields(request.data)))

    async def revoke_with_key(self, request: Request, _match: Match) -> Response:
        """Revoke a certificate whose key the client has."""
        fields = Fields(request.data)
        text = fields.text("private_key")
        if not text:
            raise BadRequest("Must have private key to revoke via the /revoke-with-key path.")
        if len(text) < SHORTEST:
            raise BadRequest(
                "Provided data for private_key was too short; perhaps a path was passed to the API rather than the"
                " contents of a PEM file?"
            )
        serial, der = await self._chosen(fields)
        private = keys.load(text.encode())
        if keys.spki(private.public_key()) != keys.spki(keys.public(x509.load_der_x509_certificate(der).public_key())):
            raise BadRequest("provided private key does not match certificate's public key")
        return await self._revoked(serial, der)

    async def _chosen(self, fields: Fields) -> tuple[str, bytes]:
        if fields.has("serial_number") and fields.has("certificate"):
            raise BadRequest("Must provide either the certificate or the serial to revoke; not both.")
        if fields.has("certificate"):
            return await self._presented(fields.text("certificate"))
        if not fields.has("serial_number"):
            raise BadRequest("The serial number or certificate to revoke must be provided.")
        text = fields.text("serial_number")
        if not text:
            raise BadRequest("The serial number must be provided")
        serial = parse_serial(text)
        der = await self._pki.certificates.get(serial) if serial else None
        if serial is None or der is None:
            raise BadRequest(f"certificate with serial {text} not found.")
        return serial, der

    async def _presented(self, text: str) -> tuple[str, bytes]:
        if len(text) < SHORTEST:
            raise BadRequest(
                "provided certificate data was too short; perhaps a path was passed to the API rather than the contents"
                " of a PEM file"
            )
        given = certificate(text, "certificate contained no PEM data")
        serial, der = serial_key(given.serial_number), given.public_bytes(Encoding.DER)
        kept = await self._pki.certificates.get(serial)
        if kept is not None and kept != der:
            raise BadRequest("the certificate with this serial number is another one")
        if kept is None and await self._pki.authority.issuer_of(given) is None:
            raise BadRequest(
                "unable to verify signature on presented cert from any present issuer in this mount; certificates from"
                " previous CAs will need to have their issuing CA and key re-imported if revocation is necessary"
            )
        return serial, der

    async def _revoked(self, serial: str, der: bytes) -> Response:
        found = x509.load_der_x509_certificate(der)
        now = self._pki.system.now()
        settings = await self._pki.settings.crl.get()
        known = await self._pki.certificates.revocation(serial)
        expired = found.not_valid_after_utc.timestamp() < now
        if known is None and expired and not settings.allow_expired_cert_revocation:
            warning = f"certificate with serial {with_colons(serial)} already expired; refusing to add to CRL"
            return Response(status=200, warnings=[warning])
        revoked = await revoke(self._pki, serial, found)
        return Response(
            {
                "revocation_time": int(revoked.at),
                "revocation_time_rfc3339": clock.rfc3339(revoked.at),
                "state": "revoked",
            }
        )


async def revoke(pki: Pki, serial: str, found: x509.Certificate) -> Revoked:
    """Revoke a certificate, once; what was revoked before is told.

    Raises:
        BadRequest: it is the issuer's own.
    """
    async with pki.locks.hold(serial):
        known = await pki.certificates.revocation(serial)
        if known is not None:
            return known
        issuer = await pki.authority.issuer_of(found)
        if issuer is not None and issuer.certificate == found:
            raise BadRequest(f"adding issuer (id: {issuer.id}) to its own CRL is not allowed")
        revoked = Revoked(pki.system.now(), issuer.id if issuer else "")
        await pki.certificates.revoke(serial, found.public_bytes(Encoding.DER), revoked)
    if any(one.certificate == found for one in (await pki.authority.issuers()).values()):
        async with pki.authority.changing:
            ended = [
                replace(one, revoked_at=revoked.at, usage=one.usage - {ISSUING})
                for one in (await pki.authority.issuers()).values()
                if one.certificate == found and not one.revoked_at
            ]
            await pki.authority.change(issuers=ended)
    return revoked


async def associate(pki: Pki) -> int:
    """Give revoked certificates whose issuer is not here to the one here that signed them; and how many have none."""
    everyone = await pki.authority.issuers()
    missing = 0
    for serial, revoked in list((await pki.certificates.revoked()).items()):
        if revoked.issuer in everyone:
            continue
        der = await pki.certificates.get(serial)
        issuer = await pki.authority.issuer_of(x509.load_der_x509_certificate(der)) if der else None
        if issuer is None:
            missing += 1
        else:
            await pki.certificates.reassign(serial, Revoked(revoked.at, issuer.id))
    return missing
