"""Full-text search without a server: BM25 over stemmed words.

Scores are those of BM25+ (Lv and Zhai, "Lower-Bounding Term Frequency Normalization", CIKM 2011), which stay
positive in collections of a few documents, where the classic formula gives zero or less. Words in titles and tags
count as often as their weight says.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from stratumiops.graph.models import Node
from stratumiops.graph.selection.lucene import Term, parse_query, stem

STOP_WORDS: Final = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of",
    "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
})  # fmt: skip
"""Those of Lucene's English analyzer, which Neo4j uses."""

_JOINED = r"(?:(?:(?<=[^\W\d_])[.:'\u2019\u00b7](?=[^\W\d_])|(?<=\d)[.,;'](?=\d))WORD)*"
_SINGLE = r"[\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_ASCII_WORD = re.compile(r"\w+" + _JOINED.replace("WORD", r"\w+"))
_WORD = re.compile(_SINGLE + rf"|(?:(?!{_SINGLE})\w)+" + _JOINED.replace("WORD", rf"(?:(?!{_SINGLE})\w)+"))
"""Words as Lucene's standard tokenizer tells them (UAX #29): `a.md` and `don't` are one each, as is an ideograph."""
_TITLE_WEIGHT: Final = 4
_TAG_WEIGHT: Final = 2
_MOST_SCORED: Final = 64


class Bm25:
    """An index of nodes; words are counted when it is searched after a change."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._words: dict[str, list[str]] = {}
        self._ranking: Any = None
        self._keys: list[str] = []

    def put(self, node: Node, key: str | None = None) -> None:
        """Add a node under a key, its id without one, or replace what was known of it."""
        key = node.id if key is None else key
        self._nodes[key] = node
        self._words.pop(key, None)
        self._ranking = None

    def remove(self, key: str) -> None:
        """Forget a node."""
        if self._nodes.pop(key, None) is not None:
            self._words.pop(key, None)
            self._ranking = None

    def search(self, query: str, limit: int, among: Callable[[Node], bool] = lambda _: True) -> list[tuple[str, float]]:
        """Keys and scores, best first; of equal scores the smaller key comes first.

        Any term may match: words, `word*` as a prefix, several words only beside each other. A document with a
        `-word` is left out.

        Args:
            among: which nodes count as hits.

        Raises:
            BadInput: the query has no word.
        """
        terms = parse_query(query)
        ranking = self._ranked()
        if ranking is None:
            return []
        asked = [_Asked(term, ranking.idf) for term in terms]
        wanted = [one for one in asked if not one.term.excluded]
        unwanted = [one for one in asked if one.term.excluded]
        scores = ranking.get_scores(sorted({token for one in wanted for token in one.scored}))
        found = [
            (key, float(score))
            for key, score, seen in zip(self._keys, scores, ranking.doc_freqs, strict=True)
            if any(one.matches(seen, self._nodes[key]) for one in wanted)
            and not any(one.matches(seen, self._nodes[key]) for one in unwanted)
            and among(self._nodes[key])
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:limit]

    def _ranked(self) -> Any:
        if self._ranking is None:
            for key, node in self._nodes.items():
                if key not in self._words:
                    self._words[key] = _counted(node)
            filled = {key: words for key, words in self._words.items() if words}
            if filled:
                from rank_bm25 import BM25Plus

                self._keys = list(filled)
                self._ranking = BM25Plus(list(filled.values()))
        return self._ranking


class _Asked:
    """A term of a query against one index."""

    def __init__(self, term: Term, known: Mapping[str, float]) -> None:
        self.term = term
        self._phrase: list[str | None] = []
        if term.prefix:
            start = term.text.lower()
            self._any = {token for token in known if token.startswith(start)}
        else:
            self._phrase = _trimmed(_places(term.text))
            self._any = {token for token in self._phrase if token is not None}

    @property
    def scored(self) -> list[str]:
        """The tokens that count; of a prefix that begins very many words, some."""
        return sorted(self._any)[:_MOST_SCORED]

    def matches(self, seen: Mapping[str, int], node: Node) -> bool:
        """Whether a document with these tokens has it."""
        if len(self._phrase) <= 1:
            return not self._any.isdisjoint(seen)
        return self._any <= seen.keys() and any(
            self._phrase == places[at : at + len(self._phrase)]
            for places in map(_places, (node.title, " ".join(node.tags), *node.aliases, node.content))
            for at in range(len(places) - len(self._phrase) + 1)
        )


def _counted(node: Node) -> list[str]:
    return [
        *tokens(node.title) * _TITLE_WEIGHT,
        *[token for alias in node.aliases for token in tokens(alias)] * _TITLE_WEIGHT,
        *[token for tag in node.tags for token in tokens(tag)] * _TAG_WEIGHT,
        *tokens(node.content),
    ]


def _places(text: str) -> list[str | None]:
    """The stems of a text's words in their order, None for each stop word."""
    return [_token(word) for word in (_ASCII_WORD if text.isascii() else _WORD).findall(text)]


def _trimmed(places: list[str | None]) -> list[str | None]:
    held = [at for at, token in enumerate(places) if token is not None]
    return places[held[0] : held[-1] + 1] if held else []


def tokens(text: str) -> list[str]:
    """The stems of a text's words, without stop words."""
    return [found for found in _places(text) if found]


@lru_cache(maxsize=50_000)
def _token(word: str) -> str | None:
    lower = word.lower().removesuffix("'s").removesuffix("\u2019s")
    return None if lower in STOP_WORDS else stem(lower)
