"""`/graphql` over HTTP, by the GraphQL-over-HTTP specification (draft of 2025)."""

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from stratumiops.graph.errors import BadInput, StratumError, Unauthenticated
from stratumiops.resolvers.auth import Authenticator
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.http.body import Receive, read_body
from stratumiops.resolvers.http.headers import Headers, RawHeaders, text
from stratumiops.resolvers.http.negotiation import MediaType, accepted, is_utf8_json
from stratumiops.resolvers.http.parameters import Parameters, from_body, from_query_string, request_of
from stratumiops.resolvers.http.playground import Playground
from stratumiops.resolvers.http.ports import GraphQLEngine
from stratumiops.resolvers.http.replies import Reply, graphql_error
from stratumiops.resolvers.trusted import TrustedDocuments

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

_ALLOW = [(b"allow", b"GET, POST")]
_ALLOW_POST = [(b"allow", b"POST")]
_VARY = [(b"vary", b"Accept, Origin")]
_CHALLENGE = [(b"www-authenticate", b"Bearer")]


class GraphQLEndpoint:
    """Answers one HTTP request to `/graphql`."""

    def __init__(
        self,
        engine: GraphQLEngine,
        services: "Services",
        *,
        authenticator: Authenticator,
        trusted: TrustedDocuments,
        playground: Playground,
    ) -> None:
        self._engine = engine
        self._services = services
        self._authenticator = authenticator
        self._trusted = trusted
        self._playground = playground
        self._max_body = services.settings.limits.max_body_bytes

    async def answer(
        self, scope: MutableMapping[str, Any], receive: Receive, headers: Headers, context: RequestContext
    ) -> Reply:
        """The reply, also to what is wrong with the request; `context` learns who asked and how it went."""
        method: str = scope["method"]
        media = accepted(headers.get(b"accept"), html=method == "GET")
        context.outcome = "rejected"
        if media is None:
            return _not_acceptable(context)
        refusal = _refusal(method, headers, context)
        if refusal is not None:
            return refusal
        if media is MediaType.HTML:
            context.outcome = "ok"
            return self._playground.page()
        try:
            context.principal = self._authenticator.authenticate(text(headers, b"authorization"))
            parameters = await self._parameters(scope, receive, headers)
        except Unauthenticated as error:
            return graphql_error(error, context.request_id, _CHALLENGE)
        except StratumError as error:
            return graphql_error(error, context.request_id)
        return await self._execute(parameters, media, context, allow_mutation=method == "POST")

    async def _parameters(self, scope: MutableMapping[str, Any], receive: Receive, headers: Headers) -> Parameters:
        if scope["method"] == "GET":
            return from_query_string(scope["query_string"])
        body = await read_body(receive, headers.get(b"content-length"), self._max_body)
        return from_body(body)

    async def _execute(
        self, parameters: Parameters, media: MediaType, context: RequestContext, *, allow_mutation: bool
    ) -> Reply:
        try:
            request = request_of(parameters, self._trusted, allow_mutation=allow_mutation)
        except StratumError as error:
            reply = graphql_error(error, context.request_id, _VARY)
            reply.content_type = media.content_type
            if reply.status == HTTPStatus.NOT_FOUND:  # the document is unknown, not the endpoint
                reply.status = 200 if media is MediaType.JSON else 400
            return reply
        context.outcome = "ok"
        response = await self._engine.execute(request, context)
        if response.status == HTTPStatus.METHOD_NOT_ALLOWED:
            return Reply(405, response.body, media.content_type, _ALLOW_POST)
        status = 200 if media is MediaType.JSON else response.status
        return Reply(status, response.body, media.content_type, _VARY)


def _refusal(method: str, headers: Headers, context: RequestContext) -> Reply | None:
    """Why the request is refused for its method or the type of its body."""
    if method not in {"GET", "POST"}:
        return _refuse(405, f"{method} is not allowed here; use GET or POST", context, _ALLOW)
    if method == "GET" or (is_utf8_json(headers.get(b"content-type")) and b"content-encoding" not in headers):
        return None
    message = "the body has to be application/json in UTF-8, not compressed"
    return _refuse(415, message, context, [(b"accept", b"application/json")])


def _not_acceptable(context: RequestContext) -> Reply:
    offered = f"{MediaType.RESPONSE.value} and {MediaType.JSON.value}"
    return _refuse(406, f"none of the accepted types is offered here; offered are {offered}", context)


def _refuse(status: int, message: str, context: RequestContext, headers: RawHeaders | tuple[()] = ()) -> Reply:
    reply = graphql_error(BadInput(message), context.request_id, headers)
    reply.status = status
    return reply
