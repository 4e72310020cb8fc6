"""The API as a child process."""

import http.client
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stratumiops.graph.errors import TimedOut, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import Home, read_record, write_record
from stratumiops.graph.server.identity import ProcessId, find

RECORD = "api"
START_S = 120.0
STOP_S = 10.0
_POLL_S = 0.1
_ANSWER_S = 2.0
_TAIL_BYTES = 3_000
_MODULE = "stratumiops.resolvers"
_ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API listens."""

    host: str
    port: int

    @property
    def reached_by(self) -> str:
        """The host name to reach it by from this machine."""
        return "127.0.0.1" if self.host in _ANY_ADDRESS else self.host

    @property
    def url(self) -> str:
        """Without a trailing slash."""
        host = f"[{self.reached_by}]" if ":" in self.reached_by else self.reached_by
        return f"http://{host}:{self.port}"


def is_ready(address: Address) -> bool:
    """Whether `GET /ready` answers 200."""
    connection = http.client.HTTPConnection(address.reached_by, address.port, timeout=_ANSWER_S)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def arguments(home: Home) -> list[str]:
    """What tells this home's API from any other process."""
    return [_MODULE, "--home", str(home.root)]


def orphans(home: Home) -> list[ProcessId]:
    """APIs of this home that run already; asked by the supervisor, which has none of its own yet."""
    return find(arguments(home))


def running(home: Home) -> ProcessId | None:
    """The API of this home, if it runs: by its record, checked against its command line."""
    process = ProcessId.read(read_record(home.record(RECORD)))
    return process if process and set(arguments(home)) <= set(process.arguments()) else None


class Api:
    """The API process of one home. `start` may be called again after it has ended."""

    def __init__(self, home: Home, address: Address) -> None:
        self._home = home
        self._child: Child | None = None
        self.address = address

    def start(self) -> None:
        """Start the process; it answers only after `wait_ready`."""
        host, port = self.address.host, str(self.address.port)
        command = [
            *(sys.executable, "-m", _MODULE, "--host", host, "--port", port, "--home", str(self._home.root)),
        ]
        log = self._home.log("api")
        self._log_start = log.stat().st_size if log.exists() else 0
        self._child = Child(command, log=log, environ=os.environ | {"PYTHONSAFEPATH": "1"})
        record = {"url": self.address.url, "host": host, "port": self.address.port, "since": utc_now()}
        write_record(self._home.record(RECORD), self._child.identity.record() | record)

    def wait_ready(self, pause: Callable[[float], bool], timeout_s: float = START_S) -> None:
        """Wait until it says that it is ready.

        Raises:
            Unavailable: it ended, or `pause` gave up.
            TimedOut: it was not ready in time.
        """
        for _ in range(int(timeout_s / _POLL_S)):
            status = self.poll()
            if status is not None:
                raise Unavailable(f"the API ended with status {status} while starting: {self._last_words()}")
            if is_ready(self.address):
                return
            if pause(_POLL_S):
                raise Unavailable("stopped while the API was starting")
        raise TimedOut(f"the API was not ready within {timeout_s:.0f} s", hint=f"look at {self._home.log('api')}")

    def poll(self) -> int | None:
        """The exit status (negative: the signal), or None while it runs."""
        return None if self._child is None else self._child.poll()

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> int | None:
        """Stop in order, by force after 10 s or when `hurry()`; the exit status, or None: it never ran."""
        if self._child is None:
            return None
        status = self._child.stop(STOP_S, hurry)
        self._home.record(RECORD).unlink(missing_ok=True)
        return status

    def _last_words(self) -> str:
        log: Path = self._home.log("api")
        with log.open("rb") as file:
            file.seek(max(self._log_start, log.stat().st_size - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return " / ".join(lines[-2:]) if lines else f"nothing in {log}"
