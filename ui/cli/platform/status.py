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
from stratumiops.ui.cli.platform.place import place
from stratumiops.ui.cli.platform.screen import say


@dataclass(frozen=True, slots=True)
class Part:
    """One process. `state`: ready, starting, running, external or stopped; `memory_mb` is resident memory."""

    name: str
    state: str
    address: str | None = None
    pid: int | None = None
    since: str | None = None
    memory_mb: int | None = None


def parts(home: Home) -> list[Part]:
    """The supervisor, Neo4j and the API of this home as they are now."""
    return [_supervisor(home), _neo4j(home), _api(home)]


def show(root: Path, *, as_json: bool) -> int:
    """Print the parts; the exit status is 0 when all can be used."""
    home = Home(root)
    found = parts(home)
    ready = {part.state for part in found} <= {"ready", "external"}
    if as_json:
        listed: dict[str, Any] = {part.name: asdict(part) for part in found}
        print_json({"home": str(root), "ready": ready} | listed)
    else:
        say(f"home {root}")
        rows = [[_text(value) for value in astuple(part)] for part in found]
        print_table(["part", "state", "address", "pid", "since", "MB"], rows, empty="")
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
