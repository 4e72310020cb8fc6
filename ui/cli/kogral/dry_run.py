"""What an import would do, without doing it: files are read here and compared with what the server has."""

import time
from collections.abc import Mapping
from pathlib import Path

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.models import NodeType
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.folder.arrange import Arrangement, arrange
from stratumiops.ingest.folder.listing import list_notes, read_note
from stratumiops.ingest.identity import node_id, source_key
from stratumiops.ingest.models import COUNTED, DocumentFormat, ParsedDocument, Problem, ProblemSeverity
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, Wanted, stated
from stratumiops.ui.cli.kogral.documents import GRAPH
from stratumiops.ui.cli.kogral.importing import (
    Executes,
    Progress,
    Stored,
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
    arrangement = arrange(listing, DocumentFormat(format))
    report = ImportReport(graph, source or source_key(listing.root), dry_run=True, format=arrangement.format.value)
    report.files = len(listing.paths)
    note_listing(report, listing)
    stored = _stored(client, report)
    documents: dict[str, ParsedDocument] = {}
    for done, name in enumerate(listing.paths):
        if progress is not None:
            progress(done + 1, len(listing.paths))
        data = read_note(listing.root, name)
        if isinstance(data, Problem):
            report.note(name, data)
            continue
        document = parse_document(name, data, arrangement.of(name), arrangement.layout)
        key = document.node_id or node_id(graph, report.source, name)
        if key in documents:
            message = f"has the id {key}, which {documents[key].path} has already"
            report.note(name, Problem("DUPLICATE_ID", message, None, ProblemSeverity.ERROR))
            continue
        documents[key] = document
        _compare(report, document, data, stored.get(name), arrangement)
    report.deleted = len(stored.keys() - set(listing.paths)) if listing.whole else 0
    _links(report, documents, arrangement)
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
    arrangement: Arrangement,
) -> None:
    path = document.path
    if known is not None and known.same(data, arrangement.of(path), arrangement.layout_key(path)):
        report.unchanged += 1
        return
    if known is None:
        report.created += 1
    else:
        report.updated += 1
    for problem in document.problems:
        report.note(document.path, problem)


def _links(report: ImportReport, documents: Mapping[str, ParsedDocument], arrangement: Arrangement) -> None:
    index = LinkIndex(_entry(key, one, arrangement.of(one.path)) for key, one in documents.items())
    index = index.with_blocks(
        (block.own_id, key) for key, one in documents.items() for block in one.blocks if block.own_id is not None
    )
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
        for name in COUNTED:
            setattr(report, name, getattr(report, name) + one.counts[name])
    report.nodes = len(documents)
    report.relations = len(relations)
    report.unresolved_links = len(report.unresolved)


def _entry(key: str, document: ParsedDocument, wanted: DocumentFormat) -> Entry:
    day = document.date if document.type is NodeType.JOURNAL else None
    decision = document.type is NodeType.DECISION
    return Entry(document.path, key, document.title, decision, wanted, document.names, document.aliases, day)
