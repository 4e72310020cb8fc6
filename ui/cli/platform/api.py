"""The API as a child process."""

import http.client
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stratumiops.graph.ids import utc_now
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import Home, read_record, write_record
from stratumiops.graph.server.identity import ProcessId, find
from stratumiops.ui.cli.platform.answering import await_answer, size
from stratumiops.ui.cli.platform.child_service import ChildService

RECORD = "api"
START_S = 120.0
_ANSWER_S = 2.0
_MODULE = "stratumiops.resolvers"
_ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104  # compared with, not listened on


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int
    scheme: str = "http"

    @property
    def reached_by(self) -> str:
        """The host name to reach it by from this machine."""
        return "127.0.0.1" if self.host in _ANY_ADDRESS else self.host

    @property
    def url(self) -> str:
        """Without a trailing slash."""
        host = f"[{self.reached_by}]" if ":" in self.reached_by else self.reached_by
        return f"{self.scheme}://{host}:{self.port}"


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


class Api(ChildService):
    """The API process of one home. `start` may be called again after it has ended.

    Args:
        environ: variables that it gets over those of this process.
    """

    def __init__(self, home: Home, address: Address, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(home, RECORD)
        self._environ = dict(environ or {})
        self.address = address

    def start(self) -> None:
        """Start the process; it answers only after `wait_ready`."""
        host, port = self.address.host, str(self.address.port)
        command = [
            *(sys.executable, "-m", _MODULE, "--host", host, "--port", port, "--home", str(self._home.root)),
        ]
        log = self._home.log("api")
        self._log_start = size(log)
        self._child = Child(command, log=log, environ=os.environ | self._environ | {"PYTHONSAFEPATH": "1"})
        record = {"url": self.address.url, "host": host, "port": self.address.port, "since": utc_now()}
        write_record(self._home.record(RECORD), self._child.identity.record() | record)

    def wait_ready(self, pause: Callable[[float], bool], timeout_s: float = START_S) -> None:
        """Wait until it says that it is ready.

        Raises:
            Unavailable: it ended, or `pause` gave up.
            TimedOut: it was not ready in time.
        """
        await_answer(
            "the API", self._home.log("api"), self._log_start,
            poll=self.poll, answers=lambda: is_ready(self.address), pause=pause, timeout_s=timeout_s,
        )  # fmt: skip
