"""Java's ahead-of-time cache: halves the CPU that a start of Neo4j takes (JEP 483, JEP 515).

    python -m stratumiops.graph.server.aot

Builds it unless it is there, being built, or turned off: records a run of a throw-away server, then writes
the cache from the record. Takes some 50 s of CPU, so it runs in the background at low priority.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from stratumiops.graph.errors import StratumError, Unavailable
from stratumiops.graph.server import java
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import USER, Home
from stratumiops.graph.server.locks import try_lock
from stratumiops.graph.server.ports import free_port
from stratumiops.graph.server.readiness import wait_ready
from stratumiops.graph.server.settings import DEFAULT_BOLT_PORT, AotMode, MemorySize, ServerSettings
from stratumiops.graph.store.settings import Neo4jSettings

NICENESS = 19
_START_S = 600.0
_RECORD_STOP_S = 600.0
_CREATE_S = 900.0
_PORT = DEFAULT_BOLT_PORT + 1000


def wanted(settings: ServerSettings) -> bool:
    """Whether a build is worth starting: allowed, not there, and not known to fail here."""
    cache = JarCache.of(settings)
    file = java.aot_cache(cache)
    return settings.aot is AotMode.AUTO and not file.exists() and not failure(cache).exists() and cache.marker.exists()


def failure(cache: JarCache) -> Path:
    """Where a failed build leaves its reason; while it is there, no other is tried."""
    return java.aot_cache(cache).with_suffix(".failed")


def build(settings: ServerSettings, stop: threading.Event) -> bool:
    """Build the cache; false when there is nothing to do or somebody else does it.

    Raises:
        Unavailable: the server did not start, Java could not write the cache, or `stop` was set.
    """
    cache = JarCache.of(settings)
    lock = try_lock(cache.root / "aot.lock")
    if lock is None:
        return False
    work = cache.root / "aot-build"
    try:
        shutil.rmtree(work, ignore_errors=True)
        if not wanted(settings):
            return False
        _build_in(work, cache, stop)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)
    return True


def _build_in(work: Path, cache: JarCache, stop: threading.Event) -> None:
    options = java.options(cache, MemorySize.SMALL)
    record, made = work / "record.conf", work / "made.aot"
    home = Home(work)
    home.prepare()
    _record(home, [*options, "-XX:AOTMode=record", f"-XX:AOTConfiguration={record}"], stop)
    create = ["-XX:AOTMode=create", f"-XX:AOTConfiguration={record}", f"-XX:AOTCache={made}"]
    child = Child(
        java.command(home, [*options, *create, *java.QUIET_AOT]), log=home.log("create"), environ=java.environment()
    )
    _await_end(child, stop)
    if not made.exists():
        raise Unavailable(f"Java wrote no ahead-of-time cache: {home.log('create').read_text()[-500:]}")
    final = java.aot_cache(cache)
    for older in cache.root.glob("*.aot"):
        older.unlink()
    made.replace(final)


def _record(home: Home, options: list[str], stop: threading.Event) -> None:
    port = free_port(_PORT)
    home.write_conf(port, MemorySize.SMALL)
    settings = Neo4jSettings(uri=f"bolt://127.0.0.1:{port}", user=USER, password=home.password())
    child = Child(java.command(home, options), log=home.log("record"), environ=java.environment())
    try:
        wait_ready(
            settings,
            port,
            ended=lambda: None if child.poll() is None else f"the recorded run ended with {child.poll()}",
            pause=stop.wait,
            timeout_s=_START_S,
        )
        asyncio.run(_exercise(settings))
    finally:
        child.stop(0.0 if stop.is_set() else _RECORD_STOP_S)


async def _exercise(settings: Neo4jSettings) -> None:
    """Do a little of what the platform does, so that its classes are in the record."""
    from stratumiops.graph.store.database import Database
    from stratumiops.graph.store.migrations.runner import migrate

    database = Database(settings)
    await database.connect()
    try:
        await migrate(database)
        for statement in _STATEMENTS:
            await database.write(statement, past_gate=True)
            await database.read(f"EXPLAIN {statement}")
    finally:
        await database.close()


_STATEMENTS = (
    "UNWIND range(1, 20) AS i CREATE (n:Trial {id: toString(i), title: 'word ' + i, tags: ['a'], at: ''})",
    "MATCH (a:Trial), (b:Trial) WHERE toInteger(a.id) + 1 = toInteger(b.id) MERGE (a)-[r:NEXT {w: 1}]->(b)",
    "MATCH (n:Trial) WHERE n.title CONTAINS 'word' AND 'a' IN n.tags CALL (n) { MATCH (n)-[r:NEXT]->(m)"
    " WITH m, r ORDER BY m.id LIMIT 5 RETURN collect(m{.id, .title, w: r.w}) AS next }"
    " WITH n, next ORDER BY n.at DESC, n.id LIMIT 10 RETURN collect(n{.id, .title, next: next}) AS rows",
    "MATCH p = shortestPath((a:Trial {id: '1'})-[:NEXT*..6]-(b:Trial {id: '5'})) RETURN length(p)",
    "CALL db.index.fulltext.queryNodes('knowledge_text', 'word') YIELD node, score RETURN node.id LIMIT 5",
    "MATCH (n:Trial) RETURN n.title AS title, count(*) AS count ORDER BY count DESC LIMIT 3",
    "MATCH (n:Trial) DETACH DELETE n",
)


def _await_end(child: Child, stop: threading.Event) -> None:
    for _ in range(int(_CREATE_S / 0.2)):
        if child.poll() is not None:
            return
        if stop.wait(0.2):
            break
    child.stop(0.0)
    raise Unavailable("stopped while the ahead-of-time cache was written")


def main() -> int:
    """Build in this process; a failure is written down beside the cache, so that it is not repeated."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = ServerSettings.from_env()
    try:
        build(settings, stop)
    except (StratumError, OSError, subprocess.SubprocessError) as error:
        if not stop.is_set():
            failure(JarCache.of(settings)).write_text(f"{error}\n", encoding="utf-8")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
