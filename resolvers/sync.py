"""Resolvers of export, sync and conflicts."""

import base64
from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.ingest.models import PARSER_VERSION, DocumentFormat
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.sync.conflicts import Conflicts
from stratumiops.ingest.sync.export import Exporter
from stratumiops.ingest.sync.reports import (
    Exported,
    ExportPage,
    FileState,
    OpenConflict,
    SyncResult,
    WrittenFile,
)
from stratumiops.ingest.sync.service import SyncService
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.ingest import document_bytes, layout_of
from stratumiops.schema import sync as types
from stratumiops.schema.arguments import After
from stratumiops.schema.ingest import ImportProblem
from stratumiops.schema.scalars import DateTime

_INPUT = strawberry.argument(description="What is to be done.")
_Plan = Annotated[int, strawberry.argument(description="How many at the most, 1 to 5,000.")]
_First = Annotated[int, strawberry.argument(description="How many at the most, 1 to 1,000.")]
_Graph = Annotated[str, strawberry.argument(description="The named graph.")]
_Source = Annotated[str, strawberry.argument(description="The source.")]
_Paths = Annotated[list[str] | None, strawberry.argument(description="Only these files, up to 1,000.")]

_Format = Annotated[
    DocumentFormat | None,
    strawberry.argument(description="How they are to be read; null: as the files of the source are."),
]


def _page(page: ExportPage) -> types.ExportedDocuments:
    return types.ExportedDocuments(documents=[_document(one) for one in page.documents], after=page.after)


def _document(one: Exported) -> types.ExportedDocument:
    text = _text(one.data)
    return types.ExportedDocument(
        path=one.path,
        content=text,
        content_base64=None if text is not None else base64.b64encode(one.data).decode("ascii"),
        changed=one.changed,
        base=one.base,
        node_id=strawberry.ID(one.node_id),
        rev=one.rev,
        format=one.reading.format,
        unsaid=list(one.unsaid),
        problem=one.problem,
    )


def _text(data: bytes) -> str | None:
    try:
        return None if b"\x00" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _payload(results: Sequence[SyncResult]) -> types.SyncDocumentsPayload:
    return types.SyncDocumentsPayload(
        documents=[
            types.SyncedDocument(
                path=one.path,
                outcome=one.outcome,
                write=one.write,
                conflict=None if one.conflict is None else strawberry.ID(one.conflict),
            )
            for one in results
        ],
        problems=[
            ImportProblem(
                path=one.path,
                line=problem.line,
                code=problem.code,
                message=problem.message,
                severity=problem.severity,
            )
            for one in results
            for problem in one.problems
        ],
    )


