"""One node as a markdown file: YAML front matter, then the content as it is.

```
---
id: adr-0001
type: decision
title: Use Neo4j
relations:
- {type: supersedes, target: adr-0000}
---

The content, byte for byte, and one line end.
```
Files written by hand need nothing of this: the folder gives the type, the first heading or the file's name the
title, the name the id. Keys that nobody knows become metadata. What cannot be read is told, never overwritten.
`path` names the file that a node was imported from; without it the file itself is meant.
"""

import base64
import binascii
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import yaml

from stratumiops.graph.errors import BadInput
from stratumiops.graph.ids import format_instant
from stratumiops.graph.models import EXTRA_FIELDS, Edge, Node, NodeType, RelationType
from stratumiops.graph.validation import check_edge, check_instant, check_node, check_stored_edge, fits_extra

FOLDERS: Final = {
    "notes": NodeType.NOTE,
    "decisions": NodeType.DECISION,
    "guidelines": NodeType.GUIDELINE,
    "patterns": NodeType.PATTERN,
    "journal": NodeType.JOURNAL,
    "executions": NodeType.EXECUTION,
}
"""Where nodes of a type are kept."""

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
_FIELDS: Final = ("id", "type", "title", "tags", "status", "date")
_STAMPS: Final = ("created_at", "updated_at", "created_by", "updated_by", "rev")
_KNOWN: Final = {*_FIELDS, *_STAMPS, "path", "metadata", "relations", "embedding"}
_EDGE_FIELDS: Final = ("weight", "origin", "valid_from", "recorded_at", "created_by")
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Page:
    """What a file holds: a node, and the relations that leave it.

    `by_hand`: a person wrote it, as it has no revision; `links` is then what its text links, for whoever reads that.
    """

    node: Node
    edges: tuple[Edge, ...] = ()
    by_hand: bool = False
    links: str = ""


class UnreadableError(Exception):
    """A file that is no page; the text says why."""


class _Dumper(yaml.SafeDumper):
    """Writes line ends and other invisible characters as escapes; YAML would read some of them as blanks."""


def _write_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if _ESCAPED.search(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _write_text)


def render(page: Page, own: str | None = None) -> bytes:
    """The file of a page; `own` is its path relative to the store."""
    node = page.node
    front: dict[str, Any] = {name: getattr(node, name) for name in _FIELDS}
    front["path"] = None if node.path == own else node.path
    front |= {"type": node.type.value, "tags": list(node.tags), "aliases": list(node.aliases), **node.extra}
    front |= {name: getattr(node, name) for name in _STAMPS}
    front["metadata"] = dict(node.metadata)
    front["relations"] = [_edge_front(edge) for edge in page.edges]
    if node.embedding is not None:
        packed = struct.pack(f"<{len(node.embedding)}d", *node.embedding)
        front["embedding"] = base64.b64encode(packed).decode()
    kept = {name: value for name, value in front.items() if value not in (None, [], {})}
    block = yaml.dump(kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)
    return f"---\n{block}---\n\n{node.content}\n".encode()


def _edge_front(edge: Edge) -> dict[str, Any]:
    return {"type": edge.relation.value, "target": edge.target} | {n: getattr(edge, n) for n in _EDGE_FIELDS}


def parse(data: bytes, *, graph: str, path: str, changed_at: float) -> Page:
    """The page of a file.

    Args:
        path: relative to the store, for defaults of id and type.
        changed_at: when the file was changed, in seconds since the epoch, for the instants it does not name.

    Raises:
        UnreadableError: no UTF-8, broken front matter, or values that no node may have.
    """
    try:
        text = data.decode("utf-8-sig")
        front, content = _split(text)
        stem = path.rpartition("/")[2].removesuffix(".md")
        stamp = format_instant(datetime.fromtimestamp(changed_at, UTC))
        node = _node(front, content, graph=graph, path=path, stem=stem, stamp=stamp)
        return Page(node, tuple(_edges(front.get("relations"), node, stamp)), by_hand="rev" not in front)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is no UTF-8 (byte {error.start})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark is not None else ""
        raise UnreadableError(f"has front matter that is no YAML{where}") from error
    except RecursionError as error:
        raise UnreadableError("has front matter that is nested too deeply") from error
    except BadInput as error:
        raise UnreadableError(f"holds no node: {error.message}") from error


def _split(text: str) -> tuple[Mapping[str, Any], str]:
    found = _FRONT.match(text)
    if found is None:
        return {}, text.removesuffix("\n")
    front = yaml.load(found[1], Loader=_Loader)  # noqa: S506  # a safe loader
    if front is None:
        front = {}
    if not isinstance(front, dict):
        raise UnreadableError("has front matter that is no mapping of names to values")
    return front, text[found.end() :].removeprefix("\n").removesuffix("\n")


