"""Reads of directories: what `graph.selection.roots` and `.children` say in Cypher, said in Python.

Each takes the description that `resolvers.engine.describe` makes of a field's arguments. Directories do not know of
each other, so relations stay within a graph.
"""

from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from stratumiops.graph.adapters.bm25 import Bm25
from stratumiops.graph.local.library import FORMAT, Library
from stratumiops.graph.local.moment import Moment
from stratumiops.graph.local.rows import relation_row, row_of, state_row
from stratumiops.graph.local.server_only import server_only
from stratumiops.graph.local.where import beyond, holds, sort_key, sort_value
from stratumiops.graph.models import Direction, Edge, Node, NodeType, Period, RelationType
from stratumiops.graph.selection.answers import RelationRow, RevisionRow, Row
from stratumiops.graph.selection.guidelines import MAX_WEIGHED
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.roots import MAX_GROWTH, MAX_SLICE_EDGES
from stratumiops.graph.selection.shapes import bind

Description = Mapping[str, Any]
Key = tuple[str, str]
Batch = Callable[[Sequence[Key]], Awaitable[Mapping[Key, Any]]]

_TITLE: Final = 120
_LAST_CHANGED: Final = Order("updated_at", "DESC")
PRODUCT: Final = "markdown files"
"""What serves a directory, as `serverInfo` says."""


