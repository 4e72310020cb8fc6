"""What an operation may cost: how many objects it can return, pages multiplied by pages.

Worked out once per operation as a sum of products of page sizes, and evaluated with the variables of a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

UNPAGED = 10
"""Assumed length of a list without `first`."""


@dataclass(frozen=True, slots=True)
class Term:
    """Objects of one field: a number times the values of variables (with what they are when not given)."""

    factor: int
    variables: tuple[tuple[str, int], ...] = ()

    def value(self, values: Mapping[str, Any]) -> int:
        """How many objects."""
        total = self.factor
        for name, default in self.variables:
            given = values.get(name, default)
            total *= max(given, 1) if isinstance(given, int) else default
        return total


class Cost:
    """The cost of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self.terms: list[Term] = []
        root = schema.get_root_type(node.operation)
        if root is not None:
            self._visit(root, node.selection_set, Term(1))

    def value(self, variables: Mapping[str, Any]) -> int:
        """How many objects the operation may return with these variables."""
        return sum(term.value(variables) for term in self.terms)

    def _visit(self, owner: Any, selections: SelectionSetNode, outer: Term) -> None:
        for node in selections.selections:
            match node:
                case FieldNode() if not node.name.value.startswith("__"):
                    self._field(owner.fields[node.name.value], node, outer)
                case InlineFragmentNode(type_condition=condition):
                    inner = self._schema.type_map[condition.name.value] if condition else owner
                    self._visit(inner, node.selection_set, outer)
                case FragmentSpreadNode(name=name):
                    fragment = self._fragments[name.value]
                    inner = self._schema.type_map[fragment.type_condition.name.value]
                    self._visit(inner, fragment.selection_set, outer)

    def _field(self, definition: GraphQLField, node: FieldNode, outer: Term) -> None:
        named = get_named_type(definition.type)
        if is_leaf_type(named):
            return
        term = _multiplied(outer, definition, node)
        self.terms.append(term)
        if node.selection_set is not None:
            self._visit(named, node.selection_set, term)


def _multiplied(outer: Term, definition: GraphQLField, node: FieldNode) -> Term:
    if "first" not in definition.args:
        inner = definition.type.of_type if is_non_null_type(definition.type) else definition.type
        listed = is_list_type(inner) and node.name.value not in ("nodes", "edges")
        return Term(outer.factor * UNPAGED, outer.variables) if listed else outer
    default = _default(definition)
    for argument in node.arguments or ():
        if argument.name.value == "first":
            if isinstance(argument.value, VariableNode):
                named = (argument.value.name.value, default)
                return Term(outer.factor, (*outer.variables, named))
            if isinstance(argument.value, IntValueNode):
                return Term(outer.factor * max(int(argument.value.value), 1), outer.variables)
    return Term(outer.factor * default, outer.variables)


def _default(definition: GraphQLField) -> int:
    default = definition.args["first"].default_value
    return default if isinstance(default, int) else UNPAGED
