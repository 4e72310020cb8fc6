"""Places of nodes by forces: linear springs along links, and everything repels by one over the distance.

Springs are the weaker the more links both of their ends have, so that stars and cliques fill a disc evenly instead of a
ring or a point (after ForceAtlas2, Jacomy et al. 2014).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stratumiops.graph.layout.links import Floats, Ints, Links, Points, pushed, summed

_PULL: Final = 1.6
"""Strength of all springs of a node with few links, together."""
_GRAVITY: Final = 0.25
"""Pull to the middle: the shape becomes round, and nothing drifts away."""
_EXACT: Final = 1_600
"""Up to so many nodes each repels each; beyond, the nodes of a square of the plane repel as one."""
_SQUARES: Final = 24
"""Squares along each axis."""
_PIVOTS: Final = 12
_MOST_PAIRS: Final = 2_000_000
"""So many are looked at in one direction; where nodes lie so close, the rest follows in the next rounds."""


def settled(
    links: Links,
    rounds: int,
    *,
    start: Points | None = None,
    warmth: float | None = None,
    held: Floats | None = None,
    anchor: Points | None = None,
) -> Points:
    """Places around 0, where a link is about 1 long; from a start, nodes go `warmth` far at first and ever less.

    `held` pulls each node to its `anchor` with this strength.
    """
    if links.size == 1:
        return np.zeros(1, np.complex128)
    weight = links.weight / (links.weight.mean() if len(links.weight) else 1)
    strength = links._replace(weight=weight).strength()
    pull = _PULL * weight / np.minimum(strength[links.a], strength[links.b]) ** 0.6
    stiff = summed(np.concatenate((links.a, links.b)), np.concatenate((pull, pull)), links.size) + _GRAVITY
    points = _unfolded(links) if start is None else start
    middle = 0j if start is None else points.mean()
    if held is not None:
        stiff = stiff + held
    warmth = warmth if warmth is not None else max(0.5, np.sqrt(links.size) / 8)
    for warm in np.geomspace(warmth, warmth / 20, rounds):
        force = pushed((links.a, links.b), pull * (points[links.b] - points[links.a]), links.size)
        force += _repelled(points) - _GRAVITY * (points - middle)
        if held is not None and anchor is not None:
            force += held * (anchor - points)
        step = force / stiff
        points = points + shortened(step, float(warm))
    return points


def shortened(steps: Points, longest: float) -> Points:
    """Steps none of which is longer than this."""
    return np.asarray(steps * np.minimum(1, longest / np.maximum(np.abs(steps), 1e-9)), np.complex128)


def _repelled(points: Points) -> Points:
    """The force of all others on each node: the mass of each over the distance."""
    others, mass, soft = (points, None, 0.02) if len(points) <= _EXACT else _squares(points)
    middle = points.mean()
    here, there = _columns(points - middle), _columns(others - middle)
    near = here @ there.T
    near *= -2
    near += (here**2).sum(1)[:, None] + soft
    near += (there**2).sum(1)
    np.maximum(near, soft, out=near)
    np.reciprocal(near, out=near)
    if mass is not None:
        near *= mass
    force = here * near.sum(1)[:, None] - near @ there
    return np.asarray(force[:, 0] + 1j * force[:, 1], np.complex128)


def _columns(points: Points) -> NDArray[np.float32]:
    return np.stack((points.real, points.imag), 1).astype(np.float32)


def _squares(points: Points) -> tuple[Points, NDArray[np.float32], float]:
    """The middles of the squares with nodes, how many each has, and a softness by the size of a square."""
    low = complex(points.real.min(), points.imag.min())
    size = max(np.ptp(points.real), np.ptp(points.imag), 1.0) / _SQUARES * 1.001
    square = ((points.imag - low.imag) // size * _SQUARES + (points.real - low.real) // size).astype(np.intp)
    mass = np.bincount(square, minlength=_SQUARES**2)
    x, y = np.bincount(square, points.real, _SQUARES**2), np.bincount(square, points.imag, _SQUARES**2)
    full = mass > 0
    middles = np.asarray((x[full] + 1j * y[full]) / mass[full], np.complex128)
    return middles, mass[full].astype(np.float32), float(size**2) / 6


def _unfolded(links: Links) -> Points:
    """Places by the distances to a few nodes far from each other (PivotMDS, Brandes and Pich 2006)."""
    count, pivots = links.size, min(_PIVOTS, links.size)
    a, b = np.concatenate((links.a, links.b)), np.concatenate((links.b, links.a))
    far = np.full(count, np.inf)
    steps, pivot = np.empty((count, pivots)), int(np.bincount(a, minlength=count).argmax())
    for number in range(pivots):
        steps[:, number] = _steps(a, b, count, pivot)
        far = np.minimum(far, steps[:, number])
        pivot = int(far.argmax())
    square = steps**2
    square -= square.mean(0)
    square -= square.mean(1)[:, None]
    _, vectors = np.linalg.eigh(square.T @ square)
    plane = square @ vectors[:, :-3:-1]
    plane = np.clip(plane / np.maximum(plane.std(0), 1e-9), -3, 3)
    spread = np.sqrt(count) * 0.6
    scattered = np.random.default_rng(count).normal(scale=0.15 * spread, size=(count, 2))
    plane = plane * spread + scattered
    return np.asarray(plane[:, 0] + 1j * plane[:, 1], np.complex128)


def _steps(a: Ints, b: Ints, count: int, pivot: int) -> Floats:
    """How many links each node is away from one; what cannot be reached is one step farther than all else."""
    found = np.full(count, -1)
    found[pivot] = 0
    edge, step = np.array([pivot]), 0
    while len(edge):
        reached = b[found[a] == step]
        edge, step = reached[found[reached] < 0], step + 1
        found[edge] = step
    return np.where(found < 0, step, found).astype(np.float64)


def spaced(points: Points, reach: Floats, rounds: int, *, still: float = 1.0) -> Points:
    """Circles of these radii moved apart where they overlap; large ones move less."""
    for _ in range(rounds):
        one, other = near_pairs(points, 2 * float(reach.max()))
        apart, needed = points[one] - points[other], reach[one] + reach[other]
        distance = np.abs(apart)
        close = distance < needed * 0.999
        if not close.any():
            break
        one, other = one[close], other[close]
        missing = still * _direction(apart[close], one) * (needed - distance)[close]
        weight = reach**2
        force = pushed((one, other), missing * weight[one] * weight[other] / (weight[one] + weight[other]), len(points))
        points = points + force / weight
    return points


def _direction(apart: Points, node: Ints) -> Points:
    """The direction of each; where it has none, one that depends on the node alone."""
    far = np.abs(apart)
    return np.asarray(np.where(far < 1e-6, np.exp(1j * node), apart / np.maximum(far, 1e-6)), np.complex128)


def near_pairs(points: Points, far: float) -> tuple[Ints, Ints]:
    """All pairs of nodes that are nearer than this, with some that are not; fewer where too many lie in one place."""
    if len(points) < 200:
        return np.triu_indices(len(points), 1)
    column = ((points.real - points.real.min()) // far).astype(np.intp)
    row = ((points.imag - points.imag.min()) // far).astype(np.intp)
    width = int(column.max()) + 3
    cell = (row + 1) * width + column + 1
    order = np.argsort(cell, kind="stable")
    ranked = cell[order]
    ones, others, most = [], [], _MOST_PAIRS // len(points)
    for offset in (0, 1, width - 1, width, width + 1):
        first = np.searchsorted(ranked, ranked + offset, "left")
        if offset == 0:
            first = np.arange(1, len(order) + 1)
        last = np.searchsorted(ranked, ranked + offset, "right")
        many = np.clip(last - first, 0, most)
        one = np.repeat(np.arange(len(order)), many)
        place = np.arange(len(one)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first, many)
        ones.append(order[one])
        others.append(order[place])
    return np.concatenate(ones), np.concatenate(others)
