"""Brings answers of different schemas to one shape, so that equal data compares equal.

Left out is only what cannot be the same: opaque cursors, and the ids of nodes just created.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.peer_documents import RELATION_FIELDS
from stratumiops.graph.ids import format_instant, parse_instant

Shape = Callable[[Any], Any]


def _node(node: dict[str, Any]) -> dict[str, Any]:
    """Types in upper case, instants in one spelling."""
    shaped = dict(node)
    if "type" in shaped:
        shaped["type"] = shaped["type"].upper()
    for key in ("createdAt", "updatedAt"):
        if key in shaped:
            shaped[key] = format_instant(parse_instant(shaped[key]))
    return shaped


def _nodes(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_node(node) for node in nodes]


def _with_relations(node: dict[str, Any], relations: list[tuple[str, float, dict[str, Any]]]) -> dict[str, Any]:
    found = sorted(
        (kind, float(weight), target["id"], target["title"], target["type"].upper())
        for kind, weight, target in relations
    )
    return {"id": node["id"], "title": node["title"], "relations": found}


def _relations(data: Any) -> Any:
    return [
        _with_relations(node, [(r["type"], r["weight"], r["target"]) for r in node["relations"]])
        for node in data["nodes"]["nodes"]
    ]


def _peer_relations(data: Any) -> Any:
    return [
        _with_relations(
            node,
            [
                (kind, edge["properties"]["weight"], edge["node"])
                for kind, field in RELATION_FIELDS
                for edge in node[field]["edges"]
            ],
        )
        for node in data["knowledgeNodes"]
    ]


def _page(page: Any) -> Any:
    return {
        "total": page["totalCount"],
        "more": page["pageInfo"]["hasNextPage"],
        "nodes": [_node(edge["node"]) for edge in page["edges"]],
    }


def _slice(nodes: Any, edges: list[tuple[str, str, str]]) -> Any:
    kept = ("id", "title", "type", "status")
    plain = [{key: _node(node)[key] for key in kept} for node in nodes]
    return {"nodes": sorted(plain, key=lambda node: str(node["id"])), "edges": sorted(edges)}


def _our_slice(data: Any) -> Any:
    part = data["graphSlice"]
    return _slice(part["nodeList"], [(e["source"], e["target"], e["type"]) for e in part["edgeList"]])


def _peer_slice(data: Any) -> Any:
    nodes = data["knowledgeNodes"]
    return _slice(
        nodes,
        [
            (node["id"], edge["node"]["id"], kind)
            for node in nodes
            for kind, field in RELATION_FIELDS
            for edge in node[field]["edges"]
        ],
    )


def _created(nodes: list[dict[str, Any]]) -> Any:
    return sorted(
        ({key: value for key, value in node.items() if key != "id"} for node in nodes),
        key=lambda node: str(node["title"]),
    )


SHAPES: dict[str, Shape] = {
    "node": lambda data: _node(data["node"]),
    "filtered": lambda data: _nodes(data["decisions"]["nodes"]),
    "relations": _relations,
    "nested": lambda data: data["decisions"]["nodes"],
    "connection": lambda data: _page(data["nodes"]),
    "slice": _our_slice,
    "create_one": lambda data: _created([data["createNote"]["note"]]),
    "create_many": lambda data: _created(data["createNodes"]["nodes"]),
}
PEER_SHAPES: dict[str, Shape] = {
    "node": lambda data: _node(data["knowledgeNodes"][0]),
    "filtered": lambda data: _nodes(data["knowledgeNodes"]),
    "relations": _peer_relations,
    "nested": lambda data: data["knowledgeNodes"],
    "connection": lambda data: _page(data["knowledgeNodesConnection"]),
    "slice": _peer_slice,
    "create_one": lambda data: _created(data["createKnowledgeNodes"]["knowledgeNodes"]),
    "create_many": lambda data: _created(data["createKnowledgeNodes"]["knowledgeNodes"]),
}
