"""Imports a folder through the API: reads, hashes, sends what changed in batches, and sums up.

The folder is only ever read. What the server has already, by hash, is not sent again.
"""

import base64
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stratumiops.ingest.adr.names import is_decision_name, may_be_collection
from stratumiops.ingest.identity import content_hash, source_key
from stratumiops.ingest.models import DocumentFormat, Problem
from stratumiops.ui.cli.kogral.documents import CREATE_GRAPH, FINISH, GRAPH, IMPORT, IMPORTED
from stratumiops.ui.cli.kogral.files import Listing, list_notes, read_note
from stratumiops.ui.cli.kogral.report import ImportReport

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

BATCH_FILES = 500
BATCH_BYTES = 4_000_000
IN_FLIGHT = 2
"""Batches on their way at once: the server reads one while the database writes the other."""
_PAGE = 5_000
_LOOKED_AT = 5
_REMOVED_AT_ONCE = 1_000
_TEXT_BYTES = 5_000_000

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


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is to be sent."""

    path: str
    data: bytes
    format: DocumentFormat


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
    report = ImportReport(graph, source or source_key(listing.root), files=len(listing.paths))
    note_listing(report, listing)
    report.graph, report.graph_created = _ensured_graph(client, graph)
    stored = stored_documents(client, report.graph, report.source)
    removed = sorted(stored.keys() - set(listing.paths)) if listing.whole else []
    changed = _changed(listing, stored, DocumentFormat(format), report)
    for _ in _sent(client, _batches(changed), removed[:_REMOVED_AT_ONCE], report):
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
            found[one["path"]] = Stored(one["hash"], one["format"].lower(), one["current"])
        if len(page) < _PAGE:
            return found
        after = page[-1]["path"]


def folder_formats(listing: Listing, wanted: DocumentFormat) -> dict[str, DocumentFormat]:
    """How each folder's files are read: in `auto`, a folder that is a collection of decisions by names."""
    from stratumiops.ingest.document import reads_like_decision

    folders: dict[str, list[str]] = {}
    for path in listing.paths:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    formats = dict.fromkeys(folders, wanted)
    if wanted is not DocumentFormat.AUTO:
        return formats
    for folder, paths in folders.items():
        if may_be_collection(paths):
            named = [path for path in paths if is_decision_name(path)][-_LOOKED_AT:]
            samples = (read_note(listing.root, path) for path in named)
            if any(isinstance(data, bytes) and reads_like_decision(data) for data in samples):
                formats[folder] = DocumentFormat.ADR
    return formats


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
    wanted: DocumentFormat,
    report: ImportReport,
) -> Iterator[Changed]:
    """The files that the server has not, or has otherwise; read one by one as they are asked for."""
    formats = folder_formats(listing, wanted)
    for path in listing.paths:
        data = read_note(listing.root, path)
        if isinstance(data, Problem):
            report.note(path, data)
            continue
        file_format = formats[path.rpartition("/")[0]]
        known = stored.get(path)
        if known and known.current and known.format == file_format and known.hash == content_hash(data):
            report.unchanged += 1
        else:
            yield Changed(path, data, file_format)


def _batches(changed: Iterable[Changed]) -> Iterator[list[Changed]]:
    batch: list[Changed] = []
    size = 0
    for one in changed:
        if batch and (len(batch) >= BATCH_FILES or size + len(one.data) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.data)
    if batch:
        yield batch


def _sent(
    client: "Client | Executes", batches: Iterator[list[Changed]], removed: list[str], report: ImportReport
) -> Iterator[None]:
    """Send the batches, at most two at once; yields whenever one is in the report."""
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[Future[dict[str, Any]]] = deque()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        for batch in batches:
            waiting.append(pool.submit(_send, client, batch, removed, report.graph, report.source))
            if len(waiting) == IN_FLIGHT:
                _note_answer(report, waiting.popleft().result())
                yield
        while waiting:
            _note_answer(report, waiting.popleft().result())
            yield


def _send(
    client: "Client | Executes", batch: list[Changed], removed: list[str], graph: str, source: str
) -> dict[str, Any]:
    documents = [_document(one) for one in batch]
    variables = {"graph": graph, "source": source, "documents": documents, "removed": removed}
    answer: dict[str, Any] = client.execute(IMPORT, {"input": variables})["importDocuments"]
    return answer


def _note_answer(report: ImportReport, answer: Mapping[str, Any]) -> None:
    report.created += answer["created"] + answer["restored"]
    report.updated += answer["updated"]
    report.unchanged += answer["unchanged"]
    for one in answer["problems"]:
        report.add(one["path"], one["line"], one["code"], one["message"], one["severity"].lower())


def _document(one: Changed) -> dict[str, Any]:
    """A document as the API takes it: as text, unless it is none or JSON would make it much longer."""
    sent = {"path": one.path, "format": one.format.name}
    with suppress(UnicodeDecodeError):
        if len(one.data) <= _TEXT_BYTES and b"\x00" not in one.data:
            return {**sent, "content": one.data.decode("utf-8")}
    return {**sent, "contentBase64": base64.b64encode(one.data).decode("ascii")}


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
    report.unresolved = [
        {**one, "kind": one["kind"].lower(), "reason": one["reason"].lower()} for one in found["unresolved"]
    ]
