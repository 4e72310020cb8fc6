"""Collects the fields of a selection set as §6.3.2 of the GraphQL specification (October 2021) says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.language import BooleanValueNode, VariableNode


@dataclass(frozen=True, slots=True)
class Selected:
    """A field of the response: its key, the fields of the document merged under it, and what it is.

    `definition` is None for `__typename`.
    """

    key: str
    nodes: list[FieldNode]
    definition: GraphQLField | None

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.nodes[0].name.value

    @property
    def type(self) -> GraphQLNamedType:
        """The type of its value, or of the values in its list."""
        return get_named_type(self.definition.type) if self.definition is not None else GraphQLString

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for what is the same field of two types."""
        return (self.key, *map(id, self.nodes))


class Collector:
    """Collects fields of one operation, for one set of values of the variables of `@include` and `@skip`."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def fields(self, concrete: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> list[Selected]:
        """What an object of the concrete type is to show, in the order of the response."""
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in sets:
            self._collect(concrete, selection_set.selections, found, seen)
        return [Selected(key, nodes, concrete.fields.get(nodes[0].name.value)) for key, nodes in found.items()]

    def possible(self, named: GraphQLNamedType) -> list[GraphQLObjectType]:
        """The object types that a value of the type may have."""
        if isinstance(named, GraphQLObjectType):
            return [named]
        return list(self._schema.get_possible_types(named))  # type: ignore[arg-type]

    def _collect(
        self,
        concrete: GraphQLObjectType,
        selections: Iterable[SelectionNode],
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selections:
            if not self._included(node):
                continue
            match node:
                case FieldNode():
                    key = node.alias.value if node.alias else node.name.value
                    found.setdefault(key, []).append(node)
                case InlineFragmentNode():
                    if node.type_condition is None or self._applies(concrete, node.type_condition.name.value):
                        self._collect(concrete, node.selection_set.selections, found, seen)
                case FragmentSpreadNode() if node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if self._applies(concrete, fragment.type_condition.name.value):
                        self._collect(concrete, fragment.selection_set.selections, found, seen)

    def _applies(self, concrete: GraphQLObjectType, condition: str) -> bool:
        if concrete.name == condition:
            return True
        abstract = self._schema.type_map[condition]
        return is_abstract_type(abstract) and self._schema.is_sub_type(abstract, concrete)

    def _included(self, node: SelectionNode) -> bool:
        return all(
            self._condition(directive) is (directive.name.value == "include")
            for directive in node.directives or ()
            if directive.name.value in ("include", "skip")
        )

    def _condition(self, directive: Any) -> bool:
        value = next(a.value for a in directive.arguments if a.name.value == "if")
        if isinstance(value, VariableNode):
            return bool(self._variables[value.name.value])
        return isinstance(value, BooleanValueNode) and value.value
