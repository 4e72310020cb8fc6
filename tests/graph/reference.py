"""What the graph means, in plain Python: the present, the past, and what deletion and return do to relations."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

Key = tuple[str, str, str]
"""Source, target, relation."""


@dataclass(frozen=True)
class State:
    """A node's state, or a relation's weight, from an instant until another (None: still)."""

    value: tuple[int, str] | float
    valid_from: str
    valid_to: str | None = None

    def holds_at(self, instant: str) -> bool:
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


@dataclass
class ReferenceGraph:
    """One graph: every method takes the instant at which the change took effect."""

    nodes: dict[str, list[State]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[Key, list[State]] = field(default_factory=lambda: defaultdict(list))
    revs: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    parked: dict[str, list[tuple[Key, float]]] = field(default_factory=lambda: defaultdict(list))
    """Relations that come back with a deleted node."""

    def create(self, node_id: str, title: str, at: str) -> None:
        self.live.add(node_id)
        self._begin(node_id, title, 1, at)

    def update(self, node_id: str, title: str, at: str) -> None:
        self._end(self.nodes[node_id], at)
        self._begin(node_id, title, self.revs[node_id] + 1, at)

    def delete(self, node_id: str, at: str) -> None:
        self._end(self.nodes[node_id], at)
        self.live.remove(node_id)
        self.revs[node_id] += 1
        for key in self.live_edges():
            if node_id in key[:2]:
                self.parked[node_id].append((key, self.weight(key)))
                self._end(self.edges[key], at)

    def undelete(self, node_id: str, at: str) -> None:
        self.live.add(node_id)
        self._begin(node_id, self.titles[node_id], self.revs[node_id] + 1, at)
        for key, weight in self.parked.pop(node_id, []):
            other = key[1] if key[0] == node_id else key[0]
            if other in self.live:
                self.edges[key].append(State(weight, at))
            else:
                self.parked[other].append((key, weight))

    def link(self, key: Key, weight: float, at: str) -> None:
        if key in self.live_edges():
            if self.weight(key) == weight:
                return
            self._end(self.edges[key], at)
        self.edges[key].append(State(weight, at))

    def unlink(self, key: Key, at: str) -> None:
        self._end(self.edges[key], at)

    def live_edges(self) -> list[Key]:
        return sorted(key for key, states in self.edges.items() if states and states[-1].valid_to is None)

    def weight(self, key: Key) -> float:
        value = self.edges[key][-1].value
        assert isinstance(value, float)
        return value

    def nodes_at(self, instant: str) -> dict[str, tuple[int, str] | float]:
        """Revision and title by id."""
        return {n: s.value for n, states in sorted(self.nodes.items()) for s in states if s.holds_at(instant)}

    def edges_at(self, instant: str) -> dict[Key, tuple[int, str] | float]:
        """Weight by relation."""
        return {k: s.value for k, states in sorted(self.edges.items()) for s in states if s.holds_at(instant)}

    def instants(self) -> list[str]:
        """Every instant at which something changed, in order."""
        every = [s for states in (*self.nodes.values(), *self.edges.values()) for s in states]
        return sorted({i for s in every for i in (s.valid_from, s.valid_to) if i is not None})

    def _begin(self, node_id: str, title: str, rev: int, at: str) -> None:
        self.revs[node_id] = rev
        self.titles[node_id] = title
        self.nodes[node_id].append(State((rev, title), at))

    def _end(self, states: list[State], at: str) -> None:
        states[-1] = replace(states[-1], valid_to=at)
