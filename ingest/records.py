"""Documents and nodes as they are written: flat maps of properties, links as JSON."""

import zlib
from collections.abc import Iterable
from typing import Any

import orjson

from stratumiops.graph.models import EXTRA_FIELDS, Node, RelationType
from stratumiops.graph.store.records import node_properties
from stratumiops.graph.validation import check_node
from stratumiops.ingest.identity import block_id, content_hash
from stratumiops.ingest.logseq.properties import facts
from stratumiops.ingest.models import PARSER_VERSION, Block, Link, LinkKind, ParsedDocument, Problem
from stratumiops.ingest.reports import SourceDocument

_NONE_OF_THEM = {name: None for names in EXTRA_FIELDS.values() for name in names} | dict.fromkeys(
    ("aliases", "status", "date")
)
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
        aliases=document.aliases,
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
        "layout": file.layout_key,
        "names": list(document.names) or None,
        "counts": orjson.dumps(dict(document.counts)).decode(),
        "bytes": zlib.compress(file.data, 1),
        "problems": dump_problems(document.problems),
        "body_line": document.body_line,
    }


def block_rows(graph: str, node_id: str, document: ParsedDocument, at: str) -> dict[str, Any]:
    """The blocks of a document's node as they are written, and which of them are under which, by their places.

    A block has the id that the file gives it, where no other block of the file has it, else one of its text.
    """
    seen: dict[str, int] = {}
    ids: list[str] = []
    taken: set[str] = set()
    for block in document.blocks:
        own = block.own_id if block.own_id not in taken else None
        nth = seen[block.text] = seen.get(block.text, 0) + 1
        ids.append(own or block_id(node_id, block.text, nth))
        taken.add(ids[-1])
    return {
        "node": node_id,
        "blocks": [
            _block(block, ids[place], None if block.parent is None else ids[block.parent])
            | {"graph": graph, "node_id": node_id, "path": document.path, "order": place, "imported_at": at}
            for place, block in enumerate(document.blocks)
        ],
        "children": [[place, one.parent] for place, one in enumerate(document.blocks) if one.parent is not None],
    }


def _block(block: Block, own_id: str, parent_id: str | None) -> dict[str, Any]:
    """The properties that a block has; setting one to null would cost as much as setting it."""
    properties = dict(block.properties)
    values = {
        "id": own_id,
        "own": True if block.own_id == own_id else None,
        "parent_id": parent_id,
        "depth": block.depth,
        "text": block.text,
        "marker": block.marker,
        "state": block.state.value if block.state else None,
        "priority": block.priority,
        "scheduled": block.scheduled,
        "deadline": block.deadline,
        "tags": list(block.tags),
        "properties": orjson.dumps(properties).decode() if properties else "{}",
        "facts": list(facts(properties)),
        "start_line": block.start_line,
        "end_line": block.end_line,
    }
    return {name: value for name, value in values.items() if value is not None}


def dump_problems(problems: Iterable[Problem]) -> str | None:
    """What a file's owner should know, as JSON text of [code, line, message] each; None for nothing."""
    rows = [[one.code, one.line, one.message] for one in problems]
    return orjson.dumps(rows).decode() if rows else None


def dump_links(links: Iterable[Link]) -> str:
    """Links as JSON text."""
    rows = [
        [one.kind, one.target, one.line, one.relation, one.reverse, one.required, one.heading, one.block]
        for one in links
    ]
    return orjson.dumps(rows).decode()


def load_links(text: str) -> list[Link]:
    """Links from their JSON text."""
    return [
        Link(LinkKind(kind), target, line, RelationType(relation), *rest)
        for kind, target, line, relation, *rest in orjson.loads(text)
    ]
