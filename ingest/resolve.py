"""From links as written to the nodes that are meant, within one source of documents. Pure.

The rules are Obsidian's as observed, extended by what decision records need: `./`, `../` and markdown links
are relative to the note; else a path from the root, a note in the same folder, a path's end by whole segments
(shortest path first); case is ignored, `.md` optional. Then ids, ADR numbers and titles, each only when one
document answers.
"""

import copy
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from stratumiops.graph.models import RelationType
from stratumiops.ingest.adr import names
from stratumiops.ingest.markdown import NOTE_SUFFIXES
from stratumiops.ingest.models import Link, LinkKind

_NUMBER = re.compile(r"(?:adrs?[-_ #]*|#)?0*(\d{1,6})", re.IGNORECASE)


class UnresolvedReason(StrEnum):
    """Why a link leads nowhere."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document that links can mean."""

    path: str
    node_id: str
    title: str
    decision: bool


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link that leads nowhere, as written."""

    path: str
    line: int
    target: str
    kind: LinkKind
    reason: UnresolvedReason


@dataclass(frozen=True, slots=True)
class Wanted:
    """A relation that a document states, between ids."""

    source: str
    target: str
    relation: RelationType
    origin: LinkKind


class LinkIndex:
    """Every document of a source by path, name, number, id and title. Build once, ask often."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: list[Entry] = sorted(entries, key=lambda entry: (len(entry.path), entry.path))
        self._paths: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._names: dict[str, list[int]] = {}
        self._numbers: dict[int, list[int]] = {}
        self._titles: dict[str, list[int]] = {}
        self._ids: dict[str, int] = {}
        self._foreign: dict[str, Entry] = {}
        for position, entry in enumerate(self._entries):
            self._add(position, entry)

    def _add(self, position: int, entry: Entry) -> None:
        folded = fold(entry.path)
        self._paths[entry.path] = position
        self._folded.setdefault(folded, position)
        self._names.setdefault(_name(_meant(folded, entry)), []).append(position)
        self._ids[entry.node_id] = position
        self._titles.setdefault(fold(entry.title), []).append(position)
        number = names.number(entry.path) if entry.decision else None
        if number is not None:
            self._numbers.setdefault(number, []).append(position)

    def __len__(self) -> int:
        return len(self._entries)

    def with_foreign(self, nodes: Iterable[tuple[str, str]]) -> "LinkIndex":
        """The same index, in which other nodes, (id, title) each, answer to their ids too."""
        other = copy.copy(self)
        vars(other)["_foreign"] = {node_id: Entry("", node_id, title, False) for node_id, title in nodes}
        return other

    def resolve(self, link: Link, path: str) -> Entry | UnresolvedReason:
        """The document that a link of the document at `path` means, or why there is none."""
        target = link.target.strip()
        if link.kind is LinkKind.MARKDOWN or target.startswith(("./", "../", "/")):
            return self._relative(target, path, fall_back=not target.startswith(("./", "../", "/")))
        found: Entry | UnresolvedReason = UnresolvedReason.MISSING
        if link.kind in {LinkKind.STATUS, LinkKind.FRONTMATTER}:
            found = self._relative(target, path, fall_back=False)
            found = found if isinstance(found, Entry) else self._by_id_or_number(link, path)
        if found is UnresolvedReason.MISSING or found is UnresolvedReason.OUTSIDE:
            found = self._by_name(target, path)
        if found is UnresolvedReason.MISSING and link.kind is LinkKind.WIKILINK and not target.isdigit():
            found = self._by_id_or_number(link, path)
        return found

    def _relative(self, target: str, path: str, *, fall_back: bool) -> Entry | UnresolvedReason:
        folder = "" if target.startswith("/") else posixpath.dirname(path)
        whole = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
        if whole == ".." or whole.startswith("../"):
            return UnresolvedReason.OUTSIDE
        found = self._at(whole)
        if found is not None:
            return found
        return self._by_name(target, path) if fall_back else UnresolvedReason.MISSING

    def _at(self, whole: str) -> Entry | None:
        """The note at a path from the root; the ending may be missing, or it is a folder with an index."""
        folded = fold(whole)
        for suffix in ("", ".md", ".markdown", "/index.md", "/readme.md"):
            position = self._paths.get(whole + suffix)
            if position is None:
                position = self._folded.get(folded + suffix)
            if position is not None:
                return self._entries[position]
        return None

    def _by_name(self, target: str, path: str) -> Entry | UnresolvedReason:
        found = self._at(target)
        if found is not None:
            return found
        wanted = "/" + _without_suffix(fold(target))
        ends = [
            entry
            for position in self._names.get(_name(fold(target)), ())
            if ("/" + _without_suffix(_meant(fold((entry := self._entries[position]).path), entry))).endswith(wanted)
        ]
        if ends:
            here = posixpath.dirname(path)
            return next((entry for entry in ends if posixpath.dirname(entry.path) == here), ends[0])
        return self._only(self._titles.get(fold(target), ()), path)

    def _by_id_or_number(self, link: Link, path: str) -> Entry | UnresolvedReason:
        target = link.target.strip()
        position = self._ids.get(target)
        if position is not None:
            return self._entries[position]
        if target in self._foreign and not link.reverse:  # its relations are its own source's affair
            return self._foreign[target]
        number = _NUMBER.fullmatch(target)
        return self._only(self._numbers.get(int(number[1]), ()), path) if number else UnresolvedReason.MISSING

    def _only(self, positions: Iterable[int], path: str) -> Entry | UnresolvedReason:
        """The one document at these positions; several are told apart by the asking document's folder."""
        found = [self._entries[position] for position in positions]
        if len(found) > 1:
            here = posixpath.dirname(path)
            found = [entry for entry in found if posixpath.dirname(entry.path) == here]
            if len(found) != 1:
                return UnresolvedReason.AMBIGUOUS
        return found[0] if found else UnresolvedReason.MISSING


def stated(index: LinkIndex, path: str, node_id: str, links: Iterable[Link]) -> Iterator[Wanted | Unresolved]:
    """What a document's links come to: relations, each once, and the links that lead nowhere.

    A plain link to a document that a typed relation of the same file joins already is not a second relation.
    """
    resolved: list[tuple[Link, Entry]] = []
    for link in links:
        found = index.resolve(link, path)
        if isinstance(found, Entry):
            resolved.append((link, found))
        elif link.required:
            yield Unresolved(path, link.line, link.target, link.kind, found)
    typed = {entry.node_id for link, entry in resolved if link.relation is not RelationType.RELATES_TO}
    seen: set[tuple[str, str, RelationType]] = set()
    for link, entry in resolved:
        if entry.node_id == node_id or (link.relation is RelationType.RELATES_TO and entry.node_id in typed):
            continue
        pair = (entry.node_id, node_id) if link.reverse else (node_id, entry.node_id)
        if (*pair, link.relation) not in seen:
            seen.add((*pair, link.relation))
            yield Wanted(*pair, link.relation, link.kind)


def fold(text: str) -> str:
    """Text as paths and names are compared: without case, composed (macOS stores names decomposed)."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def _without_suffix(folded: str) -> str:
    for suffix in NOTE_SUFFIXES:
        if folded.endswith(suffix):
            return folded[: -len(suffix)]
    return folded


def _meant(folded: str, entry: Entry) -> str:
    """The path that names a document: of a decision with a folder of its own, the folder's."""
    return posixpath.dirname(folded) if entry.decision and names.is_index(folded) else folded


def _name(folded: str) -> str:
    return _without_suffix(folded.rpartition("/")[2])
