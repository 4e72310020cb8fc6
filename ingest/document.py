"""One file, read: bytes and path in, a `ParsedDocument` out. Never raises on what the bytes are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.models import (
    EXTRA_FIELDS,
    MAX_ID,
    MAX_METADATA,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    NodeType,
    RelationType,
)
from stratumiops.graph.validation import MAX_SHORT_TEXT
from stratumiops.ingest import frontmatter, markdown, stated
from stratumiops.ingest.adr import header, names, phrases, status
from stratumiops.ingest.frontmatter import MAX_FRONT_MATTER, FrontMatter
from stratumiops.ingest.markdown import Found, Heading, Lines
from stratumiops.ingest.models import DocumentFormat, Link, LinkKind, ParsedDocument, Problem
from stratumiops.ingest.text import decode

_SECTIONS = re.compile(
    r"[^a-z]*(?:\d+[.)] *)?(?:context(?: and problem statement)?|decision(?: outcome| drivers)?"
    r"|considered options|consequences|problem statement|alternatives(?: considered)?)[^a-z]*",
    re.IGNORECASE,
)
_TYPES = {node_type.value: node_type for node_type in NodeType}
_TYPE_FOLDERS = {
    "guidelines": NodeType.GUIDELINE,
    "patterns": NodeType.PATTERN,
    "journal": NodeType.JOURNAL,
    "journals": NodeType.JOURNAL,
    "executions": NodeType.EXECUTION,
}
_LINKS_HEADING = re.compile(r"[^a-z]*links\b[^a-z]*", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(\S[^\n]*)$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAPPED = {"id", "title", "type", "node_type", "tags", "tag", "status", "date", "relations", "metadata"}
_PEOPLE = ("deciders", "decision_makers", "decision_maker", "decider", "authors", "author")
_NUMBERS = {"priority", "duration_ms", "tokens_used", "cost_cents"}
_LISTS = {"overrides"}


@dataclass(frozen=True, slots=True)
class _Body:
    """The text after the front matter, seen once: masked, with headings, links and lines."""

    text: str
    masked: str
    headings: Sequence[Heading]
    links: Sequence[Found]
    lines: Lines


def parse_document(path: str, data: bytes, wanted: DocumentFormat = DocumentFormat.AUTO) -> ParsedDocument:
    """Read one file. `path` is relative to the imported folder, with `/`."""
    source = decode(data)
    cut = frontmatter.split(source.text)
    front = frontmatter.parse(cut.block) if cut.block is not None else FrontMatter()
    masked = markdown.mask(cut.body)
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
    head = header.lines(body.text, masked, body.headings) if decision else {}
    raw = _text(front, "status") or (part.raw if decision and part else "")
    meaning = status.canonical(raw) if decision else None
    return ParsedDocument(
        path=path,
        type=node_type,
        title=_title(path, front, body, decision=decision),
        content=cut.body,
        node_id=_node_id(front, problems),
        tags=_tags(front, head, masked),
        status=(meaning.value if meaning else None) if decision else (_line(raw, MAX_SHORT_TEXT) or None),
        date=_date(path, front, head, node_type),
        metadata=_metadata(front, node_type, problems),
        extra=_extra(node_type, front, head, raw),
        links=tuple(links),
        aliases=tuple(_list(front, "aliases") or _list(front, "alias")),
        encoding=source.encoding,
        front_matter_valid=front.valid if cut.block is not None else None,
        body_line=cut.body_line,
        problems=tuple(problems),
    )


def reads_like_decision(data: bytes) -> bool:
    """Whether the content has a decision's status or sections, whatever the file is called."""
    return parse_document("0001.md", data, DocumentFormat.AUTO).type is NodeType.DECISION


def _type(
    path: str, wanted: DocumentFormat, front: FrontMatter, body: _Body, part: status.StatusPart | None
) -> NodeType:
    for key in ("type", "node_type"):
        said = _TYPES.get(_text(front, key).lower())
        if said is not None:
            return said
    if wanted is DocumentFormat.MARKDOWN or names.is_template(path):
        return NodeType.NOTE
    like_one = bool(part) or bool(_text(front, "status")) or _has_sections(body.headings)
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
    links = list(stated.status_links(_text(front, "status"), front.lines.get("status", 1)))
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


def _text(front: FrontMatter, *keys: str) -> str:
    """The first of these keys that is there, as written; a list's items joined by commas."""
    for key in keys:
        value = front.text.get(key)
        if value:
            return (", ".join(value) if isinstance(value, list) else value).strip()
    return ""


