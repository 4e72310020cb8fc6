"""What the HTTP and WebSocket endpoints need of a GraphQL engine."""

from collections.abc import AsyncGenerator
from typing import Protocol

from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.engine.request import GraphQLRequest, GraphQLResponse


class GraphQLEngine(Protocol):
    """Runs GraphQL documents. It answers with errors rather than raising them."""

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> GraphQLResponse:
        """Run a query or a mutation.

        The status is 200 when it was executed, 400 for a document or variables that are wrong, 405 for a
        mutation where `allow_mutation` is false.
        """

    def is_subscription(self, request: GraphQLRequest) -> bool:
        """Whether the chosen operation is a subscription; False for a document that cannot be parsed."""

    def subscribe(self, request: GraphQLRequest, context: RequestContext) -> AsyncGenerator[GraphQLResponse]:
        """Run a subscription: one response per event; a response other than 200 comes first and alone."""
