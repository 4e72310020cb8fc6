"""Revocation by whoever has the account or the key of a certificate (RFC 8555, 7.6)."""

from cryptography import x509

from stratumiops.vault.engines.pki import keys
from stratumiops.vault.engines.pki.acme import jws
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.acme.service import Acme, Call
from stratumiops.vault.engines.pki.encoding import UNREADABLE, serial_key
from stratumiops.vault.engines.pki.revoking import revoke
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Raw, Response

_REASONS = tuple(reason for reason in range(11) if reason != 7)


async def revoke_certificate(acme: Acme, call: Call) -> Response:
    """Revoke a certificate of this mount.

    Raises:
        Problem: it is none, is revoked already, or is not the client's.
    """
    payload = call.message.document
    given = payload.get("certificate")
    if not isinstance(given, str) or not given:
        raise Problem("malformed", "missing required field 'certificate'")
    if payload.get("reason") is not None and payload["reason"] not in _REASONS:
        raise Problem("badRevocationReason", "the reason is not known")
    der = jws.decoded(given, "certificate")
    try:
        certificate = x509.load_der_x509_certificate(der)
        serial = serial_key(certificate.serial_number)
        public = keys.public(certificate.public_key())
    except (*UNREADABLE, BadRequest):
        raise Problem("malformed", "the certificate cannot be read") from None
    if await acme.pki.certificates.get(serial) != der:
        raise Problem("unauthorized", "the certificate is not one of this server")
    if call.account is not None:
        owns = await acme.store.owner(serial) == call.account.id
    else:
        owns = keys.spki(keys.public(call.key.public_key)) == keys.spki(public)
    if not owns:
        raise Problem("unauthorized", "the certificate belongs to another account and key")
    if await acme.pki.certificates.revocation(serial) is not None:
        raise Problem("alreadyRevoked", "the certificate is revoked already")
    try:
        await revoke(acme.pki, serial, certificate)
    except BadRequest as refused:
        raise Problem("unauthorized", refused.messages[0]) from None
    return Response(raw=Raw(b"", "application/json", 200))
