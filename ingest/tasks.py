"""Tasks in text: Logseq's markers, checkboxes, priorities, and when they are planned."""

import re
from collections.abc import Mapping
from typing import Final

from stratumiops.ingest.models import TaskState

MARKERS: Final[Mapping[str, TaskState]] = {
    "TODO": TaskState.TODO,
    "LATER": TaskState.TODO,
    "DOING": TaskState.DOING,
    "NOW": TaskState.DOING,
    "IN-PROGRESS": TaskState.DOING,
    "WAITING": TaskState.WAITING,
    "WAIT": TaskState.WAITING,
    "DONE": TaskState.DONE,
    "CANCELED": TaskState.CANCELLED,
    "CANCELLED": TaskState.CANCELLED,
}
"""Logseq's words at a block's start."""

_BOXES: Final[Mapping[str, TaskState]] = {
    "x": TaskState.DONE,
    "X": TaskState.DONE,
    "/": TaskState.DOING,
    "-": TaskState.CANCELLED,
}
MARKER: Final = re.compile(rf"((?:#{{1,6}}[ \t]+)?)({'|'.join(MARKERS)})(?=[ \t]|$)[ \t]*(?:\[#([A-Za-z0-9])\][ \t]*)?")
"""A marker at the start of a block, also after `#` marks, and the priority after it."""

_PLANNED = re.compile(
    r"[ \t]*(SCHEDULED|DEADLINE):[ \t]*<(\d{4}-\d\d-\d\d)(?:[ \t]+[^\W\d]+\.?)?(?:[ \t]+(\d{1,2}:\d\d))?[^<>\n]*>"
)
_EMOJI_DAY = re.compile(r"(⏳|⌛|📅|📆|🗓)\ufe0f? *(\d{4}-\d\d-\d\d)")
_EMOJI_PRIORITY: Final = {"🔺": "highest", "⏫": "high", "🔼": "medium", "🔽": "low", "⏬": "lowest"}


def box_state(mark: str) -> TaskState:
    """What the character in a checkbox means; one that nobody knows is still to do."""
    return _BOXES.get(mark, TaskState.TODO)


def planned(line: str) -> tuple[str, str] | None:
    """`scheduled` or `deadline`, and when, of a line that says so in Logseq's way."""
    found = _PLANNED.match(line)
    if found is None:
        return None
    at = f"{found[2]}T{found[3]:0>5}" if found[3] else found[2]
    return found[1].lower(), at


def emoji_plan(text: str) -> dict[str, str]:
    """`scheduled`, `deadline` and `priority` as the plugin Tasks of Obsidian writes them; empty without."""
    if text.isascii():
        return {}
    found = {"deadline" if m[1] in "📅📆🗓" else "scheduled": m[2] for m in reversed(list(_EMOJI_DAY.finditer(text)))}
    priority = next((name for mark, name in _EMOJI_PRIORITY.items() if mark in text), None)
    return found | ({"priority": priority} if priority else {})
