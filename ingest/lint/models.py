"""Findings: their codes, how bad they are, what to do about them."""

from dataclasses import dataclass
from enum import StrEnum


class LintSeverity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class LintCode(StrEnum):
    """What a finding is about, worst first; the names are stable."""

    CONFLICT_MARKER = "CONFLICT_MARKER"
    SUPERSEDE_CYCLE = "SUPERSEDE_CYCLE"
    MUTUAL_SUPERSEDE = "MUTUAL_SUPERSEDE"
    SUPERSEDED_BY_REJECTED = "SUPERSEDED_BY_REJECTED"
    BROKEN_SUPERSEDE = "BROKEN_SUPERSEDE"
    SUPERSEDED_BUT_ACCEPTED = "SUPERSEDED_BUT_ACCEPTED"
    SUPERSEDED_WITHOUT_SUCCESSOR = "SUPERSEDED_WITHOUT_SUCCESSOR"
    BROKEN_LINK = "BROKEN_LINK"
    INVALID_FRONT_MATTER = "INVALID_FRONT_MATTER"
    FILE_PROBLEM = "FILE_PROBLEM"
    JOURNAL_WITHOUT_DATE = "JOURNAL_WITHOUT_DATE"
    DUPLICATE_TITLE = "DUPLICATE_TITLE"
    NEAR_DUPLICATE = "NEAR_DUPLICATE"
    ORPHAN = "ORPHAN"

    @property
    def severity(self) -> LintSeverity:
        """How bad it is."""
        if self is LintCode.ORPHAN:
            return LintSeverity.INFO
        return LintSeverity.ERROR if self in _ERRORS else LintSeverity.WARNING

    @property
    def hint(self) -> str:
        """What to do."""
        return _HINTS[self]


_ERRORS = {
    LintCode.CONFLICT_MARKER,
    LintCode.SUPERSEDE_CYCLE,
    LintCode.MUTUAL_SUPERSEDE,
    LintCode.SUPERSEDED_BY_REJECTED,
    LintCode.BROKEN_SUPERSEDE,
}
_HINTS = {
    LintCode.CONFLICT_MARKER: "Choose what is to stay, and take the markers out.",
    LintCode.SUPERSEDE_CYCLE: "End one of these relations: a decision cannot come before itself.",
    LintCode.MUTUAL_SUPERSEDE: "End the relation that is wrong, and set the older decision to superseded.",
    LintCode.SUPERSEDED_BY_REJECTED: "End the relation, or correct the status of the rejected decision.",
    LintCode.BROKEN_SUPERSEDE: "Name the decision that is meant by its file, id or number.",
    LintCode.SUPERSEDED_BUT_ACCEPTED: "Set its status to superseded, or end the relation.",
    LintCode.SUPERSEDED_WITHOUT_SUCCESSOR: "Say which decision supersedes it, or set it to deprecated.",
    LintCode.BROKEN_LINK: "Correct the link, or make the note that it names.",
    LintCode.INVALID_FRONT_MATTER: "Correct the front matter in the file and import it again.",
    LintCode.FILE_PROBLEM: "Correct the file and import it again.",
    LintCode.JOURNAL_WITHOUT_DATE: "Give it a date, or a file name such as 2026-01-31.md.",
    LintCode.DUPLICATE_TITLE: "Give one of the two another title: links by title cannot tell them apart.",
    LintCode.NEAR_DUPLICATE: "Merge the two, or link them when both are needed.",
    LintCode.ORPHAN: "Link it to what it belongs to; `kogral suggest` has proposals.",
}
FIXABLE = frozenset({LintCode.SUPERSEDED_BUT_ACCEPTED, LintCode.JOURNAL_WITHOUT_DATE})
"""Codes of findings that may have a safe correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. `line` counts from 1 in the file; `other` is the second node that it is about.

    `place` orders the findings of a code: an id, or source and path of a file. `fix` is the correction of the
    node, as changes of its stored properties, or None.
    """

    code: LintCode
    graph: str
    place: str
    message: str
    path: str | None = None
    line: int | None = None
    node: str | None = None
    other: str | None = None
    fix: tuple[tuple[str, str], ...] | None = None
