"""Root fields of queries: the subquery of each, and what makes its value out of the answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from graphql import FieldNode, GraphQLField, GraphQLNamedType, GraphQLObjectType, get_named_type

from stratumiops.graph.models import Direction
from stratumiops.graph.selection import roots
from stratumiops.graph.selection.lucene import Highlighter
from stratumiops.graph.selection.order import Order, cursors
from stratumiops.graph.selection.roots import Projection
from stratumiops.graph.selection.temporal import Present
from stratumiops.ingest.retrieval.models import SearchMode
from stratumiops.ingest.retrieval.ranking import raised
from stratumiops.resolvers.engine.assemble import assembler, rows_of
from stratumiops.resolvers.engine.collect import Selected
from stratumiops.resolvers.engine.describe import require, the_one
from stratumiops.resolvers.engine.objects import Makers, Part, Rows, object_of
from stratumiops.resolvers.engine.ports import Positions
from stratumiops.resolvers.engine.selection import NotCompilable, Selections
from stratumiops.resolvers.engine.slices import slice_assembler
from stratumiops.schema.search import MAX_SUCCESSORS

Make = Callable[[Any, dict[str, Any]], Any]
"""From the answer's part and the field's description to the value of the response."""
Look = Callable[[Any, dict[str, Any], Positions | None], Awaitable[Any]]
"""From the answer's part and the field's description to what `make` takes, with positions."""


@dataclass(frozen=True, slots=True)
class RootPart:
    """A root field compiled: subqueries, the expression that is its part of the answer, and `make`.

    `place`: what looks positions up before; None: nothing.
    """

    calls: str
    expr: str
    make: Make
    place: Look | None = None


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


# ---- pages


class _Page(NamedTuple):
    """What a page is made of: a row is the node's values, or with keys [values, *`Order.row_key`]."""

    rows: list[Any]
    total: int
    more: bool
    resumed: bool
    cursor: Callable[[Sequence[str]], str]

    @property
    def cursors(self) -> list[str]:
        """The cursor of each row."""
        cursor = self.cursor
        return [cursor(row[1:]) for row in self.rows]

    @property
    def start(self) -> str | None:
        return self.cursor(self.rows[0][1:]) if self.rows else None

    @property
    def end(self) -> str | None:
        return self.cursor(self.rows[-1][1:]) if self.rows else None


_PAGE_INFO = {"hasNextPage": "more", "hasPreviousPage": "resumed", "startCursor": "start", "endCursor": "end"}


