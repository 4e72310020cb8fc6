"""The managed server as a process: start, readiness, stop, and what an earlier one left behind."""

from collections.abc import Callable
from pathlib import Path

from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.graph.server import java
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import USER, Home, read_record, write_record
from stratumiops.graph.server.identity import ProcessId, find
from stratumiops.graph.server.ports import free_port
from stratumiops.graph.server.readiness import ServerIdentity, wait_ready
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.graph.store.settings import Neo4jSettings

RECORD = "neo4j"
START_S = 180.0
STOP_S = 30.0
_TAIL_BYTES = 4_000
_REASONS = {
    "PortBindException": "another program took its port",
    "FileLockException": "another process has its data open",
    "OutOfMemoryError": "it ran out of memory; STRATUMIOPS_NEO4J_MEMORY=medium gives it more",
    "No space left on device": "the disk is full",
    "Unrecognized setting": "its configuration has an unknown setting",
}
_NO_MACHINE = "Error: Could not create the Java Virtual Machine."


class PortTaken(Unavailable):
    """Another program took the port between the check and the start; another start takes another port."""


class ManagedNeo4j:
    """The Neo4j of one home. `start` may be called again after the process has ended."""

    def __init__(self, home: Home, settings: ServerSettings) -> None:
        self._home = home
        self._settings = settings
        self._child: Child | None = None
        self._log_start = 0
        self.port = 0

    def start(self) -> Child:
        """Start the process on the first free port; it answers queries only after `wait_ready`.

        The home must be prepared and the files fetched. Call from the main thread.
        """
        home, settings = self._home, self._settings
        cache = JarCache.of(settings)
        self.port = free_port(settings.bolt_port)
        home.write_conf(self.port, settings.memory)
        options = java.options(cache, settings.memory) + java.aot_options(cache, settings.aot)
        options += settings.java_options
        log = home.log("neo4j")
        self._log_start = log.stat().st_size if log.exists() else 0
        self._child = child = Child(java.command(home, options), log=log, environ=java.environment())
        record = {"uri": f"bolt://127.0.0.1:{self.port}", "port": self.port, "since": utc_now()}
        write_record(home.record(RECORD), child.identity.record() | record)
        return child

    def wait_ready(self, pause: Callable[[float], bool], timeout_s: float = START_S) -> ServerIdentity:
        """Wait until it answers queries, and make sure that it is ours that does.

        Raises:
            Unavailable: it ended, with the reason it left in its log, or `pause` gave up.
            Conflict: the process that answers on its port is another one.
            TimedOut: no answer in time.
        """
        try:
            answer = wait_ready(self.connection(), self.port, ended=self._ended, pause=pause, timeout_s=timeout_s)
        except Unavailable as error:
            if "PortBindException" in _tail(self._home.log("neo4j"), self._log_start):
                raise PortTaken(error.message, hint=error.hint) from error
            raise
        self._check_identity(answer)
        return answer

    def connection(self) -> Neo4jSettings:
        """How to connect."""
        return Neo4jSettings(uri=f"bolt://127.0.0.1:{self.port}", user=USER, password=self._home.password())

    def poll(self) -> int | None:
        """The exit status (negative: the signal), or None while it runs."""
        return None if self._child is None else self._child.poll()

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> int | None:
        """Stop in order, by force after 30 s or when `hurry()`; the exit status, or None: it never ran."""
        if self._child is None:
            return None
        status = self._child.stop(STOP_S, hurry)
        self._home.record(RECORD).unlink(missing_ok=True)
        return status

    def _ended(self) -> str | None:
        status = self._child.poll() if self._child else 0
        if status is None:
            return None
        log = self._home.log("neo4j")
        reason = _reason(_tail(log, self._log_start))
        return f"Neo4j ended with status {status} while starting: {reason} (log: {log})"

    def _check_identity(self, answer: ServerIdentity) -> None:
        known_file = self._home.root / "database.json"
        known = (read_record(known_file) or {}).get("database_id")
        if known == answer.database_id:
            return
        if self._child is None or not self._child.identity.listens_on(self.port):
            raise Conflict(
                f"another Neo4j answers on port {self.port}: its database is {answer.database_id}",
                hint="stop it, or name another port with STRATUMIOPS_BOLT_PORT",
            )
        write_record(known_file, {"database_id": answer.database_id})


def orphans(home: Home) -> list[ProcessId]:
    """Servers of this home that run already; asked by the supervisor, which has none of its own yet."""
    return find(java.home_arguments(home))


def running(home: Home) -> ProcessId | None:
    """The managed server of this home, if it runs: by its record, checked against its command line."""
    process = ProcessId.read(read_record(home.record(RECORD)))
    if process is None or not set(java.home_arguments(home)) <= set(process.arguments()):
        return None
    return process


def _tail(log: Path, start: int) -> str:
    """What was written after `start`, as far as it fits."""
    try:
        with log.open("rb") as file:
            file.seek(max(start, log.stat().st_size - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def _reason(tail: str) -> str:
    for sign, reason in _REASONS.items():
        if sign in tail:
            return reason
    lines = tail.strip().splitlines()
    if _NO_MACHINE in lines:  # what is wrong stands before it
        lines = lines[: lines.index(_NO_MACHINE)]
    return lines[-1] if lines else "it left no message"
