"""Fields of a node as front matter gives them, cut to what the model takes."""

import re
from collections.abc import Iterable
from typing import Any, Final

from stratumiops.graph.models import EXTRA_FIELDS, MAX_ID, MAX_METADATA, MAX_TAG, MAX_TAGS, NodeType
from stratumiops.graph.validation import MAX_SHORT_TEXT
from stratumiops.ingest import frontmatter, stated
from stratumiops.ingest.adr import header
from stratumiops.ingest.frontmatter import MAX_FRONT_MATTER, FrontMatter
from stratumiops.ingest.models import Problem

TYPES: Final = {node_type.value: node_type for node_type in NodeType}
"""Types by the words that name them."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAPPED = {
    *("id", "title", "type", "node_type", "tags", "tag", "aliases", "alias", "status", "date", "relations", "metadata")
}
_PEOPLE = ("deciders", "decision_makers", "decision_maker", "decider", "authors", "author")
_NUMBERS = {"priority", "duration_ms", "tokens_used", "cost_cents"}
_LISTS = {"overrides"}


def text_of(front: FrontMatter, *keys: str) -> str:
    """The first of these keys that is there, as written; a list's items joined by commas."""
    for key in keys:
        value = front.text.get(key)
        if value:
            return (", ".join(value) if isinstance(value, list) else value).strip()
    return ""


def list_of(front: FrontMatter, key: str) -> list[str]:
    """A key's value as several: a list, or text parted by commas."""
    value = front.text.get(key)
    if isinstance(value, list):
        return [item.strip() for item in value if item.strip()]
    return [item.strip() for item in value.split(",") if item.strip()] if value else []


def node_id(front: FrontMatter, problems: list[Problem]) -> str | None:
    """The id that the file carries, if any."""
    written = line(text_of(front, "id"), MAX_FRONT_MATTER)
    if len(written) > MAX_ID:
        message = f"the id has {len(written):,} characters; up to {MAX_ID} are possible; it was not used"
        problems.append(Problem("BAD_ID", message, front.lines.get("id")))
        return None
    return written or None


def metadata(front: FrontMatter, node_type: NodeType, problems: list[Problem]) -> dict[str, Any]:
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


def extra_of(node_type: NodeType, front: FrontMatter, head: dict[str, str], raw: str) -> dict[str, Any]:
    """The properties that only some types have."""
    found: dict[str, Any] = {}
    if node_type is NodeType.DECISION:
        people = next((list_of(front, key) for key in front.data if stated.normal(key) in _PEOPLE), [])
        people = people or header.names(head.get("deciders", ""))
        people = [name for written in people[:MAX_TAGS] if (name := line(written, MAX_SHORT_TEXT))]
        found = {"status_raw": line(raw, MAX_SHORT_TEXT) or None, "deciders": people or None}
    else:
        for key in EXTRA_FIELDS[node_type]:
            found[key] = _extra_value(front, key)
    return {key: value for key, value in found.items() if value not in (None, "")}


def _extra_value(front: FrontMatter, key: str) -> Any:
    """A property that only some types have, of its kind."""
    if key in _NUMBERS:
        return _number(key, front.data.get(key))
    if key in _LISTS:
        return [one for written in list_of(front, key)[:MAX_TAGS] if (one := line(written, MAX_SHORT_TEXT))] or None
    return line(text_of(front, key), MAX_SHORT_TEXT)


def _number(key: str, value: Any) -> int | float | None:
    """A count as GraphQL can say it; costs may have a fraction."""
    allowed = int | float if key == "cost_cents" else int
    fits = isinstance(value, allowed) and not isinstance(value, bool) and abs(value) < 2**31
    return value if fits else None


def tags_of(front: FrontMatter) -> list[str]:
    """Tags as the front matter writes them."""
    written: list[str] = []
    for key in ("tags", "tag"):
        value = front.text.get(key)
        written += value if isinstance(value, list) else re.split(r"[,\s]+", value or "")
    return written


def clean_tags(written: Iterable[str]) -> tuple[str, ...]:
    """Tags without `#`, each once."""
    tags = dict.fromkeys(tag for item in written if (tag := line(item.strip().lstrip("#"), MAX_TAG)))
    return tuple(tags)[:MAX_TAGS]


def aliases_of(front: FrontMatter) -> tuple[str, ...]:
    """Other names of the document."""
    written = list_of(front, "aliases") or list_of(front, "alias")
    return tuple(dict.fromkeys(name for one in written if (name := line(one, MAX_SHORT_TEXT))))[:MAX_TAGS]


def line(written: str, limit: int) -> str:
    """One line of text of at most so many characters, without control characters and blanks around it."""
    return _CONTROL.sub(" ", frontmatter.clean(written)).strip()[:limit].strip()
