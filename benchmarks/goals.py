"""The goals, what was measured, and whether it meets them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from benchmarks.measure import Figure, Key
from benchmarks.operations import Operation


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal with the figure that was measured. `why`: what was measured of the reason, where it is not met."""

    text: str
    measured: str
    met: bool
    why: str = ""


def geometric_mean(values: Sequence[float]) -> float:
    """The nth root of the product; 0 of nothing."""
    return prod(values) ** (1 / len(values)) if values else 0.0


def ratio(figures: dict[Key, Figure], operation: str, clients: int, *, of: str, to: str) -> float | None:
    """Requests/s of one contender over those of another; None when either was not there."""
    one, other = figures.get((operation, clients, of)), figures.get((operation, clients, to))
    return one.per_second / other.per_second if one and other and other.per_second else None


def speed_goals(figures: dict[Key, Figure], operations: Sequence[Operation]) -> list[Goal]:
    """The goals at 16 clients; empty unless all eight operations and contenders were measured."""

    def ratios(to: str, *, writes: bool | None = None) -> list[tuple[float, str]]:
        chosen = [o for o in operations if writes is None or o.writes is writes]
        found = [(ratio(figures, o.name, 16, of="ours", to=to), o.title) for o in chosen]
        return [(value, title) for value, title in found if value is not None]

    reads, writes, limits = ratios("peer", writes=False), ratios("peer", writes=True), ratios("bare")
    if len(reads) < 6 or len(writes) < 2 or len(limits) < 8:
        return []
    mean, lowest = geometric_mean([value for value, _ in reads]), min(reads)
    least_write, least = min(writes), min(limits)
    limit = geometric_mean([r for o in operations if not o.writes if (r := _limit(figures, o))])

    def why(title: str) -> str:
        return _why(figures, next(o for o in operations if o.title == title))

    return [
        Goal(
            "reads, geometric mean ≥ 4.5 × the peer",
            f"{mean:.2f} ×",
            mean >= 4.5,
            f"The limit's own geometric mean is {limit:.2f} × the peer.",
        ),
        Goal(
            "no read below 1.9 × the peer",
            f"{lowest[0]:.2f} × ({lowest[1]})",
            lowest[0] >= 1.9,
            why(lowest[1]),
        ),
        Goal(
            "writes ≥ 1.4 × the peer",
            f"{least_write[0]:.2f} × ({least_write[1]})",
            least_write[0] >= 1.4,
            why(least_write[1]),
        ),
        Goal("every operation ≥ 0.8 of the limit", f"{least[0]:.2f} ({least[1]})", least[0] >= 0.8, why(least[1])),
    ]


def _limit(figures: dict[Key, Figure], operation: Operation) -> float | None:
    """What the limit makes of an operation, over the peer."""
    return ratio(figures, operation.name, 16, of="bare", to="peer")


def _why(figures: dict[Key, Figure], operation: Operation) -> str:
    """What there is to gain at an operation: the limit beside the peer, and what a request costs each."""
    limit = _limit(figures, operation)
    costs = [(name, figures.get((operation.name, 16, name))) for name in ("ours", "bare", "peer")]
    shown = ", ".join(
        f"{name} {figure.cpu_ms:.2f} ms ({figure.server_ms:.2f} without Neo4j)" for name, figure in costs if figure
    )
    most = "" if limit is None else f"the limit itself is {limit:.2f} × the peer; "
    return f"{operation.title}: {most}CPU of a request: {shown}."
