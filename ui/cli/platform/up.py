"""`stratumiops up`."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from stratumiops.graph.errors import StratumError, TimedOut
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import ManagedNeo4j
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.ui.cli.platform import holder, prepare
from stratumiops.ui.cli.platform.afterwards import Afterwards, addresses
from stratumiops.ui.cli.platform.api import Api
from stratumiops.ui.cli.platform.decisions import load_decisions
from stratumiops.ui.cli.platform.journal import Journal
from stratumiops.ui.cli.platform.place import Place, connection, place
from stratumiops.ui.cli.platform.screen import say
from stratumiops.ui.cli.platform.signals import Signals
from stratumiops.ui.cli.platform.supervisor import Supervisor
from stratumiops.ui.cli.platform.vault.file import VaultFile
from stratumiops.ui.cli.platform.vault.process import Vault

_DETACHED_S = 400.0
_POLL_S = 0.1
_TAIL_LINES = 4
_VAULT_ADDRESS = "STRATUMIOPS_VAULT__ADDRESS"
_VAULT_SUPERVISED = "STRATUMIOPS_VAULT__SUPERVISE"


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for; None leaves it to the settings."""

    home: Path
    port: int | None = None
    decisions: Path | None = None
    vault: bool | None = None


def start_here(request: Request, *, background: bool) -> int:
    """Supervise in this process until a signal asks for a stop; returns the exit status."""
    home = Home(request.home)
    home.prepare()
    settings = ServerSettings.from_env()
    where = place(request.home, request.port, vault=request.vault)
    journal = Journal(home.log("supervisor"), echo=not background)
    with holder.held(home), Signals() as signals:
        neo4j = None if where.own_neo4j else ManagedNeo4j(home, settings)
        if neo4j:
            prepare.fetch_jars(settings, signals.stop)
        prepare.stop_orphans(home, where.vault_file, signals, journal)
        file = prepare.vault(where) if where.supervises_vault else None
        prepare.check_ports(where.api, file)
        journal.say(f"starting {_listed(neo4j, file)}, data in {home.root}")
        vault = Vault(home, file, lambda: connection(home.root), journal) if file else None
        api = Api(home, where.api, _told(where, file))
        supervisor = Supervisor(home, neo4j, api, signals, journal, vault)
        managed = settings if neo4j else None
        with Afterwards(home, where.api, request.decisions, managed, journal) as afterwards:
            supervisor.run(afterwards)
        journal.say("stopped")
    return 0


def _listed(neo4j: ManagedNeo4j | None, vault: VaultFile | None) -> str:
    names = [*(["Neo4j"] if neo4j else []), *(["the vault"] if vault else []), "the API"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _told(where: Place, vault: VaultFile | None) -> dict[str, str]:
    """That the API's vault is looked after here, and where it is, unless settings say that already."""
    if vault is None:
        return {}
    return {_VAULT_SUPERVISED: "true", **({} if where.vault_url else {_VAULT_ADDRESS: vault.address.url})}


def start_detached(request: Request) -> int:
    """Start a supervisor that outlives this command, and return when everything is ready.

    Raises:
        Conflict: one runs already.
        StratumError: it ended; the sentence is the end of its log.
    """
    home = Home(request.home)
    home.prepare()
    began = time.monotonic()
    where = place(request.home, request.port, vault=request.vault)
    if holder.is_held(home):
        raise holder.taken(home)
    if where.own_neo4j is None:
        prepare.fetch_jars(ServerSettings.from_env())
    log = home.log("supervisor")
    log_start = log.stat().st_size if log.exists() else 0
    process = _spawn(request, log)
    try:
        _await_ready(home, process, log, log_start)
    except BaseException:
        process.send_signal(signal.SIGTERM)
        raise
    for line in addresses(home, where.api, time.monotonic() - began):
        say(line)
    if request.decisions is not None:
        say(load_decisions(where.api.url, request.decisions))
    return 0


def _spawn(request: Request, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "stratumiops.ui.cli.platform", "up", "--background"]
    command += ["--home", str(request.home)]
    command += ["--port", str(request.port)] if request.port else []
    command += [] if request.vault is None else ["--vault" if request.vault else "--no-vault"]
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONSAFEPATH": "1"},
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


def _await_ready(home: Home, process: "subprocess.Popen[bytes]", log: Path, log_start: int) -> None:
    deadline = time.monotonic() + _DETACHED_S
    while time.monotonic() < deadline:
        status = process.poll()
        if status is not None:
            raise _failed(status, log, log_start)
        found = holder.supervisor(home)
        if found and found[0].pid == process.pid and found[1].get("state") == "ready":
            return
        time.sleep(_POLL_S)
    raise TimedOut(f"not everything was ready after {_DETACHED_S:.0f} s", hint=f"look at {log}")


def _failed(status: int, log: Path, log_start: int) -> StratumError:
    with log.open("rb") as file:
        file.seek(log_start)
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    said = " / ".join(line.strip() for line in lines[-_TAIL_LINES:])
    sentence = f"the supervisor ended with status {status}: {said}"
    return _ChildError(status, sentence, f"the whole log is {log}")


class _ChildError(StratumError):
    """An error of another process, passed on with its exit status."""

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self._status = status

    @property
    def exit_code(self) -> int:
        return self._status if self._status > 0 else 1
