"""Knowledge in Neo4j."""

from collections.abc import Sequence
from typing import Any, Final

from stratumiops.graph.adapters.shelf import check_limit
from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import EXTRA_FIELDS, Edge, Hit, Node, NodeFilter, RelationType
from stratumiops.graph.selection.lucene import lucene, within
from stratumiops.graph.selection.words import FRESH_TEXT, best_by_words
from stratumiops.graph.store import statements
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.queries import LIVE_TYPES
from stratumiops.graph.store.records import edge_from, node_from, node_properties
from stratumiops.graph.validation import check_embedding, check_node

_GET: Final = "MATCH (n:KnowledgeNode {graph: $graph, id: $id}) RETURN n{.*} AS node"
_LIST: Final = (
    "MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.id > $after"
    " AND ($types IS NULL OR n.type IN $types) AND ($statuses IS NULL OR n.status IN $statuses)"
    " AND ($tags_any IS NULL OR any(tag IN $tags_any WHERE tag IN n.tags))"
    " AND all(tag IN $tags_all WHERE tag IN n.tags)"
    " AND ($updated_after IS NULL OR n.updated_at > $updated_after)"
    " WITH n ORDER BY n.graph, n.id LIMIT $limit RETURN collect(n{.*}) AS nodes"
)
_EDGES: Final = (
    f"MATCH (n:KnowledgeNode {{graph: $graph, id: $id}}) MATCH (n)-[r:{LIVE_TYPES}]-()"
    " WITH startNode(r) AS s, r, endNode(r) AS t"
    " RETURN s.id AS source, t.id AS target, type(r) AS type, properties(r) AS relation"
    " ORDER BY source, target, type"
)
_SEARCH: Final = (
    FRESH_TEXT
    + best_by_words("'knowledge_text'", "$query", "n.graph = $graph", "$limit")
    + "RETURN n{.*} AS node, score ORDER BY score DESC, n.id"
)
_NEAREST: Final = (
    "CYPHER 25 MATCH (n:KnowledgeNode) SEARCH n IN ("
    "VECTOR INDEX knowledge_vector FOR $vector WHERE n.graph = $graph LIMIT $limit) SCORE AS score"
    " RETURN n{.*} AS node, score ORDER BY score DESC, n.id"
)
_REPLACED: Final = ("title", "content", "tags", "status", "date", "metadata", "path", "embedding")


class Neo4jStorage:
    """The `Storage` port over the platform's graph."""

    def __init__(self, db: Database, writer: KnowledgeWriter, *, actor: str = "local") -> None:
        self._db = db
        self._writer = writer
        self._actor = actor

    async def create_node(self, node: Node) -> str:
        """See `Storage.create_node`."""
        if not node.id:
            raise BadInput("The id is empty.", field="id")
        return (await self._writer.create_nodes([node], actor=self._actor))[0]

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """See `Storage.get_node`."""
        found = await self._db.read_one(_GET, {"graph": graph, "id": node_id})
        return None if found is None else node_from(found)

    async def update_node(self, node: Node) -> Node:
        """See `Storage.update_node`."""
        checked = check_node(node)
        given = node_properties(checked, "", "")
        changes = {name: given.get(name) for name in (*_REPLACED, *EXTRA_FIELDS[checked.type])}
        statement = statements.update_statement(
            checked.graph, checked.id, checked.rev, changes, self._actor, of_types=[checked.type.value]
        )
        rows = await self._db.write(statement.head + "RETURN n{.*} AS node", statement.params)
        return node_from(rows[0]["node"]) if rows else await statement.diagnose(self._db)

    async def delete_node(self, graph: str, node_id: str) -> None:
        """See `Storage.delete_node`."""
        await self._writer.delete_node(graph, node_id, actor=self._actor)

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """See `Storage.list_nodes`."""
        params: dict[str, Any] = {
            "graph": where.graph,
            "after": where.after_id or "",
            "types": [kind.value for kind in where.types] or None,
            "statuses": list(where.statuses) or None,
            "tags_any": list(where.tags_any) or None,
            "tags_all": list(where.tags_all),
            "updated_after": where.updated_after,
            "limit": check_limit(where.limit),
        }
        return [node_from(found) for found in await self._db.read_one(_LIST, params) or ()]

    async def create_edge(self, edge: Edge) -> Edge:
        """See `Storage.create_edge`."""
        return await self._writer.link(edge, actor=self._actor)

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """See `Storage.get_edges`."""
        rows = await self._db.read(_EDGES, {"graph": graph, "id": node_id})
        return [edge_from(graph, row) for row in rows]

    async def delete_edge(self, graph: str, source: str, target: str, relation: RelationType) -> None:
        """See `Storage.delete_edge`."""
        edge = Edge(graph=graph, source=source, target=target, relation=relation)
        await self._writer.unlink(edge, actor=self._actor)

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """See `Storage.search`."""
        params = {"graph": graph, "query": within(lucene(query), (graph,)), "limit": check_limit(limit)}
        return _hits(await self._db.read(_SEARCH, params))

    async def semantic_search(self, graph: str, embedding: Sequence[float], limit: int) -> list[Hit]:
        """See `Storage.semantic_search`."""
        params = {"graph": graph, "vector": check_embedding(embedding), "limit": check_limit(limit)}
        return _hits(await self._db.read(_NEAREST, params))


def _hits(rows: Sequence[dict[str, Any]]) -> list[Hit]:
    return [Hit(node=node_from(row["node"]), score=row["score"]) for row in rows]
