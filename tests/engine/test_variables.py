"""Variables are coerced as graphql-core coerces them, only faster."""

from typing import Any

import pytest
from graphql import parse
from graphql.execution.values import get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.resolvers.engine.variables import Coercions, Variables
from stratumiops.resolvers.schema import schema

DOCUMENT = """query Q(
  $where: NodeWhere, $input: CreateNodesInput, $ids: [ID!], $first: Int!, $flag: Boolean, $at: DateTime
  $order: NodeOrder
) { __typename }"""
SCHEMA = schema._schema
NODE: Any = parse(DOCUMENT).definitions[0]
VARIABLES = Variables(Coercions(SCHEMA), NODE)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**33), 2**33), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from(["NOTE", "ASC", "TITLE", "2026-01-01T00:00:00Z", "2026-01-01", "id"]),
)  # fmt: skip
keys = st.sampled_from(
    ["title", "type", "and", "or", "not", "eq", "in", "contains", "tags", "hasAny", "nodes", "graph", "field",
     "direction", "metadata", "costCents", "priority", "updatedAt", "gte", "id", "nope"]
)  # fmt: skip
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(["where", "input", "ids", "first", "flag", "at", "order", "other"]), values))
def test_values_and_errors_are_those_of_graphql_core(variables: dict[str, Any]) -> None:
    expected = get_variable_values(SCHEMA, NODE.variable_definitions, variables, max_errors=20)
    found = VARIABLES.values(variables)
    if isinstance(expected, list):
        assert isinstance(found, list)
        assert [e.formatted for e in found] == [e.formatted for e in expected]
    else:
        assert not isinstance(found, list)
        assert found.coerced == expected.coerced
        assert list(found.sources) == list(expected.sources)


@pytest.mark.parametrize(
    "variables",
    [
        {"first": 1, "where": {"and": [{"title": {"contains": "x"}}, {"not": {"type": {"in": ["NOTE", "DECISION"]}}}]}},
        {"first": 1, "input": {"nodes": [{"type": "NOTE", "title": "a", "metadata": {"deep": [1]}}]}},
        {"first": 1, "ids": "one", "order": {}, "at": "2026-01-31T12:00:00+01:00"},
    ],
)
def test_right_values_take_the_quick_way(variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = get_variable_values(SCHEMA, NODE.variable_definitions, variables)
    monkeypatch.delattr("stratumiops.resolvers.engine.variables.get_variable_values")
    found = VARIABLES.values(variables)
    assert not isinstance(found, list)
    assert not isinstance(expected, list)
    assert found.coerced == expected.coerced
