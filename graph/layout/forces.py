"""Positions by forces and communities by Leiden. igraph is loaded here, and only in the process of its own."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import cos, hypot, pi, sin, sqrt
from typing import Any, Final

import igraph

from stratumiops.graph.layout.beside import SPACE
from stratumiops.graph.layout.models import Arranged, Asked

_SEED: Final = 20_260
_SMALL: Final = 400
"""Up to so many nodes are drawn as one; more are drawn community by community."""
_LARGE: Final = 5_000
"""Beyond so many nodes in one drawing only those nearby repel each other."""
_WORK: Final = 2e8
"""Pairs of nodes that all rounds of one drawing may look at."""
_ROUNDS: Final = 500
_ROUNDS_AGAIN: Final = 30
"""Rounds from places that are good already, so that nothing goes far."""
_WARMTH_AGAIN: Final = 0.04
"""How far a node goes in the first of these rounds; it is less in each that follows."""
_FAR: Final = 1e9
"""A bound that no node comes near to."""
_GAP: Final = 1.0
"""Room between communities, in lengths of a relation."""
_ALONE: Final = 0.3
"""Half the room of a node without relations."""

Point = tuple[float, float]


def arrange(asked: Asked) -> Arranged:
    """Positions and communities of a graph's nodes; the same for the same question."""
    igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311 - places need no secrecy
    edges = list(zip(asked.sources, asked.targets, strict=True))
    graph = igraph.Graph(n=asked.nodes, edges=edges).simplify()
    community = _communities(graph, asked.community)
    points = (
        _again(graph, community, asked) if asked.x is not None and asked.y is not None else _spread(graph, community)
    )
    return Arranged([round(x * SPACE) for x, _ in points], [round(y * SPACE) for _, y in points], community)


# ---- positions


def _again(graph: Any, community: Sequence[int | None], asked: Asked) -> list[Point]:
    """Nodes with relations moved a little by forces, from where they are, within their communities."""
    points = [(x / SPACE, y / SPACE) for x, y in zip(asked.x or (), asked.y or (), strict=True)]
    joined = [node for node, degree in enumerate(graph.degree()) if degree]
    groups = [joined] if len(joined) <= _SMALL else _groups(joined, community)
    for group in groups:
        if len(group) > _LARGE:
            continue
        before = [points[node] for node in group]
        moved = _forces(graph.induced_subgraph(group), _ROUNDS_AGAIN, start=before)
        (x, y), (was_x, was_y) = _middle(moved), _middle(before)
        for node, point in zip(group, moved, strict=True):
            points[node] = (point[0] - x + was_x, point[1] - y + was_y)
    return points


def _spread(graph: Any, community: Sequence[int | None]) -> list[Point]:
    """Each connected part by forces; the largest in the middle, the others in rings around it."""
    parts = sorted(graph.connected_components(), key=lambda part: (-len(part), part[0]))
    drawn = [_drawn(graph.induced_subgraph(part), [community[node] for node in part]) for part in parts]
    points: list[Point] = [(0.0, 0.0)] * graph.vcount()
    for part, own, (middle_x, middle_y) in zip(parts, drawn, _rings([_reach(each) for each in drawn]), strict=True):
        for node, (x, y) in zip(part, own, strict=True):
            points[node] = (x + middle_x, y + middle_y)
    return points


def _drawn(graph: Any, community: Sequence[int | None]) -> list[Point]:
    """A connected part around 0, 0: as one, or community by community."""
    if graph.vcount() == 1:
        return [(0.0, 0.0)]
    groups = _groups(range(graph.vcount()), community)
    if graph.vcount() <= _SMALL or len(groups) == 1:
        return _centred(_forces(graph, _ROUNDS))
    drawn = [_centred(_forces(graph.induced_subgraph(group), _ROUNDS)) for group in groups]
    points: list[Point] = [(0.0, 0.0)] * graph.vcount()
    for group, own, (x, y) in zip(
        groups, drawn, _middles(graph, groups, [_reach(each) for each in drawn]), strict=True
    ):
        for node, point in zip(group, own, strict=True):
            points[node] = (point[0] + x, point[1] + y)
    return _centred(points)


def _forces(graph: Any, rounds: int, start: Sequence[Point] | None = None) -> list[Point]:
    """Fruchterman and Reingold's forces: what is joined attracts, everything repels."""
    count = graph.vcount()
    rounds = max(10, min(rounds, int(_WORK / (count**2 + 1))))
    warmth = sqrt(count) / 10 if start is None else _WARMTH_AGAIN
    found = graph.layout_fruchterman_reingold(
        seed=list(start or _anywhere(count)),
        niter=rounds,
        start_temp=warmth,
        grid="grid" if count > _LARGE else "nogrid",
        minx=[-_FAR] * count,  # with a bound igraph leaves the picture as it lies; without one it turns it
    )
    return [tuple(point) for point in found.coords]


