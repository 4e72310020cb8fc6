"""A folder and a graph brought into step, from the files' side.

1. What files say that changed goes into the graph, which merges it with what changed there.
2. Files that are gone take their nodes along; nodes that are gone take their files.
3. Nodes without a file get a place.
4. What the graph has more than a file is written to it, and confirmed: only then is it what both agree on.

Every step may be the last one: the next run goes on from what is then true.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.ingest.folder import operations
from stratumiops.ingest.folder.arrange import Arrangement, arrange, sent_layout
from stratumiops.ingest.folder.listing import Listing, list_notes, read_note
from stratumiops.ingest.folder.ports import Executes
from stratumiops.ingest.folder.report import SyncReport
from stratumiops.ingest.folder.sending import batches, chunks, document, received
from stratumiops.ingest.folder.writing import Step, no_step, one_at_a_time, remove, write
from stratumiops.ingest.identity import content_hash, source_key
from stratumiops.ingest.models import DocumentFormat, Problem

_PLAN = 5_000
_PATHS = 500
_CONFLICTS = 1_000
_GONE_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class State:
    """How the graph has a document; see the API's `SyncState`."""

    hash: str
    format: str
    layout: str | None
    current: bool
    live: bool
    changed: bool
    conflict_kind: str | None


@dataclass(frozen=True, slots=True)
class Touched:
    """What a run left on disk: hashes of the files it wrote, paths of those it took away."""

    written: dict[str, str]
    removed: set[str]


