"""Conflicts as they stand in a text: both sides between marks that an editor shows and a person can edit away.

```
<<<<<<< file
what the file says
=======
what the graph says
>>>>>>> graph
```
Inside front matter the marks and the graph's side are comments, so that the YAML stays valid and the file's side
counts until somebody decides. Only the two outer marks tell that a text is in conflict: `=======` underlines
headings, too.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from stratumiops.ingest.lines import Line, Lines, read

BEGIN, MIDDLE, END = "<<<<<<< file", "=======", ">>>>>>> graph"
_COMMENT = "# "

Make = Callable[[str], Line]
"""Makes a new line of the file in question."""


class Keep(StrEnum):
    """Which side of a conflict is kept; TEXT is a text that replaces both."""

    FILE = "file"
    GRAPH = "graph"
    BOTH = "both"
    TEXT = "text"


def marked(file: Sequence[Line], graph: Sequence[Line], make: Make) -> list[Line]:
    """A conflict in a text."""
    return [make(BEGIN), *file, make(MIDDLE), *graph, make(END)]


def commented(file: Sequence[Line], graph: Sequence[Line], make: Make) -> list[Line]:
    """A conflict in front matter."""
    other = [make(_COMMENT + line.text) for line in graph]
    return [make(_COMMENT + BEGIN), *file, make(_COMMENT + MIDDLE), *other, make(_COMMENT + END)]


def in_conflict(data: bytes) -> bool:
    """Whether a file has marks of a conflict left."""
    if b"<<<<<<<" not in data and b">>>>>>>" not in data and b"<\x00<" not in data and b">\x00>" not in data:
        return False
    return any(_mark(line.text)[1] in (BEGIN, END) for line in read(data).lines)


def settled(data: bytes, keep: Keep) -> bytes:
    """The file with every conflict decided in one way. BOTH keeps the sides one after the other; in front matter,
    where a key counts once, the file's side counts and the graph's stays as a comment.
    """
    found = read(data)
    return found.with_lines(_settled(found, 0, len(found.lines), keep)).data


def _settled(source: Lines, start: int, stop: int, keep: Keep) -> list[Line]:
    kept: list[Line] = []
    place = start
    while place < stop:
        region = _region(source, place, stop)
        if region is None:
            kept.append(source.lines[place])
            place += 1
            continue
        middle, end, comment = region
        file = _settled(source, place + 1, middle, keep)
        graph = _settled(source, middle + 1, end, keep)
        if comment and keep is Keep.GRAPH:
            graph = [_uncommented(source, line) for line in graph]
        kept += {Keep.GRAPH: graph, Keep.BOTH: [*file, *graph]}.get(keep, file)
        place = end + 1
    return kept


def _region(source: Lines, place: int, stop: int) -> tuple[int, int, bool] | None:
    """Where the middle and the end of the conflict are that begins at a line; None: none begins there, or whole."""
    comment, mark = _mark(source.lines[place].text)
    if mark != BEGIN:
        return None
    depth, middle = 0, -1
    for at in range(place + 1, stop):
        inner, found = _mark(source.lines[at].text)
        if inner != comment and found == MIDDLE:
            continue
        if found == BEGIN:
            depth += 1
        elif found == END and depth:
            depth -= 1
        elif found == END:
            return (middle, at, comment) if middle >= 0 else None
        elif found == MIDDLE and depth == 0:
            middle = at
    return None


def _mark(text: str) -> tuple[bool, str]:
    """Whether a line is a comment, and the rest of it; outliners put a bullet before lines that have none."""
    rest = text.strip().removeprefix("- ")
    return rest.startswith(_COMMENT), rest.removeprefix(_COMMENT)


def _uncommented(source: Lines, line: Line) -> Line:
    return source.made(line.text.removeprefix(_COMMENT), line.end) if line.text.startswith("#") else line
