"""`stratumiops status`."""

from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import EXIT_CODES, ErrorCode
from stratumiops.graph.server import process as neo4j_process
from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.identity import ProcessId
from stratumiops.graph.server.ports import answers
from stratumiops.ui.cli.output import print_json, print_table
from stratumiops.ui.cli.platform import api as api_process
from stratumiops.ui.cli.platform import holder
from stratumiops.ui.cli.platform.place import has_vault, place
from stratumiops.ui.cli.platform.screen import say
from stratumiops.ui.cli.platform.vault import process as vault_process
from stratumiops.ui.cli.platform.vault.standing import ask

_COLUMNS = ("part", "state", "address", "pid", "since", "MB")


@dataclass(frozen=True, slots=True)
class Part:
    """One process. `state`: ready, starting, running, external or stopped; `memory_mb` is resident memory."""

    name: str
    state: str
    address: str | None = None
    pid: int | None = None
    since: str | None = None
    memory_mb: int | None = None


@dataclass(frozen=True, slots=True)
class VaultPart(Part):
    """The vault. `state` may also be sealed, uninitialized or failing; `next` is what somebody should do about it."""

    next: str | None = None


def parts(home: Home) -> list[Part]:
    """The supervisor, Neo4j and the API of this home as they are now, and its vault when it has one."""
    return [_supervisor(home), _neo4j(home), _api(home), *_vault(home)]


def show(root: Path, *, as_json: bool) -> int:
    """Print the parts; the exit status is 0 when all can be used."""
    home = Home(root)
    found = parts(home)
    ready = {part.state for part in found} <= {"ready", "running", "external"}
    if as_json:
        listed: dict[str, Any] = {part.name: asdict(part) for part in found}
        print_json({"home": str(root), "ready": ready} | listed)
    else:
        say(f"home {root}")
        rows = [[_text(value) for value in astuple(part)[: len(_COLUMNS)]] for part in found]
        print_table(_COLUMNS, rows, empty="")
        for part in found:
            if isinstance(part, VaultPart) and part.next:
                say(f"{part.name}: {part.next}")
    return 0 if ready else EXIT_CODES[ErrorCode.UNAVAILABLE]


def _supervisor(home: Home) -> Part:
    found = holder.supervisor(home)
    if found is None:
        return Part("supervisor", "stopped")
    process, record = found
    return _described("supervisor", str(record.get("state")), process, record | {"url": None})


def _neo4j(home: Home) -> Part:
    own = place(home.root).own_neo4j
    if own is not None:
        return Part("neo4j", "external", own)
    process = neo4j_process.running(home)
    record = read_record(home.record(neo4j_process.RECORD))
    if process is None or record is None:
        return Part("neo4j", "stopped")
    state = "ready" if answers(int(record["port"])) else "starting"
    return _described("neo4j", state, process, record)


def _api(home: Home) -> Part:
    process = api_process.running(home)
    record = read_record(home.record(api_process.RECORD))
    if process is None or record is None:
        return Part("api", "stopped")
    ready = api_process.is_ready(api_process.Address(str(record["host"]), int(record["port"])))
    return _described("api", "ready" if ready else "starting", process, record)


def _vault(home: Home) -> list[Part]:
    process, record = vault_process.running(home), read_record(home.record(vault_process.RECORD))
    where = vault_process.address(home)
    if process is None or record is None or where is None:
        return [VaultPart("vault", "stopped")] if has_vault(home) else []
    standing = ask(where)
    described = _described("vault", standing.state if standing else "starting", process, record)
    return [VaultPart(**asdict(described), next=standing.advice(where.url) if standing else None)]


def _described(name: str, state: str, process: ProcessId, record: dict[str, Any]) -> Part:
    memory = process.resident_bytes()
    return Part(
        name,
        state,
        record.get("url") or record.get("uri"),
        process.pid,
        record.get("since"),
        None if memory is None else round(memory / 1e6),
    )


def _text(value: object) -> str:
    return "–" if value is None else str(value)
