"""Rankings into one ranking: fusion by rank, diversity, superseded after successor. Pure; no store, no model.

Scores of different halves do not compare (BM25 has no upper bound, a cosine has), so halves are joined by rank.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

RRF_K: Final = 60
"""Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods", SIGIR 2009: the constant that damps the lead of first places."""

CONFIDENT_LEAD: Final = 1.3
"""How much higher than the second the first must score for a ranking to count as decided."""


@dataclass(slots=True)
class Fused:
    """One thing in a fused ranking: its score, and its rank (from 1) in each ranking that has it."""

    score: float = 0.0
    ranks: dict[str, int] = field(default_factory=dict)


def reciprocal_rank_fusion(
    rankings: Mapping[str, Sequence[K]], *, k: int = RRF_K, weights: Mapping[str, float] | None = None
) -> dict[K, Fused]:
    """Score = sum of weight / (k + rank) over the rankings, by falling score; of equals the smaller key comes first.

    Args:
        rankings: by name, each best first and without doubles.
        k: the larger, the less first places count for.
        weights: by name; 1 where there is none.
    """
    found: dict[K, Fused] = {}
    for name, ranking in rankings.items():
        weight = (weights or {}).get(name, 1.0)
        for rank, key in enumerate(ranking, start=1):
            one = found.setdefault(key, Fused())
            one.score += weight / (k + rank)
            one.ranks[name] = rank
    order = sorted(found, key=lambda key: (-found[key].score, key))
    return {key: found[key] for key in order}


def diversified(
    items: Sequence[T],
    relevance: Callable[[T], float],
    similarity: Callable[[T, T], float],
    *,
    trade_off: float,
    limit: int,
) -> list[T]:
    """Maximal marginal relevance: the next is the one most relevant and least like those before it.

    Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", SIGIR 1998. Relevance is scaled to 0..1.

    Args:
        items: best first.
        similarity: 0..1 of two items.
        trade_off: 1 looks at relevance alone, 0 at novelty alone.
        limit: how many are taken.
    """
    if not items:
        return []
    scores = [relevance(item) for item in items]
    low, high = min(scores), max(scores)
    scaled = [(score - low) / (high - low) if high > low else 1.0 for score in scores]
    left, chosen = list(range(len(items))), list[int]()
    closest = [0.0] * len(items)
    while left and len(chosen) < limit:
        best = max(left, key=lambda i: (trade_off * scaled[i] - (1 - trade_off) * closest[i], -i))
        left.remove(best)
        chosen.append(best)
        for i in left:
            closest[i] = max(closest[i], similarity(items[i], items[best]))
    return [items[i] for i in chosen]


def below_successors(items: Sequence[T], key: Callable[[T], K], successors: Callable[[T], Sequence[K]]) -> list[T]:
    """The same items, each behind all of its successors that are among them; otherwise in the same order.

    Successors that go in a circle keep the order they came in.
    """
    place = {key(item): index for index, item in enumerate(items)}
    done: list[T] = []
    placed: set[K] = set()

    def put(item: T, waiting: frozenset[K]) -> None:
        own = key(item)
        if own in placed or own in waiting:
            return
        newer = [other for other in successors(item) if other in place and other not in placed]
        for other in sorted(newer, key=lambda one: place[one]):
            put(items[place[other]], waiting | {own})
        placed.add(own)
        done.append(item)

    for item in items:
        put(item, frozenset())
    return done


def is_decided(scores: Sequence[float], ranks: Sequence[Mapping[str, int]], halves: Sequence[str]) -> bool:
    """Whether a fused ranking needs no second opinion: its first is first in every half, and by a clear lead.

    Args:
        scores: fused, best first.
        ranks: of the same items, by half.
        halves: the names of the halves that must agree.
    """
    if not scores:
        return True
    agreed = all(ranks[0].get(half) == 1 for half in halves)
    return agreed and (len(scores) == 1 or scores[0] >= CONFIDENT_LEAD * scores[1])
