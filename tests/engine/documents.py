"""Hypothesis writes valid documents from the schema itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

import orjson
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)
from hypothesis import strategies as st

from stratumiops.graph.selection.order import NULLABLE, Order, cursors

from .world import ODD_TITLES, World

ROOTS = (
    "node", "nodes", "notes", "decisions", "guidelines", "patterns", "journals", "executions", "search",
    "neighbours", "path", "graphSlice", "history",
)  # fmt: skip
"""Root fields that the compiler knows."""

_MISSING = object()
_STRINGS = {"Note": ("title", "content"), "Decision": ("graph", "createdBy"), "Execution": ("updatedBy", "title")}
_QUERIES = (
    "cache",
    "redis queue",
    '"two words"',
    "run*",
    "cache -redis",
    "ünïcödé 🎉",
    "title:secret",
    "the",
    "***",
    "",
)


@dataclass(slots=True)
class Document:
    """A document and the values of its variables."""

    text: str
    variables: dict[str, Any]


@dataclass(slots=True)
class _Literal:
    """Text that is GraphQL already."""

    text: str


@dataclass(slots=True)
class _Author:
    """Writes one document."""

    random: Random
    schema: GraphQLSchema
    world: World
    visible: Sequence[str]
    size: int
    counter: int = 0
    declared: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    near: dict[str, Any] = field(default_factory=dict)
    roots: Sequence[str] = ROOTS

    # ---- drawing

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def one_of(self, options: Any) -> Any:
        return self.random.choice(list(options))

    def some(self, options: Sequence[str], least: int, most: int) -> list[str]:
        return self.random.choices(options, k=self.random.randint(least, most))

    def name(self, letter: str) -> str:
        self.counter += 1
        return f"{letter}{self.counter}"

    # ---- the document

    def document(self) -> Document:
        root: Any = self.schema.query_type
        names = self.some(self.roots, 1, 3 if self.size > 4 else 1)
        parts = [self.field(root, name, 0) for name in names]
        if self.chance(20):
            parts.append(self.one_of(("__typename", "kind: __typename")))
        if self.chance(10):
            parts.append(f"...{self.fragment(root, parts.pop(0))}")
        head = f"query Q({' '.join(self.declared)})" if self.declared else self.one_of(("query", "query Q", ""))
        return Document("\n".join([f"{head} {{ {' '.join(parts)} }}", *self.fragments]), self.values)

    def fragment(self, owner: GraphQLNamedType, body: str) -> str:
        name = self.name("F")
        self.fragments.append(f"fragment {name} on {owner.name} {{ {body} }}")
        return name

    def field(self, owner: GraphQLObjectType, name: str, depth: int) -> str:
        definition = owner.fields[name]
        arguments = self.arguments(definition)
        alias = f"{self.name('a')}: " if arguments or self.chance(8) else ""
        named = get_named_type(definition.type)
        body = "" if is_leaf_type(named) else f" {{ {self.selections(named, depth + 1)} }}"
        text = f"{alias}{name}{arguments}{self.directive()}{body}"
        if body and self.chance(6):  # the same field twice: their selections are merged
            text += f" {alias}{name}{arguments} {{ {self.selections(named, depth + 1)} }}"
        return text

    def selections(self, owner: GraphQLNamedType, depth: int) -> str:
        leaves, branches = [], []
        for name, definition in owner.fields.items():  # type: ignore[attr-defined]
            (leaves if is_leaf_type(get_named_type(definition.type)) else branches).append(name)
        if owner.name in (
            "SliceNodes",
            "SliceEdges",
            "SliceCommunities",
            "SliceDictionary",
            "SliceNode",
            "SliceEdge",
            "Highlight",
        ):
            self.size += 1
        parts: list[str] = []
        parts += [self.leaf(owner, name) for name in self.some(["__typename", *leaves], 0, 4)]
        while branches and depth < 7 and self.size > 0 and self.chance(75 if depth < 3 else 40):
            self.size -= 1
            parts.append(self.field(owner, self.one_of(branches), depth))  # type: ignore[arg-type]
        if "KnowledgeNode" in (owner.name, *(i.name for i in getattr(owner, "interfaces", ()))):
            parts += self.on_types(owner, depth)
        self.random.shuffle(parts)
        return " ".join(parts) or self.filler(owner, depth)

    def filler(self, owner: GraphQLNamedType, depth: int) -> str:
        if is_abstract_type(owner) or "id" in getattr(owner, "fields", ()):
            return "id"
        return self.field(owner, "nodes", depth) if depth < 3 and owner.name == "GraphPath" else "__typename"

    def leaf(self, owner: GraphQLNamedType, name: str) -> str:
        if name == "__typename":
            return name
        return self.field(owner, name, 9)  # type: ignore[arg-type]

    def on_types(self, owner: GraphQLNamedType, depth: int) -> list[str]:
        """Inline and named fragments on the interface and on concrete types."""
        parts = []
        while self.chance(25) and depth < 8:
            on = self.one_of(["KnowledgeNode", "Note", "Decision", "Guideline", "Execution", "Pattern"])
            if on != "KnowledgeNode" and not is_abstract_type(owner):
                on = owner.name
            parts.append(self.on_type(self.schema.type_map[on], depth + 1))
        return parts

    def on_type(self, on: GraphQLNamedType, depth: int) -> str:
        known = [name for name, of in self.open.items() if of == on.name]
        if known and self.chance(30):
            return f"...{self.one_of(known)}{self.directive()}"
        if on.name in _STRINGS and self.chance(30):  # one key, another field for each type
            body = f"text: {self.one_of(_STRINGS[on.name])}"
        else:
            body = self.selections(on, depth)
        if self.chance(40):
            name = self.fragment(on, body)
            self.open[name] = on.name
            return f"...{name}{self.directive()}"
        condition = f" on {on.name}" if on.name != "KnowledgeNode" or self.chance(70) else ""
        return f"...{condition}{self.directive()} {{ {body} }}"

    def directive(self) -> str:
        if not self.chance(7):
            return ""
        value = self.one_of(("true", "false"))
        if self.chance(70):
            value = self.variable("Boolean!", value == "true", self.one_of((_MISSING, True)))
        return f" @{self.one_of(('include', 'skip'))}(if: {value})"

    # ---- arguments

    def arguments(self, definition: GraphQLField) -> str:
        self.near = self.one_of([n for n in self.world.nodes if n["graph"] in self.visible])
        given: dict[str, Any] = {}
        for name, argument in definition.args.items():
            if is_required_argument(argument) or self.chance(_LIKELY.get(name, 35)):
                given[name] = self.argument(name, argument, given)
        parts = []
        for name, value in given.items():
            argument = definition.args[name]
            shown = self.as_variable(argument, value) if self.chance(30) else self.literal(argument.type, value)
            parts.append(f"{name}: {shown}")
        return f"({', '.join(parts)})" if parts else ""

    def argument(self, name: str, argument: GraphQLArgument, given: dict[str, Any]) -> Any:
        optional = not is_non_null_type(argument.type)
        if optional and self.chance(6):
            return None
        rare = self.chance(3)
        around = [node["id"] for node in self.world.nodes if node["graph"] == self.near["graph"]]
        makers: dict[str, Callable[[], Any]] = {
            "after": lambda: "bad" if rare else self.cursor(given.get("orderBy")),
            "first": lambda: self.one_of((0, -1, 1001, 100_000) if rare else (1, 2, 3, 3, 4, 5, 8, 50)),
            "depth": lambda: 9 if rare else self.one_of((1, 2, 3, 5)),
            "maxDepth": lambda: 9 if rare else self.one_of((1, 2, 3, 5)),
            "query": lambda: self.one_of(_QUERIES),
            "graph": lambda: self.one_of((*self.world.graphs, "no-such-graph")) if rare else self.near["graph"],
            "asOf": lambda: self.one_of(self.world.instants),
            **dict.fromkeys(
                ("id", "from", "to", "focus"), lambda: self.scalar("ID", "id") if rare else self.one_of(around)
            ),
        }
        return makers.get(name, lambda: self.value(argument.type, name, 0))()

    def cursor(self, order: Any) -> str:
        chosen = order if isinstance(order, dict) else {}
        by = str(chosen.get("field", "UPDATED_AT")).lower()
        node, direction = self.one_of(self.world.nodes), str(chosen.get("direction", "DESC"))
        missing = NULLABLE.get(by, {}).get(direction, "").strip("'")
        order = Order(by, direction)
        key = order.row_key(node.get(by) or missing, node["id"], node["graph"], many_graphs=True)
        return cursors(order, None)(key)

    def value(self, graphql_type: Any, name: str, depth: int) -> Any:
        if is_non_null_type(graphql_type):
            return self.value(graphql_type.of_type, name, depth)
        if is_list_type(graphql_type):
            least = 0 if self.chance(10) else 1
            count = self.random.randint(least, 3)
            return [self.value(graphql_type.of_type, name, depth + 1) for _ in range(count)]
        match graphql_type:
            case GraphQLInputObjectType():
                return self.object(graphql_type, depth)
            case GraphQLEnumType():
                return self.one_of(graphql_type.values)
        return self.scalar(graphql_type.name, name)

    def object(self, of: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        names = [n for n in of.fields if depth < 3 or n not in ("and", "or", "not")]
        fields = {}
        for name in dict.fromkeys(self.some(names, 0, 3)):
            kind = of.fields[name].type
            nothing = not is_non_null_type(kind) and self.chance(12)
            fields[name] = None if nothing else self.value(kind, _about(of, name), depth + 1)
        return fields

    def scalar(self, kind: str, about: str) -> Any:
        nodes, world = self.world.nodes, self.world
        match kind:
            case "Boolean":
                return self.chance(50)
            case "Int":
                return self.random.randint(1, 9)
            case "DateTime":
                return self.one_of([*world.instants, *(n["updated_at"] for n in nodes[:9])])
            case "Date":
                return self.one_of(("2026-01-05", "2025-12-31", "2026-02-01", "9999-12-31"))
            case "ID":
                return (
                    self.one_of(world.ids) if self.chance(92) else self.one_of(('") RETURN 1 //', "no-such-node", ""))
                )
        pool = {
            "status": ("accepted", "proposed", "rejected", "acc"),
            "tags": ("cache", "redis", "two words", "ünï", "new"),
            "createdBy": ("ada", "grace", "a"),
            "path": ("docs/", "docs/1.md", ".md"),
        }.get(about, (*ODD_TITLES[:9], ODD_TITLES[11], "Title 1", "cache", "e", "🎉", ""))
        return self.one_of(pool)

    # ---- values as text

    def literal(self, graphql_type: Any, value: Any) -> str:
        if is_non_null_type(graphql_type):
            return self.literal(graphql_type.of_type, value)
        if value is None:
            return "null"
        if is_list_type(graphql_type):
            return f"[{', '.join(self.literal(graphql_type.of_type, item) for item in value)}]"
        match graphql_type:
            case GraphQLInputObjectType():
                pairs = (f"{k}: {self.nested(graphql_type.fields[k].type, v)}" for k, v in value.items())
                return f"{{{', '.join(pairs)}}}"
            case GraphQLEnumType():
                return str(value)
        return orjson.dumps(value).decode()

    def nested(self, graphql_type: Any, value: Any) -> str:
        if self.chance(12) and not isinstance(value, dict):
            shown = str(graphql_type)
            return self.variable(shown, value, _MISSING)
        return self.literal(graphql_type, value)

    def as_variable(self, argument: GraphQLArgument, value: Any) -> str:
        """The value in a variable; now and then one that is not given, is null, or has a default."""
        shown, fallback = str(argument.type), argument.default_value is not Undefined
        optional = not is_non_null_type(argument.type) or fallback
        if optional and self.chance(25):
            shown = shown.rstrip("!")
            value = None if self.chance(10) else _MISSING
            default = self.default(argument) if fallback and self.chance(30) else _MISSING
            return self.variable(shown, value, default)
        if self.chance(15):
            return self.variable(shown.rstrip("!"), _MISSING, _Literal(self.constant(argument.type, value)))
        return self.variable(shown, value, _MISSING)

    def default(self, argument: GraphQLArgument) -> _Literal:
        """The argument's own default, as a default of a variable."""
        value = argument.default_value
        return _Literal(value.name if isinstance(value, Enum) else orjson.dumps(value).decode())

    def constant(self, graphql_type: Any, value: Any) -> str:
        """A literal without variables, which a default has to be."""
        return _Author(_Never(), self.schema, self.world, self.visible, 0).literal(graphql_type, value)

    def variable(self, shown: str, value: Any, default: Any) -> str:
        name = self.name("v")
        declared = f"${name}: {shown}"
        if default is not _MISSING:
            text = default.text if isinstance(default, _Literal) else orjson.dumps(default).decode()
            declared += f" = {text}"
        self.declared.append(declared)
        if value is not _MISSING:
            self.values[name] = value
        return f"${name}"


