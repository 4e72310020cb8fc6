"""Root fields that search, say how far the vectors are, and answer questions."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.selection.lucene import Highlighter
from stratumiops.ingest.retrieval.models import Found, FoundChunk, SearchMode, SearchRequest
from stratumiops.ingest.retrieval.ranking import LIFTED, RankedHit, raised
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import where_of
from stratumiops.resolvers.engine.roots import utf16_ranges
from stratumiops.resolvers.knowledge.reader import Reader, arguments
from stratumiops.schema.arguments import AsOf, First, GraphName, Inherited, Where
from stratumiops.schema.enums import EmbeddingState
from stratumiops.schema.knowledge import node_of
from stratumiops.schema.mapping import Root, mapped
from stratumiops.schema.search import (
    Answer,
    Citation,
    EmbeddingStatus,
    Highlight,
    SearchChunk,
    SearchExplanation,
    SearchHit,
)

Text = Annotated[
    str,
    strawberry.argument(description='Words; `"a phrase"`, `begin*` and `-without` work too. Words are stemmed.'),
]
Mode = Annotated[SearchMode, strawberry.argument(description="By words, by meaning, or both.")]
Threshold = Annotated[
    float | None,
    strawberry.argument(
        description="Least cosine of the question and a part of a text, -1 to 1; what words find is not touched by it."
    ),
]
Expand = Annotated[
    bool, strawberry.argument(description="Neighbours of the best hits take part, weighted by what joins them.")
]
Mmr = Annotated[
    float | None,
    strawberry.argument(
        description="0 to 1: less than 1 prefers hits that differ from those above them (maximal marginal relevance)."
    ),
]
Rerank = Annotated[
    bool,
    strawberry.argument(
        description="A cross-encoder reads the best hits, unless the ranking is clear; needs `search.reranker`."
    ),
]
Explain = Annotated[bool, strawberry.argument(description="Say of each hit why it stands where it does.")]
Question = Annotated[str, strawberry.argument(description="The question, in plain words.")]


@strawberry.type
class SearchQuery:
    """Root fields that search."""

    @strawberry.field(
        description="Nodes that match, best first. By words up to 1,000, by meaning or both up to 100. A decision that "
        "was superseded stands below the one that took its place.",
        metadata=mapped(Root("search")),
    )
    async def search(
        self,
        info: Info,
        query: Text,
        mode: Mode = SearchMode.TEXT,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        where: Where = UNSET,
        first: First = 10,
        as_of: AsOf = UNSET,
        threshold: Threshold = UNSET,
        expand: Expand = False,
        mmr: Mmr = UNSET,
        rerank: Rerank = False,
        explain: Explain = False,
    ) -> list[SearchHit]:
        """Nodes that match."""
        reader = info.context.reader
        given = arguments(
            query=query, mode=mode, graph=graph, include_inherited=include_inherited, where=where, first=first,
            as_of=as_of, threshold=threshold, expand=expand, mmr=mmr, rerank=rerank,
        )  # fmt: skip
        described = reader.describe_search(given)
        if described is not None:
            return await _by_words(reader, query, described, explain=explain)
        if given.get("as_of") is not None:
            message = "only searches by words reach into the past"
            raise BadInput(message, field="asOf", hint="use the mode TEXT without expand, mmr and rerank")
        found = await reader.search(_request(reader, given))
        highlighter = Highlighter(query, language=reader.scope.language)
        return [_hit(one, highlighter, explain=explain) for one in found]

    @strawberry.field(description="Which model makes the vectors for searches by meaning, and how far it is.")
    async def embedding_status(
        self, info: Info, graph: GraphName = UNSET, include_inherited: Inherited = True
    ) -> EmbeddingStatus:
        """Which model makes the vectors, and how far it is."""
        reader = info.context.reader
        graphs = reader.scope.graphs(graph or None, inherited=include_inherited)
        told = await reader.embedding_status(graphs)
        return EmbeddingStatus(
            state=EmbeddingState(told.state),
            provider=told.provider,
            model=told.model,
            dimensions=told.dimensions,
            index=told.index,
            chunks=told.chunks,
            pending=told.pending,
            rate=round(told.rate, 1),
            building=told.building,
            building_pending=told.building_pending,
            problem=told.problem,
        )

    @strawberry.field(
        description="An answer to a question, written by the configured language model (`ask.model`) from what a "
        "search finds, with citations."
    )
    async def ask(
        self,
        info: Info,
        question: Question,
        mode: Mode = SearchMode.HYBRID,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        where: Where = UNSET,
    ) -> Answer:
        """An answer to a question."""
        reader = info.context.reader
        answerer = info.context.services.answers
        given = arguments(
            query=question, mode=mode, graph=graph, include_inherited=include_inherited, where=where,
            first=answerer.passages,
        )  # fmt: skip
        request = _request(reader, given)
        answer = await answerer.answer(question, partial(reader.search, request))
        return Answer(
            text=answer.text,
            citations=[
                Citation(
                    number=one.number,
                    node=node_of(dict(one.node)),
                    path=one.node.get("path"),
                    heading=list(one.chunk.heading),
                    start_line=one.chunk.start_line,
                    end_line=one.chunk.end_line,
                    text=one.chunk.text,
                )
                for one in answer.citations
            ],
            model=answer.model,
            mode=answer.mode,
        )


def _request(reader: Reader, given: Mapping[str, Any]) -> SearchRequest:
    scope = reader.scope
    return SearchRequest(
        query=given["query"],
        mode=given["mode"],
        graphs=scope.graphs(given.get("graph"), inherited=given["include_inherited"] is not False),
        visible=scope.visible,
        where=where_of(given["where"]) if given.get("where") else None,
        first=given["first"],
        threshold=given.get("threshold"),
        expand=bool(given.get("expand")),
        mmr=given.get("mmr"),
        rerank=bool(given.get("rerank")),
    )


async def _by_words(reader: Reader, query: str, described: dict[str, Any], *, explain: bool) -> list[SearchHit]:
    """Hits by words: the executor's way of what the compiler does in one statement."""
    rows = await reader.reads.search(described)
    as_of = described.get("as_of")
    highlighter = Highlighter(query, language=reader.scope.language)
    chunks = _Chunks(reader, query, [(one[3][0], one[3][1]) for one in rows])
    return [
        SearchHit(
            node=node_of(dict(one.values), as_of),
            score=one.score,
            highlights=_highlights(one.values, highlighter),
            path=one.values.get("path"),
            mode=SearchMode.TEXT,
            explanation=_explained_words(one) if explain else None,
            find_chunk=partial(chunks.find, (one.own[0], one.own[1])),
        )
        for one in raised(rows)
    ]


