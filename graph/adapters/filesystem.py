"""Knowledge in a folder of markdown files: `.kogral/`, made for people, editors and git.

One file per node in `notes/ decisions/ guidelines/ patterns/ journal/ executions/`, its leaving relations in its
front matter. `.history/<name>/` keeps what was: `<rev>.md`, `relations.jsonl` for relations that ended, and
`deleted.json` when the node was deleted. Writers take turns by a lock file; readers need no lock, because files
are replaced whole. Files that other programs or people change are read again by their time, size and inode.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TypeVar

from stratumiops.graph.adapters.shelf import Shelf, check_revision, unknown_edge, unknown_node
from stratumiops.graph.errors import NotFound
from stratumiops.graph.local.past import Past
from stratumiops.graph.local.tree import Tree
from stratumiops.graph.local.work import Work, writing
from stratumiops.graph.models import Edge, Hit, Node, NodeFilter, RelationType
from stratumiops.graph.validation import check_edge, check_embedding, check_node

T = TypeVar("T")


class FilesystemStorage:
    """The `Storage` port over one folder, which is one graph.

    Args:
        root: the folder, usually `.kogral`; made at the first write.
        graph: the name the graph goes by.
        actor: who writes, for `created_by` and `updated_by`.
    """

    def __init__(self, root: Path, graph: str = "default", *, actor: str = "local") -> None:
        self._graph = graph
        self._actor = actor
        self._tree = Tree(root, graph)
        self._past = Past(self._tree)
        self._busy = Lock()

    async def problems(self) -> list[str]:
        """Files that cannot be read as nodes, and why, one sentence each."""
        return await self._reading(lambda: [str(each) for each in self._tree.problems() if not each.link])

    async def create_node(self, node: Node) -> str:
        """See `Storage.create_node`."""
        checked = check_node(node)
        self._check_graph(checked.graph)
        return await self._writing(lambda work: work.create(replace(checked, path=None)).id)

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """See `Storage.get_node`."""
        return await asyncio.to_thread(self._get, node_id) if graph == self._graph else None

    async def update_node(self, node: Node) -> Node:
        """See `Storage.update_node`."""
        checked = check_node(node)
        return await self._writing(lambda work: self._update(work, checked))

    async def delete_node(self, graph: str, node_id: str) -> None:
        """See `Storage.delete_node`."""
        await self._writing(lambda work: self._delete(work, graph, node_id))

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """See `Storage.list_nodes`."""
        return await self._reading(lambda: self._seen(where.graph).select(where))

    async def create_edge(self, edge: Edge) -> Edge:
        """See `Storage.create_edge`."""
        checked = check_edge(edge)
        return await self._writing(lambda work: self._link(work, checked))

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """See `Storage.get_edges`."""
        return await self._reading(lambda: self._seen(graph).edges_of(node_id))

    async def delete_edge(self, graph: str, source: str, target: str, relation: RelationType) -> None:
        """See `Storage.delete_edge`."""
        edge = check_edge(Edge(graph=graph, source=source, target=target, relation=relation))
        await self._writing(lambda work: self._unlink(work, edge))

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """See `Storage.search`."""
        return await self._reading(lambda: self._seen(graph).search(query, limit))

    async def semantic_search(self, graph: str, embedding: Sequence[float], limit: int) -> list[Hit]:
        """See `Storage.semantic_search`."""
        vector = check_embedding(embedding)
        return await self._reading(lambda: self._seen(graph).nearest(vector, limit))

    # ---- changes, with the lock held

    def _update(self, work: Work, node: Node) -> Node:
        known = self._known(node.graph, node.id)
        check_revision(known, node)
        return work.update(replace(node, path=known.path))

    def _delete(self, work: Work, graph: str, node_id: str) -> None:
        self._known(graph, node_id)
        work.delete(node_id)

    def _link(self, work: Work, edge: Edge) -> Edge:
        self._known(edge.graph, edge.source, "source")
        self._known(edge.graph, edge.target, "target")
        return work.link(edge)[0]

    def _unlink(self, work: Work, edge: Edge) -> None:
        if edge.graph != self._graph or work.edge(edge) is None:
            raise unknown_edge(edge)
        work.unlink(edge)

    # ---- inside

    def _check_graph(self, graph: str) -> None:
        if graph != self._graph:
            raise NotFound(f"There is no graph {graph!r} in {self._tree.root}.", field="graph")

    def _seen(self, graph: str) -> Shelf:
        return self._tree.shelf if graph == self._graph else Shelf()

    def _known(self, graph: str, node_id: str, field: str = "id") -> Node:
        known = self._seen(graph).nodes.get(node_id)
        if known is None:
            raise unknown_node(graph, node_id, field)
        return known

    def _get(self, node_id: str) -> Node | None:
        with self._busy:
            if self._tree.stale(node_id):
                self._tree.refresh()
            return self._tree.shelf.nodes.get(node_id)

    async def _reading(self, read: Callable[[], T]) -> T:
        def fresh() -> T:
            with self._busy:
                self._tree.complete()
                self._tree.refresh()
                return read()

        return await asyncio.to_thread(fresh)

    async def _writing(self, write: Callable[[Work], T]) -> T:
        def alone() -> T:
            with self._busy, writing(self._tree, self._past, self._actor) as work:
                return write(work)

        return await asyncio.to_thread(alone)
