"""The outermost ASGI application: request ids, browser guard, metrics, log; `/graphql` without detours."""

from collections.abc import MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog

from stratumiops.graph.errors import Forbidden
from stratumiops.resolvers.context import ANONYMOUS, RequestContext
from stratumiops.resolvers.http.body import ClientGone, Receive
from stratumiops.resolvers.http.compression import compressed
from stratumiops.resolvers.http.endpoint import GraphQLEndpoint
from stratumiops.resolvers.http.guard import BrowserGuard
from stratumiops.resolvers.http.headers import SECURITY, Headers, RawHeaders, pick, request_id, text
from stratumiops.resolvers.http.replies import Reply, Send, graphql_error, problem, send_reply
from stratumiops.resolvers.http.transport_ws import GraphQLSockets
from stratumiops.resolvers.logs import log_request
from stratumiops.resolvers.tracing import Tracing
from stratumiops.resolvers.vault.caller import caller_of
from stratumiops.resolvers.vault.passage import PREFIX as VAULT
from stratumiops.resolvers.vault.passage import Passage

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from stratumiops.resolvers.bootstrap import Services

PATH = "/graphql"
Scope = MutableMapping[str, Any]
log = structlog.get_logger("stratumiops.http")


class Front:
    """Takes every connection; hands `/graphql` and the vault's passage to theirs, the rest to FastAPI's application."""

    def __init__(
        self,
        rest: "ASGIApp",
        endpoint: GraphQLEndpoint,
        sockets: GraphQLSockets,
        services: "Services",
        passage: Passage,
        tracing: Tracing | None = None,
    ) -> None:
        self._rest = rest
        self._endpoint = endpoint
        self._sockets = sockets
        self._services = services
        self._passage = passage
        self._guard = BrowserGuard(services.settings)
        self._tracing = tracing
        self._logged = services.settings.logging.requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] == "lifespan":
            await self._rest(scope, receive, send)
            return
        headers = pick(scope["headers"])
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send, headers)
        elif scope["path"] == PATH:
            await self._graphql(scope, receive, send, headers)
        else:
            await self._other(scope, receive, send, headers)

    async def _graphql(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        started = perf_counter()
        vault = caller_of(text(headers, b"x-vault-token"), text(headers, b"x-vault-namespace"))
        context = RequestContext(request_id(headers), ANONYMOUS, self._services, vault)
        try:
            reply = await compressed(await self._reply(scope, receive, headers, context), headers)
            await send_reply(send, reply, context.request_id)
        except ClientGone:
            return
        seconds = perf_counter() - started
        self._services.metrics.observe(context, seconds)
        if self._logged == "all" or (self._logged == "failed" and context.outcome != "ok"):
            log_request(_values(context, scope["method"], reply.status, seconds))

    async def _reply(self, scope: Scope, receive: Receive, headers: Headers, context: RequestContext) -> Reply:
        try:
            self._guard.check(headers)
            cors = self._cors(headers)
            if cors and scope["method"] == "OPTIONS":
                return Reply(204, b"", headers=[*cors, *_PREFLIGHT])
            if self._tracing is None:
                reply = await self._endpoint.answer(scope, receive, headers, context)
            else:
                with self._tracing.request(headers, context):
                    reply = await self._endpoint.answer(scope, receive, headers, context)
        except Forbidden as error:
            context.outcome = "rejected"
            return graphql_error(error, context.request_id)
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: a bug becomes INTERNAL with a correlation id
            context.outcome = "error"
            return graphql_error(error, context.request_id)
        if cors:
            reply.headers = [*reply.headers, *cors]
        return reply

    def _cors(self, headers: Headers) -> RawHeaders:
        origin = headers.get(b"origin")
        if origin is None or not self._guard.allows_origin(text(headers, b"origin")):
            return []
        return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", b"x-request-id")]

    async def _websocket(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        try:
            self._guard.check(headers)
        except Forbidden as error:
            log.warning("socket refused", reason=error.message, request_id=request_id(headers))
            await send(_REFUSED_SOCKET)
            return
        if scope["path"] == PATH:
            await self._sockets.serve(scope, receive, send, headers)
        else:
            await send(_REFUSED_SOCKET)

    async def _other(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        name = request_id(headers)
        common = [(b"x-request-id", name.encode("ascii")), *SECURITY]

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *common]
            await send(message)

        try:
            self._guard.check(headers)
        except Forbidden as error:
            await send_reply(send, problem(error, name), name)
            return
        if scope["path"].startswith(VAULT):
            await self._passage.serve(scope, receive, send, headers, name)
            return
        await self._rest(scope, receive, send_with_headers)


_REFUSED_SOCKET = {"type": "websocket.close", "code": 4403, "reason": "Forbidden"}
_PREFLIGHT: RawHeaders = [
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id, x-vault-namespace, x-vault-token"),
    (b"access-control-max-age", b"600"),
]


def _values(context: RequestContext, method: str, status: int, seconds: float) -> dict[str, Any]:
    """What the log says of a request."""
    return {
        "method": method,
        "status": status,
        "operation": context.operation_type,
        "name": context.operation_name,
        "outcome": context.outcome,
        "duration_ms": round(seconds * 1000, 2),
        "statements": context.statements,
        "principal": context.principal.name,
        "request_id": context.request_id,
    }
