"""Scalars: instants, dates and JSON, in the very text in which they are stored."""

from datetime import date
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError
from graphql.language import ValueNode
from graphql.utilities import value_from_ast_untyped

from stratumiops.graph.ids import format_instant, parse_instant

DateTime = NewType("DateTime", str)
Date = NewType("Date", str)
Json = NewType("Json", object)


def _parse_datetime(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"DateTime is text in ISO 8601, not {value!r}.")
    try:
        return format_instant(parse_instant(value))
    except ValueError as error:
        raise GraphQLError(f"DateTime cannot be {value!r}: {error}; write 2026-01-31T12:00:00Z.") from None


def _parse_date(value: object) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"Date is text, YYYY-MM-DD, not {value!r}.")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise GraphQLError(f"Date cannot be {value!r}: write YYYY-MM-DD, such as 2026-01-31.") from None


def _serialize_json(value: Any) -> Any:
    """JSON text of the store comes as `orjson.Fragment`; a response of the executor needs the value itself."""
    return orjson.loads(orjson.dumps(value)) if isinstance(value, orjson.Fragment) else value


def _json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    return value_from_ast_untyped(node, variables)


SCALARS: dict[object, Any] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, ISO 8601 with microseconds: `2026-01-31T12:00:00.000000Z`. "
        "Input may have any offset, but must have one.",
        serialize=str,
        parse_value=_parse_datetime,
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A calendar date, `YYYY-MM-DD`.",
        serialize=str,
        parse_value=_parse_date,
    ),
    Json: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=_serialize_json,
        parse_value=lambda value: value,
        parse_literal=_json_literal,
    ),
}
"""For `StrawberryConfig(scalar_map=…)`."""
