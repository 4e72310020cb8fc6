"""A layered layout: relations run from left to right, and cross each other as little as a few sweeps manage.

After K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures" (1981):
break cycles, rank by longest path, order each rank by the barycentre of its neighbours. Nodes without relations
stand in a block of their own below. O((nodes + relations) · sweeps), without randomness.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

SWEEPS = 8
_LONE_COLUMNS = 6

Position = tuple[int, float]
"""Rank (column) and place within it (row)."""


def positions(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, Position]:
    """Where each node stands. Relations to nodes that are not there, and from a node to itself, count for nothing."""
    known = set(nodes)
    joined = sorted({(a, b) for a, b in edges if a != b and a in known and b in known})
    out, into = defaultdict(list), defaultdict(list)
    for a, b in _without_cycles(nodes, joined):
        out[a].append(b)
        into[b].append(a)
    linked = [node for node in nodes if out[node] or into[node]]
    ranks = _ranks(linked, out, into)
    rows = _ordered(linked, ranks, out, into)
    found: dict[str, Position] = {node: (ranks[node], float(row)) for node, row in rows.items()}
    below = max((row for _, row in found.values()), default=-2.0) + 2
    lone = [node for node in nodes if node not in found]
    for place, node in enumerate(lone):
        found[node] = (place % _LONE_COLUMNS, below + place // _LONE_COLUMNS)
    return found


def _without_cycles(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The relations with those turned round that would close a cycle, found depth first."""
    out = defaultdict(list)
    for a, b in edges:
        out[a].append(b)
    entered: dict[str, int] = {}
    left: dict[str, int] = {}
    clock = 0
    for root in nodes:
        if root in entered:
            continue
        stack = [(root, iter(out[root]))]
        entered[root] = clock = clock + 1
        while stack:
            node, following = stack[-1]
            other = next((one for one in following if one not in entered), None)
            if other is None:
                left[node] = clock = clock + 1
                stack.pop()
            else:
                entered[other] = clock = clock + 1
                stack.append((other, iter(out[other])))
    back = {(a, b) for a, b in edges if entered[b] < entered[a] and left[a] < left[b]}
    return sorted({(b, a) if (a, b) in back else (a, b) for a, b in edges})


def _ranks(nodes: Sequence[str], out: Mapping[str, list[str]], into: Mapping[str, list[str]]) -> dict[str, int]:
    """The longest way to each node; a node without predecessors stands right before its nearest successor."""
    waiting = {node: len(into[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    ranks = dict.fromkeys(ready, 0)
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for other in out[node]:
            ranks[other] = max(ranks.get(other, 0), ranks[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for node in reversed(order):
        if not into[node] and out[node]:
            ranks[node] = min(ranks[other] for other in out[node]) - 1
    return ranks


def _ordered(
    nodes: Sequence[str], ranks: Mapping[str, int], out: Mapping[str, list[str]], into: Mapping[str, list[str]]
) -> dict[str, int]:
    columns: dict[int, list[str]] = defaultdict(list)
    for node in nodes:
        columns[ranks[node]].append(node)
    rows = {node: row for column in columns.values() for row, node in enumerate(column)}
    for sweep in range(SWEEPS):
        near = into if sweep % 2 == 0 else out
        for rank in sorted(columns, reverse=sweep % 2 == 1):
            column = columns[rank]
            column.sort(key=lambda node: (_barycentre(node, near, rows), rows[node]))
            rows.update({node: row for row, node in enumerate(column)})
    return rows


def _barycentre(node: str, near: Mapping[str, list[str]], rows: Mapping[str, int]) -> float:
    around = near[node]
    return sum(rows[other] for other in around) / len(around) if around else float(rows[node])
