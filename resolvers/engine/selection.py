"""Selection sets of nodes, relations and revisions as projections of a statement and shapes of the response."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLNamedType,
    SelectionSetNode,
    get_named_type,
    is_non_null_type,
)

from stratumiops.graph.models import Direction, NodeType
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.roots import Projection
from stratumiops.graph.selection.temporal import AsOf, Present, Temporal
from stratumiops.graph.selection.where import conditions
from stratumiops.resolvers.engine.assemble import Constant, Field, ListOf, Object, Scalar, Shape, TypeName
from stratumiops.resolvers.engine.collect import Collector, Selected
from stratumiops.schema.knowledge import NODE_TYPES
from stratumiops.schema.mapping import (
    MAPPING,
    Edge,
    History,
    JsonText,
    MaybeList,
    Related,
    RelationCount,
    Relations,
    RevisionValue,
)

KINDS = {node_type.__name__: kind.value for kind, node_type in NODE_TYPES.items()}
"""GraphQL type to the stored type."""


class NotCompilable(Exception):
    """Something that only the executor knows how to do."""


@dataclass(frozen=True, slots=True)
class RelationAt:
    """Where a relation stands in a statement: its variable, and the states at its ends."""

    rel: str
    source: str
    target: str
    far: str
    direction: str
    type: str


def mapping_of(definition: GraphQLField) -> object:
    """The mapping of a field; a plain attribute is its property; anything else is not compilable."""
    strawberry_field = definition.extensions.get("strawberry-definition")
    if strawberry_field is None:
        raise NotCompilable
    mapping = strawberry_field.metadata.get(MAPPING)
    if mapping is None and strawberry_field.base_resolver is not None:
        raise NotCompilable
    return mapping if mapping is not None else strawberry_field.python_name


class Selections:
    """Compiles the selection sets of one operation. `shapes` has the bound description of each field node."""

    def __init__(self, collector: Collector, shapes: Mapping[int, Any]) -> None:
        self._collector = collector
        self._shapes = shapes
        self._count = 0
        self.when: Temporal = Present()

    def name(self, letter: str) -> str:
        """A variable name that is not in use."""
        self._count += 1
        return f"{letter}{self._count}"

    def shape(self, nodes: list[FieldNode]) -> Any:
        """The bound description of a field."""
        return self._shapes.get(id(nodes[0]))

    def fields(self, owner: GraphQLNamedType, nodes: list[FieldNode]) -> list[Selected]:
        """What is selected of an object type, by these fields merged."""
        [concrete] = self._collector.possible(owner)
        return self._collector.fields(concrete, _sets(nodes))

    # ---- nodes

    def node(self, graphql_type: GraphQLNamedType, nodes: list[FieldNode], var: str) -> tuple[Projection, Object]:
        """The projection of the node (or state) bound to `var`, and the object made of it."""
        types = self._collector.possible(graphql_type)
        collected = {t.name: self._collector.fields(t, _sets(nodes)) for t in types}
        first, *others = ([field.identity for field in fields] for fields in collected.values())
        alike, many = all(other == first for other in others), len(types) > 1
        columns = _Columns()
        named = any(field.definition is None for field in collected[types[0].name])
        kind = f"{var}.type"
        tag = columns.add(kind, lambda: (kind, "")) if many and (named or not alike) else None
        of: dict[Any, list[str]] = {}
        for name, fields in collected.items():
            for field in fields:
                of.setdefault(field.identity, []).append(KINDS[name])
        by_kind: dict[str | None, list[Field]] = {}
        for name, fields in collected.items():
            by_kind[KINDS[name] if many else None] = [
                Field(field.key, None, TypeName() if many else Constant(name))
                if field.definition is None
                else self._node_field(
                    field, var, columns, None if len(of[field.identity]) == len(types) else of[field.identity]
                )
                for field in fields
            ]
        if alike:
            by_kind = {None: next(iter(by_kind.values()))}
        typenames = {KINDS[t.name]: t.name for t in types}
        return Projection(columns.calls, columns.expr), Object(by_kind, len(columns.exprs), tag, typenames)

    def _node_field(self, field: Selected, var: str, columns: "_Columns", only: list[str] | None) -> Field:
        assert field.definition is not None  # noqa: S101 - the caller knows `__typename`
        definition, nodes, key = field.definition, field.nodes, field.key
        mapping = mapping_of(definition)
        match mapping:
            case str():
                column, shape = self._property(columns, definition, f"{var}.{mapping}")
                return Field(key, column, shape)
            case JsonText(name=stored):
                column = columns.add(f"{var}.{stored}", lambda: (f"coalesce({var}.{stored}, '{{}}')", ""))
                return Field(key, column, Scalar(json=True))
            case MaybeList(name=stored):
                column = columns.add(f"{var}.{stored}", lambda: (f"coalesce({var}.{stored}, [])", ""))
                return Field(key, column, Scalar(nullable=False))
            case RelationCount():
                bound = self.shape(nodes)
                column = columns.add(field.identity, lambda: (self._relation_count(bound, var), ""))
                return Field(key, column, Scalar())
            case Related() | Relations() | History():
                build: Callable[..., tuple[str, Object]] = {
                    Related: self._related,
                    Relations: self._relations,
                    History: self._history,
                }[type(mapping)]
                result = self.name("c")
                made: list[Object] = []

                def call() -> tuple[str, str]:
                    text, shape = build(definition, nodes, var, result, only)
                    made.append(shape)
                    return result, text

                column = columns.add(field.identity, call, made)
                return Field(key, column, ListOf(columns.shapes[column]))
        raise NotCompilable

    def _property(self, columns: "_Columns", definition: GraphQLField, value: str) -> tuple[int, Scalar]:
        named = get_named_type(definition.type)
        column = columns.add(value, lambda: (value, ""))
        return column, Scalar(nullable=not is_non_null_type(definition.type), names=names_of(named))

    def _guard(self, var: str, only: list[str] | None) -> list[str]:
        """Predicate for fields that only some types of node were asked for."""
        return [] if only is None else [f"{var}.type IN [{', '.join(repr(kind) for kind in only)}]"]

    def _related(
        self, definition: GraphQLField, nodes: list[FieldNode], var: str, result: str, only: list[str] | None
    ) -> tuple[str, Object]:
        bound = self.shape(nodes)
        far, rel = self.name("n"), self.name("r")
        projection, shape = self.node(get_named_type(definition.type), nodes, far)
        where = [f"{far}.graph IN $auth", *conditions(bound.get("where"), far), *self._guard(var, only)]
        step = self.when.step(var, rel, far, bound["types"], bound["direction"], where)
        distinct = "" if self.when.unique(bound["types"], bound["direction"]) else "DISTINCT "
        order = Order(*bound["order"])
        return (
            f"CALL ({var}) {{ {step} WITH {distinct}{far} ORDER BY {order.clause(far)} LIMIT {bound['first']} "
            f"{projection.calls} RETURN collect({projection.expr}) AS {result} }} ",
            shape,
        )

    def _relation_count(self, bound: Any, var: str) -> str:
        far, rel = self.name("n"), self.name("r")
        step = self.when.step(var, rel, far, bound["types"], bound["direction"], [f"{far}.graph IN $auth"])
        return f"COUNT {{ {step} }}"

    # ---- relations

    def _relations(
        self, definition: GraphQLField, nodes: list[FieldNode], var: str, result: str, only: list[str] | None
    ) -> tuple[str, Object]:
        bound = self.shape(nodes)
        far, rel = self.name("n"), self.name("r")
        direction: Direction = bound["direction"]
        ends, at = self._ends(direction, rel, var, far)
        projection, shape = self.relation(get_named_type(definition.type), nodes, at)
        where = [f"{far}.graph IN $auth", *self._guard(var, only)]
        step = self.when.step(var, rel, far, bound["types"], direction, where)
        carried, order = f"{rel}, {far}", [f"{far}.id", f"{far}.graph", at.type]
        if direction is Direction.BOTH:
            carried += f", {ends}"
            order.append(at.direction)
        if isinstance(self.when, AsOf):
            order.append(f"{rel}.valid_from")
        return (
            f"CALL ({var}) {{ {step} WITH {carried} ORDER BY {', '.join(order)} "
            f"LIMIT {bound['first']} {projection.calls} RETURN collect({projection.expr}) AS {result} }} ",
            shape,
        )

    def _ends(self, direction: Direction, rel: str, near: str, far: str) -> tuple[str, RelationAt]:
        """What must be carried along to tell the ends apart, and where they are."""
        type_of = self.when.type_of(rel)
        if direction is Direction.OUT:
            return "", RelationAt(rel, near, far, far, "'OUT'", type_of)
        if direction is Direction.IN:
            return "", RelationAt(rel, far, near, far, "'IN'", type_of)
        source, target = self.name("s"), self.name("t")
        leaves = self.when.same(near, f"startNode({rel})")
        carried = (
            f"CASE WHEN {leaves} THEN {near} ELSE {far} END AS {source}, "
            f"CASE WHEN {leaves} THEN {far} ELSE {near} END AS {target}"
        )
        going = f"CASE WHEN {target} = {far} THEN 'OUT' ELSE 'IN' END"
        return carried, RelationAt(rel, source, target, far, going, type_of)

    def relation(
        self, graphql_type: GraphQLNamedType, nodes: list[FieldNode], at: RelationAt
    ) -> tuple[Projection, Object]:
        """The projection of a relation, and the object made of it."""
        columns = _Columns()
        fields = []
        for field in self.fields(graphql_type, nodes):
            key, definition = field.key, field.definition
            if definition is None:
                fields.append(Field(key, None, Constant(graphql_type.name)))
                continue
            mapping = mapping_of(definition)
            match mapping:
                case str():
                    column, shape = self._property(columns, definition, f"{at.rel}.{mapping}")
                    fields.append(Field(key, column, shape))
                case Edge.TYPE | Edge.DIRECTION:
                    expr = at.type if mapping is Edge.TYPE else at.direction
                    fields.append(Field(key, columns.add(expr, lambda e=expr: (e, "")), Scalar(nullable=False)))  # type: ignore[misc]
                case Edge():
                    end = {Edge.SOURCE: at.source, Edge.TARGET: at.target, Edge.NODE: at.far}[mapping]
                    projection, node = self.node(field.type, field.nodes, end)
                    made = columns.add((key, "end"), lambda p=projection: (p.expr, p.calls), [node])  # type: ignore[misc]
                    fields.append(Field(key, made, node))
                case _:
                    raise NotCompilable
        return Projection(columns.calls, columns.expr), Object({None: fields}, len(columns.exprs))

    # ---- history

    def _history(
        self, definition: GraphQLField, nodes: list[FieldNode], var: str, result: str, only: list[str] | None
    ) -> tuple[str, Object]:
        bound = self.shape(nodes)
        state, entity = self.name("v"), self.name("e")
        expr, shape = self.revision(get_named_type(definition.type), nodes, state)
        guard = "".join(f" AND {p}" for p in self._guard(var, only))
        return (
            f"CALL ({var}) {{ MATCH ({var})<-[:HAS_REVISION*0..1]-({entity}) WHERE NOT {entity}:Revision{guard} "
            f"MATCH ({entity})-[:HAS_REVISION*0..1]->({state}) WHERE NOT {state}:Tombstone WITH {state} "
            f"ORDER BY {state}.rev DESC LIMIT {bound['first']} RETURN collect({expr}) AS {result} }} ",
            shape,
        )

    def revision(self, graphql_type: GraphQLNamedType, nodes: list[FieldNode], var: str) -> tuple[str, Object]:
        """The projection of a state: a `:Revision`, or the node itself as the current one."""
        columns = _Columns()
        fields = []
        for field in self.fields(graphql_type, nodes):
            key, definition = field.key, field.definition
            if definition is None:
                fields.append(Field(key, None, Constant(graphql_type.name)))
                continue
            match mapping_of(definition):
                case str() as stored:
                    value = f"{var}.{stored}"
                case MaybeList(name=stored):
                    value = f"coalesce({var}['{stored}'], [])"
                case RevisionValue(name=stored, current=current):
                    now = f"{var}.{current}" if current else "null"
                    value = f"CASE WHEN {var}:Revision THEN {var}.{stored} ELSE {now} END"
                case _:
                    raise NotCompilable
            column, shape = self._property(columns, definition, value)
            fields.append(Field(key, column, shape))
        return columns.expr, Object({None: fields}, len(columns.exprs))


def _sets(nodes: list[FieldNode]) -> list[SelectionSetNode]:
    """The selection sets of merged field nodes."""
    return [node.selection_set for node in nodes if node.selection_set is not None]


def names_of(named: GraphQLNamedType) -> dict[Any, str] | None:
    """For an enum: stored value to its name in the schema."""
    if not isinstance(named, GraphQLEnumType) or named.name == "RelationType":
        return None
    return {getattr(value.value, "value", value.value): name for name, value in named.values.items()}


class _Columns:
    """Columns of one row: what is asked for twice is computed once."""

    def __init__(self) -> None:
        self.exprs: list[str] = []
        self.calls = ""
        self.shapes: dict[int, Object] = {}
        self._places: dict[Any, int] = {}

    @property
    def expr(self) -> str:
        return f"[{', '.join(self.exprs)}]"

    def add(self, identity: Any, make: Callable[[], tuple[str, str]], shapes: list[Object] | None = None) -> int:
        """The place of the column with this identity; `make` gives its expression and its subquery."""
        if identity not in self._places:
            expr, call = make()
            self._places[identity] = len(self.exprs)
            self.exprs.append(expr)
            self.calls += call
            if shapes:
                self.shapes[len(self.exprs) - 1] = shapes[-1]
        return self._places[identity]


__all__ = [
    "KINDS",
    "NodeType",
    "NotCompilable",
    "RelationAt",
    "Selections",
    "Shape",
    "mapping_of",
    "names_of",
]