def _list(front: FrontMatter, key: str) -> list[str]:
    """A key's value as several: a list, or text parted by commas."""
    value = front.text.get(key)
    if isinstance(value, list):
        return [item.strip() for item in value if item.strip()]
    return [item.strip() for item in value.split(",") if item.strip()] if value else []


def _title(path: str, front: FrontMatter, body: _Body, *, decision: bool) -> str:
    first = next((heading.text for heading in body.headings if heading.level == 1 and heading.text), "")
    written = _text(front, "title") or first
    return _line(written, MAX_TITLE) or _line(names.title_of(path, decision=decision), MAX_TITLE) or "untitled"


def _node_id(front: FrontMatter, problems: list[Problem]) -> str | None:
    written = _line(_text(front, "id"), MAX_FRONT_MATTER)
    if len(written) > MAX_ID:
        message = f"the id has {len(written):,} characters; up to {MAX_ID} are possible; it was not used"
        problems.append(Problem("BAD_ID", message, front.lines.get("id")))
        return None
    return written or None


def _tags(front: FrontMatter, head: dict[str, str], masked: str) -> tuple[str, ...]:
    """Tags of the front matter, of a `Tags:` line and of the text, each once, without `#`."""
    written: list[str] = []
    for key in ("tags", "tag"):
        value = front.text.get(key)
        written += value if isinstance(value, list) else re.split(r"[,\s]+", value or "")
    written += header.names(head.get("tags", ""))
    written += markdown.find_tags(masked) if "#" in masked else []
    tags = dict.fromkeys(tag for item in written if (tag := _line(item.strip().lstrip("#"), MAX_TAG)))
    return tuple(tags)[:MAX_TAGS]


def _date(path: str, front: FrontMatter, head: dict[str, str], node_type: NodeType) -> str | None:
    written = _text(front, "date") or head.get("date", "")
    named = names.name_date(path) if node_type in {NodeType.DECISION, NodeType.JOURNAL} else None
    return header.parse_date(written) or (header.date_of(*named) if named else None)


def _metadata(front: FrontMatter, node_type: NodeType, problems: list[Problem]) -> dict[str, Any]:
    """What the front matter says beyond properties and relations; a `metadata:` mapping is merged in."""
    said = {*_MAPPED, *stated.KEYS, *EXTRA_FIELDS[node_type]}
    said |= set(_PEOPLE) if node_type is NodeType.DECISION else set()
    rest = {key: value for key, value in front.data.items() if stated.normal(key) not in said}
    inner = front.data.get("metadata")
    if isinstance(inner, dict):
        rest = {**inner, **rest}
    elif inner is not None:
        rest["metadata"] = inner
    if len(str(rest)) > MAX_METADATA:
        message = f"the front matter unfolds to more than {MAX_METADATA:,} characters; it was not kept as metadata"
        problems.append(Problem("FRONT_MATTER_INVALID", message, 1))
        return {}
    return rest


def _extra(node_type: NodeType, front: FrontMatter, head: dict[str, str], raw: str) -> dict[str, Any]:
    """The properties that only some types have."""
    extra: dict[str, Any] = {}
    if node_type is NodeType.DECISION:
        people = next((_list(front, key) for key in front.data if stated.normal(key) in _PEOPLE), [])
        people = people or header.names(head.get("deciders", ""))
        people = [name for written in people[:MAX_TAGS] if (name := _line(written, MAX_SHORT_TEXT))]
        extra = {"status_raw": _line(raw, MAX_SHORT_TEXT) or None, "deciders": people or None}
    else:
        for key in EXTRA_FIELDS[node_type]:
            extra[key] = _extra_value(front, key)
    return {key: value for key, value in extra.items() if value not in (None, "")}


def _extra_value(front: FrontMatter, key: str) -> Any:
    """A property that only some types have, of its kind."""
    if key in _NUMBERS:
        return _number(key, front.data.get(key))
    if key in _LISTS:
        return [line for one in _list(front, key)[:MAX_TAGS] if (line := _line(one, MAX_SHORT_TEXT))] or None
    return _line(_text(front, key), MAX_SHORT_TEXT)


def _number(key: str, value: Any) -> int | float | None:
    """A count as GraphQL can say it; costs may have a fraction."""
    allowed = int | float if key == "cost_cents" else int
    fits = isinstance(value, allowed) and not isinstance(value, bool) and abs(value) < 2**31
    return value if fits else None


def _line(written: str, limit: int) -> str:
    """One line of text of at most so many characters, without control characters and blanks around it."""
    return _CONTROL.sub(" ", frontmatter.clean(written)).strip()[:limit].strip()
