"""One file of a Logseq graph, read: a page or a journal, its bullets as blocks, its links."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from stratumiops.graph.models import MAX_ID, MAX_TITLE, NodeType
from stratumiops.graph.validation import MAX_SHORT_TEXT
from stratumiops.ingest import fields, stated
from stratumiops.ingest.adr import header, status
from stratumiops.ingest.frontmatter import FrontMatter, Split, clean
from stratumiops.ingest.items import MAX_BLOCKS
from stratumiops.ingest.logseq import days, outline, properties
from stratumiops.ingest.logseq.layout import Layout, Place
from stratumiops.ingest.logseq.outline import BULLET, Bullet, Outline
from stratumiops.ingest.markdown import find_links, note_link, tag_places
from stratumiops.ingest.models import Block, Link, LinkKind, ParsedDocument, Problem
from stratumiops.ingest.tasks import MARKER, MARKERS, planned
from stratumiops.ingest.text import SourceText

_PAGE = re.compile(r"\[\[([^\[\]\n]+)\]\]")
_BLOCK = re.compile(r"\(\(([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\)\)")
_EMBED: Final = re.compile(r"\{\{embed[ \t]+$")
_EMBEDS = re.compile(r"\{\{embed[ \t]+(?:\[\[|\(\()")
_LONGEST_EMBED: Final = 20
_LISTS: Final = {"tags", "alias"}


@dataclass(frozen=True, slots=True)
class _Property:
    """A property and the line it is on, counted from 0."""

    name: str
    value: str
    line: int


class _Page:
    """A page's text, seen once. Line numbers inside count from 0; `first` is the file's line of the first one."""

    def __init__(self, body: str, first: int) -> None:
        self.first = first
        self.outline: Outline = outline.read(body)
        self.text = self.outline.text
        self._ends = list(accumulate(len(line) + 1 for line in self.outline.masked))
        self.bullets = self.outline.bullets[:MAX_BLOCKS]
        self.owner = [-1] * len(self.outline.lines)
        for place, bullet in enumerate(self.bullets):
            self.owner[bullet.start : bullet.end] = [place] * (bullet.end - bullet.start)
        self.properties = list(self._properties()) if "::" in self.text else []
        self.own = self._page_properties()
        self.tags = list(self._tags()) if "#" in self.text else []

    def line(self, position: int) -> int:
        """The line that a position of `text` is on."""
        return bisect_right(self._ends, position)

    def _properties(self) -> Iterator[_Property]:
        for number, line in enumerate(self.outline.masked):
            found = properties.LINE.match(line) if "::" in line else None
            if found is not None:
                value = self.outline.lines[number][found.start("value") :] if found["value"] is not None else ""
                yield _Property(properties.fold(found["name"]), value.strip(), number)

    def _page_properties(self) -> list[_Property]:
        """Those above the first bullet, without a gap; in older graphs those of a first bullet that has no text."""
        lines = {one.line: one for one in self.properties}
        number = 0
        while number < len(self.outline.lines) and not self.outline.lines[number].strip():
            number += 1
        limit = len(self.outline.lines)
        if self.bullets and self.bullets[0].start == number:
            first = self.bullets[0]
            texts = [n for n in range(first.start, first.end) if self.outline.lines[n].strip()]
            limit = first.end if all(n in lines for n in texts) else number
        elif self.bullets:
            limit = self.bullets[0].start
        found = []
        while number < limit and number in lines:
            found.append(lines[number])
            number += 1
        return found

    def _tags(self) -> Iterator[tuple[str, int]]:
        """Every `#tag` and `#[[two words]]`, and the line it is on."""
        for found in _PAGE.finditer(self.text):
            if self.text.startswith("#", found.start() - 1) and found.start():
                yield found[1].strip(), self.line(found.start())
        for tag, at in tag_places(self.text):
            yield tag, self.line(at)


def parse_page(path: str, source: SourceText, cut: Split, yaml: FrontMatter, layout: Layout) -> ParsedDocument:
    """Read a page or a journal; `yaml` is the front matter that older graphs have."""
    page = _Page(cut.body, cut.body_line)
    front = _front(yaml, page)
    problems = [*source.problems, *yaml.problems]
    journal = layout.place(path) is Place.JOURNAL
    node_type = _type(front, journal=journal)
    decision = node_type is NodeType.DECISION
    name = layout.page_name(path)
    day = _day(path, layout) if journal else None
    title = fields.line(fields.text_of(front, "title"), MAX_TITLE)
    spelled = days.write(layout.journal_title, day) if day else name
    raw = fields.text_of(front, "status")
    meaning = status.canonical(raw) if decision else None
    blocks = _blocks(page)
    aliases = fields.aliases_of(front)
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if len(page.outline.bullets) > MAX_BLOCKS:
        message = f"has {len(page.outline.bullets):,} blocks; the first {MAX_BLOCKS:,} were kept as such"
        problems.append(Problem("TOO_MANY_BLOCKS", message))
    return ParsedDocument(
        path=path,
        type=node_type,
        title=title or fields.line(spelled, MAX_TITLE) or fields.line(stem, MAX_TITLE) or "untitled",
        content=cut.body,
        node_id=fields.node_id(yaml, problems),
        tags=fields.clean_tags([*fields.tags_of(front), *(tag for tag, _ in page.tags)]),
        status=(meaning.value if meaning else None) if decision else (fields.line(raw, MAX_SHORT_TEXT) or None),
        date=day.isoformat() if day else header.parse_date(fields.text_of(front, "date")),
        metadata=fields.metadata(front, node_type, problems),
        extra=fields.extra_of(node_type, front, {}, raw),
        links=tuple(_links(page, front)),
        aliases=aliases,
        names=_names(title, spelled, name, stem),
        blocks=tuple(blocks),
        counts=_counts(page, yaml, blocks, len(aliases), journal=journal),
        encoding=source.encoding,
        front_matter_valid=yaml.valid if cut.block is not None else None,
        problems=tuple(problems),
    )


def _front(yaml: FrontMatter, page: _Page) -> FrontMatter:
    """Page properties and YAML as one; a property wins over a key."""
    if not page.own:
        return yaml
    data: dict[str, Any] = dict(yaml.data)
    text: dict[str, str | list[str]] = dict(yaml.text)
    lines: dict[str, int] = dict(yaml.lines)
    for one in page.own:
        if one.name == "id":
            continue  # a block's id, not the node's
        value = clean(one.value)
        data[one.name] = properties.typed(value)
        text[one.name] = properties.names_in(value) if one.name in _LISTS else value
        lines[one.name] = page.first + one.line
    return FrontMatter(data, text, lines, yaml.valid, yaml.problems)


def _type(front: FrontMatter, *, journal: bool) -> NodeType:
    for key in ("type", "node_type"):
        [said, *_] = properties.names_in(fields.text_of(front, key)) or [""]
        if said.lower() in fields.TYPES:
            return fields.TYPES[said.lower()]
    return NodeType.JOURNAL if journal else NodeType.NOTE


def _day(path: str, layout: Layout) -> dt.date | None:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return days.read(layout.journal_file, stem) or days.find(stem)


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cleaned for name in names if (cleaned := fields.line(name, MAX_TITLE))))


# ---- blocks


def _blocks(page: _Page) -> list[Block]:
    tags: dict[int, list[str]] = {}
    for tag, line in page.tags:
        tags.setdefault(page.owner[line], []).append(tag)
    held: dict[int, dict[int, _Property]] = {}
    for one in page.properties:
        held.setdefault(page.owner[one.line], {})[one.line] = one
    blocks = []
    for place, bullet in enumerate(page.bullets):
        blocks.append(_block(page, bullet, tags.get(place, ()), held.get(place, {})))
    return blocks


def _block(page: _Page, bullet: Bullet, tags: Sequence[str], held: Mapping[int, _Property]) -> Block:
    first = page.outline.lines[bullet.start]
    begin = BULLET.match(first)
    head = first[begin.end() :] if begin is not None else first
    marked = MARKER.match(head)
    said = {one.name: clean(one.value) for one in held.values()}
    when: dict[str, str] = {}
    texts: list[str] = []
    if bullet.start not in held:
        texts.append(marked[1] + head[marked.end() :] if marked is not None else head)
    prefix = first[: len(first) - len(first.lstrip(" \t"))]
    logbook = False
    for number in range(bullet.start + 1, bullet.end):
        line = page.outline.lines[number]
        plan = planned(line) if "<" in line else None
        word = line.strip().upper()
        logbook = word == ":LOGBOOK:" or (logbook and word != ":END:")
        if plan is not None:
            when.setdefault(*plan)
        elif number not in held and not logbook and word != ":END:":
            texts.append(_dedented(line, prefix))
    own_id = fields.line(said.get("id", ""), MAX_ID + 1)
    listed = properties.names_in(said["tags"]) if "tags" in said else []
    return Block(
        text="\n".join(texts).strip("\n").rstrip(),
        depth=bullet.depth,
        start_line=page.first + bullet.start,
        end_line=page.first + bullet.end - 1,
        parent=bullet.parent,
        own_id=own_id if 0 < len(own_id) <= MAX_ID else None,
        marker=marked[2] if marked is not None else None,
        state=MARKERS[marked[2]] if marked is not None else None,
        priority=marked[3].upper() if marked is not None and marked[3] else None,
        scheduled=when.get("scheduled"),
        deadline=when.get("deadline"),
        tags=fields.clean_tags([*listed, *tags]),
        properties=said,
    )


def _dedented(line: str, prefix: str) -> str:
    """A further line without the bullet's own indentation and the two blanks under the bullet."""
    if not line.startswith(prefix):
        return line.lstrip(" \t")
    rest = line[len(prefix) :]
    return rest[2:] if rest.startswith("  ") else rest.removeprefix("\t").removeprefix(" ")