def _node(front: Mapping[str, Any], content: str, *, graph: str, path: str, stem: str, stamp: str) -> Node:
    kind = _type(front.get("type"), path.partition("/")[0])
    heading = _HEADING.search(content)
    known = EXTRA_FIELDS[kind]
    metadata = front.get("metadata")
    extra = {name: value for name in known if fits_extra(kind, name, value := _json(front.get(name)))}
    names = front.get("aliases") if "rev" in front else None  # those of people are for whoever reads files by hand
    aliases = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    spoken_for = {*_KNOWN, *extra, *(("aliases",) if aliases else ())}
    strange = {str(n): _json(value) for n, value in front.items() if n not in spoken_for}
    checked = check_node(
        Node(
            id=_text(front.get("id")) or stem,
            graph=graph,
            type=kind,
            title=_text(front.get("title")) or (heading[1] if heading else stem),
            content=content,
            tags=_tags(front.get("tags")),
            aliases=tuple(aliases),
            status=_text(front.get("status")),
            date=_text(front.get("date")),
            path=_text(front["path"]) if "path" in front else path,
            metadata={**strange, **(_json(metadata) if isinstance(metadata, dict) else {})},
            created_at=_text(front.get("created_at")) or stamp,
            extra=extra,
            embedding=_embedding(front.get("embedding")),
        )
    )
    rev = front.get("rev")
    return _stamped(checked, front, stamp, rev if isinstance(rev, int) and rev > 0 else 1)


def _stamped(node: Node, front: Mapping[str, Any], stamp: str, rev: int) -> Node:
    return replace(
        node,
        updated_at=check_instant(_text(front.get("updated_at")) or stamp, "updated_at"),
        created_by=_text(front.get("created_by")) or "unknown",
        updated_by=_text(front.get("updated_by")) or "unknown",
        rev=rev,
    )


def _type(value: object, folder: str) -> NodeType:
    name = str(value).lower() if value else FOLDERS.get(folder, NodeType.NOTE).value
    try:
        return NodeType(name)
    except ValueError as error:
        kinds = ", ".join(NodeType)
        raise UnreadableError(f"has the type {name[:60]!r}; expected one of {kinds}") from error


def _edges(value: object, node: Node, stamp: str) -> list[Edge]:
    """Relations as this store writes them, or as people do: `depends_on: [a, b]`."""
    found: dict[tuple[str, RelationType], Edge] = {}
    for entry in _entries(value):
        try:
            relation = RelationType(str(entry["type"]).lower())
            target = _text(entry["target"]) or ""
            weight = float(entry.get("weight", 1.0))
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableError(f"has a relation that is none: {str(entry)[:100]}") from error
        edge = Edge(
            graph=node.graph,
            source=node.id,
            target=target,
            relation=relation,
            weight=weight,
            origin=_text(entry.get("origin")) or "frontmatter",
            valid_from=_text(entry.get("valid_from")) or stamp,
            recorded_at=_text(entry.get("recorded_at")) or stamp,
            created_by=_text(entry.get("created_by")) or "unknown",
        )
        own = "recorded_at" in entry  # an import may state a relation of a node with itself, a person may not
        found[target, relation] = check_stored_edge(edge) if own else check_edge(edge)
    return list(found.values())


def _entries(value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, dict):
        pairs = [(name, each) for name, each in value.items() for each in _listed(each)]
        return [{"type": name, "target": target} for name, target in pairs]
    entries: list[Mapping[str, Any]] = []
    for item in _listed(value):
        if not isinstance(item, dict):
            raise UnreadableError(f"has a relation that is none: {str(item)[:100]}")
        entries += [item] if "target" in item else _entries(item)
    return entries


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _tags(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split(","))
    return tuple(text for item in _listed(value) if (text := _text(item)))


def _text(value: object) -> str | None:
    """A scalar of YAML as text; a date or an instant in its ISO form."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return format_instant(value if value.tzinfo else value.replace(tzinfo=UTC))
    return value.isoformat() if isinstance(value, date) else str(value)


def _json(value: object) -> Any:
    """A value of YAML as JSON knows it."""
    if isinstance(value, dict):
        return {str(name): _json(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_json(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else _text(value)


def _embedding(value: object) -> list[float] | None:
    if value is None:
        return None
    try:
        packed = base64.b64decode(str(value), validate=True)
        return list(struct.unpack(f"<{len(packed) // 8}d", packed))
    except (binascii.Error, struct.error) as error:
        raise UnreadableError("has an embedding that is none") from error
