"""What one client, or many, may take of the server's memory and connections."""

import asyncio
from dataclasses import replace

from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.http.message import Message

from .wire_client import CHUNKED, LIMITS, both_loops, connected, listening, told, wire

GET = b"GET /a HTTP/1.1\r\nHost: vault\r\n\r\n"


@both_loops
async def test_a_client_is_told_so() -> None:
    async with wire() as one:
        await one.send(CHUNKED + b"1\r\na\r\n0\r\n")
        for _ in range(1_000):
            await one.send(b"X: " + b"y" * 1_000 + b"\r\n")
        assert (await one.answer()).status == 431
        assert await one.rest() == b""


@both_loops
async def test_headers_are_counted() -> None:
    async with wire(limits=replace(LIMITS, head_lines=20)) as one:
        assert (await one.ask(GET[:-2] + b"A: b\r\n" * 17 + b"\r\n")).status == 200
        assert (await one.ask(GET[:-2] + b"A: b\r\n" * 19 + b"\r\n")).status == 431
        assert await one.rest() == b""


@both_loops
async def test_one_connection_too_many_ends_an_idle_one() -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(message: Message) -> Reply:
        begun.set()
        await goes_on.wait()
        return await told(message)

    async with (
        listening(answer, replace(LIMITS, connections=2)) as listener,
        connected(listener) as busy,
        connected(listener) as idle,
    ):
        await busy.send(GET)
        await begun.wait()
        async with connected(listener) as third:
            assert await idle.rest() == b""
            await third.send(GET)
            async with asyncio.timeout(20):
                while any(connection.is_idle for connection in listener.connections):
                    await asyncio.sleep(0)
            async with connected(listener) as refused:
                assert await refused.rest() == b""
            goes_on.set()
            assert (await third.answer()).status == 200
        assert (await busy.answer()).status == 200


@both_loops
async def test_bodies_of_all_clients_have_a_bound() -> None:
    limits = replace(LIMITS, held_bytes=150_000)
    head = b"POST /a HTTP/1.1\r\nHost: vault\r\nContent-Length: 90000\r\n\r\n"
    async with listening(told, limits) as listener, connected(listener) as one, connected(listener) as other:
        await one.send(head + b"x" * 80_000)
        async with asyncio.timeout(20):
            while listener.held < 80_000:
                await asyncio.sleep(0)
        refused = await other.ask(head + b"x" * 80_000)
        assert (refused.status, refused.headers["connection"]) == (503, "close")
        assert (await one.ask(b"x" * 10_000)).status == 200
        async with connected(listener) as third:
            assert (await third.ask(head + b"x" * 90_000)).status == 200
        assert listener.held == 0
