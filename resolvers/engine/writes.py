"""Mutations in one statement: the store's write head, then the selection of the payload."""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLField, get_named_type

from stratumiops.resolvers.engine.collect import Selected
from stratumiops.resolvers.engine.objects import Part, Rows, object_of
from stratumiops.resolvers.engine.roots import RootPart
from stratumiops.resolvers.engine.selection import Selections
from stratumiops.schema.mapping import Write


def compile_write(
    selections: Selections, write: Write, definition: GraphQLField, nodes: list[FieldNode], binds: Sequence[str]
) -> RootPart:
    """What comes after the head: `expr` is a list of [place, columns] for each thing written."""
    rows = Rows(selections)

    def payload(field: Selected) -> Part:
        part = rows.relation(field) if write.payload == "relation" else rows.node(field)
        if write.name == "create_many":
            return lambda written: [part(row) for row in written]
        return lambda written: part(written[0])

    makers = {"count": lambda _: len, write.payload: payload}
    show = object_of(selections, get_named_type(definition.type), nodes, makers)
    place = "ord" if "ord" in binds else "0"

    def make(found: list[Any], _described: dict[str, Any]) -> Any:
        return show([row for _, row in sorted(found, key=lambda pair: pair[0])])

    projection = rows.projection
    return RootPart(projection.calls, f"collect([{place}, {projection.expr}])", make)
