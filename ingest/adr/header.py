"""Date, people and tags that stand as lines under a decision's title, or in a table there."""

import datetime as dt
import re
from collections.abc import Sequence

from stratumiops.ingest.adr.status import display, head_end, table_cell
from stratumiops.ingest.markdown import Heading

LINE = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)?"
    r"(date|deciders?|decision[- ]makers?|authors?|tags)(?:\*\*|__)?[ \t]*:"
    r"(?:\*\*|__)?(?=([^\n]*)$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that says a date, people or tags: group 1 is which, group 2 the value."""
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_GERMAN = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(rf"(?<![a-z])({'|'.join(_MONTHS)})[a-z]*\.?", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[,;]\s*|\s+(?:and|&)\s+")


def lines(body: str, masked: str, headings: Sequence[Heading]) -> dict[str, str]:
    """What the lines and tables say, by `date`, `deciders`, `tags`; the first of each counts."""
    found: dict[str, str] = {}
    for match in LINE.finditer(masked, 0, head_end(masked, headings)):
        name = match[1].lower()
        key = name if name in {"date", "tags"} else "deciders"
        written = display(body[match.start(2) : match.end(2)])
        if written:
            found.setdefault(key, written)
    for key, names in (("date", ("date",)), ("deciders", ("deciders", "decider", "author", "authors"))):
        span = table_cell(masked, names) if key not in found and "|" in masked else None
        if span is not None:
            found[key] = display(body[span[0] : span[1]])
    return found


def names(written: str) -> list[str]:
    """Several names in one line: parted by commas, semicolons, "and"."""
    return [name for name in _SEPARATORS.split(written.strip(" []")) if name]


def parse_date(written: str) -> str | None:
    """A date as `YYYY-MM-DD`: ISO, `31.12.2020`, `31 December 2020`, `December 31st, 2020`.

    Days and months that could be either (`01/02/2020`) give None: a wrong date is worse than none.
    """
    iso = _ISO.search(written)
    if iso:
        return date_of(int(iso[1]), int(iso[2]), int(iso[3]))
    german = _GERMAN.search(written)
    if german:
        return date_of(int(german[3]), int(german[2]), int(german[1]))
    slashes = _SLASHES.search(written)
    if slashes:
        first, second, year = map(int, slashes.groups())
        if first > 12:
            return date_of(year, second, first)
        return date_of(year, first, second) if second > 12 or first == second else None
    return _named(written)


def find_date(written: str) -> tuple[int, int] | None:
    """Where a date in digits stands."""
    found = _ISO.search(written) or _GERMAN.search(written) or _SLASHES.search(written)
    return found.span() if found else None


def _named(written: str) -> str | None:
    month = _NAMED.search(written)
    year = re.search(r"(?<!\d)\d{4}(?!\d)", written)
    day = re.search(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\da-z])", written, re.IGNORECASE)
    if month is None or year is None or day is None:
        return None
    return date_of(int(year[0]), _MONTHS.index(month[1].lower()) + 1, int(day[1]))


def date_of(year: int, month: int, day: int) -> str | None:
    """A calendar date as `YYYY-MM-DD`, or None when there is no such day."""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
