"""What all contenders read: 20,000 nodes and 60,000 relations in three named graphs, always the same.

Stored in the platform's data model through plain UNWIND statements, so that every contender sees one store.
"""

import hashlib
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from neo4j import Driver, GraphDatabase

from stratumiops.graph.ids import format_instant
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.settings import Neo4jSettings

SEED = 20261123
START = datetime(2026, 1, 1, tzinfo=UTC)
WRITES = "bench-writes"
"""The graph that the write operations fill; emptied after each of them."""
STATUSES = {"accepted": 50, "proposed": 20, "superseded": 15, "deprecated": 10, "rejected": 5}
# fmt: off
WORDS = (
    "graph", "store", "index", "query", "cache", "node", "relation", "label", "schema", "cost", "plan",
    "lease", "token", "agent", "run", "step", "budget", "audit", "ledger", "replica", "shard", "stream",
    "event", "outbox", "cursor", "page", "filter", "order", "limit", "depth", "scope", "policy", "role",
    "merge", "diff", "import", "parse", "title", "status", "history", "revision", "conflict", "retry",
    "timeout", "backup", "restore",
)
# fmt: on
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is generated; `graphs` maps a graph's name to its number of nodes, three relations each."""

    graphs: dict[str, int]

    @property
    def nodes(self) -> int:
        """Nodes in all graphs."""
        return sum(self.graphs.values())


FULL = Size({"bench-large": 12_000, "bench-medium": 6_000, "bench-small": 2_000})
QUICK = Size({"bench-large": 300, "bench-medium": 200, "bench-small": 100})


@dataclass(frozen=True, slots=True)
class Dataset:
    """Generated rows: property maps of nodes, and (graph, source, target, type, weight) of relations."""

    size: Size
    nodes: list[dict[str, Any]]
    relations: list[tuple[str, str, str, RelationType, float]]

    def fingerprint(self) -> str:
        """Changes with any change of the data."""
        digest = hashlib.sha256()
        for row in (*self.nodes, *self.relations):
            digest.update(repr(row).encode())
        return digest.hexdigest()[:16]


def generate(size: Size) -> Dataset:
    """The same data for the same size, every time."""
    random_ = random.Random(SEED)
    nodes: list[dict[str, Any]] = []
    relations: list[tuple[str, str, str, RelationType, float]] = []
    for graph, count in size.graphs.items():
        of_graph = [_node(random_, graph, len(nodes) + place) for place in range(count)]
        nodes += of_graph
        relations += _relations(random_, graph, of_graph)
    return Dataset(size, nodes, relations)


def _node(random_: random.Random, graph: str, place: int) -> dict[str, Any]:
    kind = NodeType.DECISION if place % 5 == 0 else random_.choice(list(NodeType))
    millis = int(START.timestamp() * 1000) + place * 1000
    updated = START + timedelta(seconds=place, microseconds=random_.randrange(10**13))
    row: dict[str, Any] = {
        "id": str(uuid.UUID(int=millis << 80 | 0x7 << 76 | 0b10 << 62 | random_.getrandbits(62))),
        "graph": graph,
        "type": kind.value,
        "title": " ".join(random_.choices(WORDS, k=random_.randint(3, 9))).capitalize(),
        "content": _text(random_),
        "tags": sorted(random_.sample(WORDS, k=random_.randint(1, 4))),
        "metadata": "{}",
        "created_at": format_instant(START + timedelta(seconds=place)),
        "updated_at": format_instant(updated),
        "created_by": "bench",
        "updated_by": "bench",
        "rev": 1,
    }
    if kind is NodeType.DECISION:
        row["status"] = random_.choices(list(STATUSES), list(STATUSES.values()))[0]
        row["date"] = f"{updated:%Y-%m-%d}"
    return row


def _text(random_: random.Random) -> str:
    paragraphs = (" ".join(random_.choices(WORDS, k=random_.randint(15, 45))) for _ in range(random_.randint(1, 4)))
    return "\n\n".join(f"{paragraph.capitalize()}." for paragraph in paragraphs)


def _relations(
    random_: random.Random, graph: str, nodes: Sequence[dict[str, Any]]
) -> list[tuple[str, str, str, RelationType, float]]:
    """Three relations a node. Decisions depend on five to seven others, so that nested reads have depth."""
    ids = [node["id"] for node in nodes]
    decisions = [node["id"] for node in nodes if node["type"] == NodeType.DECISION]
    found: dict[tuple[str, str, RelationType], float] = {}
    wanted = len(nodes) * 3
    for source in decisions:
        for target in random_.sample(decisions, k=min(random_.randint(5, 7), len(decisions))):
            if source != target and len(found) < wanted:
                found[source, target, RelationType.DEPENDS_ON] = 1.0
    others = [kind for kind in RelationType if kind is not RelationType.DEPENDS_ON]
    while len(found) < wanted:
        source, target = random_.sample(ids, k=2)
        found[source, target, random_.choice(others)] = random_.choice((0.25, 0.5, 1.0))
    return [(graph, *key, weight) for key, weight in found.items()]


def _batches(rows: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def connect(settings: Neo4jSettings) -> Driver:
    """A plain synchronous driver."""
    return GraphDatabase.driver(
        settings.uri,
        auth=(settings.user, settings.password),
        telemetry_disabled=True,
        notifications_min_severity="OFF",
    )


def make_graph(driver: Driver, name: str) -> None:
    """An empty named graph."""
    driver.execute_query(
        "MERGE (g:Graph {name: $name}) ON CREATE SET g.title = $name, g.description = '',"
        " g.priority = 100, g.rev = 1, g.created_at = $now, g.updated_at = $now",
        name=name,
        now=format_instant(datetime.now(UTC)),
    )


def load(driver: Driver, data: Dataset) -> None:
    """Write the data. The store must be migrated and must not hold these graphs yet."""
    for name in (*data.size.graphs, WRITES):
        make_graph(driver, name)
    for kind in NodeType:
        for batch in _batches([node for node in data.nodes if node["type"] == kind]):
            driver.execute_query(
                "UNWIND $rows AS row MATCH (g:Graph {name: row.graph})"
                f" CREATE (n:KnowledgeNode:{kind.label}) SET n = row CREATE (g)-[:CONTAINS]->(n)",
                rows=batch,
            )
    driver.execute_query("CALL db.awaitIndexes(120)")
    driver.execute_query("CALL db.prepareForReplanning()")
    for relation in RelationType:
        rows = [
            {"graph": graph, "source": source, "target": target, "weight": weight}
            for graph, source, target, kind, weight in data.relations
            if kind is relation
        ]
        for batch in _batches(rows):
            driver.execute_query(_LINK.replace("$TYPE", relation.name), rows=batch, now=format_instant(START))
    driver.execute_query("CALL db.prepareForReplanning()")


_LINK = """
UNWIND $rows AS row
MATCH (s:KnowledgeNode {graph: row.graph, id: row.source})
MATCH (t:KnowledgeNode {graph: row.graph, id: row.target})
CREATE (s)-[r:$TYPE {weight: row.weight, origin: 'api', created_by: 'bench'}]->(t)
SET r.valid_from = $now, r.recorded_at = $now
"""


def clear_writes(driver: Driver) -> None:
    """Remove what the write operations made."""
    with driver.session() as session:
        for what in ("KnowledgeNode {graph: $graph}", "OutboxEvent {graph: $graph}"):
            session.run(
                f"MATCH (n:{what}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 5000 ROWS", graph=WRITES
            ).consume()
