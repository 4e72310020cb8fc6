"""Where the fields of a node stand in a file, and how each place is edited: one attempt after the other.

An attempt is a draft that may say what is wanted. The order is that in which a parser looks: front matter, then a
line of the text. The last resort is a new key in the front matter, or a page property in an outline.
"""

import re
from collections.abc import Iterator
from typing import Any

from stratumiops.graph.models import NodeType
from stratumiops.ingest import stated
from stratumiops.ingest.adr import header, status
from stratumiops.ingest.draft import Draft
from stratumiops.ingest.frontmatter_edit import remove, set_items, set_value
from stratumiops.ingest.outline import PROPERTY, folded, has_properties, page_properties

_ATX = re.compile(r"( {0,3}#{1,6}[ \t]+)(.*?)((?:[ \t]+#+)?[ \t]*)")
_PEOPLE = ("deciders", "decision_makers", "decision_maker", "decider", "authors", "author")
_BY = re.compile(r"\bby\b", re.IGNORECASE)


def attempts(draft: Draft, name: str, value: Any, *, raw: str | None = None, heading: bool = True) -> Iterator[Draft]:
    """Drafts with another title, status, date or other tags.

    Args:
        raw: a status as it is to be written.
        heading: whether the first heading may be edited.
    """
    match name:
        case "title":
            yield from _title(draft, value, heading=heading)
        case "status":
            yield from _status(draft, value, raw)
        case "date":
            yield from _date(draft, value)
        case "tags":
            yield from _tags(draft, value)
        case "aliases":
            yield from _aliases(draft, value)


def entry_attempts(draft: Draft, name: str, key: str, now: dict[str, Any]) -> Iterator[Draft]:
    """Drafts with another value of one key of the metadata, or of a field that only some types have."""
    value = now.get(key)
    if key == "deciders" and name == "extra":
        yield from _deciders(draft, value or [])
        return
    if key not in now:
        yield from _front(draft, key, None)
        yield from _inner(draft, {name: item for name, item in now.items() if name in _inner_of(draft)})
        return
    yield from _property(draft, key, value)
    if key not in _inner_of(draft):
        yield from _front(draft, key, value)
    inner = _inner_of(draft)
    if name == "metadata":
        yield from _inner(draft, {**{n: item for n, item in now.items() if n in inner}, key: value})


# ---- front matter and page properties


def _front(draft: Draft, key: str, value: Any, *, as_text: bool = False) -> Iterator[Draft]:
    """A key of the front matter set, or taken out when the value is None."""
    block = draft.block
    if value is None:
        made = None if block is None else remove(block, key)
        if made == "" and block is not None:
            yield draft.with_block("")
            return
    else:
        made = set_value(block or "", key, value, as_text=as_text)
    if made is not None:
        yield draft.with_block(made)


def _inner_of(draft: Draft) -> dict[str, Any]:
    inner = draft.front.data.get("metadata")
    return inner if isinstance(inner, dict) else {}


def _inner(draft: Draft, inner: dict[str, Any]) -> Iterator[Draft]:
    """Another mapping under `metadata`, for keys that mean something else at the top."""
    if inner or _inner_of(draft):
        yield from _front(draft, "metadata", inner or None)


def _property(draft: Draft, key: str, value: Any) -> Iterator[Draft]:
    """A page property of an outline: edited where it stands, else added to the others."""
    if not has_properties(draft.body, logseq=draft.reading.logseq):
        return
    found = page_properties(draft.body)
    for text in _property_texts(value):
        if "\n" in text or PROPERTY.fullmatch(f"{key}:: {text}") is None:
            continue
        if folded(key) in found:
            number = draft.front_lines + found[folded(key)]
            written = draft.lines.lines[number].text.partition("::")[0]
            yield draft.with_line(number, f"{written}:: {text}")
        else:
            line = f"{key}:: {text}"
            yield draft.with_lines_before(draft.front_lines + len(found), [line] if found else [line, ""])


