"""Does import jobs, one at a time, in bounded steps: a batch of files, a note of the progress, the next batch.

Every batch is one transaction and files are compared by hash, so a job that is taken over after a crash does not
start anew: what is in is found unchanged. Reading files is done in threads; the loop is never blocked.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog

from stratumiops.graph.errors import StratumError, Unavailable
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.graph.store.database import Database
from stratumiops.ingest.folder.arrange import Arrangement, arrange
from stratumiops.ingest.folder.listing import Listing, list_notes, read_note
from stratumiops.ingest.folder.sending import portions
from stratumiops.ingest.jobs.models import ImportJob, JobPhase, JobState
from stratumiops.ingest.jobs.roots import allowed
from stratumiops.ingest.jobs.store import LEASE_S, Jobs
from stratumiops.ingest.models import DocumentFormat, Problem
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult, SourceDocument, StoredDocument
from stratumiops.ingest.service import MAX_PAGE, ImportService

log = structlog.get_logger("stratumiops.imports")

MAX_PROBLEMS = 1_000
_IDLE_S = 2.0
_AWAY_S = 1.0
_REMOVED_AT_ONCE = 1_000


class ImportRunner:
    """Claims jobs below folders that it may read, and does them, until cancelled.

    Args:
        roots: folders that may be read.
        changed: called after each batch that was written.
    """

    def __init__(self, db: Database, roots: Sequence[Path], changed: Callable[[], None] | None = None) -> None:
        self._db = db
        self._jobs = Jobs(db)
        self._roots = roots
        self._changed = changed or (lambda: None)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid7()}"
        self._wake = asyncio.Event()

    def poke(self) -> None:
        """Look for jobs now."""
        self._wake.set()

    async def run(self) -> None:
        """Do jobs as they come."""
        while True:
            pause = _IDLE_S
            try:
                job = await self._jobs.claim(self._holder, [str(root.resolve()) for root in self._roots])
                if job is not None:
                    await self.do(job)
                    continue
            except StratumError as error:
                log.warning("imports wait", reason=error.message)
                pause = _AWAY_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()

    async def do(self, job: ImportJob) -> None:
        """Do a claimed job to its end, and note how it ended.

        Raises:
            Unavailable: the store is away; the job goes on when it is back, here or elsewhere.
        """
        work = _Work(job, self._holder, self._jobs, ImportService(self._db), self._roots, self._changed)
        beat = asyncio.create_task(work.keep())
        try:
            await work.run()
        except asyncio.CancelledError:
            with suppress(StratumError):
                await self._jobs.note(job.id, self._holder, {}, lease=False)
            raise
        except Unavailable:
            raise
        except StratumError as error:
            log.warning("an import failed", job=job.id, code=error.code.value, reason=error.message)
            await self._jobs.note(job.id, self._holder, _end(JobState.FAILED, error=error.message))
        finally:
            beat.cancel()


class _Stopped(Exception):
    """The job is to be cancelled, or somebody else's by now."""


