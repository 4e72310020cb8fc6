"""What differs between two sequences, as hunks: patience first, then the longest common subsequence.

Patience diff (Bram Cohen) anchors on items that occur once on either side, which keeps hunks where people see
them; between anchors the exact algorithm runs while the part is small. What is left is one hunk. Time is bounded
by n log n and a constant for each part, whatever the input.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

_EXACT = 250_000
"""Cells of the table that the exact algorithm may fill for one part."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Items `start` to `stop` of the old sequence became items `new_start` to `new_stop` of the new one."""

    start: int
    stop: int
    new_start: int
    new_stop: int


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """The hunks in order; what is between them is the same on both sides."""
    found: list[Hunk] = []
    i = j = 0
    for a, b in [*matches(old, new), (len(old), len(new))]:
        if i < a or j < b:
            found.append(Hunk(i, a, j, b))
        i, j = a + 1, b + 1
    return found


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of places of equal items, both rising."""
    found: list[tuple[int, int]] = []
    parts = [(0, len(old), 0, len(new))]
    while parts:
        a, b, c, d = parts.pop()
        while a < b and c < d and old[a] == new[c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        tail = 0
        while a < b - tail and c < d - tail and old[b - 1 - tail] == new[d - 1 - tail]:
            tail += 1
            found.append((b - tail, d - tail))
        b, d = b - tail, d - tail
        if a < b and c < d:
            anchors = _anchors(old, new, a, b, c, d)
            if anchors:
                parts.extend(_between(anchors, a, b, c, d))
            else:
                found.extend(_exact(old, new, a, b, c, d))
    return sorted(found)


def _between(anchors: list[tuple[int, int]], a: int, b: int, c: int, d: int) -> Iterator[tuple[int, int, int, int]]:
    """The parts that anchors cut; an anchor begins its part, so that it is matched there."""
    for (i, j), (k, m) in zip([(a, c), *anchors], [*anchors, (b, d)], strict=True):
        if (i, j) != (k, m):
            yield i, k, j, m


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], a: int, b: int, c: int, d: int) -> list[tuple[int, int]]:
    """Items that occur once on either side, the longest run of them that rises on both."""
    here, there = _once(old, a, b), _once(new, c, d)
    pairs = sorted((place, there[item]) for item, place in here.items() if item in there)
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        at = bisect_left(tops, place)
        before.append(ends[at - 1] if at else -1)
        if at == len(tops):
            tops.append(place)
            ends.append(index)
        else:
            tops[at], ends[at] = place, index
    run: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _once(items: Sequence[Hashable], start: int, stop: int) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    twice: set[Hashable] = set()
    for place in range(start, stop):
        if items[place] in found:
            twice.add(items[place])
        found[items[place]] = place
    return {item: place for item, place in found.items() if item not in twice}


def _exact(old: Sequence[Hashable], new: Sequence[Hashable], a: int, b: int, c: int, d: int) -> list[tuple[int, int]]:
    """A longest common subsequence; nothing when the table would be too large."""
    if (b - a) * (d - c) > _EXACT:
        return []
    rows = [[0] * (d - c + 1) for _ in range(b - a + 1)]
    for i in range(b - a - 1, -1, -1):
        row, below, item = rows[i], rows[i + 1], old[a + i]
        for j in range(d - c - 1, -1, -1):
            row[j] = below[j + 1] + 1 if item == new[c + j] else max(below[j], row[j + 1])
    found = []
    i = j = 0
    while i < b - a and j < d - c:
        if old[a + i] == new[c + j]:
            found.append((a + i, c + j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
