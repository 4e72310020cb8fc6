"""Checks of what runs, or should."""

import asyncio

from stratumiops.graph.errors import StratumError, Unavailable
from stratumiops.graph.server import process as neo4j_process
from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.jars import NEO4J_VERSION
from stratumiops.graph.server.ports import holder as port_holder
from stratumiops.graph.server.ports import is_free
from stratumiops.graph.server.readiness import ask
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ui.cli.platform import api as api_process
from stratumiops.ui.cli.platform import holder
from stratumiops.ui.cli.platform.doctor.check import Check, fine, note, wrong
from stratumiops.ui.cli.platform.down import left_over
from stratumiops.ui.cli.platform.place import connection, place

_START = "`stratumiops up` starts it"
_OLDEST = 2025


def settings(home: Home) -> Check:
    """Whether settings and environment can be read."""
    where = place(home.root)
    ServerSettings.from_env()
    return fine(f"API at {where.api.url}, Neo4j {where.own_neo4j or 'managed here'}")


def supervisor(home: Home) -> Check:
    """Whether somebody looks after this home, and only living processes do."""
    found = holder.supervisor(home)
    if found:
        process, record = found
        return fine(f"process {process.pid}, {record.get('state')}, since {record.get('since')}")
    left = left_over(home)
    if left:
        pids = ", ".join(str(process.pid) for process in left)
        return wrong(f"none, but processes {pids} are left over", "`stratumiops down` ends them; so does `up`")
    return note("not running", _START)


def bolt_port(home: Home) -> Check:
    """Whether Neo4j can have its port."""
    if place(home.root).own_neo4j:
        return fine("not needed: NEO4J_URI names a server")
    record = read_record(home.record(neo4j_process.RECORD))
    if record and neo4j_process.running(home):
        return fine(f"{record['port']}, held by our Neo4j")
    port = ServerSettings.from_env().bolt_port
    if is_free(port):
        return fine(f"{port} is free")
    by = port_holder(port)
    return note(f"{port} is taken" + (f" by {by}" if by else ""), "nothing to do: the next free one is taken")


def api_port(home: Home) -> Check:
    """Whether the API can have its port."""
    address = place(home.root).api
    record = read_record(home.record(api_process.RECORD))
    if record and api_process.running(home):
        return fine(f"{record['port']}, held by our API")
    if is_free(address.port, address.host):
        return fine(f"{address.port} is free")
    by = port_holder(address.port)
    taken = f"{address.port} is taken" + (f" by {by}" if by else "")
    return wrong(taken, "stop that program, or use `stratumiops up --port`")


def neo4j(home: Home) -> Check:
    """Whether Neo4j answers, and which one it is."""
    try:
        to = connection(home.root)
    except Unavailable:
        return note("not running", _START)
    answer = ask(to)
    found = f"{answer.version} {answer.edition} at {to.uri}"
    if int(answer.version.split(".")[0]) < _OLDEST:
        return wrong(found, f"use Neo4j {NEO4J_VERSION} or newer: the schema needs Cypher 25")
    return fine(found)


def schema(home: Home) -> Check:
    """Whether graph and program have the same schema version."""
    from stratumiops.graph.store.migrations.runner import available

    known = available()[-1].version
    try:
        found = asyncio.run(_applied(connection(home.root)))
    except Unavailable:
        return note(f"the program has version {known}; no graph to compare with", _START)
    if found > known:
        return wrong(f"the graph has version {found}, the program {known}", "install a newer stratumiops")
    if found < known:
        return note(f"the graph has version {found}, the program {known}", "the API migrates when it starts")
    return fine(f"version {found}")


def api(home: Home) -> Check:
    """Whether the API is ready."""
    record = read_record(home.record(api_process.RECORD))
    if record is None or api_process.running(home) is None:
        return note("not running", _START)
    address = api_process.Address(str(record["host"]), int(record["port"]))
    if api_process.is_ready(address):
        return fine(f"ready at {address.url}")
    return wrong(f"running but not ready at {address.url}", "see `stratumiops logs api`")


async def _applied(to: Neo4jSettings) -> int:
    from stratumiops.graph.store.database import Database
    from stratumiops.graph.store.migrations.runner import applied

    database = Database(to)
    try:
        await database.connect()
        return max(await applied(database), default=0)
    except StratumError as error:
        raise Unavailable(error.message, hint=error.hint) from error
    finally:
        await database.close()
