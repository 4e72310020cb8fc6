"""The embedding job: what is committed gets its vectors, whatever happens on the way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.embedding import job as job_module
from stratumiops.ingest.embedding.generations import BUILDING, SERVING
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.ports import ModelSpec, Provider
from stratumiops.ingest.retrieval.models import SearchMode

from .conftest import Lab, until
from .servers import Provider as Server
from .servers import provider

LONG = "\n\n".join(f"## Part {number}\n\n" + f"Text of part {number}. " * 60 for number in range(6))


@pytest.fixture
def server() -> Iterator[Server]:
    with provider() as state:
        yield state


def ollama(server: Server, model: str = "one") -> ModelSpec:
    return ModelSpec(provider=Provider.OLLAMA, url=server.url, model=model)


async def test_what_is_there_and_what_comes_is_embedded(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats", "A cat sleeps on the warm windowsill."))
    async with lab.running():
        await lab.embedded()
        await lab.create(lab.node("b", "Money", "Share prices fell on the exchange."))
        await lab.embedded()
        assert await lab.ids("kitten dozing in the sun", SearchMode.SEMANTIC) == ["a", "b"]
        assert await lab.ids("stock market losses") == ["b", "a"]


async def test_nothing_is_loaded_before_there_is_something_to_embed(lab: Lab) -> None:
    idle = replace(lab, models=Models())
    async with idle.running() as job:
        await until(lambda: _true(job.progress.holder))
        assert idle.models.opened(ModelSpec()) is None
        assert await idle.generations.all() == []
        await idle.create(idle.node("a", "First"))
        await idle.embedded()
        assert idle.models.opened(ModelSpec()) is not None


async def _true(value: object) -> bool:
    return bool(value)


async def test_changes_touch_only_what_changed(lab: Lab) -> None:
    await lab.create(lab.node("a", "Long", LONG))
    async with lab.running() as job:
        await lab.embedded()
        before = await lab.chunks()
        assert len(before) > 3
        await until(lambda: _true(job.progress.embedded == len(before)))
        changed = LONG.replace("Text of part 5.", "Quite another text.")
        await lab.writer.update_node(lab.graph, "a", 1, {"content": changed}, actor="ada")
        lab.feed.poke()
        await lab.embedded()
        after = await lab.chunks()
        kept = {one["id"] for one in before} & {one["id"] for one in after}
        assert 0 < len(after) - len(kept) < len(after)
        await until(lambda: _true(job.progress.embedded == len(before) + len(after) - len(kept)))
        assert {one["rev"] for one in after} == {2}
        await lab.writer.update_node(lab.graph, "a", 2, {"tags": ["x"]}, actor="ada")
        lab.feed.poke()
        await lab.embedded()
        assert job.progress.embedded == len(before) + len(after) - len(kept)


async def test_deleted_nodes_lose_their_chunks_and_get_them_back(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats", "A cat."), lab.node("b", "Dogs", "A dog."))
    async with lab.running():
        await lab.embedded()
        await lab.writer.delete_node(lab.graph, "a", actor="ada")
        assert await lab.ids("cat", SearchMode.SEMANTIC) == ["b"]
        lab.feed.poke()
        await until(lambda: _only(lab, {"b"}))
        await lab.writer.undelete_node(lab.graph, "a", actor="ada")
        lab.feed.poke()
        await until(lambda: _only(lab, {"a", "b"}))
        await lab.embedded()
        assert await lab.ids("cat", SearchMode.SEMANTIC) == ["a", "b"]


async def _only(lab: Lab, ids: set[str]) -> bool:
    return {one["node"] for one in await lab.chunks()} == ids


async def test_what_was_deleted_while_nobody_looked_is_cleaned_up(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats"), lab.node("b", "Dogs"))
    async with lab.running():
        await lab.embedded()
    await lab.writer.delete_node(lab.graph, "a", actor="ada")
    async with lab.running():
        await until(lambda: _only(lab, {"b"}))


async def test_more_changes_than_fit_are_found_in_the_graph(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_module, "MAX_PENDING", 5)
    await lab.create(lab.node("first", "First"))
    async with lab.running():
        await lab.embedded()
        await lab.create(*(lab.node(f"n{number}", f"Node {number}") for number in range(40)))
        await lab.embedded()
        assert len(await lab.chunks()) == 41


async def test_one_process_at_a_time(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats"))
    async with lab.running() as one:
        await until(lambda: _true(one.progress.holder))
        async with lab.running() as other:
            await lab.embedded()
            assert not other.progress.holder


# ---- another model


async def test_another_model_takes_over_when_it_is_whole(lab: Lab, server: Server) -> None:
    await lab.create(*(lab.node(f"n{number}", f"Node {number}", f"cat number {number}") for number in range(5)))
    async with lab.running():
        await lab.embedded()
    [first] = await lab.generations.all()
    other = lab.with_model(ollama(server))
    async with other.running():
        await until(lambda: _serves(other, "one"))
        await until(lambda: _gone(other, first.name))
    [second] = await other.generations.all()
    assert (first.model, first.dimensions, second.dimensions) == ("all-MiniLM-L6-v2", 384, 32)
    assert second.name != first.name
    assert second.vector != first.vector
    assert {one["index"] for one in await other.chunks()} == {second.name}
    names = await lab.database.read(
        "SHOW VECTOR INDEXES YIELD name WHERE name STARTS WITH $start RETURN name", {"start": lab.options.family}
    )
    assert [row["name"] for row in names] == [second.name]
    assert "n3" in await other.ids("cat number 3", SearchMode.SEMANTIC)


async def _serves(lab: Lab, model: str) -> bool:
    serving = await lab.generations.serving()
    return serving is not None and serving.model == model


async def _gone(lab: Lab, name: str) -> bool:
    return name not in [one.name for one in await lab.generations.all()]


async def test_the_old_index_serves_and_is_kept_fresh_meanwhile(lab: Lab, server: Server) -> None:
    await lab.create(lab.node("a", "Cats", "A cat."))
    async with lab.running():
        await lab.embedded()
    other = lab.with_model(ollama(server))
    server.down = True
    async with other.running() as job:
        await until(lambda: _true(job.progress.problem))
        assert await other.ids("kitten", SearchMode.SEMANTIC) == ["a"]
        report = await other.retrieval.status([lab.graph])
        assert (report.model, report.state) == ("all-MiniLM-L6-v2", "idle")
        server.down = False
        await until(lambda: _serves(other, "one"))


async def test_a_model_that_changes_its_dimension_is_another_model(lab: Lab, server: Server) -> None:
    mine = lab.with_model(ollama(server))
    await mine.create(mine.node("a", "Cats", "A cat."))
    async with mine.running():
        await mine.embedded()
        server.dimensions = 48
        await mine.create(mine.node("b", "Dogs", "A dog."))
        await until(lambda: _has_dimensions(mine, 48))
        await mine.embedded()
        await until(lambda: _true(mine.models.opened(mine.options.spec)))
    fresh = replace(mine, models=Models())
    assert set(await fresh.ids("cat", SearchMode.SEMANTIC)) == {"a", "b"}


async def _has_dimensions(lab: Lab, dimensions: int) -> bool:
    serving = await lab.generations.serving()
    return serving is not None and serving.dimensions == dimensions


async def test_other_sizes_of_chunks_are_made_anew(lab: Lab) -> None:
    await lab.create(lab.node("a", "Long", LONG))
    async with lab.running():
        await lab.embedded()
    before = len(await lab.chunks())
    small = lab.with_model(lab.options.spec, chunking=replace(lab.options.chunking, tokens=64, overlap=8))
    async with small.running():
        await until(lambda: _cut_by(small, 64))
        await until(lambda: _one_index(small))
    assert len(await small.chunks()) > before


async def _cut_by(lab: Lab, tokens: int) -> bool:
    serving = await lab.generations.serving()
    return serving is not None and serving.chunk_tokens == tokens


async def _one_index(lab: Lab) -> bool:
    return len({one["index"] for one in await lab.chunks()}) == 1


# ---- faults


async def test_a_provider_that_is_down_is_tried_again_and_words_still_find(lab: Lab, server: Server) -> None:
    mine = lab.with_model(ollama(server))
    await mine.create(mine.node("a", "Cats", "A cat."))
    async with mine.running() as job:
        await mine.embedded()
        server.down = True
        await mine.create(mine.node("b", "Dogs", "A dog."))
        await until(lambda: _true(job.progress.problem))
        report = await mine.retrieval_of(job).status([mine.graph])
        assert (report.state, report.pending) == ("waiting", 1)
        assert "503" in (report.problem or "")
        [hit] = await replace(mine, models=Models()).search("dog")
        assert (hit.node["id"], hit.mode) == ("b", SearchMode.TEXT)
        assert hit.reasons[0].startswith("by words alone: ollama answered with HTTP 503")
        server.down = False
        await mine.embedded()
        await until(lambda: _true(job.progress.problem is None))


@pytest.mark.parametrize("state", [SERVING, BUILDING])
async def test_indexes_that_are_missing_are_made_again(lab: Lab, server: Server, state: str) -> None:
    """As after a restore, which brings nodes and no indexes; or after a kill between record and index."""
    await lab.create(lab.node("a", "Cats", "A cat."))
    async with lab.running():
        await lab.embedded()
    if state == BUILDING:
        other = lab.with_model(ollama(server))
        await other.generations.add(await other.generations.all(), 32)
    else:
        other = lab
    for generation in await lab.generations.all():
        await lab.database.write(f"DROP INDEX {generation.name}", past_gate=True)
    async with other.running():
        if state == BUILDING:
            await until(lambda: _serves(other, "one"))
        await until(lambda: _index_there(other))
    assert await other.ids("cat", SearchMode.SEMANTIC) == ["a"]


async def _index_there(lab: Lab) -> bool:
    serving = await lab.generations.serving()
    rows = await lab.database.read(
        "SHOW VECTOR INDEXES YIELD name, state WHERE name = $name AND state = 'ONLINE' RETURN name",
        {"name": serving.name if serving else ""},
    )
    return bool(rows)


_CHILD = """
import asyncio, sys
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.outbox import Outbox
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.embedding.job import EmbeddingJob
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.resolvers.changes import BackgroundChanges
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.metrics import Metrics

