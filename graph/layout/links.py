"""A graph as columns: how many nodes there are, and the ends and weights of what joins them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Points = NDArray[np.complex128]
"""A place for each node: x as the real part, y as the imaginary one."""


class Links(NamedTuple):
    """So many nodes. Two are joined once at the most, none to itself; the weight is how often they are."""

    size: int
    a: Ints
    b: Ints
    weight: Floats

    def strength(self) -> Floats:
        """Of each node the sum of its weights."""
        ends = np.concatenate((self.a, self.b))
        return summed(ends, np.concatenate((self.weight, self.weight)), self.size)

    def split(self, groups: Sequence[Ints]) -> list["Links"]:
        """Of each group of nodes what joins them, numbered in their order."""
        group, number = np.full(self.size, -1, np.intp), np.empty(self.size, np.intp)
        for place, nodes in enumerate(groups):
            group[nodes], number[nodes] = place, np.arange(len(nodes))
        inside = np.flatnonzero((group[self.a] == group[self.b]) & (group[self.a] >= 0))
        inside = inside[np.argsort(group[self.a[inside]], kind="stable")]
        bounds = np.searchsorted(group[self.a[inside]], np.arange(len(groups) + 1))
        a, b, weight = number[self.a[inside]], number[self.b[inside]], self.weight[inside]
        return [
            Links(len(nodes), a[begin:end], b[begin:end], weight[begin:end])
            for nodes, begin, end in zip(groups, bounds[:-1], bounds[1:], strict=True)
        ]

    def between(self, group: Ints, groups: int) -> "Links":
        """What joins the groups of nodes to each other."""
        return _simple(groups, group[self.a], group[self.b], self.weight)

    def parts(self) -> Ints:
        """Of each node the connected part that it is in: the least node of it."""
        least = np.arange(self.size)
        while True:
            low = np.minimum(least[self.a], least[self.b])
            found = least.copy()
            np.minimum.at(found, least[self.a], low)
            np.minimum.at(found, least[self.b], low)
            found = found[found]
            if np.array_equal(found, least):
                return least
            least = found


def summed(place: Ints, values: Floats, size: int) -> Floats:
    """At each place the sum of the values that belong there."""
    return np.bincount(place, values, size).astype(np.float64, copy=False)


def pushed(ends: tuple[Ints, Ints], forces: Points, size: int) -> Points:
    """On each node the sum of forces, where each acts on the first of its ends and against it on the other one."""
    place, both = np.concatenate(ends), np.concatenate((forces, -forces))
    return summed(place, both.real, size) + 1j * summed(place, both.imag, size)


def linked(count: int, sources: Sequence[int], targets: Sequence[int]) -> Links:
    """The links of a graph with these edges."""
    a, b = np.array(sources, np.intp), np.array(targets, np.intp)
    found = _simple(count, a, b, np.ones(len(a)))
    return found._replace(weight=np.ones(len(found.a)))


def members(group: Ints) -> list[Ints]:
    """The nodes of each group, the largest group first."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order])) + 1
    return sorted(np.split(order, starts), key=lambda nodes: (-len(nodes), int(nodes[0])))


def _simple(count: int, a: Ints, b: Ints, weight: Floats) -> Links:
    """Each pair once, with the sum of its weights; nothing that joins a node to itself."""
    apart = a != b
    low, high = np.minimum(a, b)[apart], np.maximum(a, b)[apart]
    pairs, place = np.unique(low * count + high, return_inverse=True)
    return Links(count, pairs // count, pairs % count, summed(place, weight[apart], len(pairs)))
