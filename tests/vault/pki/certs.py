"""CSRs and certificates for tests."""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


def csr(name: str = "", dns: list[str] | None = None, key: Any = None, extensions: Any = ()) -> str:
    """A CSR in PEM, for a new P-256 key unless one is given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
    builder = x509.CertificateSigningRequestBuilder(x509.Name(subject))
    if dns:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in dns]), False)
    for one in extensions:
        builder = builder.add_extension(one, critical=False)
    digest = hashes.SHA256() if hasattr(key, "curve") or hasattr(key, "key_size") else None
    return builder.sign(key, digest).public_bytes(Encoding.PEM).decode()


def load(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def dns_names(certificate: x509.Certificate) -> list[str]:
    return [
        name
        for one in certificate.extensions
        if isinstance(one.value, x509.SubjectAlternativeName)
        for name in one.value.get_values_for_type(x509.DNSName)
    ]
