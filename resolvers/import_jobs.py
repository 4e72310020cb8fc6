"""Resolvers of imports that the server does."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import NotFound
from stratumiops.ingest.identity import source_key
from stratumiops.ingest.jobs import models
from stratumiops.ingest.jobs.roots import allowed, shown
from stratumiops.ingest.jobs.store import Jobs
from stratumiops.ingest.models import DocumentFormat, ProblemSeverity
from stratumiops.ingest.service import check_source
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.schema import import_jobs as types
from stratumiops.schema.arguments import First, GraphName
from stratumiops.schema.ingest import ImportProblem
from stratumiops.schema.scalars import DateTime

PROGRESS_S = 0.2
"""Pause between looks at a job that is watched, in seconds."""

_INPUT = strawberry.argument(description="What is to be done.")
_Id = Annotated[strawberry.ID, strawberry.argument(description="The import's id.")]


@strawberry.type
class ImportJobQuery:
    """Root fields of imports that the server does."""

    @strawberry.field(description="The import of this id, if you may see it.")
    async def import_job(self, info: Info, id: _Id) -> types.ImportJob | None:
        """The import of this id."""
        found = await Jobs(info.context.services.db).get(id)
        return _job(info, found) if found and info.context.principal.may_see(found.graph) else None

    @strawberry.field(description="Imports that the server did and does, newest first; they are kept for a week.")
    async def import_jobs(self, info: Info, graph: GraphName = UNSET, first: First = 20) -> list[types.ImportJob]:
        """Imports that the server did and does."""
        scope = info.context.reader.scope
        graphs = scope.graphs(graph or None, inherited=False)
        limit = first_of({"first": first}, scope)
        found = await Jobs(info.context.services.db).page(graphs, auth=scope.visible, first=limit)
        return [_job(info, one) for one in found]


@strawberry.type
class ImportJobMutation:
    """Mutations of imports that the server does."""

    @strawberry.mutation(
        description="Import a folder that the server may read (setting `ingest.roots`). It runs in the background: "
        "watch `importProgress`. One import of a source at a time."
    )
    async def start_import(
        self, info: Info, input: Annotated[types.StartImportInput, _INPUT]
    ) -> types.ImportJobPayload:
        """Import a folder that the server may read."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        path = await asyncio.to_thread(allowed, input.path, services.settings.ingest.roots)
        source = input.source if input.source else await asyncio.to_thread(_source, path)
        check_source(source)
        job = await Jobs(services.db).create(input.graph, source, str(path), input.format.value, actor=principal.name)
        if services.import_runner is not None:
            services.import_runner.poke()
        return types.ImportJobPayload(job=_job(info, job))

    @strawberry.mutation(
        description="Stop an import after the files it is reading. What was imported stays, and no node is deleted."
    )
    async def cancel_import(
        self, info: Info, input: Annotated[types.CancelImportInput, _INPUT]
    ) -> types.ImportJobPayload:
        """Stop an import."""
        principal, jobs = info.context.principal, Jobs(info.context.services.db)
        found = await jobs.get(input.id)
        if found is None or not principal.may_see(found.graph):
            raise NotFound(f"There is no import {input.id[:100]!r}.", field="input.id")
        principal.require(Role.DEVELOPER, found.graph)
        return types.ImportJobPayload(job=_job(info, await jobs.cancel(input.id)))


@strawberry.type
class ImportJobSubscription:
    """The subscription to the progress of an import."""

    @strawberry.subscription(
        description="An import as it is now and whenever it changed, to its end. Whichever process does it."
    )
    async def import_progress(self, info: Info, id: _Id) -> AsyncGenerator[types.ImportJob, None]:
        """An import as it is now and whenever it changed."""
        context, seen = info.context, 0
        while True:
            found = await Jobs(context.services.db).get(id)
            if found is None or not context.principal.may_see(found.graph):
                raise NotFound(f"There is no import {id[:100]!r}.", field="id")
            if found.version != seen:
                seen = found.version
                yield _job(info, found)
            if found.state.over:
                return
            await asyncio.sleep(PROGRESS_S)


def _source(path: Path) -> str:
    return source_key(path if path.is_dir() else path.parent)


def _job(info: Info, job: models.ImportJob) -> types.ImportJob:
    roots: Sequence[Path] = info.context.services.settings.ingest.roots
    return types.ImportJob(
        id=strawberry.ID(job.id),
        graph=job.graph,
        source=job.source,
        path=shown(job.path, roots),
        format=DocumentFormat(job.format),
        state=job.state,
        phase=job.phase,
        files=job.files,
        done=job.done,
        created=job.created,
        updated=job.updated,
        unchanged=job.unchanged,
        failed=job.failed,
        deleted=job.removed,
        relations=job.relations,
        unresolved=job.unresolved,
        problems=[
            ImportProblem(path=path, line=line, code=code, message=message, severity=ProblemSeverity(severity))
            for path, line, code, message, severity in job.problems
        ],
        cancelling=job.cancelling,
        error=job.error,
        created_by=job.actor,
        created_at=DateTime(job.created_at),
        started_at=DateTime(job.started_at) if job.started_at else None,
        finished_at=DateTime(job.finished_at) if job.finished_at else None,
    )
