"""Fixtures of the whole suite: one Neo4j for all, one connection per process, one graph name per test."""

import fcntl
import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ports import unused_port

from stratumiops.graph.ids import utc_now
from stratumiops.graph.server import aot
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.process import RECORD, ManagedNeo4j
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations import migrate
from stratumiops.graph.store.settings import Neo4jSettings

os.environ.setdefault("STRATUMIOPS_EMBEDDINGS__ENABLED", "false")
"""Servers that tests start share one store; each would embed what all the others make. Tests of embeddings say so."""

os.environ.setdefault("STRATUMIOPS_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
"""No server of the tests lives so long that Java's second compiler gives back the time that it takes."""

FreshGraph = Callable[[], AbstractAsyncContextManager[str]]

_MAKE_GRAPH = """
CREATE (:Graph {name: $graph, title: $graph, description: '', priority: 0, rev: 1,
  created_at: $now, updated_at: $now})
"""
_CLEAN_UP = """
UNWIND $labels AS label
MATCH (n:$(label) {graph: $graph})
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""
_LABELS = [
    "KnowledgeNode", "Tombstone", "Revision", "Document", "Block", "Conflict", "Chunk", "TextProfile", "Suggestion",
    "ImportJob", "SavedView",
]  # fmt: skip
_CLEAN_UP_GRAPH = "MATCH (g:Graph {name: $graph}) DETACH DELETE g"


KNOWLEDGE = Path(__file__).parents[1].parent / "shared" / "data" / "knowledge"


@pytest.fixture(scope="session")
def knowledge() -> Path:
    """The folder of real collections; without it the test is skipped, or fails where everything is required."""
    if not KNOWLEDGE.is_dir():
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(f"no collections at {KNOWLEDGE}")
    return KNOWLEDGE


@pytest.fixture(scope="session")
def neo4j_settings(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Neo4jSettings]:
    """The server the tests use: that of NEO4J_TEST_URI, or one that the first test process starts for all."""
    uri = os.environ.get("NEO4J_TEST_URI")
    if uri:
        user = os.environ.get("NEO4J_TEST_USER", "neo4j")
        yield Neo4jSettings(uri, user, os.environ.get("NEO4J_TEST_PASSWORD", ""), pool_size=50)
        return
    base = tmp_path_factory.getbasetemp()
    with shared_server(base if worker_id == "master" else base.parent) as settings:
        yield settings


@contextmanager
def shared_server(folder: Path) -> Iterator[Neo4jSettings]:
    """One managed server for all processes that name this folder; it stops when the last of them leaves.

    Every process holds a shared lock on `users` while it needs the server. The one that started it stops it,
    after it got that lock for itself alone. Locks end with their process, so none is left behind.
    """
    home = Home(folder / "neo4j-home")
    server: ManagedNeo4j | None = None
    with (folder / "neo4j-election").open("w") as election, (folder / "neo4j-users").open("w") as users:
        fcntl.flock(election, fcntl.LOCK_EX)
        if read_record(home.record(RECORD)) is None:
            server = _start(home)
        record = read_record(home.record(RECORD)) or {}
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(election, fcntl.LOCK_UN)
        try:
            yield Neo4jSettings(str(record["uri"]), password=home.password(), pool_size=50)
        finally:
            if server is not None:
                fcntl.flock(election, fcntl.LOCK_EX)
                fcntl.flock(users, fcntl.LOCK_EX)
                server.stop()


def _start(home: Home) -> ManagedNeo4j:
    found = ServerSettings.from_env()
    ensure_jars(JarCache.of(found), found.maven)
    aot.build(found, threading.Event())  # once, so that every server of the tests starts in half the time
    home.prepare()
    port = unused_port()
    server = ManagedNeo4j(home, replace(found, aot=AotMode.USE, bolt_port=port))
    server.start()
    server.wait_ready(lambda seconds: threading.Event().wait(seconds))
    return server


@pytest.fixture(scope="session")
async def database(neo4j_settings: Neo4jSettings) -> AsyncIterator[Database]:
    """A connected database with the newest schema; shared, so use `graph_name` for what you make."""
    db = Database(neo4j_settings)
    await db.connect()
    await migrate(db)
    yield db
    await db.close()


@pytest.fixture
async def graph_name(fresh_graph: FreshGraph) -> AsyncIterator[str]:
    """The name of a new, empty graph; all that is in it goes when the test ends."""
    async with fresh_graph() as name:
        yield name


@pytest.fixture
def fresh_graph(database: Database) -> FreshGraph:
    """Makes new, empty graphs: `async with fresh_graph() as name`; all that is in one goes with its block."""

    @asynccontextmanager
    async def fresh() -> AsyncIterator[str]:
        name = f"test-{secrets.token_hex(6)}"
        await database.write(_MAKE_GRAPH, {"graph": name, "now": utc_now()})
        try:
            yield name
        finally:
            await drop_graph(database, name)

    return fresh


@pytest.fixture
def write_gate(neo4j_settings: Neo4jSettings) -> Iterator[None]:
    """For tests that hold all writers of a server: one such test at a time, over all processes."""
    name = hashlib.sha256(neo4j_settings.uri.encode()).hexdigest()[:16]
    with Path(tempfile.gettempdir(), f"stratumiops-test-gate-{os.getuid()}-{name}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def drop_graph(database: Database, name: str) -> None:
    """Remove every trace of one graph.

    Its events stay on a server that ends with the tests: other tests look for gaps in the events' numbers.
    """
    labels = [*_LABELS, "OutboxEvent"] if "NEO4J_TEST_URI" in os.environ else _LABELS
    await database.write(_CLEAN_UP, {"graph": name, "labels": labels}, past_gate=True)
    await database.write(_CLEAN_UP_GRAPH, {"graph": name}, past_gate=True)