def _anywhere(count: int) -> list[Point]:
    random_ = random.Random(_SEED)  # noqa: S311
    size = sqrt(count)
    return [(random_.uniform(-size, size), random_.uniform(-size, size)) for _ in range(count)]


def _groups(nodes: Iterable[int], community: Sequence[int | None]) -> list[list[int]]:
    """The nodes of each community, the largest first."""
    found: dict[int | None, list[int]] = {}
    for node in nodes:
        found.setdefault(community[node], []).append(node)
    return sorted(found.values(), key=lambda group: (-len(group), group[0]))


def _middles(graph: Any, groups: Sequence[Sequence[int]], reaches: Sequence[float]) -> list[Point]:
    """Where communities have their middles: by the relations between them, then pushed apart until none overlap."""
    member = [0] * graph.vcount()
    for number, group in enumerate(groups):
        for node in group:
            member[node] = number
    whole = igraph.VertexClustering(graph, member).cluster_graph()
    usual = 2 * sum(reaches) / len(reaches)
    points = [(x * usual, y * usual) for x, y in _forces(whole.simplify(), _ROUNDS)]
    for _ in range(max(5, min(100, int(2e6 / len(points) ** 2)))):
        if not _pushed_apart(points, reaches):
            break
    return points


def _pushed_apart(points: list[Point], reaches: Sequence[float]) -> bool:
    """Move circles that overlap away from each other; whether any did."""
    moved = False
    for one in range(len(points)):
        for other in range(one):
            x, y = points[one][0] - points[other][0], points[one][1] - points[other][1]
            far, needed = hypot(x, y), reaches[one] + reaches[other] + _GAP
            if far < needed * 0.99:
                moved = True
                step = (needed - far) / (2 * far) if far else 0.5
                x, y = (x, y) if far else (needed, 0.0)
                points[one] = (points[one][0] + x * step, points[one][1] + y * step)
                points[other] = (points[other][0] - x * step, points[other][1] - y * step)
    return moved


def _reach(points: Sequence[Point]) -> float:
    return max(hypot(x, y) for x, y in points) + (_ALONE if len(points) == 1 else 0.5)


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _centred(points: Sequence[Point]) -> list[Point]:
    middle_x, middle_y = _middle(points)
    return [(x - middle_x, y - middle_y) for x, y in points]


def _rings(reaches: Sequence[float]) -> Iterator[Point]:
    """Middles of circles with these radii, the largest first: it is in the middle, the others in rings around it."""
    yield (0.0, 0.0)
    inner, at = reaches[0], 1
    while at < len(reaches):
        reach = reaches[at]
        radius = inner + reach
        room = max(1, int(pi / max(_half_angle(reach, radius), 1e-9)))
        count = min(room, len(reaches) - at)
        for place in range(count):
            angle = 2 * pi * place / count
            yield (radius * cos(angle), radius * sin(angle))
        inner, at = radius + reach, at + count


def _half_angle(reach: float, radius: float) -> float:
    """Half of the angle that a circle takes in a ring, seen from the middle."""
    return pi * reach / (2 * radius) if radius > reach else pi


# ---- communities


def _communities(graph: Any, before: Sequence[int | None]) -> list[int | None]:
    """The number of each node's community: those that were there keep theirs. None for nodes without relations."""
    start = _numbered(before) if before else None
    found = graph.community_leiden("modularity", n_iterations=4, initial_membership=start).membership
    sizes = Counter(found)
    groups: dict[int, list[int]] = {}
    for node, group in enumerate(found):
        groups.setdefault(group, []).append(node)
    names: dict[int, int] = {}
    used: set[int] = set()
    for group in sorted(groups, key=lambda group: (-sizes[group], groups[group][0])):
        if sizes[group] > 1:
            names[group] = _name(groups[group], before, used)
            used.add(names[group])
    return [names.get(group) for group in found]


def _numbered(before: Sequence[int | None]) -> list[int]:
    """A membership without gaps, where each node without a community is one by itself."""
    numbers: dict[object, int] = {}
    return [
        numbers.setdefault(("alone", node) if name is None else name, len(numbers)) for node, name in enumerate(before)
    ]


def _name(members: Sequence[int], before: Sequence[int | None], used: set[int]) -> int:
    """The number that most members had before and that is free, else the least that is free."""
    if before:
        for name, _ in Counter(before[node] for node in members).most_common():
            if name is not None and name not in used:
                return name
    taken = used | {name for name in before if name is not None}
    return next(number for number in range(len(taken) + 1) if number not in taken)
