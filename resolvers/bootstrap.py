"""The one place where things are wired together."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stratumiops.graph.backup.marker import interrupted, refuse_half_restored
from stratumiops.graph.errors import Unavailable
from stratumiops.graph.ids import format_instant
from stratumiops.graph.layout.files import LayoutFiles
from stratumiops.graph.layout.layouts import Layouts
from stratumiops.graph.server.locate import locate
from stratumiops.graph.store import idempotency
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.migrations import migrate
from stratumiops.graph.store.outbox import Outbox
from stratumiops.graph.store.registry import GraphRegistry
from stratumiops.graph.store.secrets import SecretUses
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.graph.store.text_indexes import ensure_text_indexes
from stratumiops.ingest.answers import AnswerOptions, Answers
from stratumiops.ingest.due_blocks import DueBlocks
from stratumiops.ingest.embedding.apart import ApartModels
from stratumiops.ingest.embedding.job import EmbeddingJob
from stratumiops.ingest.jobs.runner import ImportRunner
from stratumiops.ingest.jobs.store import Jobs
from stratumiops.ingest.lint.service import Lint
from stratumiops.ingest.retrieval.neo4j import Neo4jRetrieval
from stratumiops.ingest.service import ImportService
from stratumiops.ingest.sync.export import Exporter
from stratumiops.resolvers.app import create_app
from stratumiops.resolvers.changes import BackgroundChanges
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.engine.scope import Scope
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.http.front import Front
from stratumiops.resolvers.knowledge.neo4j_blocks import Neo4jBlocks
from stratumiops.resolvers.knowledge.neo4j_reads import Neo4jReads
from stratumiops.resolvers.knowledge.ports import BlockReads, KnowledgeReads, Retrieval
from stratumiops.resolvers.metrics import Metrics
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.search.options import answer_options, embedding_options, reranker, search_options
from stratumiops.resolvers.secrets import References, references
from stratumiops.resolvers.settings import Settings, VaultSection
from stratumiops.resolvers.tracing import TracedDatabase, Tracing
from stratumiops.resolvers.upkeep import LOOK_S, PRUNE_S, repeat
from stratumiops.resolvers.vault.client import VaultClient
from stratumiops.resolvers.vault.where import vault_address
from stratumiops.resolvers.watching import FolderWatcher

LAYOUTS = "layouts"
"""Folder of a data directory that keeps positions of nodes; they can be made again."""
KEYS_KEPT_DAYS = 1
JOBS_KEPT_DAYS = 7
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
    watcher: FolderWatcher | None = None
    import_runner: ImportRunner | None = None
    retrieval: Retrieval | None = None
    embeddings: EmbeddingJob | None = None
    layouts: Layouts | None = None
    answers: Answers = field(default_factory=lambda: Answers(AnswerOptions()))
    vault: VaultClient = field(default_factory=lambda: VaultClient(VaultSection(), None))
    references: References = field(default_factory=lambda: references(VaultSection()))
    due_blocks: DueBlocks = field(init=False)

    def __post_init__(self) -> None:
        self.due_blocks = DueBlocks(self.db)

    @property
    def imports(self) -> ImportService:
        """Imports of documents."""
        return ImportService(self.db)

    @property
    def secret_uses(self) -> SecretUses:
        """Which nodes use which secrets."""
        return SecretUses(self.db)

    @property
    def exporter(self) -> Exporter:
        """Files as the graph wants them."""
        return Exporter(self.db)

    @property
    def lint(self) -> Lint:
        """What looks for what is wrong."""
        return Lint(self.db)

    def reads(self, scope: Scope) -> KnowledgeReads:
        """The reads of one request."""
        return Neo4jReads(self.db, scope)

    def block_reads(self, reads: KnowledgeReads) -> BlockReads:
        """The reads of blocks of one request, beside its others."""
        return Neo4jBlocks(reads, self.due_blocks)

    async def run(self) -> None:
        """Bring the store up, then feed events and keep things fresh until cancelled."""
        await self.connection.open()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.events.run())
            if self.embeddings is not None:
                group.create_task(self.embeddings.run())
            if self.layouts is not None:
                group.create_task(self.layouts.run())
            group.create_task(repeat("store", self._look, LOOK_S))
            group.create_task(repeat("prune", self.prune, PRUNE_S))
            if self.watcher is not None:
                group.create_task(self.watcher.run())
            if self.import_runner is not None:
                group.create_task(self.import_runner.run())

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
        await Jobs(self.db).prune(format_instant(datetime.now(UTC) - timedelta(days=JOBS_KEPT_DAYS)))

    async def close(self) -> None:
        """Give connections back."""
        await self.vault.close()
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
    secrets = references(settings.vault)
    models, options = ApartModels(secrets), embedding_options(settings.embeddings)
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
        import_runner=ImportRunner(db, settings.ingest.roots, events.poke) if settings.ingest.roots else None,
        retrieval=Neo4jRetrieval(
            db,
            options,
            models,
            search_options(settings.search),
            reranker(settings.search),
            embeddings.progress,
        ),
        embeddings=embeddings,
        layouts=Layouts(LayoutFiles(home / LAYOUTS if home is not None else None)),
        answers=Answers(answer_options(settings.ask), secrets),
        vault=VaultClient(settings.vault, vault_address(settings.vault)),
        references=secrets,
    )


def application(services: Services, traces: Tracing | None = None) -> Front:
    """The ASGI application over the whole schema.

    Raises:
        BadInput: settings that cannot work, such as an open address without tokens.
    """
    engine = Engine(schema, services.settings)
    services.watcher = FolderWatcher(services, engine)
    return create_app(services, engine, traces)


def neo4j_settings(settings: Settings, home: Path | None) -> Neo4jSettings:
    """How to reach Neo4j: the settings when they name a server, else what is known of the data directory.

    Raises:
        BadInput: a password that refers to nothing.
        StratumError: nothing names a server; the vault does not give its password.
    """
    section, timeout_s = settings.neo4j, settings.limits.statement_timeout_s
    if section.uri is None:
        found = locate(home or Path.cwd())
        return Neo4jSettings(found.uri, found.user, found.password, found.database, timeout_s, section.pool_size)
    password = references(settings.vault).value(section.password, "neo4j.password") or ""
    return Neo4jSettings(section.uri, section.user, password, section.database, timeout_s, section.pool_size)
