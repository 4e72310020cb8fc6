"""What an import answers."""

from dataclasses import dataclass, field
from enum import StrEnum

from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.logseq.layout import DEFAULT, Layout
from stratumiops.ingest.models import COUNTED, DocumentFormat, Problem
from stratumiops.ingest.resolve import Unresolved


class DocumentOutcome(StrEnum):
    """What became of one file."""

    CREATED = "created"
    UPDATED = "updated"
    RESTORED = "restored"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A file as it is handed in: path relative to the source, with `/`; bytes; how it is to be read.

    `layout` is that of the Logseq graph that the file belongs to.
    """

    path: str
    data: bytes
    format: DocumentFormat = DocumentFormat.AUTO
    layout: Layout = DEFAULT

    @property
    def layout_key(self) -> str | None:
        """What a stored document remembers of the layout; None when it does not matter."""
        return self.layout.key if self.format is DocumentFormat.LOGSEQ else None


@dataclass(slots=True)
class DocumentResult:
    """One file after its import; `node_id` and `title` are None when it failed."""

    path: str
    outcome: DocumentOutcome
    node_id: str | None = None
    title: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What is known of a file's last import; `current` is False when today's reader finds more in it.

    `layout` is the key of the Logseq layout that it was read by.
    """

    path: str
    hash: str
    format: DocumentFormat
    current: bool
    layout: str | None = None

    def says(self, file: SourceDocument) -> bool:
        """Whether importing the file would change nothing."""
        same = self.current and (self.format, self.layout) == (file.format, file.layout_key)
        return same and self.hash == content_hash(file.data)


@dataclass(slots=True)
class FinishReport:
    """A source after all its files are in: what they stand for now, and what finishing changed.

    `unresolved` holds the first of `unresolved_count` links that lead nowhere; `counts` are summed over all files.
    """

    nodes: int = 0
    relations: int = 0
    relations_created: int = 0
    relations_ended: int = 0
    deleted: int = 0
    unresolved_count: int = 0
    unresolved: list[Unresolved] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
