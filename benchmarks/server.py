"""A Neo4j of the benchmark's own, with the settings and the memory that `stratumiops up` gives it."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import ManagedNeo4j
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations.runner import migrate
from stratumiops.graph.store.settings import Neo4jSettings

_PORT = 17870


@dataclass(frozen=True, slots=True)
class RunningNeo4j:
    """How to reach it, its process, and the home it lives in."""

    settings: Neo4jSettings
    pid: int
    home: Path


def _pause(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@contextmanager
def managed_neo4j() -> Iterator[RunningNeo4j]:
    """Start it on an empty home in a temporary folder; stopped and removed at the end."""
    root = Path(tempfile.mkdtemp(prefix="stratumiops-bench-"))
    settings = replace(ServerSettings.from_env(), bolt_port=_PORT, aot=AotMode.USE)
    home = Home(root)
    server = ManagedNeo4j(home, settings)
    try:
        ensure_jars(JarCache.of(settings), settings.maven)
        home.prepare()
        child = server.start()
        server.wait_ready(_pause)
        yield RunningNeo4j(server.connection(), child.identity.pid, root)
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


async def migrated(settings: Neo4jSettings) -> None:
    """Give the store its constraints and indexes."""
    database = Database(settings)
    await database.connect()
    try:
        await migrate(database)
    finally:
        await database.close()
