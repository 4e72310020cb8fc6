"""An issuer of tokens on this machine: its keys over HTTP, and tokens signed with them."""

import asyncio
import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

EC, RSA, ED = ECKey.generate_key("P-256"), RSAKey.generate_key(2048), OKPKey.generate_key("Ed25519")
_USUAL: dict[str, tuple[str, Key]] = {"ec": ("ES256", EC), "rsa": ("RS256", RSA), "ed": ("EdDSA", ED)}


def pem(key: Key) -> str:
    return key.as_pem(private=False).decode()  # type: ignore[union-attr]


def token(claims: Any, kind: str = "ec", **header: Any) -> str:
    algorithm, key = _USUAL[kind]
    return signed(claims, algorithm, key, **header)


def signed(claims: Any, algorithm: str, key: Key, **header: Any) -> str:
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jws.serialize_compact({"alg": algorithm, **header}, orjson.dumps(claims), key, registry=registry)


def mac_with_public_key(claims: Any) -> str:
    """What is good where the public key is taken for the secret of a MAC."""
    parts = ({"alg": "HS256"}, claims)
    signed_part = b".".join(urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=") for part in parts)
    mac = hmac.digest(pem(EC).encode(), signed_part, "sha256")
    return (signed_part + b"." + urlsafe_b64encode(mac).rstrip(b"=")).decode()


class Issuer:
    """Answers GET with what `documents` has for the path, and counts the requests."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.asked: list[str] = []
        self.url = ""

    def keys(self, **keys: Key) -> None:
        listed = [{**key.as_dict(private=False), "kid": name} for name, key in keys.items()]
        self.documents["/keys"] = {"keys": [*listed, {"kty": "odd"}, "no key"]}

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Issuer"]:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        async with server:
            yield self

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        self.asked.append(path)
        found = self.documents.get(path)
        body = found if isinstance(found, bytes) else orjson.dumps(found)
        status = b"404 Not Found" if found is None else b"200 OK"
        writer.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (status, len(body), body))
        await writer.drain()
        writer.close()
