"""A directory at one moment: its nodes, and its relations by their ends."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from stratumiops.graph.local.past import Past, State, present
from stratumiops.graph.local.tree import Tree
from stratumiops.graph.models import Direction, Edge, Node, RelationType


class Moment:
    """Nodes by id, and the relations that hold between them. Relations whose ends are missing are left out."""

    def __init__(self, nodes: dict[str, Node], edges: Iterable[Edge]) -> None:
        self.nodes = nodes
        self._edges = edges

    @cached_property
    def _ends(self) -> tuple[dict[str, list[Edge]], dict[str, list[Edge]]]:
        """Relations by their source, and by their target; made when somebody asks for one."""
        leaving: dict[str, list[Edge]] = {}
        reaching: dict[str, list[Edge]] = {}
        for edge in self._edges:
            if edge.source in self.nodes and edge.target in self.nodes:
                leaving.setdefault(edge.source, []).append(edge)
                reaching.setdefault(edge.target, []).append(edge)
        return leaving, reaching

    @classmethod
    def now(cls, tree: Tree, past: Past) -> "Moment":
        """The present."""
        restored = past.restored()
        edges = list(tree.shelf.edges.values())
        return cls(dict(tree.shelf.nodes), [present(edge, restored) for edge in edges] if restored else edges)

    @classmethod
    def at(cls, instant: str, past: Past) -> "Moment":
        """As of an instant."""
        nodes = {}
        for node_id, states in past.all_states().items():
            node = _state_at(instant, states)
            if node is not None:
                nodes[node_id] = node
        edges = [edge for edge in past.relations() if edge.valid_from <= instant < (edge.valid_to or "9999")]
        return cls(nodes, edges)

    @property
    def edges(self) -> Iterator[Edge]:
        """All relations."""
        return (edge for edges in self._ends[0].values() for edge in edges)

    def steps(self, node_id: str, types: Sequence[RelationType], direction: Direction) -> Iterator[tuple[Edge, bool]]:
        """The relations of a node, each with whether it leaves it."""
        if direction is not Direction.IN:
            yield from ((edge, True) for edge in self._ends[0].get(node_id, ()) if not types or edge.relation in types)
        if direction is not Direction.OUT:
            yield from ((edge, False) for edge in self._ends[1].get(node_id, ()) if not types or edge.relation in types)

    def far(self, edge: Edge, *, leaves: bool) -> Node:
        """The node at the other end."""
        return self.nodes[edge.target if leaves else edge.source]


def _state_at(instant: str, states: Iterable[State]) -> Node | None:
    for state in states:
        if state.node.updated_at <= instant and (state.valid_to is None or instant < state.valid_to):
            return state.node
    return None
