"""Backup and restore over a server of their own; nothing else may use it."""

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from neo4j.spatial import CartesianPoint, WGS84Point
from neo4j.time import Date, DateTime, Duration, Time

from stratumiops.graph.backup.marker import interrupted, refuse_half_restored
from stratumiops.graph.backup.restore import restore
from stratumiops.graph.backup.save import backup
from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.secret_references import SecretReference
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import ManagedNeo4j
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.secrets import SecretUses

from .conftest import never

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("server-backup")]

EVERYTHING: dict[str, Any] = {
    "text": 'quotes " and \\ and ü and \u0000 and 🦀\nline',
    "empty": "",
    "whole": 9_223_372_036_854_775_807,
    "small": -9_223_372_036_854_775_808,
    "one": 1.0,
    "tenth": 0.1,
    "huge": 1.7976931348623157e308,
    "tiny": 5e-324,
    "minus_zero": -0.0,
    "infinite": float("inf"),
    "yes": True,
    "bytes": bytes(range(256)),
    "embedding": [0.1 * i for i in range(384)],
    "mixed_floats": [1.0, float("-inf"), 2.5],
    "integers": [1, 2, 3],
    "words": ["a", "", "ß"],
    "flags": [True, False],
    "nothing": [],
    "day": Date(2026, 1, 31),
    "at": DateTime(2026, 1, 31, 12, 30, 15, 123_456_789),
    "clock": Time(23, 59, 59, 1),
    "took": Duration(months=14, days=3, seconds=61, nanoseconds=5),
    "flat": CartesianPoint((1.5, -2.5)),
    "globe": WGS84Point((13.4, 52.5, 34.0)),
    "days": [Date(2026, 1, 1), Date(1999, 12, 31)],
}
DUMP_RELATIONSHIPS = (
    "MATCH (s)-[r]->(t) RETURN properties(s) AS s, type(r) AS type, properties(r) AS r, properties(t) AS t"
)


async def content(database: Database) -> tuple[list[str], list[str]]:
    nodes = await database.read(
        "MATCH (n) WHERE NOT (n:WriteGate OR n:MigrationTurn) RETURN labels(n) AS labels, properties(n) AS p"
    )
    relationships = await database.read(DUMP_RELATIONSHIPS)
    return (
        sorted(f"{sorted(row['labels'])} {sorted(row['p'].items())}" for row in nodes),
        sorted(
            f"{sorted(row['s'].items())} {row['type']} {sorted(row['r'].items())} {sorted(row['t'].items())}"
            for row in relationships
        ),
    )


@pytest.fixture
async def filled(own_database: Database) -> Database:
    await own_database.write(
        "MATCH (n) WHERE NOT (n:WriteGate OR n:SchemaVersion OR n:OutboxCounter OR n:RestoreMarker)"
        " AND NOT (n:Graph AND n.name = 'default') DETACH DELETE n"
    )
    await own_database.write("MATCH (m:RestoreMarker) DELETE m")
    await own_database.write("CREATE (n:Everything:`Odd label ``x`) SET n = $values", {"values": EVERYTHING})
    await own_database.write("CREATE ()-[:ALONE]->()")
    await own_database.write(
        "UNWIND range(1, 5000) AS i CREATE (n:KnowledgeNode:Note {id: toString(i), graph: 'default',"
        " title: 'note ' + i, content: 'about rivers', tags: ['t'], updated_at: '2026', rev: 1})"
        " WITH n, i MATCH (g:Graph {name: 'default'}) CREATE (g)-[:CONTAINS]->(n)"
    )
    await own_database.write(
        "MATCH (a:Note), (b:Note) WHERE toInteger(a.id) + 1 = toInteger(b.id)"
        " CREATE (a)-[:RELATES_TO {weight: 0.5, blob: $blob}]->(b) CREATE (a)-[:RELATES_TO]->(a)",
        {"blob": b"\x00\xff"},
    )
    return own_database


async def test_everything_comes_back(filled: Database, tmp_path: Path) -> None:
    await filled.write("MATCH (n:Everything) SET n.berlin = datetime('2026-07-01T12:00:00[Europe/Berlin]')")
    await filled.write("MATCH (n:Everything) SET n.offset = datetime('2026-07-01T12:00:00.5+05:30')")
    before = await content(filled)
    seen: list[tuple[int, int]] = []
    saved = await backup(filled, tmp_path / "graph.backup", progress=lambda *pair: seen.append(pair))
    assert seen[-1] == (saved.nodes + saved.relationships,) * 2
    assert (tmp_path / "graph.backup").stat().st_mode & 0o777 == 0o600
    await filled.write("MATCH (n:Note) WHERE toInteger(n.id) % 2 = 0 DETACH DELETE n")
    await filled.write("CREATE (:Note {title: 'later'})")
    brought = await restore(filled, tmp_path / "graph.backup", replace=True)
    assert (brought.nodes, brought.relationships, brought.sha256) == (
        saved.nodes,
        saved.relationships,
        saved.sha256,
    )
    assert await content(filled) == before
    assert await interrupted(filled) is None
    hits = await filled.read(
        "CALL db.index.fulltext.queryNodes('knowledge_text', 'river') YIELD node RETURN count(node) AS count"
    )
    assert hits[0]["count"] == 5000


