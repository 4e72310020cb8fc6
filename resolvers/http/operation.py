"""One operation on a `graphql-transport-ws` socket."""

import asyncio
from contextlib import aclosing
from http import HTTPStatus
from typing import Any

import orjson

from stratumiops.graph.errors import RateLimited, StratumError
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.engine.request import GraphQLRequest, GraphQLResponse
from stratumiops.resolvers.errors import format_exception
from stratumiops.resolvers.http.parameters import from_values, request_of
from stratumiops.resolvers.http.ports import GraphQLEngine
from stratumiops.resolvers.http.socket import Closed, Disconnected, Socket
from stratumiops.resolvers.trusted import TrustedDocuments


class Operation:
    """Runs one operation; its answers carry the id that the client gave it."""

    def __init__(self, key: str, engine: GraphQLEngine, socket: Socket, context: RequestContext) -> None:
        self._head = b'{"id":' + orjson.dumps(key)
        self._key = key
        self._engine = engine
        self._socket = socket
        self._context = context

    async def run(self, payload: dict[str, Any], trusted: TrustedDocuments) -> None:
        """Execute it and send what comes: `next` messages and `complete`, or one `error`."""
        engine, context = self._engine, self._context
        started = asyncio.get_running_loop().time()
        try:
            request = request_of(from_values(payload), trusted)
            if engine.is_subscription(request):
                finished = await self._stream(request)
            else:
                finished = await self._next(await engine.execute(request, context))
            if finished:
                await self._socket.send_text(self._head + b',"type":"complete"}')
        except StratumError as error:
            context.outcome = "rejected"
            await self._error([format_exception(error, context.request_id)])
        except (Closed, Disconnected):
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: a bug becomes INTERNAL with a correlation id
            context.outcome = "error"
            await self._error([format_exception(error, context.request_id)])
        finally:
            seconds = asyncio.get_running_loop().time() - started
            self._context.services.metrics.observe(context, seconds)

    async def refuse_one_too_many(self) -> None:
        """Answer with an error: the connection runs as many operations as it may."""
        limit = self._context.services.settings.limits.max_subscriptions
        message = f"this connection has {limit} running operations, the most it may have"
        error = RateLimited(message, hint="complete some of them, or open another connection")
        await self._error([format_exception(error, self._context.request_id)])

    async def _stream(self, request: GraphQLRequest) -> bool:
        async with aclosing(self._engine.subscribe(request, self._context)) as responses:
            async for response in responses:
                if not await self._next(response):
                    return False
        return True

    async def _next(self, response: GraphQLResponse) -> bool:
        """Send a response; False when it was an error that ends the operation."""
        if response.status != HTTPStatus.OK:
            await self._error(orjson.loads(response.body)["errors"])
            return False
        await self._socket.send_text(self._head + b',"type":"next","payload":' + response.body + b"}")
        return True

    async def _error(self, errors: list[dict[str, Any]]) -> None:
        await self._socket.send({"id": self._key, "type": "error", "payload": errors})
