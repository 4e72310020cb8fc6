"""Links that front matter states: `supersedes: ADR-3`, `depends_on: [a, b]`, `up: "[[Note]]"`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stratumiops.graph.models import RelationType
from stratumiops.ingest.adr import phrases
from stratumiops.ingest.frontmatter import FrontMatter
from stratumiops.ingest.markdown import find_links, note_link
from stratumiops.ingest.models import Link, LinkKind

KEYS: Mapping[str, tuple[RelationType, bool]] = {
    "supersedes": (RelationType.SUPERSEDES, False),
    "replaces": (RelationType.SUPERSEDES, False),
    "superseded_by": (RelationType.SUPERSEDES, True),
    "superceded_by": (RelationType.SUPERSEDES, True),
    "replaced_by": (RelationType.SUPERSEDES, True),
    "amends": (RelationType.EXTENDS, False),
    "extends": (RelationType.EXTENDS, False),
    "refines": (RelationType.EXTENDS, False),
    "amended_by": (RelationType.EXTENDS, True),
    "extended_by": (RelationType.EXTENDS, True),
    "depends_on": (RelationType.DEPENDS_ON, False),
    "implements": (RelationType.IMPLEMENTS, False),
    "implemented_by": (RelationType.IMPLEMENTS, True),
    "explains": (RelationType.EXPLAINS, False),
    "explained_by": (RelationType.EXPLAINS, True),
    "relates_to": (RelationType.RELATES_TO, False),
    "related": (RelationType.RELATES_TO, False),
    "see_also": (RelationType.RELATES_TO, False),
}
"""Keys that name a relation (dashes and spaces count as `_`), and whether the target is its source."""

_WIKI = re.compile(r"\[\[([^\[\]|#\n]+)")
_NOT_LINKS = {"title", "id", "status", "relations"}


def links(front: FrontMatter) -> Iterator[Link]:
    """Every link that the front matter states, in order of its keys."""
    for key, value in front.data.items():
        line = front.lines[key]
        name = normal(key)
        if name in KEYS:
            relation, reverse = KEYS[name]
            for target in _targets(front.text.get(key, value)):
                yield Link(LinkKind.FRONTMATTER, target, line, relation, reverse)
        elif name == "relations":
            yield from _relations(value, line)
        elif name not in _NOT_LINKS:
            for text in _strings(value):
                for target in _WIKI.findall(text) if "[[" in text else ():
                    yield Link(LinkKind.FRONTMATTER, target.strip(), line)


def status_links(raw: str, line: int) -> Iterator[Link]:
    """What a `status:` value says beside the status: `superseded by ADR-5`, `accepted; amends [x](y.md)`."""
    found = find_links(raw, raw)
    for phrase in phrases.read(raw, found, 0, len(raw)):
        yield Link(LinkKind.STATUS, phrase.target, line, phrase.relation, phrase.reverse)


def normal(key: str) -> str:
    """A key as it is compared."""
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def _relations(value: Any, line: int) -> Iterator[Link]:
    """`relations:` as a list of `{type, target}` or a mapping of type to targets."""
    if isinstance(value, Mapping):
        pairs = [(kind, target) for kind, targets in value.items() for target in _targets(targets)]
    else:
        entries = [entry for entry in (value if isinstance(value, list) else []) if isinstance(entry, Mapping)]
        pairs = [
            (entry.get("type") or entry.get("relation") or "relates_to", target)
            for entry in entries
            for target in _targets(entry.get("target") or entry.get("to") or entry.get("id"))
        ]
    for kind, target in pairs:
        known = KEYS.get(normal(str(kind)))
        if known is not None:
            yield Link(LinkKind.FRONTMATTER, target, line, *known)


def _targets(value: Any) -> Iterator[str]:
    """The references in a value: wikilinks, markdown links, else the text itself; ids, paths, ADR numbers."""
    for text in _strings(value):
        linked = [link for found in find_links(text, text) if (link := note_link(found, 0)) is not None]
        if linked:
            yield from (link.target for link in linked)
        elif text.strip():
            yield text.strip()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