# ---- links


def _links(page: _Page, front: FrontMatter) -> Iterator[Link]:
    yield from stated.links(front)
    for tag in fields.tags_of(front):
        if tag.strip() and "[[" not in tag:
            yield Link(LinkKind.TAG, tag.strip(), front.lines.get("tags", page.first), required=False)
    done = {one.line for one in page.own}
    for link in _written(page):
        if link.line not in done:
            place = page.owner[link.line]
            yield Link(
                link.kind,
                link.target,
                page.first + link.line,
                required=link.required,
                heading=link.heading,
                block=place if place >= 0 else None,
            )


def _written(page: _Page) -> Iterator[Link]:
    """Links of the text with their lines, counted from 0."""
    text, lines = page.text, page.outline.lines
    for found in _PAGE.finditer(text):
        number = page.line(found.start())
        tagged = found.start() > 0 and text[found.start() - 1] == "#"
        embed = _EMBED.search(text, max(0, found.start() - _LONGEST_EMBED), found.start()) is not None
        kind = LinkKind.TAG if tagged else LinkKind.EMBED if embed else LinkKind.WIKILINK
        yield Link(kind, found[1].strip(), number)
    for found in _BLOCK.finditer(text):
        yield Link(LinkKind.BLOCK_REF, found[1].lower(), page.line(found.start()))
    for tag, number in page.tags:
        if f"#[[{tag}" not in lines[number]:
            yield Link(LinkKind.TAG, tag, number, required=False)
    if "](" in text:
        for one in find_links(text, text):
            if text.startswith(("[[", "![["), one.start) or one.target.startswith(("[[", "((")):
                continue
            link = note_link(one, page.line(one.start))
            if link is not None and not one.target.startswith("("):
                yield link


def _counts(page: _Page, yaml: FrontMatter, blocks: Sequence[Block], aliases: int, *, journal: bool) -> dict[str, int]:
    return {
        "pages": int(not journal),
        "journals": int(journal),
        "blocks": sum(not bullet.code for bullet in page.outline.bullets),
        "wikilinks": sum(1 for _ in _PAGE.finditer(page.text)),
        "block_refs": sum(1 for _ in _BLOCK.finditer(page.text)),
        "embeds": sum(1 for _ in _EMBEDS.finditer(page.text)),
        "properties": len(page.properties) + (len(yaml.data) if yaml.valid else 0),
        "tags": len(page.tags),
        "aliases": aliases,
        "tasks": sum(block.marker is not None for block in blocks),
    }
