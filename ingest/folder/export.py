"""A graph's documents into a folder: byte for byte as they were imported, but for what the graph changed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.ingest.folder import operations
from stratumiops.ingest.folder.ports import Executes
from stratumiops.ingest.folder.report import ExportReport
from stratumiops.ingest.folder.sending import received
from stratumiops.ingest.folder.writing import misplaced, write
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.models import Problem, ProblemSeverity
from stratumiops.ingest.resolve import fold

_PAGE = 500
_NO_SOURCE = "export"


def export_folder(
    api: Executes,
    out: Path,
    *,
    graph: str = "default",
    source: str | None = None,
    document_format: str | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> ExportReport:
    """Write the files of a graph, or of one source of it; nodes that never had a file get one when it is the only one.

    Args:
        document_format: how files of nodes that never had one are written; None: as most are.
        force: overwrite files that differ.

    Raises:
        NotFound: there is no such graph, or no such source.
        BadInput: `out` is a file.
    """
    began = time.monotonic()
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file; give a folder.", field="out")
    if api.execute(operations.SYNCED_GRAPH, {"name": graph})["graph"] is None:
        raise NotFound(f"There is no graph {graph}.", hint="`kogral graphs` lists them.", field="graph")
    sources = api.execute(operations.SOURCES, {"graph": graph})["documentSources"]
    if source is not None and source not in sources:
        known = f"it has {', '.join(sources)}" if sources else "it has none"
        raise NotFound(f"The graph {graph} has no source {source}; {known}.", field="source")
    run = _Run(api, out, ExportReport(graph, str(out), dry_run=dry_run), force=force)
    for name in [source] if source is not None else sources:
        run.documents(name)
    if source is None or sources == [source]:
        run.new(source or (sources[0] if sources else _NO_SOURCE), document_format)
    run.report.seconds = round(time.monotonic() - began, 3)
    return run.report


class _Run:
    """One export."""

    def __init__(self, api: Executes, out: Path, report: ExportReport, *, force: bool) -> None:
        self._api = api
        self._out = out
        self._force = force
        self._paths: set[str] = set()
        self.report = report

    def documents(self, source: str) -> None:
        """The files of one source."""
        for one in self._pages(operations.EXPORT_DOCUMENTS, "exportDocuments", source):
            if fold(one["path"]) in self._paths:
                message = f"is in several sources; export one of them with --source, such as {source}"
                self._refuse(one["path"], "TWO_SOURCES", message)
            else:
                self._put(one["path"], one)

    def new(self, source: str, document_format: str | None) -> None:
        """Files of nodes that never had one."""
        for one in self._pages(operations.EXPORT_NEW, "exportNewDocuments", source, format=document_format):
            path, number = one["path"], 2
            stem, _, suffix = path.rpartition(".")
            while fold(path) in self._paths:
                path, number = f"{stem}-{number}.{suffix}", number + 1
            self.report.new += 1
            self._put(path, one)

    def _pages(self, operation: str, name: str, source: str, **more: Any) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            variables = {"graph": self.report.graph, "source": source, "first": _PAGE, "after": after, **more}
            page = self._api.execute(operation, variables)[name]
            yield from page["documents"]
            after = page["after"]
            if after is None:
                return

    def _put(self, path: str, one: dict[str, Any]) -> None:
        self._paths.add(fold(path))
        self.report.files += 1
        if one["problem"] is not None:
            self._refuse(path, "NO_BYTES", one["problem"])
            return
        if one["unsaid"]:
            self.report.unsaid.append({"path": path, "fields": one["unsaid"]})
        data = received(one)
        problem = misplaced(self._out, path) or self._there(path, data)
        if problem is None and not self.report.dry_run and not self._same(path, data):
            problem = write(self._out, path, data, None)
        if problem is not None:
            self.report.refuse(path, problem)

    def _there(self, path: str, data: bytes) -> Problem | None:
        place = self._out / path
        if not place.exists():
            self.report.written += 1
        elif self._same(path, data):
            self.report.unchanged += 1
        elif self._force:
            self.report.written += 1
        else:
            message = "is there already and differs; --force overwrites it"
            return Problem("DIFFERS", message, None, ProblemSeverity.ERROR)
        return None

    def _same(self, path: str, data: bytes) -> bool:
        place = self._out / path
        return place.is_file() and content_hash(place.read_bytes()) == content_hash(data)

    def _refuse(self, path: str, code: str, message: str) -> None:
        self.report.refuse(path, Problem(code, message, None, ProblemSeverity.ERROR))
