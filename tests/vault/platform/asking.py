"""Asks the platform's API about a vault, over a real store and a real vault."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.outbox import Outbox
from stratumiops.graph.store.registry import GraphRegistry
from stratumiops.resolvers.bootstrap import Services
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.context import LOCAL_ADMIN, Principal, RequestContext, Role
from stratumiops.resolvers.engine import Engine, GraphQLRequest
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.metrics import Metrics
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import Settings, VaultSection
from stratumiops.resolvers.vault.caller import caller_of
from stratumiops.resolvers.vault.client import VaultClient
from stratumiops.resolvers.vault.where import vault_address


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    text: str

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
        return dict(error)

    @property
    def code(self) -> str:
        """The code of the only error."""
        return str(self.error["extensions"]["code"])


@dataclass(frozen=True, slots=True)
class Asker:
    """Sends documents with a token of the vault."""

    services: Services
    engine: Engine
    token: str | None = None
    namespace: str | None = None
    principal: Principal = LOCAL_ADMIN

    async def __call__(self, query: str, **variables: Any) -> Answer:
        caller = caller_of(self.token, self.namespace)
        context = RequestContext("request-1", self.principal, self.services, caller)
        response = await self.engine.execute(GraphQLRequest(query, variables), context)
        return Answer(response.body.decode())

    def by(self, token: str | None, namespace: str | None = None) -> "Asker":
        """The same with another token."""
        return replace(self, token=token, namespace=namespace)

    def seeing(self, *graphs: str, role: Role = Role.VIEWER) -> "Asker":
        """The same for a principal that may see these graphs only."""
        return replace(self, principal=Principal("somebody", role, frozenset(graphs)))


@asynccontextmanager
async def asking(db: Database, address: str | None, **vault: Any) -> AsyncIterator[Asker]:
    """The API over a store, and a vault at an address; None: none."""
    registry, outbox, metrics = GraphRegistry(db), Outbox(db), Metrics()
    connection = StoreConnection({"graphs": registry.load})
    await connection.open()
    section = VaultSection(address=address, **vault)
    settings = Settings(vault=section)
    events = EventFeed(outbox, metrics, poll_s=0.05)
    services = Services(
        settings, db, registry, KnowledgeWriter(db), outbox, events, metrics, connection,
        vault=VaultClient(section, vault_address(section)),
    )  # fmt: skip
    try:
        yield Asker(services, Engine(schema, settings))
    finally:
        await services.vault.close()


def unique(name: str) -> str:
    """A name that no other test has."""
    return f"{name}-{secrets.token_hex(4)}"
