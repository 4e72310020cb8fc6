"""Where fuzzing begins: inputs that the parsers take, or nearly."""

import base64
import datetime as dt
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509 import ocsp
from joserfc import jws, jwt
from joserfc.jwk import ECKey

from .harnesses import KEY

_ANY: Final = jws.JWSRegistry(strict_check_header=False)
_EC: Final = ec.generate_private_key(ec.SECP256R1())
_NOW: Final = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
_NAME: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a.example.com")])
_SANS: Final = x509.SubjectAlternativeName(
    [x509.DNSName("a.example.com"), x509.RFC822Name("a@example.com"), x509.UniformResourceIdentifier("spiffe://a/b")]
)


def _csr() -> x509.CertificateSigningRequest:
    builder = x509.CertificateSigningRequestBuilder().subject_name(_NAME).add_extension(_SANS, critical=False)
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True).sign(
        _EC, hashes.SHA256()
    )


def _certificate() -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(_NAME).issuer_name(_NAME).public_key(_EC.public_key())
    builder = builder.serial_number(1).not_valid_before(_NOW).not_valid_after(_NOW + dt.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(_EC, hashes.SHA256())


def _ocsp_request() -> bytes:
    one = _certificate()
    return ocsp.OCSPRequestBuilder().add_certificate(one, one, hashes.SHA1()).build().public_bytes(Encoding.DER)


def _private(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def _signed(**more: Any) -> dict[str, Any]:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "jwk": key.as_dict(private=False), "nonce": "n", "url": "https://a/b", **more}
    return dict(jws.serialize_json({"protected": header}, b'{"contact":["mailto:a@b.c"]}', key, registry=_ANY))


def _of_no_known_kind(der: bytes) -> bytes:
    """A key whose algorithm is one that nobody knows: that of Ed25519 with another last number."""
    return der.replace(b"\x06\x03\x2b\x65\x70", b"\x06\x03\x2b\x45\x70")


def _of_wrong_length(der: bytes) -> bytes:
    """A key of Ed25519 that says it is one of Ed448, which are longer."""
    return der.replace(b"\x06\x03\x2b\x65\x70", b"\x06\x03\x2b\x65\x71")


def _pem(der: bytes) -> bytes:
    return b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der) + b"-----END PUBLIC KEY-----\n"


_ED: Final = ed25519.Ed25519PrivateKey.generate()
_ED_PUBLIC: Final = _ED.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
_CERTIFICATE: Final = _certificate()
_RECORD: Final = {"key": "A" * 43 + "=", "hmac_key": "A" * 43 + "=", "time": "2026-11-26T00:00:00Z", "public_key": ""}
_BACKUP: Final = {
    "policy": {
        "name": "k", "type": 0, "kdf": 0, "convergent_version": 0, "key_size": 0, "derived": False,
        "keys": {"1": _RECORD},
        "latest_version": 1, "min_decryption_version": 1, "min_encryption_version": 0, "min_available_version": 0,
        "archive_version": 1, "exportable": True, "deletion_allowed": False, "allow_plaintext_backup": True,
        "convergent_encryption": False, "soft_deleted": False, "auto_rotate_period": 0,
    },
    "archived_keys": {"keys": [{"key": None}, {"key": "AAAA"}]},
}  # fmt: skip

