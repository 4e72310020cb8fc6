"""`graphql-transport-ws` on `/graphql`: sockets of subscriptions, queries and mutations.

The protocol is graphql-ws' PROTOCOL.md. One close code is beyond it: 1013 for a client that does not take its
messages, and for one connection too many.
"""

import asyncio
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

import structlog

from stratumiops.graph.errors import Unauthenticated
from stratumiops.resolvers.auth import Authenticator
from stratumiops.resolvers.context import ANONYMOUS, Principal, RequestContext
from stratumiops.resolvers.http.body import Receive
from stratumiops.resolvers.http.headers import Headers, request_id, text
from stratumiops.resolvers.http.operation import Operation
from stratumiops.resolvers.http.ports import GraphQLEngine
from stratumiops.resolvers.http.replies import Send
from stratumiops.resolvers.http.socket import Closed, Disconnected, Socket
from stratumiops.resolvers.trusted import TrustedDocuments
from stratumiops.resolvers.vault.caller import NOBODY, VaultCaller, caller_of

if TYPE_CHECKING:
    from stratumiops.resolvers.bootstrap import Services

SUBPROTOCOL = "graphql-transport-ws"
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_ACCEPTABLE = 4400, 4401, 4403, 4406
INIT_TIMEOUT, DUPLICATE, TOO_MANY_INITS, TRY_LATER = 4408, 4409, 4429, 1013
log = structlog.get_logger("stratumiops.sockets")


class GraphQLSockets:
    """Accepts sockets and runs each until it closes."""

    def __init__(
        self,
        engine: GraphQLEngine,
        services: "Services",
        *,
        authenticator: Authenticator,
        trusted: TrustedDocuments,
    ) -> None:
        self.engine = engine
        self.services = services
        self.authenticator = authenticator
        self.trusted = trusted
        self._open = 0

    async def serve(self, scope: MutableMapping[str, Any], receive: Receive, send: Send, headers: Headers) -> None:
        """One socket, from its handshake to its end."""
        limits = self.services.settings.limits
        socket = Socket(receive, send, slow_s=limits.slow_consumer_s, max_message=limits.max_body_bytes)
        name = request_id(headers)
        self._open += 1
        self.services.metrics.websockets.set(self._open)
        try:
            spoken = SUBPROTOCOL in scope["subprotocols"]
            await socket.accept(SUBPROTOCOL if spoken else None, name)
            if not spoken:
                await socket.close(Closed(NOT_ACCEPTABLE, "Subprotocol not acceptable"))
            elif self._open > limits.max_connections:
                await socket.close(Closed(TRY_LATER, "Too many connections; try again later"))
            else:
                await Connection(self, socket, name, text(headers, b"authorization")).run()
        except* Disconnected:
            log.debug("socket gone", request_id=name)
        except* Closed as group:
            closed = next(error for error in _leaves(group) if isinstance(error, Closed))
            log.info("socket closed", code=closed.code, reason=closed.reason, request_id=name)
            await socket.close(closed)
        finally:
            self._open -= 1
            self.services.metrics.websockets.set(self._open)


class Connection:
    """One client on one socket: its handshake and its running operations by id."""

    def __init__(self, sockets: GraphQLSockets, socket: Socket, name: str, authorization: str | None) -> None:
        self._sockets = sockets
        self._socket = socket
        self._name = name
        self._authorization = authorization
        self._principal: Principal = ANONYMOUS
        self._vault: VaultCaller = NOBODY
        self._initialised = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._serial = 0

    async def run(self) -> None:
        """Take messages until the socket closes.

        Raises:
            ExceptionGroup: of `Closed` when the server ends it, of `Disconnected` when the client has.
        """
        limits = self._sockets.services.settings.limits
        async with asyncio.TaskGroup() as operations:
            try:
                async with asyncio.timeout(limits.connection_init_s) as until_init:
                    while True:
                        message = await self._socket.receive()
                        await self._handle(message, operations)
                        if self._initialised:
                            until_init.reschedule(None)
            except TimeoutError:
                raise Closed(INIT_TIMEOUT, "Connection initialisation timeout") from None

    async def _handle(self, message: dict[str, Any], operations: asyncio.TaskGroup) -> None:
        match message:
            case {"type": "subscribe", "id": str(key), "payload": dict(payload)}:
                self._subscribe(key, payload, operations)
            case {"type": "complete", "id": str(key)}:
                task = self._running.pop(key, None)
                if task is not None:
                    task.cancel()
            case {"type": "ping"}:
                await self._socket.send({"type": "pong"})
            case {"type": "pong"}:
                return
            case {"type": "connection_init"}:
                await self._init(message.get("payload"))
            case _:
                raise Closed(BAD_REQUEST, f"Invalid message of type {message.get('type')!r}"[:120])

    async def _init(self, payload: Any) -> None:
        if self._initialised:
            raise Closed(TOO_MANY_INITS, "Too many initialisation requests")
        if payload is not None and not isinstance(payload, dict):
            raise Closed(BAD_REQUEST, "The payload of connection_init has to be an object")
        given = {str(key).lower(): value for key, value in (payload or {}).items()}
        named = given.get("authorization")
        authorization = named if isinstance(named, str) else self._authorization
        try:
            self._principal = self._sockets.authenticator.authenticate(authorization)
        except Unauthenticated as error:
            raise Closed(FORBIDDEN, f"Forbidden: {error.message}") from None
        self._vault = caller_of(given.get("vaulttoken"), given.get("vaultnamespace"))
        self._initialised = True
        await self._socket.send({"type": "connection_ack"})

    def _subscribe(self, key: str, payload: dict[str, Any], operations: asyncio.TaskGroup) -> None:
        if not self._initialised:
            raise Closed(UNAUTHORIZED, "Unauthorized")
        if key in self._running:
            raise Closed(DUPLICATE, f"Subscriber for {key[:80]} already exists")
        self._serial += 1
        name = f"{self._name}.{self._serial}"
        context = RequestContext(name, self._principal, self._sockets.services, self._vault)
        operation = Operation(key, self._sockets.engine, self._socket, context)
        full = len(self._running) >= self._sockets.services.settings.limits.max_subscriptions
        task = operations.create_task(
            operation.refuse_one_too_many() if full else operation.run(payload, self._sockets.trusted)
        )
        self._running[key] = task
        gauge = self._sockets.services.metrics.subscriptions
        gauge.inc()

        def finished(done: asyncio.Task[None]) -> None:
            gauge.dec()
            if self._running.get(key) is done:
                del self._running[key]

        task.add_done_callback(finished)


def _leaves(group: BaseExceptionGroup[Any]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
