"""Outlines: texts of bullets, as Logseq writes them, where the bullet with all that hangs on it is the unit."""

import re

from stratumiops.ingest.markdown import mask

_BULLET = re.compile(r"[ \t]*-(?:[ \t]|$)")
PROPERTY = re.compile(r"([^\W\d_][\w./-]*)::(?:[ \t]+(.*))?$")
"""A page property's line: `key:: value`."""


def is_outline(text: str, *, logseq: bool = False) -> bool:
    """Whether a text without front matter is an outline: it is Logseq's, or nothing stands outside bullets.

    Page properties before the first bullet are part of an outline.
    """
    if logseq:
        return True
    bullets = False
    for line in mask(text).split("\n"):
        if _BULLET.match(line):
            bullets = True
        elif line.strip() and not line[0].isspace() and (bullets or not PROPERTY.match(line)):
            return False
    return bullets


def has_properties(text: str, *, logseq: bool = False) -> bool:
    """Whether page properties are the way to say something of this text: it is an outline that has some already."""
    if logseq:
        return True
    return bool(page_properties(text)) and is_outline(text)


def block_starts(text: str) -> list[bool]:
    """For each line whether a block begins there; lines before the first bullet stand for themselves."""
    starts = []
    inside = False
    for line in mask(text).split("\n"):
        begins = _BULLET.match(line) is not None
        inside = inside or begins
        starts.append(begins or not inside)
    return starts


def folded(key: str) -> str:
    """A property's name as it is compared."""
    return key.lower().replace("_", "-")


def page_properties(text: str) -> dict[str, int]:
    """The lines, from 0, of the page properties at the head of an outline, by folded key."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n")):
        property_line = PROPERTY.match(line)
        if property_line is None:
            break
        found[folded(property_line[1])] = number
    return found
