"""A tiny schema and its engine: here the transport is tested; the engine has tests of its own."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
import strawberry
import uvicorn
from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from strawberry.types import ExecutionResult

from stratumiops.graph.errors import Conflict
from stratumiops.resolvers.app import create_app
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.engine.request import GraphQLRequest, GraphQLResponse
from stratumiops.resolvers.errors import format_error
from stratumiops.resolvers.http.front import Front
from stratumiops.resolvers.metrics import Metrics
from stratumiops.resolvers.settings import Settings

DEADLINE_S = 20


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def whoami(self, info: strawberry.Info[RequestContext]) -> str:
        return info.context.principal.name

    @strawberry.field
    def conflict(self) -> str | None:
        raise Conflict("it changed meanwhile", hint="read it again", field="input.rev")

    @strawberry.field
    def bug(self) -> str | None:
        raise ZeroDivisionError("secret detail")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int, size: int = 0) -> AsyncGenerator[str]:
        for number in range(to):
            yield str(number) + "x" * size

    @strawberry.subscription
    async def forever(self, info: strawberry.Info[RequestContext]) -> AsyncGenerator[int]:
        info.context.services.open_streams += 1
        try:
            yield 0
            await asyncio.Event().wait()
        finally:
            info.context.services.open_streams -= 1


schema = strawberry.Schema(Query, Mutation, Subscription)


class TinyEngine:
    """Runs documents with strawberry alone, with the statuses of GraphQL over HTTP."""

    async def execute(self, request: GraphQLRequest, context: RequestContext) -> GraphQLResponse:
        kind = _operation_type(request)
        context.operation_type = "unknown" if kind is None else kind.value
        if kind is OperationType.MUTATION and not request.allow_mutation:
            return _failed(405, [{"message": "mutations need POST"}], context)
        if request.query == "{ crash }":
            raise RuntimeError("the engine itself is broken")
        result = await schema.execute(
            request.query,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
        )
        return _response(result, context)

    def is_subscription(self, request: GraphQLRequest) -> bool:
        return _operation_type(request) is OperationType.SUBSCRIPTION

    async def subscribe(self, request: GraphQLRequest, context: RequestContext) -> AsyncGenerator[GraphQLResponse]:
        context.operation_type = "subscription"
        results = await schema.subscribe(request.query, variable_values=request.variables, context_value=context)
        if isinstance(results, ExecutionResult):
            yield _response(results, context)
            return
        try:
            async for result in results:
                yield _response(result, context)
        finally:
            await results.aclose()


def _operation_type(request: GraphQLRequest) -> OperationType | None:
    try:
        definitions = parse(request.query).definitions
    except GraphQLError:
        return None
    operations = [d for d in definitions if isinstance(d, OperationDefinitionNode)]
    named = [o for o in operations if o.name and o.name.value == request.operation_name] or operations
    return named[0].operation if named else None


def _response(result: Any, context: RequestContext) -> GraphQLResponse:
    errors = [format_error(error, context.request_id) for error in result.errors or ()]
    if result.data is None and all(error.get("path") is None for error in errors):
        return _failed(400, errors, context)
    context.outcome = "error" if errors else "ok"
    body = {"data": result.data} | ({"errors": errors} if errors else {})
    return GraphQLResponse(200, orjson.dumps(body))


def _failed(status: int, errors: list[dict[str, Any]], context: RequestContext) -> GraphQLResponse:
    context.outcome = "rejected"
    return GraphQLResponse(status, orjson.dumps({"errors": errors}))


class FakeDatabase:
    """Answers the readiness probe, or fails it."""

    failure: Exception | None = None
    restoring: str | None = None

    async def read_one(self, _text: str, *, timeout_s: float) -> int:
        assert timeout_s > 0
        if self.failure is not None:
            raise self.failure
        return 1

    async def read(self, _text: str) -> list[dict[str, str]]:
        return [{"file": self.restoring}] if self.restoring else []


@dataclass
class FakeServices:
    """What the transport needs of the services."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    connection: StoreConnection = field(default_factory=lambda: StoreConnection({"neo4j": _done}))
    db: FakeDatabase = field(default_factory=FakeDatabase)
    open_streams: int = 0

    async def run(self) -> None:
        await self.connection.open()

    async def close(self) -> None:
        assert self.connection.steps


async def _done() -> None:
    """Nothing to do."""


@dataclass
class Served:
    """A running application and its parts."""

    app: Front
    services: FakeServices

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost:8001", headers=headers)


@pytest.fixture
def build() -> Callable[..., Served]:
    """Makes an application over the tiny schema: `build(limits={"max_body_bytes": 10})`."""

    def make(**sections: dict[str, Any]) -> Served:
        services = FakeServices(Settings(**sections))
        return Served(create_app(services, TinyEngine()), services)

    return make


@pytest.fixture
def served(build: Callable[..., Served]) -> Served:
    """The application with default settings."""
    return build()


@pytest.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """An in-process client of it."""
    async with served.client() as client:
        yield client


@asynccontextmanager
async def _listening(app: Front) -> AsyncIterator[int]:
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        ws_ping_interval=None,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not server.started:
                assert not task.done()
                await asyncio.sleep(0.005)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def listening() -> Callable[[Front], AbstractAsyncContextManager[int]]:
    """Serves an application on a free port of the loopback address."""
    return _listening
