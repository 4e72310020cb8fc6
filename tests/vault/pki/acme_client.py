"""An ACME client (RFC 8555) that asks a mount without a server, and the world around it: a web server, and DNS."""

import asyncio
import base64
import hashlib
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from tests.vault.mounted import Mounted
from tests.vault.pki.certs import csr

from stratumiops.vault.request import Operation

BASE = "https://vault.test/v1/pki"
_ALGORITHMS = {"EC": "ES256", "RSA": "RS256", "OKP": "EdDSA"}
Key = ECKey | RSAKey | OKPKey


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]
    content_type: str

    @property
    def problem(self) -> str:
        assert self.content_type == "application/problem+json", self
        return str(self.body["type"]).removeprefix("urn:ietf:params:acme:error:")


@dataclass
class Client:
    """A client with a key, in a directory."""

    pki: Mounted
    path: str = "acme/"
    key: Key = field(default_factory=lambda: ECKey.generate_key("P-256"))
    kid: str = ""

    def url(self, rest: str) -> str:
        return f"{BASE}/{self.path}{rest}"

    async def nonce(self) -> str:
        found = await self.pki.ask(Operation.READ, f"{self.path}new-nonce", {}, head=True)
        assert found is not None
        assert found.raw is not None
        assert found.raw.status == 200
        return found.headers["Replay-Nonce"]

    def signed(self, payload: Any, header: dict[str, Any], key: Any = None) -> dict[str, Any]:
        key = key or self.key
        algorithm = "HS256" if isinstance(key, OctKey) else _ALGORITHMS[key.key_type]
        body = b"" if payload is None else payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        registry = jws.JWSRegistry(strict_check_header=False, algorithms=[algorithm])
        member: Any = {"protected": {"alg": algorithm, **header}}
        return dict(jws.serialize_json(member, body, key, registry=registry))  # type: ignore[call-overload]

    async def post(self, rest: str, payload: Any = None, *, jwk: bool = False, **header: Any) -> Answer:
        """Ask with a signature: by the account, or by the key itself."""
        url = rest if rest.startswith("https:") else self.url(rest)
        own: dict[str, Any] = {"jwk": self.key.as_dict(private=False)} if jwk else {"kid": self.kid}
        whole = {"nonce": await self.nonce(), "url": url, **own, **header}
        return await self.send(url, self.signed(payload, whole))

    async def send(self, url: str, body: Any) -> Answer:
        found = await self.pki.ask(Operation.UPDATE, url.removeprefix(f"{BASE}/"), body)
        assert found is not None
        assert found.raw is not None
        data = found.raw.body
        body = orjson.loads(data) if data[:1] == b"{" else data
        return Answer(found.raw.status, body, dict(found.headers), found.raw.content_type)

    async def register(self, **payload: Any) -> Answer:
        answer = await self.post("new-account", {"termsOfServiceAgreed": True, **payload}, jwk=True)
        self.kid = answer.headers.get("Location", "")
        return answer

    def binding(self, name: str, secret: str) -> dict[str, Any]:
        key = OctKey.import_key(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)))
        return self.signed(self.key.as_dict(private=False), {"kid": name, "url": self.url("new-account")}, key)

    async def order(self, *names: str, **more: Any) -> Answer:
        return await self.post("new-order", {"identifiers": [{"type": "dns", "value": one} for one in names], **more})

    async def authorize(self, order: Answer, kind: str, world: "World", *, wrong: bool = False) -> list[Any]:
        """Show control over every name of an order, and wait for the outcome."""
        outcomes = []
        for url in order.body["authorizations"]:
            authorization = (await self.post(url)).body
            challenge = next(one for one in authorization["challenges"] if one["type"] == kind)
            shown = f"{challenge['token']}.{'wrong' if wrong else self.key.thumbprint()}"
            world.show(authorization["identifier"]["value"], challenge["token"], shown)
            began = await self.post(challenge["url"], {})
            assert began.body["status"] in {"processing", "valid"}, began
            assert f'<{url}>;rel="up"' in began.headers["Link"]
            async with asyncio.timeout(30):
                while (found := (await self.post(url)).body)["status"] == "pending":
                    await asyncio.sleep(0.01)
            outcomes.append(found)
        return outcomes

    async def finalize(self, order: Answer, request: str) -> Answer:
        der = x509.load_pem_x509_csr(request.encode()).public_bytes(Encoding.DER)
        text = base64.urlsafe_b64encode(der).rstrip(b"=").decode()
        return await self.post(order.body["finalize"], {"csr": text})

    async def certificate(self, *names: str, kind: str = "http-01", world: "World") -> list[x509.Certificate]:
        """The whole flow: a certificate and its chain."""
        order = await self.order(*names)
        await self.authorize(order, kind, world)
        done = await self.finalize(order, csr("", list(names)))
        assert done.body["status"] == "valid", done
        found = await self.post(done.body["certificate"])
        assert found.content_type == "application/pem-certificate-chain"
        return x509.load_pem_x509_certificates(found.body)


@dataclass
class World:
    """What the names that a client controls answer: over HTTP, and in DNS, where each name is at 127.0.0.1."""

    http_port: int = 0
    dns_port: int = 0
    pages: dict[str, bytes] = field(default_factory=dict)
    records: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def show(self, name: str, token: str, text: str) -> None:
        self.pages[f"/.well-known/acme-challenge/{token}"] = _page(text.encode())
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        self.records.setdefault(f"_acme-challenge.{name}", []).append(digest)

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split()[1].decode()
        self.seen.append(next(line[6:] for line in request.decode().split("\r\n") if line.lower().startswith("host:")))
        writer.write(self.pages.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        await writer.drain()
        writer.close()

    def answer(self, question: bytes, *, short: bool) -> bytes:
        at, labels = 12, []
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        (kind,) = struct.unpack("!H", question[at + 1 : at + 3])
        found = self.records.get(".".join(labels), []) if kind == 16 else []
        data = [bytes((len(one),)) + one.encode() for one in found]
        if kind == 1:
            data = [bytes((127, 0, 0, 1))]
        records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(one)) + one for one in data)
        cut = short and len(records) > 200
        flags, count = (0x8380, 0) if cut else (0x8180, len(data))
        header = question[:2] + struct.pack("!HHHHH", flags, 1, count, 0, 0)
        return header + question[12 : at + 5] + (b"" if cut else records)

    async def dns_over_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        answer = self.answer(await reader.readexactly(length), short=False)
        writer.write(struct.pack("!H", len(answer)) + answer)
        await writer.drain()
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, world: World) -> None:
        self.world = world

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.transport.sendto(b"\0\0junk", addr)
        self.transport.sendto(self.world.answer(data, short=True), addr)


def _page(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    world = World()
    web = await asyncio.start_server(world.http, "127.0.0.1", 0)
    names = await asyncio.start_server(world.dns_over_tcp, "127.0.0.1", 0)
    world.http_port = web.sockets[0].getsockname()[1]
    world.dns_port = names.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(world), local_addr=("127.0.0.1", world.dns_port)
    )
    try:
        yield world
    finally:
        transport.close()
        for server in (web, names):
            server.close()
            await server.wait_closed()
