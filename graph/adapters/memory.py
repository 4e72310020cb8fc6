"""Knowledge in memory: for tests and throw-away work."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from stratumiops.graph.adapters.shelf import Shelf, check_limit, check_revision, taken, unknown_edge, unknown_node
from stratumiops.graph.errors import NotFound
from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Edge, Hit, Node, NodeFilter, RelationType
from stratumiops.graph.validation import check_edge, check_embedding, check_node


class MemoryStorage:
    """The `Storage` port over dictionaries. What is deleted stays known by its id, as in the other stores."""

    def __init__(self, graphs: Iterable[str] = ("default",), *, actor: str = "local") -> None:
        self._shelves = {graph: Shelf() for graph in graphs}
        self._gone: set[tuple[str, str]] = set()
        self._actor = actor

    async def create_node(self, node: Node) -> str:
        """See `Storage.create_node`."""
        checked, at = check_node(node), utc_now()
        shelf = self._shelf(checked.graph)
        deleted = (checked.graph, checked.id) in self._gone
        if deleted or checked.id in shelf.nodes:
            raise taken(checked.id, deleted=deleted)
        shelf.put(
            replace(
                checked,
                created_at=checked.created_at or at,
                updated_at=at,
                created_by=checked.created_by or self._actor,
                updated_by=self._actor,
                rev=1,
            )
        )
        return checked.id

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """See `Storage.get_node`."""
        shelf = self._shelves.get(graph)
        return None if shelf is None else shelf.nodes.get(node_id)

    async def update_node(self, node: Node) -> Node:
        """See `Storage.update_node`."""
        checked = check_node(node)
        shelf, known = self._known(checked.graph, checked.id)
        check_revision(known, checked)
        changed = replace(
            checked,
            created_at=known.created_at,
            created_by=known.created_by,
            updated_at=max(utc_now(), known.updated_at),
            updated_by=self._actor,
            rev=known.rev + 1,
        )
        shelf.put(changed)
        return changed

    async def delete_node(self, graph: str, node_id: str) -> None:
        """See `Storage.delete_node`."""
        shelf, _ = self._known(graph, node_id)
        shelf.remove(node_id)
        shelf.edges = {key: edge for key, edge in shelf.edges.items() if node_id not in key}
        self._gone.add((graph, node_id))

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """See `Storage.list_nodes`."""
        shelf = self._shelves.get(where.graph)
        check_limit(where.limit)
        return [] if shelf is None else shelf.select(where)

    async def create_edge(self, edge: Edge) -> Edge:
        """See `Storage.create_edge`."""
        checked, at = check_edge(edge), utc_now()
        shelf, _ = self._known(checked.graph, checked.source, "source")
        self._known(checked.graph, checked.target, "target")
        key = (checked.source, checked.target, checked.relation)
        known = shelf.edges.get(key)
        if known is not None and (known.weight, known.origin) == (checked.weight, checked.origin):
            return known
        made = replace(checked, valid_from=at, valid_to=None, recorded_at=at, created_by=self._actor)
        shelf.edges[key] = made
        return made

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """See `Storage.get_edges`."""
        shelf = self._shelves.get(graph)
        return [] if shelf is None else shelf.edges_of(node_id)

    async def delete_edge(self, graph: str, source: str, target: str, relation: RelationType) -> None:
        """See `Storage.delete_edge`."""
        edge = check_edge(Edge(graph=graph, source=source, target=target, relation=relation))
        shelf = self._shelves.get(graph)
        if shelf is None or shelf.edges.pop((source, target, relation), None) is None:
            raise unknown_edge(edge)

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """See `Storage.search`."""
        return self._shelves.get(graph, Shelf()).search(query, limit)

    async def semantic_search(self, graph: str, embedding: Sequence[float], limit: int) -> list[Hit]:
        """See `Storage.semantic_search`."""
        return self._shelves.get(graph, Shelf()).nearest(check_embedding(embedding), limit)

    def _shelf(self, graph: str) -> Shelf:
        if graph not in self._shelves:
            raise NotFound(f"There is no graph {graph!r}.", field="graph")
        return self._shelves[graph]

    def _known(self, graph: str, node_id: str, field: str = "id") -> tuple[Shelf, Node]:
        shelf = self._shelves.get(graph)
        known = None if shelf is None else shelf.nodes.get(node_id)
        if shelf is None or known is None:
            raise unknown_node(graph, node_id, field)
        return shelf, known
