"""How the server is can be asked whatever others do at the same time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .wire import connect, head

MIB = 1 << 20
LARGE = b'{"input":"' + b"A" * (16 * MIB) + b'"}'
DENSE = b'{"data":{"a":[' + b"0," * (10 * MIB) + b"0]}}"
NESTED = b'{"a":' * 900 + b"1" + b"}" * 900


def _large(server: Server) -> None:
    assert server.ask("POST", "transit/hash", content=LARGE).status_code == 200


def _dense(server: Server) -> None:
    assert server.ask("POST", "kv2/data/dense", token="nobody's", content=DENSE).status_code == 400


def _nested(server: Server) -> None:
    assert server.ask("POST", "kv1/nested", token="nobody's", content=NESTED).status_code in (400, 403)


def _guesses(server: Server) -> None:
    found = server.ask("POST", "auth/userpass/login/nobody", token="", json={"password": "guess"})
    assert found.status_code in (400, 403)


@pytest.mark.parametrize("work", [_large, _dense, _nested, _guesses])
def test_health_answers_in_time(server: Server, work: Callable[[Server], None]) -> None:
    over = threading.Event()

    def busy() -> int:
        done = 0
        while not over.is_set():
            work(server)
            done += 1
        return done

    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        for _ in range(50):  # and some that are slow
            slow = stack.enter_context(connect(server))
            slow.sendall(head("POST", "kv1/slow", "", "Content-Length: 1000000") + b"x" * 1000)
        working = [threads.submit(busy) for _ in range(2)]
        try:
            slowest = max(_asked(server) for _ in range(8))
        finally:
            over.set()
        assert sum(one.result() for one in working) > 0
    assert slowest < 3


def _asked(server: Server) -> float:
    begun = time.monotonic()
    for path in ("sys/health", "sys/seal-status"):
        assert server.ask("GET", path, token="").status_code == 200
    return (time.monotonic() - begun) / 2