SEEDS: Final[dict[str, list[Any]]] = {
    "policies": [
        b'path "secret/data/*" { capabilities = ["create", "read"] allowed_parameters = { "a" = ["b", 1] } }',
        b'{"path":{"x/+/y":{"policy":"write","min_wrapping_ttl":"1h"}}}', b'# c\npath "a" { policy = <<E\nread\nE\n}',
        base64.b64encode(b'path "a" { capabilities = ["deny"] }'),
    ],
    "cedar": [
        b'permit(principal, action == Action::"read", resource) when { context.mfa && resource.path like "a/*" };',
        b'@id("x") forbid(principal, action, resource) unless { context.ip.isInRange(ip("10.0.0.0/8")) };',
    ],
    "passwords": [
        b'length = 20\nrule "charset" {\n charset = "abc"\n min-chars = 1\n}',
        b'{"length":8,"rule":[{"charset":{"charset":"ab","min-chars":2}}]}',
        b'{"length":8,"rule":{"charset":{"charset":"ab"}}}',
    ],
    "shares": [b"00" * 33, base64.b64encode(bytes(33)), b"ab" * 32, base64.b64encode(b"\xff" * 32)],
    "recipients": [
        MLKEM768PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n-----END PGP PUBLIC KEY BLOCK-----\n",
        b"\x98\x33\x04\x65\0\0\0\0\x16",
    ],
    "acme": [_signed(), _signed(kid="https://a/account/1"), {"protected": "e30", "payload": "", "signature": "AAAA"}],
    "jwt": [
        jwt.encode({"alg": "ES256", "kid": "fuzz"}, {"sub": "a", "exp": 2_000_000_000}, KEY).encode(),
        {"keys": [KEY.as_dict(private=False), {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}]},
        {"sub": ["u"], "x": {"y": "abc"}, "z": 1, "aud": "a", "iss": "issuer", "exp": 1_800_000_001, "nbf": 1.5},
        bytes(KEY.as_pem(private=False)), b"e30.e30.", _pem(_ED_PUBLIC), _pem(_of_no_known_kind(_ED_PUBLIC)),
        _pem(_of_wrong_length(_ED_PUBLIC)),
    ],
    "requests": [
        _csr().public_bytes(Encoding.DER), _csr().public_bytes(Encoding.PEM), _ocsp_request(),
    ],
    "bundles": [
        _CERTIFICATE.public_bytes(Encoding.DER), _CERTIFICATE.public_bytes(Encoding.PEM), _private(_EC),
        _private(_ED), _of_no_known_kind(_private(_ED)),
        _of_wrong_length(_private(_ED)),
        _EC.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    ],
    "transit": [
        b"\0" + _private(_EC), b"\1" + _private(_ED), b"\1" + _of_no_known_kind(_private(_ED)),
        b"\1" + _of_wrong_length(_private(_ED)), b"\2" + _private(rsa.generate_private_key(65_537, 2_048)),
        b"\3" + bytes(32), b"\4" + bytes(64), b"\5" + bytes(32), b"\6" + bytes(32),
    ],
    "backups": [_BACKUP, b"vault:v1:AAAA", b"vault:v99999999999999999999:"],
    "dns": [
        b"\x81\x80\0\1\0\1\0\0\0\0\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\4\3abc",
        b"\x81\x80\0\1\0\2\0\0\0\0\1a\2bc\0\0\x05\0\1\0\0\0\x3c\0\2\xc0\x0c\xc0\x0c\0\x10\0\1\0\0\0\0\0\1\0",
    ],
    "values": [
        b"1h30m", b"2d", b"-1", b"1.5h", b"9" * 30, b"2026-11-26T00:00:00Z", b"10.0.0.0/8", b"::1/128",
        b"a.example.com", "bücher.example".encode(), b"1.3.6.1.4.1.311.20.2.3;UTF8:a@b",
    ],
    "statements": [
        b"CREATE ROLE \"{{name}}\" PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; -- {{x}}\n/* ' */",
        b"CREATE USER `{{name}}` SET PASSWORD '{{password}}'; DROP USER a // b\n", b"DO $a$ {{name}} $a$",
        b'{{ printf "v-%s-%s" (.DisplayName | truncate 8) (random 20) | replace "-" "_" | uppercase }}', b"{{uuid}}",
    ],
    "bodies": [
        {"a": "1h", "b": ["x", 1]}, {"a": {"b": [1, 2.5, None]}, "b": "a,b , c"}, {"a": -1, "b": "true"},
        b'{"a":1e400}', b'{"a":"\\ud800"}', b'[{"a":1}]', b"",
    ],
    "http": [
        b"\xffGET /v1/sys/health?standbyok=true HTTP/1.1\r\nHost: a\r\nX-Vault-Token: t\r\n\r\n",
        b'\x20PUT /v1/kv/a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"a":"b"}',
        b"\x40LIST /v1/kv/%2e%2e/a HTTP/1.1\r\nHost: a\r\n\r\nLIST /v1/kv HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x60POST /v1/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"\x10PATCH http://a/v1/b HTTP/1.1\r\nHost: a\r\nX-Vault-Wrap-TTL: 1h\r\nExpect: 100-continue\r\n\r\n",
        b"\x08GET /v1/a HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
}  # fmt: skip
"""By the names of the harnesses; what is no bytes is JSON."""
