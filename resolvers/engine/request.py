"""What goes into the engine and what comes out."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A GraphQL request as the transport understood it; `query` is the document's text."""

    query: str | None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    allow_mutation: bool = True


@dataclass(frozen=True, slots=True)
class GraphQLResponse:
    """A response ready to be sent: the status of `application/graphql-response+json`, and the JSON."""

    status: int
    body: bytes