class _Work:
    """One job under way."""

    def __init__(
        self,
        job: ImportJob,
        holder: str,
        jobs: Jobs,
        service: ImportService,
        roots: Sequence[Path],
        changed: Callable[[], None],
    ) -> None:
        self._job = job
        self._holder = holder
        self._jobs = jobs
        self._service = service
        self._roots = roots
        self._changed = changed
        self._counts = {"done": 0, "created": job.created, "updated": job.updated, "unchanged": 0, "failed": 0}
        self._problems: list[list[Any]] = []

    async def keep(self) -> None:
        """Keep the lease while something takes long."""
        while True:
            await asyncio.sleep(LEASE_S / 3)
            with suppress(StratumError):
                await self._jobs.note(self._job.id, self._holder, {})

    async def run(self) -> None:
        """List, read what changed in batches, finish."""
        job = self._job
        try:
            path = await asyncio.to_thread(allowed, job.path, self._roots)
            listing = await asyncio.to_thread(list_notes, path)
            arrangement = await asyncio.to_thread(arrange, listing, DocumentFormat(job.format))
            self._take_over(listing)
            await self._note(phase=JobPhase.READING.value, files=len(listing.paths))
            stored = await self._stored()
            removed = sorted(stored.keys() - set(listing.paths)) if listing.whole else []
            files = portions(self._read(listing, stored, arrangement))
            while (batch := await asyncio.to_thread(next, files, None)) is not None:
                await self._import(batch, removed[:_REMOVED_AT_ONCE])
            await self._note(phase=JobPhase.FINISHING.value)
            report = await self._service.finish(
                job.graph, job.source, actor=job.actor, keep=listing.paths if listing.whole else None
            )
            self._changed()
            self._counts["unchanged"] = len(listing.paths) - sum(
                self._counts[name] for name in ("created", "updated", "failed")
            )
            ends = {"relations": report.relations, "unresolved": report.unresolved_count, "removed": report.deleted}
            await self._note(**ends, **_end(JobState.DONE))
        except _Stopped:
            await self._jobs.note(job.id, self._holder, _end(JobState.CANCELLED))

    def _take_over(self, listing: Listing) -> None:
        for path, problem in (*listing.skipped, *listing.errors):
            self._add(path, problem)

    def _add(self, path: str, problem: Problem) -> None:
        if len(self._problems) < MAX_PROBLEMS:
            shown = path.encode("utf-8", "replace").decode()
            self._problems.append([shown, problem.line, problem.code, problem.message, problem.severity.value])

    async def _note(self, **changes: Any) -> None:
        """Note progress.

        Raises:
            _Stopped: the job is to stop.
        """
        problems = orjson.dumps(self._problems).decode()
        values = {**self._counts, "problems": problems, **changes}
        cancelling = await self._jobs.note(self._job.id, self._holder, values)
        if cancelling is None or (cancelling and "state" not in changes):
            raise _Stopped

    async def _stored(self) -> dict[str, StoredDocument]:
        found: dict[str, StoredDocument] = {}
        after: str | None = None
        while True:
            page = await self._service.imported(self._job.graph, self._job.source, first=MAX_PAGE, after=after)
            found |= {one.path: one for one in page}
            if len(page) < MAX_PAGE:
                return found
            after = page[-1].path

    def _read(
        self, listing: Listing, stored: Mapping[str, StoredDocument], arrangement: Arrangement
    ) -> Iterator[SourceDocument]:
        """The files that are not in, or otherwise; runs in a thread, one batch at a time."""
        for path in listing.paths:
            data = read_note(listing.root, path)
            if isinstance(data, Problem):
                self._counts["failed"] += 1
                self._counts["done"] += 1
                self._add(path, data)
                continue
            file, known = SourceDocument(path, data, arrangement.of(path), arrangement.layout), stored.get(path)
            if known is not None and known.says(file):
                self._counts["unchanged"] += 1
                self._counts["done"] += 1
            else:
                yield file

    async def _import(self, batch: list[SourceDocument], removed: Sequence[str]) -> None:
        job = self._job
        results = await self._service.import_documents(job.graph, job.source, batch, actor=job.actor, removed=removed)
        for one in results:
            self._take(one)
        self._changed()
        await self._note()

    def _take(self, result: DocumentResult) -> None:
        self._counts["done"] += 1
        self._counts[_COUNTED[result.outcome]] += 1
        for problem in result.problems:
            self._add(result.path, problem)


_COUNTED = {
    DocumentOutcome.CREATED: "created",
    DocumentOutcome.RESTORED: "created",
    DocumentOutcome.UPDATED: "updated",
    DocumentOutcome.UNCHANGED: "unchanged",
    DocumentOutcome.FAILED: "failed",
}


def _end(state: JobState, **more: Any) -> dict[str, Any]:
    return {"state": state.value, "phase": JobPhase.OVER.value, "finished_at": utc_now(), **more}
