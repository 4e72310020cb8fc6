"""A node into the file that it came from: only the lines of what changed change. Pure.

What a file said when it and the graph last agreed is its *base*. The content is brought over by a line difference,
so that every line the graph left alone keeps its bytes. A title, a status, tags … are edited in the one line where
they stand (`edits`), else added to the front matter; YAML is never printed anew. Every edit is read again: it
counts only when the file then says what the node says and nothing else changed. What no edit can say is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from stratumiops.graph.models import EXTRA_FIELDS, Node
from stratumiops.ingest import edits
from stratumiops.ingest.draft import Draft
from stratumiops.ingest.lines import read
from stratumiops.ingest.merge import merge_texts
from stratumiops.ingest.models import ParsedDocument
from stratumiops.ingest.reading import Reading

AUTO = Reading()
_ALIASES = "aliases" in Node.__dataclass_fields__  # a node has them where the importer gives it some

_EMPTY_FRONT = "---\n---\n"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file's bytes, and the fields of the node that they cannot say."""

    data: bytes
    unsaid: tuple[str, ...] = ()


def render(
    base: bytes,
    said: ParsedDocument,
    node: Node,
    *,
    reading: Reading = AUTO,
    agreed: Node | None = None,
) -> Rendered:
    """The file with what the graph changed.

    Args:
        base: the file as it was when both sides last agreed.
        said: what the base says, as it is read today.
        node: the node as it is now.
        agreed: the node as it was then; without it, as the base says. A field that has not changed since is left
            to the file, also when today's parser reads it otherwise.
    """
    before = _values(agreed) if agreed is not None else said_values(said)
    now = _values(node)
    changed = [name for name in now if now[name] != before[name]]
    first = draft = Draft(said.path, read(base), reading)
    unsaid = []
    if "content" in changed:
        draft, fits = _with_content(draft, before["content"], now["content"])
        unsaid += [] if fits else ["content"]
    heading = "content" not in changed or draft.heading() == first.heading()
    for name in changed:
        if name != "content":
            draft, missing = _with_field(draft, name, before[name], now[name], now, heading=heading)
            unsaid += missing
    return Rendered(draft.lines.data, tuple(unsaid))


def render_new(path: str, node: Node, reading: Reading = AUTO) -> Rendered:
    """The first file of a node: its content behind front matter, or behind page properties in an outline."""
    now = _values(node)
    draft, fits = _with_content(Draft(path, read(b""), reading), "", now["content"])
    unsaid = [] if fits else ["content"]
    if not reading.logseq:
        draft = draft.with_front("id", node.id).with_front("type", node.type.value)
    empty = said_values(reading.parse(path, b""))
    for name, value in now.items():
        if name == "content":
            continue
        read_now = said_values(draft.parsed)[name]
        if value != read_now:
            before = read_now if name in ("metadata", "extra") else empty[name]
            draft, missing = _with_field(draft, name, before, value, now, heading=False)
            unsaid += missing
    return Rendered(draft.lines.data, tuple(unsaid))


def said_values(said: ParsedDocument) -> dict[str, Any]:
    """What a file says, field by field, as `Node` has it."""
    return {
        "title": said.title,
        "content": said.content,
        "tags": sorted(set(said.tags)),
        **({"aliases": sorted(set(said.aliases))} if _ALIASES else {}),
        "status": said.status,
        "date": said.date,
        "metadata": dict(said.metadata),
        "extra": {name: value for name, value in said.extra.items() if name in EXTRA_FIELDS[said.type]},
    }


def overlaid(said: ParsedDocument, node: Node, agreed: Node | None) -> ParsedDocument:
    """What a file says that was rendered from a node, with the node's own word for what the graph changed.

    Of the content the file's word counts: a title or a status may stand in it.
    """
    before = _values(agreed) if agreed is not None else said_values(said)
    now = _values(node)
    kept: dict[str, Any] = {
        name: now[name] for name in ("title", "status", "date", "metadata") if now[name] != before[name]
    }
    if now["tags"] != before["tags"]:
        kept["tags"] = node.tags
    if now.get("aliases") != before.get("aliases"):
        kept["aliases"] = getattr(node, "aliases", ())
    if now["extra"] != before["extra"]:
        kept["extra"] = {**now["extra"], **{k: v for k, v in said.extra.items() if k == "status_raw"}}
    return replace(said, **kept)


