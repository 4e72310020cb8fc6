"""Communities by Leiden's algorithm (Traag, Waltman and van Eck 2019), as graspologic-native has it."""

from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Final

import numpy as np
from graspologic_native import leiden

from stratumiops.graph.layout.links import Ints, Links, members

_SEED: Final = 20_260
_ITERATIONS: Final = 4


def communities(links: Links, before: Sequence[int | None]) -> list[int | None]:
    """The number of each node's community: those that were there keep theirs. None for nodes without links."""
    found: list[int | None] = [None] * links.size
    known = {name for name in before if name is not None}
    fresh = (number for number in count() if number not in known)
    used: set[int] = set()
    for nodes in members(grouped(links, before)):
        if len(nodes) == 1:
            continue
        most = Counter(before[node] for node in nodes.tolist()).most_common() if before else []
        name = next((name for name, _ in most if name is not None and name not in used), None)
        name = next(fresh) if name is None else name
        used.add(name)
        for node in nodes.tolist():
            found[node] = name
    return found


def grouped(links: Links, before: Sequence[int | None] = ()) -> Ints:
    """Of each node the group that it is in; a node without links is in one of its own."""
    group = np.arange(links.size)
    if not len(links.a):
        return group
    edges = [(str(a), str(b), w) for a, b, w in zip(*map(np.ndarray.tolist, links[1:]), strict=True)]
    joined = np.unique(np.concatenate((links.a, links.b))).tolist()
    start = _numbered(joined, before) if before else None
    _, found = leiden(edges, start, 1.0, 0.001, _ITERATIONS, True, _SEED, 1)
    least: dict[int, int] = {}
    for node in joined:
        group[node] = least.setdefault(found[str(node)], node)
    return group


def _numbered(nodes: Sequence[int], before: Sequence[int | None]) -> dict[str, int]:
    """Groups without gaps, where each node without a community is one by itself."""
    numbers: dict[object, int] = {}
    return {
        str(node): numbers.setdefault(("alone", node) if before[node] is None else before[node], len(numbers))
        for node in nodes
    }
