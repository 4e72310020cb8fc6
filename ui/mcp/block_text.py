"""Changing one block within a text: its own lines, and nothing else."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from stratumiops.graph.errors import BadInput, Conflict

State = Literal["todo", "doing", "waiting", "done", "cancelled"]

_MARKER = {"todo": "TODO", "doing": "DOING", "waiting": "WAITING", "done": "DONE", "cancelled": "CANCELED"}
_BOX = {"todo": " ", "doing": "/", "done": "x", "cancelled": "-"}
_WORDS = "TODO|LATER|DOING|NOW|IN-PROGRESS|WAITING|WAIT|DONE|CANCELED|CANCELLED"
_ITEM = re.compile(
    r"(?P<lead>[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$))"
    r"(?:\[(?P<box>[^\n\]])\](?P<gap>[ \t]+|$))?"
    rf"(?P<heads>#{{1,6}}[ \t]+)?(?:(?P<word>{_WORDS})(?=[ \t]|$)(?P<after>[ \t]*))?(?P<rank>\[#[A-Za-z0-9]\][ \t]*)?"
    r"(?P<text>.*)"
)
_OWN_ID = re.compile(r"(?:^|[ \t]+)\^[A-Za-z0-9-]+[ \t]*$")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})")


class _Item(NamedTuple):
    line: int
    match: re.Match[str]


def changed(content: str, said: str, occurrence: int, *, state: State | None = None, text: str | None = None) -> str:
    """The content with one block changed.

    Args:
        content: the node's text.
        said: what the block says now, its first line without bullet, marker and `^id`.
        occurrence: which of the blocks that say it, from 0.
        state: where its task stands from now on.
        text: what its first line says from now on.

    Raises:
        Conflict: no such block is there (any more).
        BadInput: the change cannot be written in this form.
    """
    lines = content.split("\n")
    wanted = _plain(said.split("\n", 1)[0])
    found = [item for item in _items(lines) if _plain(item.match["text"]) == wanted]
    if occurrence >= len(found):
        message = "The block is not where it was in its node's text."
        raise Conflict(message, hint="Read it again with get_blocks, then repeat the change.")
    item = found[occurrence]
    end = "\r" if lines[item.line].endswith("\r") else ""
    lines[item.line] = _rewritten(item.match, state, text) + end
    return "\n".join(lines)


def _items(lines: list[str]) -> Iterator[_Item]:
    """List items outside fenced code."""
    fence = ""
    for number, line in enumerate(lines):
        opened = _FENCE.match(line)
        if opened and (not fence or opened[1].startswith(fence)):
            fence = "" if fence else opened[1]
            continue
        match = None if fence else _ITEM.fullmatch(line.rstrip("\r"))
        if match:
            yield _Item(number, match)


def _plain(text: str) -> str:
    return " ".join(_OWN_ID.sub("", text).split())


def _rewritten(match: re.Match[str], state: State | None, text: str | None) -> str:
    said = match["text"]
    if text is not None:
        if "\n" in text or "\r" in text:
            raise BadInput("A block's text is one line here.", hint="Leave out the line breaks.", field="text")
        own_id = _OWN_ID.search(said)
        said = text.strip() + (f" {own_id[0].strip()}" if own_id else "")
    box, word = match["box"], match["word"]
    if state is not None:
        if box is not None and word is None:
            if state not in _BOX:
                raise BadInput(
                    f"A checkbox cannot say {state!r}.", hint=f"Use one of {', '.join(_BOX)}.", field="state"
                )
            box = _BOX[state]
        else:
            word = _MARKER[state]
    parts = [match["lead"]]
    if match["lead"][-1:] not in {" ", "\t"} and (word or said):
        parts.append(" ")
    if box is not None:
        parts.append(f"[{box}]{match['gap'] or ' '}")
    parts.append(match["heads"] or "")
    if word:
        parts.append(f"{word} " if said or match["rank"] else word)
    parts.append(match["rank"] or "")
    return "".join(parts) + said
