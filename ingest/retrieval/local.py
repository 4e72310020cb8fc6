"""Search by meaning and by both without a server: over any `Storage`, with the same chunks, models and fusion.

Words are found by the storage (BM25 over stems). Vectors are made when they are first needed and kept in a
`ChunkCache`, exact search over one matrix does the rest: right for thousands of notes, not for millions.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stratumiops.graph.errors import BadInput, StratumError, Unavailable
from stratumiops.graph.models import Edge, Node, NodeFilter, RelationType
from stratumiops.graph.ports import Storage
from stratumiops.graph.selection.hybrid import RELATION_WEIGHTS, SEEDS, SHARE
from stratumiops.graph.selection.lucene import parse_query, stem
from stratumiops.graph.store.records import node_properties
from stratumiops.ingest.chunks import Chunk, chunks
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.opening import default_model
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import Embedder, Vector
from stratumiops.ingest.embedding.progress import EmbeddingReport
from stratumiops.ingest.fusion import RRF_K, Fused, reciprocal_rank_fusion
from stratumiops.ingest.retrieval.cache import ChunkCache
from stratumiops.ingest.retrieval.checks import check
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchMode, SearchRequest
from stratumiops.ingest.retrieval.ranking import Reranker, candidates, own_scores, ranked
from stratumiops.ingest.retrieval.weights import text_weight

_PAGE: Final = 1_000
_POOL: Final = 100
_GRAPH: Final = "graph"

Key = tuple[str, str]
Matches = Callable[[Node], bool]
Matcher = Callable[[Mapping[str, Any]], Matches]


@dataclass(slots=True)
class _Halves:
    """What each half found: keys best first, scores, and of each node its best chunk."""

    text: list[Key] = field(default_factory=list)
    text_scores: dict[Key, float] = field(default_factory=dict)
    semantic: list[Key] = field(default_factory=list)
    chunks: dict[Key, FoundChunk] = field(default_factory=dict)


class LocalRetrieval:
    """Searches one storage.

    Args:
        storage: any of them.
        matcher: makes a predicate of the conditions of a request (`SearchRequest.where`).
        cache: keeps chunks and vectors; in memory when left out.
    """

    def __init__(
        self,
        storage: Storage,
        embeddings: EmbeddingOptions,
        models: Models,
        *,
        matcher: Matcher | None = None,
        cache: ChunkCache | None = None,
        reranker: Reranker | None = None,
        rrf_k: int = RRF_K,
    ) -> None:
        self._storage = storage
        self._embeddings = embeddings
        self._models = models
        self._matcher = matcher
        self._cache = cache or ChunkCache(None)
        self._reranker = reranker
        self._rrf_k = rrf_k

    async def search(self, request: SearchRequest) -> list[Found]:
        """See `Neo4jRetrieval.search`."""
        check(request, reranker=self._reranker is not None)
        nodes = await self._nodes(request)
        halves, notice = _Halves(), None
        if request.mode is not SearchMode.SEMANTIC:
            await self._by_words(request, nodes, halves)
        if request.mode is not SearchMode.TEXT:
            try:
                await self._by_meaning(request, nodes, halves)
            except StratumError as error:
                if request.mode is SearchMode.SEMANTIC:
                    raise Unavailable(error.message, hint=error.hint) from None
                notice = f"by words alone: {error.message}"
        rankings = {SearchMode.TEXT.value: halves.text, SearchMode.SEMANTIC.value: halves.semantic}
        weights = {SearchMode.TEXT.value: text_weight(request.query)}
        fused = reciprocal_rank_fusion(rankings, k=self._rrf_k, weights=weights)
        edges = await self._edges_of(list(fused)[: max(SEEDS, candidates(request))])
        if request.expand:
            fused = await self._expanded(fused, edges, nodes)
            edges |= await self._edges_of([key for key in list(fused)[: candidates(request)] if key not in edges])
        used = SearchMode.TEXT if notice else request.mode
        found = [
            _found(nodes[key], one, halves, used, notice, _successors(key, edges, nodes))
            for key, one in list(fused.items())[: candidates(request)]
        ]
        if not request.expand:
            own_scores(found)
        return await ranked(found, request, self._reranker)

    async def chunks_by_words(self, query: str, keys: Sequence[Key]) -> dict[Key, FoundChunk]:
        """See `Neo4jRetrieval.chunks_by_words`; of chunks that have been cut already."""
        wanted = {stem(word) for term in parse_query(query) if not term.excluded for word in term.text.split()}
        nodes = [node for key in keys if (node := await self._storage.get_node(*key)) is not None]
        cut = self._cache.chunks([self._cut_key(node) for node in nodes])
        found: dict[Key, FoundChunk] = {}
        for node in nodes:
            known = cut.get(self._cut_key(node))
            if known:
                words = [{stem(word) for word in f"{' '.join(one.heading)} {one.text}".split()} for one in known]
                best = max(range(len(known)), key=lambda place: (len(wanted & words[place]), -place))
                found[node.graph, node.id] = _shown(known[best], None, None)
        return found

    async def status(self, graphs: Sequence[str]) -> EmbeddingReport:
        """How much of these graphs has vectors already; the rest gets them at the next search."""
        request = SearchRequest(query="", graphs=tuple(graphs), visible=tuple(graphs))
        nodes = list((await self._nodes(request)).values())
        cut = self._cache.chunks([self._cut_key(node) for node in nodes])
        pending = sum(self._cut_key(node) not in cut for node in nodes)
        state = "idle" if self._embeddings.enabled else "off"
        loaded = self._models.opened(self._embeddings.spec)
        return EmbeddingReport(
            state=state,
            provider=self._embeddings.spec.provider.value,
            model=default_model(self._embeddings.spec),
            dimensions=loaded.dimensions if loaded else None,
            chunks=sum(map(len, cut.values())),
            pending=0 if state == "idle" else pending,
        )

    # ---- the halves

    async def _nodes(self, request: SearchRequest) -> dict[Key, Node]:
        """All nodes that may be found."""
        matches = self._matches(request.where)
        found: dict[Key, Node] = {}
        for graph in request.graphs:
            after: str | None = None
            while True:
                page = await self._storage.list_nodes(NodeFilter(graph=graph, limit=_PAGE, after_id=after))
                found.update(((node.graph, node.id), node) for node in page if matches(node))
                if len(page) < _PAGE:
                    break
                after = page[-1].id
        return found

    def _matches(self, where: Mapping[str, Any] | None) -> Matches:
        if not where:
            return lambda _node: True
        if self._matcher is None:
            raise BadInput("this store cannot filter searches", field="where")
        return self._matcher(where)

    async def _by_words(self, request: SearchRequest, nodes: Mapping[Key, Node], halves: _Halves) -> None:
        hits = [hit for graph in request.graphs for hit in await self._storage.search(graph, request.query, _PAGE)]
        hits.sort(key=lambda hit: (-hit.score, hit.node.id, hit.node.graph))
        for hit in hits:
            key = (hit.node.graph, hit.node.id)
            if key in nodes and len(halves.text) < max(_POOL, candidates(request)):
                halves.text.append(key)
                halves.text_scores[key] = hit.score

    async def _by_meaning(self, request: SearchRequest, nodes: Mapping[Key, Node], halves: _Halves) -> None:
        if not self._embeddings.enabled:
            raise Unavailable("embeddings are off", hint="set embeddings.enabled")
        question = await self._models.question(self._embeddings.spec, request.query)
        embedder = await self._models.get(self._embeddings.spec)
        await asyncio.to_thread(self._nearest, question, embedder, nodes, request, halves)

    def _nearest(
        self, question: Vector, embedder: Embedder, nodes: Mapping[Key, Node], request: SearchRequest, halves: _Halves
    ) -> None:
        import numpy as np

        cut, vectors = self._embedded(list(nodes.values()), embedder)
        rows = [(key, one) for key, node in nodes.items() for one in cut[self._cut_key(node)]]
        if not rows:
            return
        matrix = np.asarray([vectors[one.hash] for _, one in rows], dtype=np.float32)
        close = (matrix @ np.asarray(question, dtype=np.float32)).tolist()
        for similarity, (key, one) in sorted(zip(close, rows, strict=True), key=lambda pair: (-pair[0], pair[1][0])):
            if key not in halves.chunks:
                vector = vectors[one.hash] if request.mmr is not None else None
                halves.chunks[key] = _shown(one, similarity, vector)
                if request.threshold is None or similarity >= request.threshold:
                    halves.semantic.append(key)
        del halves.semantic[max(_POOL, candidates(request)) :]

    def _embedded(self, nodes: Sequence[Node], embedder: Embedder) -> tuple[dict[str, list[Chunk]], dict[str, Vector]]:
        """Chunks of every node by its key, and vectors by hash; what is new is cut, embedded and kept."""
        cut = self._cache.chunks([self._cut_key(node) for node in nodes])
        fresh = {
            self._cut_key(node): (node, chunks(node.title, node.content, embedder.tokens, self._embeddings.chunking))
            for node in nodes
            if self._cut_key(node) not in cut
        }
        cut |= {key: made for key, (_, made) in fresh.items()}
        named = {one.hash: self._vector_key(one.hash, embedder) for found in cut.values() for one in found}
        kept = self._cache.vectors(named.values())
        known = {digest: kept[name] for digest, name in named.items() if name in kept}
        texts = {
            one.hash: one.embedded(node.title)
            for node in nodes
            for one in cut[self._cut_key(node)]
            if one.hash not in known
        }
        made = dict(zip(texts, embedder.embed_batch(list(texts.values())), strict=True))
        if fresh or made:
            cuts = {key: found for key, (_, found) in fresh.items()}
            self._cache.put(cuts, {named[digest]: vector for digest, vector in made.items()})
        return cut, known | made

    def _vector_key(self, digest: str, embedder: Embedder) -> str:
        """Names a vector: two models never share one."""
        return f"{embedder.provider.value}/{embedder.model}/{embedder.dimensions}/{digest}"

    def _cut_key(self, node: Node) -> str:
        """Names the text of a node, and how and for which model it is cut."""
        spec, cut = self._embeddings.spec, self._embeddings.chunking
        parts = (spec.provider.value, default_model(spec), str(cut.tokens), str(cut.overlap), node.title, node.content)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    # ---- the graph

    async def _expanded(
        self, fused: dict[Key, Fused], edges: Mapping[Key, Sequence[Edge]], nodes: Mapping[Key, Node]
    ) -> dict[Key, Fused]:
        """Neighbours of the best hits get a share of their scores; see `graph.selection.hybrid`."""
        near: dict[Key, float] = {}
        for key, seed in list(fused.items())[:SEEDS]:
            found = edges.get(key, ())
            for edge in found:
                other = (edge.graph, edge.target if edge.source == key[1] else edge.source)
                weight = RELATION_WEIGHTS[edge.relation] * min(max(edge.weight, 0.0), 2.0)
                if other in nodes:
                    near[other] = near.get(other, 0.0) + weight * seed.score / (len(found) + 1) ** 0.5
        for other, around in (await self._edges_of(list(near))).items():
            near[other] *= SHARE / (len(around) + 1) ** 0.5
        order = sorted(near, key=lambda other: (-near[other], other[1], other[0]))[:_POOL]
        for rank, other in enumerate(order, start=1):
            one = fused.setdefault(other, Fused())
            one.score += near[other]
            one.ranks[_GRAPH] = rank
        return dict(sorted(fused.items(), key=lambda item: (-item[1].score, item[0])))

    async def _edges_of(self, keys: Sequence[Key]) -> dict[Key, list[Edge]]:
        return {key: await self._storage.get_edges(*key) for key in keys}


def _successors(key: Key, edges: Mapping[Key, Sequence[Edge]], nodes: Mapping[Key, Node]) -> list[Mapping[str, Any]]:
    newer = [
        edge.source for edge in edges.get(key, ()) if edge.relation is RelationType.SUPERSEDES and edge.target == key[1]
    ]
    known = ((node_id, nodes.get((key[0], node_id))) for node_id in sorted(newer))
    return [{"graph": key[0], "id": node_id, "title": node.title if node else node_id} for node_id, node in known]


def _found(
    node: Node,
    one: Fused,
    halves: _Halves,
    mode: SearchMode,
    notice: str | None,
    successors: Sequence[Mapping[str, Any]],
) -> Found:
    key = (node.graph, node.id)
    chunk = halves.chunks.get(key)
    return Found(
        node=held(node),
        score=one.score,
        mode=mode,
        text_rank=one.ranks.get(SearchMode.TEXT.value),
        text_score=halves.text_scores.get(key),
        semantic_rank=one.ranks.get(SearchMode.SEMANTIC.value),
        similarity=chunk.similarity if chunk and SearchMode.SEMANTIC.value in one.ranks else None,
        graph_rank=one.ranks.get(_GRAPH),
        chunk=chunk,
        successors=successors,
        notice=notice,
    )


def _shown(one: Chunk, similarity: float | None, vector: Vector | None) -> FoundChunk:
    return FoundChunk(
        text=one.text,
        heading=one.heading,
        start_line=one.start_line,
        end_line=one.end_line,
        similarity=similarity,
        vector=vector,
    )


def held(node: Node) -> dict[str, Any]:
    """The stored properties of a node."""
    return {**node_properties(node, node.updated_at, node.updated_by), "rev": node.rev, "embedding": None}
