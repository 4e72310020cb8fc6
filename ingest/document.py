"""One file, read: bytes and path in, a `ParsedDocument` out. Never raises on what the bytes are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stratumiops.graph.models import MAX_TITLE, NodeType, RelationType
from stratumiops.graph.validation import MAX_SHORT_TEXT
from stratumiops.ingest import fields, frontmatter, items, markdown, stated
from stratumiops.ingest.adr import header, names, phrases, status
from stratumiops.ingest.frontmatter import FrontMatter
from stratumiops.ingest.logseq.layout import DEFAULT, Layout
from stratumiops.ingest.logseq.page import parse_page
from stratumiops.ingest.markdown import Found, Heading, Lines
from stratumiops.ingest.models import Block, DocumentFormat, Link, LinkKind, ParsedDocument
from stratumiops.ingest.obsidian.mask import mask_more
from stratumiops.ingest.text import decode

_SECTIONS = re.compile(
    r"[^a-z]*(?:\d+[.)] *)?(?:context(?: and problem statement)?|decision(?: outcome| drivers)?"
    r"|considered options|consequences|problem statement|alternatives(?: considered)?)[^a-z]*",
    re.IGNORECASE,
)
_TYPE_FOLDERS = {
    "guidelines": NodeType.GUIDELINE,
    "patterns": NodeType.PATTERN,
    "journal": NodeType.JOURNAL,
    "journals": NodeType.JOURNAL,
    "executions": NodeType.EXECUTION,
}
_LINKS_HEADING = re.compile(r"[^a-z]*links\b[^a-z]*", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(\S[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Body:
    """The text after the front matter, seen once: masked, with headings, links and lines."""

    text: str
    masked: str
    headings: Sequence[Heading]
    links: Sequence[Found]
    lines: Lines


def parse_document(
    path: str, data: bytes, wanted: DocumentFormat = DocumentFormat.AUTO, layout: Layout = DEFAULT
) -> ParsedDocument:
    """Read one file. `path` is relative to the imported folder, with `/`; `layout` is that of a Logseq graph."""
    source = decode(data)
    cut = frontmatter.split(source.text)
    front = frontmatter.parse(cut.block) if cut.block is not None else FrontMatter()
    if wanted is DocumentFormat.LOGSEQ:
        return parse_page(path, source, cut, front, layout)
    masked = markdown.mask(cut.body)
    if wanted is DocumentFormat.OBSIDIAN:
        masked = mask_more(masked)
    body = _Body(
        cut.body,
        masked,
        markdown.headings(cut.body, masked),
        markdown.find_links(cut.body, masked),
        Lines(cut.body, cut.body_line),
    )
    part = status.find(body.text, masked, body.headings)
    node_type = _type(path, wanted, front, body, part)
    decision = node_type is NodeType.DECISION
    problems = [*source.problems, *front.problems]
    links = list(stated.links(front))
    if decision:
        links += _status_links(front, body, part)
    links += _other_links(body, links)
    tags = markdown.tag_places(masked) if "#" in masked else []
    blocks = items.read(cut.body, masked, cut.body_line, tags)
    if blocks:
        links = items.placed(links, blocks)
    head = header.lines(body.text, masked, body.headings) if decision else {}
    raw = fields.text_of(front, "status") or (part.raw if decision and part else "")
    meaning = status.canonical(raw) if decision else None
    aliases = fields.aliases_of(front)
    return ParsedDocument(
        path=path,
        type=node_type,
        title=_title(path, front, body, decision=decision),
        content=cut.body,
        node_id=fields.node_id(front, problems),
        tags=fields.clean_tags(
            [*fields.tags_of(front), *header.names(head.get("tags", "")), *(tag for tag, _ in tags)]
        ),
        status=(meaning.value if meaning else None) if decision else (fields.line(raw, MAX_SHORT_TEXT) or None),
        date=_date(path, front, head, node_type),
        metadata=fields.metadata(front, node_type, problems),
        extra=fields.extra_of(node_type, front, head, raw),
        links=tuple(links),
        aliases=aliases,
        blocks=tuple(blocks),
        counts=_counts(front, body, len(tags), blocks, len(aliases)),
        encoding=source.encoding,
        front_matter_valid=front.valid if cut.block is not None else None,
        body_line=cut.body_line,
        problems=tuple(problems),
    )


def _counts(front: FrontMatter, body: _Body, tags: int, blocks: Sequence[Block], aliases: int) -> dict[str, int]:
    """What `COUNTED` names, in a note that is no Logseq page."""
    wiki = [one for one in body.links if body.text.startswith(("[[", "![["), one.start)]
    embeds = sum(one.kind is LinkKind.EMBED for one in wiki)
    return {
        "pages": 1,
        "journals": 0,
        "blocks": len(blocks),
        "wikilinks": len(wiki) - embeds,
        "block_refs": sum((one.heading or "").startswith("^") for one in wiki),
        "embeds": embeds,
        "properties": len(front.data) if front.valid else 0,
        "tags": tags,
        "aliases": aliases,
        "tasks": sum(block.marker is not None for block in blocks),
    }


def reads_like_decision(data: bytes) -> bool:
    """Whether the content has a decision's status or sections, whatever the file is called."""
    return parse_document("0001.md", data, DocumentFormat.AUTO).type is NodeType.DECISION


