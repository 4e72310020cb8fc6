"""What a reader finds in one file: plain data, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from stratumiops.graph.models import NodeType, RelationType

PARSER_VERSION = 1
"""Raised when a reader finds more or other things in the same bytes: stored documents are then read again."""

MAX_DOCUMENT_BYTES = 10_000_000
"""Largest file that is read, in bytes; above it the file is an error entry."""


class DocumentFormat(StrEnum):
    """How a file is read: the value is what is stored and spoken."""

    AUTO = "auto"
    ADR = "adr"
    MARKDOWN = "markdown"


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
    sure that a note is meant, as in `[the code](../src)`) is no finding when nothing answers to it.
    """

    kind: LinkKind
    target: str
    line: int
    relation: RelationType = RelationType.RELATES_TO
    reverse: bool = False
    required: bool = True
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """One file read: the node it stands for, and its links in order of appearance.

    `node_id` is the id that the file itself carries, if any; `front_matter_valid` is None without front
    matter. `content` is the text after the front matter with LF line ends; it begins on line `body_line`.
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
    encoding: str = "utf-8"
    front_matter_valid: bool | None = None
    body_line: int = 1
    problems: tuple[Problem, ...] = ()
