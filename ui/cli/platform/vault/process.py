"""The vault as a child process."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from stratumiops.graph.errors import StratumError
from stratumiops.graph.ids import utc_now
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import Home, read_record, write_record
from stratumiops.graph.server.identity import ProcessId, find
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ui.cli.platform.answering import await_answer, size
from stratumiops.ui.cli.platform.api import Address
from stratumiops.ui.cli.platform.child_service import ChildService
from stratumiops.ui.cli.platform.journal import Journal
from stratumiops.ui.cli.platform.vault.file import VaultFile, read
from stratumiops.ui.cli.platform.vault.standing import Standing, ask

RECORD = "vault"
START_S = 60.0
_MODULE = "stratumiops.vault.cli"
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "OQS_INSTALL_PATH",
)  # fmt: skip
"""Of this process's variables the vault gets these, beside those that its file names."""


def arguments(config: Path) -> list[str]:
    """What tells a supervised vault from one that somebody started by hand with the same file."""
    return ["-m", _MODULE, "server", "--config", str(config)]


def orphans(home: Home, config: Path | None) -> list[ProcessId]:
    """Vaults of this home that run already: by the file of the settings, and by the record of the last start."""
    recorded = running(home)
    found = find(arguments(config)) if config is not None else []
    return list(dict.fromkeys([*found, *([recorded] if recorded else [])]))


def running(home: Home) -> ProcessId | None:
    """The vault of this home, if it runs: by its record, checked against its command line."""
    record = read_record(home.record(RECORD))
    process = ProcessId.read(record)
    if record is None or process is None:
        return None
    return process if set(arguments(Path(str(record.get("config"))))) <= set(process.arguments()) else None


def address(home: Home) -> Address | None:
    """Where the vault of the record listens."""
    record = read_record(home.record(RECORD))
    return Address(str(record["host"]), int(record["port"]), str(record["scheme"])) if record else None


class Vault(ChildService):
    """The vault of one home. `start` may be called again after it has ended; it comes back sealed.

    Args:
        graph: how to connect to the graph, for the vault's audit device `graph`; asked at each start.
    """

    def __init__(self, home: Home, file: VaultFile, graph: Callable[[], Neo4jSettings], journal: Journal) -> None:
        super().__init__(home, RECORD)
        self._path = file.path
        self._graph = graph
        self._journal = journal
        self.address = file.address

    @property
    def started(self) -> bool:
        """Whether it was ever started."""
        return self._child is not None

    def start(self) -> None:
        """Start the process with what its file says now; it answers only after `wait_ready`.

        Raises:
            BadInput: the file cannot be used any more.
        """
        file = read(self._path)
        self.address = file.address
        log = self._home.log("vault")
        self._log_start = size(log)
        command = [sys.executable, *arguments(self._path)]
        self._child = Child(command, log=log, environ=self._environ(file))
        record = {
            "url": self.address.url,
            "scheme": self.address.scheme,
            "host": self.address.host,
            "port": self.address.port,
            "config": str(self._path),
            "since": utc_now(),
        }
        write_record(self._home.record(RECORD), self._child.identity.record() | record)

    def wait_ready(self, pause: Callable[[float], bool], timeout_s: float = START_S) -> Standing | None:
        """Wait until it answers, sealed or not; how it stands.

        Raises:
            Unavailable: it ended, or `pause` gave up.
            TimedOut: it did not answer in time.
        """
        await_answer(
            "the vault", self._home.log("vault"), self._log_start,
            poll=self.poll, answers=lambda: ask(self.address), pause=pause, timeout_s=timeout_s,
        )  # fmt: skip
        return ask(self.address)

    def _environ(self, file: VaultFile) -> Mapping[str, str]:
        """Few variables, for what is in an environment may be read by whoever may look at the process."""
        names = (*_PASSED_ON, *file.variables)
        return {name: os.environ[name] for name in names if name in os.environ} | self._graph_environ() | _SAFE

    def _graph_environ(self) -> dict[str, str]:
        try:
            graph = self._graph()
        except StratumError as error:
            self._journal.say(f"the vault knows no graph: {error.message}")
            return {}
        return {
            "NEO4J_URI": graph.uri,
            "NEO4J_USER": graph.user,
            "NEO4J_PASSWORD": graph.password,
            "NEO4J_DATABASE": graph.database,
        }


_SAFE = {"PYTHONSAFEPATH": "1"}
