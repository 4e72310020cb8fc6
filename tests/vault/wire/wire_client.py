"""Bytes to a listener and back, without an HTTP client between that would mend them."""

import asyncio
import functools
import inspect
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
import uvloop

from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.http.listener import Limits, Listener
from stratumiops.vault.http.message import Message

DEADLINE_S = 20.0
LIMITS = Limits(body_bytes=100_000, head_bytes=8_192, sweep_s=0.02)
HOST = b"Host: vault\r\n"
CHUNKED = b"POST /a HTTP/1.1\r\nHost: vault\r\nTransfer-Encoding: chunked\r\n\r\n"


def both_loops(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs a test on new loops: one as the server has, and one as embedders may have. Other tests keep theirs."""

    @pytest.mark.parametrize("loop", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])
    @functools.wraps(test)
    def run(*, loop: Callable[[], asyncio.AbstractEventLoop], **given: object) -> None:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(test(**given))

    wanted = inspect.signature(test)
    added = inspect.Parameter("loop", inspect.Parameter.KEYWORD_ONLY)
    run.__signature__ = wanted.replace(parameters=[*wanted.parameters.values(), added])  # type: ignore[attr-defined]
    return run


def get(path: bytes, more: bytes = b"") -> bytes:
    return b"GET %b HTTP/1.1\r\n%b%b\r\n" % (path, HOST, more)


def post(path: bytes, body: bytes, more: bytes = b"") -> bytes:
    return b"POST %b HTTP/1.1\r\n%b%bContent-Length: %d\r\n\r\n%b" % (path, HOST, more, len(body), body)


async def told(message: Message) -> Reply:
    """What the listener made of the bytes."""
    path, query = message.target()
    said = {
        "method": message.method, "path": path, "query": query, "token": message.headers.get("x-vault-token"),
        "body": message.body.decode("latin-1"), "has_certificate": message.certificate is not None,
    }  # fmt: skip
    return Reply(200, orjson.dumps(said))


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def said(self) -> dict[str, str]:
        assert self.status == 200, self
        return dict(orjson.loads(self.body))


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, *, head: bool = False) -> Answer:
        async with asyncio.timeout(DEADLINE_S):
            begun = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            line, *rest = begun.split("\r\n")[:-2]
            headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
            length = 0 if head else int(headers.get("content-length", 0))
            return Answer(int(line.split(" ")[1]), headers, await self.reader.readexactly(length))

    async def rest(self) -> bytes:
        """All that comes until the server ends the connection."""
        async with asyncio.timeout(DEADLINE_S):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def ask(self, data: bytes) -> Answer:
        await self.send(data)
        return await self.answer()


@asynccontextmanager
async def listening(
    answer: Callable[[Message], Awaitable[Reply]] = told, limits: Limits = LIMITS, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Listener]:
    listener = Listener(answer, limits, tls)
    await listener.start("127.0.0.1", 0)
    try:
        yield listener
    finally:
        await listener.stop(0.1)


@asynccontextmanager
async def connected(listener: Listener, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    host = "localhost" if tls is not None else None
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port, ssl=tls, server_hostname=host)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


@asynccontextmanager
async def wire(answer: Callable[[Message], Awaitable[Reply]] = told, limits: Limits = LIMITS) -> AsyncIterator[Wire]:
    """A connection to a listener of its own."""
    async with listening(answer, limits) as listener, connected(listener) as one:
        yield one
