"""Files as the graph wants them, in pages that are bounded in number and in bytes. Reads only."""

import asyncio
from collections.abc import Sequence
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.records import node_from
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.render import render_new
from stratumiops.ingest.sync import queries
from stratumiops.ingest.sync.paths import Names
from stratumiops.ingest.sync.reports import Exported, ExportPage
from stratumiops.ingest.sync.state import Held, Standing, load, standing

MAX_PAGE = 1_000
MAX_PLAN = 5_000
PAGE_BYTES = 8_000_000
"""A page ends behind the document with which it holds so many bytes."""


class Exporter:
    """Reads what a graph's documents are to be."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def plan(self, graph: str, source: str, *, first: int, after: str | None) -> list[Standing]:
        """How the documents of a source stand, in order of path.

        Raises:
            BadInput: `first` is not 1 to 5,000.
        """
        params = {"graph": graph, "source": source, "first": _bounded(first, MAX_PLAN), "after": after or ""}
        return [standing(row) for row in await self._db.read_one(queries.PLAN, params) or ()]

    async def documents(
        self, graph: str, source: str, *, first: int, after: str | None, paths: Sequence[str] | None = None
    ) -> ExportPage:
        """Documents with live nodes, in order of path; of these paths only, when some are given.

        Raises:
            BadInput: `first` is not 1 to 1,000, or more than 1,000 paths.
        """
        if paths is not None and len(paths) > MAX_PAGE:
            raise BadInput(f"{len(paths):,} paths; up to {MAX_PAGE:,} are possible.", field="paths")
        wanted = {
            "graph": graph, "source": source, "first": _bounded(first, MAX_PAGE), "after": after or "",
            "paths": None if paths is None else list(paths),
        }  # fmt: skip
        rows = await self._sizes(wanted)
        chosen: list[str] = []
        size = 0
        for path, length in rows:
            if chosen and size + length > PAGE_BYTES:
                break
            chosen.append(path)
            size += length
        held = await self._held(graph, source, chosen)
        found = await asyncio.to_thread(lambda: [exported(one) for one in held.values() if one.node is not None])
        more = len(chosen) < len(rows) or len(rows) == first
        return ExportPage(found, chosen[-1] if chosen and more else None)

    async def new_documents(
        self, graph: str, source: str, *, first: int, after: str | None, reading: Reading | None = None
    ) -> ExportPage:
        """First files for nodes that have none, in order of id, with paths that no document of the source has.

        Args:
            reading: how they are to be read; None: as most files of the source are.

        Raises:
            BadInput: `first` is not 1 to 1,000.
        """
        first = _bounded(first, MAX_PAGE)
        nodes = await self.unfiled(graph, first=first, after=after)
        names, wanted = await self.names(graph, source, reading=reading)
        made = await asyncio.to_thread(lambda: [self._first(names, node, wanted) for node in nodes])
        return ExportPage(made, nodes[-1].id if len(nodes) == first else None)

    async def unfiled(self, graph: str, *, first: int, after: str | None) -> list[Node]:
        """Nodes without a file, in order of id."""
        rows = await self._db.read(queries.UNFILED, {"graph": graph, "first": first, "after": after or ""})
        return [node_from(row["node"]) for row in rows]

    async def sources(self, graph: str) -> list[str]:
        """The sources of a graph, by name."""
        return sorted(await self._db.read_one(queries.SOURCES, {"graph": graph}) or ())

    async def names(
        self, graph: str, source: str, taken: Sequence[str] = (), reading: Reading | None = None
    ) -> tuple[Names, Reading]:
        """Free paths of a source, and how most of its files are read."""
        paths, rows = await self._places(graph, source)
        folders: dict[NodeType, str] = {}
        for kind, folder in rows:
            folders.setdefault(NodeType(kind), folder)
        wanted = reading or await self._reading(graph, source)
        return Names([*paths, *taken], folders, wanted), wanted

    def _first(self, names: Names, node: Node, wanted: Reading) -> Exported:
        """The first file of a node."""
        path = names.path_for(node)
        found = render_new(path, node, wanted)
        return Exported(path, found.data, "", node.id, node.rev, True, wanted, found.unsaid)

    async def _sizes(self, params: dict[str, Any]) -> list[tuple[str, int]]:
        """Path and size of documents with live nodes."""
        return await self._db.read_one(queries.SIZES, params) or []

    async def _held(self, graph: str, source: str, paths: Sequence[str]) -> dict[str, Held]:
        """Documents with their texts, by path."""
        return await load(self._db, graph, source, paths)

    async def _places(self, graph: str, source: str) -> tuple[list[str], list[tuple[str, str]]]:
        """All paths of a source; types of nodes and folders with such nodes, those with most first."""
        params = {"graph": graph, "source": source}
        paths = await self._db.read_one(queries.PATHS, params) or []
        return paths, await self._db.read_one(queries.FOLDERS, params) or []

    async def _reading(self, graph: str, source: str) -> Reading:
        """That of the source's first document, when it is one that holds for the whole of it."""
        found = await self.plan(graph, source, first=1, after=None)
        whole = found and found[0].reading.format not in (DocumentFormat.ADR, DocumentFormat.MARKDOWN)
        return found[0].reading if whole else Reading()


def exported(held: Held) -> Exported:
    """One document, which has a live node."""
    node = held.node
    if node is None:
        raise LookupError(held.path)
    if not held.readable:
        problem = "was imported before files were kept; import its folder again"
        return Exported(held.path, b"", held.hash, node.id, node.rev, False, held.reading, problem=problem)
    found = held.rendered
    changed = not held.hash or found.data != held.base
    return Exported(held.path, found.data, held.hash, node.id, node.rev, changed, held.reading, found.unsaid)


def _bounded(first: int, limit: int) -> int:
    if not 1 <= first <= limit:
        raise BadInput(f"first is {first}; 1 to {limit:,} is possible.", field="first")
    return first