def _explained_words(one: RankedHit) -> SearchExplanation:
    reasons = [f"number {one.rank} by its words", *([LIFTED] if one.lifted else [])]
    if one.newer:
        reasons.append(f"superseded by {', '.join(key[1] for key in one.newer)}")
    return SearchExplanation(
        text_rank=one.rank,
        text_score=one.score,
        semantic_rank=None,
        similarity=None,
        graph_rank=None,
        rerank_score=None,
        reasons=reasons,
    )


class _Chunks:
    """The best chunk of each hit by words, looked up together when the first of them is asked for."""

    def __init__(self, reader: Reader, query: str, keys: Sequence[tuple[str, str]]) -> None:
        self._reader = reader
        self._query = query
        self._keys = keys
        self._found: asyncio.Future[dict[tuple[str, str], FoundChunk]] | None = None

    async def find(self, key: tuple[str, str]) -> SearchChunk | None:
        """The chunk of one hit."""
        if self._found is None:
            self._found = asyncio.ensure_future(self._reader.chunks_by_words(self._query, self._keys))
        found = (await asyncio.shield(self._found)).get(key)
        return None if found is None else _shown(found)


def _hit(one: Found, highlighter: Highlighter, *, explain: bool) -> SearchHit:
    async def chunk() -> SearchChunk | None:
        return None if one.chunk is None else _shown(one.chunk)

    told = SearchExplanation(
        text_rank=one.text_rank,
        text_score=one.text_score,
        semantic_rank=one.semantic_rank,
        similarity=one.similarity,
        graph_rank=one.graph_rank,
        rerank_score=one.rerank_score,
        reasons=one.reasons,
    )
    return SearchHit(
        node=node_of(dict(one.node)),
        score=one.score,
        highlights=_highlights(one.node, highlighter),
        path=one.node.get("path"),
        mode=one.mode,
        explanation=told if explain else None,
        find_chunk=chunk,
    )


def _shown(chunk: FoundChunk) -> SearchChunk:
    return SearchChunk(
        text=chunk.text,
        heading=list(chunk.heading),
        start_line=chunk.start_line,
        end_line=chunk.end_line,
        similarity=chunk.similarity,
    )


def _highlights(held: Mapping[str, Any], highlighter: Highlighter) -> list[Highlight]:
    snippets = highlighter.snippets(held["title"], held["content"], held["tags"], held.get("aliases"))
    return [Highlight(field=s.field, text=s.text, ranges=utf16_ranges(s.text, s.ranges)) for s in snippets]
