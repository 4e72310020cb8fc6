"""The one place where things are wired together."""

import asyncio
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stratumiops.graph.backup.marker import interrupted, refuse_half_restored
from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.ids import format_instant
from stratumiops.graph.server.locate import locate
from stratumiops.graph.store import idempotency
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.migrations import migrate
from stratumiops.graph.store.outbox import Outbox
from stratumiops.graph.store.registry import GraphRegistry
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.graph.store.text_indexes import ensure_text_indexes
from stratumiops.ingest.answers import AnswerOptions, Answers
from stratumiops.ingest.embedding.job import EmbeddingJob
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.retrieval.neo4j import Neo4jRetrieval
from stratumiops.resolvers.app import create_app
from stratumiops.resolvers.changes import BackgroundChanges
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.http.front import Front
from stratumiops.resolvers.knowledge.ports import Retrieval
from stratumiops.resolvers.metrics import Metrics
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.search.options import answer_options, embedding_options, reranker, search_options
from stratumiops.resolvers.settings import Settings
from stratumiops.resolvers.tracing import TracedDatabase, Tracing
from stratumiops.resolvers.upkeep import LOOK_S, PRUNE_S, repeat

_ENV_REFERENCE = "env:"
KEYS_KEPT_DAYS = 1
_RESTORE_HINT = "wait for `stratumiops restore` to end; if it was cut off, run it again"


@dataclass(slots=True)
class Services:
    """Everything a resolver may need. `connection.check()` refuses while the store cannot be used."""

    settings: Settings
    db: Database
    registry: GraphRegistry
    writer: KnowledgeWriter
    outbox: Outbox
    events: EventFeed
    metrics: Metrics
    connection: StoreConnection
    retrieval: Retrieval | None = None
    embeddings: EmbeddingJob | None = None
    answers: Answers = field(default_factory=lambda: Answers(AnswerOptions()))

    async def run(self) -> None:
        """Bring the store up, then feed events and keep things fresh until cancelled."""
        await self.connection.open()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.events.run())
            if self.embeddings is not None:
                group.create_task(self.embeddings.run())
            group.create_task(repeat("store", self._look, LOOK_S))
            group.create_task(repeat("prune", self.prune, PRUNE_S))

    async def _look(self) -> None:
        """Take up what other processes did: a restore that began or ended, graphs that changed."""
        up = 0
        try:
            if await interrupted(self.db) is None:
                self.connection.resume()
            else:
                self.connection.suspend(Unavailable("the graph is being restored", hint=_RESTORE_HINT))
            await self.events.check_position()
            await self.registry.refresh_if_changed()
            up = 1
        finally:
            self.metrics.store_up.set(up)

    async def prune(self) -> None:
        """Forget events that no subscription may resume at any more, and idempotency keys of yesterday."""
        await self.outbox.prune(self.settings.limits.event_days * 86_400)
        await idempotency.prune(self.db, format_instant(datetime.now(UTC) - timedelta(days=KEYS_KEPT_DAYS)))

    async def close(self) -> None:
        """Give connections back."""
        await self.db.close()


def wire(settings: Settings, home: Path | None = None, tracing: Tracing | None = None) -> Services:
    """All services, connected to each other and not yet to Neo4j.

    Raises:
        BadInput: settings that cannot work.
        StratumError: no Neo4j is named in the settings or the environment, and `home` has none.
    """
    neo4j = neo4j_settings(settings, home)
    db = Database(neo4j) if tracing is None else TracedDatabase(neo4j, tracing)
    registry = GraphRegistry(db)
    outbox = Outbox(db)
    metrics = Metrics()
    connection = StoreConnection(
        {
            "neo4j": db.connect,
            "restore": lambda: refuse_half_restored(db),
            "schema": lambda: migrate(db),
            "graphs": registry.load,
            "search": lambda: ensure_text_indexes(db, settings.search.language),
        }
    )
    events = EventFeed(outbox, metrics)
    models, options = Models(), embedding_options(settings.embeddings)
    changes = BackgroundChanges(outbox, events)
    embeddings = EmbeddingJob(db, options, models, changes, observe=metrics.embedded.inc)
    metrics.embedding_problem.set_function(lambda: float(embeddings.progress.problem is not None))
    metrics.embedding_waiting.set_function(lambda: float(embeddings.waiting))
    return Services(
        settings=settings,
        db=db,
        registry=registry,
        writer=KnowledgeWriter(db),
        outbox=outbox,
        events=events,
        metrics=metrics,
        connection=connection,
        retrieval=Neo4jRetrieval(
            db,
            options,
            models,
            search_options(settings.search),
            reranker(settings.search),
            embeddings.progress,
        ),
        embeddings=embeddings,
        answers=Answers(answer_options(settings.ask)),
    )


def application(services: Services, traces: Tracing | None = None) -> Front:
    """The ASGI application over the whole schema.

    Raises:
        BadInput: settings that cannot work, such as an open address without tokens.
    """
    return create_app(services, Engine(schema, services.settings), traces)


def neo4j_settings(settings: Settings, home: Path | None) -> Neo4jSettings:
    """How to reach Neo4j: the settings when they name a server, else what is known of the data directory.

    Raises:
        BadInput: a password that refers to a variable which is not set.
        StratumError: nothing names a server.
    """
    section, timeout_s = settings.neo4j, settings.limits.statement_timeout_s
    if section.uri is None:
        found = locate(home or Path.cwd())
        return Neo4jSettings(found.uri, found.user, found.password, found.database, timeout_s, section.pool_size)
    password = "" if section.password is None else section.password.get_secret_value()
    if password.startswith(_ENV_REFERENCE):
        name = password.removeprefix(_ENV_REFERENCE)
        if name not in os.environ:
            message = f"neo4j.password refers to the variable {name}, which is not set"
            raise BadInput(message, field="neo4j.password")
        password = os.environ[name]
    return Neo4jSettings(section.uri, section.user, password, section.database, timeout_s, section.pool_size)
