"""OCSP (RFC 6960): whether a certificate is good, signed by its issuer."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.algorithms import algorithm
from stratumiops.vault.engines.pki.encoding import UNREADABLE, content, serial_key, values
from stratumiops.vault.engines.pki.models import Issuer
from stratumiops.vault.engines.pki.parts import OCSP_SIGNING, Pki
from stratumiops.vault.engines.pki.signing import Signer
from stratumiops.vault.engines.pki.times import instant
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Raw, Request, Response

ASKED: Final = "application/ocsp-request"
ANSWER: Final = "application/ocsp-response"
_LARGEST: Final = 2_048


class Ocsp:
    """The responder of a mount."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        answers = dict.fromkeys((200, 400, 401), ANSWER)
        yield Route("ocsp", write=self.post, public=True, takes=ASKED, answers=answers)
        yield Route("ocsp/{path*}", read=self.get, public=True, answers=answers)

    async def post(self, request: Request, _match: Match) -> Response:
        """Answer the request in the body."""
        return await self._answered(request.body)

    async def get(self, _request: Request, match: Match) -> Response:
        """Answer the request in the path, in base64."""
        try:
            data = base64.b64decode(unquote(match["path"]).replace(" ", "+"), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        return await self._answered(data)

    async def _answered(self, data: bytes) -> Response:
        settings = await self._pki.settings.crl.get()
        if settings.ocsp_disable:
            return _refused(ocsp.OCSPResponseStatus.UNAUTHORIZED, 401)
        try:
            asked = read(data)
        except UNREADABLE:
            return _refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST, 400)
        issuer = await self._issuer(asked)
        try:
            signer = await self._pki.signer(issuer.id if issuer else "default", OCSP_SIGNING)
        except BadRequest:
            return _refused(ocsp.OCSPResponseStatus.UNAUTHORIZED, 401)
        status, revoked_at = await self._status(asked, issuer)
        now = self._pki.system.now()
        expiry = settings.seconds("ocsp_expiry")
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=status,
            this_update=instant(now),
            next_update=instant(now + expiry) if expiry else None,
            revocation_time=instant(revoked_at) if revoked_at else None,
            revocation_reason=None,
        )
        return Response(raw=Raw(_signed(builder, asked, signer), ANSWER))

    async def _issuer(self, asked: ocsp.OCSPRequest) -> Issuer | None:
        for one in (await self._pki.authority.issuers()).values():
            if _matches(one.certificate, asked) and one.key_id:
                return one
        return None

    async def _status(self, asked: ocsp.OCSPRequest, issuer: Issuer | None) -> tuple[ocsp.OCSPCertStatus, float]:
        if issuer is None:
            return ocsp.OCSPCertStatus.UNKNOWN, 0.0
        serial = serial_key(asked.serial_number)
        revoked = await self._pki.certificates.revocation(serial)
        if revoked is not None and revoked.issuer in await self._pki.together(issuer):
            return ocsp.OCSPCertStatus.REVOKED, revoked.at
        der = await self._pki.certificates.get(serial) if revoked is None else None
        if der is None or x509.load_der_x509_certificate(der).issuer != issuer.certificate.subject:
            return ocsp.OCSPCertStatus.UNKNOWN, 0.0
        return ocsp.OCSPCertStatus.GOOD, 0.0


def read(data: bytes) -> ocsp.OCSPRequest:
    """A request in DER.

    Raises:
        UNREADABLE: it is none.
    """
    if len(data) > _LARGEST:
        raise ValueError("too large")
    asked = ocsp.load_der_ocsp_request(data)
    _ = asked.hash_algorithm, asked.extensions, asked.serial_number
    if asked.serial_number <= 0:
        raise ValueError("no serial number")
    return asked


def _matches(issuer: x509.Certificate, asked: ocsp.OCSPRequest) -> bool:
    return (
        _digest(issuer.subject.public_bytes(), asked.hash_algorithm) == asked.issuer_name_hash
        and _digest(_key_bits(issuer), asked.hash_algorithm) == asked.issuer_key_hash
    )


def _key_bits(issuer: x509.Certificate) -> bytes:
    _, bits = values(content(keys.spki(keys.public(issuer.public_key()))))[1]
    return content(bits)[1:]


def _digest(data: bytes, kind: hashes.HashAlgorithm) -> bytes:
    made = hashes.Hash(kind)
    made.update(data)
    return made.finalize()


def _signed(builder: ocsp.OCSPResponseBuilder, asked: ocsp.OCSPRequest, signer: Signer) -> bytes:
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, signer.certificate)
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    name = signer.issuer.revocation_signature_algorithm
    found = algorithm(name, signer.private) if name else None
    bits = found.bits if found and found.type in {"rsa", "ec"} else 0
    key: Any = signer.private
    return builder.sign(key, keys.hash_for(signer.private, bits)).public_bytes(Encoding.DER)


def _refused(status: ocsp.OCSPResponseStatus, code: int) -> Response:
    body = ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
    return Response(raw=Raw(body, ANSWER, code))
