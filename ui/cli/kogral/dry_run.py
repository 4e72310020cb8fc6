"""What an import would do, without doing it: files are read here and compared with what the server has."""

import time
from collections.abc import Mapping
from pathlib import Path

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.models import NodeType
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.identity import content_hash, node_id, source_key
from stratumiops.ingest.models import DocumentFormat, ParsedDocument, Problem, ProblemSeverity
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, Wanted, stated
from stratumiops.ui.cli.kogral.documents import GRAPH
from stratumiops.ui.cli.kogral.files import list_notes, read_note
from stratumiops.ui.cli.kogral.importing import (
    Executes,
    Progress,
    Stored,
    folder_formats,
    note_listing,
    stored_documents,
)
from stratumiops.ui.cli.kogral.report import ImportReport


def preview(
    client: Executes,
    path: Path,
    *,
    graph: str,
    format: str,  # noqa: A002  # the option's own name
    source: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """The report that `import_folder` would give.

    Without a server it is that of a first import, and `compared` is False. Links to nodes that other sources
    brought count as unresolved here.
    """
    began = time.monotonic()
    listing = list_notes(path)
    report = ImportReport(graph, source or source_key(listing.root), dry_run=True, files=len(listing.paths))
    note_listing(report, listing)
    stored = _stored(client, report)
    formats = folder_formats(listing, DocumentFormat(format))
    documents: dict[str, ParsedDocument] = {}
    for done, name in enumerate(listing.paths):
        if progress is not None:
            progress(done + 1, len(listing.paths))
        data = read_note(listing.root, name)
        if isinstance(data, Problem):
            report.note(name, data)
            continue
        wanted = formats[name.rpartition("/")[0]]
        document = parse_document(name, data, wanted)
        key = document.node_id or node_id(graph, report.source, name)
        if key in documents:
            message = f"has the id {key}, which {documents[key].path} has already"
            report.note(name, Problem("DUPLICATE_ID", message, None, ProblemSeverity.ERROR))
            continue
        documents[key] = document
        _compare(report, document, data, stored.get(name), wanted)
    report.deleted = len(stored.keys() - set(listing.paths)) if listing.whole else 0
    _links(report, documents)
    report.seconds = round(time.monotonic() - began, 3)
    return report


def _stored(client: Executes, report: ImportReport) -> dict[str, Stored]:
    try:
        found = client.execute(GRAPH, {"name": report.graph})["graph"]
        if found is None:
            report.graph_created = True
            return {}
        report.graph = found["name"]
        return stored_documents(client, report.graph, report.source)
    except Unavailable:
        report.compared = False
        return {}


def _compare(
    report: ImportReport,
    document: ParsedDocument,
    data: bytes,
    known: Stored | None,
    wanted: DocumentFormat,
) -> None:
    same = known is not None and known.current and known.format == wanted and known.hash == content_hash(data)
    if same:
        report.unchanged += 1
        return
    if known is None:
        report.created += 1
    else:
        report.updated += 1
    for problem in document.problems:
        report.note(document.path, problem)


def _links(report: ImportReport, documents: Mapping[str, ParsedDocument]) -> None:
    index = LinkIndex(Entry(one.path, key, one.title, one.type is NodeType.DECISION) for key, one in documents.items())
    relations = set()
    for key, one in documents.items():
        for found in stated(index, one.path, key, one.links):
            if isinstance(found, Wanted):
                relations.add((found.source, found.target, found.relation))
            elif isinstance(found, Unresolved):
                report.unresolved.append(
                    {
                        "path": found.path,
                        "line": found.line,
                        "target": found.target,
                        "kind": found.kind.value,
                        "reason": found.reason.value,
                    }
                )
    report.nodes = len(documents)
    report.relations = len(relations)
    report.unresolved_links = len(report.unresolved)
