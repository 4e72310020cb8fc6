"""What is known of an import that the server does."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import orjson


class JobState(StrEnum):
    """Where a job stands. From QUEUED to RUNNING to one of the three ends; a job may be cancelled before it runs."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class JobPhase(StrEnum):
    """What a job is doing."""

    WAITING = "waiting"
    LISTING = "listing"
    READING = "reading"
    FINISHING = "finishing"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One import. Counts are files, but `removed`: nodes deleted because their files are gone.

    `version` rises with every change. `problems` are [path, line, code, message, severity] each, at most 1,000.
    """

    id: str
    graph: str
    source: str
    path: str
    format: str
    state: JobState
    phase: JobPhase
    actor: str
    created_at: str
    updated_at: str
    version: int
    cancelling: bool
    files: int
    done: int
    created: int
    updated: int
    unchanged: int
    failed: int
    removed: int
    relations: int
    unresolved: int
    problems: list[list[Any]]
    started_at: str | None = None
    finished_at: str | None = None
    error: str | None = None


def job_from(held: Mapping[str, Any]) -> ImportJob:
    """The job of its stored properties."""
    values = {each.name: held[each.name] for each in fields(ImportJob) if each.name in held}
    values |= {"state": JobState(held["state"]), "phase": JobPhase(held["phase"])}
    values["problems"] = orjson.loads(held["problems"])
    return ImportJob(**values)