class _Never(Random):
    """Chance never strikes."""

    def random(self) -> float:
        return 0.999


_LIKELY = {"graph": 70, "includeInherited": 25, "where": 45, "after": 20, "asOf": 22, "first": 60, "orderBy": 45}


def _about(of: GraphQLInputObjectType, name: str) -> str:
    """What a filter's text is about: the field of `where` it stands in."""
    return name if of.name in ("NodeWhere", "NodeOrder") else _FILTERS.get(of.name, name)


_FILTERS = {"ListFilter": "tags"}


def documents(
    schema: GraphQLSchema, world: World, visible: Sequence[str], roots: Sequence[str] = ROOTS
) -> st.SearchStrategy[Document]:
    """Documents that are valid but for conflicts which only the validator sees, mostly about visible graphs.

    A draw for each decision would be slow; drawn are a seed and a size, so that failures shrink to small ones.
    """

    def written(size: int, seed: int) -> Document:
        return _Author(Random(seed), schema, world, visible, size, roots=roots).document()

    return st.builds(written, st.integers(1, 12), st.integers(0, 1 << 32))


def inputs(schema: GraphQLSchema, world: World, name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Values of an input type."""
    kind: Any = schema.type_map[name]

    def written(seed: int) -> dict[str, Any]:
        return _Author(Random(seed), schema, world, world.graphs, 0).object(kind, 0)

    return st.builds(written, st.integers(0, 1 << 32))
