"""What a node, a relation and a graph name may hold; everything that is written passes here.

Text is Unicode without NUL and without lone surrogates: neither survives files, shells and JSON clients.
One-line text (ids, titles, tags, paths, names) has no control characters either.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson

from stratumiops.graph.errors import BadInput
from stratumiops.graph.ids import GRAPH_NAME, format_instant, parse_instant
from stratumiops.graph.models import (
    EMBEDDING_DIMENSIONS,
    EXTRA_FIELDS,
    MAX_CONTENT,
    MAX_ID,
    MAX_METADATA,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    Edge,
    Node,
    NodeType,
)

MAX_SHORT_TEXT: Final = 300
MAX_PATH: Final = 4_096
MAX_BATCH: Final = 20_000
"""Most nodes, and most relations, of one call."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_ONE_LINE = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_JSON_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_INT64: Final = 1 << 63


def check_node(node: Node, node_id: str | None = None) -> Node:
    """The node as it is stored: title stripped, tags normalised, everything within its limits.

    Args:
        node_id: its id, for a node that has none yet.

    Raises:
        BadInput: a field is wrong; `field` names it.
    """
    return replace(
        node,
        id=check_id(node.id if node_id is None else node_id),
        graph=check_graph_name(node.graph),
        title=check_title(node.title),
        content=check_text(node.content, "content", MAX_CONTENT),
        tags=normalise_tags(node.tags),
        aliases=check_aliases(node.aliases),
        status=check_optional_line(node.status, "status"),
        date=check_date(node.date),
        metadata=check_metadata(node.metadata)[0],
        path=check_optional_line(node.path, "path", MAX_PATH),
        created_at=check_instant(node.created_at, "createdAt") if node.created_at else "",
        extra=check_extra(node.type, node.extra),
        embedding=None if node.embedding is None else check_embedding(node.embedding),
    )


def check_changes(changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str] | None]:
    """Changes of a node by stored property name, as they are stored, and the types that have such fields.

    A None removes what may be missing and empties the rest. New text drops the embedding of the old one,
    unless a new embedding comes along. The types are None when every type has the fields.

    Raises:
        BadInput: nothing to change, a property that nobody may set, or a value that does not fit.
    """
    if not changes:
        raise BadInput("There is nothing to change.", hint="Give at least one field.")
    types = [kind for kind in NodeType if all(n in _PLAIN or n in EXTRA_FIELDS[kind] for n in changes)]
    unknown = [name for name in changes if name not in _PLAIN and name not in _EXTRA]
    if unknown or not types:
        raise BadInput(
            f"No type of node has {' and '.join(map(_short, unknown or changes))} to change.",
            field=(unknown or list(changes))[0],
        )
    checked = {name: _PLAIN.get(name, _check_removable)(value, name) for name, value in changes.items()}
    if ("title" in checked or "content" in checked) and "embedding" not in checked:
        checked["embedding"] = None
    return checked, None if len(types) == len(NodeType) else [kind.value for kind in types]


def check_edge(edge: Edge) -> Edge:
    """The relation, when it is one that can be stored.

    Raises:
        BadInput: it joins a node with itself, or a field is wrong.
    """
    if edge.source == edge.target:
        raise BadInput(
            f"A relation joins two nodes, and {edge.source!r} is one.",
            hint="Give another target.",
            field="target",
        )
    return check_stored_edge(edge)


def check_stored_edge(edge: Edge) -> Edge:
    """The relation, when it is one that may be stored: files may state one of a node with itself.

    Raises:
        BadInput: a field is wrong.
    """
    if not math.isfinite(edge.weight):
        raise BadInput(f"The weight of a relation is a finite number, not {edge.weight}.", field="weight")
    return replace(
        edge,
        graph=check_graph_name(edge.graph),
        source=check_id(edge.source, "source"),
        target=check_id(edge.target, "target"),
        weight=float(edge.weight),
        origin=check_line(edge.origin, "origin"),
    )


def check_graph_name(name: str) -> str:
    """The name, when it is a legal name of a graph."""
    if not GRAPH_NAME.fullmatch(name):
        raise BadInput(
            f"{_short(name)} is no name of a graph.",
            hint="Use 1 to 64 of a-z, 0-9, dot, dash and underscore; begin and end with a letter or digit.",
            field="graph",
        )
    return name


def check_id(value: str, field: str = "id") -> str:
    """The id, when it can be one: one line, not empty, no blanks around it."""
    if value != value.strip():
        raise BadInput(f"{_short(value)} has blanks around it.", field=field)
    return check_line(value, field, MAX_ID)


def check_title(title: str) -> str:
    """The title without blanks around it; never empty."""
    return check_line(title.strip(), "title", MAX_TITLE)


def check_line(value: str, field: str, limit: int = MAX_SHORT_TEXT) -> str:
    """One line of text, not empty."""
    if not value:
        raise BadInput(f"The {field} is empty.", field=field)
    if _NOT_ONE_LINE.search(value):
        raise BadInput(f"The {field} has control characters or line breaks.", field=field)
    return check_text(value, field, limit)


def check_optional_line(value: str | None, field: str, limit: int = MAX_SHORT_TEXT) -> str | None:
    """One line of text, or None; empty text counts as None."""
    return check_line(value, field, limit) if value else None


def check_text(value: str, field: str, limit: int) -> str:
    """Text of at most `limit` characters, without NUL and without lone surrogates."""
    if len(value) > limit:
        raise BadInput(f"The {field} has {len(value):,} characters; at most {limit:,} fit.", field=field)
    if "\0" in value or (not value.isascii() and _SURROGATE.search(value)):
        raise BadInput(f"The {field} has NUL or half of a surrogate pair: that is no text.", field=field)
    return value