async def main(uri, password, graph, family):
    db = Database(Neo4jSettings(uri, password=password))
    await db.connect()
    feed = EventFeed(Outbox(db), Metrics(), poll_s=0.05)
    options = EmbeddingOptions(graphs=(graph,), family=family)
    job = EmbeddingJob(db, options, Models(), BackgroundChanges(Outbox(db), feed))
    await asyncio.gather(feed.run(), job.run())

asyncio.run(main(*sys.argv[1:]))
"""


async def test_killed_at_any_step_it_goes_on_where_it_was(
    lab: Lab, neo4j_settings: Neo4jSettings, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed again and again as chunks appear; in the end every node has its chunks, once."""
    writer = KnowledgeWriter(database)
    nodes = [lab.node(f"n{number:03}", f"Node {number}", f"Cat number {number}.") for number in range(500)]
    await writer.create_nodes(nodes, actor="ada")
    script = tmp_path / "child.py"
    script.write_text(_CHILD)
    command = [sys.executable, str(script), neo4j_settings.uri, neo4j_settings.password, lab.graph, lab.options.family]
    seen = 0
    for _ in range(3):
        await database.write("MATCH (l:EmbeddingLease {name: $name}) DELETE l", {"name": lab.options.family})
        child = subprocess.Popen(command, env=os.environ | {"PYTHONSAFEPATH": "1"})
        try:
            await until(partial(_more_than, lab, seen, child))
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        seen = len(await lab.chunks())
    await database.write("MATCH (l:EmbeddingLease {name: $name}) DELETE l", {"name": lab.options.family})
    async with lab.running():
        await lab.embedded()
    found = await lab.chunks()
    places = [(one["node"], one["place"]) for one in found]
    assert len(set(places)) == len(places)
    assert {one["node"] for one in found} == {node.id for node in nodes}
    assert len({one["index"] for one in found}) == 1


async def _more_than(lab: Lab, seen: int, child: "subprocess.Popen[bytes]") -> bool:
    assert child.poll() is None
    return len(await lab.chunks()) > seen or await lab.pending() == 0
