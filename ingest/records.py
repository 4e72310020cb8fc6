"""Documents and nodes as they are written: flat maps of properties, links as JSON."""

from collections.abc import Iterable
from typing import Any

import orjson

from stratumiops.graph.models import EXTRA_FIELDS, Node, RelationType
from stratumiops.graph.store.records import node_properties
from stratumiops.graph.validation import check_node
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.models import PARSER_VERSION, Link, LinkKind, ParsedDocument, Problem
from stratumiops.ingest.reports import SourceDocument
from stratumiops.ingest.resolve import Unresolved

_NONE_OF_THEM = {name: None for names in EXTRA_FIELDS.values() for name in names}
_NOT_CHANGED = {"id", "graph", "created_at", "updated_at", "created_by", "updated_by", "rev", "embedding"}


def new_node(graph: str, node_id: str, document: ParsedDocument, at: str, actor: str) -> dict[str, Any]:
    """The properties of a document's new node."""
    return node_properties(_node(graph, node_id, document), at, actor)


def changes(graph: str, node_id: str, document: ParsedDocument) -> dict[str, Any]:
    """Every property that a document decides, None where it has none."""
    properties = {**_NONE_OF_THEM, **node_properties(_node(graph, node_id, document), "", "")}
    return {name: value for name, value in properties.items() if name not in _NOT_CHANGED}


def _node(graph: str, node_id: str, document: ParsedDocument) -> Node:
    """The node, within the model's limits.

    Raises:
        BadInput: a field is outside them; no text that was read should be.
    """
    node = Node(
        id=node_id,
        graph=graph,
        type=document.type,
        title=document.title,
        content=document.content,
        tags=document.tags,
        status=document.status,
        date=document.date,
        metadata=document.metadata,
        path=document.path,
        extra=document.extra,
    )
    return check_node(node)


def document_record(graph: str, source: str, file: SourceDocument, document: ParsedDocument, at: str) -> dict[str, Any]:
    """The properties of the `Document`; `incoming`: a link has another document as its relation's source."""
    return {
        "graph": graph,
        "source": source,
        "path": file.path,
        "hash": content_hash(file.data),
        "size": len(file.data),
        "format": file.format.value,
        "encoding": document.encoding,
        "parser": PARSER_VERSION,
        "imported_at": at,
        "links": dump_links(document.links),
        "incoming": True if any(link.reverse for link in document.links) else None,
        "problems": dump_problems(document.problems),
        "body_line": document.body_line,
    }


def dump_problems(problems: Iterable[Problem]) -> str | None:
    """What a file's owner should know, as JSON text of [code, line, message] each; None for nothing."""
    rows = [[one.code, one.line, one.message] for one in problems]
    return orjson.dumps(rows).decode() if rows else None


def dump_unresolved(links: Iterable[Unresolved]) -> str | None:
    """Links that lead nowhere as JSON text of [line, kind, target, reason] each; None for none."""
    rows = [[one.line, one.kind, one.target, one.reason] for one in links]
    return orjson.dumps(rows).decode() if rows else None


def dump_links(links: Iterable[Link]) -> str:
    """Links as JSON text."""
    rows = [
        [link.kind, link.target, link.line, link.relation, link.reverse, link.required, link.heading] for link in links
    ]
    return orjson.dumps(rows).decode()


def load_links(text: str) -> list[Link]:
    """Links from their JSON text."""
    return [
        Link(LinkKind(kind), target, line, RelationType(relation), reverse, required, heading)
        for kind, target, line, relation, reverse, required, heading in orjson.loads(text)
    ]
