"""Dates as Logseq writes them in names and titles of journals: `MMM do, yyyy`, `yyyy_MM_dd` and others.

The patterns are those of cljs-time, a subset of Joda's; names of months and days are English.
"""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|dd|do|d|EEEE|E{1,3}|'[^']*'|.", re.DOTALL)
_MAX_FORMAT: Final = 100

PLAIN_FORMATS: Final = (
    "yyyy-MM-dd", "yyyy_MM_dd", "yyyy/MM/dd", "yyyyMMdd", "yyyy-MM-dd EEEE", "yyyy年MM月dd日", "MMM do, yyyy",
    "MMMM do, yyyy", "do MMM yyyy", "do MMMM yyyy", "EEE, yyyy/MM/dd", "EEEE, yyyy/MM/dd", "EEE, MMM do, yyyy",
    "EEEE, MMMM do, yyyy", "EEE, MMMM do, yyyy",
)  # fmt: skip
"""Formats that can be read whatever a graph is set to: none in which day and month could be mistaken."""


def write(pattern: str, day: dt.date) -> str:
    """The date in this format."""
    return "".join(_written(part, day) for part in _PART.findall(pattern[:_MAX_FORMAT]))


def read(pattern: str, text: str) -> dt.date | None:
    """The date that a text in this format names, case ignored; None when it is none."""
    found = _compiled(pattern).fullmatch(text)
    if found is None:
        return None
    groups = found.groupdict()
    year = groups.get("y") or ("20" + groups["yy"] if groups.get("yy") else None)
    month = groups.get("m") or groups.get("name")
    if year is None or month is None or groups.get("d") is None:
        return None
    number = int(month) if month.isdigit() else _month(month)
    try:
        return dt.date(int(year), number, int(groups["d"]))
    except ValueError:
        return None


def find(text: str, patterns: Iterable[str] = PLAIN_FORMATS) -> dt.date | None:
    """The date that a text names in the first of these formats that fits."""
    if not 6 <= len(text) <= 40:
        return None
    return next((day for pattern in patterns if (day := read(pattern, text)) is not None), None)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.lower().startswith(name.lower()[:3]))


def _written(part: str, day: dt.date) -> str:  # noqa: PLR0911 - a table
    match part:
        case "do":
            return f"{day.day}{_ordinal(day.day)}"
        case "yyyy" | "yy":
            return f"{day.year:04}"[-len(part) :]
        case "MMMM" | "MMM":
            name = _MONTHS[day.month - 1]
            return name if part == "MMMM" else name[:3]
        case "MM" | "M":
            return f"{day.month:0{len(part)}}"
        case "dd" | "d":
            return f"{day.day:0{len(part)}}"
        case "EEEE":
            return _DAYS[day.weekday()]
        case "E" | "EE" | "EEE":
            return _DAYS[day.weekday()][:3]
    return part.strip("'") if part.startswith("'") and len(part) > 1 else part


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


_READ: Final = {
    "yyyy": r"(?P<y>\d{4})",
    "yy": r"(?P<yy>\d\d)",
    "MMMM": f"(?P<name>{'|'.join(_MONTHS)})",
    "MMM": f"(?P<name>{'|'.join(month[:3] for month in _MONTHS)})",
    "MM": r"(?P<m>\d\d)",
    "M": r"(?P<m>\d{1,2})",
    "dd": r"(?P<d>\d\d)",
    "d": r"(?P<d>\d{1,2})",
    "do": r"(?P<d>\d{1,2})(?:st|nd|rd|th)",
    "EEEE": f"(?:{'|'.join(_DAYS)})",
    **dict.fromkeys(("E", "EE", "EEE"), f"(?:{'|'.join(day[:3] for day in _DAYS)})"),
}


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = []
    seen: set[str] = set()
    for part in _PART.findall(pattern[:_MAX_FORMAT]):
        wanted = _READ.get(part)
        literal = part.strip("'") if part.startswith("'") and len(part) > 1 else part
        group = re.match(r"\(\?P<(\w+)>", wanted or "")
        if wanted is None or (group is not None and group[1] in seen):
            parts.append(re.escape(literal))
        else:
            parts.append(wanted)
            seen.update(group.groups() if group else ())
    return re.compile("".join(parts), re.IGNORECASE | re.ASCII)
