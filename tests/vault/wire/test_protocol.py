"""HTTP/1.1 as clients send it: well, badly, slowly, and all at once."""

import asyncio
from dataclasses import replace

import pytest

from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.http.message import Message

from .wire_client import HOST, LIMITS, both_loops, connected, get, listening, post, told, wire


@both_loops
async def test_a_connection_is_kept_for_the_next_request() -> None:
    async with wire() as one:
        first = (
            await one.ask(get(b"/v1/a%20b?x=1&y=%2F", b"X-Vault-Token: first\r\nx-vault-token: second\r\n"))
        ).said()
        assert (first["path"], first["query"], first["token"]) == ("/v1/a b", "x=1&y=%2F", "first")
        second = await one.ask(post(b"/v1/c", b'{"a":1}'))
        assert (second.said()["method"], second.said()["body"]) == ("POST", '{"a":1}')
        assert second.headers["cache-control"] == "no-store"
        assert "connection" not in second.headers


@both_loops
async def test_requests_sent_at_once_are_answered_in_order() -> None:
    running, goes_on = 0, asyncio.Event()

    async def answer(message: Message) -> Reply:
        nonlocal running
        running += 1
        assert running == 1
        if message.url == b"/0":
            await goes_on.wait()
        running -= 1
        return await told(message)

    async with wire(answer) as one:
        sent = [post(b"/%d" % n, b"x" * n) if n % 2 else get(b"/%d" % n) for n in range(40)]
        sent.insert(20, b"LIST /list HTTP/1.1\r\n" + HOST + b"\r\n")
        await one.send(b"".join(sent))
        goes_on.set()
        paths = [(await one.answer()).said()["path"] for _ in sent]
    assert paths == [*(f"/{n}" for n in range(20)), "/list", *(f"/{n}" for n in range(20, 40))]


@both_loops
async def test_list_is_a_get_that_lists() -> None:
    async with wire() as one:
        plain = (await one.ask(b"LIST /v1/kv/ HTTP/1.1\r\n" + HOST + b"\r\n")).said()
        assert (plain["method"], plain["path"], plain["query"]) == ("GET", "/v1/kv/", "list=true")
        more = (await one.ask(b"LIST /v1/kv/?after=a HTTP/1.1\r\n" + HOST + b"\r\n")).said()
        assert more["query"] == "after=a&list=true"
        body = await one.ask(post(b"/v1/kv", b"LIST /x HTTP/1.1\r\n\r\n"))
        assert body.said()["body"] == "LIST /x HTTP/1.1\r\n\r\n"


