"""Blocks of documents: pages in order of graph, path, node and place; what is above them and what they refer to."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

import orjson

from stratumiops.graph.errors import BadInput

Shape = Mapping[str, Any]

_LIMIT: Final = 8_192
_ORDER: Final = "b.graph, b.path, b.node_id, b.order"
_LIVE: Final = "EXISTS { (b)-[:PART_OF]->(:KnowledgeNode) }"
_AFTER: Final = (
    "(b.path > {path} OR graph > {graph} OR"
    " (b.path = {path} AND (b.node_id > {node_id} OR (b.node_id = {node_id} AND b.order > {order}))))"
)
_CONDITIONS: Final = {
    "tag": "any(x IN b.tags WHERE toLower(x) = toLower({0}) OR toLower(x) STARTS WITH toLower({0}) + '/')",
    "property": "any(x IN b.facts WHERE x STARTS WITH {0} + '=')",
    "property_value": "any(x IN b.facts WHERE x ENDS WITH '=' + {0})",
    "fact": "{0} IN b.facts",
    "state": "b.state IN {0}",
    "task": "b.state IS NOT NULL",
    "marker": "b.marker = {0}",
    "priority": "toLower(b.priority) = toLower({0})",
    "text": "toLower(b.text) CONTAINS toLower({0})",
    "due": "(left(b.deadline, 10) <= {0} OR left(b.scheduled, 10) <= {0})",
}


def page(shape: Shape, name: str) -> str:
    """`name` = properties of blocks, one beyond `first`; of several graphs each gives its first ones."""
    parts = [*_conditions(shape), "b.path IS NOT NULL", "b.node_id IS NOT NULL", "b.order IS NOT NULL"]
    after = shape.get("after")
    if after:
        parts += [f"graph >= {after['graph']}", _AFTER.format(**after)]
        parts.append(f"b.path >= CASE WHEN graph = {after['graph']} THEN {after['path']} ELSE '' END")
    limit = f"{shape['first']} + 1"
    return (
        f"UNWIND {_graphs(shape)} AS graph CALL (graph) {{ {_match(shape)} WHERE {' AND '.join(parts)} "
        f"WITH b ORDER BY {_ORDER} LIMIT {limit} RETURN b }} "
        f"WITH b ORDER BY {_ORDER} LIMIT {limit} RETURN collect(properties(b)) AS {name}"
    )


def total(shape: Shape, name: str) -> str:
    """`name` = how many blocks `page` would go through."""
    parts = [*_conditions(shape), "b.path IS NOT NULL"]
    return f"UNWIND {_graphs(shape)} AS graph {_match(shape)} WHERE {' AND '.join(parts)} RETURN count(b) AS {name}"


def _graphs(shape: Shape) -> str:
    return f"[{shape['graph']}]" if "graph" in shape else str(shape["graphs"])


def _match(shape: Shape) -> str:
    if shape.get("node") is not None:
        return f"MATCH (:KnowledgeNode {{graph: graph, id: {shape['node']}}})<-[:PART_OF]-(b:Block)"
    return "MATCH (b:Block)"


def _conditions(shape: Shape) -> list[str]:
    found = [_CONDITIONS[name].format(ref) for name, ref in (shape.get("where") or {}).items()]
    return ["b.graph = graph", *found, *([] if shape.get("node") is not None else [_LIVE])]


BY_KEY: Final = (
    "UNWIND $keys AS key MATCH (b:Block {graph: key[0], id: key[2], node_id: key[1]}) "
    "RETURN collect([key, properties(b)]) AS rows"
)
"""Blocks by [graph, node id, id] each."""

NODES: Final = (
    "UNWIND $keys AS key MATCH (n:KnowledgeNode {graph: key[0], id: key[1]}) "
    "RETURN collect([key, properties(n)]) AS rows"
)
"""Nodes by [graph, id] each."""

REFERENCES: Final = (
    "UNWIND $keys AS key MATCH (b:Block {graph: key[0], id: key[2], node_id: key[1]}) "
    "CALL (b) { MATCH (b)-[:REFERS_TO]->(t) OPTIONAL MATCH (t)-[:PART_OF]->(owner:KnowledgeNode) "
    "WITH CASE WHEN t:Block THEN owner ELSE t END AS n, CASE WHEN t:Block THEN t END AS block "
    "WHERE n:KnowledgeNode WITH n, block ORDER BY n.path, n.id, block.order "
    "RETURN collect([properties(n), properties(block)]) AS found } "
    "RETURN collect([key, found]) AS rows"
)
"""What blocks refer to: [properties of the node, of the block or null] each. By [graph, node id, id] each."""


def encode_cursor(block: Mapping[str, Any]) -> str:
    """The place of a block in every list of blocks."""
    packed = orjson.dumps([block["graph"], block["path"], block["node_id"], block["order"]])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> dict[str, Any]:
    """What `page` needs.

    Raises:
        BadInput: no cursor of a list of blocks.
    """
    problem = BadInput(
        "`after` is not a cursor of this list", field="after", hint="pass endCursor or a cursor of the page before"
    )
    if len(cursor) > _LIMIT:
        raise problem
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise problem from None
    match parts:
        case [str() as graph, str() as path, str() as node_id, int() as order] if not isinstance(order, bool):
            return {"graph": graph, "path": path, "node_id": node_id, "order": order}
    raise problem
