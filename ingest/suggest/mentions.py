"""Names of nodes in a text, found in one pass over its words however many names there are. Pure.

Names of several words are found whatever their case; a name of one word only as it is written, so that "Go" is not
found in "go on". Words in code and in links count for nothing: what is linked needs no suggestion.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stratumiops.ingest.markdown import find_links, mask

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"\bhttps?://\S+")
_SAY_LITTLE = """
changelog contents contributing draft home index inbox journal license links note notes overview page readme
summary template templates test tests todo untitled
"""
_GENERIC = frozenset(_SAY_LITTLE.split())
"""Names of one word that say too little."""
_QUOTE = 160


@dataclass(slots=True)
class Mention:
    """A node's name in a text: the name as the node has it, how often it stands there, and the first place."""

    name: str
    start: int
    count: int = 1
    words: int = field(default=1)

    @property
    def score(self) -> float:
        """How sure it is that the node is meant: long names more than short ones, 0.5 to 0.95."""
        return min(0.95, 0.5 + 0.12 * (self.words - 1) + (0.08 if self.count > 1 else 0.0))


class NameIndex:
    """The names of all nodes of a graph. Build once, ask often; memory: one short record a name."""

    def __init__(self, names: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take ids with names, each name as words parted by blanks."""
        self._owners: dict[str, str | None] = {}
        self._names: dict[str, str] = {}
        self._lengths: dict[str, list[int]] = {}
        for node_id, known in names:
            for name in known:
                self._add(node_id, name)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def _add(self, node_id: str, name: str) -> None:
        words = name.casefold().split()
        if not _says_enough(words):
            return
        key = " ".join(words)
        if self._owners.setdefault(key, node_id) != node_id:
            self._owners[key] = None  # several nodes have the name: nobody can tell which is meant
        self._names.setdefault(key, name)
        lengths = self._lengths.setdefault(words[0], [])
        if len(words) not in lengths:
            lengths.append(len(words))

    def find(self, text: str, *, but: str) -> dict[str, Mention]:
        """The nodes that the text mentions, but for one (the text's own), in order of their first place."""
        spans = [(found.group(), found.start()) for found in _WORD.finditer(readable(text))]
        words = [word.casefold() for word, _ in spans]
        found: dict[str, Mention] = {}
        at = 0
        while at < len(words):
            taken = 0
            for length in self._lengths.get(words[at], ()):
                key = " ".join(words[at : at + length])
                owner = self._owners.get(key)
                if owner is None or (length == 1 and spans[at][0] != self._names[key]):
                    continue
                taken = length
                if owner != but:
                    self._note(found, owner, key, spans[at][1])
                break
            at += taken or 1
        return found

    def _note(self, found: dict[str, Mention], owner: str, key: str, start: int) -> None:
        if owner in found:
            found[owner].count += 1
        else:
            found[owner] = Mention(self._names[key], start, words=len(key.split()))


def _says_enough(words: Sequence[str]) -> bool:
    """Whether a name can be recognised in a text: no date, no number, no word that everybody uses."""
    if len(words) == 1:
        return len(words[0]) >= 3 and not words[0].isdigit() and words[0] not in _GENERIC
    return len(words) > 1 and any(len(word) >= 3 and word.isalpha() for word in words)


def readable(text: str) -> str:
    """The text without code, links and addresses, every character at its place."""
    masked = mask(text)
    for link in find_links(text, masked):
        masked = masked[: link.start] + " " * (link.end - link.start) + masked[link.end :]
    return _ADDRESS.sub(lambda found: " " * len(found.group()), masked)


def quote(text: str, start: int) -> str:
    """The line around a place in a text, shortened to 160 characters."""
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = text[begin : end if end >= 0 else len(text)]
    if len(line) <= _QUOTE:
        return line.strip()
    left = max(0, min(start - begin - _QUOTE // 3, len(line) - _QUOTE))
    return f"{'…' if left else ''}{line[left : left + _QUOTE].strip()}{'…' if left + _QUOTE < len(line) else ''}"


def best(found: Mapping[str, Mention], most: int) -> list[tuple[str, Mention]]:
    """The mentions that are worth most."""
    return sorted(found.items(), key=lambda item: (-item[1].score, item[1].start))[:most]
