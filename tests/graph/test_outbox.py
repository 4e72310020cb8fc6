"""The stream of committed changes: numbered without gaps, in each node's own order, whoever writes."""

import asyncio
from itertools import pairwise

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.outbox import ChangeEvent, Outbox

from .conftest import NewEdge, NewNode


async def events_of(outbox: Outbox, graph: str, since: int = 0) -> list[ChangeEvent]:
    """The numbered events of one graph; the numbers of all graphs together must have no gap."""
    found: list[ChangeEvent] = []
    while batch := await outbox.after(since, limit=100):
        assert [event.seq for event in batch] == list(range(since + 1, since + 1 + len(batch)))
        since = batch[-1].seq
        found += batch
    return [event for event in found if event.graph == graph]


async def test_events_are_numbered_in_order(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    outbox = Outbox(database)
    await outbox.sequence()
    start = await outbox.head()
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    await writer.link(edge("a", "b"), actor="ada")
    await writer.update_node(graph_name, "a", 1, {"title": "x"}, actor="bob")
    await writer.delete_node(graph_name, "a", actor="bob")
    await outbox.sequence()
    found = await events_of(outbox, graph_name, start)
    assert [(event.op, event.ids, event.revs, event.actor) for event in found] == [
        ("node.created", ("a", "b"), (1, 1), "ada"),
        ("relation.created", ("a", "b"), (), "ada"),
        ("node.updated", ("a",), (2,), "bob"),
        ("node.deleted", ("a",), (3,), "bob"),
    ]
    assert found[1].types == ("depends_on",)
    assert await outbox.head() >= found[-1].seq


async def test_a_change_that_fails_has_no_event(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a")], actor="ada")
    await asyncio.gather(
        *(writer.update_node(graph_name, "a", 1, {"title": str(i)}, actor="ada") for i in range(5)),
        return_exceptions=True,
    )
    count = "MATCH (e:OutboxEvent {graph: $graph}) RETURN count(e)"
    assert await database.read_one(count, {"graph": graph_name}) == 2


async def test_several_sequencers_beside_writers_leave_no_gap_and_keep_each_nodes_order(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    outbox = Outbox(database)
    await outbox.sequence()
    start = await outbox.head()
    names = [f"n{i}" for i in range(6)]
    await writer.create_nodes([node(name) for name in names], actor="ada")
    writing = asyncio.Event()

    async def change(name: str) -> None:
        for rev in range(1, 16):
            await writer.update_node(graph_name, name, rev, {"title": f"{rev}"}, actor="ada")

    async def number() -> None:
        while not writing.is_set():
            await outbox.sequence()

    sequencers = [asyncio.create_task(number()) for _ in range(3)]
    await asyncio.gather(*(change(name) for name in names))
    writing.set()
    await asyncio.gather(*sequencers)
    await outbox.sequence()
    found = await events_of(outbox, graph_name, start)
    assert len(found) == 1 + 15 * len(names)
    for name in names:
        revs = [event.revs[event.ids.index(name)] for event in found if name in event.ids]
        assert revs == list(range(1, 17))
    assert all(earlier.seq < later.seq for earlier, later in pairwise(found))


async def test_pruning_forgets_numbered_events_only(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    outbox = Outbox(database)
    await writer.create_nodes([node("a")], actor="ada")
    await outbox.sequence()
    await writer.update_node(graph_name, "a", 1, {"title": "x"}, actor="ada")
    year = {"graph": graph_name, "at": "2001-01-01T00:00:00.000000Z"}
    await database.write("MATCH (e:OutboxEvent {graph: $graph}) SET e.at = $at", year)
    assert await outbox.prune(20 * 365 * 86_400) >= 1
    left = await database.read(
        "MATCH (e:OutboxEvent {graph: $graph}) RETURN e.op AS op, e:OutboxPending AS pending", {"graph": graph_name}
    )
    assert left in ([{"op": "node.updated", "pending": True}], [])  # another process may have numbered it first
