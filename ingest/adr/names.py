"""What a file's name says: is it a decision, which number has it."""

import re
from collections.abc import Sequence

_DECISION = re.compile(r"\d{3,}(?=[-_. ]|$)|adr[-_ ]?\d|adr[-_ ](?=\w)|\d{4}-\d\d-\d\d(?=[-_. ]|$)", re.IGNORECASE)
_COLLECTED = re.compile(r"adr[-_ ]?\d+|\d{3,5}[-_. ]+\w|\d{8}[-_. ]+\w", re.IGNORECASE)
_PREFIX = re.compile(r"(?:adr[-_ ]?)?(?:\d+(?:-\d\d-\d\d)?)?[-_. ]*", re.IGNORECASE)
_TEMPLATE = re.compile(r"(?:.*[-_. ])?template|template[-_. ].*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:adr[-_ ]?)?(\d{1,6})(?!\d)(?!-\d\d-\d\d)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-_]?(\d\d)[-_]?(\d\d)(?!\d)")
_INDEX = {"readme", "index"}
FOLDERS = {"adr", "adrs", "decisions", "decision-records", "decision_records", "architecture-decisions"}
"""Folders whose files are decisions when they read like one, whatever their names are."""


def stem(path: str) -> str:
    """The name that tells what the file is: its own, or its folder's for `index.md` and `README.md`."""
    return folder(path) or file_stem(path) if is_index(path) else file_stem(path)


def file_stem(path: str) -> str:
    """The file's own name without its ending."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def folder(path: str) -> str:
    """The name of the folder that the file is in; empty at the root."""
    return path.rpartition("/")[0].rpartition("/")[2]


def is_index(path: str) -> bool:
    """README or index, which list decisions and are none."""
    return file_stem(path).lower() in _INDEX


def is_template(path: str) -> bool:
    """A form to copy: `adr-template`, `ADR000-template`, `template-short`; not `…-as-template-engine`."""
    name = file_stem(path)
    return _TEMPLATE.fullmatch(name[_PREFIX.match(name).end() :]) is not None  # type: ignore[union-attr]


def is_decision_name(path: str) -> bool:
    """The name begins with three or more digits, `ADR` and a number, or a date; no template, no index."""
    return not is_index(path) and not is_template(path) and _DECISION.match(file_stem(path)) is not None


def is_folder_per_decision(path: str) -> bool:
    """`0012-use-x/index.md`: the folder carries the decision's name, so that the content decides."""
    return is_index(path) and _DECISION.match(folder(path)) is not None


def may_be_collection(paths: Sequence[str]) -> bool:
    """Whether the notes of one folder are named like a collection of decisions, most of them at least."""
    notes = [file_stem(path) for path in paths if not is_index(path) and not is_template(path)]
    return bool(notes) and sum(_COLLECTED.match(name) is not None for name in notes) * 2 > len(notes)


def number(path: str) -> int | None:
    """The decision's number by its name: 57 for `0057-x.md`, `ADR057-x.md`, `adr-57.md`; None for dates."""
    name = stem(path)
    if _DATE.match(name) and not name.lower().startswith("adr"):
        return None
    found = _NUMBER.match(name)
    return int(found[1]) if found else None


def name_date(path: str) -> tuple[int, int, int] | None:
    """Year, month and day that a name begins with: `20200102-x.md`, `2020-01-02-x.md`, `2020_01_02.md`."""
    found = _DATE.match(stem(path))
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def title_of(path: str, *, decision: bool) -> str:
    """A title for a file that has none: its name, for decisions without number and dashes."""
    name = stem(path)
    if not decision:
        return name
    words = re.sub(r"[-_]+", " ", name[_PREFIX.match(name).end() :]).strip()  # type: ignore[union-attr]
    return words[:1].upper() + words[1:] if words else name
