"""What was: the revisions of a node, and a graph as of an instant.

A node was in a state from the state's `updated_at` until the next change copied it to a `(:Revision)`; it was
not there between its deletion and its return. A relation held from `valid_from` until `valid_to`.
"""

from typing import Any, Final

from stratumiops.graph.ids import format_instant, parse_instant
from stratumiops.graph.models import Edge, Node
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.queries import ENDED_TYPES, LIVE_TYPES
from stratumiops.graph.store.records import edge_from, node_from

_REVISIONS: Final = (
    "CALL () {\n"
    "  MATCH (n:KnowledgeNode {graph: $graph, id: $id}) RETURN n\n"
    "  UNION ALL MATCH (n:Tombstone {graph: $graph, id: $id}) RETURN n\n"
    "}\n"
    "CALL (n) {\n"
    "  MATCH (n)-[:HAS_REVISION]->(v) WITH v ORDER BY v.rev DESC LIMIT $first\n"
    "  RETURN collect(v{.*}) AS old\n"
    "}\n"
    "RETURN n{.*, embedding: null} AS current, old"
)
_NODES_AT: Final = (
    "CALL () {\n"
    "  MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.updated_at <= $at RETURN n{.*} AS state\n"
    "  UNION ALL\n"
    "  MATCH (v:Revision) WHERE v.graph = $graph AND v.valid_from <= $at AND $at < v.valid_to\n"
    "  RETURN v{.*} AS state\n"
    "}\n"
    "RETURN state ORDER BY state.id LIMIT $first"
)
_EDGES_AT: Final = (
    "CALL () {\n"
    "  MATCH (n:KnowledgeNode {graph: $graph}) RETURN n\n"
    "  UNION ALL MATCH (n:Tombstone {graph: $graph}) RETURN n\n"
    "}\n"
    f"MATCH (n)-[r:{LIVE_TYPES}|{ENDED_TYPES}]->(t)\n"
    "WHERE r.valid_from <= $at AND (r.valid_to IS NULL OR $at < r.valid_to)\n"
    "RETURN n.id AS source, t.id AS target, type(r) AS type, properties(r) AS relation\n"
    "ORDER BY source, target, type LIMIT $first"
)


async def revisions(db: Database, graph: str, node_id: str, first: int = 50) -> list[dict[str, Any]]:
    """The states of a node, newest first; empty when no node has ever had this id.

    Each is a map of the node's properties with `valid_from`, `valid_to` (None: still so) and `change`: how it
    ended, `updated` or `deleted`; None for the present state. The newest state of a deleted node is its
    deletion: `change` is `tombstone` and `deleted_at`, `deleted_by` are set.
    """
    rows = await db.read(_REVISIONS, {"graph": graph, "id": node_id, "first": first})
    if not rows:
        return []
    current, old = rows[0]["current"], rows[0]["old"]
    gone = current.get("deleted_at")
    newest = {
        **current,
        "valid_from": gone or current["updated_at"],
        "valid_to": None,
        "change": "tombstone" if gone else None,
    }
    return [newest, *old][:first]


async def nodes_at(db: Database, graph: str, instant: str, first: int = 1_000) -> list[Node]:
    """The nodes of a graph as they were at an instant, by id; without embeddings."""
    at = format_instant(parse_instant(instant))
    rows = await db.read(_NODES_AT, {"graph": graph, "at": at, "first": first})
    return [node_from({**row["state"], "embedding": None}) for row in rows]


async def edges_at(db: Database, graph: str, instant: str, first: int = 1_000) -> list[Edge]:
    """The relations of a graph that held at an instant, by (source, target, relation)."""
    at = format_instant(parse_instant(instant))
    rows = await db.read(_EDGES_AT, {"graph": graph, "at": at, "first": first})
    return [edge_from(graph, row) for row in rows]
