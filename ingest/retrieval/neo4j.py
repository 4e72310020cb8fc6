"""Search in Neo4j: the question's vector, then one statement."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.graph.errors import StratumError, Unavailable
from stratumiops.graph.selection.hybrid import (
    CHUNKS_OF,
    RELATION_WEIGHTS,
    Halves,
    VectorIndex,
    has_more_conditions,
    hits,
)
from stratumiops.graph.selection.language import ENGLISH, TEXT_INDEX
from stratumiops.graph.selection.lucene import lucene, parse_query, stem, within
from stratumiops.graph.selection.shapes import bind
from stratumiops.graph.store.database import Database
from stratumiops.ingest.embedding import queries
from stratumiops.ingest.embedding.generations import BUILDING, SERVING, Generation, Generations
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.opening import default_model
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.progress import EmbeddingReport, Progress
from stratumiops.ingest.fusion import RRF_K
from stratumiops.ingest.retrieval.checks import check
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchMode, SearchRequest
from stratumiops.ingest.retrieval.ranking import Reranker, candidates, own_scores, ranked
from stratumiops.ingest.retrieval.weights import text_weight

_CHUNKS_PER_NODE: Final = 3
_CHUNKS_FILTERED: Final = 2_000
_GENERATION_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions:
    """Settings of searches.

    Args:
        language: that of the full-text index.
        rrf_k: the constant of rank fusion.
        pool: how many nodes each half brings.
    """

    language: str = ENGLISH
    rrf_k: int = RRF_K
    pool: int = 100


class Neo4jRetrieval:
    """Searches the graph. Semantic and hybrid ones need vectors, which `EmbeddingJob` makes."""

    def __init__(
        self,
        db: Database,
        embeddings: EmbeddingOptions,
        models: Models,
        options: SearchOptions = SearchOptions(),
        reranker: Reranker | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._db = db
        self._embeddings = embeddings
        self._models = models
        self._options = options
        self._reranker = reranker
        self._progress = progress or Progress()
        self._generations = Generations(db, embeddings)
        self._seen: tuple[float, Generation | None] = (float("-inf"), None)

    async def search(self, request: SearchRequest) -> list[Found]:
        """Hits, best first.

        Raises:
            BadInput: see `checks.check`.
            Unavailable: a semantic search, and the model is out of reach or nothing has been embedded. A hybrid
                one then goes by words alone, and its hits say so.
        """
        check(request, reranker=self._reranker is not None)
        vector, generation, notice = None, None, None
        if request.mode is not SearchMode.TEXT:
            try:
                generation, vector = await self._question(request.query)
            except StratumError as error:
                if request.mode is SearchMode.SEMANTIC:
                    hint = "search by words (TEXT); the query embeddingStatus says more"
                    raise Unavailable(error.message, hint=error.hint or hint) from None
                notice = f"by words alone: {error.message}"
        rows = await self._rows(request, generation, vector)
        used = SearchMode.TEXT if notice else request.mode
        found = [_found(row, used, notice) for row in rows]
        if not request.expand:
            own_scores(found)
        return await ranked(found, request, self._reranker)

    async def chunks_by_words(self, query: str, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], FoundChunk]:
        """For each node the chunk with most words of the question; nodes that have no chunks are left out."""
        generation = await self.serving()
        if generation is None or not keys:
            return {}
        params = {"keys": [list(key) for key in keys], "index": generation.name}
        wanted = {
            stem(word, self._options.language)
            for term in parse_query(query)
            if not term.excluded
            for word in term.text.split()
        }
        best: dict[tuple[str, str], tuple[int, FoundChunk]] = {}
        for graph, node_id, held in await self._db.read_one(CHUNKS_OF, params) or []:
            words = {
                stem(word, self._options.language) for word in f"{' '.join(held['heading'])} {held['text']}".split()
            }
            score, known = len(wanted & words), best.get((graph, node_id))
            if known is None or score > known[0]:
                best[graph, node_id] = (score, _chunk(held))
        return {key: chunk for key, (_, chunk) in best.items()}

    async def status(self, graphs: Sequence[str]) -> EmbeddingReport:
        """How far the vectors of these graphs are."""
        known = await self._generations.all()
        serving = next((one for one in known if one.state == SERVING), None)
        building = next((one for one in known if one.state == BUILDING), None)
        wanted = [name for name in graphs if not self._embeddings.graphs or name in self._embeddings.graphs]
        pending = await self._pending(wanted, serving)
        waiting = await self._pending(wanted, building) if building else 0
        chunks = 0
        if serving is not None:
            params = {"graphs": wanted, "index": serving.name}
            chunks = await self._db.read_one(queries.COUNT_CHUNKS, params) or 0
        problem = self._progress.problem
        spec = self._embeddings.spec
        return EmbeddingReport(
            state=self._state(pending, building),
            provider=serving.provider if serving else spec.provider.value,
            model=serving.model if serving else default_model(spec),
            dimensions=serving.dimensions if serving else None,
            index=serving.name if serving else None,
            chunks=chunks,
            pending=pending,
            rate=self._progress.rate,
            building=building.model if building else None,
            building_pending=waiting,
            problem=None if problem is None else problem.message,
        )

    async def _pending(self, graphs: Sequence[str], generation: Generation | None) -> int:
        params = {"graphs": list(graphs), "index": generation.name if generation else ""}
        return await self._db.read_one(queries.COUNT_PENDING, params) or 0

    def _state(self, pending: int, building: Generation | None) -> str:
        if not self._embeddings.enabled:
            return "off"
        if self._progress.problem is not None:
            return "waiting"
        if building is not None:
            return "reembedding"
        return "embedding" if pending else "idle"

    async def serving(self) -> Generation | None:
        """The generation that searches use, as of a second ago at the most; that there is none is never remembered."""
        now = asyncio.get_running_loop().time()
        if self._seen[1] is None or now - self._seen[0] > _GENERATION_S:
            self._seen = (now, await self._generations.serving())
        return self._seen[1]

    async def _question(self, query: str) -> tuple[Generation, list[float]]:
        if not self._embeddings.enabled:
            raise Unavailable("embeddings are off", hint="set embeddings.enabled")
        generation = await self.serving()
        if generation is None:
            raise Unavailable("nothing has been embedded yet", hint="try again in a moment")
        vector = await self._models.question(generation.spec(self._embeddings.spec), query)
        if len(vector) != generation.dimensions:
            message = f"{generation.model} gives other vectors than it did; everything is being embedded anew"
            raise Unavailable(message, hint="try again when that is done")
        return generation, vector

    async def _rows(
        self, request: SearchRequest, generation: Generation | None, vector: list[float] | None
    ) -> list[Mapping[str, Any]]:
        pool = max(self._options.pool, candidates(request))
        described: dict[str, Any] = {
            **({"graph": request.graphs[0]} if len(request.graphs) == 1 else {"graphs": list(request.graphs)}),
            "index": TEXT_INDEX,
            "query": within(lucene(request.query), request.graphs, self._options.language),
            "pool": pool,
            "first": candidates(request),
            "rrf_k": self._options.rrf_k,
            "text_weight": text_weight(request.query),
        }
        if request.where:
            described["where"] = request.where
        if request.threshold is not None:
            described["threshold"] = float(request.threshold)
        if generation is not None:
            more = has_more_conditions(request.where)
            described["chunks"] = max(_CHUNKS_FILTERED if more else 0, _CHUNKS_PER_NODE * pool)
            described["index_name"] = generation.name
        values: dict[str, Any] = {}
        shape = bind(described, "a", values)
        if generation is not None:
            shape["vector"], values["vector"] = "$vector", vector
        values["auth"] = list(request.visible)
        if request.expand:
            values["relation_weights"] = {relation.name: weight for relation, weight in RELATION_WEIGHTS.items()}
        index = None if generation is None else VectorIndex(generation.name, generation.vector)
        by_words = request.mode is not SearchMode.SEMANTIC
        text = hits(shape, Halves(by_words, index, request.expand, request.mmr is not None))
        return await self._db.read_one(text, values) or []


def _found(row: Mapping[str, Any], mode: SearchMode, notice: str | None) -> Found:
    held = row["chunk"]
    chunk = None if held is None else _chunk(held)
    return Found(
        node=row["node"],
        score=row["score"],
        mode=mode,
        text_rank=row["text_rank"],
        text_score=row["text_score"],
        semantic_rank=row["semantic_rank"],
        similarity=None if row["semantic_score"] is None else 2 * row["semantic_score"] - 1,
        graph_rank=row["graph_rank"],
        chunk=chunk,
        successors=row["successors"],
        notice=notice,
    )


def _chunk(held: Mapping[str, Any]) -> FoundChunk:
    similarity = held.get("similarity")
    return FoundChunk(
        text=held["text"],
        heading=tuple(held["heading"]),
        start_line=held["start_line"],
        end_line=held["end_line"],
        similarity=None if similarity is None else 2 * similarity - 1,
        vector=held.get("vector"),
    )
