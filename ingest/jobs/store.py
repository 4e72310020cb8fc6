"""Import jobs as the graph keeps them."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from stratumiops.graph.errors import Conflict, NotFound
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.store.database import Database
from stratumiops.ingest.jobs import queries
from stratumiops.ingest.jobs.models import ImportJob, JobPhase, JobState, job_from

LEASE_S = 10.0
"""How long a process may be silent before another one takes its job over, in seconds."""
_COUNTS = ("files", "done", "created", "updated", "unchanged", "failed", "removed", "relations", "unresolved")


class Jobs:
    """Import jobs: made, looked at, claimed, noted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(self, graph: str, source: str, path: str, format: str, *, actor: str) -> ImportJob:  # noqa: A002
        """A new job, which waits for a process to claim it.

        Raises:
            NotFound: there is no such graph.
            Conflict: a job of the same graph and source is under way.
        """
        at = utc_now()
        held: dict[str, Any] = {
            "id": uuid7(),
            "graph": graph,
            "source": source,
            "path": path,
            "format": format,
            "state": JobState.QUEUED.value,
            "phase": JobPhase.WAITING.value,
            "actor": actor,
            "created_at": at,
            "updated_at": at,
            "version": 1,
            "lease_until": 0,
            "cancelling": False,
            "problems": "[]",
            **dict.fromkeys(_COUNTS, 0),
        }
        rows = await self._db.write(queries.CREATE, {"job": held})
        if not rows:
            raise NotFound(f"There is no graph {graph}.", hint="Make it with createGraph.", field="graph")
        if rows[0]["others"]:
            message = f"The import {rows[0]['others'][0]} of the source {source} is under way."
            raise Conflict(message, hint="Wait for it, or cancel it.", field="path")
        return job_from(held)

    async def get(self, job_id: str) -> ImportJob | None:
        """The job of this id."""
        held = await self._db.read_one(queries.GET, {"id": job_id})
        return None if held is None else job_from(held)

    async def page(self, graphs: Sequence[str], *, auth: Sequence[str], first: int) -> list[ImportJob]:
        """The jobs of these graphs, newest first."""
        params = {"graphs": list(graphs), "auth": list(auth), "first": first}
        return [job_from(held) for held in await self._db.read_one(queries.PAGE, params) or ()]

    async def claim(self, holder: str, roots: Sequence[str]) -> ImportJob | None:
        """The oldest job below one of these folders that nobody works on, from now on this process's."""
        now = _now_ms()
        if not await self._db.read_one(queries.ANY_DUE, {"now": now, "roots": list(roots)}):
            return None
        params = {"now": now, "roots": list(roots), "until": _until(), "holder": holder, "at": utc_now()}
        rows = await self._db.write(queries.CLAIM, params)
        return job_from(rows[0]["job"]) if rows else None

    async def note(self, job_id: str, holder: str, changes: Mapping[str, Any], *, lease: bool = True) -> bool | None:
        """Note progress and keep the job; whether it is to be cancelled. None: it is somebody else's by now.

        Args:
            lease: False gives the job back: whoever looks next takes it over.
        """
        params = {"id": job_id, "holder": holder, "changes": dict(changes), "at": utc_now()}
        rows = await self._db.write(queries.NOTE, {**params, "until": _until() if lease else 0}, retry=True)
        return bool(rows[0]["cancelling"]) if rows else None

    async def cancel(self, job_id: str) -> ImportJob:
        """Ask for a job to stop; what it imported stays. A job that is over stays as it is.

        Raises:
            NotFound: there is no such job.
        """
        rows = await self._db.write(queries.CANCEL, {"id": job_id, "at": utc_now()})
        if not rows:
            raise NotFound(f"There is no import {job_id[:100]!r}.", field="id")
        return job_from(rows[0]["job"])

    async def prune(self, before: str) -> int:
        """Forget jobs that were over before an instant; how many."""
        [row] = await self._db.write(queries.PRUNE, {"before": before})
        return int(row["gone"])


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _until() -> int:
    return _now_ms() + int(LEASE_S * 1_000)
