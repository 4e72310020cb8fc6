"""What the adapters without a server have in common: nodes and relations of one graph in memory."""

from collections.abc import Iterable, Sequence

from stratumiops.graph.adapters.bm25 import Bm25
from stratumiops.graph.adapters.vectors import Vectors
from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.models import Edge, Hit, Node, NodeFilter, RelationType

MAX_LIMIT = 1_000

EdgeKey = tuple[str, str, RelationType]


class Shelf:
    """Live nodes by id, live relations by their ends, and both search indexes."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[EdgeKey, Edge] = {}
        self._text = Bm25()
        self._vectors = Vectors()

    def put(self, node: Node) -> None:
        """Add or replace a node."""
        self.nodes[node.id] = node
        self._text.put(node)
        self._vectors.put(node.id, node.embedding)

    def remove(self, node_id: str) -> None:
        """Take a node away; its relations stay unseen until it comes back."""
        self.nodes.pop(node_id, None)
        self._text.remove(node_id)
        self._vectors.remove(node_id)

    def select(self, where: NodeFilter) -> list[Node]:
        """Nodes that a filter selects, by id."""
        check_limit(where.limit)
        found = (self.nodes[node_id] for node_id in sorted(self.nodes) if _selected(self.nodes[node_id], where))
        return [node for node, _ in zip(found, range(where.limit), strict=False)]

    def edges_of(self, node_id: str) -> list[Edge]:
        """Relations that leave or reach a node and whose ends both live."""
        if node_id not in self.nodes:
            return []
        found = [edge for edge in self.edges.values() if node_id in (edge.source, edge.target)]
        alive = (edge for edge in found if edge.source in self.nodes and edge.target in self.nodes)
        return sorted(alive, key=lambda edge: (edge.source, edge.target, edge.relation.value))

    def search(self, query: str, limit: int) -> list[Hit]:
        """Full-text search."""
        return self._hits(self._text.search(query, check_limit(limit)))

    def nearest(self, vector: Sequence[float], limit: int) -> list[Hit]:
        """Search by vector."""
        return self._hits(self._vectors.search(vector, check_limit(limit)))

    def _hits(self, found: Iterable[tuple[str, float]]) -> list[Hit]:
        return [Hit(node=self.nodes[node_id], score=score) for node_id, score in found]


def _selected(node: Node, where: NodeFilter) -> bool:
    return (
        (where.after_id is None or node.id > where.after_id)
        and (not where.types or node.type in where.types)
        and (not where.statuses or node.status in where.statuses)
        and (not where.tags_any or not set(where.tags_any).isdisjoint(node.tags))
        and set(where.tags_all).issubset(node.tags)
        and (where.updated_after is None or node.updated_at > where.updated_after)
    )


def check_limit(limit: int) -> int:
    """The limit, when it is 1 to 1,000."""
    if not 1 <= limit <= MAX_LIMIT:
        raise BadInput(f"The limit is {limit}; give 1 to {MAX_LIMIT:,}.", field="limit")
    return limit


def unknown_node(graph: str, node_id: str, field: str = "id") -> NotFound:
    """The error for a node that is not there."""
    return NotFound(f"There is no node {node_id!r} in graph {graph!r}.", field=field)


def unknown_edge(edge: Edge) -> NotFound:
    """The error for a relation that is not there."""
    what = f"{edge.relation} from {edge.source!r} to {edge.target!r}"
    return NotFound(f"There is no relation {what} in {edge.graph!r}.", hint="Look at the relations of the node.")


def taken(node_id: str, *, deleted: bool) -> Conflict:
    """The error for an id that a node has, or had."""
    kind = "a deleted node" if deleted else "a node"
    return Conflict(f"The change was refused: {kind} of this id exists in this graph ({node_id!r}).", field="id")


def check_revision(known: Node, given: Node) -> None:
    """Refuse a change of another revision, or of the type.

    Raises:
        Conflict: the node has another `rev` by now.
        BadInput: the type is another one.
    """
    if known.rev != given.rev:
        raise Conflict(
            f"The node {known.id!r} has rev {known.rev}, not {given.rev}: someone changed it meanwhile.",
            hint="Read it again and repeat the change on what you find.",
            field="rev",
        )
    if known.type is not given.type:
        raise BadInput(f"The node {known.id!r} is a {known.type}; its type stays.", field="type")
