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
from typing import Final, TypeVar

import orjson

from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.adapters.markdown_file import FOLDERS, Page, UnreadableError, parse, render
from stratumiops.graph.adapters.shelf import Shelf, check_revision, taken, unknown_edge, unknown_node
from stratumiops.graph.errors import Conflict, NotFound
from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Edge, Hit, Node, NodeFilter, RelationType
from stratumiops.graph.validation import check_edge, check_embedding, check_node

T = TypeVar("T")
_FOLDER_OF: Final = {kind: name for name, kind in FOLDERS.items()}


class FilesystemStorage:
    """The `Storage` port over one folder, which is one graph.

    Args:
        root: the folder, usually `.kogral`; made at the first write.
        graph: the name the graph goes by.
        actor: who writes, for `created_by` and `updated_by`.
    """

    def __init__(self, root: Path, graph: str = "default", *, actor: str = "local") -> None:
        self._root = root
        self._graph = graph
        self._actor = actor
        self._shelf = Shelf()
        self._stamps: dict[str, disk.Stamp] = {}
        self._paths: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._busy = Lock()

    async def problems(self) -> list[str]:
        """Files that cannot be read as nodes, and why, one sentence each."""
        return await self._reading(lambda: [f"{path} {why}." for path, why in sorted(self._problems.items())])

    async def create_node(self, node: Node) -> str:
        """See `Storage.create_node`."""
        checked = check_node(node)
        self._check_graph(checked.graph)
        return await self._writing(lambda: self._create(checked))

    async def get_node(self, graph: str, node_id: str) -> Node | None:
        """See `Storage.get_node`."""
        return await asyncio.to_thread(self._get, node_id) if graph == self._graph else None

    async def update_node(self, node: Node) -> Node:
        """See `Storage.update_node`."""
        checked = check_node(node)
        return await self._writing(lambda: self._update(checked))

    async def delete_node(self, graph: str, node_id: str) -> None:
        """See `Storage.delete_node`."""
        await self._writing(lambda: self._delete(graph, node_id))

    async def list_nodes(self, where: NodeFilter) -> list[Node]:
        """See `Storage.list_nodes`."""
        return await self._reading(lambda: self._seen(where.graph).select(where))

    async def create_edge(self, edge: Edge) -> Edge:
        """See `Storage.create_edge`."""
        checked = check_edge(edge)
        return await self._writing(lambda: self._link(checked))

    async def get_edges(self, graph: str, node_id: str) -> list[Edge]:
        """See `Storage.get_edges`."""
        return await self._reading(lambda: self._seen(graph).edges_of(node_id))

    async def delete_edge(self, graph: str, source: str, target: str, relation: RelationType) -> None:
        """See `Storage.delete_edge`."""
        edge = check_edge(Edge(graph=graph, source=source, target=target, relation=relation))
        await self._writing(lambda: self._unlink(edge))

    async def search(self, graph: str, query: str, limit: int) -> list[Hit]:
        """See `Storage.search`."""
        return await self._reading(lambda: self._seen(graph).search(query, limit))

    async def semantic_search(self, graph: str, embedding: Sequence[float], limit: int) -> list[Hit]:
        """See `Storage.semantic_search`."""
        vector = check_embedding(embedding)
        return await self._reading(lambda: self._seen(graph).nearest(vector, limit))

    # ---- changes, with the lock held and the shelf fresh

    def _create(self, node: Node) -> str:
        path = f"{_FOLDER_OF[node.type]}/{disk.file_name(node.id)}.md"
        deleted = self._history(node.id, "deleted.json").exists()
        if node.id in self._shelf.nodes or deleted:
            raise taken(node.id, deleted=node.id not in self._shelf.nodes)
        if (self._root / path).exists():
            why = self._problems.get(path, "holds another node")
            raise Conflict(f"The file {path} is there already and {why}.", hint="Mend, move or remove it.")
        at = utc_now()
        made = replace(
            node,
            path=None,
            created_at=node.created_at or at,
            updated_at=at,
            created_by=node.created_by or self._actor,
            updated_by=self._actor,
            rev=1,
        )
        self._save(path, Page(made))
        return node.id

    def _update(self, node: Node) -> Node:
        known = self._known(node.graph, node.id)
        check_revision(known, node)
        self._keep(known)
        changed = replace(
            node,
            path=known.path,
            created_at=known.created_at,
            created_by=known.created_by,
            updated_at=max(utc_now(), known.updated_at),
            updated_by=self._actor,
            rev=known.rev + 1,
        )
        self._save(self._paths[node.id], Page(changed, self._leaving(node.id)))
        return self._shelf.nodes[node.id]

    def _delete(self, graph: str, node_id: str) -> None:
        known = self._known(graph, node_id)
        self._keep(known)
        fact = {"id": node_id, "rev": known.rev + 1, "deleted_at": utc_now(), "deleted_by": self._actor}
        disk.write_whole(self._history(node_id, "deleted.json"), orjson.dumps(fact))
        # From here on the node is gone: relations that reach it are not seen without it.
        path = self._paths[node_id]
        disk.remove(self._root / path)
        self._forget(path)

    def _link(self, edge: Edge) -> Edge:
        source = self._known(edge.graph, edge.source, "source")
        self._known(edge.graph, edge.target, "target")
        key = (edge.source, edge.target, edge.relation)
        known = self._shelf.edges.get(key)
        if known is not None and (known.weight, known.origin) == (edge.weight, edge.origin):
            return known
        at = utc_now()
        if known is not None:
            self._keep_edge(known, at)
        made = replace(edge, valid_from=at, valid_to=None, recorded_at=at, created_by=self._actor)
        others = tuple(each for each in self._leaving(edge.source) if each != known)
        self._save(self._paths[edge.source], Page(source, (*others, made)))
        return made

    def _unlink(self, edge: Edge) -> None:
        known = self._shelf.edges.get((edge.source, edge.target, edge.relation))
        live = edge.graph == self._graph and {edge.source, edge.target} <= self._shelf.nodes.keys()
        if known is None or not live:
            raise unknown_edge(edge)
        self._keep_edge(known, utc_now())
        others = tuple(each for each in self._leaving(edge.source) if each != known)
        self._save(self._paths[edge.source], Page(self._shelf.nodes[edge.source], others))

    # ---- inside

    def _keep(self, node: Node) -> None:
        """Copy the file of a node, as it is on disk, to its history."""
        data = (self._root / self._paths[node.id]).read_bytes()
        disk.write_whole(self._history(node.id, f"{node.rev}.md"), data)

    def _keep_edge(self, edge: Edge, at: str) -> None:
        fact = {
            "type": edge.relation.value,
            "target": edge.target,
            "weight": edge.weight,
            "origin": edge.origin,
            "valid_from": edge.valid_from,
            "valid_to": at,
            "recorded_at": edge.recorded_at,
            "created_by": edge.created_by,
            "ended_by": self._actor,
        }
        disk.append_line(self._history(edge.source, "relations.jsonl"), orjson.dumps(fact))

    def _save(self, path: str, page: Page) -> None:
        disk.write_whole(self._root / path, render(page))
        self._forget(path)
        self._look(path)

    def _history(self, node_id: str, name: str) -> Path:
        return self._root / ".history" / disk.file_name(node_id) / name

    def _leaving(self, node_id: str) -> tuple[Edge, ...]:
        return tuple(edge for edge in self._shelf.edges.values() if edge.source == node_id)

    def _check_graph(self, graph: str) -> None:
        if graph != self._graph:
            raise NotFound(f"There is no graph {graph!r} in {self._root}.", field="graph")

    def _seen(self, graph: str) -> Shelf:
        return self._shelf if graph == self._graph else Shelf()

    def _known(self, graph: str, node_id: str, field: str = "id") -> Node:
        known = self._seen(graph).nodes.get(node_id)
        if known is None:
            raise unknown_node(graph, node_id, field)
        return known

    def _get(self, node_id: str) -> Node | None:
        with self._busy:
            path = self._paths.get(node_id)
            if path is None or disk.Stamp.of(self._root / path) != self._stamps.get(path):
                self._refresh()
            return self._shelf.nodes.get(node_id)

    async def _reading(self, read: Callable[[], T]) -> T:
        def fresh() -> T:
            with self._busy:
                self._refresh()
                return read()

        return await asyncio.to_thread(fresh)

    async def _writing(self, write: Callable[[], T]) -> T:
        def alone() -> T:
            with self._busy, disk.locked(self._root / ".history" / "lock"):
                self._refresh()
                return write()

        return await asyncio.to_thread(alone)

    def _refresh(self) -> None:
        """Read the files that are new or changed since the last look, and forget those that are gone."""
        found = disk.markdown_files(self._root, FOLDERS)
        if found == self._stamps:
            return
        changed = {path for path, stamp in found.items() if self._stamps.get(path) != stamp}
        gone = self._stamps.keys() - found.keys()
        twins = self._problems.keys() - gone  # the file that had the same id may be among those that went
        for path in gone | changed:
            self._forget(path)
        for path in sorted(changed | twins):
            self._look(path)

    def _forget(self, path: str) -> None:
        self._stamps.pop(path, None)
        self._problems.pop(path, None)
        node_id = self._ids.pop(path, None)
        if node_id is not None:
            del self._paths[node_id]
            self._shelf.remove(node_id)
            self._shelf.drop_leaving(node_id)

    def _look(self, path: str) -> None:
        """Read one file. Its stamp is taken before: a change in between is seen at the next look."""
        file = self._root / path
        stamp = disk.Stamp.of(file)
        if stamp is None:
            return
        self._stamps[path] = stamp
        try:
            page = parse(file.read_bytes(), graph=self._graph, path=path, changed_at=stamp.changed_ns / 1e9)
            self._take(path, page)
        except FileNotFoundError:
            return
        except OSError as error:
            self._problems[path] = f"cannot be read: {error.strerror or error}"
        except UnreadableError as error:
            self._problems[path] = str(error)

    def _take(self, path: str, page: Page) -> None:
        other = self._paths.get(page.node.id, path)
        if other != path:
            self._problems[path] = f"has the id {page.node.id!r}, as {other} has"
            return
        self._problems.pop(path, None)
        self._paths[page.node.id] = path
        self._ids[path] = page.node.id
        self._shelf.put(replace(page.node, path=path))
        self._shelf.edges |= {(edge.source, edge.target, edge.relation): edge for edge in page.edges}