@both_loops
async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    async with wire() as one:
        await one.send(b"POST /a HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert (await one.answer()).status == 100
        assert (await one.ask(b"abc")).said()["body"] == "abc"
    async with wire() as one:
        refused = await one.ask(
            b"POST /a HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 100001\r\n\r\n"
        )
        assert refused.status == 413
    async with wire() as one:
        assert (await one.ask(post(b"/a", b"abc", b"Expect: cake\r\n"))).status == 417


@both_loops
async def test_a_chunked_body_is_put_together() -> None:
    async with wire() as one:
        await one.send(b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        await one.send(b"2;ext=1\r\nde\r\n0\r\nX-Vault-Token: from a trailer\r\n\r\n")
        found = (await one.answer()).said()
        assert (found["body"], found["token"]) == ("abcde", "")
        assert (await one.ask(get(b"/next"))).said()["path"] == "/next"


@both_loops
async def test_what_comes_at_once_behind_a_chunked_body_is_not_answered() -> None:
    async with wire() as one:
        chunked = b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
        await one.send(chunked)
        found = await one.ask(b"1\r\na\r\n0\r\n\r\n" + get(b"/b"))
        assert found.said()["path"] == "/a"
        assert found.headers["connection"] == "close"
        assert await one.rest() == b""


@pytest.mark.parametrize(
    "data",
    [
        b"nothing of HTTP\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
        b"GET /a HTTP/1.1\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /a\xff HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /a HTTP/1.1\r\n" + HOST + b"A: b\nContent-Length: 5\r\n\r\n",
        b"GET /a HTTP/1.1\r\n" + HOST + b"A: b\r\n folded\r\n\r\n",
        b"GET /a HTTP/1.1\r\n" + HOST + b"A: b\x00c\r\n\r\n",
        b"GET /a HTTP/1.1\r\n" + HOST + b"A : b\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n1;x\na\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n1;x\ry\r\na\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length:\r\n 3\r\n\r\nabc",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 3, 3\r\n\r\nabc",
        b"GET /a HTTP/1.1\r\nHost: v\n\nGET /b HTTP/1.1\r\nHost: v\r\n\r\n",
        b"GET /a HTTP/1.1\r\n" + HOST + b"A: b\rC: d\r\n\r\n",
        b"GET /a HTTP/2.0\r\n" + HOST + b"\r\n",
        b"GET /a HTTP/0.9\r\n" + HOST + b"\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: +3\r\n\r\nabc",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999999\r\n\r\nabc",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"POST /a HTTP/1.1\r\n" + HOST + b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
@both_loops
async def test_what_is_no_http_ends_the_connection(data: bytes) -> None:
    async with wire() as one:
        refused = await one.ask(data + get(b"/smuggled"))
        assert refused.status == 400
        assert refused.headers["connection"] == "close"
        assert await one.rest() == b""


@both_loops
async def test_heads_and_bodies_have_bounds() -> None:
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    for data, status in (
        (get(b"/" + b"a" * 9_000), 431),
        (b"GET /" + b"a" * 9_000, 431),
        (get(b"/", b"A: b\r\n" * 2_000), 431),
        (post(b"/", b"x" * 100_001), 413),
        (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 4, 413),
    ):
        async with wire() as one:
            refused = await one.ask(data)
            assert (refused.status, refused.headers["connection"]) == (status, "close")
            assert await one.rest() == b""
    async with wire() as one:
        assert len((await one.ask(post(b"/", b"x" * 100_000))).said()["body"]) == 100_000


@pytest.mark.parametrize(
    ("limits", "data"),
    [
        (replace(LIMITS, idle_s=0.1), b""),
        (replace(LIMITS, head_s=0.1), b"GET /a HTTP/1.1\r\n" + HOST),
        (replace(LIMITS, head_s=0.1), b"LI"),
        (replace(LIMITS, body_s=0.1), post(b"/a", b"abc")[:-1]),
    ],
)
@both_loops
async def test_a_client_that_is_too_slow_is_let_go(limits: object, data: bytes) -> None:
    assert isinstance(limits, type(LIMITS))
    async with wire(limits=limits) as one:
        await one.send(data)
        assert await one.rest() == b""


@both_loops
async def test_a_client_that_does_not_read_is_let_go() -> None:
    async def answer(_: Message) -> Reply:
        return Reply(200, b"x" * (64 << 20))

    async with listening(answer, replace(LIMITS, write_s=0.1)) as listener, connected(listener) as one:
        one.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await one.send(get(b"/a"))
        async with asyncio.timeout(10):
            while not listener.connections:
                await asyncio.sleep(0)
            while listener.connections:
                await asyncio.sleep(0)


@both_loops
async def test_a_request_takes_as_long_as_it_takes() -> None:
    async def answer(message: Message) -> Reply:
        await asyncio.sleep(0.3)
        return await told(message)

    async with wire(answer, replace(LIMITS, idle_s=0.1, head_s=0.1, body_s=0.1, write_s=0.1)) as one:
        assert (await one.ask(get(b"/a"))).said()["path"] == "/a"


@both_loops
async def test_stopping_lets_requests_end() -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(message: Message) -> Reply:
        begun.set()
        await goes_on.wait()
        return await told(message)

    async with listening(answer) as listener, connected(listener) as busy, connected(listener) as idle:
        await busy.send(get(b"/a") + get(b"/b"))
        await begun.wait()
        port = listener.port
        stopping = asyncio.create_task(listener.stop(10))
        assert await idle.rest() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        goes_on.set()
        found = await busy.answer()
        assert (found.said()["path"], found.headers["connection"]) == ("/a", "close")
        assert await busy.rest() == b""
        await stopping


@both_loops
async def test_stopping_ends_what_does_not_end() -> None:
    begun = asyncio.Event()
    ended = asyncio.Event()

    async def answer(_: Message) -> Reply:
        begun.set()
        await ended.wait()
        return Reply(204)

    async with listening(answer) as listener, connected(listener) as one:
        await one.send(get(b"/a"))
        await begun.wait()
        await listener.stop(0.05)
        assert await one.rest() == b""
        ended.set()  # what was asked for is done, though nobody is there for the answer


@both_loops
async def test_a_client_may_close_its_side_and_wait() -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def answer(message: Message) -> Reply:
        begun.set()
        await goes_on.wait()
        return await told(message)

    async with wire(answer) as one:
        await one.send(get(b"/a"))
        one.writer.write_eof()
        await begun.wait()
        goes_on.set()
        assert (await one.answer()).said()["path"] == "/a"
        assert await one.rest() == b""


@both_loops
async def test_old_clients_and_those_that_want_it_are_let_go() -> None:
    async with wire() as one:
        found = await one.ask(b"GET /a HTTP/1.0\r\n\r\n")
        assert (found.said()["path"], found.headers["connection"]) == ("/a", "close")
        assert await one.rest() == b""
    async with wire() as one:
        found = await one.ask(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert (found.status, found.headers["connection"]) == (200, "close")
        assert await one.rest() == b""
    async with wire() as one:
        assert (await one.ask(get(b"/a", b"Connection: close\r\n"))).said()["path"] == "/a"
        assert await one.rest() == b""


@both_loops
async def test_an_upgrade_without_a_body_is_declined_by_an_answer() -> None:
    async with wire() as one:
        found = await one.ask(get(b"/a", b"Upgrade: h2c\r\nConnection: Upgrade\r\n"))
        assert (found.said()["path"], found.headers["connection"]) == ("/a", "close")


@both_loops
async def test_answers_have_the_form_of_http() -> None:
    async def answer(message: Message) -> Reply:
        if message.url == b"/none":
            return Reply(204)
        return Reply(472 if message.url == b"/472" else 429, b"body", "text/plain", {"Retry-After": "1\r\nEvil: 1"})

    async with wire(answer) as one:
        none = await one.ask(get(b"/none"))
        assert (none.status, none.headers) == (204, {"cache-control": "no-store"})
        own = await one.ask(get(b"/472"))
        assert (own.status, own.body, own.headers["content-type"]) == (472, b"body", "text/plain")
        assert own.headers["retry-after"] == "1  Evil: 1"
        assert "evil" not in own.headers
        await one.send(b"HEAD /a HTTP/1.1\r\n" + HOST + b"\r\n")
        head = await one.answer(head=True)
        assert (head.status, head.headers["content-length"]) == (429, "4")
        assert (await one.ask(get(b"/none"))).status == 204


@both_loops
async def test_a_fault_of_the_program_is_500_and_the_end() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context.get("exception")))

    async def answer(_: Message) -> Reply:
        raise KeyError("a secret")

    async with wire(answer) as one:
        found = await one.ask(get(b"/a"))
        assert (found.status, found.headers["connection"]) == (500, "close")
        assert b"secret" not in found.body
        assert await one.rest() == b""
