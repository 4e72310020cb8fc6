"""What nothing joins to a picture, packed around its outline."""

from collections.abc import Sequence
from math import pi, sqrt
from typing import Final

import numpy as np

from stratumiops.graph.layout.links import Floats, Ints, Points

_GOLDEN: Final = pi * (3 - sqrt(5))
_FITTED: Final = 300
"""So many circles are fitted to the room one by one; those that follow evenly, the ones of like size together."""
_NEAREST: Final = 1.5
"""Least distance between two places of the spiral, in steps, but for the very first ones."""
_AT_ONCE: Final = 2_000
_SECTORS: Final = 90


class Around:
    """The room around a picture: how far it reaches in each direction, and the circles that stand there."""

    def __init__(self, points: Points, gap: float) -> None:
        self._outline = np.zeros(_SECTORS)
        self._gap = gap
        self._cover(points, 0)
        self._places: Points = np.zeros(0, np.complex128)
        self._reaches: Floats = np.zeros(0)

    def circles(self, reaches: Sequence[float]) -> list[complex]:
        """Middles of circles with these radii, the largest first, each as near as there is room."""
        found = []
        turn, step = 0, 0.0
        for reach in reaches[:_FITTED]:
            if reach / 3 < step * 0.8 or not step:
                step = max(reach / 3, 0.5)
                turn = int((self._outline.min() / step) ** 2)
            while not len(free := self._free(turn, step, reach)):
                turn += _AT_ONCE
            turn = int(free[0])
            at = _spiral(free[:1], step)
            self._places, self._reaches = np.append(self._places, at), np.append(self._reaches, reach)
            found.append(complex(at[0]))
        rest = np.array(reaches[_FITTED:])
        while len(rest):
            alike = int(np.count_nonzero(rest >= rest[0] * 0.75))
            found += self.many(alike, rest[0] + self._gap / 2).tolist()
            rest = rest[alike:]
        return found

    def many(self, count: int, reach: float) -> Points:
        """Middles of so many circles of one radius, around everything else."""
        rims = self._places[:, None] + self._reaches[:, None] * np.exp(2j * pi * np.arange(12) / 12)
        self._cover(rims.ravel(), 0)
        apart = 2 * reach / _NEAREST
        least, most = self._outline.min() / apart, self._outline.max() / apart
        places = _spiral(np.arange(int(least**2), int((most + 3) ** 2) + 2 * count + 2), apart)
        beyond = np.abs(places) - reach >= self._outline[_sector(places)] - self._gap / 2
        found = np.asarray(places[beyond][:count], np.complex128)
        self._cover(found, reach)
        return found

    def _free(self, turn: int, step: float, reach: float) -> Ints:
        """Of the next turns of the spiral those where a circle is beyond the outline and on no other."""
        turns = np.arange(turn, turn + _AT_ONCE)
        places = _spiral(turns, step)
        width = int(np.ceil(reach / max(float(np.abs(places[0])), reach) / (2 * pi) * _SECTORS))
        outline = np.max([np.roll(self._outline, aside) for aside in range(-width, width + 1)], axis=0)
        beyond = np.abs(places) - reach >= outline[_sector(places)]
        apart = np.abs(places[beyond][:, None] - self._places) >= self._reaches + reach + self._gap
        return np.asarray(turns[beyond][apart.all(1)], np.intp)

    def _cover(self, points: Points, reach: float) -> None:
        """Move the outline out to beyond circles around these points, and a little to both sides of each."""
        for aside in (-2, -1, 0, 1, 2):
            np.maximum.at(self._outline, (_sector(points) + aside) % _SECTORS, np.abs(points) + reach + self._gap)


def _spiral(turns: Ints, step: float) -> Points:
    """Places spread evenly around 0, each about a step from the next ones."""
    return np.asarray(step * np.sqrt(turns) * np.exp(1j * turns * _GOLDEN), np.complex128)


def _sector(points: Points) -> Ints:
    return ((np.angle(points) + pi) / (2 * pi) * _SECTORS).astype(np.intp) % _SECTORS
