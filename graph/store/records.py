"""Nodes and relations as Neo4j holds them: flat maps of properties."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from stratumiops.graph.models import EXTRA_FIELDS, Edge, Node, NodeType, RelationType

NODE_PROPERTIES: Final = (
    "id",
    "graph",
    "type",
    "title",
    "content",
    "tags",
    "aliases",
    "status",
    "date",
    "metadata",
    "path",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
    "rev",
    *(name for names in EXTRA_FIELDS.values() for name in names),
    "embedding",
)
"""Every property a knowledge node may have."""


def properties_of(node: Node) -> dict[str, Any]:
    """The properties of a node that it has; setting one to null would cost as much as setting it."""
    values = {
        "id": node.id,
        "graph": node.graph,
        "type": node.type.value,
        "title": node.title,
        "content": node.content,
        "tags": list(node.tags),
        "aliases": list(node.aliases) or None,
        "status": node.status,
        "date": node.date,
        "metadata": orjson.dumps(dict(node.metadata)).decode() if node.metadata else "{}",
        "path": node.path,
        "created_at": node.created_at,
        "updated_at": node.updated_at,
        "created_by": node.created_by,
        "updated_by": node.updated_by,
        "rev": node.rev,
        "embedding": node.embedding,
        **node.extra,
    }
    return {name: value for name, value in values.items() if value is not None}


def node_properties(node: Node, at: str, actor: str) -> dict[str, Any]:
    """The properties of a new node."""
    return properties_of(node) | {
        "created_at": node.created_at or at,
        "updated_at": at,
        "created_by": node.created_by or actor,
        "updated_by": actor,
        "rev": 1,
    }


def node_from(properties: Mapping[str, Any]) -> Node:
    """The node of a map of its properties."""
    node_type = NodeType(properties["type"])
    extra = {name: properties[name] for name in EXTRA_FIELDS[node_type] if properties.get(name) is not None}
    return Node(
        id=properties["id"],
        graph=properties["graph"],
        type=node_type,
        title=properties["title"],
        content=properties["content"],
        tags=tuple(properties["tags"]),
        aliases=tuple(properties.get("aliases") or ()),
        status=properties.get("status"),
        date=properties.get("date"),
        metadata=orjson.loads(properties["metadata"]),
        path=properties.get("path"),
        created_at=properties["created_at"],
        updated_at=properties["updated_at"],
        created_by=properties["created_by"],
        updated_by=properties["updated_by"],
        rev=properties["rev"],
        extra=extra,
        embedding=properties.get("embedding"),
    )


def edge_from(graph: str, row: Mapping[str, Any]) -> Edge:
    """The relation of a row of `source`, `target`, `type` and `relation`, the map of its properties."""
    properties = row["relation"]
    return Edge(
        graph=graph,
        source=row["source"],
        target=row["target"],
        relation=RelationType[row["type"].removeprefix("WAS_")],
        weight=properties["weight"],
        origin=properties["origin"],
        valid_from=properties["valid_from"],
        valid_to=properties.get("valid_to"),
        recorded_at=properties["recorded_at"],
        created_by=properties["created_by"],
    )
