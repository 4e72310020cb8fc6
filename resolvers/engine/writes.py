"""Mutations in one statement: the store's write head, then the selection of the payload."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from stratumiops.graph.selection.roots import Projection
from stratumiops.resolvers.engine.assemble import Assembler, assembler
from stratumiops.resolvers.engine.collect import Collector
from stratumiops.resolvers.engine.roots import RootPart
from stratumiops.resolvers.engine.selection import NotCompilable, RelationAt, Selections
from stratumiops.schema.mapping import Write

_RELATION = RelationAt("r", "s", "t", "t", "'OUT'", "type(r)")


def compile_write(
    selections: Selections,
    collector: Collector,
    write: Write,
    definition: GraphQLField,
    nodes: list[FieldNode],
    binds: Sequence[str],
) -> RootPart:
    """What comes after the head: `expr` is a list of [place, columns] for each thing written."""
    payload = get_named_type(definition.type)
    if not isinstance(payload, GraphQLObjectType):
        raise NotCompilable
    exprs: list[str] = []
    calls = ""
    parts: list[tuple[str, Callable[[list[Any]], Any]]] = []
    for key, members in collector.fields(payload, selections.sets(nodes)).items():
        name = members[0].name.value
        if name == "__typename":
            parts.append((key, lambda _rows: payload.name))
        elif name == "count":
            parts.append((key, len))
        elif name == write.payload:
            projection, build = _payload(selections, write, payload.fields[name], members)
            exprs.append(projection.expr)
            calls += projection.calls
            parts.append((key, _shown(build, len(exprs) - 1, many=write.name == "create_many")))
        else:
            raise NotCompilable
    place = "ord" if "ord" in binds else "0"

    def make(rows: list[Any], _described: dict[str, Any]) -> Any:
        ordered = [row[1] for row in sorted(rows, key=lambda row: row[0])] if len(rows) > 1 else [rows[0][1]]
        return {key: part(ordered) for key, part in parts}

    return RootPart(calls, f"collect([{place}, [{', '.join(exprs)}]])", make)


def _payload(
    selections: Selections, write: Write, definition: GraphQLField, nodes: list[FieldNode]
) -> tuple[Projection, Assembler]:
    graphql_type = get_named_type(definition.type)
    if write.payload == "relation":
        projection, shape = selections.relation(graphql_type, nodes, _RELATION)
    else:
        projection, shape = selections.node(graphql_type, nodes, "n")
    return projection, assembler(shape)


def _shown(build: Assembler, place: int, *, many: bool) -> Callable[[list[Any]], Any]:
    if many:
        return lambda rows: [build(row[place]) for row in rows]
    return lambda rows: build(rows[0][place])
