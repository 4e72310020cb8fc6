"""What people type into a search box, as a Lucene query that cannot be anything else; and where it matched.

`"two words"` is a phrase, `word*` a prefix, `-word` must not occur; every other word may match, rarer words and
words in titles, other names and tags weigh more. Everything that means something to Lucene is escaped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.graph.selection.language import ENGLISH

MAX_QUERY = 1_000
"""Characters of a query."""
MAX_TERMS = 64
"""Words and phrases of a query that count."""

_BOOST = (("title", 1.5), ("aliases", 1.5), ("tags", 1.5), ("content", 1))
"""Measured on labelled questions (benchmarks/retrieval.py): titles are short, so that a heavier weight finds less."""
_PART = re.compile(r'(-?)"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")
_LONGEST_WORD = 64
_MOST_GRAPHS = 30
_STOP = {
    "", "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not",
    "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will",
    "with",
}  # fmt: skip
"""Words that Lucene's English analyzer leaves out."""
_SPECIAL = re.compile(r'([+\-!(){}\[\]^"~*?:\\/&|<>=])')


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase or a prefix of a query."""

    text: str
    prefix: bool = False
    excluded: bool = False


@lru_cache(maxsize=512)
def parse_query(text: str) -> tuple[Term, ...]:
    """The terms of what somebody typed.

    Raises:
        BadInput: longer than `MAX_QUERY`, or nothing in it that can be searched for.
    """
    if len(text) > MAX_QUERY:
        message = f"the query has {len(text)} characters; the limit is {MAX_QUERY}"
        raise BadInput(message, field="query", hint="search for fewer words")
    terms = []
    for minus, phrase, word in _PART.findall(text):
        raw = phrase or word.lstrip("-")
        clean = " ".join(_WORD.findall(raw))
        if clean:
            excluded = bool(minus) or word.startswith("-")
            terms.append(Term(clean, prefix=word.endswith("*") and " " not in clean, excluded=excluded))
    if all(term.excluded for term in terms):
        message = "the query has no word to search for"
        raise BadInput(message, field="query", hint="give at least one word of letters or digits")
    return tuple(terms[:MAX_TERMS])


@lru_cache(maxsize=512)
def lucene(text: str) -> str:
    """The query in Lucene's syntax."""
    terms = parse_query(text)
    wanted = " ".join(_written(term) for term in terms if not term.excluded)
    unwanted = " ".join(_written(term) for term in terms if term.excluded)
    any_field = " ".join(f"{field}:({wanted})^{boost}" for field, boost in _BOOST)
    none = "".join(f" -{field}:({unwanted})" for field, _ in _BOOST) if unwanted else ""
    return f"+({any_field}){none}"


@lru_cache(maxsize=512)
def within(query: str, graphs: tuple[str, ...], language: str = ENGLISH) -> str:
    """A query of `lucene` that finds nothing outside of these graphs but what has a name like theirs.

    It says nothing of rank. The index cuts names into words as it does with texts, so nodes must still be looked at;
    a name that the language has no word for in its index, such as `the`, cannot be asked for.
    """
    if language != ENGLISH or len(graphs) > _MOST_GRAPHS or any(_has_no_word(name) for name in graphs):
        return query
    names = " ".join(f'graph:"{name}"' for name in graphs)
    return f"{query} +({names})^0"


def _has_no_word(name: str) -> bool:
    return all(part in _STOP for part in name.split("-"))


def _written(term: Term) -> str:
    if term.prefix:
        return _escape(term.text.lower()) + "*"
    return f'"{term.text}"'


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Part of a field around matches; ranges are offsets into `text`."""

    field: str
    text: str
    ranges: tuple[tuple[int, int], ...]


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    """Snowball's stemmer of a language; None where it has none."""
    import snowballstemmer

    return snowballstemmer.stemmer(language) if language in snowballstemmer.algorithms() else None


def stem(word: str, language: str = ENGLISH) -> str:
    """The stem of a word, in lower case (Snowball); what is longer than any word stays as it is."""
    return _stem(word.lower(), language) if len(word) <= _LONGEST_WORD else word.lower()


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return word if stemmer is None else str(stemmer.stemWord(word))


class Highlighter:
    """Finds the words of a query in the texts of its hits."""

    def __init__(self, query: str, *, width: int = 160, language: str = ENGLISH) -> None:
        terms = [term for term in parse_query(query) if not term.excluded]
        self._language = language
        self._stems = {stem(word, language) for term in terms for word in term.text.split() if not term.prefix}
        self._prefixes = tuple(term.text.lower() for term in terms if term.prefix)
        self._width = width

    def snippets(self, title: str, content: str, tags: Sequence[str], aliases: Sequence[str] | None) -> list[Snippet]:
        """Up to four parts: title, other names and tags, then the part of the content with most matches."""
        names = [self._whole("title", title), self._whole("aliases", ", ".join(aliases or ()))]
        found = [*names, self._whole("tags", " ".join(tags)), self._best(content)]
        return [snippet for snippet in found if snippet is not None]

    def _matches(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in _WORD.finditer(text) if self._is_match(m.group())]

    def _is_match(self, word: str) -> bool:
        if stem(word, self._language) in self._stems:
            return True
        return bool(self._prefixes) and word.lower().startswith(self._prefixes)

    def _whole(self, field: str, text: str) -> Snippet | None:
        matches = self._matches(text)
        return Snippet(field, text, tuple(matches)) if matches else None

    def _best(self, content: str) -> Snippet | None:
        text = content[:200_000]
        matches = self._matches(text)
        if not matches:
            return None
        start, inside = self._window(matches)
        left = max(0, start - self._width // 4)
        left = text.rfind(" ", 0, left + 1) + 1 if left else 0
        right = min(len(text), left + self._width)
        right = right if right == len(text) else (text.find(" ", right) if " " in text[right:] else len(text))
        right = min(right, left + 2 * self._width)
        ranges = tuple((a - left, b - left) for a, b in inside if b <= right and a >= left)
        return Snippet("content", text[left:right], ranges)

    def _window(self, matches: list[tuple[int, int]]) -> tuple[int, list[tuple[int, int]]]:
        """Where the densest stretch of matches begins, and the matches in it."""
        best: list[tuple[int, int]] = []
        for i, (start, _) in enumerate(matches):
            inside = [m for m in matches[i : i + 20] if m[1] - start <= self._width * 3 // 4]
            if len(inside) > len(best):
                best = inside
        return (best or matches)[0][0], best or matches[:1]
