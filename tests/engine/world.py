"""A small graph with a bit of everything, the same every time but for its instants and the prefix of its names.

Three named graphs: `main` inherits `shared` and `extra`, `shared` inherits `extra`. All six types and relations,
pairs joined both ways and twice, ended and restarted relations, updated, deleted and undeleted nodes, missing
values, odd titles, and ties in everything that can be sorted by.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.registry import GraphRegistry

ODD_TITLES = (
    'She said "quote" and \\ backslash',
    "`backtick` $param {map} // comment",
    '") RETURN 1 //',
    "Ünïcödé 🎉 日本語 עברית",
    "x" * 118 + "🎉🎉🎉🎉",
    "' OR 1=1 --",
    "title:secret AND tags:* OR (unbalanced",
    "0",
    "null",
    "A",
    "a",
    "🎉 beyond the basic plane",
    "ﬃ at its end",
)
LABELS = (
    *("KnowledgeNode", "Tombstone", "Revision", "Document", "Block", "Chunk"),
    *("TextProfile", "Suggestion", "ImportJob", "SavedView"),
)
_STATUS = ("accepted", "proposed", None, "superseded")
_DATES = ("2026-01-05", None, "2026-01-05", "2025-12-31", None, "2026-03-01")
_TAGS = (("redis", "cache"), (), ("cache",), ("two words", "ünï"), ("redis", "queue", "x"))
_WORDS = ("cache", "redis", "queue", "eviction", "latency", "running", "decided", "budget")
_ACROSS = """
MATCH (a:KnowledgeNode {graph: $source, id: $a}), (b:KnowledgeNode {graph: $target, id: $b})
CREATE (a)-[:$($type) {weight: 1.0, origin: 'raw', valid_from: $from, valid_to: $to, recorded_at: $from,
  created_by: 'raw'}]->(b)
