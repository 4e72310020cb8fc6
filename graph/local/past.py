"""The past of a directory: `.history/`, which keeps what was.

`<name>/<rev>.md` is a state of a node that ended, `<name>/deleted.json` tells of its deletion, `<name>/relations.jsonl`
of relations that ended while it lived, and `restored.jsonl` of deletions that were undone. A relation whose end is
deleted does not hold meanwhile; the files of other nodes are not touched for that.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import orjson

from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.adapters.markdown_file import FOLDERS, Page, UnreadableError, parse
from stratumiops.graph.local.tree import Tree
from stratumiops.graph.models import Edge, Node, RelationType

HISTORY: Final = ".history"
RESTORED: Final = f"{HISTORY}/restored.jsonl"
_STATE = re.compile(r"(\d{1,9})\.md")
FOLDER_OF: Final = {kind: name for name, kind in FOLDERS.items()}
_FOREVER: Final = "9999-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class State:
    """A node as it was from its `updated_at` until `valid_to`; `change` is how that ended. Both None: it is so now."""

    node: Node
    valid_to: str | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """A node was not there from `at` until `restored_at`; None: it still is not."""

    id: str
    rev: int
    at: str
    by: str
    restored_at: str | None = None
    restored_by: str | None = None

    @property
    def until(self) -> str:
        """The instant of its return, or one that never comes."""
        return self.restored_at or _FOREVER


def history_of(node_id: str, name: str) -> str:
    """The path of a file in the history of a node."""
    return f"{HISTORY}/{disk.file_name(node_id)}/{name}"


class Past:
    """What was, beside a tree, which holds what is. Nothing is kept in memory but for one read."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._root = tree.root

    # ---- of one node

    def deletion(self, node_id: str) -> Deletion | None:
        """The deletion of a node that is not live."""
        if self._tree.page(node_id) is not None:
            return None
        return _deletion(_read(self._root / history_of(node_id, "deleted.json")))

    def states(self, node_id: str) -> list[State]:
        """The states of a node or deleted node, newest first; none when there was never one of this id."""
        folder = self._root / HISTORY / disk.file_name(node_id)
        return self._states(node_id, folder, self.deletion(node_id), self.restored().get(node_id, ()))

    def last(self, node_id: str) -> Page | None:
        """The page of a deleted node as it was when it was deleted."""
        deletion = self.deletion(node_id)
        return None if deletion is None else self._page(node_id, deletion.rev - 1)

    # ---- of all

    def restored(self) -> dict[str, list[Deletion]]:
        """Deletions that were undone, by the node's id, in their order."""
        found: dict[str, list[Deletion]] = {}
        for fact in _facts(self._root / RESTORED):
            deletion = _deletion(fact)
            if deletion is not None:
                found.setdefault(deletion.id, []).append(deletion)
        return found

    def deletions(self) -> dict[str, Deletion]:
        """The deletions of all nodes that are not live, by id."""
        found = (_deletion(_read(self._root / HISTORY / name / "deleted.json")) for name in self._names())
        return {each.id: each for each in found if each is not None and self._tree.page(each.id) is None}

    def all_states(self) -> dict[str, list[State]]:
        """The states of all nodes and deleted nodes, newest first, by id."""
        restored, deletions = self.restored(), self.deletions()
        names = self._names()
        found = {}
        for node_id in (*self._tree.shelf.nodes, *deletions):
            name = disk.file_name(node_id)
            folder = self._root / HISTORY / name if name in names else None
            found[node_id] = self._states(node_id, folder, deletions.get(node_id), restored.get(node_id, ()))
        return found

    def relations(self) -> list[Edge]:
        """Every relation that ever held, each as often as it held, with `valid_to` where it ended."""
        restored, deletions = self.restored(), self.deletions()
        gaps = {node_id: list(each) for node_id, each in restored.items()}
        for node_id, deletion in deletions.items():
            gaps.setdefault(node_id, []).append(deletion)
        found = list(self._tree.shelf.edges.values())
        names = self._names()
        for node_id in (*self._tree.shelf.nodes, *deletions):
            name = disk.file_name(node_id)
            if name in names:
                found += self._ended(node_id, self._root / HISTORY / name / "relations.jsonl")
        for node_id, deletion in deletions.items():
            page = self._page(node_id, deletion.rev - 1)
            found += page.edges if page is not None else ()
        return [held for edge in found for held in spans(edge, gaps)]

    # ---- inside

    def _names(self) -> set[str]:
        """Folders of the history, which are plain ones."""
        try:
            with os.scandir(self._root / HISTORY) as entries:
                return {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
        except (FileNotFoundError, NotADirectoryError):
            return set()

    def _states(
        self, node_id: str, folder: Path | None, deletion: Deletion | None, restored: Iterable[Deletion]
    ) -> list[State]:
        page = self._tree.page(node_id)
        now = page.node if page is not None else None
        if now is None and deletion is None:
            return []
        newest = now.rev if now is not None else deletion.rev if deletion is not None else 0
        gone = {each.rev: each for each in restored} | ({deletion.rev: deletion} if deletion is not None else {})
        nodes = [] if now is None else [now]
        for rev in sorted(_revisions(folder), reverse=True):
            old = self._page(node_id, rev) if rev < newest else None
            if old is not None:
                nodes.append(replace(old.node, rev=rev))
        states = [State(now)] if now is not None else []
        for place, node in enumerate(nodes[len(states) :], len(states)):
            ended = gone.get(node.rev + 1)
            if ended is not None:
                states.append(State(node, ended.at, "deleted"))
            else:
                states.append(State(node, nodes[place - 1].updated_at if place else node.updated_at, "updated"))
        return states

    def _page(self, node_id: str, rev: int) -> Page | None:
        """A page as it was kept; files that cannot be read count for nothing."""
        file = self._root / history_of(node_id, f"{rev}.md")
        stamp = disk.Stamp.of(file)
        if stamp is None:
            return None
        page = self._tree.page(node_id)
        own = self._tree.path(node_id) if page is not None else None
        try:
            data = disk.read_plain(file)
            found = parse(
                data,
                graph=self._tree.graph,
                path=own or f"notes/{disk.file_name(node_id)}.md",
                changed_at=stamp.changed_ns / 1e9,
            )
        except (OSError, UnreadableError):
            return None
        return found if found.node.id == node_id else None

    def _ended(self, node_id: str, file: Path) -> Iterator[Edge]:
        for fact in _facts(file):
            edge = _ended(self._tree.graph, node_id, fact)
            if edge is not None:
                yield edge


def spans(edge: Edge, gaps: Mapping[str, Iterable[Deletion]]) -> Iterator[Edge]:
    """The times in which a relation held: it did not while one of its ends was deleted."""
    missing = sorted((*gaps.get(edge.source, ()), *gaps.get(edge.target, ())), key=lambda gap: gap.at)
    end = edge.valid_to or _FOREVER
    held = edge
    for gap in missing:
        if gap.until <= held.valid_from or gap.at >= end:
            continue
        if held.valid_from < gap.at:
            yield replace(held, valid_to=gap.at)
        if gap.restored_at is None or gap.restored_at >= end:
            return
        by = gap.restored_by or held.created_by
        held = replace(held, valid_from=gap.restored_at, recorded_at=gap.restored_at, created_by=by)
    yield held


def present(edge: Edge, restored: Mapping[str, Iterable[Deletion]]) -> Edge:
    """A live relation as it holds now: since the return of its ends, when they were deleted meanwhile."""
    if edge.source not in restored and edge.target not in restored:
        return edge
    return list(spans(edge, restored))[-1]


def ended_fact(edge: Edge, at: str, actor: str) -> bytes:
    """The line that tells that a relation ended."""
    fact = {
        "type": edge.relation.value,
        "target": edge.target,
        "weight": edge.weight,
        "origin": edge.origin,
        "valid_from": edge.valid_from,
        "valid_to": at,
        "recorded_at": edge.recorded_at,
        "created_by": edge.created_by,
        "ended_by": actor,
    }
    return orjson.dumps(fact)


def _ended(graph: str, source: str, fact: Mapping[str, Any]) -> Edge | None:
    try:
        return Edge(
            graph=graph,
            source=source,
            target=str(fact["target"]),
            relation=RelationType(fact["type"]),
            weight=float(fact["weight"]),
            origin=str(fact["origin"]),
            valid_from=str(fact["valid_from"]),
            valid_to=str(fact["valid_to"]),
            recorded_at=str(fact["recorded_at"]),
            created_by=str(fact["created_by"]),
        )
    except (KeyError, ValueError, TypeError):
        return None


def _deletion(fact: Mapping[str, Any] | None) -> Deletion | None:
    try:
        return None if fact is None else Deletion(
            str(fact["id"]), int(fact["rev"]), str(fact["deleted_at"]), str(fact["deleted_by"]),
            fact.get("restored_at"), fact.get("restored_by"),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        return None


def _revisions(folder: Path | None) -> list[int]:
    if folder is None:
        return []
    try:
        with os.scandir(folder) as entries:
            return [int(found[1]) for entry in entries if (found := _STATE.fullmatch(entry.name))]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = orjson.loads(disk.read_plain(file))
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def _facts(file: Path) -> Iterator[dict[str, Any]]:
    """The lines of a log; those that are none of ours are left out."""
    try:
        lines = disk.read_plain(file).split(b"\n")
    except OSError:
        return
    for line in lines:
        try:
            fact = orjson.loads(line) if line else None
        except orjson.JSONDecodeError:
            continue
        if isinstance(fact, dict):
            yield fact