class LocalReads:
    """The reads of one request, over the directories of a library as they are when it begins."""

    def __init__(self, library: Library) -> None:
        self._library = library
        library.refresh()

    async def cypher(self, build: Callable[[Any, str], str], described: Description) -> Any:
        """Nothing here speaks Cypher.

        Raises:
            Unavailable: always.
        """
        del build, described
        raise server_only("This")

    async def statement(self, text: str, params: dict[str, Any]) -> Any:
        """Nothing here speaks Cypher.

        Raises:
            Unavailable: always.
        """
        del text, params
        raise server_only("This")

    async def node(self, described: Description) -> list[Row]:
        """The node with this id, in each graph that has one (at most two)."""
        found = (self._moment(name, described).nodes.get(described["id"]) for name in self._graphs(described))
        return [row_of(node) for node in found if node is not None][:2]

    async def page(self, described: Description) -> list[tuple[Any, ...]]:
        """Nodes in order, one more than `first`: each with its `Order.row_key`."""
        order = Order(*described["order"])
        found = self._foremost(described, order, described["first"] + 1)
        many = "graph" not in described
        return [
            (row_of(node), *order.row_key(sort_value(order, node), node.id, node.graph, many_graphs=many))
            for node in found
        ]

    async def total(self, described: Description) -> int:
        """How many nodes `page` would go through."""
        return sum(1 for _ in self._nodes(described))

    async def keys(self, described: Description) -> list[Key]:
        """Keys of the nodes that satisfy the conditions."""
        return [(node.graph, node.id) for node in self._nodes(described)]

    async def search(self, described: Description) -> list[tuple[float, Row, list[Key], Key]]:
        """Nodes that match `text`, best first: score, row, the keys of what supersedes it, its own key."""
        self._check(described)
        where, graphs = described.get("where"), set(self._graphs(described))
        index, nodes = self._index(described.get("as_of"))
        found = index.search(
            described["text"], described["first"], lambda node: node.graph in graphs and holds(where, node)
        )
        return [
            (score, row_of(nodes[key]), self._newer(nodes[key], described), (nodes[key].graph, nodes[key].id))
            for key, score in found
        ]

    def _newer(self, node: Node, described: Description) -> list[Key]:
        """The keys of what supersedes a node."""
        steps = self._moment(node.graph, described).steps(node.id, (RelationType.SUPERSEDES,), Direction.IN)
        return [(node.graph, edge.source) for edge, _ in steps]

    async def near(self, described: Description) -> list[tuple[int, Row]]:
        """Nodes around a node, with their distances, nearest first; of the present."""
        self._check(described)
        start = self._start(described, described["id"])
        if start is None:
            return []
        moment = self._moment(start.graph, described)
        seen = _reached(moment, start.id, described["depth"][0], described["types"], described["direction"])
        del seen[start.id]
        where = described.get("where")
        found = [(distance, node_id) for node_id, distance in seen.items() if holds(where, moment.nodes[node_id])]
        return [(distance, row_of(moment.nodes[node_id])) for distance, node_id in sorted(found)[: described["first"]]]

    async def path(self, described: Description) -> tuple[list[Row], list[RelationRow]] | None:
        """Nodes and relations of a shortest path; None: there is none. Of the present."""
        self._check(described)
        start, end = self._start(described, described["from"]), self._start(described, described["to"])
        if start is None or end is None or start.graph != end.graph:
            return None
        moment = self._moment(start.graph, described)
        came = _walked(moment, start.id, end.id, described)
        if end.id not in came:
            return None
        nodes, links, here = [end.id], [], end.id
        while (step := came[here]) is not None:
            edge, leaves = step
            here = edge.source if leaves else edge.target
            nodes.append(here)
            links.append(relation_row(edge, Direction.OUT, moment.nodes[edge.source], moment.nodes[edge.target]))
        return [row_of(moment.nodes[node_id]) for node_id in reversed(nodes)], links[::-1]

    async def pattern(self, described: Description) -> list[RelationRow]:
        """Relations of some types between nodes that satisfy `from` and nodes that satisfy `to`, by the ends' ids."""
        self._check(described)
        found = []
        for graph in self._graphs(described):
            moment = self._moment(graph, described)
            for node in moment.nodes.values():
                if holds(described["from"], node):
                    steps = moment.steps(node.id, described["types"], Direction.OUT)
                    found += [edge for edge, _ in steps if holds(described["to"], moment.nodes[edge.target])]
        found.sort(key=lambda edge: (edge.source, edge.target, edge.relation.name, edge.graph))
        return [self._joined(edge, described) for edge in found[: described["first"]]]

    def _joined(self, edge: Edge, described: Description) -> RelationRow:
        nodes = self._moment(edge.graph, described).nodes
        return relation_row(edge, Direction.OUT, nodes[edge.source], nodes[edge.target])

    async def graph_slice(self, described: Description) -> list[Any]:
        """[columns of nodes, columns of relations]; see `graph.selection.roots.graph_slice`."""
        limit = described["first"] + 1
        around = "focus" in described
        nodes = self._around(described, limit) if around else self._foremost(described, _LAST_CHANGED, limit)
        place = {(node.graph, node.id): i for i, node in enumerate(nodes)}
        columns = [
            list(range(len(nodes))),
            [node.id for node in nodes],
            [node.graph for node in nodes],
            [node.title[:_TITLE] for node in nodes],
            [node.type.value for node in nodes],
            [node.status for node in nodes],
            [list(node.tags) for node in nodes],
            [node.updated_at for node in nodes],
        ]
        edges: list[list[Any]] = [[], [], []]
        for node in nodes:
            steps = self._moment(node.graph, described).steps(node.id, described.get("relations") or (), Direction.OUT)
            for edge, _ in steps:
                target = place.get((node.graph, edge.target))
                if target is not None and len(edges[0]) <= MAX_SLICE_EDGES:
                    for column, value in zip(
                        edges, (place[node.graph, node.id], target, edge.relation.name), strict=True
                    ):
                        column.append(value)
        return [columns, edges]

    async def history(self, described: Description) -> list[list[RevisionRow]]:
        """The states of the node with this id, newest first, for each graph that has or had one (at most two)."""
        found = (self._library.directory(name).past.states(described["id"]) for name in self._graphs(described))
        first = described["first"]
        return [[state_row(state) for state in states[:first]] for states in found if states][:2]

    async def tags(self, described: Description) -> list[tuple[str, int]]:
        """Tags and how many nodes have them, most used first."""
        uses: dict[str, int] = {}
        for node in self._nodes(described):
            for tag in node.tags:
                if tag.startswith(described.get("prefix") or ""):
                    uses[tag] = uses.get(tag, 0) + 1
        return sorted(uses.items(), key=lambda use: (-use[1], use[0]))[: described["first"]]

    async def growth(self, described: Description) -> list[tuple[str, str, int]]:
        """First day of a period, type and number of nodes created in it, the newest period first."""
        [by] = described["by"]
        counts = Counter((_first_day(node.created_at[:10], by), node.type.value) for node in self._nodes(described))
        newest = sorted(sorted(counts), key=lambda key: key[0], reverse=True)[:MAX_GROWTH]
        return [(period, kind, counts[period, kind]) for period, kind in newest]

    async def graphs(self, names: Sequence[str]) -> list[tuple[Row, list[tuple[str, int]], int]]:
        """Named graphs by name: properties, inherited graphs with their priorities, number of nodes."""
        found = [self._library.directory(name) for name in sorted({self._library.canonical(name) for name in names})]
        return [(each.properties(), list(each.inherits), len(each.tree.shelf.nodes)) for each in found]

    async def server(self, names: Sequence[str]) -> tuple[int | None, str, str, int]:
        """Version of the files' form, what serves them, its version, and how many nodes the graphs hold."""
        nodes = sum(len(self._library.directory(name).tree.shelf.nodes) for name in names)
        return FORMAT, PRODUCT, str(FORMAT), nodes

    async def nodes_by_id(self, graph: str, ids: Sequence[str]) -> list[Row]:
        """The live nodes of a graph with these ids."""
        nodes = self._library.directory(graph).tree.shelf.nodes
        return [row_of(nodes[node_id]) for node_id in ids if node_id in nodes]

    async def relation(self, described: Description) -> RelationRow | None:
        """The relation of this type from `source` to `target`: the one that holds, or that ended last."""
        directory = self._library.directory(described["graph"])
        source, target = (directory.tree.shelf.nodes.get(described[end]) for end in ("source", "target"))
        if source is None or target is None:
            return None
        [kind] = described["relation"]
        edges = self._library.relations(directory.name) if described["ended"] else directory.moment.edges
        found = [
            edge
            for edge in edges
            if (edge.source, edge.target, edge.relation) == (source.id, target.id, kind)
            and (edge.valid_to is not None) is described["ended"]
        ]
        if not found:
            return None
        return relation_row(max(found, key=lambda edge: edge.valid_to or ""), Direction.OUT, source, target)

    async def guidelines(
        self, graphs: Sequence[str], topic: str | None
    ) -> tuple[list[tuple[Row, list[Key]]], list[tuple[str, int]], list[tuple[str, str, float]] | None]:
        """Guidelines, those of highest priority first in each graph; priorities of the graphs; what matches a topic."""
        rows = [(row_of(node), self._newer(node, {})) for graph in graphs for node in self._guidelines(graph)]
        weights = [(graph, self._library.directory(graph).config.inheritance.priority) for graph in graphs]
        if topic is None:
            return rows[:MAX_WEIGHED], weights, None
        index, nodes = self._index(None)
        found = index.search(topic, MAX_WEIGHED, lambda node: node.graph in graphs and node.type is NodeType.GUIDELINE)
        return rows[:MAX_WEIGHED], weights, [(nodes[key].graph, nodes[key].id, score) for key, score in found]

    def _guidelines(self, graph: str) -> list[Node]:
        nodes = self._library.directory(graph).moment.nodes.values()
        found = sorted(
            (node for node in nodes if node.type is NodeType.GUIDELINE), key=lambda node: node.updated_at, reverse=True
        )
        return sorted(found, key=lambda node: -int(node.extra.get("priority") or 0))[:MAX_WEIGHED]

    def related(self, described: Description) -> Batch:
        """Rows of the nodes at the other end of relations, each once."""
        order, where = Order(*described["order"]), described.get("where")

        def read(moment: Moment, node_id: str) -> list[Row]:
            far = {
                node.id: node
                for edge, leaves in moment.steps(node_id, described["types"], described["direction"])
                if holds(where, node := moment.far(edge, leaves=leaves))
            }
            some = sorted(far.values(), key=sort_key(order), reverse=order.direction == "DESC")
            return [row_of(node) for node in some[: described["first"]]]

        return self._batch(described, read)

    def relations(self, described: Description) -> Batch:
        """Rows of relations, in order of the other end's id."""

        def read(moment: Moment, node_id: str) -> list[RelationRow]:
            steps = sorted(
                moment.steps(node_id, described["types"], described["direction"]),
                key=lambda step: (
                    moment.far(step[0], leaves=step[1]).id,
                    step[0].relation.name,
                    "OUT" if step[1] else "IN",
                    step[0].valid_from,
                ),
            )
            return [
                relation_row(
                    edge,
                    Direction.OUT if leaves else Direction.IN,
                    moment.nodes[edge.source],
                    moment.nodes[edge.target],
                )
                for edge, leaves in steps[: described["first"]]
            ]

        return self._batch(described, read)

    def relation_count(self, described: Description) -> Batch:
        """How many relations there are."""
        return self._batch(
            described,
            lambda moment, node_id: sum(1 for _ in moment.steps(node_id, described["types"], described["direction"])),
        )

    def states(self, described: Description) -> Batch:
        """Rows of states, newest first."""

        async def load(keys: Sequence[Key]) -> Mapping[Key, Any]:
            found = {key: self._library.directory(key[0]).past.states(key[1]) for key in keys}
            return {key: [state_row(state) for state in states[: described["first"]]] for key, states in found.items()}

        return load

    # ---- inside

    def _check(self, described: Description) -> None:
        """Refuse conditions that a server would refuse.

        Raises:
            TooComplex: they are nested too deep, or too many.
        """
        bind(dict(described), "a", {})

    def _graphs(self, described: Description) -> tuple[str, ...]:
        return (described["graph"],) if "graph" in described else tuple(described["graphs"])

    def _moment(self, graph: str, described: Description) -> Moment:
        directory = self._library.directory(graph)
        at = described.get("as_of")
        return directory.moment if at is None else directory.at(at)

    def _nodes(self, described: Description) -> Iterator[Node]:
        self._check(described)
        where = described.get("where")
        for graph in self._graphs(described):
            yield from (node for node in self._moment(graph, described).nodes.values() if holds(where, node))

    def _foremost(self, described: Description, order: Order, limit: int) -> list[Node]:
        many = "graph" not in described
        found = self._nodes(described)
        if described.get("after"):
            found = filter(beyond(order, described["after"], many_graphs=many), found)
        return sorted(found, key=sort_key(order, many_graphs=many), reverse=order.direction == "DESC")[:limit]

    def _around(self, described: Description, limit: int) -> list[Node]:
        """The focus and the nodes around it that satisfy the conditions, nearest first."""
        self._check(described)
        start = self._start(described, described["focus"])
        if start is None:
            return []
        moment, where = self._moment(start.graph, described), described.get("where")
        types = described.get("relations") or ()
        seen = _reached(moment, start.id, described["depth"][0], types, Direction.BOTH)
        found = sorted(
            (far, node_id) for node_id, far in seen.items() if not far or holds(where, moment.nodes[node_id])
        )
        return [moment.nodes[node_id] for _, node_id in found[:limit]]

    def _start(self, described: Description, node_id: str) -> Node | None:
        found = (self._moment(graph, described).nodes.get(node_id) for graph in self._graphs(described))
        return next((node for node in found if node is not None), None)

    def _index(self, at: str | None) -> tuple[Bm25, Mapping[str, Node]]:
        """The words of every node of every directory: a rare word is rare in all of them."""
        if at is None:
            return self._library.index()
        return self._library.index_of([self._library.directory(name).at(at) for name in self._library.names()])

    def _batch(self, described: Description, read: Callable[[Moment, str], Any]) -> Batch:
        self._check(described)

        async def load(keys: Sequence[Key]) -> Mapping[Key, Any]:
            found: dict[Key, Any] = {}
            for graph, node_id in keys:
                moment = self._moment(graph, described)
                if node_id in moment.nodes:
                    found[graph, node_id] = read(moment, node_id)
            return found

        return load


