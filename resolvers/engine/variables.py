"""Variables of a request, coerced by functions that are made once for each input type.

graphql-core walks the type of every value anew, which takes milliseconds for a mutation with a hundred inputs. Here
the walk is done once. What these functions do not accept goes to graphql-core, which says exactly what is wrong, so
they need to be right only about what they accept.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.utilities.coerce_input_value import coerce_default_value

from stratumiops.resolvers.engine.documents import MAX_ERRORS

Coerce = Callable[[Any], Any]


class Doubtful(Exception):
    """A value that is not plainly right."""


class Coercions:
    """The functions for the input types of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._made: dict[str, Coerce] = {}

    def of(self, input_type: GraphQLInputType) -> Coerce:
        """The function for a type: from a value of JSON to what resolvers get."""
        if isinstance(input_type, GraphQLNonNull):
            return _required(self.of(input_type.of_type))
        if isinstance(input_type, GraphQLList):
            return _list(self.of(input_type.of_type))
        name = input_type.name
        if name not in self._made:
            # An input may hold itself: what is made meanwhile calls what will be here.
            self._made[name] = lambda value: self._made[name](value)  # noqa: PLW0108
            self._made[name] = self._named(input_type)
        return self._made[name]

    def _named(self, input_type: Any) -> Coerce:
        if isinstance(input_type, GraphQLInputObjectType):
            return self._object(input_type)
        return _leaf(input_type)

    def _object(self, input_type: GraphQLInputObjectType) -> Coerce:
        if input_type.is_one_of:
            return _doubt
        fields = [
            (name, item.out_name or name, self.of(item.type), coerce_default_value(item))
            for name, item in input_type.fields.items()
        ]
        required = {name for name, item in input_type.fields.items() if isinstance(item.type, GraphQLNonNull)}
        needed = {name for name, _, _, default in fields if name in required and default is Undefined}

        def coerce(value: Any) -> Any:
            if value is None:
                return None
            if type(value) is not dict or not needed <= value.keys():
                raise Doubtful
            found = {}
            seen = 0
            for name, out, coerce_field, default in fields:
                if name in value:
                    seen += 1
                    found[out] = coerce_field(value[name])
                elif default is not Undefined:
                    found[out] = default
            if seen != len(value):
                raise Doubtful
            return found

        return coerce


def _doubt(_value: Any) -> Any:
    raise Doubtful


def _required(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            raise Doubtful
        return inner(value)

    return coerce


def _list(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            return [inner(value)]
        return [inner(item) for item in value]

    return coerce


def _leaf(leaf_type: GraphQLLeafType) -> Coerce:
    read = leaf_type.coerce_input_value

    def coerce(value: Any) -> Any:
        if value is None:
            return None
        found = read(value)
        if found is Undefined:
            raise Doubtful
        return found

    return coerce


class Variables:
    """The variables of one operation."""

    def __init__(self, coercions: Coercions, node: OperationDefinitionNode) -> None:
        self._schema = coercions.schema
        self._definitions = node.variable_definitions or ()
        self._known: list[tuple[GraphQLVariableSignature, Coerce]] | None = []
        for definition in self._definitions:
            signature = get_variable_signature(self._schema, definition)
            if isinstance(signature, GraphQLError) or definition.default_value is not None:
                self._known = None
                return
            self._known.append((signature, coercions.of(signature.type)))

    def values(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """The coerced values, or what is wrong with them."""
        if self._known is not None:
            try:
                return self._quickly(given, self._known)
            except (Doubtful, GraphQLError, ValueError, TypeError, RecursionError):
                pass  # graphql-core says what is wrong with it
        return get_variable_values(self._schema, self._definitions, dict(given), max_errors=MAX_ERRORS)

    def _quickly(
        self, given: Mapping[str, Any], known: list[tuple[GraphQLVariableSignature, Coerce]]
    ) -> VariableValues:
        sources, coerced = {}, {}
        for signature, coerce in known:
            value = given.get(signature.name, Undefined)
            if value is not Undefined:
                sources[signature.name] = VariableValueSource(signature, value)
                coerced[signature.name] = coerce(value)
            elif isinstance(signature.type, GraphQLNonNull):
                raise Doubtful
            else:
                sources[signature.name] = VariableValueSource(signature)
        return VariableValues(sources, coerced)
