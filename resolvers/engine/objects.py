"""Objects that are no nodes, relations or states, such as pages and hits: code makes each of their fields."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import FieldNode, GraphQLNamedType

from stratumiops.graph.selection.roots import Projection
from stratumiops.resolvers.engine.assemble import Assembler, assembler
from stratumiops.resolvers.engine.collect import Selected
from stratumiops.resolvers.engine.selection import NotCompilable, RelationAt, Selections

Part = Callable[[Any], Any]
"""From what was found to the value of a field, or of an object."""
Makers = Mapping[str, Callable[[Selected], Part]]
"""What makes the part of a field that is selected, by the field's name."""

FROM_SOURCE = RelationAt("r", "s", "t", "t", "'OUT'", "type(r)")
"""A relation `r` that was reached from no node: it is shown from its source `s`."""


def object_of(selections: Selections, owner: GraphQLNamedType, nodes: list[FieldNode], makers: Makers) -> Part:
    """The object with the selected fields, in their order.

    Raises:
        NotCompilable: a field that nothing makes.
    """
    parts: list[tuple[str, Part]] = []
    for field in selections.fields(owner, nodes):
        if field.name == "__typename":
            parts.append((field.key, lambda _: owner.name))
        elif field.name in makers:
            parts.append((field.key, makers[field.name](field)))
        else:
            raise NotCompilable
    return lambda found: {key: part(found) for key, part in parts}


class Rows:
    """Several projections of the same row, which is a list of their values."""

    def __init__(self, selections: Selections) -> None:
        self._selections = selections
        self._calls = ""
        self._exprs: list[str] = []

    @property
    def projection(self) -> Projection:
        """All of them as one."""
        return Projection(self._calls, f"[{', '.join(self._exprs)}]")

    @property
    def empty(self) -> bool:
        """There are none."""
        return not self._exprs

    def add(self, projection: Projection, build: Assembler) -> Part:
        """One more; the part takes the row."""
        place = len(self._exprs)
        self._exprs.append(projection.expr)
        self._calls += projection.calls
        return lambda row: build(row[place])

    def node(self, field: Selected) -> Part:
        """The node `n`, as selected."""
        projection, shape = self._selections.node(field.type, field.nodes, "n")
        return self.add(projection, assembler(shape))

    def relation(self, field: Selected) -> Part:
        """The relation `r`, as selected."""
        projection, shape = self._selections.relation(field.type, field.nodes, FROM_SOURCE)
        return self.add(projection, assembler(shape))
