"""A job with indexes of its own over the shared database, the packaged model, and searches over what it made."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.outbox import Outbox
from stratumiops.ingest.embedding import queries
from stratumiops.ingest.embedding.generations import Generations
from stratumiops.ingest.embedding.job import EmbeddingJob
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import ModelSpec
from stratumiops.ingest.retrieval.models import Found, SearchMode, SearchRequest
from stratumiops.ingest.retrieval.neo4j import Neo4jRetrieval
from stratumiops.resolvers.changes import BackgroundChanges
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.metrics import Metrics

DEADLINE_S = 60


@dataclass
class Lab:
    """One graph and one family of indexes."""

    database: Database
    graph: str
    options: EmbeddingOptions
    models: Models
    feed: EventFeed
    writer: KnowledgeWriter

    @property
    def generations(self) -> Generations:
        return Generations(self.database, self.options)

    def with_model(self, spec: ModelSpec, **options: Any) -> "Lab":
        """The same with another model: what a restart with other settings is."""
        return replace(self, options=replace(self.options, spec=spec, **options), models=Models())

    def job(self) -> EmbeddingJob:
        changes = BackgroundChanges(Outbox(self.database), self.feed)
        return EmbeddingJob(self.database, self.options, self.models, changes)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[EmbeddingJob]:
        """A job that runs while the block does."""
        job = self.job()
        task = asyncio.ensure_future(job.run())
        try:
            yield job
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.result()

    async def create(self, *nodes: Node, edges: tuple[Edge, ...] = ()) -> None:
        await self.writer.create_nodes(nodes, edges, actor="ada")
        self.feed.poke()

    def node(self, node_id: str, title: str, content: str = "", kind: NodeType = NodeType.NOTE, **more: Any) -> Node:
        return Node(id=node_id, graph=self.graph, type=kind, title=title, content=content, **more)

    def edge(self, source: str, target: str, relation: RelationType = RelationType.RELATES_TO, **more: Any) -> Edge:
        return Edge(graph=self.graph, source=source, target=target, relation=relation, **more)

    async def pending(self, index: str | None = None) -> int | None:
        """Nodes without chunks of their revision; None when there is no index yet."""
        name = index or getattr(await self.generations.serving(), "name", None)
        if name is None:
            return None
        params = {"graphs": [self.graph], "index": name}
        return await self.database.read_one(queries.COUNT_PENDING, params)

    async def embedded(self, index: str | None = None) -> None:
        """Return when everything has been embedded, and searches find it.

        What was written is seen by others a moment before it is in the indexes. Whoever waits for a commit behind it
        waits for those, too.
        """
        await until(lambda: self._nothing_pending(index))
        lease = {"name": self.options.family}
        async with self.database.driver.session() as session:
            for change in ("SET l.seen = true", "REMOVE l.seen"):
                await (await session.run(f"MATCH (l:EmbeddingLease {{name: $name}}) {change}", lease)).consume()
            behind = await session.last_bookmarks()
        async with self.database.driver.session(bookmarks=behind) as session:
            await (await session.run("RETURN 1")).consume()

    async def _nothing_pending(self, index: str | None) -> bool:
        return await self.pending(index) == 0

    async def chunks(self) -> list[dict[str, Any]]:
        """All chunks of the graph, without vectors, in order."""
        rows = await self.database.read(
            "MATCH (c:Chunk {graph: $graph}) OPTIONAL MATCH (c)-[:CHUNK_OF]->(n)"
            " RETURN c{.id, .index, .type, .rev, .place, .text, .heading, .start_line, .end_line, .hash,"
            " node: n.id, live: n:KnowledgeNode} AS chunk ORDER BY c.index, n.id, c.place",
            {"graph": self.graph},
        )
        return [row["chunk"] for row in rows]

    @property
    def retrieval(self) -> Neo4jRetrieval:
        return Neo4jRetrieval(self.database, self.options, self.models)

    def retrieval_of(self, job: EmbeddingJob) -> Neo4jRetrieval:
        """The same, knowing how the job is doing."""
        return Neo4jRetrieval(self.database, self.options, self.models, progress=job.progress)

    async def search(self, query: str, mode: SearchMode = SearchMode.HYBRID, **more: Any) -> list[Found]:
        """Hits of one search."""
        request = SearchRequest(query=query, mode=mode, graphs=(self.graph,), visible=(self.graph,), **more)
        return await self.retrieval.search(request)

    async def ids(self, query: str, mode: SearchMode = SearchMode.HYBRID, **more: Any) -> list[str]:
        return [one.node["id"] for one in await self.search(query, mode, **more)]


async def until(holds: Callable[[], Any], *, seconds: float = DEADLINE_S) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
async def packaged() -> Models:
    """The packaged model, loaded once."""
    models = Models()
    await models.get(ModelSpec())
    return models


NewLab = Callable[[], AbstractAsyncContextManager[Lab]]


@pytest.fixture
async def lab(database: Database, graph_name: str, packaged: Models) -> AsyncIterator[Lab]:
    """An empty graph, and a job for it that does not run yet."""
    options = EmbeddingOptions(graphs=(graph_name,), family=f"t{secrets.token_hex(5)}")
    feed = EventFeed(Outbox(database), Metrics(), poll_s=0.05, idle_poll_s=0.2)
    tail = asyncio.ensure_future(feed.run())
    made = Lab(database, graph_name, options, packaged, feed, KnowledgeWriter(database))
    try:
        yield made
    finally:
        tail.cancel()
        await asyncio.wait([tail])
        for generation in await made.generations.all():
            await made.generations.retire(generation)
            await made.generations.clean(generation)
        await database.write("MATCH (l:EmbeddingLease {name: $name}) DELETE l", {"name": options.family})
