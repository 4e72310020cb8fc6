"""The status of a decision: where it stands, what it says, which of the five words it means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stratumiops.graph.models import DecisionStatus
from stratumiops.ingest.markdown import Heading, shown

_WORDS: tuple[tuple[DecisionStatus, str], ...] = (
    (DecisionStatus.SUPERSEDED, r"super[sc]eded|replaced by|obsoleted?"),
    (DecisionStatus.DEPRECATED, r"deprecated|retired"),
    (DecisionStatus.REJECTED, r"rejected|declined|cancell?ed|postponed"),
    (DecisionStatus.ACCEPTED, r"accepted|approved|decided|adopted|implemented(?! by)|active"),
    (
        DecisionStatus.PROPOSED,
        r"proposed|pending|draft|(?:in |under )?review|incomplete|open|on hold|in progress",
    ),
)
WORD = re.compile(
    r"(?<![a-z])(?:" + "|".join(f"(?P<{status.value}>{words})" for status, words in _WORDS) + r")(?![a-z])",
    re.IGNORECASE,
)
"""Finds the first word for a status; the group's name is its meaning."""
_HEADING = re.compile(r"[^a-z]*(?:\d+[.)] *)?status\b[^a-z:]*(?::(.*))?", re.IGNORECASE | re.DOTALL)
_LINE = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)?status(?:\*\*|__)?[ \t]*:(?:\*\*|__)?(?=([^\n]*)$)", re.I | re.M
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_KEYS = {
    "status",
    "date",
    "author",
    "authors",
    "decider",
    "deciders",
    "owner",
    "tags",
    "version",
    "title",
    "id",
}
_MARKS = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?")


@dataclass(frozen=True, slots=True)
class StatusPart:
    """The status as written, and the span of the body that belongs to it, "superseded by …" included."""

    raw: str
    begin: int
    end: int


def canonical(raw: str) -> DecisionStatus | None:
    """The first known word's meaning; marks and emoji before it do not matter."""
    found = WORD.search(raw)
    return DecisionStatus(found.lastgroup) if found and found.lastgroup else None


def find(body: str, masked: str, headings: Sequence[Heading]) -> StatusPart | None:
    """The `Status` section, else a `Status:` line before the sections, else a table's Status column."""
    return _section(body, headings) or _line(body, masked, headings) or _table(body, masked)


def head_end(masked: str, headings: Sequence[Heading]) -> int:
    """Where the lines under the title end: at the first section, or at the end of the text."""
    for index, heading in enumerate(headings):
        if heading.level > 1 or index:
            return heading.start
    return len(masked)


def _section(body: str, headings: Sequence[Heading]) -> StatusPart | None:
    for index, heading in enumerate(headings):
        named = _HEADING.fullmatch(heading.text)
        if named is None:
            continue
        end = headings[index + 1].start if index + 1 < len(headings) else len(body)
        if named[1] and named[1].strip():
            return StatusPart(display(named[1]), heading.start, end)
        raw = next((line for line in map(display, body[heading.end : end].split("\n")) if line), "")
        return StatusPart(raw, heading.end, end)
    return None


def _line(body: str, masked: str, headings: Sequence[Heading]) -> StatusPart | None:
    found = _LINE.search(masked, 0, head_end(masked, headings)) if "tatus" in masked or "TATUS" in masked else None
    raw = display(body[found.start(1) : found.end(1)]) if found else ""  # a code span is blank when masked
    if found is None or not raw:
        return None
    return StatusPart(raw, found.start(1), _continued(masked, found.end(1)))


def _continued(masked: str, end: int) -> int:
    """The end of a list item whose further lines are indented."""
    while True:
        line_end = masked.find("\n", end + 1)
        line = masked[end + 1 : line_end if line_end >= 0 else len(masked)]
        if not line.startswith(("  ", "\t")) or not line.strip() or line.lstrip()[0] in "-*+":
            return end
        end += 1 + len(line)


def _table(body: str, masked: str) -> StatusPart | None:
    span = table_cell(masked, ("status",))
    if span is None:
        return None
    return StatusPart(display(body[span[0] : span[1]]), *span)


def table_cell(masked: str, names: Sequence[str]) -> tuple[int, int] | None:
    """The span of the value under, or in a table of pairs beside, a cell of one of these names."""
    position = 0
    while "|" in masked and position < len(masked) and position < 20_000:
        line_end = masked.find("\n", position)
        line_end = len(masked) if line_end < 0 else line_end
        cells = _cells(masked, position, line_end)
        for column, (begin, end) in enumerate(cells):
            if _cell_name(masked, (begin, end)) in names:
                beside = column == 0 and len(cells) == 2 and _is_pair(masked, line_end, cells[1])
                found = cells[1] if beside else _below(masked, line_end, column)
                if found is not None and masked[found[0] : found[1]].strip():
                    return found
        position = line_end + 1
    return None


def _is_pair(masked: str, line_end: int, value: tuple[int, int]) -> bool:
    """Whether a row of two cells is a name and its value, not the head of two columns."""
    if _cell_name(masked, value) in _KEYS:
        return False
    below = _below(masked, line_end, 0)
    return below is None or _cell_name(masked, below) in _KEYS


def _cell_name(masked: str, span: tuple[int, int]) -> str:
    return shown(masked[span[0] : span[1]]).rstrip(":").lower()


def _below(masked: str, line_end: int, column: int) -> tuple[int, int] | None:
    """The cell of a column two rows further down: the row between is the rule."""
    rule_end = masked.find("\n", line_end + 1)
    if rule_end < 0 or not set(masked[line_end + 1 : rule_end].strip()) <= set("|:- \t"):
        return None
    row_end = masked.find("\n", rule_end + 1)
    cells = _cells(masked, rule_end + 1, row_end if row_end >= 0 else len(masked))
    return cells[column] if column < len(cells) else None


def _cells(masked: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Spans of a table row's cells, without the outer bars; empty when the line is no row."""
    line = masked[begin:end]
    if "|" not in line:
        return []
    bars = [begin - 1 if not line.lstrip().startswith("|") else begin + line.index("|")]
    bars += [begin + found.start() for found in re.finditer(r"(?<!\\)\|", line) if begin + found.start() > bars[0]]
    if bars[-1] < begin + len(line.rstrip()) - 1:
        bars.append(end)
    return [(left + 1, right) for left, right in pairwise(bars)]


def display(written: str) -> str:
    """One line as a reader sees it, without bullet, quote mark and comment."""
    return shown(_MARKS.sub("", _COMMENT.sub("", written))).strip()
