"""Positions by forces and communities by Leiden; loaded only in the process of its own.

A connected part is drawn community by community: each by itself, then their circles by the links between them, then
each turned and drawn to where its links go. What is large is divided again.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from stratumiops.graph.layout.beside import SPACE
from stratumiops.graph.layout.leiden import communities, grouped
from stratumiops.graph.layout.links import Floats, Ints, Links, Points, linked, members, pushed, summed
from stratumiops.graph.layout.models import Arranged, Asked
from stratumiops.graph.layout.packing import Around
from stratumiops.graph.layout.springs import settled, shortened, spaced

_SMALL: Final = 400
"""Up to so many nodes of a part are drawn as one."""
_LARGE: Final = 3_000
"""Beyond so many nodes a community is divided again."""
_ROUNDS: Final = 120
_ROUNDS_AGAIN: Final = 30
"""Rounds from places that are good already, so that nothing goes far."""
_WARMTH_AGAIN: Final = 0.04
"""How far a node goes in the first of these rounds; it is less in each that follows."""
_MOST_AGAIN: Final = 2_000
"""So many groups are moved then; the others, which are small, only make room."""
_HELD_AGAIN: Final = 4.0
"""Strength of what then holds a node where it was: more than its links, and than what is new beside it."""
_ROOM: Final = 0.38
"""Half of the least distance between two nodes."""
_GAP: Final = 1.2
"""Room around a community."""
_SINGLE: Final = 0.6
"""Half of the distance between nodes without links."""
_ALIKE: Final = 12
"""Up to so many nodes of a part others may be alike."""


def arrange(asked: Asked) -> Arranged:
    """Positions and communities of a graph's nodes; the same for the same question."""
    links = linked(asked.nodes, asked.sources, asked.targets)
    community = communities(links, asked.community)
    if asked.x is not None and asked.y is not None:
        points = _again(links, _numbers(community), np.array(asked.x) / SPACE + 1j * np.array(asked.y) / SPACE)
    else:
        points = _spread(links, _numbers(community))
    return Arranged(_whole(points.real), _whole(points.imag), community)


def _whole(column: Floats) -> list[int]:
    found: list[int] = np.rint(column * SPACE).astype(np.intp).tolist()
    return found


def _numbers(community: Sequence[int | None]) -> Ints:
    return np.array([-1 if name is None else name for name in community], np.intp)


def _again(links: Links, community: Ints, before: Points) -> Points:
    """Nodes moved a little by forces, from where they are: each small part as one, the others by communities."""
    points = before.copy()
    groups: list[Ints] = []
    for part in members(links.parts()):
        groups += [part] if len(part) <= _SMALL else [part[group] for group in members(community[part])]
    groups = [nodes for nodes in groups if 1 < len(nodes) <= _LARGE][:_MOST_AGAIN]
    for nodes, inside in zip(groups, links.split(groups), strict=True):
        start, held = before[nodes], np.full(len(nodes), _HELD_AGAIN)
        own = settled(inside, _ROUNDS_AGAIN, start=start, warmth=_WARMTH_AGAIN, held=held, anchor=start)
        points[nodes] = own - own.mean() + start.mean()
    return spaced(points, np.full(len(points), _ROOM), 4, still=0.5)


def _spread(links: Links, community: Ints) -> Points:
    """Each connected part by itself: the largest in the middle, the others around it, then single nodes."""
    points = np.zeros(links.size, np.complex128)
    parts = members(links.parts())
    joined = [part for part in parts if len(part) > 1]
    drawn = _each_drawn(links.split(joined), [community[part] for part in joined])
    room = Around(drawn[0] if drawn else points[:0], _GAP)
    reaches = [float(np.abs(own).max()) for own in drawn]
    order = [*range(min(1, len(drawn))), *sorted(range(1, len(drawn)), key=lambda place: -reaches[place])]
    for place, middle in zip(order, [0j, *room.circles([reaches[place] for place in order[1:]])], strict=False):
        points[joined[place]] = drawn[place] + middle
    points[[part[0] for part in parts[len(joined) :]]] = room.many(len(parts) - len(joined), _SINGLE)
    return points


def _each_drawn(parts: Sequence[Links], community: Sequence[Ints]) -> list[Points]:
    """Each part around 0; of small ones many are alike, and these are drawn once."""
    known: dict[tuple[int, bytes, bytes], Points] = {}
    drawn = []
    for part, group in zip(parts, community, strict=True):
        key = (part.size, part.a.tobytes(), part.b.tobytes())
        own = known.get(key)
        if own is None:
            own = _centred(_drawn(part, group))
            if part.size <= _ALIKE:
                known[key] = own
        drawn.append(own)
    return drawn


