"""Time: whatever is done to a graph, its present and its past are those of the reference model."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stratumiops.graph.errors import Conflict, NotFound, StratumError
from stratumiops.graph.ids import format_instant, parse_instant
from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.history import edges_at, nodes_at, revisions
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import FreshGraph, NewNode
from .reference import Key, ReferenceGraph

IDS = st.sampled_from(["a", "b", "c"])
STALE = st.sampled_from([False, False, False, False, True])
RELATIONS = st.sampled_from([RelationType.DEPENDS_ON, RelationType.SUPERSEDES])
TITLES = st.sampled_from(["one", "two", "three"])
START: list[tuple[Any, ...]] = [
    ("create", "a", "one"),
    ("create", "b", "one"),
    ("link", "a", "b", RelationType.DEPENDS_ON, 1.0),
]
LINKED = START[2][1:4]
OPERATIONS = st.one_of(
    st.tuples(st.just("create"), IDS, TITLES),
    st.tuples(st.just("update"), IDS, TITLES, STALE),
    st.tuples(st.just("delete"), IDS, STALE),
    st.tuples(st.just("undelete"), IDS),
    st.tuples(st.just("link"), IDS, IDS, RELATIONS, st.sampled_from([1.0, 2.0])),
    st.tuples(st.just("unlink"), IDS, IDS, RELATIONS),
)


class Run:
    """Does each operation to the store and to the model, and checks that both refuse the same."""

    def __init__(self, writer: KnowledgeWriter, graph: str) -> None:
        self.writer = writer
        self.graph = graph
        self.model = ReferenceGraph()

    async def do(self, name: str, *args: Any) -> None:
        await getattr(self, name)(*args)

    async def create(self, node_id: str, title: str) -> None:
        node = Node(id=node_id, graph=self.graph, type=NodeType.NOTE, title=title)
        if node_id in self.model.revs:
            await self.refused(Conflict, self.writer.create_nodes([node], actor="ada"))
            return
        await self.writer.create_nodes([node], actor="ada")
        self.model.create(node_id, title, (await self.current(node_id))["updated_at"])

    async def update(self, node_id: str, title: str, stale: bool) -> None:
        rev = self.model.revs.get(node_id, 1) - stale
        change = self.writer.update_node(self.graph, node_id, rev, {"title": title}, actor="ada")
        if node_id not in self.model.live:
            await self.refused(NotFound, change)
        elif stale:
            await self.refused(Conflict, change)
        else:
            self.model.update(node_id, title, (await change)["updated_at"])

    async def delete(self, node_id: str, stale: bool) -> None:
        rev = self.model.revs.get(node_id, 1) + 1 if stale else None
        change = self.writer.delete_node(self.graph, node_id, rev, actor="ada")
        if node_id not in self.model.live:
            await self.refused(NotFound, change)
        elif stale:
            await self.refused(Conflict, change)
        else:
            deleted_at = (await change)["deleted_at"]
            assert deleted_at is not None
            self.model.delete(node_id, deleted_at)

    async def undelete(self, node_id: str) -> None:
        change = self.writer.undelete_node(self.graph, node_id, actor="ada")
        if node_id not in self.model.revs:
            await self.refused(NotFound, change)
        elif node_id in self.model.live:
            await self.refused(Conflict, change)
        else:
            self.model.undelete(node_id, (await change)["updated_at"])

    async def link(self, source: str, target: str, relation: RelationType, weight: float) -> None:
        edge = Edge(graph=self.graph, source=source, target=target, relation=relation, weight=weight)
        if source == target or not {source, target} <= self.model.live:
            await self.refused(StratumError, self.writer.link(edge, actor="ada"))
            return
        made = await self.writer.link(edge, actor="ada")
        self.model.link((source, target, relation.value), weight, made.valid_from)

    async def unlink(self, source: str, target: str, relation: RelationType) -> None:
        edge = Edge(graph=self.graph, source=source, target=target, relation=relation)
        key: Key = (source, target, relation.value)
        if key not in self.model.live_edges():
            await self.refused(StratumError, self.writer.unlink(edge, actor="ada"))
            return
        ended = await self.writer.unlink(edge, actor="ada")
        assert ended.valid_to is not None
        self.model.unlink(key, ended.valid_to)

    async def refused(self, kind: type[StratumError], change: Any) -> None:
        try:
            await change
        except kind:
            return
        raise AssertionError(f"{kind.__name__} was expected")

    async def current(self, node_id: str) -> dict[str, Any]:
        return (await revisions(self.writer._db, self.graph, node_id, 1))[0]


@settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(operations=st.lists(OPERATIONS, min_size=15, max_size=40))
@example(operations=[("delete", "a", False), ("delete", "b", False), ("undelete", "a"), ("undelete", "b")])
@example(
    operations=[
        ("delete", "a", False),
        ("undelete", "a"),
        ("unlink", *LINKED),
        ("delete", "b", False),
        ("undelete", "b"),
    ]
)
async def test_present_and_past_are_those_of_the_reference(
    database: Database, writer: KnowledgeWriter, fresh_graph: FreshGraph, operations: list[tuple[Any, ...]]
) -> None:
    async with fresh_graph() as graph:
        run = Run(writer, graph)
        for operation in (*START, *operations):
            await run.do(*operation)
        for instant in probes(run.model.instants()):
            await check_instant(database, graph, run.model, instant)
        for node_id in run.model.revs:
            await check_history(database, graph, run.model, node_id)


def probes(instants: list[str]) -> list[str]:
    """Some 30 instants: changes, and the microseconds around them."""
    shifts = [timedelta(microseconds=shift) for shift in (-1, 0, 1)]
    every = sorted({format_instant(parse_instant(i) + shift) for i in instants for shift in shifts})
    return every[:: 1 + len(every) // 30]


async def check_instant(database: Database, graph: str, model: ReferenceGraph, instant: str) -> None:
    states = await nodes_at(database, graph, instant)
    nodes = {node.id: (node.rev, node.title) for node in states}
    assert len(nodes) == len(states), instant
    assert nodes == model.nodes_at(instant), instant
    held = await edges_at(database, graph, instant)
    edges = {(e.source, e.target, e.relation.value): e.weight for e in held}
    assert len(edges) == len(held), instant
    assert edges == model.edges_at(instant), instant
    assert {end for key in edges for end in key[:2]} <= nodes.keys(), "a relation outlives its ends"


async def check_history(database: Database, graph: str, model: ReferenceGraph, node_id: str) -> None:
    states = await revisions(database, graph, node_id, 1_000)
    if node_id not in model.live:
        assert states[0]["change"] == "tombstone"
        states = states[1:]
    found = [(s["rev"], s["title"], s["valid_from"], s["valid_to"]) for s in reversed(states)]
    expected = [(*s.value, s.valid_from, s.valid_to) for s in model.nodes[node_id] if isinstance(s.value, tuple)]
    assert found == expected


async def test_an_instant_never_runs_backwards(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    """Another machine's clock is ahead: later changes here still come after its changes."""
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    ahead = "2999-12-31T23:59:59.000009Z"
    await database.write(
        "MATCH (n:KnowledgeNode {graph: $graph, id: 'a'}) SET n.updated_at = $at", {"graph": graph_name, "at": ahead}
    )
    change = await writer.update_node(graph_name, "a", 1, {"title": "x"}, actor="ada")
    assert change["updated_at"] == "2999-12-31T23:59:59.000010Z"
    edge = Edge(graph=graph_name, source="b", target="a", relation=RelationType.EXTENDS)
    made = await writer.link(edge, actor="ada")
    assert made.valid_from == "2999-12-31T23:59:59.000011Z"
    again = await writer.link(Edge(**{**_fields(edge), "weight": 2.0}), actor="ada")
    assert again.valid_from == "2999-12-31T23:59:59.000012Z"
    gone = await writer.delete_node(graph_name, "a", actor="ada")
    assert gone["deleted_at"] == "2999-12-31T23:59:59.000011Z"
    back = await writer.undelete_node(graph_name, "a", actor="ada")
    assert back["updated_at"] > str(gone["deleted_at"])


def _fields(edge: Edge) -> dict[str, Any]:
    return {name: getattr(edge, name) for name in ("graph", "source", "target", "relation", "weight")}
