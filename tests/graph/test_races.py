"""Many writers at once: exactly one wins, nothing is half, nobody hangs."""

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

from stratumiops.graph.errors import Conflict, NotFound
from stratumiops.graph.models import RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.history import revisions
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import NewEdge, NewNode
from .test_writes import facts

EXPECTED = (Conflict, NotFound)


async def outcomes(calls: list[Coroutine[Any, Any, Any]]) -> tuple[list[Any], list[BaseException]]:
    """Results and errors of calls that run at once; errors other than a lost race fail the test."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    errors = [each for each in found if isinstance(each, BaseException)]
    unexpected = [error for error in errors if not isinstance(error, EXPECTED)]
    assert not unexpected, unexpected
    return [each for each in found if not isinstance(each, BaseException)], errors


async def test_of_updates_of_one_revision_exactly_one_wins(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a")], actor="ada")
    for rev in range(1, 11):
        won, lost = await outcomes(
            [writer.update_node(graph_name, "a", rev, {"title": f"{rev}.{i}"}, actor="ada") for i in range(8)]
        )
        assert (len(won), len(lost)) == (1, 7)
    states = await revisions(database, graph_name, "a")
    assert [state["rev"] for state in states] == list(range(11, 0, -1))
    instants = [state["valid_from"] for state in states]
    assert instants == sorted(instants, reverse=True)


async def test_of_deletions_exactly_one_wins_and_of_returns_too(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    await writer.create_nodes([node("a"), node("b")], [edge("a", "b")], actor="ada")
    for _ in range(5):
        won, _ = await outcomes([writer.delete_node(graph_name, "a", actor=f"w{i}") for i in range(6)])
        assert len(won) == 1
        won, _ = await outcomes([writer.undelete_node(graph_name, "a", actor=f"w{i}") for i in range(6)])
        assert len(won) == 1
    found = await facts(database, graph_name)
    assert found["live"] == ["a", "b"]
    assert found["relations"].count(("a", "DEPENDS_ON", "b")) == 1
    assert len(found["old"]) == 5


async def test_linking_the_same_pair_leaves_one_live_relation(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    won, lost = await outcomes([writer.link(edge("a", "b", weight=i), actor="ada") for i in range(12)])
    assert (len(won), lost) == (12, [])
    relations = (await facts(database, graph_name))["relations"]
    assert relations.count(("a", "DEPENDS_ON", "b")) == 1
    assert relations.count(("a", "WAS_DEPENDS_ON", "b")) == 11


async def test_links_in_both_directions_do_not_deadlock(writer: KnowledgeWriter, node: NewNode, edge: NewEdge) -> None:
    await writer.create_nodes([node(name) for name in "abcd"], actor="ada")
    pairs = [(s, t) for s in "abcd" for t in "abcd" if s != t]
    calls = [
        writer.link(edge(s, t, relation=relation), actor="ada")
        for s, t in pairs
        for relation in (RelationType.EXTENDS, RelationType.EXPLAINS)
    ]
    won, lost = await outcomes(calls)  # type: ignore[arg-type]
    assert (len(won), lost) == (24, [])


async def test_deleting_while_linking_leaves_no_half(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    names = [f"n{i}" for i in range(10)]
    await writer.create_nodes([node(name) for name in [*names, "hub"]], actor="ada")
    calls: list[Coroutine[Any, Any, Any]] = []
    for name in names:
        calls += [
            writer.link(edge(name, "hub"), actor="ada"),
            writer.delete_node(graph_name, name, actor="ada"),
            writer.link(edge("hub", name), actor="ada"),
        ]
    calls.insert(15, writer.delete_node(graph_name, "hub", actor="ada"))
    await outcomes(calls)
    halves = await database.read_one(
        "MATCH (n:Tombstone {graph: $graph})-[r]-() WHERE NOT type(r) STARTS WITH 'WAS_'"
        " AND type(r) <> 'HAS_REVISION' RETURN count(r)",
        {"graph": graph_name},
    )
    assert halves == 0
    assert (await facts(database, graph_name))["live"] == []


async def test_updates_and_deletions_at_once_keep_a_straight_history(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    names = [f"n{i}" for i in range(6)]
    await writer.create_nodes([node(name) for name in names], actor="ada")
    calls: list[Coroutine[Any, Any, Any]] = []
    for name in names:
        calls += [writer.update_node(graph_name, name, 1, {"title": "x"}, actor="ada")]
        calls += [writer.delete_node(graph_name, name, actor="ada")]
    await outcomes(calls)
    for name in names:
        states = await revisions(database, graph_name, name)
        assert [state["rev"] for state in states] == list(range(len(states), 0, -1))
        assert states[0]["change"] == "tombstone"
        for newer, older in pairwise(states):
            assert older["valid_to"] == newer["valid_from"]


async def test_creating_one_id_many_times_makes_it_once(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    won, lost = await outcomes([writer.create_nodes([node("a")], actor="ada") for _ in range(8)])
    assert (len(won), len(lost)) == (1, 7)
    calls: list[Coroutine[Any, Any, Any]] = [writer.delete_node(graph_name, "a", actor="ada")]
    calls += [writer.create_nodes([node("a")], actor="ada") for _ in range(8)]
    won, _ = await outcomes(calls)
    found = await facts(database, graph_name)
    assert (len(won), found["live"], found["gone"]) == (1, [], ["a"])


async def test_one_idempotency_key_at_once_acts_once(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    key = f"key-{graph_name}"
    found = await asyncio.gather(
        *(writer.create_nodes([node(title="x")], actor="ada", idempotency_key=key) for _ in range(8))
    )
    assert len({tuple(ids) for ids in found}) == 1
    assert (await facts(database, graph_name))["live"] == found[0]
    await database.write("MATCH (i:Idempotency {key: $key}) DELETE i", {"key": key})