def _type(
    path: str, wanted: DocumentFormat, front: FrontMatter, body: _Body, part: status.StatusPart | None
) -> NodeType:
    for key in ("type", "node_type"):
        said = fields.TYPES.get(fields.text_of(front, key).lower())
        if said is not None:
            return said
    if wanted is DocumentFormat.MARKDOWN or names.is_template(path):
        return NodeType.NOTE
    like_one = bool(part) or bool(fields.text_of(front, "status")) or _has_sections(body.headings)
    if names.is_index(path):
        return NodeType.DECISION if names.is_folder_per_decision(path) and like_one else NodeType.NOTE
    named = names.is_decision_name(path)
    if wanted is DocumentFormat.ADR:
        return NodeType.DECISION if named else NodeType.NOTE
    folder = names.folder(path).lower()
    if folder in _TYPE_FOLDERS:
        return _TYPE_FOLDERS[folder]
    return NodeType.DECISION if like_one and (named or folder in names.FOLDERS) else NodeType.NOTE


def _has_sections(headings: Sequence[Heading]) -> bool:
    return sum(_SECTIONS.fullmatch(heading.text) is not None for heading in headings) >= 2


def _status_links(front: FrontMatter, body: _Body, part: status.StatusPart | None) -> list[Link]:
    """Relations that the status part and the list under `## Links` state."""
    links = list(stated.status_links(fields.text_of(front, "status"), front.lines.get("status", 1)))
    found: list[phrases.Phrase] = []
    if part is not None:
        found += phrases.read(body.masked, body.links, part.begin, part.end)
    for index, heading in enumerate(body.headings):
        if _LINKS_HEADING.fullmatch(heading.text):
            end = body.headings[index + 1].start if index + 1 < len(body.headings) else len(body.masked)
            found += _listed(body, heading.end, end)
    links += [Link(LinkKind.STATUS, one.target, body.lines.at(one.start), one.relation, one.reverse) for one in found]
    return links


def _listed(body: _Body, begin: int, end: int) -> list[phrases.Phrase]:
    """Bullets that begin with a verb, `- Supersedes [x](y.md)`, or whose link is one, `[Refines](y.md)`."""
    found: list[phrases.Phrase] = []
    for bullet in _BULLET.finditer(body.masked, begin, end):
        linked = next((one for one in body.links if one.start == bullet.start(1)), None)
        if linked is None:
            found += phrases.read(body.masked, body.links, bullet.start(1), bullet.end(1))
            continue
        verb = phrases.verb_of(markdown.shown(body.text[linked.start : linked.end]))
        if verb is not None and linked.target:
            found.append(phrases.Phrase(*verb, linked.target, linked.start, linked))
    return found


def _other_links(body: _Body, typed: Sequence[Link]) -> list[Link]:
    """The body's links that no typed relation of this file names already."""
    named = {link.target for link in typed if link.relation is not RelationType.RELATES_TO}
    links = []
    for found in body.links:
        link = markdown.note_link(found, body.lines.at(found.start)) if found.target not in named else None
        if link is not None:
            links.append(link)
    return links


def _title(path: str, front: FrontMatter, body: _Body, *, decision: bool) -> str:
    first = next((heading.text for heading in body.headings if heading.level == 1 and heading.text), "")
    written = fields.text_of(front, "title") or first
    return (
        fields.line(written, MAX_TITLE) or fields.line(names.title_of(path, decision=decision), MAX_TITLE) or "untitled"
    )


def _date(path: str, front: FrontMatter, head: dict[str, str], node_type: NodeType) -> str | None:
    written = fields.text_of(front, "date") or head.get("date", "")
    named = names.name_date(path) if node_type in {NodeType.DECISION, NodeType.JOURNAL} else None
    return header.parse_date(written) or (header.date_of(*named) if named else None)