def _property_texts(value: Any) -> list[str]:
    """A value as page properties say it; text that would be read as something else goes in quotes."""
    if isinstance(value, list | tuple):
        return [", ".join(map(str, value)), ", ".join(f"[[{item}]]" for item in value)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [str(value), f'"{value}"']


# ---- title


def _title(draft: Draft, value: str, *, heading: bool) -> Iterator[Draft]:
    if draft.front.text.get("title"):
        yield from _front(draft, "title", value, as_text=True)
    if "title" in page_properties(draft.body):
        yield from _property(draft, "title", value)
    first = next((one for one in draft.headings if one.level == 1 and one.text), None)
    if first is not None and heading:
        number = draft.line_at(first.start)
        found = _ATX.fullmatch(draft.lines.lines[number].text)
        yield draft.with_line(number, value if found is None else f"{found[1]}{value}{found[3]}")
    yield from _property(draft, "title", value)
    yield from _front(draft, "title", value, as_text=True)


# ---- status


def _status(draft: Draft, value: str | None, raw: str | None) -> Iterator[Draft]:
    decision = draft.parsed.type is NodeType.DECISION
    there = draft.front.text.get("status")
    written = there if isinstance(there, str) else ""
    if raw is not None and value is not None and status.canonical(raw) == value:
        if written or not decision:
            yield from _front(draft, "status", raw, as_text=True)
        elif decision:
            yield from _status_part(draft, value, raw)
    if value is None:
        yield from _front(draft, "status", None)
        if decision:
            yield from _status_line_out(draft)
        return
    if written:
        yield from _front(draft, "status", _reworded(written, value) if decision else value, as_text=True)
        yield from _front(draft, "status", value, as_text=True)
    if decision:
        yield from _status_part(draft, value, None)
    yield from _property(draft, "status", value)
    yield from _front(draft, "status", value, as_text=True)


def _reworded(written: str, value: str) -> str:
    """A status text with another word for it; "superseded by X" goes as a whole."""
    found = status.WORD.search(written)
    if found is None or (found.lastgroup == "superseded" and _BY.search(written)):
        return value
    return written[: found.start()] + _cased(found[0], value) + written[found.end() :]


def _cased(like: str, word: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word


def _status_span(draft: Draft) -> tuple[int, int] | None:
    """The part of one line of the body that says the status."""
    part = status.find(draft.body, draft.masked, draft.headings)
    if part is None:
        return None
    start = part.begin
    while start < part.end:
        stop = draft.body.find("\n", start)
        stop = len(draft.body) if stop < 0 else stop
        if status.display(draft.body[start : min(stop, part.end)]):
            return start, min(stop, part.end)
        start = stop + 1
    return None


def _status_part(draft: Draft, value: str, raw: str | None) -> Iterator[Draft]:
    span = _status_span(draft)
    if span is None:
        return
    segment = draft.body[span[0] : span[1]]
    shown = status.display(segment)
    found = status.WORD.search(segment)
    if raw is not None and shown in segment:
        yield _in_body(draft, span, segment.replace(shown, raw, 1))
    if found is not None and not (found.lastgroup == "superseded" and _BY.search(segment)):
        cased = _cased(found[0], value)
        yield _in_body(draft, span, segment[: found.start()] + cased + segment[found.end() :])
    first = found[0] if found is not None else shown
    if shown and shown in segment:
        yield _in_body(draft, span, segment.replace(shown, _cased(first, value), 1))
    indent = segment[: len(segment) - len(segment.lstrip(" \t>*+-"))]
    yield _in_body(draft, span, indent + _cased(first, value))


def _status_line_out(draft: Draft) -> Iterator[Draft]:
    span = _status_span(draft)
    if span is not None:
        yield draft.with_line(draft.line_at(span[0]), None)


def _in_body(draft: Draft, span: tuple[int, int], text: str) -> Draft:
    """The draft with a part of one line of its body replaced."""
    number = draft.line_at(span[0])
    begin = draft.body.rfind("\n", 0, span[0]) + 1
    line = draft.lines.lines[number].text
    return draft.with_line(number, line[: span[0] - begin] + text + line[span[1] - begin :])


# ---- date, people, tags


def _head_span(draft: Draft, names: tuple[str, ...]) -> tuple[int, int] | None:
    """The value of a line under a decision's title, or of a table there."""
    if draft.parsed.type is not NodeType.DECISION:
        return None
    for found in header.LINE.finditer(draft.masked, 0, status.head_end(draft.masked, draft.headings)):
        if re.sub(r"[-_]", " ", found[1].lower()) in names and draft.body[found.start(2) : found.end(2)].strip():
            return found.span(2)
    return status.table_cell(draft.masked, names) if "|" in draft.masked else None


def _padded(text: str, value: str) -> str:
    """A value with the blanks that were around the old one."""
    inner = text.strip()
    return text.replace(inner, value, 1) if inner else f" {value}"


def _date(draft: Draft, value: str | None) -> Iterator[Draft]:
    if value is None or draft.front.text.get("date"):
        yield from _front(draft, "date", value, as_text=True)
    span = _head_span(draft, ("date",))
    if span is not None:
        segment = draft.body[span[0] : span[1]]
        if value is None:
            yield draft.with_line(draft.line_at(span[0]), None)
        else:
            found = header.find_date(segment)
            yield _in_body(draft, span, segment[: found[0]] + value + segment[found[1] :] if found else segment)
            yield _in_body(draft, span, _padded(segment, value))
    if value is not None:
        yield from _property(draft, "date", value)
        yield from _front(draft, "date", value, as_text=True)


def _deciders(draft: Draft, people: list[str]) -> Iterator[Draft]:
    key = next((key for key in draft.front.data if stated.normal(key) in _PEOPLE and draft.front.text.get(key)), None)
    if key is not None:
        yield from _items(draft, key, people)
        yield from _front(draft, key, list(people) or None)
    span = _head_span(draft, ("deciders", "decider", "decision makers", "decision maker", "authors", "author"))
    if span is not None:
        if people:
            yield _in_body(draft, span, _padded(draft.body[span[0] : span[1]], ", ".join(people)))
        else:
            yield draft.with_line(draft.line_at(span[0]), None)
    if people:
        yield from _front(draft, "deciders", list(people))


def _items(draft: Draft, key: str, items: list[str]) -> Iterator[Draft]:
    made = set_items(draft.block or "", key, items)
    if made is not None:
        yield draft.with_block(made)


def _tags(draft: Draft, tags: list[str]) -> Iterator[Draft]:
    """Other tags: those of the front matter are edited; those that the text has are there anyway."""
    have = draft.parsed.tags
    added = [tag for tag in tags if tag not in have]
    key = next((key for key in ("tags", "tag") if draft.front.text.get(key)), None)
    key = key or ("tags" if "tags" in draft.front.data else None)
    found = page_properties(draft.body)
    if "tags" in found and key is None:
        line = draft.lines.lines[draft.front_lines + found["tags"]].text.partition("::")[2]
        listed = [part.strip().lstrip("#").removeprefix("[[").removesuffix("]]") for part in line.split(",")]
        yield from _property(draft, "tags", [tag for tag in listed if tag in tags] + added)
    span = _head_span(draft, ("tags",))
    if span is not None:
        there = [tag for tag in header.names(draft.body[span[0] : span[1]]) if tag.lstrip("#") in tags]
        extra = added if key is None else []
        edited = _in_body(draft, span, _padded(draft.body[span[0] : span[1]], ", ".join([*there, *extra])))
        yield edited
        if key is not None:
            yield from _front_tags(edited, key, tags)
    if key is not None:
        yield from _front_tags(draft, key, tags)
    elif added:
        yield from _property(draft, "tags", added)
        yield from _front(draft, "tags", added)


def _aliases(draft: Draft, names: list[str]) -> Iterator[Draft]:
    """Other names for the same thing."""
    key = next((key for key in ("aliases", "alias") if draft.front.text.get(key)), None)
    if key is not None:
        yield from _items(draft, key, names)
        yield from _front(draft, key, names or None)
    yield from _property(draft, "alias", names)
    if names:
        yield from _front(draft, "aliases", names)


def _front_tags(draft: Draft, key: str, tags: list[str]) -> Iterator[Draft]:
    there = draft.front.text.get(key) or []
    there = there if isinstance(there, list) else re.split(r"[,\s]+", there)
    kept = [tag for tag in there if tag.strip().lstrip("#").strip() in tags]
    added = [tag for tag in tags if tag not in draft.parsed.tags]
    yield from _items(draft, key, [*kept, *added])
    if not kept and not added:
        yield from _front(draft, key, None)
