"""What a search by meaning needs of directories, in the words of `graph.ports.Storage`; it changes nothing."""

from typing import Any

from stratumiops.graph.local.library import Library
from stratumiops.graph.local.server_only import server_only
from stratumiops.graph.models import Direction, Edge, Hit, Node, NodeFilter


class LocalStorage:
    """The reads of `Storage` over a library, as it was at its last refresh."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """See `Storage.get_node`."""
        return self._library.directory(graph).moment.nodes.get(node_id)

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """See `Storage.list_nodes`; by graph and place alone."""
        nodes = self._library.directory(where.graph).moment.nodes
        ids = sorted(node_id for node_id in nodes if node_id > (where.after_id or ""))
        return [nodes[node_id] for node_id in ids[: where.limit]]

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """See `Storage.get_edges`."""
        found = {edge for edge, _ in self._library.directory(graph).moment.steps(node_id, (), Direction.BOTH)}
        return sorted(found, key=lambda edge: (edge.source, edge.target, edge.relation.value))

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """See `Storage.search`."""
        index, nodes = self._library.index()
        found = index.search(query, limit, lambda node: node.graph == graph)
        return [Hit(node=nodes[key], score=score) for key, score in found]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise server_only(f"`{name}`")
