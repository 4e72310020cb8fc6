"""Imports into the directories of a library."""

from typing import TYPE_CHECKING, cast

from stratumiops.graph.local.library import Library
from stratumiops.graph.local.server_only import ServerOnly
from stratumiops.ingest.local.batch import LocalBatch
from stratumiops.ingest.local.documents import Documents
from stratumiops.ingest.local.finish import LocalFinish
from stratumiops.ingest.service import ImportService

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database


class LocalImportService(ImportService):
    """`ImportService` over directories of files."""

    def __init__(self, library: Library) -> None:
        super().__init__(cast("Database", ServerOnly("This part of an import")))
        self._library = library

    def _batch(self, graph: str, source: str, actor: str, removed: frozenset[str]) -> LocalBatch:
        return LocalBatch(self._library.directory(graph), source, actor, removed)

    def _finish(self, graph: str, source: str, actor: str) -> LocalFinish:
        return LocalFinish(self._library.directory(graph), source, actor)

    async def _imported(
        self, graph: str, source: str, first: int, after: str
    ) -> list[tuple[str, str, str, int, str | None]]:
        directory = self._library.directory(graph)
        directory.refresh()
        known = Documents(directory.root).of(source)
        rows = [
            (path, record["hash"], record["format"], record["parser"], record.get("layout"))
            for path, record in known.items()
            if path > after and self._there(directory.name, record["node"])
        ]
        return rows[:first]

    def _there(self, graph: str, node_id: str) -> bool:
        """Whether a node is live or deleted; one whose file somebody removed is imported anew."""
        directory = self._library.directory(graph)
        return directory.tree.page(node_id) is not None or directory.past.deletion(node_id) is not None