def _drawn(links: Links, group: Ints) -> Points:
    """A connected part around 0: as one, or group by group."""
    groups = members(group) if links.size > _SMALL else []
    if len(groups) <= 1 or len(groups) > links.size / 2:
        return _even(settled(links, _ROUNDS))
    number = np.empty(links.size, np.intp)
    for place, nodes in enumerate(groups):
        number[nodes] = place
    inside = links.split(groups)
    own = [_centred(_divided(each)) for each in inside]
    reach = np.array([_reach(each) for each in own])
    middles = _middles(links.between(number, len(groups)), reach)
    outward = _outward(links, number, middles)
    points = np.empty(links.size, np.complex128)
    for place, nodes in enumerate(groups):
        turned = _turned(own[place], outward[nodes])
        if 1 < len(nodes) <= _LARGE:
            turned = _drawn_out(inside[place], turned, outward[nodes], reach[place] - _GAP)
        points[nodes] = turned + middles[place]
    return _centred(points)


def _divided(links: Links) -> Points:
    return _drawn(links, grouped(links)) if links.size > _LARGE else _even(settled(links, _ROUNDS))


def _even(points: Points) -> Points:
    """No node on another."""
    return spaced(points, np.full(len(points), _ROOM), 12, still=0.7)


def _reach(points: Points) -> float:
    """The radius of a group's circle; of one that is drawn as one, few nodes lie outside and are brought in later."""
    if len(points) == 1:
        return _ROOM
    return float(np.quantile(np.abs(points), 0.99 if len(points) <= _LARGE else 1)) + _GAP


def _outward(links: Links, group: Ints, middles: Points) -> Points:
    """Of each node the sum of the directions to the groups that it is joined to."""
    across = group[links.a] != group[links.b]
    a, b = links.a[across], links.b[across]
    way = middles[group[b]] - middles[group[a]]
    way = links.weight[across] * way / np.maximum(np.abs(way), 1e-9)
    return pushed((a, b), way, links.size)


def _turned(points: Points, outward: Points) -> Points:
    """Turned, and mirrored where that is better, so that nodes lie in the direction that their links go."""
    plain, mirrored = np.sum(points.conj() * outward), np.sum(points * outward)
    best, seen = (plain, points) if abs(plain) >= abs(mirrored) else (mirrored, points.conj())
    return np.asarray(seen * best / abs(best), np.complex128) if abs(best) > 1e-9 else points


def _drawn_out(links: Links, points: Points, outward: Points, reach: float) -> Points:
    """The nodes of a group drawn to the side of it where their links to others go, within its circle."""
    much = np.abs(outward)
    anchor = reach * outward / np.maximum(much, 1e-9)
    held = 0.5 * np.minimum(much / np.maximum(links.strength(), 1) ** 0.6, 1.0)
    found = settled(links, 40, start=points, warmth=0.5, held=held, anchor=anchor)
    far, inner = np.abs(found), 0.8 * reach
    soft = inner + (reach - inner) * -np.expm1(-np.maximum(far - inner, 0) / (reach - inner))
    return _even(np.where(far > inner, found * soft / np.maximum(far, 1e-9), found))


def _middles(links: Links, reach: Floats) -> Points:
    """Where the circles of groups have their middles: near those that they are joined to, none over another."""
    usual = 2 * float(np.sqrt((reach**2).mean()))
    points = _drawn(links, grouped(links)) * usual
    strength = links.strength()
    pull = links.weight / np.minimum(strength[links.a], strength[links.b])
    stiff = summed(np.concatenate((links.a, links.b)), np.concatenate((pull, pull)), links.size)
    needed = reach[links.a] + reach[links.b]
    for warm in np.geomspace(usual / 2, usual / 40, 80):
        way = points[links.b] - points[links.a]
        far = np.maximum(np.abs(way), 1e-9)
        spring = pull * way * np.maximum(far - needed, 0) / far
        step = pushed((links.a, links.b), spring, links.size) / np.maximum(stiff, 1e-9)
        step -= 0.4 * (points - points.mean())
        points = spaced(points + shortened(step, float(warm)), reach, 4)
    return spaced(points, reach, 200)


def _centred(points: Points) -> Points:
    """The least circle around them, nearly, has its middle at 0 (Badoiu and Clarkson 2003)."""
    middle = points.mean()
    for step in range(1, 60):
        middle += (points[np.abs(points - middle).argmax()] - middle) / (step + 1)
    return np.asarray(points - middle, np.complex128)