def normalise_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without blanks and `#` in front, without empties and doubles, in the order they came."""
    cleaned = (tag.strip().lstrip("#").strip() for tag in tags)
    unique = tuple(dict.fromkeys(tag for tag in cleaned if tag))
    if len(unique) > MAX_TAGS:
        raise BadInput(f"There are {len(unique)} tags; at most {MAX_TAGS} fit.", field="tags")
    for tag in unique:
        check_line(tag, "tags", MAX_TAG)
    return unique


def check_aliases(aliases: Iterable[str]) -> tuple[str, ...]:
    """Other names of a node: lines of text, each once, in the order they came."""
    unique = tuple(dict.fromkeys(alias for one in aliases if (alias := one.strip())))
    if len(unique) > MAX_TAGS:
        raise BadInput(f"There are {len(unique)} aliases; at most {MAX_TAGS} fit.", field="aliases")
    for alias in unique:
        check_line(alias, "aliases")
    return unique


def check_date(value: str | None) -> str | None:
    """A calendar date as `YYYY-MM-DD`."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise BadInput(f"{_short(value)} is no date.", hint="Write YYYY-MM-DD.", field="date") from error


def check_instant(value: str, field: str) -> str:
    """An ISO 8601 instant with an offset, in the stored form."""
    try:
        return format_instant(parse_instant(value))
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{_short(value)} is no instant.", hint="Write 2026-01-31T12:00:00Z.", field=field) from error


def check_metadata(value: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The metadata and its JSON text, which is how it is stored."""
    if not value:
        return {}, "{}"
    try:
        text = orjson.dumps(dict(value)).decode()
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(f"The metadata cannot be written as JSON: {error}.", field="metadata") from error
    if _JSON_NUL.search(text):
        raise BadInput("The metadata has NUL: that is no text.", field="metadata")
    if len(text) > MAX_METADATA:
        raise BadInput(
            f"The metadata has {len(text):,} characters as JSON; at most {MAX_METADATA:,} fit.",
            field="metadata",
        )
    return orjson.loads(text), text


def check_extra(node_type: NodeType, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of this type that are set, each of its kind."""
    known = EXTRA_FIELDS[node_type]
    for name in extra:
        if name not in known:
            raise BadInput(
                f"A {node_type} has no field {_short(name)}.",
                hint=f"It has {', '.join(known)}." if known else "Put it into metadata.",
                field=name,
            )
    checked = {name: _check_removable(value, name) for name, value in extra.items()}
    return {name: value for name, value in checked.items() if value is not None}


def fits_extra(node_type: NodeType, name: str, value: object) -> bool:
    """Whether nodes of a type have such a field and it may hold the value."""
    try:
        check_extra(node_type, {name: value})
    except BadInput:
        return False
    return True


def check_embedding(vector: Sequence[float]) -> list[float]:
    """A vector that the index takes: the store's dimension, finite, not all zeros.

    Neo4j stores a vector of another length without a word and leaves it out of the index.
    """
    values = [float(value) for value in vector]
    if len(values) != EMBEDDING_DIMENSIONS:
        raise BadInput(
            f"The vector has {len(values)} dimensions; the store's have {EMBEDDING_DIMENSIONS}.",
            field="embedding",
        )
    norm = math.fsum(value * value for value in values)
    if not math.isfinite(norm) or norm < 1e-30 or norm > 1e30:
        raise BadInput("The vector has no direction: it is all zeros, or not finite.", field="embedding")
    return values


def _check_removable(value: object, field: str) -> object:
    return None if value in (None, [], ()) else _check_value(value, field)


def _check_value(value: object, field: str) -> object:
    """The value, when it is of the kind that the field holds."""
    match _KINDS[field], value:
        case "text", str():
            return check_text(value, field, MAX_SHORT_TEXT)
        case "texts", list() | tuple() if len(value) <= MAX_TAGS and all(isinstance(item, str) for item in value):
            return [check_text(item, field, MAX_SHORT_TEXT) for item in value]
        case "integer" | "number", int() if not isinstance(value, bool) and -_INT64 <= value < _INT64:
            return value
        case "number", float() if math.isfinite(value):
            return value
    raise BadInput(f"{field} holds {_short(str(value))}; expected {_EXPECTED[_KINDS[field]]}.", field=field)


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}…")


_PLAIN: Final[dict[str, Callable[[Any, str], Any]]] = {
    "title": lambda value, _: check_title(value or ""),
    "content": lambda value, field: check_text(value or "", field, MAX_CONTENT),
    "tags": lambda value, _: list(normalise_tags(value or ())),
    "aliases": lambda value, _: list(check_aliases(value or ())) or None,
    "status": check_optional_line,
    "date": lambda value, _: check_date(value),
    "metadata": lambda value, _: check_metadata(value or {})[1],
    "path": lambda value, field: check_optional_line(value, field, MAX_PATH),
    "embedding": lambda value, _: None if value is None else check_embedding(value),
}
_EXTRA: Final = {name for names in EXTRA_FIELDS.values() for name in names}
_KINDS: Final = {
    "status_raw": "text",
    "deciders": "texts",
    "priority": "integer",
    "topic": "text",
    "overrides": "texts",
    "project": "text",
    "task_type": "text",
    "agent_id": "text",
    "duration_ms": "integer",
    "tokens_used": "integer",
    "cost_cents": "number",
}
"""What each field of `EXTRA_FIELDS` holds."""
_EXPECTED: Final = {
    "text": "text",
    "texts": f"a list of at most {MAX_TAGS} texts",
    "integer": "a whole number of 64 bits",
    "number": "a finite number",
}
