"""Graphs for the explorer: communities of different sizes with hubs, joined to a few others; always the same."""

import random

from benchmarks import dataset
from benchmarks.dataset import SEED, Dataset, Size
from stratumiops.graph.models import RelationType

_OF_COMMUNITY = 0.86
"""Share of relations that stay within a community."""
_MEAN = 90
"""Nodes of a community in the mean."""
_NEAR = 4
"""Communities that one is joined to."""


def generate(graph: str, nodes: int) -> Dataset:
    """A graph with three relations a node."""
    random_ = random.Random(SEED)
    rows = dataset.generate(Size({graph: nodes})).nodes
    groups = _groups(random_, nodes)
    near = [random_.sample(range(len(groups)), k=min(_NEAR, len(groups))) for _ in groups]
    community = [place for place, group in enumerate(groups) for _ in group]
    found: dict[tuple[str, str, RelationType], float] = {}
    while len(found) < 3 * nodes:
        source = random_.randrange(nodes)
        own = community[source]
        group = groups[own] if random_.random() < _OF_COMMUNITY else groups[random_.choice(near[own])]
        target = group[int(len(group) * random_.random() ** 3)]  # the first of a community are its hubs
        if source != target:
            found[rows[source]["id"], rows[target]["id"], random_.choice(list(RelationType))] = 1.0
    relations = [(graph, *key, weight) for key, weight in found.items()]
    return Dataset(Size({graph: nodes}), rows, relations)


def _groups(random_: random.Random, nodes: int) -> list[range]:
    """Communities as ranges of nodes; few are large, many small."""
    groups: list[range] = []
    first = 0
    while first < nodes:
        size = max(8, int(random_.paretovariate(1.6) * _MEAN * 0.4))
        groups.append(range(first, min(nodes, first + size)))
        first += size
    return groups
