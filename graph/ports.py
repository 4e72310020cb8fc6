"""What the knowledge domain needs of a store, whatever it is made of."""

from collections.abc import Sequence
from typing import Protocol

from stratumiops.graph.models import Edge, Hit, Node, NodeFilter, RelationType


class Storage(Protocol):
    """The ten operations of a knowledge store, over one named graph at a time.

    Ids are unique in a graph. Writes are durable when they return. Every method raises
    `errors.BadInput` for values outside the model's limits and `errors.Unavailable` when the store is away.
    """

    async def create_node(self, node: Node) -> str:
        """Store a new node and return its id.

        Raises:
            Conflict: the graph has a node of this id, live or deleted.
        """

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """The live node, or None."""

    async def update_node(self, node: Node) -> Node:
        """Replace the node whose `rev` is `node.rev`; the answer carries the next `rev`.

        Raises:
            NotFound: no live node of this id.
            Conflict: it has another `rev` by now.
        """

    async def delete_node(self, graph: str, node_id: str) -> None:
        """Take the node and its relations out of the present; history keeps them.

        Raises:
            NotFound: no live node of this id.
        """

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """Live nodes in order of id, at most `where.limit`, after `where.after_id`."""

    async def create_edge(self, edge: Edge) -> Edge:
        """Join two live nodes; joining them again by the same relation changes weight and origin.

        Raises:
            NotFound: one of the two is not there.
            BadInput: source and target are the same node.
        """

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """Live relations that leave or reach the node, in order of (source, target, relation)."""

    async def delete_edge(self, graph: str, source: str, target: str, relation: RelationType) -> None:
        """End one relation.

        Raises:
            NotFound: there is no such live relation.
        """

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """Full-text search over title, content and tags, best first; words are stemmed, any may match."""

    async def semantic_search(self, graph: str, embedding: Sequence[float], limit: int) -> list[Hit]:
        """Nodes nearest to the vector by cosine similarity, best first; scores are (1 + cosine) / 2.

        Raises:
            BadInput: the vector has not the store's dimension, or is all zeros.
        """
