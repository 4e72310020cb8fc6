"""Root fields of queries: the subquery of each, and what makes its value out of the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, get_named_type

from stratumiops.graph.selection import roots
from stratumiops.graph.selection.lucene import Highlighter
from stratumiops.graph.selection.order import Order, encode_cursor
from stratumiops.graph.selection.roots import Projection
from stratumiops.graph.selection.temporal import Present
from stratumiops.resolvers.engine.assemble import Assembler, Object, assembler
from stratumiops.resolvers.engine.describe import require, the_one
from stratumiops.resolvers.engine.selection import NotCompilable, RelationAt, Selections
from stratumiops.resolvers.engine.slices import slice_assembler

Make = Callable[[Any, dict[str, Any]], Any]
"""From the answer's part and the field's description to the value of the response."""


@dataclass(frozen=True, slots=True)
class RootPart:
    """A root field compiled: subqueries, the expression that is its part of the answer, and `make`."""

    calls: str
    expr: str
    make: Make


def compile_root(selections: Selections, kind: str, definition: GraphQLField, nodes: list[FieldNode]) -> RootPart:
    """The root field of this kind (`schema.mapping.Root`)."""
    builder = _BUILDERS.get(kind)
    if builder is None:
        raise NotCompilable
    selections.when = roots.temporal(selections.shape(nodes))
    return builder(selections, get_named_type(definition.type), nodes)


def _call(text: str) -> str:
    return f"CALL () {{ {text} }} "


def _node(selections: Selections, graphql_type: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    projection, shape = selections.node(graphql_type, nodes, "n")
    name, build = selections.name("f"), assembler(shape)
    text = roots.node(selections.shape(nodes), projection, name)

    def make(value: Any, described: dict[str, Any]) -> Any:
        found = the_one(value, described["id"])
        return None if found is None else build(found)

    return RootPart(_call(text), name, make)


@dataclass(slots=True)
class _Rows:
    """Several projections of the same row."""

    exprs: list[str]
    calls: str = ""

    def add(self, projection: Projection) -> int:
        self.exprs.append(projection.expr)
        self.calls += projection.calls
        return len(self.exprs) - 1

    @property
    def projection(self) -> Projection:
        return Projection(self.calls, f"[{', '.join(self.exprs)}]")


def _fields(
    selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]
) -> list[tuple[str, str, list[FieldNode], GraphQLField | None]]:
    """Response key, field name, field nodes and definition of each field of an object."""
    [concrete] = selections.concrete(owner)
    found = selections._collector.fields(concrete, selections.sets(nodes))  # noqa: SLF001 - one machine in two files
    return [
        (key, members[0].name.value, members, concrete.fields.get(members[0].name.value))
        for key, members in found.items()
    ]


def _page(selections: Selections, connection: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    shape = selections.shape(nodes)
    order = Order(*shape["order"])
    rows = _Rows([])
    parts: list[tuple[str, Callable[..., Any]]] = []
    needs: set[str] = set()
    fields = _fields(selections, connection, nodes)
    keyed = any(name in ("edges", "pageInfo") for _, name, _, _ in fields)
    for key, name, members, definition in fields:
        match name:
            case "nodes" if definition is not None:
                projection, made = selections.node(get_named_type(definition.type), members, "n")
                parts.append((key, _listed(rows.add(projection), assembler(made), keyed=keyed)))
            case "edges" if definition is not None:
                parts.append((key, _edges(selections, get_named_type(definition.type), members, rows, order)))
            case "pageInfo" if definition is not None:
                parts.append((key, _page_info(selections, get_named_type(definition.type), members, order)))
                needs.add("more")
            case "totalCount":
                parts.append((key, lambda _rows, total, _more, _described: total))
                needs.add("total")
            case "__typename":
                parts.append((key, lambda *_, typename=connection.name: typename))
            case _:
                raise NotCompilable
    calls, page, total = "", "[]", "null"
    if rows.exprs or keyed:
        page = selections.name("f")
        more = "more" in needs
        calls += _call(roots.page(shape, order, rows.projection, page, keys=keyed, more=more))
    if "total" in needs:
        total = selections.name("f")
        calls += _call(roots.total(shape, total))

    def make(value: Any, described: dict[str, Any]) -> Any:
        found, count = value
        first = described["first"]
        more = len(found) > first
        if more:
            found = found[:first]
        return {key: part(found, count, more, described) for key, part in parts}

    return RootPart(calls, f"[{page}, {total}]", make)


PagePart = Callable[[list[Any], Any, bool, dict[str, Any]], Any]


def _listed(place: int, build: Assembler, *, keyed: bool) -> PagePart:
    if keyed:
        return lambda rows, _total, _more, _described: [build(row[0][place]) for row in rows]
    return lambda rows, _total, _more, _described: [build(row[place]) for row in rows]


def _edges(
    selections: Selections, edge: GraphQLNamedType, nodes: list[FieldNode], rows: _Rows, order: Order
) -> PagePart:
    parts: list[tuple[str, Callable[[Any], Any]]] = []
    for key, name, members, definition in _fields(selections, edge, nodes):
        match name:
            case "cursor":
                parts.append((key, lambda row: encode_cursor(order, row[1], row[2], row[3])))
            case "node" if definition is not None:
                projection, made = selections.node(get_named_type(definition.type), members, "n")
                place, build = rows.add(projection), assembler(made)
                parts.append((key, lambda row, p=place, b=build: b(row[0][p])))  # type: ignore[misc]
            case "__typename":
                parts.append((key, lambda _row, typename=edge.name: typename))  # type: ignore[misc]
            case _:
                raise NotCompilable
    return lambda found, _total, _more, _described: [{key: part(row) for key, part in parts} for row in found]


def _page_info(selections: Selections, info: GraphQLNamedType, nodes: list[FieldNode], order: Order) -> PagePart:
    names = [(key, name) for key, name, _, _ in _fields(selections, info, nodes)]

    def part(rows: list[Any], _total: Any, more: bool, described: dict[str, Any]) -> Any:
        values = {
            "hasNextPage": more,
            "hasPreviousPage": "after" in described,
            "startCursor": encode_cursor(order, *rows[0][1:]) if rows else None,
            "endCursor": encode_cursor(order, *rows[-1][1:]) if rows else None,
            "__typename": info.name,
        }
        return {key: values[name] for key, name in names}

    return part


def _search(selections: Selections, hit: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    rows = _Rows([])
    parts: list[tuple[str, Callable[..., Any]]] = []
    for key, name, members, definition in _fields(selections, hit, nodes):
        match name:
            case "score":
                parts.append((key, lambda row, _highlight: row[0]))
            case "node" if definition is not None:
                projection, made = selections.node(get_named_type(definition.type), members, "n")
                place, build = rows.add(projection), assembler(made)
                parts.append((key, lambda row, _highlight, p=place, b=build: b(row[1][p])))
            case "highlights" if definition is not None:
                place = rows.add(Projection("", "[n.title, n.content, n.tags]"))
                fields = [(k, f) for k, f, _, _ in _fields(selections, get_named_type(definition.type), members)]
                parts.append((key, lambda row, highlight, p=place, f=fields: _shown(highlight, row[1][p], f)))
            case "__typename":
                parts.append((key, lambda _row, _highlight, typename=hit.name: typename))
            case _:
                raise NotCompilable
    name = selections.name("f")
    text = roots.search(selections.shape(nodes), rows.projection, name)

    def make(value: Any, described: dict[str, Any]) -> Any:
        highlight = Highlighter(described["text"])
        return [{key: part(row, highlight) for key, part in parts} for row in value]

    return RootPart(_call(text), name, make)


def _shown(highlight: Highlighter, texts: list[Any], fields: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            key: {
                "field": snippet.field,
                "text": snippet.text,
                "ranges": utf16_ranges(snippet.text, snippet.ranges),
                "__typename": "Highlight",
            }[name]
            for key, name in fields
        }
        for snippet in highlight.snippets(texts[0], texts[1], texts[2])
    ]


def utf16_ranges(text: str, ranges: tuple[tuple[int, int], ...]) -> list[list[int]]:
    """Offsets in code points as offsets in UTF-16 code units."""
    if text.isascii():
        return [list(pair) for pair in ranges]
    return [[len(text[:at].encode("utf-16-le")) // 2 for at in pair] for pair in ranges]


def _neighbours(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    if not isinstance(selections.when, Present):
        raise NotCompilable
    rows = _Rows([])
    parts: list[tuple[str, Callable[..., Any]]] = []
    for key, name, members, definition in _fields(selections, owner, nodes):
        match name:
            case "distance":
                parts.append((key, lambda row: row[0]))
            case "node" if definition is not None:
                projection, made = selections.node(get_named_type(definition.type), members, "n")
                place, build = rows.add(projection), assembler(made)
                parts.append((key, lambda row, p=place, b=build: b(row[1][p])))
            case "__typename":
                parts.append((key, lambda _row, typename=owner.name: typename))
            case _:
                raise NotCompilable
    shape, name, seed = selections.shape(nodes), selections.name("f"), selections.name("f")
    text = roots.near(shape, rows.projection, name)
    there = _call(roots.node(shape, Projection("", "n.id"), seed))

    def make(value: Any, described: dict[str, Any]) -> Any:
        require(the_one(value[0], described["id"]), described["id"])
        return [{key: part(row) for key, part in parts} for row in value[1]]

    return RootPart(there + _call(text), f"[{seed}, {name}]", make)


def _path(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    if not isinstance(selections.when, Present):
        raise NotCompilable
    rows, links = _Rows([]), _Rows([])
    parts: list[tuple[str, Callable[..., Any]]] = []
    at = RelationAt("r", "s", "t", "t", "'OUT'", "type(r)")
    for key, name, members, definition in _fields(selections, owner, nodes):
        match name:
            case "length":
                parts.append((key, lambda found: len(found[1])))
            case "nodes" if definition is not None:
                projection, made = selections.node(get_named_type(definition.type), members, "n")
                place, build = rows.add(projection), assembler(made)
                parts.append((key, lambda found, p=place, b=build: [b(row[p]) for row in found[0]]))
            case "relations" if definition is not None:
                projection, made = selections.relation(get_named_type(definition.type), members, at)
                place, build = links.add(projection), assembler(made)
                parts.append((key, lambda found, p=place, b=build: [b(row[p]) for row in found[1]]))
            case "__typename":
                parts.append((key, lambda _found, typename=owner.name: typename))
            case _:
                raise NotCompilable
    shape, name = selections.shape(nodes), selections.name("f")
    calls, ends = "", [selections.name("f"), selections.name("f")]
    for end, which in zip(ends, ("from", "to"), strict=True):
        calls += _call(roots.node({**shape, "id": shape[which]}, Projection("", "n.id"), end))
    calls += _call(roots.path(shape, rows.projection, links.projection, name))

    def make(value: Any, described: dict[str, Any]) -> Any:
        for found, which in zip(value, ("from", "to"), strict=False):
            the_one(found, described[which])
        [*_, found] = value
        return {key: part(found[0]) for key, part in parts} if found else None

    return RootPart(calls, f"[{', '.join(ends)}, {name}]", make)


def _history(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    expr, made = selections.revision(owner, nodes, "v")
    name, build = selections.name("f"), assembler(made)
    text = roots.history(selections.shape(nodes), Projection("", expr), name)

    def make(value: Any, described: dict[str, Any]) -> Any:
        return [build(row) for row in require(the_one(value, described["id"]), described["id"])]

    return RootPart(_call(text), name, make)


def _graph_slice(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    if not isinstance(owner, GraphQLObjectType):
        raise NotCompilable
    build, columns, edges = slice_assembler(selections, owner, nodes)
    name = selections.name("f")
    text = roots.graph_slice(selections.shape(nodes), name, columns=columns, edges=edges)
    return RootPart(_call(text), name, build)


_BUILDERS: dict[str, Callable[[Selections, GraphQLNamedType, list[FieldNode]], RootPart]] = {
    "node": _node,
    "page": _page,
    "search": _search,
    "neighbours": _neighbours,
    "path": _path,
    "history": _history,
    "graph_slice": _graph_slice,
}

__all__ = ["Object", "RootPart", "compile_root"]
