"""What nothing joins to a picture, packed around its outline."""

from math import pi, sqrt
from typing import Final

import numpy as np

from stratumiops.graph.layout.links import Floats, Ints, Points

_GOLDEN: Final = pi * (3 - sqrt(5))
_APART: Final = 1.2
"""Distance between single nodes."""
_SECTORS: Final = 90


class Around:
    """The room around a picture: how far it reaches in each direction, and the circles that stand there."""

    def __init__(self, points: Points, gap: float) -> None:
        self._outline = np.zeros(_SECTORS)
        self._gap = gap
        self._cover(points)
        self._places: Points = np.zeros(0, np.complex128)
        self._reaches: Floats = np.zeros(0)
        self._turn, self._step = 0, 0.0

    def circle(self, reach: float) -> complex:
        """The middle of one more circle with this radius, as near as there is room; the largest come first."""
        step = max(reach, 0.5)
        if step < self._step * 0.8 or not self._step:
            self._turn, self._step = int((self._outline.min() / step) ** 2), step
        while True:
            at = self._step * sqrt(self._turn) * np.exp(1j * self._turn * _GOLDEN)
            self._turn += 1
            if self._beyond(at, reach) and np.all(np.abs(self._places - at) >= self._reaches + reach + self._gap):
                break
        self._places, self._reaches = np.append(self._places, at), np.append(self._reaches, reach)
        return complex(at)

    def singles(self, count: int) -> Points:
        """Places for so many single nodes, around everything else."""
        rims = self._places[:, None] + self._reaches[:, None] * np.exp(2j * pi * np.arange(12) / 12)
        self._cover(rims.ravel())
        least, most = self._outline.min() / _APART, self._outline.max() / _APART
        number = np.arange(int(least**2), int(most**2) + 2 * count + 2)
        places = _APART * np.sqrt(number) * np.exp(1j * number * _GOLDEN)
        beyond = np.abs(places) >= self._outline[_sector(places)]
        return np.asarray(places[beyond][:count], np.complex128)

    def _cover(self, points: Points) -> None:
        """Move the outline out to beyond these points, and a little to both sides of each."""
        for aside in (-2, -1, 0, 1, 2):
            np.maximum.at(self._outline, (_sector(points) + aside) % _SECTORS, np.abs(points) + self._gap)

    def _beyond(self, at: complex, reach: float) -> bool:
        width = int(np.ceil(reach / max(abs(at), reach) / (2 * pi) * _SECTORS))
        sectors = (int(_sector(np.array([at]))[0]) + np.arange(-width, width + 1)) % _SECTORS
        return bool(abs(at) - reach >= self._outline[sectors].max())


def _sector(points: Points) -> Ints:
    return ((np.angle(points) + pi) / (2 * pi) * _SECTORS).astype(np.intp) % _SECTORS
