"""Fixtures of the engine's tests: a small graph, services around it, and somebody who asks."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from stratumiops.graph.store.database import Database, Sent
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.outbox import Outbox
from stratumiops.resolvers.bootstrap import Services
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.context import LOCAL_ADMIN, Principal, RequestContext, Role
from stratumiops.resolvers.engine import Engine, GraphQLRequest
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.metrics import Metrics
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import CacheSettings, Limits, Settings

from .world import OwnGraphs, World, built, dropped

UNCACHED = Settings(cache=CacheSettings(response_bytes=0), limits=Limits(max_cost=10**15))
"""Every response is made anew, and a document may ask for as many pages of pages as it likes: they are small."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; `sent` are the statements it took."""

    status: int
    text: str
    context: RequestContext
    sent: list[Sent]

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        """The data of a response without errors."""
        assert "errors" not in self.body, self.text
        return self.body["data"]

    @property
    def error(self) -> dict[str, Any]:
        """The only error."""
        [error] = self.body["errors"]
        return error


@dataclass(frozen=True, slots=True)
class Asker:
    """Sends documents to an engine in the name of a principal."""

    engine: Engine
    services: Services
    principal: Principal = LOCAL_ADMIN

    def seeing(self, *graphs: str, role: Role = Role.VIEWER) -> "Asker":
        """The same for a principal that may see these graphs only."""
        return Asker(self.engine, self.services, Principal("somebody", role, frozenset(graphs)))

    def acting(self, role: Role, name: str = "somebody") -> "Asker":
        """The same for a principal with this role."""
        return Asker(self.engine, self.services, Principal(name, role))

    def context(self) -> RequestContext:
        """A new request of this principal."""
        return RequestContext("request-1", self.principal, self.services)

    async def __call__(
        self, query: str, variables: Mapping[str, Any] | None = None, *, compiled: bool = True, **request: Any
    ) -> Answer:
        """The engine's response."""
        context = self.context()
        self.engine.compile = compiled
        with self.services.db.record() as sent:
            response = await self.engine.execute(GraphQLRequest(query, dict(variables or {}), **request), context)
        return Answer(response.status, response.body.decode(), context, sent)


async def served(db: Database, registry: OwnGraphs, settings: Settings = UNCACHED) -> Services:
    """Services over a database that is there already."""
    outbox, metrics = Outbox(db), Metrics()
    connection = StoreConnection({"graphs": registry.load})
    await connection.open()
    writer, events = KnowledgeWriter(db), EventFeed(outbox, metrics, poll_s=0.05)
    return Services(settings, db, registry, writer, outbox, events, metrics, connection)


@pytest.fixture(scope="session")
async def world(database: Database) -> AsyncIterator[World]:
    """The graph that nobody changes."""
    async with built(database, f"test-{secrets.token_hex(4)}") as world:
        yield world


@pytest.fixture(scope="session")
async def ask(database: Database, world: World) -> Asker:
    """Asks about the graph that nobody changes."""
    services = await served(database, world.registry)
    return Asker(Engine(schema, services.settings), services)


@pytest.fixture
async def own(database: Database) -> AsyncIterator[Asker]:
    """Asks about, and changes, an empty graph of the test's own, `own.services.registry.names()[0]`."""
    prefix = f"test-{secrets.token_hex(4)}"
    registry = OwnGraphs(database, prefix)
    await registry.load()
    await registry.create(f"{prefix}-own", actor="builder")
    try:
        services = await served(database, registry)
        yield Asker(Engine(schema, services.settings), services)
    finally:
        await dropped(database, prefix)


@pytest.fixture(scope="session")
async def loop() -> asyncio.AbstractEventLoop:
    """The loop of the session's fixtures, for tests that are driven by hypothesis."""
    return asyncio.get_running_loop()