def _shown(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _conflict(one: OpenConflict) -> types.Conflict:
    return types.Conflict(
        id=strawberry.ID(one.id),
        graph=one.graph,
        source=one.source,
        path=one.path,
        kind=one.kind,
        node_id=strawberry.ID(one.node_id),
        since=DateTime(one.since),
        base=_shown(one.base),
        file=_shown(one.file),
        node=_shown(one.graph_side),
    )


def _service(info: Info, graph: str, source: str) -> SyncService:
    """The sync of a source, for a caller who may change it."""
    principal = info.context.principal
    principal.require(Role.DEVELOPER, graph)
    return SyncService(info.context.services.db, graph, source, principal.name)


@strawberry.type
class SyncQuery:
    """Root fields of export and sync."""

    @strawberry.field(
        description="How the documents of a source stand, in order of path; `after` is the last path seen. A client "
        "compares hashes with its files and knows what is to be done."
    )
    async def sync_plan(
        self, info: Info, graph: _Graph, source: _Source, first: _Plan = 1_000, after: After = None
    ) -> list[types.SyncState]:
        """How the documents of a source stand."""
        info.context.principal.require(Role.VIEWER, graph)
        found = await Exporter(info.context.services.db).plan(graph, source, first=first, after=after)
        return [
            types.SyncState(
                path=one.path,
                hash=one.hash,
                format=one.reading.format,
                layout=one.reading.layout.key if one.reading.logseq else None,
                current=one.parser == PARSER_VERSION,
                live=one.live,
                changed=one.changed,
                conflict=None if one.conflict is None else strawberry.ID(one.conflict),
                conflict_kind=one.conflict_kind,
            )
            for one in found
        ]

    @strawberry.field(
        description="The files of a source as the graph wants them: byte for byte as they were imported, but for the "
        "lines of what the graph changed."
    )
    async def export_documents(
        self,
        info: Info,
        graph: _Graph,
        source: _Source,
        first: _First = 500,
        after: After = None,
        paths: _Paths = None,
    ) -> types.ExportedDocuments:
        """The files of a source as the graph wants them."""
        info.context.principal.require(Role.VIEWER, graph)
        exporter = info.context.services.exporter
        return _page(await exporter.documents(graph, source, first=first, after=after, paths=paths))

    @strawberry.field(
        description="First files for the nodes of a graph that have none, in order of id, at paths that are free in a "
        "source. `placeNodes` makes such paths theirs."
    )
    async def export_new_documents(
        self,
        info: Info,
        graph: _Graph,
        source: _Source,
        first: _First = 500,
        after: After = None,
        format: _Format = None,
    ) -> types.ExportedDocuments:
        """First files for nodes that have none."""
        info.context.principal.require(Role.VIEWER, graph)
        reading = None if format is None else Reading(format)
        exporter = info.context.services.exporter
        return _page(await exporter.new_documents(graph, source, first=first, after=after, reading=reading))

    @strawberry.field(description="The sources that documents of a graph come from, by name.")
    async def document_sources(self, info: Info, graph: _Graph) -> list[str]:
        """The sources that documents of a graph come from."""
        info.context.principal.require(Role.VIEWER, graph)
        return await info.context.services.exporter.sources(graph)

    @strawberry.field(description="Open conflicts of a graph, oldest first; `after` is the last id seen.")
    async def conflicts(
        self, info: Info, graph: _Graph, first: _First = 100, after: After = None
    ) -> list[types.Conflict]:
        """Open conflicts of a graph."""
        info.context.principal.require(Role.VIEWER, graph)
        found = await Conflicts(info.context.services.db).open(graph, first=first, after=after)
        return [_conflict(one) for one in found]


@strawberry.type
class SyncMutation:
    """Mutations of a sync."""

    @strawberry.mutation(
        description="Take files that are not as they were agreed on. What the graph did not change is imported; what "
        "both changed is merged line by line, and `write` tells that the file is to get the result."
    )
    async def sync_documents(
        self, info: Info, input: Annotated[types.SyncDocumentsInput, _INPUT]
    ) -> types.SyncDocumentsPayload:
        """Take files that are not as they were agreed on."""
        service = _service(info, input.graph, input.source)
        layout = layout_of(input.layout or None)
        files = [
            FileState(one.path, document_bytes(place, one), Reading(one.format, layout), one.moved_from or None)
            for place, one in enumerate(input.documents)
        ]
        results = await service.take(files, gone=input.gone or ())
        info.context.services.events.poke()
        return _payload(results)

    @strawberry.mutation(
        description="Files are on disk as `exportDocuments` gave them: they are what both sides agree on from here on."
    )
    async def confirm_documents(
        self, info: Info, input: Annotated[types.ConfirmDocumentsInput, _INPUT]
    ) -> types.SyncDocumentsPayload:
        """Files are on disk as the graph wanted them."""
        service = _service(info, input.graph, input.source)
        files = [
            WrittenFile(one.path, document_bytes(place, one), one.base, one.rev)
            for place, one in enumerate(input.documents)
        ]
        results = await service.confirm(files)
        info.context.services.events.poke()
        return _payload(results)

    @strawberry.mutation(
        description="Files are not on disk any more. Nodes that the graph did not change go to history; one that it "
        "changed is a conflict."
    )
    async def remove_documents(
        self, info: Info, input: Annotated[types.RemoveDocumentsInput, _INPUT]
    ) -> types.SyncDocumentsPayload:
        """Files are not on disk any more."""
        results = await _service(info, input.graph, input.source).remove(input.paths)
        info.context.services.events.poke()
        return _payload(results)

    @strawberry.mutation(
        description="Give nodes without a file a path in a source. Their files are written like those of any change."
    )
    async def place_nodes(self, info: Info, input: Annotated[types.PlaceNodesInput, _INPUT]) -> types.PlaceNodesPayload:
        """Give nodes without a file a path in a source."""
        service = _service(info, input.graph, input.source)
        return types.PlaceNodesPayload(paths=await service.place(input.taken or ()))

    @strawberry.mutation(description="Decide a conflict. The node follows at once, its file at the next sync.")
    async def resolve_conflict(
        self, info: Info, input: Annotated[types.ResolveConflictInput, _INPUT]
    ) -> types.ResolveConflictPayload:
        """Decide a conflict."""
        principal, services = info.context.principal, info.context.services
        conflicts = Conflicts(services.db)
        principal.require(Role.DEVELOPER)
        found = await conflicts.get(input.id)
        principal.require(Role.DEVELOPER, found.graph)
        text = None if input.text is UNSET else input.text
        await conflicts.resolve(found, input.keep, text, actor=principal.name)
        services.events.poke()
        return types.ResolveConflictPayload(conflict=_conflict(found))
