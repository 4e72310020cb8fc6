"""Collects the fields of a selection set as §6.3.2 of the GraphQL specification (October 2021) says."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.language import BooleanValueNode, VariableNode

Fields = dict[str, list[FieldNode]]
"""Response key to the fields that are merged under it, in the order of the response."""


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

    def fields(self, concrete: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Fields:
        """What an object of the concrete type is to show."""
        found: Fields = {}
        seen: set[str] = set()
        for selection_set in sets:
            self._collect(concrete, selection_set.selections, found, seen)
        return found

    def _collect(
        self,
        concrete: GraphQLObjectType,
        selections: Iterable[SelectionNode],
        found: Fields,
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
