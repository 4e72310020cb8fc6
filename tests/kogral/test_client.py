"""The client against a server that answers whatever a test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stratumiops.graph.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    StratumError,
    TimedOut,
    TooComplex,
    Unauthenticated,
    Unavailable,
)
from stratumiops.ui.cli.client import Client, address


class _Answers(ThreadingHTTPServer):
    status = 200
    body = b"{}"
    gate: threading.Event | None = None
    requests: list[tuple[str, dict[str, str], dict[str, Any]]]


class _Handler(BaseHTTPRequestHandler):
    server: _Answers

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, sent))
        if self.server.gate is not None:
            self.server.gate.wait(10)
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.body)))
        with suppress(BrokenPipeError):  # a client that waited long enough is gone by now
            self.end_headers()
            self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def answers() -> Iterator[_Answers]:
    server = _Answers(("127.0.0.1", 0), _Handler)
    server.requests = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def connect(answers: _Answers) -> Callable[..., Client]:
    return lambda **options: Client(f"http://127.0.0.1:{answers.server_port}/graphql", **options)


def test_data_and_what_was_sent(answers: _Answers, connect: Callable[..., Client], monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # no proxy stands between a client and its own machine
    answers.body = b'{"data": {"a": 1}}'
    with connect(token="secret") as client:
        assert client.execute("query Q { a }", {"x": 1}) == {"a": 1}
    [(path, headers, sent)] = answers.requests
    assert path == "/graphql"
    assert headers["authorization"] == "Bearer secret"
    assert sent == {"query": "query Q { a }", "variables": {"x": 1}}


@pytest.mark.parametrize(
    ("code", "kind", "status"),
    [
        ("BAD_INPUT", BadInput, 2),
        ("TOO_COMPLEX", TooComplex, 2),
        ("NOT_FOUND", NotFound, 3),
        ("CONFLICT", Conflict, 4),
        ("FORBIDDEN", Forbidden, 5),
        ("UNAUTHENTICATED", Unauthenticated, 5),
        ("UNAVAILABLE", Unavailable, 6),
        ("TIMEOUT", TimedOut, 6),
        ("SOMETHING_NEW", StratumError, 1),
    ],
)
def test_codes_become_errors_with_exit_statuses(
    answers: _Answers, connect: Callable[..., Client], code: str, kind: type[StratumError], status: int
) -> None:
    extensions = {"code": code, "hint": "do this", "field": "input.x"}
    answers.body = json.dumps({"data": None, "errors": [{"message": "so it is", "extensions": extensions}]}).encode()
    with connect() as client, pytest.raises(kind, match="so it is") as caught:
        client.execute("{ a }")
    assert (caught.value.hint, caught.value.field, caught.value.exit_code) == ("do this", "input.x", status)


def test_internal_errors_keep_their_correlation_id(answers: _Answers, connect: Callable[..., Client]) -> None:
    error = {"message": "Something went wrong", "extensions": {"code": "INTERNAL", "correlationId": "abc-1"}}
    answers.body = json.dumps({"errors": [error]}).encode()
    with connect() as client, pytest.raises(StratumError, match="abc-1"):
        client.execute("{ a }")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unauthenticated), (404, NotFound), (413, TooComplex), (502, Unavailable), (200, Unavailable)],
)
def test_what_is_no_graphql_response(
    answers: _Answers, connect: Callable[..., Client], status: int, kind: type[StratumError]
) -> None:
    answers.status, answers.body = status, b"<html>"
    with connect() as client, pytest.raises(kind, match=f"HTTP {status}"):
        client.execute("{ a }")


def test_nobody_there_says_how_to_start_a_server() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(Unavailable) as caught:
        client.execute("{ a }")
    assert "stratumiops up" in (caught.value.hint or "")


def test_a_server_that_does_not_answer_in_time(answers: _Answers, connect: Callable[..., Client]) -> None:
    answers.gate = threading.Event()
    with connect(timeout_s=0.2) as client, pytest.raises(TimedOut):
        client.execute("{ a }")
    answers.gate.set()


@pytest.mark.parametrize(
    ("written", "server"),
    [
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("https://host/", "https://host"),
        ("https://host/base/graphql", "https://host/base"),
    ],
)
def test_addresses(written: str, server: str) -> None:
    assert address(written) == server


@pytest.mark.parametrize("written", ["", "host:8001", "ftp://host", "http://", "http://host:port"])
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(BadInput, match="no server address"):
        address(written)
