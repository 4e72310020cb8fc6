"""Bytes to a server, and what comes back, without a client that mends them."""

import socket
from dataclasses import dataclass
from typing import Any

import orjson

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault

END_S = 20.0


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def connect(server: Server) -> socket.socket:
    host, _, port = server.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=END_S)


def answer_of(connection: socket.socket) -> Answer:
    """The next whole answer; status 0: the server hung up."""
    with connection.makefile("rb") as stream:
        lines = []
        while (line := stream.readline()) not in (b"\r\n", b""):
            lines.append(line)
        if not lines:
            return Answer(0, b"", b"")
        head = b"".join(lines).lower()
        size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        return Answer(int(lines[0].split()[1]), head, stream.read(size))


def sent(server: Server, data: bytes) -> Answer:
    """The first answer to these bytes."""
    with connect(server) as connection:
        connection.sendall(data)
        return answer_of(connection)


def everything(server: Server, data: bytes) -> bytes:
    """All that comes back until the server hangs up; the bytes have to say `Connection: close`."""
    with connect(server) as connection:
        connection.sendall(data)
        found = b""
        while part := connection.recv(65_536):
            found += part
        return found


def head(method: str, path: str, token: str = "", *more: str) -> bytes:
    """The head of a request below `/v1/`."""
    lines = [f"{method} /v1/{path} HTTP/1.1", "Host: x", *([f"X-Vault-Token: {token}"] if token else []), *more]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
