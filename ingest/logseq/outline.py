"""The lines of a Logseq page as bullets: where each begins and ends, how deep it is, what is code. Linear.

What is not under a bullet is legal: the lines before the first one, and a heading at the margin with what follows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stratumiops.ingest.markdown import mask_spans

BULLET: Final = re.compile(r"([ \t]*)-(?:[ \t]+|$)")
_HEADING = re.compile(r"#{1,6}[ \t]")
_OPENING = re.compile(r"[ \t]*(?:-[ \t]+)?(?:>[ \t]?)*(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_BEGIN = re.compile(r"[ \t]*(?:-[ \t]+)?#\+BEGIN_(SRC|EXAMPLE|QUERY|EXPORT)\b", re.IGNORECASE)
_END = re.compile(r"[ \t]*#\+END_(SRC|EXAMPLE|QUERY|EXPORT)[ \t]*$", re.IGNORECASE)
_BREAKS = re.compile(r"`+|\n[ \t]*\n|\n[ \t]*-[ \t]")
_TAB: Final = 4


@dataclass(slots=True)
class Bullet:
    """Lines `start` to `end` (not included), counted from 0, are the bullet's own; `parent` is its place.

    `code` tells that code begins on its first line.
    """

    start: int
    end: int
    indent: int
    depth: int
    parent: int | None
    code: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A page's text: its lines, the same with code blanked out, and the bullets in order."""

    lines: Sequence[str]
    masked: Sequence[str]
    bullets: Sequence[Bullet]

    @property
    def text(self) -> str:
        """The masked lines as one text."""
        return "\n".join(self.masked)


def read(text: str) -> Outline:
    """The outline of a page's text."""
    lines = text.split("\n")
    masked, opening = _mask(text, lines)
    bullets = _bullets(masked)
    for bullet in bullets if opening else ():
        bullet.code = bullet.start in opening
    return Outline(lines, masked, bullets)


def _bullets(masked: Sequence[str]) -> list[Bullet]:
    bullets: list[Bullet] = []
    above: list[int] = []
    open_: Bullet | None = None
    for number, line in enumerate(masked):
        found = BULLET.match(line) if "-" in line else None
        if found is not None:
            indent = _width(found[1])
            while above and bullets[above[-1]].indent >= indent:
                above.pop()
            open_ = Bullet(number, number + 1, indent, len(above), above[-1] if above else None)
            above.append(len(bullets))
            bullets.append(open_)
        elif open_ is not None and _HEADING.match(line):
            above, open_ = [], None
        elif open_ is not None:
            open_.end = number + 1
    return bullets


def _width(blank: str) -> int:
    return len(blank) + (_TAB - 1) * blank.count("\t")


def _mask(text: str, lines: list[str]) -> tuple[list[str], set[int]]:
    """The lines with code blanked out, and the lines on which a region of code begins."""
    masked, opening = lines, set[int]()
    if "```" in text or "~~~" in text or "#+" in text:
        masked, opening = _mask_regions(lines)
    if "`" in text:
        masked = mask_spans("\n".join(masked), _BREAKS).split("\n")
    return masked, opening


def _mask_regions(lines: list[str]) -> tuple[list[str], set[int]]:
    """Fences and org blocks of code blanked out; a fence may never close, an org block must."""
    last_end = {ended[1].upper(): n for n, line in enumerate(lines) if "#+" in line and (ended := _END.match(line))}
    masked, opening = list(lines), set[int]()
    fence = org = ""
    for number, line in enumerate(lines):
        if fence or org:
            masked[number] = " " * len(line)
            ended = _END.match(line) if org else None
            if (fence and _closes(line, fence)) or (ended is not None and ended[1].upper() == org):
                fence = org = ""
        elif (opened := _OPENING.match(line)) is not None:
            fence, at = opened[1], opened.start(1)
            masked[number] = line[:at] + " " * (len(line) - at)
            opening.add(number)
        elif (begun := _BEGIN.match(line)) is not None and last_end.get(begun[1].upper(), -1) > number:
            org, at = begun[1].upper(), line.index("#")
            masked[number] = line[:at] + " " * (len(line) - at)
            opening.add(number)
    return masked, opening


def _closes(line: str, fence: str) -> bool:
    run = line.strip(" \t>")
    return len(run) >= len(fence) and run == fence[0] * len(run)
