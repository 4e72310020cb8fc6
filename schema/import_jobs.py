"""Imports that the server does itself."""

import strawberry
from strawberry import UNSET

from stratumiops.ingest.jobs.models import JobPhase, JobState
from stratumiops.ingest.models import DocumentFormat
from stratumiops.schema.enums import described
from stratumiops.schema.ingest import ImportProblem
from stratumiops.schema.scalars import DateTime

described(
    JobState,
    "Where a job stands.",
    {
        "QUEUED": "It waits for its turn.",
        "RUNNING": "It is under way.",
        "DONE": "All files are in, but for those that `problems` name.",
        "FAILED": "It could not go on; `error` says why. What was imported stays; start it again to complete it.",
        "CANCELLED": "It was cancelled. What was imported stays.",
    },
)
described(
    JobPhase,
    "What a job is doing.",
    {
        "WAITING": "Nothing yet.",
        "LISTING": "It looks which files there are.",
        "READING": "It reads files and writes their nodes.",
        "FINISHING": "It makes relations of links, and deletes nodes whose files are gone.",
        "OVER": "Nothing more.",
    },
)


@strawberry.type(description="An import that the server does. It goes on after a restart of the server.")
class ImportJob:
    """An import that the server does."""

    id: strawberry.ID = strawberry.field(description="Identifies it.")
    graph: str = strawberry.field(description="The named graph.")
    source: str = strawberry.field(description="The name under which the folder is known.")
    path: str = strawberry.field(description="What is imported, from the name of its root on.")
    format: DocumentFormat = strawberry.field(description="How files are read.")
    state: JobState = strawberry.field(description="Where it stands.")
    phase: JobPhase = strawberry.field(description="What it is doing.")
    files: int = strawberry.field(description="How many files there are; 0 until they are listed.")
    done: int = strawberry.field(description="How many of them were looked at.")
    created: int = strawberry.field(description="How many have a new node.")
    updated: int = strawberry.field(description="How many nodes have a new revision.")
    unchanged: int = strawberry.field(description="How many were imported before as they are.")
    failed: int = strawberry.field(description="How many were not imported.")
    deleted: int = strawberry.field(description="How many nodes were deleted because their files are gone.")
    relations: int = strawberry.field(description="How many relations the files state, at the end.")
    unresolved: int = strawberry.field(description="How many links lead nowhere, at the end; `lint` lists them.")
    problems: list[ImportProblem] = strawberry.field(description="What is wrong with files, the first 1,000.")
    cancelling: bool = strawberry.field(description="It was asked to stop, and will after its batch.")
    error: str | None = strawberry.field(description="Why it failed.")
    created_by: str = strawberry.field(description="Who started it.")
    created_at: DateTime = strawberry.field(description="When it was asked for.")
    started_at: DateTime | None = strawberry.field(description="When it began.")
    finished_at: DateTime | None = strawberry.field(description="When it was over.")


@strawberry.input(description="An import that the server is to do.")
class StartImportInput:
    """An import that the server is to do."""

    path: str = strawberry.field(
        description="A folder or a file below one of the folders in `ingest.roots`: absolute, or from there."
    )
    graph: str = strawberry.field(default="default", description="The named graph; it must exist.")
    source: str | None = strawberry.field(
        default=UNSET, description="Continue under this name; without it, made of the folder's name and path."
    )
    format: DocumentFormat = strawberry.field(default=DocumentFormat.AUTO, description="How files are read.")


@strawberry.input(description="Which import is to stop.")
class CancelImportInput:
    """Which import is to stop."""

    id: strawberry.ID = strawberry.field(description="Its id.")


@strawberry.type(description="The import as it is now.")
class ImportJobPayload:
    """The import as it is now."""

    job: ImportJob = strawberry.field(description="The import.")
