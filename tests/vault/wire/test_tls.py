"""The same over TLS, with and without a client's certificate."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stratumiops.vault.config import Config
from stratumiops.vault.server import key_exchange, tls_context

from .wire_client import both_loops, connected, listening

GET = b"GET /a HTTP/1.1\r\nHost: vault\r\n\r\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert, secret


def _server(files: tuple[Path, Path], *, wants_certificate: bool) -> ssl.SSLContext:
    server: dict[str, object] = {"tls_cert": files[0], "tls_key": files[1]}
    if wants_certificate:
        server["tls_client_ca"] = files[0]
    context = tls_context(Config.model_validate({"server": server}))
    assert context is not None
    return context


@both_loops
async def test_requests_come_over_tls(files: tuple[Path, Path]) -> None:
    client = ssl.create_default_context(cafile=str(files[0]))
    async with listening(tls=_server(files, wants_certificate=False)) as listener, connected(listener, client) as one:
        assert one.writer.get_extra_info("ssl_object").version() == "TLSv1.3"
        for _ in range(2):
            assert (await one.ask(GET)).said()["has_certificate"] is False
        refused = await one.ask(b"no HTTP\r\n\r\n")
        assert refused.status == 400
        assert await one.rest() == b""


@pytest.mark.parametrize("only", [None, "X25519", "prime256v1"])
@both_loops
async def test_the_key_exchange_is_hybrid_where_both_sides_can(files: tuple[Path, Path], only: str | None) -> None:
    """A client that knows no ML-KEM gets what it knows; otherwise the best that OpenSSL has."""
    client = ssl.create_default_context(cafile=str(files[0]))
    if only is not None:
        client.set_ecdh_curve(only)
    async with listening(tls=_server(files, wants_certificate=False)) as listener:
        agreed = await _agreed(listener.port, client)
    assert agreed == (key_exchange() if only is None else only)


async def _agreed(port: int, context: ssl.SSLContext) -> str:
    """The group in the key share of the server's hello (RFC 8446, 4.2.8), which is sent in the clear."""
    received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(received, to_send, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(to_send.read())
    head = await reader.readexactly(5)
    hello = await reader.readexactly(int.from_bytes(head[3:5], "big"))
    writer.close()
    at = 4 + 2 + 32  # the handshake's head, version, random
    at += 1 + hello[at] + 2 + 1 + 2  # session id, cipher, compression, length of the extensions
    while at < len(hello):
        kind, size = (int.from_bytes(hello[at + n : at + n + 2], "big") for n in (0, 2))
        if kind == 51:
            return {0x11EC: "X25519MLKEM768", 0x1D: "X25519", 0x17: "prime256v1"}[
                int.from_bytes(hello[at + 4 : at + 6], "big")
            ]
        at += 4 + size
    raise AssertionError("the hello has no key share")


@both_loops
async def test_the_certificate_of_a_client_is_known(files: tuple[Path, Path]) -> None:
    client = ssl.create_default_context(cafile=str(files[0]))
    client.load_cert_chain(*files)
    async with listening(tls=_server(files, wants_certificate=True)) as listener, connected(listener, client) as one:
        assert (await one.ask(GET)).said()["has_certificate"] is True


@both_loops
async def test_a_client_without_the_certificate_that_is_wanted_gets_nothing(files: tuple[Path, Path]) -> None:
    client = ssl.create_default_context(cafile=str(files[0]))
    async with listening(tls=_server(files, wants_certificate=True)) as listener:
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            async with connected(listener, client) as one:
                await one.ask(GET)


@both_loops
async def test_plain_http_to_a_tls_port_is_no_request(files: tuple[Path, Path]) -> None:
    async with listening(tls=_server(files, wants_certificate=False)) as listener, connected(listener) as one:
        await one.send(GET)
        assert b"HTTP" not in await one.rest()