async def test_a_graph_with_content_is_not_replaced_unasked(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "graph.backup"
    await backup(filled, file)
    before = await content(filled)
    with pytest.raises(Conflict, match="the graph has content") as raised:
        await restore(filled, file)
    assert "--replace" in (raised.value.hint or "")
    assert await content(filled) == before


async def test_uses_of_secrets_come_back(filled: Database, tmp_path: Path) -> None:
    reference = SecretReference("secret/app", "key")
    await SecretUses(filled).use("default", "1", reference, actor="ada")
    await backup(filled, tmp_path / "graph.backup")
    await SecretUses(filled).stop("default", "1", reference)
    await restore(filled, tmp_path / "graph.backup", replace=True)
    [[use]] = await SecretUses(filled).of_nodes([("default", "1")], 10)
    assert (use.reference, use.created_by) == ("vault:secret/app#key", "ada")


async def test_an_existing_file_is_not_replaced_unasked(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "graph.backup"
    file.write_text("precious")
    with pytest.raises(Conflict, match="exists"):
        await backup(filled, file)
    assert file.read_text() == "precious"
    await backup(filled, file, force=True)
    assert file.stat().st_size > 10_000


async def test_writers_wait_and_the_copy_is_of_one_instant(filled: Database, tmp_path: Path) -> None:
    """Every write makes a pair: a copy that holds half a pair would show that a writer got in."""
    stop = asyncio.Event()

    async def write_pairs() -> int:
        pairs = 0
        while not stop.is_set():
            await filled.write("CREATE (:Left {n: $n})-[:PAIR]->(:Right {n: $n})", {"n": pairs})
            pairs += 1
        return pairs

    writers = [asyncio.create_task(write_pairs()) for _ in range(3)]
    saved = await backup(filled, tmp_path / "graph.backup")
    stop.set()
    written = sum(await asyncio.gather(*writers))
    assert await filled.read_one("MATCH (n:Left) RETURN count(n)") == written
    await restore(filled, tmp_path / "graph.backup", replace=True)
    halves = [await filled.read_one(f"MATCH (n:{side}) RETURN count(n)") for side in ("Left", "Right")]
    pairs = await filled.read_one("MATCH (:Left)-[r:PAIR]->(:Right) RETURN count(r)")
    assert halves == [pairs, pairs]
    assert saved.nodes == await filled.read_one("MATCH (n) WHERE NOT (n:WriteGate OR n:MigrationTurn) RETURN count(n)")


async def test_two_backups_at_once_do_not_disturb_each_other(filled: Database, tmp_path: Path) -> None:
    results = await asyncio.gather(
        *(backup(filled, tmp_path / f"{number}.backup") for number in range(2)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, Conflict)]
    assert all("held already" in error.message for error in refused)
    assert len(refused) == 1
    assert len(list(tmp_path.iterdir())) == 1


def command(home: Home, *arguments: str) -> dict[str, Any]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    return {
        "args": [sys.executable, "-m", "stratumiops.ui.cli.platform", *arguments, "--home", str(home.root)],
        "env": environ,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
    }


async def test_a_full_disk_leaves_no_half_file(
    filled: Database, running: tuple[Home, ManagedNeo4j], tmp_path: Path
) -> None:
    process = subprocess.run(
        **command(running[0], "backup", str(tmp_path / "graph.backup")),
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert process.returncode == 6, process.stderr
    assert "no space left" in process.stderr
    assert list(tmp_path.iterdir()) == []
    await filled.write("CREATE (:AfterFullDisk)")  # writers go on


async def test_a_restore_cut_by_kill_9_is_noticed_and_completed(
    filled: Database, running: tuple[Home, ManagedNeo4j], tmp_path: Path
) -> None:
    file = tmp_path / "graph.backup"
    before = await content(filled)
    await backup(filled, file)
    await refuse_half_restored(filled)
    process = subprocess.Popen(**command(running[0], "restore", str(file), "--replace"))
    while await interrupted(filled) is None:
        assert process.poll() is None, process.communicate()
        never(0.005)
    process.kill()
    process.wait()
    assert await interrupted(filled) == "graph.backup"
    with pytest.raises(Unavailable, match=r"being restored from graph\.backup"):
        await refuse_half_restored(filled)
    with pytest.raises(Conflict, match=r"held already|half restored"):
        await backup(filled, tmp_path / "second.backup")
    assert not (tmp_path / "second.backup").exists()
    await wait_for_gate(filled)
    await restore(filled, file)
    assert await content(filled) == before
    await refuse_half_restored(filled)


async def wait_for_gate(database: Database) -> None:
    """The hold of a killed process runs out by itself, within 15 s."""
    await database.write("MATCH (g:WriteGate) SET g.noticed = 1 REMOVE g.noticed")


async def test_a_backup_cut_by_kill_9_leaves_the_graph_usable(
    filled: Database, running: tuple[Home, ManagedNeo4j], tmp_path: Path
) -> None:
    process = subprocess.Popen(**command(running[0], "backup", str(tmp_path / "graph.backup")))
    while not list(tmp_path.glob("*.part")):
        assert process.poll() is None, process.communicate()
        never(0.005)
    process.kill()
    process.wait()
    assert not (tmp_path / "graph.backup").exists()
    await wait_for_gate(filled)
    saved = await backup(filled, tmp_path / "graph.backup")
    assert saved.nodes > 5000
