"""The responder, asked as clients ask it."""

import base64
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.mounted import Mounted
from tests.vault.pki.certs import load

from stratumiops.vault.request import Operation


def question(certificate: x509.Certificate, issuer: x509.Certificate, digest: Any = None, nonce: bytes = b"") -> bytes:
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, digest or hashes.SHA1())
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), False)
    return builder.build().public_bytes(Encoding.DER)


async def asked(pki: Mounted, body: bytes) -> ocsp.OCSPResponse:
    found = await pki.ask(Operation.UPDATE, "ocsp", {}, body=body, content_type="application/ocsp-request")
    assert found is not None
    assert found.raw is not None
    assert found.raw.content_type == "application/ocsp-response"
    return ocsp.load_der_ocsp_response(found.raw.body)


async def issued(pki: Mounted, **fields: Any) -> tuple[x509.Certificate, x509.Certificate]:
    made = await pki.write("issue/any", common_name="a", **fields)
    return load(made["certificate"]), load(made["issuing_ca"])


@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384()])
async def test_good_and_revoked(pki: Mounted, digest: Any) -> None:
    certificate, issuer = await issued(pki)
    answer = await asked(pki, question(certificate, issuer, digest, b"nonce"))
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"nonce"
    assert answer.responder_name == issuer.subject
    key: Any = issuer.public_key()
    key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    assert answer.next_update_utc is not None
    assert (answer.next_update_utc - answer.this_update_utc).total_seconds() == 12 * 3600
    await pki.write("revoke", certificate=certificate.public_bytes(Encoding.PEM).decode())
    path = base64.b64encode(question(certificate, issuer, digest)).decode()
    found = await pki.ask(Operation.READ, f"ocsp/{path}", {})
    assert found is not None
    assert found.raw is not None
    answer = ocsp.load_der_ocsp_response(found.raw.body)
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc is not None
    assert answer.revocation_time_utc.timestamp() == int(pki.system.at)


async def test_unknown(pki: Mounted) -> None:
    certificate, issuer = await issued(pki)
    builder = ocsp.OCSPRequestBuilder()
    other = builder.add_certificate_by_hash(b"\0" * 20, b"\1" * 20, certificate.serial_number, hashes.SHA1()).build()
    answer = await asked(pki, other.public_bytes(Encoding.DER))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    made = await pki.write("root/generate/internal", common_name="Other", key_type="ec")
    answer = await asked(pki, question(certificate, load(made["certificate"])))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN, "the serial number is another issuer's"
    await pki.write("revoke", certificate=certificate.public_bytes(Encoding.PEM).decode())
    answer = await asked(pki, question(certificate, load(made["certificate"])))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert (await asked(pki, question(certificate, issuer))).certificate_status is ocsp.OCSPCertStatus.REVOKED


async def test_refusals(pki: Mounted) -> None:
    certificate, issuer = await issued(pki)
    await pki.patch("issuer/root", usage="issuing-certificates,crl-signing")
    answer = await asked(pki, question(certificate, issuer))
    assert answer.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    await pki.patch("issuer/root", usage="issuing-certificates,ocsp-signing")
    await pki.write("config/crl", ocsp_disable=True)
    answer = await asked(pki, question(certificate, issuer))
    assert answer.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.one_of(st.binary(max_size=200), st.tuples(st.integers(0, 100), st.integers(1, 255))))
async def test_malformed_questions(pki: Mounted, data: Any) -> None:
    if isinstance(data, tuple):
        body = bytearray(question(*(await issued(pki))))
        body[data[0] % len(body)] ^= data[1]
        data = bytes(body)
    answer = await asked(pki, data)
    assert answer.response_status in {
        ocsp.OCSPResponseStatus.MALFORMED_REQUEST, ocsp.OCSPResponseStatus.SUCCESSFUL
    }  # fmt: skip
