"""From candidates to the answer: reranking, diversity, successors first, and the reasons in words."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from stratumiops.ingest.fusion import below_successors, diversified, is_decided
from stratumiops.ingest.retrieval.models import Found, SearchMode, SearchRequest

LIFTED: Final = "lifted above what it supersedes"
RERANKED: Final = 30
"""Candidates that a cross-encoder reads."""
_HALVES: Final = {
    SearchMode.TEXT: ("text",),
    SearchMode.SEMANTIC: ("semantic",),
    SearchMode.HYBRID: ("text", "semantic"),
}


class Reranker(Protocol):
    """A cross-encoder: reads question and passage together. Blocks; higher scores are better."""

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One score a passage.

        Raises:
            Unavailable: the model cannot be had.
        """


def candidates(request: SearchRequest) -> int:
    """How many hits the steps after the search want to see."""
    more = max(request.first, RERANKED) if request.rerank else request.first
    return max(more, 3 * request.first) if request.mmr is not None else more


def own_scores(found: Sequence[Found]) -> None:
    """Hits of one half alone show that half's score, not one over a rank."""
    for one in found:
        if one.mode is SearchMode.TEXT and one.text_score is not None:
            one.score = one.text_score
        elif one.mode is SearchMode.SEMANTIC and one.similarity is not None:
            one.score = (1 + one.similarity) / 2


async def ranked(found: list[Found], request: SearchRequest, reranker: Reranker | None) -> list[Found]:
    """The hits in their final order, with reasons; at most `request.first`.

    Raises:
        Unavailable: the reranker's model cannot be had.
    """
    if request.rerank and reranker is not None:
        found = await _reranked(found, request, reranker)
    if request.mmr is not None:
        found = diversified(found, _score, _alike, trade_off=request.mmr, limit=request.first)
    found = successors_first(found[: request.first])
    for one in found:
        one.reasons = [*_why(one), *one.reasons]
    return found


async def _reranked(found: list[Found], request: SearchRequest, reranker: Reranker) -> list[Found]:
    if is_decided([one.score for one in found], [one.ranks for one in found], _HALVES[request.mode]):
        for one in found:
            one.reasons.append("not reranked: the ranking is clear")
        return found
    read, rest = found[:RERANKED], found[RERANKED:]
    scores = await asyncio.to_thread(reranker.scores, request.query, [_passage(one) for one in read])
    for one, score in zip(read, scores, strict=True):
        one.rerank_score = score
        one.reasons.append(f"the cross-encoder gives it {score:.3f}")
    return sorted(read, key=lambda one: -(one.rerank_score or 0.0)) + rest


def _passage(one: Found) -> str:
    text = one.chunk.text if one.chunk is not None else one.node["content"][:2_000]
    return f"{one.node['title']}\n{text}"


@dataclass(slots=True)
class RankedHit:
    """A hit by words as a statement gives it: score, what was asked of the node, keys of what supersedes it, its own.

    Keys are [graph, id].
    """

    score: float
    values: Any
    newer: list[list[str]]
    own: list[str]
    rank: int = 0
    lifted: bool = False


def raised(rows: Sequence[Sequence[Any]]) -> list[RankedHit]:
    """Hits by words in their final order: what was superseded stands behind what took its place."""
    hits = [RankedHit(row[0], row[1], row[2], row[3], rank) for rank, row in enumerate(rows, start=1)]
    if not any(hit.newer for hit in hits):
        return hits
    ordered = below_successors(hits, lambda hit: tuple(hit.own), lambda hit: [tuple(one) for one in hit.newer])
    for place, hit in enumerate(ordered, start=1):
        hit.lifted = place < hit.rank
    _level(ordered)
    return ordered


def successors_first(found: list[Found]) -> list[Found]:
    """What was superseded stands behind what took its place, and scores fall from hit to hit."""
    before = {one.key: place for place, one in enumerate(found)}
    ordered = below_successors(found, lambda one: one.key, _successors)
    for place, one in enumerate(ordered):
        if place < before[one.key]:
            one.reasons.append(LIFTED)
        if one.successors:
            one.reasons.append(f"superseded by {', '.join(str(each['title']) for each in one.successors)}")
    if ordered != found:
        _level(ordered)
    return ordered


def _level(ordered: Sequence[Any]) -> None:
    """Scores that fall from hit to hit: what was lifted gets the score of what it was lifted over."""
    for above, below in zip(reversed(ordered[:-1]), reversed(ordered[1:]), strict=True):
        above.score = max(above.score, below.score)


def _successors(one: Found) -> list[tuple[str, str]]:
    return [(each["graph"], each["id"]) for each in one.successors]


def _score(one: Found) -> float:
    return one.score if one.rerank_score is None else one.rerank_score


def _alike(one: Found, other: Found) -> float:
    """The cosine of the two hits' best chunks, 0 to 1; vectors have length 1."""
    if one.chunk is None or other.chunk is None or one.chunk.vector is None or other.chunk.vector is None:
        return 0.0
    return max(0.0, sum(a * b for a, b in zip(one.chunk.vector, other.chunk.vector, strict=False)))


def _why(one: Found) -> list[str]:
    why = []
    if one.notice:
        why.append(one.notice)
    if one.text_rank is not None:
        why.append(f"number {one.text_rank} by its words")
    if one.semantic_rank is not None:
        why.append(f"number {one.semantic_rank} by its meaning, similarity {one.similarity or 0.0:.3f}")
    if one.graph_rank is not None:
        why.append(f"number {one.graph_rank} among the neighbours of the best hits")
    return why
