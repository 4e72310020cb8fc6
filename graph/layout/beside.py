"""Places for all nodes of a picture of which some are known: the others stand beside their neighbours."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import cos, pi, sin, sqrt
from typing import Final

from stratumiops.graph.layout.models import Key, Picture, Place

SPACE: Final = 100
"""Usual length of a relation."""
_GOLDEN: Final = pi * (3 - sqrt(5))


def all_places(picture: Picture, known: Mapping[Key, Place]) -> list[Place]:
    """A place for each node: the known one, else one beside its neighbours, else one outside."""
    places = [known.get(key) for key in picture.keys]
    if None not in places:
        return [place for place in places if place is not None]
    waiting = deque(node for node, place in enumerate(places) if place is None)
    missed = 0
    while waiting and missed < len(waiting):
        node = waiting.popleft()
        around = [place for other in picture.neighbours[node] if (place := places[other]) is not None]
        if around:
            places[node], missed = _beside(picture.keys[node], around), 0
        else:
            waiting.append(node)
            missed += 1
    return _with_outside(places)


def _beside(key: Key, around: Sequence[Place]) -> Place:
    """The middle of the neighbours, a step away in a direction that depends on the node alone."""
    angle = int.from_bytes(blake2b("\n".join(key).encode(), digest_size=4).digest()) / 2**32 * 2 * pi
    step = SPACE * 0.6
    communities = Counter(place.community for place in around if place.community is not None)
    return Place(
        round(sum(place.x for place in around) / len(around) + step * cos(angle)),
        round(sum(place.y for place in around) / len(around) + step * sin(angle)),
        communities.most_common(1)[0][0] if communities else None,
    )


def _with_outside(places: Sequence[Place | None]) -> list[Place]:
    """Those without a place on a spiral around all others."""
    inside = [place for place in places if place is not None]
    middle_x = sum(place.x for place in inside) / max(len(inside), 1)
    middle_y = sum(place.y for place in inside) / max(len(inside), 1)
    radius = max((sqrt((place.x - middle_x) ** 2 + (place.y - middle_y) ** 2) for place in inside), default=0.0)
    first = (radius / SPACE + 1) ** 2
    found, outside = [], 0
    for place in places:
        if place is not None:
            found.append(place)
            continue
        far, angle = SPACE * sqrt(first + outside), outside * _GOLDEN
        found.append(Place(round(middle_x + far * cos(angle)), round(middle_y + far * sin(angle)), None))
        outside += 1
    return found
