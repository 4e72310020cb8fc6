"""What the graph's side of a sync answers."""

from dataclasses import dataclass
from enum import StrEnum

from stratumiops.ingest.models import Problem
from stratumiops.ingest.reading import Reading


class SyncOutcome(StrEnum):
    """What became of one file's word in the graph."""

    IMPORTED = "imported"
    AGREED = "agreed"
    MERGED = "merged"
    RENAMED = "renamed"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    FAILED = "failed"


class ConflictKind(StrEnum):
    """Which changes exclude each other."""

    CONTENT = "content"
    DELETED_FILE = "deleted_file"
    DELETED_NODE = "deleted_node"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it is on disk: its bytes, how it is read, and where it was when it only moved."""

    path: str
    data: bytes
    reading: Reading
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written: `base` is the hash that it replaced (empty: none), `rev` what it says of the node."""

    path: str
    data: bytes
    base: str
    rev: int


@dataclass(frozen=True, slots=True)
class SyncResult:
    """One file. `write`: it is to be written, as the graph has more than it said."""

    path: str
    outcome: SyncOutcome
    write: bool = False
    conflict: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """A document as the graph wants its file. `base`: hash of the file it goes on from (empty: there is none)."""

    path: str
    data: bytes
    base: str
    node_id: str
    rev: int
    changed: bool
    reading: Reading
    unsaid: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some documents in order of path; `after` is where the next page begins, None at the end."""

    documents: list[Exported]
    after: str | None


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """Changes that exclude each other, until somebody decides; a side is None where there is none."""

    id: str
    graph: str
    source: str
    path: str
    kind: ConflictKind
    node_id: str
    since: str
    base: bytes | None
    file: bytes | None
    graph_side: bytes | None
