"""HTTP itself: smuggling, unknown methods, LIST, slow and greedy clients."""

import contextlib
import time

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .wire import answer_of, connect, everything, head, sent

SECOND = b"GET /v1/kv1/a/b HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (["Content-Length: 6", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
        (["Transfer-Encoding: chunked", "Content-Length: 6"], b"0\r\n\r\n"),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], b"0\r\n\r\n"),
        (["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
        (["Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n"),
        (["Content-Length: 2", "Content-Length: 3"], b"{} "),
        (["Content-Length: -2"], b"{}"),
        (["Content-Length: +2"], b"{}"),
        (["Content-Length: 0x2"], b"{}"),
        (["Content-Length: 99999999999999999999999"], b"{}"),
        (["Content-Length : 2"], b"{}"),
        (["Transfer-Encoding: chunked"], b"zz\r\n{}\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        (["X-Vault-Token:", " folded"], b""),
        (["no colon"], b""),
        (["A B: c"], b""),
    ],
)
def test_framing_that_can_be_read_in_two_ways(server: Server, framing: list[str], body: bytes) -> None:
    found = everything(server, head("POST", "kv1/smuggled", server.root, *framing) + body + SECOND)
    assert found.count(b"HTTP/1.1 ") == 1
    assert found.startswith(b"HTTP/1.1 400 ")
    assert b'{"errors":["the request is no HTTP/1.1"]}' in found
    assert b"no-store" in found
    assert server.ask("GET", "kv1/smuggled").status_code == 404


def test_what_follows_a_chunked_body_is_no_header(server: Server) -> None:
    begin = head("GET", "kv1/a/b", "", "Transfer-Encoding: chunked", "Trailer: X-Vault-Token")
    assert sent(server, begin + b"0\r\nX-Vault-Token: " + server.root.encode() + b"\r\n\r\n").status == 403


def test_bodies_that_look_like_requests_are_none(server: Server) -> None:
    inner = head("LIST", "kv1/a", server.root)
    for method in ("GET", "LIST", "POST", "DELETE"):
        outer = head(method, "kv1/none", "bad", f"Content-Length: {len(inner)}", "Connection: close")
        found = everything(server, outer + inner)
        assert found.count(b"HTTP/1.1 ") == 1
        assert found.startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 400 "))  # 400: it is no JSON
        with connect(server) as connection:  # the same, with the body by itself
            connection.sendall(outer)
            connection.sendall(inner)
            assert answer_of(connection).status in (400, 403)
            assert connection.recv(1) == b""


def test_requests_one_behind_the_other(server: Server) -> None:
    one = head("GET", "kv1/a/b", server.root)
    found = everything(server, one * 3 + head("GET", "kv1/a/b", server.root, "Connection: close"))
    assert found.count(b"of kv1") == 4


@pytest.mark.parametrize(
    "method", ["FOO", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "LISTX", "LISTEN", "QUERY", "HEAD", "PURGE"]
)
def test_unknown_methods(server: Server, method: str) -> None:
    found = everything(server, head(method, "kv1/a/b", server.root, "Connection: close"))
    assert found.startswith(b"HTTP/1.1 405 "), found
    assert b"of kv1" not in found


@pytest.mark.parametrize(
    "data", [b"get /v1/kv1/a/b HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n",
             b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /v1/\xff HTTP/1.1\r\n\r\n",
             b"GET /v1/kv1 HTTP/9.9\r\n\r\n", b"LIST\r\n\r\n", b"LIST  HTTP/1.1\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_http(server: Server, data: bytes) -> None:
    assert sent(server, data).status in (400, 405)


def test_a_target_has_no_fragment(server: Server) -> None:
    for method in ("GET", "LIST"):
        found = sent(server, head(method, "kv1/a/b#c", server.root))
        assert (found.status, found.json) == (400, {"errors": ["the target of a request has no fragment"]}), method


def test_a_target_may_name_the_server(server: Server) -> None:
    whole = head("LIST", "kv1/a", server.root).replace(b" /v1/", b" http://elsewhere:1/v1/")
    assert sent(server, whole).json["data"] == {"keys": ["b"]}
    assert sent(server, head("GET", "kv1/a/b", server.root).replace(b" /v1/", b" //v1/")).status == 404


def test_list_in_all_its_forms(server: Server) -> None:
    for method, path in [
        ("LIST", "kv1/a"), ("LIST", "kv1/a/"), ("LIST", "kv1/a?x=1"), ("GET", "kv1/a?list=true"),
        ("GET", "kv1/a?list=True"), ("GET", "kv1/a/?list=1"), ("LIST", "kv1/a?list=false"),
    ]:  # fmt: skip
        assert sent(server, head(method, path, server.root)).json["data"] == {"keys": ["b"]}, (method, path)
    assert sent(server, head("GET", "kv1/a?list=false", server.root)).status == 404
    with connect(server) as connection:  # byte by byte
        for byte in head("LIST", "kv1/a", server.root):
            connection.send(bytes([byte]))
        assert answer_of(connection).json["data"] == {"keys": ["b"]}
        connection.sendall(head("LIST", "kv1/a", server.root))
        assert answer_of(connection).json["data"] == {"keys": ["b"]}


def test_heads_have_a_bound(server: Server) -> None:
    many = [f"X-A{number}: {'a' * 1000}" for number in range(3_000)]
    with connect(server) as connection, contextlib.suppress(ConnectionError):
        connection.sendall(head("GET", "kv1/a/b", server.root, *many))
        assert answer_of(connection).status in (0, 431)
    assert sent(server, head("GET", "kv1/" + "a" * 100_000, server.root)).status in (400, 404, 431)
    assert server.ask("GET", "kv1/a/b").status_code == 200


def test_slow_clients_do_not_hold_up_others(server: Server) -> None:
    begun = [
        b"",
        b"GE",
        b"LIST /v1/k",
        b"GET /v1/kv1/a/b HTTP/1.1\r\nHost",
        head("POST", "kv1/slow", server.root, "Content-Length: 9"),
    ]
    with contextlib.ExitStack() as stack:
        open_ones = [stack.enter_context(connect(server)) for _ in range(100)]
        for number, connection in enumerate(open_ones):
            connection.sendall(begun[number % len(begun)])
        start = time.monotonic()
        for _ in range(20):
            assert server.ask("GET", "kv1/a/b").status_code == 200
        assert time.monotonic() - start < 10
        slow = open_ones[4]
        slow.sendall(b'{"a":')
        assert server.ask("GET", "kv1/slow").status_code == 404
        slow.sendall(b'"b"}')
        assert answer_of(slow).status == 204


def test_a_client_that_goes_away_in_the_middle(server: Server) -> None:
    for _ in range(20):
        with connect(server) as connection:
            connection.sendall(head("POST", "kv1/gone", server.root, "Content-Length: 100") + b'{"a":"b"}')
    assert server.ask("GET", "kv1/gone").status_code == 404
