"""The present of a directory: its markdown files, read again when they changed."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.adapters.markdown_file import FOLDERS, Page, UnreadableError, parse
from stratumiops.graph.adapters.shelf import EdgeKey, Shelf
from stratumiops.graph.local.cache import PageCache
from stratumiops.graph.local.staging import finish, unfinished
from stratumiops.graph.models import Edge

MAX_FILE_BYTES: Final = 40_000_000
"""Largest file that is read: the longest content that a node may have, in UTF-8."""
LOCK: Final = ".history/lock"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that counts for nothing, and why; the two make a sentence."""

    path: str
    why: str
    link: bool = False

    def __str__(self) -> str:
        return f"{self.path} {self.why.removesuffix('.')}."


class Author(Protocol):
    """Reads what a person wrote as an import would read it."""

    def read(self, path: str, data: bytes, page: Page) -> Page:
        """The page with what its text says of the node, and its links."""

    def relate(self, pages: Mapping[str, Page]) -> Iterable[Edge]:
        """The relations that the links of the pages, by path, come to."""


class Tree:
    """Nodes and relations that the files of a directory hold, by the node's id.

    Args:
        root: the directory, which need not exist.
        graph: the name the graph goes by.
        cache: where files that were read before are remembered.
        author: reads files that people wrote; without one their text is only text.
    """

    def __init__(self, root: Path, graph: str, cache: PageCache | None = None, author: Author | None = None) -> None:
        self.root = root
        self.graph = graph
        self.shelf = Shelf()
        self.version = 0
        self._cache = cache
        self._author = author
        self._stated: dict[str, dict[EdgeKey, Edge]] = {}
        self._stamps: dict[str, disk.Stamp] = {}
        self._pages: dict[str, Page] = {}
        self._paths: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._problems: dict[str, str] = {}
        self._links: list[str] = []

    @property
    def lock(self) -> Path:
        """The file that writers lock."""
        return self.root / LOCK

    def problems(self) -> list[FileProblem]:
        """Files that cannot be read as nodes, by path."""
        found = [FileProblem(_shown(path), why) for path, why in self._problems.items()]
        found += [FileProblem(_shown(path), "is a symbolic link; those are not followed", True) for path in self._links]
        return sorted(found, key=lambda problem: problem.path)

    def page(self, node_id: str) -> Page | None:
        """The page of a live node, with the relations that files by hand state for it."""
        page = self._pages.get(node_id)
        stated = self._stated.get(node_id)
        return page if page is None or not stated else replace(page, edges=(*page.edges, *stated.values()))

    def path(self, node_id: str) -> str | None:
        """The file of a live node, relative to the root."""
        return self._paths.get(node_id)

    def problem(self, path: str) -> str | None:
        """Why a file counts for nothing."""
        return self._problems.get(path)

    def leaving(self, node_id: str) -> tuple[Edge, ...]:
        """The relations that leave a live node, also to nodes that are not there."""
        page = self.page(node_id)
        return page.edges if page is not None else ()

    def stale(self, node_id: str) -> bool:
        """Whether the file of a node is not the one that was read."""
        path = self._paths.get(node_id)
        return path is None or disk.Stamp.of(self.root / path) != self._stamps.get(path)

    def complete(self) -> None:
        """Carry out a change that a writer decided and, having died, did not; call it without the lock."""
        if unfinished(self.root):
            with disk.locked(self.lock):
                finish(self.root)

    def refresh(self) -> None:
        """Read the files that are new or changed since the last look, and forget those that are gone."""
        links: list[str] = []
        found = disk.markdown_files(self.root, FOLDERS, links)
        self._links = links
        if found != self._stamps:
            with _uncollected():
                self._take_up(found)

    def _take_up(self, found: dict[str, disk.Stamp]) -> None:
        changed = {path for path, stamp in found.items() if self._stamps.get(path) != stamp}
        gone = self._stamps.keys() - found.keys()
        twins = self._problems.keys() - gone  # the file that had the same id may be among those that went
        known = self._cache.load() if self._cache is not None and not self._stamps else {}
        for path in gone | changed:
            self._forget(path)
        read = 0
        for path in sorted(changed | twins):
            kept = known.get(path)
            if kept is not None and kept[0] == found.get(path):
                self._stamps[path] = kept[0]
                self._take(path, kept[1])
            else:
                self._look(path)
                read += 1
        self._relate()
        self.version += 1
        if self._cache is not None:
            self._cache.keep(read, self._kept)

    def reread(self, paths: Iterable[str]) -> None:
        """Read these files again: they were just written, moved or removed."""
        some = list(paths)
        for path in some:
            self._forget(path)
        for path in some:
            self._look(path)
        self._relate()
        self.version += 1

    def _kept(self) -> Iterable[tuple[str, disk.Stamp, Page]]:
        return ((path, self._stamps[path], self._pages[node_id]) for path, node_id in self._ids.items())

    def _relate(self) -> None:
        """Join nodes as the files that people wrote state it, beside what files say in so many words."""
        for stated in self._stated.values():
            for key in stated:
                self.shelf.edges.pop(key, None)
        self._stated = {}
        if self._author is None or not any(page.by_hand for page in self._pages.values()):
            return
        for edge in self._author.relate({path: self._pages[node_id] for path, node_id in self._ids.items()}):
            key = (edge.source, edge.target, edge.relation)
            if edge.source in self._pages and key not in self.shelf.edges:
                self.shelf.edges[key] = edge
                self._stated.setdefault(edge.source, {})[key] = edge

    def _forget(self, path: str) -> None:
        self._stamps.pop(path, None)
        self._problems.pop(path, None)
        node_id = self._ids.pop(path, None)
        if node_id is not None:
            del self._paths[node_id]
            for edge in self._pages.pop(node_id).edges:
                self.shelf.edges.pop((edge.source, edge.target, edge.relation), None)
            self.shelf.remove(node_id)

    def _look(self, path: str) -> None:
        """Read one file. Its stamp is taken before: a change in between is seen at the next look."""
        file = self.root / path
        stamp = disk.Stamp.of(file)
        if stamp is None:
            return
        self._stamps[path] = stamp
        if stamp.size > MAX_FILE_BYTES:
            self._problems[path] = f"has {stamp.size:,} bytes; up to {MAX_FILE_BYTES:,} are read"
            return
        try:
            data = disk.read_plain(file)
            page = parse(data, graph=self.graph, path=path, changed_at=stamp.changed_ns / 1e9)
            self._take(path, self._author.read(path, data, page) if self._author and page.by_hand else page)
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
        if page.node.graph != self.graph:  # remembered under another name of the graph
            edges = tuple(replace(edge, graph=self.graph) for edge in page.edges)
            page = replace(page, node=replace(page.node, graph=self.graph), edges=edges)
        self._problems.pop(path, None)
        self._paths[page.node.id] = path
        self._ids[path] = page.node.id
        self._pages[page.node.id] = page
        self.shelf.put(page.node)
        self.shelf.edges |= {(edge.source, edge.target, edge.relation): edge for edge in page.edges}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: there are none among nodes, and it would look at each of them many times."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode()
