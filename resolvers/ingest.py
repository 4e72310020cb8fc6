"""Resolvers of imports."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.validation import check_line
from stratumiops.ingest.logseq.layout import DEFAULT, Layout
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult, FinishReport, SourceDocument
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.schema import ingest as types
from stratumiops.schema.arguments import After

MAX_LAYOUT = 100
"""Characters of a folder or format of a layout."""

_INPUT = strawberry.argument(description="What is to be done.")
_First = Annotated[int, strawberry.argument(description="How many at the most, 1 to 5,000.")]
_Graph = Annotated[str, strawberry.argument(description="The named graph.")]
_Source = Annotated[str, strawberry.argument(description="The source.")]


def document_bytes(position: int, document: types.DocumentInput) -> bytes:
    """The bytes of one document of an input.

    Raises:
        BadInput: neither or both of the two ways, or text that is no base64.
    """
    where = f"input.documents.{position}"
    text, encoded = document.content, document.content_base64
    if (text in (None, UNSET)) == (encoded in (None, UNSET)):
        message = f"{document.path[:200]} needs either content or contentBase64"
        raise BadInput(message, field=where)
    if isinstance(text, str):
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(str(encoded), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(f"contentBase64 of {document.path[:200]}: {error}", field=where) from None


def layout_of(given: types.LogseqLayoutInput | None) -> Layout:
    """The layout of a Logseq graph, within limits.

    Raises:
        BadInput: a folder or a format that is none.
    """
    if not isinstance(given, types.LogseqLayoutInput):
        return DEFAULT
    parts = {
        "pages": given.pages,
        "journals": given.journals,
        "journalFile": given.journal_file,
        "journalTitle": given.journal_title,
    }
    for name, text in parts.items():
        check_line(text, f"input.layout.{name}", MAX_LAYOUT)
    return Layout(given.pages, given.journals, given.file_names, given.journal_file, given.journal_title)


def _id(result: DocumentResult) -> strawberry.ID | None:
    return None if result.node_id is None else strawberry.ID(result.node_id)


def _payload(results: Sequence[DocumentResult]) -> types.ImportDocumentsPayload:
    count = dict.fromkeys(DocumentOutcome, 0)
    for one in results:
        count[one.outcome] += 1
    return types.ImportDocumentsPayload(
        documents=[
            types.ImportedDocument(path=one.path, outcome=one.outcome, node_id=_id(one), title=one.title)
            for one in results
        ],
        problems=[
            types.ImportProblem(
                path=one.path,
                line=problem.line,
                code=problem.code,
                message=problem.message,
                severity=problem.severity,
            )
            for one in results
            for problem in one.problems
        ],
        created=count[DocumentOutcome.CREATED],
        updated=count[DocumentOutcome.UPDATED],
        restored=count[DocumentOutcome.RESTORED],
        unchanged=count[DocumentOutcome.UNCHANGED],
        failed=count[DocumentOutcome.FAILED],
    )


def _finished(report: FinishReport) -> types.FinishImportPayload:
    return types.FinishImportPayload(
        nodes=report.nodes,
        relations=report.relations,
        relations_created=report.relations_created,
        relations_ended=report.relations_ended,
        deleted=report.deleted,
        unresolved_count=report.unresolved_count,
        counts=types.DocumentCounts(**report.counts),
        unresolved=[
            types.UnresolvedLink(path=one.path, line=one.line, target=one.target, kind=one.kind, reason=one.reason)
            for one in report.unresolved
        ],
    )


@strawberry.type
class IngestQuery:
    """Root fields that say what was imported."""

    @strawberry.field(
        description="What was imported of a source, in order of path; `after` is the last path seen. A client "
        "compares hashes and sends only what changed."
    )
    async def imported_documents(
        self, info: Info, graph: _Graph, source: _Source, first: _First = 1_000, after: After = None
    ) -> list[types.StoredDocument]:
        """What was imported of a source."""
        info.context.principal.require(Role.VIEWER, graph)
        imports = info.context.services.imports
        return [
            types.StoredDocument(
                path=one.path, hash=one.hash, format=one.format, current=one.current, layout=one.layout
            )
            for one in await imports.imported(graph, source, first=first, after=after)
        ]


@strawberry.type
class IngestMutation:
    """Mutations that import documents."""

    @strawberry.mutation(
        description="Import some files of a source: markdown, decision records, Logseq, Obsidian. Files that were "
        "imported as they are change nothing; a file that cannot be imported does not hold up the others. "
        "Afterwards call `finishImport`, which makes relations of links."
    )
    async def import_documents(
        self, info: Info, input: Annotated[types.ImportDocumentsInput, _INPUT]
    ) -> types.ImportDocumentsPayload:
        """Import some files of a source."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        layout = layout_of(input.layout or None)
        files = [
            SourceDocument(one.path, document_bytes(position, one), one.format, layout)
            for position, one in enumerate(input.documents)
        ]
        results = await services.imports.import_documents(
            input.graph,
            input.source,
            files,
            actor=principal.name,
            removed=input.removed or (),
        )
        services.events.poke()
        return _payload(results)

    @strawberry.mutation(
        description="End an import: delete nodes whose files are gone, make relations of links, end relations that "
        "no file states any more. Safe to repeat."
    )
    async def finish_import(
        self, info: Info, input: Annotated[types.FinishImportInput, _INPUT]
    ) -> types.FinishImportPayload:
        """End an import."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        report = await services.imports.finish(
            input.graph, input.source, actor=principal.name, keep=None if input.keep is UNSET else input.keep
        )
        services.events.poke()
        return _finished(report)
