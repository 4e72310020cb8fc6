"""Imports a folder through the API: reads, hashes, sends what changed in batches, and sums up.

The folder is only ever read. What the server has already, by hash, is not sent again.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stratumiops.ingest.folder.arrange import Arrangement, arrange, sent_layout
from stratumiops.ingest.folder.listing import Listing, list_notes, read_note
from stratumiops.ingest.folder.sending import document, portions
from stratumiops.ingest.identity import content_hash, source_key
from stratumiops.ingest.models import COUNTED, DocumentFormat, Problem
from stratumiops.ingest.reports import SourceDocument
from stratumiops.ui.cli.kogral.documents import CREATE_GRAPH, FINISH, GRAPH, IMPORT, IMPORTED
from stratumiops.ui.cli.kogral.report import ImportReport

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

IN_FLIGHT = 2
"""Batches on their way at once: the server reads one while the database writes the other."""
_PAGE = 5_000
_REMOVED_AT_ONCE = 1_000
_CAMEL = {"block_refs": "blockRefs"}

Progress = Callable[[int, int], None]
"""Called with (files done, files in all)."""


class Executes(Protocol):
    """The one thing that an import needs of a client."""

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one operation and return its data."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the server has of a file."""

    hash: str
    format: str
    current: bool
    layout: str | None = None

    def same(self, data: bytes, wanted: DocumentFormat, layout: str | None) -> bool:
        """Whether sending these bytes would change nothing."""
        if not self.current or self.format != wanted or self.layout != layout:
            return False
        return self.hash == content_hash(data)


def import_folder(
    client: "Client | Executes",
    path: Path,
    *,
    graph: str = "default",
    format: str = "auto",  # noqa: A002  # the option's own name
    source: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a folder of markdown (or one file) into a named graph, which is created when it is missing.

    Args:
        source: the name under which the folder is known; without it, made of the folder's name and path.

    Raises:
        NotFound, BadInput: the path is none that can be imported.
        Unavailable and others of the API: nothing or a part was imported; running it again completes it.
    """
    began = time.monotonic()
    listing = list_notes(path)
    arrangement = arrange(listing, DocumentFormat(format))
    report = ImportReport(graph, source or source_key(listing.root), format=arrangement.format.value)
    report.files = len(listing.paths)
    note_listing(report, listing)
    report.graph, report.graph_created = _ensured_graph(client, graph)
    stored = stored_documents(client, report.graph, report.source)
    removed = sorted(stored.keys() - set(listing.paths)) if listing.whole else []
    changed = _changed(listing, stored, arrangement, report)
    common: dict[str, Any] = {"graph": graph, "source": report.source, "removed": removed[:_REMOVED_AT_ONCE]}
    if arrangement.format is DocumentFormat.LOGSEQ:
        common["layout"] = sent_layout(arrangement.layout)
    for _ in _sent(client, portions(changed), common, report):
        if progress is not None:
            progress(report.done, report.files)
    _finish(client, listing, report)
    if progress is not None:
        progress(report.files, report.files)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def stored_documents(client: "Client | Executes", graph: str, source: str) -> dict[str, Stored]:
    """What the server has of a source, by path."""
    found: dict[str, Stored] = {}
    after: str | None = None
    while True:
        variables = {"graph": graph, "source": source, "first": _PAGE, "after": after}
        page = client.execute(IMPORTED, variables)["importedDocuments"]
        for one in page:
            found[one["path"]] = Stored(one["hash"], one["format"].lower(), one["current"], one["layout"])
        if len(page) < _PAGE:
            return found
        after = page[-1]["path"]


def note_listing(report: ImportReport, listing: Listing) -> None:
    """Take over what the listing says is not read."""
    report.skipped = len(listing.skipped)
    for path, problem in (*listing.skipped, *listing.errors):
        report.note(path, problem)


def _ensured_graph(client: "Client | Executes", graph: str) -> tuple[str, bool]:
    """The name of the graph, and whether it had to be created; a directory calls its own one `default` too."""
    found = client.execute(GRAPH, {"name": graph})["graph"]
    if found is not None:
        return found["name"], False
    client.execute(CREATE_GRAPH, {"input": {"name": graph}})
    return graph, True


def _changed(
    listing: Listing,
    stored: Mapping[str, Stored],
    arrangement: Arrangement,
    report: ImportReport,
) -> Iterator[SourceDocument]:
    """The files that the server has not, or has otherwise; read one by one as they are asked for."""
    for path in listing.paths:
        data = read_note(listing.root, path)
        if isinstance(data, Problem):
            report.note(path, data)
            continue
        file_format = arrangement.of(path)
        known = stored.get(path)
        if known is not None and known.same(data, file_format, arrangement.layout_key(path)):
            report.unchanged += 1
        else:
            yield SourceDocument(path, data, file_format)


def _sent(
    client: "Client | Executes",
    batches: Iterator[list[SourceDocument]],
    common: Mapping[str, Any],
    report: ImportReport,
) -> Iterator[None]:
    """Send the batches, at most two at once; yields whenever one is in the report."""
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[Future[dict[str, Any]]] = deque()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        for batch in batches:
            waiting.append(pool.submit(_send, client, batch, common))
            if len(waiting) == IN_FLIGHT:
                _note_answer(report, waiting.popleft().result())
                yield
        while waiting:
            _note_answer(report, waiting.popleft().result())
            yield


def _send(client: "Client | Executes", batch: list[SourceDocument], common: Mapping[str, Any]) -> dict[str, Any]:
    variables = {**common, "documents": [document(one.path, one.data, format=one.format.name) for one in batch]}
    answer: dict[str, Any] = client.execute(IMPORT, {"input": variables})["importDocuments"]
    return answer


def _note_answer(report: ImportReport, answer: Mapping[str, Any]) -> None:
    report.created += answer["created"] + answer["restored"]
    report.updated += answer["updated"]
    report.unchanged += answer["unchanged"]
    for one in answer["problems"]:
        report.add(one["path"], one["line"], one["code"], one["message"], one["severity"].lower())


def _finish(client: "Client | Executes", listing: Listing, report: ImportReport) -> None:
    keep = listing.paths if listing.whole else None
    variables = {"input": {"graph": report.graph, "source": report.source, "keep": keep}}
    found = client.execute(FINISH, variables)["finishImport"]
    report.nodes = found["nodes"]
    report.relations = found["relations"]
    report.relations_created = found["relationsCreated"]
    report.relations_ended = found["relationsEnded"]
    report.deleted = found["deleted"]
    report.unresolved_links = found["unresolvedCount"]
    for name in COUNTED:
        setattr(report, name, found["counts"][_CAMEL.get(name, name)])
    report.unresolved = [
        {**one, "kind": one["kind"].lower(), "reason": one["reason"].lower()} for one in found["unresolved"]
    ]
