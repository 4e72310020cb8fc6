"""What a reader finds in one file: plain data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from stratumiops.graph.models import NodeType, RelationType

PARSER_VERSION = 2
"""Raised when a reader finds more or other things in the same bytes: stored documents are then read again."""

MAX_DOCUMENT_BYTES = 10_000_000
"""Largest file that is read, in bytes; above it the file is an error entry."""


class DocumentFormat(StrEnum):
    """How a file is read: the value is what is stored and spoken."""

    AUTO = "auto"
    ADR = "adr"
    MARKDOWN = "markdown"
    LOGSEQ = "logseq"
    OBSIDIAN = "obsidian"


class ProblemSeverity(StrEnum):
    """An error keeps the file out of the graph; after a warning it is in, less what the warning names."""

    WARNING = "warning"
    ERROR = "error"


class LinkKind(StrEnum):
    """Where a link stands; the value becomes the `origin` of the relation it makes."""

    WIKILINK = "wikilink"
    EMBED = "embed"
    MARKDOWN = "markdown"
    FRONTMATTER = "frontmatter"
    STATUS = "status"
    TAG = "tag"
    BLOCK_REF = "block_ref"


FILE_ORIGINS = tuple(kind.value for kind in LinkKind)
"""Origins of relations that files state; an import ends them when no file states them any more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file that its owner should know. `line` counts from 1; None is the whole file."""

    code: str
    message: str
    line: int | None = None
    severity: ProblemSeverity = ProblemSeverity.WARNING


@dataclass(frozen=True, slots=True)
class Link:
    """A reference from a file to something, as written, not yet resolved.

    `target` is a path, a name, an ADR number or an id, without heading and shown text. `reverse` means that
    the target is the source of the relation ("superseded by X"). A link that is not `required` (it is not
    sure that a note is meant, as in `[the code](../src)`) is no finding when nothing answers to it. `block` is
    the place of the block that holds it, among the document's blocks.
    """

    kind: LinkKind
    target: str
    line: int
    relation: RelationType = RelationType.RELATES_TO
    reverse: bool = False
    required: bool = True
    heading: str | None = None
    block: int | None = None


class TaskState(StrEnum):
    """Where a task stands, whatever its marker is called."""

    TODO = "todo"
    DOING = "doing"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a document that can be referred to, in order of appearance: a Logseq bullet, a task, a `^block`.

    `own_id` is the id that the file gives it, if any. `parent` is the place of the block above it. `text` is what
    it says, without bullet, marker, priority, properties and planning. `scheduled` and `deadline` are
    `YYYY-MM-DD`, with `THH:MM` where a time is given. `properties` hold values as written, by folded names.
    Lines count from 1 in the file and are its own, without those of the blocks under it; both are included.
    """

    text: str
    depth: int
    start_line: int
    end_line: int
    parent: int | None = None
    own_id: str | None = None
    marker: str | None = None
    state: TaskState | None = None
    priority: str | None = None
    scheduled: str | None = None
    deadline: str | None = None
    tags: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


COUNTED: Final = (
    "pages", "journals", "blocks", "wikilinks", "block_refs", "embeds", "properties", "tags", "aliases", "tasks",
)  # fmt: skip
"""What is counted in every document: occurrences, not distinct values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """One file read: the node it stands for, and its links in order of appearance.

    `node_id` is the id that the file itself carries, if any; `front_matter_valid` is None without front
    matter. `content` is the text after the front matter with LF line ends; it begins on line `body_line`. `names` are
    what links may call it beside its path and its aliases. `counts` has every name of `COUNTED`.
    """

    path: str
    type: NodeType
    title: str
    content: str
    node_id: str | None = None
    tags: tuple[str, ...] = ()
    status: str | None = None
    date: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    encoding: str = "utf-8"
    front_matter_valid: bool | None = None
    body_line: int = 1
    problems: tuple[Problem, ...] = ()
