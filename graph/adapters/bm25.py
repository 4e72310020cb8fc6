"""Full-text search without a server: BM25 over stemmed words.

Scores are those of BM25+ (Lv and Zhai, "Lower-Bounding Term Frequency Normalization", CIKM 2011), which stay
positive in collections of a few documents, where the classic formula gives zero or less. Words in titles and tags
count as often as their weight says.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from stratumiops.graph.models import Node
from stratumiops.graph.selection.lucene import parse_query, stem

STOP_WORDS: Final = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of",
    "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
})  # fmt: skip
"""Those of Lucene's English analyzer, which Neo4j uses."""

_WORD = re.compile(r"\w+")
_TITLE_WEIGHT: Final = 4
_TAG_WEIGHT: Final = 2


class Bm25:
    """An index of nodes by id, rebuilt when it is searched after a change."""

    def __init__(self) -> None:
        self._documents: dict[str, list[str]] = {}
        self._ranking: Any = None
        self._ids: list[str] = []

    def put(self, node: Node) -> None:
        """Add a node, or replace what was known of it."""
        self._documents[node.id] = [
            *tokens(node.title) * _TITLE_WEIGHT,
            *[token for tag in node.tags for token in tokens(tag)] * _TAG_WEIGHT,
            *tokens(node.content),
        ]
        self._ranking = None

    def remove(self, node_id: str) -> None:
        """Forget a node."""
        if self._documents.pop(node_id, None) is not None:
            self._ranking = None

    def search(self, query: str, limit: int) -> list[tuple[str, float]]:
        """Ids and scores, best first; of equal scores the smaller id comes first.

        Any word may match, `word*` is a prefix, a document with a `-word` is left out.

        Raises:
            BadInput: the query has no word.
        """
        terms = parse_query(query)
        ranking = self._ranked()
        if ranking is None:
            return []
        wanted = {t for term in terms if not term.excluded for t in self._expand(term.text, prefix=term.prefix)}
        unwanted = {t for term in terms if term.excluded for t in self._expand(term.text, prefix=term.prefix)}
        scores = ranking.get_scores(sorted(wanted))
        found = [
            (node_id, float(score))
            for node_id, score, seen in zip(self._ids, scores, ranking.doc_freqs, strict=True)
            if not wanted.isdisjoint(seen) and unwanted.isdisjoint(seen)
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def _ranked(self) -> Any:
        if self._ranking is None and any(self._documents.values()):
            from rank_bm25 import BM25Plus

            filled = {node_id: words for node_id, words in self._documents.items() if words}
            self._ids = list(filled)
            self._ranking = BM25Plus(list(filled.values()))
        return self._ranking if any(self._documents.values()) else None

    def _expand(self, text: str, *, prefix: bool) -> Iterable[str]:
        if not prefix:
            return tokens(text)
        start = text.lower()
        return (token for token in self._ranking.idf if token.startswith(start))


def tokens(text: str) -> list[str]:
    """The stems of a text's words, without stop words."""
    return [found for word in _WORD.findall(text) if (found := _token(word))]


@lru_cache(maxsize=50_000)
def _token(word: str) -> str | None:
    lower = word.lower()
    return None if lower in STOP_WORDS else stem(lower)
