"""Blocks of markdown: tasks, and what ends with a `^id`. Linear in the length of the text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from stratumiops.ingest.markdown import Lines
from stratumiops.ingest.models import Block, Link
from stratumiops.ingest.tasks import box_state, emoji_plan

MAX_BLOCKS: Final = 20_000
"""Blocks of one document that become nodes."""

_ANY = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[^\n]\](?=[ \t]|$)|\^[A-Za-z0-9-]+[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"([ \t>]*)([-*+]|\d{1,9}[.)])[ \t]+(?:\[(.)\](?:[ \t]+|$))?")
_ID = re.compile(r"(?:^|(?<=[ \t]))\^([A-Za-z0-9-]+)[ \t]*$")


@dataclass(slots=True)
class _Draft:
    """A block while it is read; lines count from 0, `end` is not included."""

    start: int
    end: int
    indent: int = -1
    depth: int = 0
    parent: int | None = None
    mark: str | None = None
    own_id: str | None = None
    tags: list[str] = field(default_factory=list)


def read(text: str, masked: str, first_line: int, tags: Iterable[tuple[str, int]]) -> list[Block]:
    """The blocks of a text whose code is blanked out in `masked`; `tags` are its tags and their places."""
    if _ANY.search(masked) is None:
        return []
    lines, hidden = text.split("\n"), masked.split("\n")
    drafts = _drafts(hidden)
    owner = {number: place for place, one in enumerate(drafts) for number in range(one.start, one.end)}
    places = Lines(text, 0)
    for tag, at in tags:
        place = owner.get(places.at(at))
        if place is not None:
            drafts[place].tags.append(tag)
    return [_block(one, lines, first_line) for one in drafts]


def placed(links: Iterable[Link], blocks: Sequence[Block]) -> list[Link]:
    """The links, each with the block that it stands in."""
    owner = {line: at for at, block in enumerate(blocks) for line in range(block.start_line, block.end_line + 1)}
    return [replace(link, block=owner[link.line]) if link.line in owner else link for link in links]


def _drafts(lines: Sequence[str]) -> list[_Draft]:
    drafts: list[_Draft] = []
    tasks: list[int] = []
    open_: _Draft | None = None
    start = floor = 0
    for number, line in enumerate(lines):
        if len(drafts) >= MAX_BLOCKS:
            break
        item = _ITEM.match(line)
        if not line.strip():
            open_, start = None, number + 1
            continue
        indent = len(item[1].expandtabs(4)) if item is not None else len(line.expandtabs(4)) - len(line.lstrip())
        if item is not None:
            open_, start = None, number
            if item[3] is not None:
                open_ = _task(drafts, tasks, number, indent, item[3])
                floor = number + 1
        elif open_ is not None and indent > open_.indent:
            open_.end = floor = number + 1
        elif open_ is not None or indent == 0:
            tasks, open_ = [], None
            start = max(start, floor)
        named = _ID.search(line) if "^" in line else None
        if named is not None:
            floor = _name(drafts, open_, named, (max(start, floor), number), lines)
            open_, start = None, number + 1
    return drafts


def _task(drafts: list[_Draft], tasks: list[int], number: int, indent: int, mark: str) -> _Draft:
    while tasks and drafts[tasks[-1]].indent >= indent:
        tasks.pop()
    made = _Draft(number, number + 1, indent, len(tasks), tasks[-1] if tasks else None, mark)
    tasks.append(len(drafts))
    drafts.append(made)
    return made


def _name(
    drafts: list[_Draft], task: _Draft | None, named: re.Match[str], span: tuple[int, int], lines: Sequence[str]
) -> int:
    """Give an id to the task that is open, to the block just above a line of its own, or to a new block."""
    start, number = span
    alone = not named.string[: named.start()].strip()
    last = drafts[-1] if drafts else None
    if task is not None and task.own_id is None:
        task.own_id = named[1]
    elif alone and start == number:
        above = number - 1
        while above >= 0 and above >= number - 2 and not lines[above].strip():
            above -= 1
        floor = last.end if last is not None else 0
        if last is not None and above < last.end and last.own_id is None and above >= 0:
            last.own_id = named[1]
            return number
        begin = above
        while begin > floor and lines[begin - 1].strip():
            begin -= 1
        drafts.append(_Draft(max(begin, floor), number + 1, own_id=named[1]))
    else:
        drafts.append(_Draft(start, number + 1, own_id=named[1]))
    return number + 1


def _block(draft: _Draft, lines: Sequence[str], first_line: int) -> Block:
    own = list(lines[draft.start : draft.end])
    item = _ITEM.match(own[0])
    if item is not None:
        own[0] = own[0][item.end() if draft.mark is not None or item[3] is None else item.end(2) :]
    if draft.own_id is not None:
        own = [_ID.sub(lambda found: "" if found[1] == draft.own_id else found[0], line) for line in own]
    text = "\n".join(line.strip() for line in own).strip()
    plan = emoji_plan(text) if draft.mark is not None else {}
    return Block(
        text=text,
        depth=draft.depth,
        start_line=first_line + draft.start,
        end_line=first_line + draft.end - 1,
        parent=draft.parent,
        own_id=draft.own_id,
        marker=f"[{draft.mark}]" if draft.mark is not None else None,
        state=box_state(draft.mark) if draft.mark is not None else None,
        priority=plan.get("priority"),
        scheduled=plan.get("scheduled"),
        deadline=plan.get("deadline"),
        tags=tuple(dict.fromkeys(draft.tags)),
    )
