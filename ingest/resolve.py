"""From links as written to the nodes that are meant, within one source of documents. Pure.

The rules are Obsidian's as observed: `./`, `../` and markdown links are relative to the note; else a path from the
root, a note in the same folder, a path's end by whole segments (shortest path first); case is ignored, `.md`
optional. Outside of vaults they are extended by what decision records need: then ids, ADR numbers and titles, each
only when one document answers. In a Logseq graph names count, not paths: of pages, of journals in any spelling of
their date, aliases after them.
"""

import copy
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from stratumiops.graph.models import RelationType
from stratumiops.ingest.adr import names
from stratumiops.ingest.logseq import days
from stratumiops.ingest.markdown import NOTE_SUFFIXES
from stratumiops.ingest.models import DocumentFormat, Link, LinkKind

_ROOTED = ("./", "../", "/")
_SUFFIXES = ("", ".md", ".markdown", "/index.md", "/readme.md")
_OWN_LINKS = {LinkKind.WIKILINK, LinkKind.EMBED}
_NUMBER = re.compile(r"(?:adrs?[-_ #]*|#)?0*(\d{1,6})", re.IGNORECASE)


class UnresolvedReason(StrEnum):
    """Why a link leads nowhere."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document that links can mean; `date` is a journal's day."""

    path: str
    node_id: str
    title: str
    decision: bool
    format: DocumentFormat = DocumentFormat.AUTO
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    date: str | None = None


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
    """A relation that a document states, between ids; `path` and `line` tell where."""

    source: str
    target: str
    relation: RelationType
    origin: LinkKind
    path: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A block, by its place in its document, refers to a node, or to the block of that node with this id."""

    block: int
    node_id: str
    target: str | None = None


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
        self._called: dict[str, list[int]] = {}
        self._aliases: dict[str, list[int]] = {}
        self._days: dict[str, list[int]] = {}
        self._foreign: dict[str, Entry] = {}
        self._blocks: Mapping[str, frozenset[str]] = {}
        for position, entry in enumerate(self._entries):
            self._add(position, entry)

    def _add(self, position: int, entry: Entry) -> None:
        folded = fold(entry.path)
        self._paths[entry.path] = position
        self._folded.setdefault(folded, position)
        self._names.setdefault(_name(_meant(folded, entry)), []).append(position)
        self._ids[entry.node_id] = position
        self._titles.setdefault(fold(entry.title), []).append(position)
        if entry.format is DocumentFormat.LOGSEQ:
            for name in dict.fromkeys(map(fold, entry.names)):
                self._called.setdefault(name, []).append(position)
            for name in dict.fromkeys(map(fold, entry.aliases)):
                self._aliases.setdefault(name, []).append(position)
            if entry.date:
                self._days.setdefault(entry.date, []).append(position)
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

    def with_blocks(self, blocks: Iterable[tuple[str, str]]) -> "LinkIndex":
        """The same index, which knows of these blocks: (block id, node id) each."""
        found: dict[str, set[str]] = {}
        for block_id, node_id in blocks:
            if node_id in self._ids:
                found.setdefault(block_id, set()).add(node_id)
        other = copy.copy(self)
        vars(other)["_blocks"] = {block_id: frozenset(nodes) for block_id, nodes in found.items()}
        return other

    def format_of(self, path: str) -> DocumentFormat:
        """How the document at a path was read."""
        position = self._paths.get(path)
        return DocumentFormat.AUTO if position is None else self._entries[position].format

    def has_block(self, node_id: str, block_id: str) -> bool:
        """Whether the node has a block of this id."""
        return node_id in self._blocks.get(block_id, ())

    def resolve(self, link: Link, path: str) -> Entry | UnresolvedReason:
        """The document that a link of the document at `path` means, or why there is none."""
        target, form = link.target.strip(), self.format_of(path)
        if link.kind is LinkKind.BLOCK_REF:
            return self._by_block(target, path)
        if link.kind is LinkKind.MARKDOWN or (form is not DocumentFormat.LOGSEQ and target.startswith(_ROOTED)):
            return self._relative(target, path, fall_back=not target.startswith(_ROOTED))
        found: Entry | UnresolvedReason = UnresolvedReason.MISSING
        if form is DocumentFormat.LOGSEQ:
            found = self._by_page_name(target, path)
        typed = link.kind in {LinkKind.STATUS, LinkKind.FRONTMATTER}
        if typed and found is UnresolvedReason.MISSING:
            found = self._relative(target, path, fall_back=False)
            found = found if isinstance(found, Entry) else self._by_id_or_number(link, path)
        if form is DocumentFormat.LOGSEQ:
            return UnresolvedReason.MISSING if found is UnresolvedReason.OUTSIDE else found
        if found is UnresolvedReason.MISSING or found is UnresolvedReason.OUTSIDE:
            found = self._by_name(target, path)
        by_id = link.kind is LinkKind.WIKILINK and form is not DocumentFormat.OBSIDIAN and not target.isdigit()
        if found is UnresolvedReason.MISSING and by_id:
            found = self._by_id_or_number(link, path)
        return found

    def _by_block(self, block_id: str, path: str) -> Entry | UnresolvedReason:
        """The document that has the block; of several, the one that asks."""
        nodes = self._blocks.get(block_id, frozenset())
        found = [self._entries[self._ids[node_id]] for node_id in nodes]
        own = [entry for entry in found if entry.path == path]
        if len(own or found) > 1:
            return UnresolvedReason.AMBIGUOUS
        return (own or found)[0] if found else UnresolvedReason.MISSING

    def _by_page_name(self, target: str, path: str) -> Entry | UnresolvedReason:
        """The Logseq page of this name, the journal of this day, or the page with this alias."""
        folded = fold(target)
        found = self._only(self._called.get(folded, ()), path)
        if found is UnresolvedReason.MISSING and self._days and (day := days.find(target)) is not None:
            found = self._only(self._days.get(day.isoformat(), ()), path)
        if found is UnresolvedReason.MISSING:
            found = self._only(self._aliases.get(folded, ()), path)
        return found

    def _relative(self, target: str, path: str, *, fall_back: bool) -> Entry | UnresolvedReason:
        folder = "" if target.startswith("/") else posixpath.dirname(path)
        whole = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
        if whole == ".." or whole.startswith("../"):
            return UnresolvedReason.OUTSIDE
        found = self._at(whole, path)
        if found is not None:
            return found
        return self._by_name(target, path) if fall_back else UnresolvedReason.MISSING

    def _at(self, whole: str, path: str) -> Entry | None:
        """The note at a path from the root; the ending may be missing, or (not in vaults) it is a folder's index."""
        folded = fold(whole)
        vault = self.format_of(path) is DocumentFormat.OBSIDIAN
        for suffix in _SUFFIXES[: 3 if vault else None]:
            position = self._paths.get(whole + suffix)
            if position is None:
                position = self._folded.get(folded + suffix)
            if position is not None:
                return self._entries[position]
        return None

    def _by_name(self, target: str, path: str) -> Entry | UnresolvedReason:
        found = self._at(target, path)
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
        if self.format_of(path) is DocumentFormat.OBSIDIAN:
            return UnresolvedReason.MISSING
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

    A plain link to a document that a typed relation of the same file joins already is not a second relation. In a
    Logseq graph and a vault, a note that links to itself by name is joined to itself, as these programs show it.
    """
    form = index.format_of(path)
    vault = form in {DocumentFormat.LOGSEQ, DocumentFormat.OBSIDIAN}
    resolved: list[tuple[Link, Entry]] = []
    for link in links:
        found = index.resolve(link, path)
        if isinstance(found, Entry):
            resolved.append((link, found))
            heading = link.heading or ""
            lost = heading.startswith("^") and not index.has_block(found.node_id, heading[1:])
            if lost and form is DocumentFormat.OBSIDIAN:
                whole = f"{link.target}#{heading}"
                yield Unresolved(path, link.line, whole, link.kind, UnresolvedReason.MISSING)
        elif link.required:
            yield Unresolved(path, link.line, link.target, link.kind, found)
    typed = {entry.node_id for link, entry in resolved if link.relation is not RelationType.RELATES_TO}
    seen: set[tuple[str, str, RelationType]] = set()
    for link, entry in resolved:
        plain = link.relation is RelationType.RELATES_TO
        itself = entry.node_id == node_id and not (vault and plain and link.kind in _OWN_LINKS)
        if itself or (plain and entry.node_id in typed):
            continue
        pair = (entry.node_id, node_id) if link.reverse else (node_id, entry.node_id)
        if (*pair, link.relation) not in seen:
            seen.add((*pair, link.relation))
            yield Wanted(*pair, link.relation, link.kind, path, link.line)


def referred(index: LinkIndex, path: str, links: Iterable[Link]) -> list[Reference]:
    """What the blocks of a document refer to, each once, in order."""
    found: dict[Reference, None] = {}
    for link in links:
        entry = index.resolve(link, path) if link.block is not None else None
        if link.block is None or not isinstance(entry, Entry) or not entry.path:
            continue
        block_id = link.target if link.kind is LinkKind.BLOCK_REF else (link.heading or "").removeprefix("^")
        named = link.kind is LinkKind.BLOCK_REF or (link.heading or "").startswith("^")
        known = named and index.has_block(entry.node_id, block_id)
        found[Reference(link.block, entry.node_id, block_id if known else None)] = None
    return list(found)


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
