"""The parsers of the vault, each as a function of bytes: what is wrong is refused, all else is a find."""

import asyncio
import base64
import struct
from collections.abc import Callable
from typing import Any, Final

import orjson
from joserfc.jwk import ECKey

from stratumiops.vault import cidrs, durations
from stratumiops.vault.auth.jwt import claims
from stratumiops.vault.auth.jwt import keys as jwt_keys
from stratumiops.vault.auth.jwt.roles import Role
from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.crypto.openssl import OpenSSL
from stratumiops.vault.engines.database import statements, usernames
from stratumiops.vault.engines.pki import keys, leaf, ocsp, sans, times
from stratumiops.vault.engines.pki.acme import dns, jws
from stratumiops.vault.engines.pki.acme.problems import Problem
from stratumiops.vault.engines.pki.encoding import UNREADABLE
from stratumiops.vault.engines.pki.importing import read_bundle
from stratumiops.vault.engines.transit import backup, encoding, material
from stratumiops.vault.errors import VaultError
from stratumiops.vault.fields import Fields
from stratumiops.vault.http.app import App
from stratumiops.vault.http.incoming import object_of
from stratumiops.vault.http.listener import Limits, Listener
from stratumiops.vault.http.protocol import Connection
from stratumiops.vault.policies import acl_policy, cedar_text, password_policy
from stratumiops.vault.request import Request
from stratumiops.vault.seal import recipients, shares

KEY: Final = ECKey.generate_key("P-256", {"kid": "fuzz"}, private=True)
ROLE: Final = Role(
    user_claim="/sub/0", user_claim_json_pointer=True, bound_audiences=("a",), bound_claims={"/x/y": ["a*b*c", 1]},
    bound_claims_type="glob", claim_mappings={"/z": "z"},
)  # fmt: skip
_CRYPTO: Final = OpenSSL()
KINDS: Final = ("ecdsa-p256", "ed25519", "rsa-2048", "ml-dsa-44", "ml-kem-512", "aes256-gcm96", "hmac")
_VALUES: Final = {"name": "v-root-app-1", "password": "Ab1-'\"`\\", "expiration": "2026-11-26 00:00:00+0000"}


def text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def refusing(*parsers: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """All of them in turn; they may refuse, as clients can be told."""

    def run(data: bytes) -> None:
        for parser in parsers:
            try:
                parser(data)
            except VaultError as error:
                if error.status >= 500:
                    raise
            except Problem:
                continue

    return run


def policies(data: bytes) -> None:
    acl_policy.parse(acl_policy.decoded(text(data)))


def passwords(data: bytes) -> None:
    password_policy.parse(text(data))


def share(data: bytes) -> None:
    found = shares.parsed(text(data), 33, 32)
    assert len(found) in (32, 33)


def pgp(data: bytes) -> None:
    recipients.pgp([base64.b64encode(data).decode(), text(data)])


def kem(data: bytes) -> None:
    recipients.kem([base64.b64encode(data).decode()])


def acme(data: bytes) -> None:
    message = jws.read(object_of(data))
    _ = message.document
    given = jws.key(message.header.get("jwk"))
    jws.verify(message, given)


def acme_mac(data: bytes) -> None:
    message = jws.read(object_of(data))
    jws.verify_mac(message, b"0123456789abcdef0123456789abcdef")


def token(data: bytes) -> None:
    jwt_keys.verified(text(data), [KEY], [])


def key_set(data: bytes) -> None:
    jwt_keys.key_set(object_of(data))


def claimed(data: bytes) -> None:
    given = object_of(data)
    claims.user_of(given, ROLE)
    claims.metadata_of(given, ROLE)
    claims.check(given, ROLE, "issuer", 1_800_000_000.0)


def public_key(data: bytes) -> None:
    jwt_keys.public_key(text(data))


def csr(data: bytes) -> None:
    """A CSR in PEM or DER, and what a role makes of its names."""
    given = text(data) if data.startswith(b"-----") else armored(data, "CERTIFICATE REQUEST")
    found = leaf.read_csr(given)
    _ = found.common_name, found.is_for_ca
    sans.of_request(found.extensions)
    keys.kind_of(found.public_key)


def bundle(data: bytes) -> None:
    given = text(data) if data.startswith(b"-----") else armored(data, "CERTIFICATE")
    read_bundle(given)


def private_key(data: bytes) -> None:
    keys.load(data if data.startswith(b"-----") else armored(data, "PRIVATE KEY").encode())


def armored(data: bytes, label: str) -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(data).decode()}-----END {label}-----\n"


