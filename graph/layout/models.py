"""What is laid out, and what comes of it."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import orjson

Key = tuple[str, str]
"""Graph and id of a node."""


class Place(NamedTuple):
    """Where a node is, and the community it belongs to; None: it has no relations."""

    x: int
    y: int
    community: int | None


@dataclass(frozen=True)
class Picture:
    """Nodes, and the relations among them: the places of their ends in `keys`."""

    keys: Sequence[Key]
    sources: Sequence[int]
    targets: Sequence[int]

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same nodes and relations, in whatever order they stand."""
        count = len(self.keys)
        order = sorted(range(count), key=self.keys.__getitem__)
        rank = [0] * count
        for place, node in enumerate(order):
            rank[node] = place
        digest = blake2b(orjson.dumps([self.keys[node] for node in order]), digest_size=16)
        ends = zip(self.sources, self.targets, strict=True)
        digest.update(array("Q", sorted(rank[source] * count + rank[target] for source, target in ends)).tobytes())
        return digest.hexdigest()

    @cached_property
    def neighbours(self) -> list[list[int]]:
        """Of each node the nodes that it is joined to, as places in `keys`."""
        found: list[list[int]] = [[] for _ in self.keys]
        for source, target in zip(self.sources, self.targets, strict=True):
            found[source].append(target)
            found[target].append(source)
        return found


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions that were made for a picture with this fingerprint; the version is that of the positions."""

    fingerprint: str
    version: str
    places: Mapping[Key, Place]


@dataclass(frozen=True, slots=True)
class Placed:
    """Positions of a picture's nodes, in their order; `version` None: there are none yet.

    `pending`: better ones are being made.
    """

    x: list[int | None]
    y: list[int | None]
    community: list[int | None]
    version: str | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the process is asked: a graph by the ends of its edges, and where its nodes are, when that is known."""

    nodes: int
    sources: Sequence[int]
    targets: Sequence[int]
    x: Sequence[int] | None = None
    y: Sequence[int] | None = None
    community: Sequence[int | None] = field(default=())


class Arranged(NamedTuple):
    """What the process answers, node by node."""

    x: list[int]
    y: list[int]
    community: list[int | None]


def nowhere(nodes: int, *, pending: bool) -> Placed:
    """No positions yet."""
    return Placed([None] * nodes, [None] * nodes, [None] * nodes, pending=pending)
