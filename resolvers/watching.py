"""Folders that are kept in step with their graphs while the server runs.

A change of a file, or of the graph, starts a sync when nothing has changed for a moment: a branch switch of a
thousand files is one run. What a run wrote itself starts none. A failure is logged, and tried again.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import structlog

from stratumiops.graph.errors import Conflict, NotFound, StratumError, Unavailable
from stratumiops.graph.local.config import SyncSection, load_config
from stratumiops.ingest.folder.ports import Executes
from stratumiops.ingest.folder.report import SyncReport
from stratumiops.ingest.folder.sync import Touched, sync_folder
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.markdown import NOTE_SUFFIXES
from stratumiops.resolvers.context import Principal, Role
from stratumiops.resolvers.http.ports import GraphQLEngine
from stratumiops.resolvers.in_process import InProcess
from stratumiops.resolvers.settings import WatchPath

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

log = structlog.get_logger("stratumiops.watching")

ACTOR = "sync"
"""The name under which a watcher changes the graph."""
_PRINCIPAL = Principal(ACTOR, Role.ADMIN)
_AGAIN_S = 2.0
_LONGEST = 20
"""How many debounce times a run waits at the most for changes to end."""


class FolderWatcher:
    """Keeps every folder of the settings in step."""

    def __init__(self, services: "Services", engine: GraphQLEngine) -> None:
        self._services = services
        self._engine = engine

    async def run(self) -> None:
        """Watch until cancelled."""
        settings = self._services.settings.sync
        if not settings.auto_index:
            return
        api = InProcess(self._engine, self._services, _PRINCIPAL)
        async with asyncio.TaskGroup() as group:
            for path in settings.watch_paths:
                watched = WatchPath.of(path)
                own = await asyncio.to_thread(own_settings, watched.path)
                if own.auto_index:
                    debounce_ms = own.debounce_ms if "debounce_ms" in own.model_fields_set else settings.debounce_ms
                    group.create_task(Watched(self._services, api, watched, debounce_ms / 1_000, own.watch_paths).run())


def own_settings(path: str) -> SyncSection:
    """What a `.kogral` directory says of its own sync; another folder says nothing."""
    root = Path(path).expanduser()
    if root.name != ".kogral":
        return SyncSection()
    try:
        return load_config(root).sync
    except StratumError as error:
        log.warning("settings of a watched directory are wrong", path=str(root), reason=error.message)
        return SyncSection()


@dataclass(slots=True)
class Runs:
    """What a watcher did: for logs and tests."""

    count: int = 0
    failed: int = 0
    last: SyncReport | None = None


class Watched:
    """One folder and its graph."""

    def __init__(
        self, services: "Services", api: Executes, watched: WatchPath, debounce_s: float, only: Sequence[str] = ()
    ) -> None:
        self._services = services
        self._api = api
        self._watched = watched
        self._root = Path(watched.path).expanduser()
        self._debounce_s = debounce_s
        self._only = tuple(PurePosixPath(folder) for folder in only)
        self._changed = asyncio.Event()
        self._lost = asyncio.Event()
        self._touched = Touched({}, set())
        self._stopping = False
        self.runs = Runs()

    async def run(self) -> None:
        """Sync once, then whenever something changed, until cancelled."""
        self._changed.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._files())
                group.create_task(self._graph())
                group.create_task(self._sync())
        finally:
            self._stopping = True

    # ---- what changes

    async def _files(self) -> None:
        """Tell of changes of files; a folder that is away is looked for again and again."""
        from watchfiles import awatch

        while True:
            self._lost.clear()
            with suppress(FileNotFoundError, OSError):
                watching = awatch(
                    self._root.resolve(strict=True), step=50, debounce=400, watch_filter=None, stop_event=self._lost
                )  # fmt: skip
                async for changes in watching:
                    paths = {path for _, path in changes}
                    if await asyncio.to_thread(self.matters, paths):
                        self._changed.set()
            await asyncio.sleep(_AGAIN_S / 10)
            if self._root.is_dir():
                self._changed.set()
            else:
                await asyncio.sleep(_AGAIN_S)

    async def _graph(self) -> None:
        """Tell of changes of the graph that others made."""
        while True:
            try:
                async for event in self._services.events.listen():
                    if event.graph == self._watched.graph and event.actor != ACTOR:
                        self._changed.set()
            except (Conflict, Unavailable):
                self._changed.set()
            await asyncio.sleep(_AGAIN_S)

    def matters(self, paths: set[str]) -> bool:
        """Whether one of these changes is of a note or a folder, and not this watcher's own."""
        root = self._root.resolve()
        for name in paths:
            with suppress(ValueError):
                path = Path(name).relative_to(root)
                hidden = any(part.startswith(".") for part in path.parts)
                note = path.name.lower().endswith(NOTE_SUFFIXES) or "." not in path.name
                wanted = not self._only or any(path.is_relative_to(folder) for folder in self._only)
                if wanted and not hidden and note and not self._is_own(path.as_posix()):
                    return True
        return False

    def _is_own(self, path: str) -> bool:
        place = self._root / path
        try:
            if place.is_dir():
                return any(one.startswith(f"{path}/") for one in self._touched.written)
            return self._touched.written.get(path) == content_hash(place.read_bytes())
        except OSError:
            return path in self._touched.removed

    # ---- what is done

    async def _sync(self) -> None:
        while True:
            await self._changed.wait()
            await self._quiet()
            try:
                report = await asyncio.to_thread(self._run)
            except StratumError as error:
                self.runs.failed += 1
                log.warning("folder not synced", path=str(self._root), graph=self._watched.graph, reason=error.message)
                if isinstance(error, NotFound):
                    self._lost.set()
                await asyncio.sleep(_AGAIN_S)
                self._changed.set()
                continue
            self.runs.count += 1
            self.runs.last = report
            if report.changes or report.errors:
                log.info(
                    "folder synced", path=str(self._root), graph=report.graph, imported=report.imported,
                    written=report.written, merged=report.merged, renamed=report.renamed,
                    deleted_nodes=report.deleted_nodes, deleted_files=report.deleted_files,
                    conflicts=len(report.conflicts), errors=report.errors[:5], seconds=report.seconds,
                )  # fmt: skip

    async def _quiet(self) -> None:
        """Wait until nothing has changed for the debounce time, but not for ever."""
        deadline = time.monotonic() + _LONGEST * self._debounce_s
        while True:
            self._changed.clear()
            try:
                async with asyncio.timeout(self._debounce_s):
                    await self._changed.wait()
            except TimeoutError:
                return
            if time.monotonic() > deadline:
                self._changed.clear()
                return

    def _run(self) -> SyncReport:
        return sync_folder(
            self._api, self._root, graph=self._watched.graph, source=self._watched.source, step=self._step,
            touched=self._touched,
        )  # fmt: skip

    def _step(self, _: str) -> None:
        if self._stopping:
            raise Unavailable("The server stops.")