def imported(data: bytes) -> None:
    """A key of a type that the first byte names."""
    if data:
        material.imported(_CRYPTO, KINDS[data[0] % len(KINDS)], data[1:], 0.0)


def restored(data: bytes) -> None:
    backup.read(_CRYPTO, encoding.encoded(data), "k")


def ciphertext(data: bytes) -> None:
    encoding.parted(text(data), "ciphertext")
    encoding.decoded(text(data))


def ocsp_request(data: bytes) -> None:
    try:
        ocsp.read(data)
    except UNREADABLE:
        return


def dns_answer(data: bytes) -> None:
    question = dns.question_of("_acme-challenge.example.com", dns.TXT)
    answer = question[:2] + data[:10].ljust(10, b"\0") + question[12:] + data[10:]
    try:
        for one in dns.answers_of(question, answer, dns.TXT):
            dns.text_of(one)
    except (ValueError, IndexError, struct.error):
        return


def duration(data: bytes) -> None:
    assert 0 <= durations.parse(text(data), "ttl") < 1 << 34


def instant(data: bytes) -> None:
    times.instant(times.parse_time(text(data)))


def networks(data: bytes) -> None:
    found = cidrs.networks([text(data)])
    cidrs.allows(found, "127.0.0.1")


def names(data: bytes) -> None:
    sans.to_ascii(text(data))
    sans.parse_other(text(data))


def template(data: bytes) -> None:
    usernames.username(text(data), {"DisplayName": "root", "RoleName": "app", "unix_time": "1"})


def statement(data: bytes) -> None:
    for dialect in (statements.SQL, statements.CYPHER):
        statements.filled(text(data), _VALUES, dialect)


def fields(data: bytes) -> None:
    """A body, and every way in which a field is read."""
    given = Fields(object_of(data))
    for name in ("a", "b"):
        for read in (
            given.text, given.integer, given.boolean, given.duration, given.strings, given.mapping, given.bytes
        ):  # fmt: skip
            refusing(lambda _, read=read, name=name: read(name))(b"")  # type: ignore[misc]


class _Sink(asyncio.Transport):
    """A client that is there and takes everything."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None: ...

    def close(self) -> None: ...

    def abort(self) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


class _Nothing:
    """Answers every request that can be read."""

    async def handle(self, request: Request) -> Reply:
        assert not request.path.startswith("/")
        assert ".." not in request.path.split("/")
        return Reply(204)

    def metrics_text(self) -> bytes | None:
        return None


_LOOP: Final = asyncio.new_event_loop()


async def _served(data: bytes) -> bytes:
    """What a connection answers to bytes that come in two parts."""
    sink = _Sink()
    connection = Connection(Listener(App(_Nothing()).answer, Limits(body_bytes=65_536)))
    connection.connection_made(sink)
    cut = data[0] if data else 0
    for part in (data[1 : 1 + cut], data[1 + cut :]):
        if part:
            connection.data_received(part)
        for _ in range(4):
            await asyncio.sleep(0)
    connection.connection_lost(None)
    return sink.written


def http(data: bytes) -> None:
    answer = _LOOP.run_until_complete(_served(data))
    assert not answer or answer.startswith(b"HTTP/1.1 "), answer
    assert b"HTTP/1.1 5" not in answer, answer


HARNESSES: Final[dict[str, Callable[[bytes], None]]] = {
    "policies": refusing(policies),
    "cedar": refusing(lambda data: cedar_text.parse(text(data))),
    "passwords": refusing(passwords),
    "shares": refusing(share),
    "recipients": refusing(pgp, kem),
    "acme": refusing(acme, acme_mac),
    "jwt": refusing(token, key_set, public_key, claimed),
    "requests": refusing(csr, ocsp_request),
    "bundles": refusing(bundle, private_key),
    "transit": refusing(imported),
    "backups": refusing(restored, ciphertext),
    "dns": refusing(dns_answer),
    "values": refusing(duration, instant, networks, names),
    "statements": refusing(template, statement),
    "bodies": refusing(fields),
    "http": http,
}
"""By the names that `make fuzz PARSER=` takes."""


def seeds(name: str) -> list[bytes]:
    """What a parser takes, or nearly: where its fuzzing begins."""
    from .seeds import SEEDS

    return [one if isinstance(one, bytes) else orjson.dumps(one) for one in SEEDS[name]]
