"""Slices of a graph: columns of the store into columns with dictionaries, or into objects."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, count
from operator import attrgetter
from typing import Any

from graphql import FieldNode, GraphQLObjectType

from stratumiops.graph.layout.communities import Communities, communities
from stratumiops.graph.layout.models import Picture, Placed, nowhere
from stratumiops.graph.models import NodeType
from stratumiops.graph.selection.roots import MAX_SLICE_EDGES
from stratumiops.resolvers.engine.assemble import rows_of
from stratumiops.resolvers.engine.collect import Selected
from stratumiops.resolvers.engine.objects import Makers, Part, object_of
from stratumiops.resolvers.engine.ports import Positions
from stratumiops.resolvers.engine.selection import NotCompilable, Selections

_SECOND = len("2026-01-31T12:00:00")
"""The rest of an instant is a tenth of a compressed slice, and a picture has no use for it."""
_KIND = {kind.value: kind.name for kind in NodeType}


class SliceColumns:
    """What a slice's statement returned, cut to the page, in the forms that the schema shows.

    Args:
        raw: [node columns, edge columns] of `graph.selection.roots.graph_slice`.
        first: how many nodes are shown.
        as_of: the instant, or None.
    """

    def __init__(self, raw: list[Any], first: int, as_of: str | None) -> None:
        columns, self._edges = raw
        self.more = len(columns[0]) > first
        if self.more:
            columns = [column[:first] for column in columns]
        self._keys, *rest = columns
        self.id, self.graph, self.title, self.type, self.status, self._tags, updated = rest
        self.updated = [f"{instant[:_SECOND]}Z" for instant in updated]
        self.as_of = as_of
        self.placed: Placed = nowhere(0, pending=False)

    @property
    def truncated(self) -> bool:
        """There is more than is shown."""
        return self.more or len(self._edges[0]) > MAX_SLICE_EDGES

    @cached_property
    def kinds(self) -> list[str]:
        """Names of the nodes' types."""
        return list(map(_KIND.__getitem__, self.type))

    @cached_property
    def _inside(self) -> list[list[Any]]:
        """Keys of sources, keys of targets and names of the types, of relations between nodes that are shown."""
        columns, known = self._edges, set(self._keys)
        if not (known.issuperset(columns[0]) and known.issuperset(columns[1])):
            shown = [source in known and target in known for source, target in zip(*columns[:2], strict=True)]
            columns = [list(compress(column, shown)) for column in columns]
        return [column[:MAX_SLICE_EDGES] for column in columns]

    def ends(self, names: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        """Sources and targets of the relations, each as the name that stands at its node's place in `names`."""
        name_of = dict(zip(self._keys, names, strict=True)).__getitem__
        sources, targets, _ = self._inside
        return list(map(name_of, sources)), list(map(name_of, targets))

    @cached_property
    def by_place(self) -> tuple[list[int], list[int]]:
        """Sources and targets as places in the node columns."""
        return self.ends(range(len(self._keys)))

    @cached_property
    def by_id(self) -> tuple[list[str], list[str]]:
        """Sources and targets as the nodes' ids."""
        return self.ends(self.id)

    @cached_property
    def picture(self) -> Picture:
        """What is to be laid out."""
        return Picture(list(zip(self.graph, self.id, strict=True)), *self.by_place)

    @cached_property
    def degree(self) -> list[int]:
        """How many relations begin or end at each node."""
        found = [0] * len(self._keys)
        for ends in self.by_place:
            for place in ends:
                found[place] += 1
        return found

    @cached_property
    def communities(self) -> Communities:
        """The communities of the nodes."""
        return communities(self.picture, self.placed, self.title, self.degree)

    @property
    def relations(self) -> list[str]:
        """Names of the relations' types."""
        return self._inside[2]

    @cached_property
    def coded(self) -> dict[str, tuple[list[Any], list[Any]]]:
        """For `type status tag edgeType`: the dictionary, and the column coded by it."""
        return {
            "type": _coded(self.kinds),
            "status": _coded(self.status),
            "tag": _coded_lists(self._tags),
            "edgeType": _coded(self.relations),
        }


def _coded(column: list[Any]) -> tuple[list[Any], list[Any]]:
    codes = _codes(column)
    return [value for value in codes if value is not None], list(map(codes.__getitem__, column))


def _coded_lists(column: list[list[Any]]) -> tuple[list[Any], list[Any]]:
    codes = _codes(chain.from_iterable(column))
    return list(codes), [list(map(codes.__getitem__, row)) for row in column]


def _codes(values: Iterable[Any]) -> dict[Any, int | None]:
    """A number for each value in the order in which they appear first, and none for None."""
    found = dict.fromkeys(values)
    number = count()
    return {value: None if value is None else next(number) for value in found}


_NODE_COLUMNS: dict[str, Part] = {
    "id": lambda s: s.id,
    "graph": lambda s: s.graph,
    "title": lambda s: s.title,
    "type": lambda s: s.coded["type"][1],
    "status": lambda s: s.coded["status"][1],
    "tags": lambda s: s.coded["tag"][1],
    "updated": lambda s: s.updated,
    "degree": lambda s: s.degree,
}
_POSITIONS: dict[str, Part] = {
    "x": lambda s: s.placed.x,
    "y": lambda s: s.placed.y,
    "community": lambda s: s.placed.community,
}
_EDGE_COLUMNS: dict[str, Part] = {
    "source": lambda s: s.by_place[0],
    "target": lambda s: s.by_place[1],
    "type": lambda s: s.coded["edgeType"][1],
}
_DICTIONARIES: dict[str, Part] = {
    "type": lambda s: s.coded["type"][0],
    "status": lambda s: s.coded["status"][0],
    "tag": lambda s: s.coded["tag"][0],
    "edgeType": lambda s: s.coded["edgeType"][0],
}
_NODE_OBJECTS: dict[str, Part] = {
    "id": lambda s: s.id,
    "title": lambda s: s.title,
    "type": lambda s: s.kinds,
    "status": lambda s: s.status,
}
_EDGE_OBJECTS: dict[str, Part] = {
    "source": lambda s: s.by_id[0],
    "target": lambda s: s.by_id[1],
    "type": lambda s: s.relations,
}
_LAYOUT: dict[str, Part] = {
    "layoutVersion": lambda s: s.placed.version,
    "layoutPending": lambda s: s.placed.pending,
}
COLUMNS = {"dict": _DICTIONARIES, "nodes": _NODE_COLUMNS, "edges": _EDGE_COLUMNS}
_COMMUNITIES: dict[str, Part] = {
    name: lambda s, name=name: getattr(s.communities, name)  # type: ignore[misc]
    for name in Communities._fields
}
_COMPILED = {**COLUMNS, "nodes": _NODE_COLUMNS | _POSITIONS, "communities": _COMMUNITIES}
OBJECTS = {"nodeList": _NODE_OBJECTS, "edgeList": _EDGE_OBJECTS}
_NEEDED = {"tag": "tags", "edgeType": None, "source": "id", "target": "id"}
"""Stored column behind a name in `dict` or `edgeList`, where it is not the name itself."""


@dataclass(frozen=True, slots=True)
class SliceParts:
    """What a slice's statement must return, and what makes the selected fields of that.

    `place`: looks positions up before `make`; None: none are selected.
    """

    columns: set[str]
    linked: bool
    make: Callable[[Any, dict[str, Any]], Any]
    place: Callable[[Any, dict[str, Any], Positions | None], Awaitable[Any]] | None


def slice_assembler(selections: Selections, owner: GraphQLObjectType, nodes: list[FieldNode]) -> SliceParts:
    """What the selected fields of a slice need, and what makes them."""
    needed: set[str] = set()

    def part(field: Selected) -> Part:
        wanted = [(inner.key, inner.name) for inner in selections.fields(field.type, field.nodes)]
        if field.name == "communities":
            needed.add("title")
        elif field.name != "edges":
            needed.update(_NEEDED.get(column) or column for _, column in wanted)
        make_part = _columns if field.name in _COMPILED else _objects
        return make_part(field.name, field.type.name, wanted)

    makers: Makers = {
        "truncated": lambda _: attrgetter("truncated"),
        "asOf": lambda _: attrgetter("as_of"),
        **{name: lambda field: _LAYOUT[field.name] for name in _LAYOUT},
        **dict.fromkeys((*_COMPILED, *OBJECTS), part),
    }
    show = object_of(selections, owner, nodes, makers)
    asked = {field.name for field in selections.fields(owner, nodes)}
    placed = not (asked.isdisjoint((*_LAYOUT, "communities")) and needed.isdisjoint(_POSITIONS))
    linked = placed or "degree" in needed or not asked.isdisjoint(("edges", "edgeList", "dict", "truncated"))

    def make(value: Any, described: dict[str, Any]) -> Any:
        return show(value if placed else columns_of(value, described))

    if placed:
        needed.update(("id", "graph"))
    return SliceParts(needed, linked, make, place if placed else None)


def columns_of(value: Any, described: Mapping[str, Any]) -> SliceColumns:
    """What a slice's statement returned for this description."""
    return SliceColumns(value, described["first"], described.get("as_of"))


async def place(value: Any, described: Mapping[str, Any], positions: Positions | None) -> SliceColumns:
    """The columns of a slice, with positions."""
    columns = columns_of(value, described)
    columns.placed = await positions_of(columns, described, positions)
    return columns


async def positions_of(columns: SliceColumns, described: Mapping[str, Any], positions: Positions | None) -> Placed:
    """Positions of a slice's nodes."""
    if positions is None:
        return nowhere(len(columns.id), pending=False)
    return await positions.placed(described, columns.picture)


def _columns(name: str, typename: str, wanted: list[tuple[str, str]]) -> Part:
    sources = _COMPILED[name]
    return lambda s: {key: typename if column == "__typename" else sources[column](s) for key, column in wanted}


def _objects(name: str, typename: str, wanted: list[tuple[str, str]]) -> Part:
    sources = OBJECTS[name]
    columns = [column for _, column in wanted if column != "__typename"]
    if not columns:
        raise NotCompilable
    build = rows_of([(key, typename if column == "__typename" else None) for key, column in wanted])
    return lambda s: build(*(sources[column](s) for column in columns))
