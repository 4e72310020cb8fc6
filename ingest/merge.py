"""Three-way merge of a file: what both sides made of the version that they last had in common. Pure.

The unit is the line; in an outline the block. Hunks of equal length are taken unit by unit, so that changes of
neighbouring lines do not collide. Where both sides changed the same unit, or put something at the same place,
both stay between marks (`conflict_text`), less what they have in common at the ends.

Lines keep the bytes of the side that they come from. A file that was given other line ends or another encoding as
a whole is compared by its text, so that such a change never hides the other side's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stratumiops.ingest import frontmatter
from stratumiops.ingest.conflict_text import BEGIN, END, commented, marked
from stratumiops.ingest.diff import Hunk, hunks
from stratumiops.ingest.lines import Line, Lines, read
from stratumiops.ingest.outline import block_starts, is_outline

Unit = tuple[Line, ...]
Show = Callable[[list[Line], list[Line]], list[Line]]


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the file's bytes, and how many conflicts are in them."""

    data: bytes
    conflicts: int = 0


def merge(base: bytes, file: bytes, graph: bytes, *, logseq: bool = False) -> Merged:
    """The file with the changes of both sides; in a Logseq graph, and in every outline, by block."""
    if graph in (base, file):
        return Merged(file)
    if file == base:
        return Merged(graph)
    old, ours, theirs = _alike(read(base), read(file), read(graph))
    sides = (old, ours, theirs)
    cuts = [_front_lines(side) for side in sides]
    bodies = ["\n".join([line.text for line in side.lines[cut:]]) for side, cut in zip(sides, cuts, strict=True)]
    outline = all(is_outline(body, logseq=logseq) for body in bodies)
    head: list[Line] = []
    conflicts = 0
    if cuts[1] and cuts[2]:
        head, conflicts = _front(old.lines[: cuts[0]], ours.lines[: cuts[1]], theirs.lines[: cuts[2]], ours)
    else:
        cuts = [0, 0, 0]
    units = [_units(side.lines[cut:], outline=outline) for side, cut in zip(sides, cuts, strict=True)]
    body, more = _Merge(units[0], units[1], units[2], lambda one, other: marked(one, other, ours.made)).run()
    lines = [*head, *body]
    if _ends_with_newline(old, ours, theirs):
        lines.append(Line(b"", b"", ""))
    result = replace(ours, mark=ours.mark if ours.mark != old.mark else theirs.mark).with_lines(lines)
    return Merged(result.data, conflicts + more)


def merge_texts(base: str, ours: str, theirs: str) -> Merged:
    """The same for texts with LF line ends."""
    return merge(base.encode("utf-8", "replace"), ours.encode("utf-8", "replace"), theirs.encode("utf-8", "replace"))


# ---- sides made comparable


def _alike(old: Lines, ours: Lines, theirs: Lines) -> tuple[Lines, Lines, Lines]:
    """Base and graph with the file's encoding and line ends, where the file was given others as a whole."""
    if ours.codec != old.codec:
        old, theirs = (_encoded(side, ours) for side in (old, theirs))
    elif theirs.codec != ours.codec:
        theirs = _encoded(theirs, ours)
    ends = {line.end for line in ours.lines if line.end}
    if len(ends) == 1 and ends != {line.end for line in old.lines if line.end}:
        [end] = ends
        old, theirs = (_ended(side, end) for side in (old, theirs))
    return old, ours, theirs


def _encoded(side: Lines, like: Lines) -> Lines:
    if side.codec == like.codec:
        return side
    end = "\n".encode(like.codec)
    lines = [Line(line.text.encode(like.codec, "replace"), end if line.end else b"", line.text) for line in side.lines]
    return Lines(like.mark, like.codec, tuple(lines))


def _ended(side: Lines, end: bytes) -> Lines:
    return side.with_lines(replace(line, end=end) if line.end else line for line in side.lines)


def _ends_with_newline(old: Lines, ours: Lines, theirs: Lines) -> bool:
    before, here, there = (not side.lines[-1].text for side in (old, ours, theirs))
    return here if here != before else there


def _front_lines(side: Lines) -> int:
    """How many lines the front matter has, its marks included."""
    text = side.text
    found = frontmatter.split(text)
    if found.block is None:
        return 0
    before = text[: len(text) - len(found.body)]
    return before.count("\n") + (not before.endswith("\n"))


def _units(lines: Sequence[Line], *, outline: bool) -> list[Unit]:
    """What is compared and kept as a whole; a last line that is empty only says how the file ends."""
    if lines and not lines[-1].text:
        lines = lines[:-1]
    if not outline:
        return _singles(lines)
    units: list[list[Line]] = []
    for line, begins in zip(lines, block_starts("\n".join([line.text for line in lines])), strict=False):
        if begins or not units:
            units.append([])
        units[-1].append(line)
    return [tuple(unit) for unit in units]


# ---- the merge