"""


class OwnGraphs(GraphRegistry):
    """A registry that knows only the graphs of one test: others use the same server."""

    def __init__(self, db: Database, prefix: str) -> None:
        super().__init__(db)
        self._prefix = prefix

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in super().names() if name.startswith(self._prefix))


@dataclass(frozen=True, slots=True)
class State:
    """What was there at an instant: nodes by graph and id, and (source, type, target) of each relation."""

    nodes: dict[tuple[str, str], dict[str, Any]]
    relations: set[tuple[tuple[str, str], str, tuple[str, str]]]


@dataclass(slots=True)
class World:
    """What tests may ask for. `nodes` are the stored properties of the live ones; `instants` in order.

    `states` has what the store held at an instant, read at that instant.
    """

    main: str
    shared: str
    extra: str
    registry: OwnGraphs
    nodes: list[dict[str, Any]] = field(default_factory=list)
    instants: list[str] = field(default_factory=list)
    deleted: tuple[str, ...] = ("n3", "n9")
    states: dict[str, "State"] = field(default_factory=dict)

    @property
    def graphs(self) -> tuple[str, ...]:
        """All three."""
        return self.main, self.shared, self.extra

    @property
    def ids(self) -> list[str]:
        """Ids of live and of deleted nodes."""
        return sorted({node["id"] for node in self.nodes} | set(self.deleted))


@asynccontextmanager
async def built(db: Database, prefix: str, *, across: bool = True) -> AsyncIterator[World]:
    """The graph, until the block ends; `across`: with relations between graphs."""
    registry = OwnGraphs(db, prefix)
    world = World(f"{prefix}-main", f"{prefix}-shared", f"{prefix}-extra", registry)
    try:
        await _fill(db, world, across=across)
        yield world
    finally:
        await dropped(db, prefix)


async def dropped(db: Database, prefix: str) -> None:
    """Remove what is in the graphs with this prefix, and them, but not their events: others count those."""
    for label in LABELS:
        found = f"MATCH (n:{label}) WHERE n.graph STARTS WITH $prefix"
        await db.write(f"{found} CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 5000 ROWS", {"prefix": prefix})
    await db.write("MATCH (g:Graph) WHERE g.name STARTS WITH $prefix DETACH DELETE g", {"prefix": prefix})


async def _fill(db: Database, world: World, *, across: bool) -> None:
    registry = world.registry
    await registry.load()
    await registry.create(world.extra, actor="builder", title="Extra", priority=1)
    await registry.create(world.shared, actor="builder", inherits={world.extra: 1})
    await registry.create(
        world.main, actor="builder", description="The main one", inherits={world.shared: 10, world.extra: 5}
    )
    writer, random_ = KnowledgeWriter(db), random.Random(11)
    await _observe(db, world)
    for graph, count, start in ((world.main, 22, 0), (world.shared, 10, 22), (world.extra, 8, 32)):
        nodes = [_node(graph, i) for i in range(start, start + count)]
        await writer.create_nodes(nodes, _edges(graph, nodes, random_), actor="ada")
        await writer.create_nodes([_twin(graph)], actor="grace")
    await _observe(db, world)
    await _change(writer, world)
    await _observe(db, world)
    for node_id in ("n3", "n9", "n12"):
        await writer.delete_node(world.main, node_id, actor="grace")
    await _observe(db, world)
    await writer.undelete_node(world.main, "n12", actor="ada")
    await writer.update_node(world.main, "n12", 3, {"title": "Back again"}, actor="ada")
    if across:
        await _join_graphs(db, world)
    await _observe(db, world)
    world.instants += ["2025-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z"]
    await registry.load()
    [*_, now] = world.states.values()
    world.nodes = [now.nodes[key] for key in sorted(now.nodes)]


async def _observe(db: Database, world: World) -> None:
    """Note what is there now."""
    graphs = {"graphs": list(world.graphs)}
    nodes = await db.read("MATCH (n:KnowledgeNode) WHERE n.graph IN $graphs RETURN properties(n) AS n", graphs)
    links = await db.read(
        "MATCH (a:KnowledgeNode)-[r]->(b:KnowledgeNode) WHERE a.graph IN $graphs AND NOT type(r) STARTS WITH 'WAS_' "
        "RETURN [a.graph, a.id] AS a, type(r) AS r, [b.graph, b.id] AS b",
        graphs,
    )
    now = utc_now()
    world.instants.append(now)
    world.states[now] = State(
        {(row["n"]["graph"], row["n"]["id"]): row["n"] for row in nodes},
        {(tuple(row["a"]), row["r"], tuple(row["b"])) for row in links},
    )


def _node(graph: str, i: int) -> Node:
    kind = list(NodeType)[i % 6]
    words = " ".join(_WORDS[(i * k + k) % len(_WORDS)] for k in range(1, 7))
    extra: dict[str, Any] = {}
    if kind is NodeType.DECISION and i % 2:
        extra = {"status_raw": "Accepted!", "deciders": ["Ada", "Grace"]}
    if kind is NodeType.GUIDELINE and i % 4:
        extra = {"priority": i % 3}
    if kind is NodeType.EXECUTION and i < 20:
        extra = {
            "project": "p",
            "task_type": "t",
            "agent_id": "a",
            "duration_ms": i,
            "tokens_used": 7,
            "cost_cents": 2.5,
        }
    return Node(
        id=f"n{i}",
        graph=graph,
        type=kind,
        title=ODD_TITLES[i] if i < len(ODD_TITLES) else f"Title {i % 4} {_WORDS[i % 8]}",
        content=f"# Head {i}\n\n{words} 🎉 {words}.\n" if i % 5 else "",
        tags=_TAGS[i % 5],
        status=_STATUS[i % 4],
        date=_DATES[i % 6],
        metadata={"i": i, "nested": {"list": [1, None, "ü"], "e": 1e300}} if i % 3 else {},
        path=f"docs/{i % 3}.md" if i % 2 else None,
        extra=extra,
    )


def _twin(graph: str) -> Node:
    return Node(id="twin", graph=graph, type=NodeType.NOTE, title="Twin cache", tags=("cache",))


def _edges(graph: str, nodes: list[Node], random_: random.Random) -> list[Edge]:
    pairs = {(random_.randrange(len(nodes)), random_.randrange(len(nodes)), random_.choice(list(RelationType)))
             for _ in range(4 * len(nodes))}  # fmt: skip
    both = {(0, 1, RelationType.RELATES_TO), (1, 0, RelationType.RELATES_TO), (0, 1, RelationType.EXTENDS)}
    return [
        Edge(graph=graph, source=nodes[a].id, target=nodes[b].id, relation=kind, weight=1 + (a % 3) / 2)
        for a, b, kind in sorted(pairs | both)
        if a != b
    ]


async def _change(writer: KnowledgeWriter, world: World) -> None:
    main = world.main
    await writer.update_node(main, "n1", 1, {"title": "Newer title", "status": None, "tags": ["new"]}, actor="grace")
    await writer.update_node(main, "n1", 2, {"content": "newest redis words"}, actor="ada")
    await writer.update_node(main, "n4", 1, {"date": "2027-07-07", "metadata": {"now": True}}, actor="grace")
    await writer.update_node(world.shared, "n23", 1, {"title": "Shared and changed"}, actor="grace")
    await writer.update_node(main, "twin", 1, {"content": "only in main"}, actor="grace")
    joined = Edge(graph=main, source="n0", target="n1", relation=RelationType.EXTENDS)
    await writer.unlink(joined, actor="grace")
    await writer.link(
        Edge(graph=main, source="n0", target="n1", relation=RelationType.RELATES_TO, weight=3.0), actor="ada"
    )
    await writer.link(
        Edge(graph=main, source="n0", target="n7", relation=RelationType.EXPLAINS, origin="agent"), actor="ada"
    )
    await writer.unlink(Edge(graph=main, source="n0", target="n7", relation=RelationType.EXPLAINS), actor="ada")
    await writer.link(
        Edge(graph=main, source="n0", target="n7", relation=RelationType.EXPLAINS, weight=0.1), actor="ada"
    )


async def _join_graphs(db: Database, world: World) -> None:
    """Relations between graphs, which this version never makes: what they lead to must be hidden all the same."""
    now = utc_now()
    for a, source, b, target, kind, until in (
        ("n0", world.main, "n23", world.shared, "RELATES_TO", None),
        ("n24", world.shared, "n2", world.main, "DEPENDS_ON", None),
        ("n2", world.main, "n33", world.extra, "EXPLAINS", None),
        ("n33", world.extra, "n4", world.main, "EXPLAINS", None),
        ("n1", world.main, "twin", world.shared, "WAS_EXTENDS", now),
        ("twin", world.main, "twin", world.shared, "SUPERSEDES", None),
    ):
        values = {"a": a, "source": source, "b": b, "target": target, "type": kind, "from": now, "to": until}
        await db.write(_ACROSS, values)
