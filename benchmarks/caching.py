"""The response cache: heavy reads that are asked again and again, beside a node by id."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.measure import Bench, Figure, figure
from benchmarks.operations import Operation

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class CacheFigures:
    """Figures at 16 clients: of a node by id, and of each heavy read, without and with the cache."""

    node: Figure
    without: dict[str, Figure]
    kept: dict[str, Figure]


def measure(bench: Bench, operations: Sequence[Operation]) -> CacheFigures:
    """One question of each read, repeated, by `ours` and `cached`; both must be running."""
    ours, cached = (next(c for c in bench.contenders if c.contender.name == n) for n in ("ours", "cached"))
    repeated = [replace(o, variables=o.variables[:1]) for o in operations if not o.writes]
    node = next(operation for operation in operations if operation.name == "node")
    rounds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _ in range(bench.plan.rounds):
        for operation in repeated:
            for one in (ours, cached):
                result = bench.window(one, operation, CLIENTS, bench.plan.seconds)
                rounds.setdefault((operation.name, one.contender.name), []).append(result)
        rounds.setdefault(("id", "ours"), []).append(bench.window(ours, node, CLIENTS, bench.plan.seconds))
    return CacheFigures(
        node=figure(rounds["id", "ours"]),
        without={o.name: figure(rounds[o.name, "ours"]) for o in repeated},
        kept={o.name: figure(rounds[o.name, "cached"]) for o in repeated},
    )
