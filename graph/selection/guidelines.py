"""The guidelines that may apply in a graph: those of its own and those it inherits."""

from collections.abc import Mapping
from typing import Any

from stratumiops.graph.selection.words import FRESH_TEXT

MAX_WEIGHED = 1_000
"""How many guidelines are compared at the most: of each graph those of highest priority, last changed first."""


def guidelines(shape: Mapping[str, Any], name: str) -> str:
    """`name` = [[properties, superseded by ([graph, id] each)] …, [graph, priority] …, [graph, id, score] … or null].

    `graphs` of the shape are those that are read, `query` is in Lucene's syntax or missing.
    """
    graphs = shape["graphs"]
    return (
        f"CALL () {{ MATCH (g:Graph) WHERE g.name IN {graphs} AND g.name IN $auth "
        "RETURN collect([g.name, g.priority]) AS weights } "
        f"CALL () {{ UNWIND {graphs} AS graph CALL (graph) {{ MATCH (n:KnowledgeNode) "
        "WHERE n.graph = graph AND n.graph IN $auth AND n.type = 'guideline' AND n.updated_at IS NOT NULL "
        f"RETURN n ORDER BY coalesce(n.priority, 0) DESC, n.updated_at DESC LIMIT {MAX_WEIGHED} }} "
        f"WITH n LIMIT {MAX_WEIGHED} RETURN collect([properties(n), COLLECT {{ "
        "MATCH (n)<-[:SUPERSEDES]-(o:KnowledgeNode) WHERE o.graph IN $auth RETURN [o.graph, o.id] }]) AS rows } "
        f"{_hits(shape)} RETURN [rows, weights, hits] AS {name}"
    )


def _hits(shape: Mapping[str, Any]) -> str:
    if "query" not in shape:
        return "WITH rows, weights, null AS hits"
    return (
        f"CALL () {{ {FRESH_TEXT} CALL db.index.fulltext.queryNodes('knowledge_text', {shape['query']}) "
        f"YIELD node AS n, score WHERE score > 0 AND n:Guideline AND n.graph IN {shape['graphs']} AND n.graph IN $auth "
        f"WITH n, score ORDER BY score DESC LIMIT {MAX_WEIGHED} RETURN collect([n.graph, n.id, score]) AS hits }}"
    )