def _page(selections: Selections, connection: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    shape, rows = selections.shape(nodes), Rows(selections)
    order = Order(*shape["order"])
    asked = {field.name for field in selections.fields(connection, nodes)}
    keyed = not asked.isdisjoint(("edges", "pageInfo"))

    def listed(field: Selected) -> Part:
        return _each(rows.node(field), keyed=keyed)

    def edges(field: Selected) -> Part:
        parts: dict[str, Part] = {}
        keys: list[tuple[str, str | None]] = []
        for each in selections.fields(field.type, field.nodes):
            keys.append((each.key, field.type.name if each.name == "__typename" else None))
            if each.name == "cursor":
                parts[each.key] = attrgetter("cursors")
            elif each.name == "node":
                parts[each.key] = _each(rows.node(each), keyed=True)
        if not parts:
            raise NotCompilable
        build, columns = rows_of(keys), list(parts.values())
        return lambda page: build(*(column(page) for column in columns))

    def info(field: Selected) -> Part:
        makers = {name: lambda f: attrgetter(_PAGE_INFO[f.name]) for name in _PAGE_INFO}
        return object_of(selections, field.type, field.nodes, makers)

    makers: Makers = {"nodes": listed, "edges": edges, "pageInfo": info, "totalCount": lambda _: attrgetter("total")}
    show = object_of(selections, connection, nodes, makers)
    calls, page, total = "", "[]", "null"
    if keyed or not rows.empty:
        page = selections.name("f")
        more = "pageInfo" in asked
        calls += _call(roots.page(shape, order, rows.projection, page, keys=keyed, more=more))
    if "totalCount" in asked:
        total = selections.name("f")
        calls += _call(roots.total(shape, total))

    def make(value: Any, described: dict[str, Any]) -> Any:
        found, first = value[0], described["first"]
        more = len(found) > first
        rows = found[:first] if more else found
        return show(_Page(rows, value[1], more, "after" in described, cursors(order, described.get("graph"))))

    return RootPart(calls, f"[{page}, {total}]", make)


def _each(part: Part, *, keyed: bool) -> Part:
    """The part of each row of a page; a row has its node's values first when it has keys."""
    if keyed:
        return lambda page: [part(row[0]) for row in page.rows]
    return lambda page: [part(row) for row in page.rows]


def _second(part: Part) -> Part:
    """The part of what is second in a row."""
    return lambda row: part(row[1])


# ---- hits


class _Hit(NamedTuple):
    score: float
    values: list[Any]
    highlighter: Highlighter


def _search(selections: Selections, hit: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    rows = Rows(selections)

    def node(field: Selected) -> Part:
        part = rows.node(field)
        return lambda found: part(found.values)

    def highlights(field: Selected) -> Part:
        texts = rows.add(Projection("", "[n.title, n.content, n.tags, n['aliases']]"), list)
        makers: Makers = {
            "field": lambda _: attrgetter("field"),
            "text": lambda _: attrgetter("text"),
            "ranges": lambda _: lambda snippet: utf16_ranges(snippet.text, snippet.ranges),
        }
        show = object_of(selections, field.type, field.nodes, makers)
        return lambda found: [show(snippet) for snippet in found.highlighter.snippets(*texts(found.values))]

    def path(_field: Selected) -> Part:
        part = rows.add(Projection("", "n.path"), lambda found: found)
        return lambda found: part(found.values)

    def superseded(field: Selected) -> Part:
        part = _successors(selections, rows, field)
        return lambda found: part(found.values)

    makers: Makers = {
        "score": lambda _: attrgetter("score"),
        "node": node,
        "highlights": highlights,
        "path": path,
        "mode": lambda _: lambda _found: SearchMode.TEXT.name,
        "supersededBy": superseded,
    }
    show = object_of(selections, hit, nodes, makers)
    name = selections.name("f")
    text = roots.search(selections.shape(nodes), rows.projection, name)

    def make(value: Any, described: dict[str, Any]) -> Any:
        highlighter = Highlighter(described["text"], language=described["language"])
        return [show(_Hit(one.score, one.values, highlighter)) for one in raised(value)]

    return RootPart(_call(text), name, make)


def _successors(selections: Selections, rows: Rows, field: Selected) -> Part:
    """The nodes that supersede `n`, as selected."""
    far, rel, result = selections.name("n"), selections.name("r"), selections.name("c")
    projection, shape = selections.node(field.type, field.nodes, far)
    step = selections.when.step("n", rel, far, roots.SUPERSEDES, Direction.IN, [f"{far}.graph IN $auth"])
    distinct = "" if selections.when.unique(roots.SUPERSEDES, Direction.IN) else "DISTINCT "
    call = (
        f"CALL (n) {{ {step} WITH {distinct}{far} ORDER BY {far}.id, {far}.graph LIMIT {MAX_SUCCESSORS} "
        f"{projection.calls} RETURN collect({projection.expr}) AS {result} }} "
    )
    build = assembler(shape)
    return rows.add(Projection(call, result), lambda values: [build(one) for one in values])


def utf16_ranges(text: str, ranges: tuple[tuple[int, int], ...]) -> list[list[int]]:
    """Offsets in code points as offsets in UTF-16 code units."""
    if text.isascii():
        return [list(pair) for pair in ranges]
    return [[len(text[:at].encode("utf-16-le")) // 2 for at in pair] for pair in ranges]


# ---- walks


def _neighbours(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    if not isinstance(selections.when, Present):
        raise NotCompilable
    rows = Rows(selections)
    makers: Makers = {"distance": lambda _: itemgetter(0), "node": lambda field: _second(rows.node(field))}
    show = object_of(selections, owner, nodes, makers)
    shape, name, seed = selections.shape(nodes), selections.name("f"), selections.name("f")
    calls = _call(roots.node(shape, Projection("", "n.id"), seed)) + _call(roots.near(shape, rows.projection, name))

    def make(value: Any, described: dict[str, Any]) -> Any:
        require(the_one(value[0], described["id"]), described["id"])
        return [show(row) for row in value[1]]

    return RootPart(calls, f"[{seed}, {name}]", make)


def _path(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode]) -> RootPart:
    if not isinstance(selections.when, Present):
        raise NotCompilable
    steps, links = Rows(selections), Rows(selections)

    def listed(place: int, part: Part) -> Part:
        return lambda path: [part(row) for row in path[place]]

    makers: Makers = {
        "length": lambda _: lambda path: len(path[1]),
        "nodes": lambda field: listed(0, steps.node(field)),
        "relations": lambda field: listed(1, links.relation(field)),
    }
    show = object_of(selections, owner, nodes, makers)
    shape, name, ends = selections.shape(nodes), selections.name("f"), [selections.name("f"), selections.name("f")]
    calls = "".join(
        _call(roots.node({**shape, "id": shape[which]}, Projection("", "n.id"), end))
        for which, end in zip(("from", "to"), ends, strict=True)
    )
    calls += _call(roots.path(shape, steps.projection, links.projection, name))

    def make(value: Any, described: dict[str, Any]) -> Any:
        start, end, paths = value
        the_one(start, described["from"])
        the_one(end, described["to"])
        return show(paths[0]) if paths else None

    return RootPart(calls, f"[{', '.join(ends)}, {name}]", make)


# ---- the past, and pictures


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
    parts, shape = slice_assembler(selections, owner, nodes), selections.shape(nodes)
    name = selections.name("f")
    calls = _call(roots.graph_slice(shape, name, columns=parts.columns, edges=parts.linked))
    if "focus" not in shape:
        return RootPart(calls, name, parts.make, parts.place)
    focus, make, place = selections.name("f"), parts.make, parts.place
    calls += _call(roots.node({**shape, "id": shape["focus"]}, Projection("", "n.id"), focus))

    def around(value: Any, described: dict[str, Any]) -> Any:
        require(the_one(value[0], described["focus"]), described["focus"], "focus")
        return make(value[1], described)

    async def placed(value: Any, described: dict[str, Any], positions: Positions | None) -> Any:
        return [value[0], await place(value[1], described, positions) if place and value[0] else value[1]]

    return RootPart(calls, f"[{focus}, {name}]", around, placed if place else None)


_BUILDERS: dict[str, Callable[[Selections, GraphQLNamedType, list[FieldNode]], RootPart]] = {
    "node": _node,
    "page": _page,
    "search": _search,
    "neighbours": _neighbours,
    "path": _path,
    "history": _history,
    "graph_slice": _graph_slice,
}