def sync_folder(
    api: Executes,
    folder: Path,
    *,
    graph: str = "default",
    source: str | None = None,
    adopt: bool | None = None,
    dry_run: bool = False,
    step: Step = no_step,
    touched: Touched | None = None,
) -> SyncReport:
    """Sync a folder with a named graph, which is created when it is missing.

    Args:
        source: the name under which the folder is known; without it, made of the folder's name and path.
        adopt: whether nodes that have no file get one here; None: when the graph has no other source.
        touched: is told what was written.

    Raises:
        NotFound, BadInput: the path is no folder.
        Conflict: another sync of the folder does not end.
        Unavailable and others of the API: a part was done; running it again completes it.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; a folder is synced.", field="path")
    began = time.monotonic()
    listing = list_notes(folder)
    report = SyncReport(graph, source or source_key(listing.root), dry_run=dry_run)
    with one_at_a_time(listing.root):
        run = _Run(api, list_notes(folder), report, step, touched or Touched({}, set()))
        run.all(adopt)
    report.seconds = round(time.monotonic() - began, 3)
    return report


class _Run:
    """One run over one folder."""

    def __init__(self, api: Executes, listing: Listing, report: SyncReport, step: Step, touched: Touched) -> None:
        self._api = api
        self._listing = listing
        self._root = listing.root
        self._report = report
        self._step = step
        self._touched = touched
        self._arrangement: Arrangement = arrange(listing, DocumentFormat.AUTO)
        self._where = {"graph": report.graph, "source": report.source}
        self._states: dict[str, State] = {}
        self._files: dict[str, str] = {}
        self._closed: list[str] = []
        self._busy: set[str] = set()
        self._confirmed = 0

    def all(self, adopt: bool | None) -> None:
        """Everything, in order."""
        self._report.files = len(self._listing.paths)
        made = self._ensure_graph()
        self._states = {} if made and self._report.dry_run else dict(self._plan())
        self._read()
        self._step("compared")
        moved = self._moves()
        sent = [path for path in self._files if self._is_to_be_sent(path)]
        gone = [path for path in self._gone() if path not in moved.values()]
        going = [path for path, one in self._states.items() if not one.live and self._files.get(path) == one.hash]
        if self._report.dry_run:
            self._foretell(sent, moved, gone, going, adopt)
            return
        wanted = self._take(sent, moved, gone[:_GONE_AT_ONCE])
        self._step("taken")
        self._forget(gone)
        self._step("forgotten")
        self._take_away(going)
        wanted |= {path for path, one in self._states.items() if one.live and one.changed and path not in self._busy}
        wanted |= set(self._place(adopt))
        self._step("placed")
        self._write(sorted(wanted - set(gone)))
        if self._report.changes or self._confirmed:
            self._api.execute(operations.JOIN_DOCUMENTS, {"input": {**self._where, "keep": None}})
        self._report.conflicts = list(self._conflicts())
        busy = len(self._busy & set(self._files))
        self._report.unchanged = max(0, len(self._files) - busy)
        self._step("done")

    # ---- what is there

    def _ensure_graph(self) -> bool:
        if self._api.execute(operations.SYNCED_GRAPH, {"name": self._report.graph})["graph"] is not None:
            return False
        self._report.graph_created = True
        if not self._report.dry_run:
            self._api.execute(operations.NEW_GRAPH, {"input": {"name": self._report.graph}})
        return True

    def _plan(self) -> Iterator[tuple[str, State]]:
        after: str | None = None
        while True:
            page = self._api.execute(operations.SYNC_PLAN, {**self._where, "first": _PLAN, "after": after})["syncPlan"]
            for one in page:
                yield (
                    one["path"],
                    State(
                        one["hash"], one["format"].lower(), one["layout"], one["current"], one["live"],
                        one["changed"], one["conflictKind"],
                    ),
                )  # fmt: skip
            if len(page) < _PLAN:
                return
            after = page[-1]["path"]

    def _read(self) -> None:
        """Hash every file; those that cannot be read are neither changed nor gone."""
        self._closed = [path for path, _ in (*self._listing.skipped, *self._listing.errors)]
        for path, problem in self._listing.errors:
            self._report.refuse(path, problem)
        for path, problem in self._listing.skipped:
            if self._is_known(path):
                self._report.refuse(path, problem)
        for path in self._listing.paths:
            data = read_note(self._root, path)
            if isinstance(data, Problem):
                self._report.refuse(path, data)
                self._closed.append(path)
            else:
                self._files[path] = content_hash(data)

    def _is_known(self, path: str) -> bool:
        return path in self._states or any(one.startswith(f"{path}/") for one in self._states)

    def _gone(self) -> list[str]:
        """Documents whose files are not there."""
        if not self._listing.whole:
            return []
        closed = set(self._closed)
        return [
            path
            for path, one in self._states.items()
            if one.hash and path not in self._files and not _is_under(path, closed)
        ]

    def _moves(self) -> dict[str, str]:
        """New files that have the bytes of one that is gone: where they were, by where they are."""
        waiting: dict[str, list[str]] = {}
        for path in self._gone():
            if self._states[path].live:
                waiting.setdefault(self._states[path].hash, []).append(path)
        moves: dict[str, str] = {}
        new = [path for path in self._files if path not in self._states and self._files[path] in waiting]
        for same_name in (True, False):
            for path in new:
                left = waiting[self._files[path]]
                fits = [old for old in left if not same_name or _name(old) == _name(path)]
                if path not in moves and fits:
                    moves[path] = fits[0]
                    left.remove(fits[0])
        return moves

    def _is_to_be_sent(self, path: str) -> bool:
        """Whether the graph has to hear what a file says: it is new, changed, in conflict, or to be
        read anew."""
        state = self._states.get(path)
        if state is None or (state.live and state.conflict_kind is not None):
            return True
        if not state.live and state.hash == self._files[path]:
            return False
        read = (self._arrangement.of(path).value, self._arrangement.layout_key(path))
        same = state.hash == self._files[path] and (state.format, state.layout) == read
        return not (same and state.current)

    def _foretell(
        self, sent: list[str], moved: dict[str, str], gone: list[str], going: list[str], adopt: bool | None
    ) -> None:
        """What would be done, in a dry run."""
        report = self._report
        report.renamed = len(moved)
        both = [path for path in sent if (one := self._states.get(path)) is not None and one.live and one.changed]
        report.merged = len(both)
        report.imported = len(sent) - len(moved) - len(both)
        report.deleted_nodes = sum(self._states[path].live and not self._states[path].changed for path in gone)
        report.deleted_files = len(going)
        waiting = [path for path, one in self._states.items() if one.live and one.changed and path not in gone]
        report.written = len(waiting)
        if not report.graph_created:
            unfiled = self._unfiled()
            if self._adopts(adopt):
                report.written += unfiled
            else:
                report.unfiled = unfiled
            report.conflicts = list(self._conflicts())
        report.unchanged = len(set(self._files) - set(sent) - set(going) - set(waiting))

    # ---- files into the graph

    def _take(self, paths: list[str], moved: dict[str, str], gone: list[str]) -> set[str]:
        """Send what files say; the paths of those that are to get something in return."""
        wanted: set[str] = set()
        self._busy |= set(paths)
        layout = sent_layout(self._arrangement.layout) if self._arrangement.format is DocumentFormat.LOGSEQ else None
        for batch in batches(self._inputs(paths, moved)):
            given = {**self._where, "documents": batch, "gone": gone, "layout": layout}
            found = self._api.execute(operations.SYNC_DOCUMENTS, {"input": given})["syncDocuments"]
            for problem in found["problems"]:
                self._report.note(problem)
            for one in found["documents"]:
                self._count(one)
                if one["write"]:
                    wanted.add(one["path"])
        return wanted

    def _inputs(self, paths: list[str], moved: dict[str, str]) -> Iterator[dict[str, Any]]:
        for path in paths:
            data = read_note(self._root, path)
            if isinstance(data, Problem):
                self._report.refuse(path, data)
                continue
            more: dict[str, Any] = {"format": self._arrangement.of(path).name}
            if path in moved:
                more["movedFrom"] = moved[path]
            yield document(path, data, **more)

    def _count(self, one: dict[str, Any]) -> None:
        match one["outcome"]:
            case "IMPORTED":
                self._report.imported += 1
            case "MERGED":
                self._report.merged += 1
            case "RENAMED":
                self._report.renamed += 1
            case "DELETED":
                self._report.deleted_nodes += 1
            case "UNCHANGED" | "AGREED":
                self._busy.discard(one["path"])

    # ---- files and nodes that are gone

    def _forget(self, paths: list[str]) -> None:
        """Tell the graph of files that are not there."""
        for some in chunks(paths, _PATHS):
            answer = self._api.execute(operations.REMOVE_DOCUMENTS, {"input": {**self._where, "paths": some}})
            for problem in answer["removeDocuments"]["problems"]:
                self._report.note(problem)
            for one in answer["removeDocuments"]["documents"]:
                self._count(one)

    def _take_away(self, paths: list[str]) -> None:
        """Delete files whose nodes were deleted, and tell the graph so."""
        gone = []
        for path in paths:
            self._busy.add(path)
            problem = remove(self._root, path, self._states[path].hash)
            if problem is None:
                self._report.deleted_files += 1
                self._touched.removed.add(path)
                gone.append(path)
                self._step("removed")
            else:
                self._report.refuse(path, problem)
        self._forget(gone)

    # ---- the graph into files

    def _adopts(self, adopt: bool | None) -> bool:
        if adopt is not None:
            return adopt
        sources = self._api.execute(operations.SOURCES, {"graph": self._report.graph})["documentSources"]
        return set(sources) <= {self._report.source}

    def _unfiled(self) -> int:
        variables = {**self._where, "first": 1_000, "after": None}
        return len(self._api.execute(operations.EXPORT_NEW, variables)["exportNewDocuments"]["documents"])

    def _place(self, adopt: bool | None) -> Iterator[str]:
        """Places for nodes that have no file."""
        if not self._adopts(adopt):
            self._report.unfiled = self._unfiled()
            return
        taken = sorted({*self._files, *self._closed} - set(self._states))
        while True:
            answer = self._api.execute(operations.PLACE_NODES, {"input": {**self._where, "taken": taken}})
            if not answer["placeNodes"]["paths"]:
                return
            yield from answer["placeNodes"]["paths"]

    def _write(self, paths: list[str]) -> None:
        """Write what the graph has more, and agree on it."""
        for some in chunks(paths, _PATHS):
            for batch in batches(self._written(some)):
                answer = self._api.execute(operations.CONFIRM_DOCUMENTS, {"input": {**self._where, "documents": batch}})
                found = answer["confirmDocuments"]
                for problem in found["problems"]:
                    self._report.note(problem)
                self._confirmed += len(found["documents"])
                self._step("confirmed")

    def _written(self, paths: list[str]) -> Iterator[dict[str, Any]]:
        for one in self._exported(paths):
            path, data = one["path"], received(one)
            if one["problem"] is not None:
                self._report.refuse(path, Problem("NO_BYTES", one["problem"]))
                continue
            if one["unsaid"]:
                self._report.unsaid.append({"path": path, "fields": one["unsaid"]})
            if one["changed"]:
                self._busy.add(path)
                problem = write(self._root, path, data, one["base"], self._step)
                if problem is not None:
                    self._report.refuse(path, problem)
                    continue
                self._report.written += 1
                self._touched.written[path] = content_hash(data)
            yield document(path, data, format=one["format"], base=one["base"], rev=one["rev"])

    def _exported(self, paths: list[str]) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            variables = {**self._where, "first": _PATHS, "after": after, "paths": paths}
            page = self._api.execute(operations.EXPORT_DOCUMENTS, variables)["exportDocuments"]
            yield from page["documents"]
            after = page["after"]
            if after is None:
                return

    def _conflicts(self) -> Iterator[dict[str, Any]]:
        after: str | None = None
        while True:
            variables = {"graph": self._report.graph, "first": _CONFLICTS, "after": after}
            page = self._api.execute(operations.CONFLICTS, variables)["conflicts"]
            for one in page:
                if one["source"] == self._report.source:
                    yield {
                        "id": one["id"], "path": one["path"], "kind": one["kind"].lower(), "node": one["nodeId"],
                        "since": one["since"],
                    }  # fmt: skip
            if len(page) < _CONFLICTS:
                return
            after = page[-1]["id"]


def _is_under(path: str, closed: set[str]) -> bool:
    """Whether a path, or a folder on the way to it, is among those that could not be looked into."""
    return path in closed or any(path.startswith(f"{one}/") for one in _folders(path, closed))


def _folders(path: str, closed: set[str]) -> Iterable[str]:
    parts = path.split("/")
    return [folder for number in range(1, len(parts)) if (folder := "/".join(parts[:number])) in closed]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