def _first_day(day: str, by: Period) -> str:
    """The first day of the period that a day is in."""
    if by is Period.WEEK:
        found = date.fromisoformat(day)
        return (found - timedelta(days=found.weekday())).isoformat()
    return f"{day[:7]}-01" if by is Period.MONTH else day


def _reached(
    moment: Moment, start: str, depth: int, types: Sequence[RelationType], direction: Direction
) -> dict[str, int]:
    """Ids of the nodes around a node, itself among them, with their distances."""
    seen = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if seen[here] == depth:
            break
        for edge, leaves in moment.steps(here, types, direction):
            there = edge.target if leaves else edge.source
            if there not in seen:
                seen[there] = seen[here] + 1
                waiting.append(there)
    return seen


def _walked(moment: Moment, start: str, end: str, described: Description) -> dict[str, tuple[Edge, bool] | None]:
    """By which relation each node was reached first; the walk ends where the end is found."""
    types: tuple[RelationType, ...] = described.get("types") or ()
    came: dict[str, tuple[Edge, bool] | None] = {start: None}
    level = [start]
    for _ in range(described["max_depth"][0]):
        if end in came:
            break
        following = []
        for here in level:
            for edge, leaves in moment.steps(here, types, described["direction"]):
                there = edge.target if leaves else edge.source
                if there not in came:
                    came[there] = (edge, leaves)
                    following.append(there)
        level = following
    return came
