"""The communities of a picture, each as a circle."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from stratumiops.graph.layout.models import Picture, Placed


class Communities(NamedTuple):
    """Columns: a circle each, the largest first; then the relations between two of them, by their places."""

    id: list[int]
    size: list[int]
    title: list[str]
    x: list[int]
    y: list[int]
    source: list[int]
    target: list[int]
    relations: list[int]


def communities(picture: Picture, placed: Placed, titles: Sequence[str], degree: Sequence[int]) -> Communities:
    """The communities of the nodes that have one; named after their node with most relations."""
    members: dict[int, list[int]] = {}
    for node, name in enumerate(placed.community):
        if name is not None:
            members.setdefault(name, []).append(node)
    names = sorted(members, key=lambda name: (-len(members[name]), name))
    groups = [members[name] for name in names]
    between = _between(picture, placed, {name: place for place, name in enumerate(names)})
    return Communities(
        id=names,
        size=list(map(len, groups)),
        title=[titles[max(group, key=degree.__getitem__)] for group in groups],
        x=[_middle(placed.x, group) for group in groups],
        y=[_middle(placed.y, group) for group in groups],
        source=[source for source, _ in between],
        target=[target for _, target in between],
        relations=list(between.values()),
    )


def _between(picture: Picture, placed: Placed, place: dict[int, int]) -> Counter[tuple[int, int]]:
    """How many relations join two communities, in whichever direction; by places, the lower one first."""
    of = [None if name is None else place[name] for name in placed.community]
    found: Counter[tuple[int, int]] = Counter()
    for source, target in zip(picture.sources, picture.targets, strict=True):
        one, other = of[source], of[target]
        if one is not None and other is not None and one != other:
            found[min(one, other), max(one, other)] += 1
    return Counter(dict(sorted(found.items())))


def _middle(column: Sequence[int | None], group: Sequence[int]) -> int:
    return round(sum(column[node] or 0 for node in group) / len(group))