def _values(node: Node) -> dict[str, Any]:
    return {
        "title": node.title,
        "content": node.content.replace("\r\n", "\n").replace("\r", "\n"),
        "tags": sorted(set(node.tags)),
        **({"aliases": sorted(set(getattr(node, "aliases", ())))} if _ALIASES else {}),
        "status": node.status,
        "date": node.date,
        "metadata": dict(node.metadata),
        "extra": {name: node.extra[name] for name in EXTRA_FIELDS[node.type] if node.extra.get(name) is not None},
    }


def _with_content(draft: Draft, before: str, now: str) -> tuple[Draft, bool]:
    """The draft with another text behind its front matter, and whether it can have that."""
    there = draft.parsed.content
    if there != before:  # today's parser, or an edit of another field, sees another text than was agreed
        now = merge_texts(before, there, now).data.decode()
    made = draft.with_body(now)
    if made.parsed.content == now:
        return made, True
    fronted = draft.with_body(_EMPTY_FRONT + now) if draft.front_lines == 0 else made
    return (fronted, True) if fronted.parsed.content == now else (made, False)


def _with_field(
    draft: Draft, name: str, before: Any, now: Any, all_now: dict[str, Any], *, heading: bool
) -> tuple[Draft, list[str]]:
    """The draft with another value of a field, and what of it cannot be said."""
    if name in ("metadata", "extra"):
        return _with_entries(draft, name, before, now, all_now)
    if said_values(draft.parsed)[name] == now:
        return draft, []
    wanted = all_now["extra"].get("status_raw") if name == "status" else None
    for attempt in edits.attempts(draft, name, now, raw=wanted, heading=heading):
        if said_values(attempt.parsed)[name] == now and not _disturbed(draft.parsed, attempt.parsed, name):
            return attempt, []
    return draft, [name]


def _with_entries(
    draft: Draft, name: str, before: dict[str, Any], now: dict[str, Any], all_now: dict[str, Any]
) -> tuple[Draft, list[str]]:
    """The same for metadata and for what only some types have, key by key."""
    unsaid = []
    for key in {**before, **now}:
        value = now.get(key)
        if (key in now) == (key in before) and value == before.get(key):
            continue
        read_now = said_values(draft.parsed)[name]
        if (key in read_now) == (key in now) and read_now.get(key) == value:
            continue
        if key == "status_raw" and name == "extra":
            raws = edits.attempts(draft, "status", all_now["status"], raw=value, heading=False) if value else []
            made = _accepted(draft, raws, name, key, now)
            draft = made or draft  # the word in the file is the raw status; another one of the same meaning is no loss
            continue
        made = _accepted(draft, edits.entry_attempts(draft, name, key, now), name, key, now)
        if made is None:
            unsaid.append(f"{name}.{key}" if name == "metadata" else key)
        else:
            draft = made
    return draft, unsaid


def _accepted(draft: Draft, attempts: Iterable[Draft], name: str, key: str, now: dict[str, Any]) -> Draft | None:
    for attempt in attempts:
        found = said_values(attempt.parsed)[name]
        right = (key in found) == (key in now) and found.get(key) == now.get(key)
        if right and not _disturbed(draft.parsed, attempt.parsed, name, key):
            return attempt
    return None


def _disturbed(before: ParsedDocument, after: ParsedDocument, *names: str) -> bool:
    """Whether an edit changed what it should not: another field, the type, or whether the YAML can be read."""
    old, new = said_values(before), said_values(after)
    for values in (old, new):
        values.pop("content")
        if "status" in names or "status_raw" in names:
            values["extra"].pop("status_raw", None)
        for name in names[:1]:
            if len(names) == 1:
                values.pop(name)
            else:
                values[name].pop(names[1], None)
    broken = before.front_matter_valid is not False and after.front_matter_valid is False
    return broken or old != new or before.type is not after.type or before.node_id != after.node_id