class _Merge:
    """One merge of three sequences of units."""

    def __init__(self, old: list[Unit], ours: list[Unit], theirs: list[Unit], show: Show) -> None:
        self._old = old
        self._ours = _Side(old, ours)
        self._theirs = _Side(old, theirs)
        self._show = show
        self._lines: list[Line] = []
        self._conflicts = 0
        self._waiting: tuple[list[Unit], list[Unit], bool] = ([], [], True)

    def run(self) -> tuple[list[Line], int]:
        """The merged lines, and how many conflicts are among them."""
        place = 0
        for start, stop, changed, others in _groups(self._ours.hunks, self._theirs.hunks):
            if start > place:
                self._settle()
            self._same(place, start)
            ours, theirs = self._ours.version(start, stop, changed), self._theirs.version(start, stop, others)
            if changed and others and [_key(unit) for unit in ours] != [_key(unit) for unit in theirs]:
                self._waiting = (self._waiting[0] + ours, self._waiting[1] + theirs, self._waiting[2] and start == stop)
            else:
                self._settle()
                self._lines += _flat(ours if changed else theirs)
            place = stop
        self._settle()
        self._same(place, len(self._old))
        return self._lines, self._conflicts

    def _same(self, start: int, stop: int) -> None:
        """Units that are equal on all sides, with the bytes of the side that touched them."""
        for place in range(start, stop):
            here, there = self._ours.kept(place), self._theirs.kept(place)
            self._lines += here if here != self._old[place] else there

    def _settle(self) -> None:
        """Show the conflict that neighbouring parts make together.

        What both sides have at the ends is no conflict; nor is what one of two additions has on top.
        """
        ours, theirs, added = self._waiting
        self._waiting = ([], [], True)
        if not ours and not theirs:
            return
        head = _common(ours, theirs)
        tail = _common(ours[head:][::-1], theirs[head:][::-1])
        one, other = (_flat(side[head : len(side) - tail]) for side in (ours, theirs))
        self._lines += _flat(ours[:head])
        if added and not (one and other):
            self._lines += one or other
        else:
            self._lines += self._show(one, other)
            self._conflicts += 1
        self._lines += _flat(ours[len(ours) - tail :])


class _Side:
    """One side of a merge: its units, and its hunks against the base, those of equal length unit by unit."""

    def __init__(self, old: list[Unit], units: list[Unit]) -> None:
        self._units = units
        self.hunks: list[Hunk] = []
        self._shift: list[int] = []
        place = shift = 0
        for hunk in hunks([_key(unit) for unit in old], [_key(unit) for unit in units]):
            self._shift += [shift] * (hunk.start - place) + [0] * (hunk.stop - hunk.start)
            shift = hunk.new_stop - hunk.stop
            place = hunk.stop
            self.hunks += _single(hunk)
        self._shift += [shift] * (len(old) - place)

    def kept(self, place: int) -> Unit:
        """This side's own of a unit of the base that it left alone."""
        return self._units[place + self._shift[place]]

    def version(self, start: int, stop: int, changed: Sequence[Hunk]) -> list[Unit]:
        """What this side has in place of a part of the base."""
        units: list[Unit] = []
        place = start
        for hunk in changed:
            units += [self.kept(at) for at in range(place, hunk.start)]
            units += self._units[hunk.new_start : hunk.new_stop]
            place = hunk.stop
        return units + [self.kept(at) for at in range(place, stop)]


def _single(hunk: Hunk) -> Iterator[Hunk]:
    length = hunk.stop - hunk.start
    if length != hunk.new_stop - hunk.new_start:
        yield hunk
        return
    for step in range(length):
        yield Hunk(hunk.start + step, hunk.start + step + 1, hunk.new_start + step, hunk.new_start + step + 1)


def _groups(ours: list[Hunk], theirs: list[Hunk]) -> Iterator[tuple[int, int, list[Hunk], list[Hunk]]]:
    """Parts of the base that one side changed, or both: hunks that touch the same units are one part."""
    waiting = sorted(
        [(hunk, 0) for hunk in ours] + [(hunk, 1) for hunk in theirs],
        key=lambda pair: (pair[0].start, pair[0].stop),
    )
    place = 0
    while place < len(waiting):
        first, side = waiting[place]
        start, stop = first.start, first.stop
        found: tuple[list[Hunk], list[Hunk]] = ([], [])
        found[side].append(first)
        place += 1
        while place < len(waiting) and _touches(waiting[place][0], start, stop):
            hunk, side = waiting[place]
            found[side].append(hunk)
            stop = max(stop, hunk.stop)
            place += 1
        yield start, stop, found[0], found[1]


def _touches(hunk: Hunk, start: int, stop: int) -> bool:
    """Whether a hunk that begins no earlier shares a unit with a part, or inserts where the part does."""
    return hunk.start < stop or (hunk.start == hunk.stop == start == stop)


def _key(unit: Unit) -> tuple[bytes, ...]:
    return tuple(line.raw for line in unit)


def _common(ours: Sequence[Unit], theirs: Sequence[Unit]) -> int:
    count = 0
    while count < min(len(ours), len(theirs)) and _key(ours[count]) == _key(theirs[count]):
        count += 1
    return count


def _flat(units: Iterable[Unit]) -> list[Line]:
    return [line for unit in units for line in unit]


# ---- front matter


def _front(old: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line], like: Lines) -> tuple[list[Line], int]:
    """The front matter of both sides; valid YAML with unique keys when both were."""
    show: Show = lambda one, other: commented(one, other, like.made)  # noqa: E731
    lines, conflicts = _Merge(_singles(old), _singles(ours), _singles(theirs), show).run()
    allowed = _faults(ours) | _faults(theirs)
    if _faults(lines) <= allowed:
        return lines, conflicts
    inside = show(list(ours[1:-1]), list(theirs[1:-1]))
    return [ours[0], *inside, ours[-1]], 1


def _singles(lines: Iterable[Line]) -> list[Unit]:
    return [(line,) for line in lines]


def _faults(lines: Sequence[Line]) -> set[str]:
    """What is wrong with a front matter, as codes; marks of a conflict that are no comments are a fault."""
    text = "\n".join(line.text for line in lines)
    block = frontmatter.split(text).block
    if block is None:
        return {"NONE"}
    found = frontmatter.parse(block)
    faults = {problem.code for problem in found.problems}
    values = str(found.data)
    return faults | ({"MARKS"} if BEGIN in values or END in values else set())
