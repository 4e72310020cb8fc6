"""Search by meaning, by words and by both, as one statement. Text only: no I/O, no model.

A shape as for `roots.search`, with more: `vector` (the question's), `chunks` (how many chunks the vector index
gives), `pool` (how many nodes each half gives), `rrf_k`, `text_weight`, `index_name` (the generation's name) and,
as an option, `threshold` (least cosine). What the statement binds for each hit is described at `hits`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.selection.roots import in_graphs
from stratumiops.graph.selection.where import conditions
from stratumiops.graph.selection.words import FRESH_TEXT, best_by_words

Shape = Mapping[str, Any]

RELATION_WEIGHTS: Final = {
    RelationType.SUPERSEDES: 1.0,
    RelationType.IMPLEMENTS: 0.9,
    RelationType.EXTENDS: 0.9,
    RelationType.DEPENDS_ON: 0.8,
    RelationType.EXPLAINS: 0.8,
    RelationType.RELATES_TO: 0.5,
}
"""How much a hit speaks for its neighbours, by what joins them: a mention says least."""
SEEDS: Final = 5
"""Best hits whose neighbours are looked at."""
SHARE: Final = 0.1
"""How much of a hit's score its neighbours share. What is joined to everything says little: both ends of a relation
are damped by the square root of how many they have."""
_SUCCESSORS: Final = 10
_LIVE: Final = "|".join(relation.name for relation in RelationType)


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vector index of a generation, and the property of chunks that it is over; both are safe as text."""

    name: str
    vector: str


@dataclass(frozen=True, slots=True)
class Halves:
    """What a search is made of. `expand`: neighbours of the best hits take part."""

    text: bool
    index: VectorIndex | None
    expand: bool = False
    vectors: bool = False


def hits(shape: Shape, halves: Halves) -> str:
    """A statement whose value is a list of maps, best first.

    Keys: node (its properties), score, text_rank, text_score, semantic_rank, semantic_score ((1 + cosine) / 2),
    graph_rank, chunk (text, heading, start_line, end_line, similarity, vector) or null, successors (graph, id and
    title of the nodes that supersede it).
    """
    parts = [*([_text(shape)] if halves.text else []), *([_semantic(shape, halves.index)] if halves.index else [])]
    fused = (
        f"CALL () {{ {' UNION ALL '.join(parts)} }}\n"
        f"WITH n, sum(CASE half WHEN 'text' THEN {shape['text_weight']} ELSE 1.0 END / ({shape['rrf_k']} + rank))"
        " AS score, head(collect(c)) AS c,\n"
        "  max(CASE half WHEN 'text' THEN rank END) AS text_rank,"
        " max(CASE half WHEN 'text' THEN found END) AS text_score,\n"
        "  max(CASE half WHEN 'semantic' THEN rank END) AS semantic_rank,"
        " max(CASE half WHEN 'semantic' THEN found END) AS semantic_score\n"
        f"ORDER BY score DESC, n.id, n.graph LIMIT {shape['pool']}\n"
    )
    graph = _expanded(shape) if halves.expand else "WITH *, null AS graph_rank\n"
    return (
        f"CYPHER 25 {fused}{graph}"
        f"ORDER BY score DESC, n.id, n.graph LIMIT {shape['first']}\n"
        f"{_chunk(shape, halves)}"
        "RETURN collect({node: n{.*, embedding: null}, score: score, text_rank: text_rank, text_score: text_score,"
        " semantic_rank: semantic_rank, semantic_score: semantic_score, graph_rank: graph_rank, chunk: chunk,\n"
        "  successors: COLLECT { MATCH (n)<-[:SUPERSEDES]-(m:KnowledgeNode) WHERE m.graph IN $auth"
        f" RETURN m{{.graph, .id, .title}} ORDER BY m.id, m.graph LIMIT {_SUCCESSORS} }}}})"
    )


_RANKED: Final = (
    "WITH collect({n: n, c: c, found: found}) AS rows UNWIND range(0, size(rows) - 1) AS i\n"
    "RETURN rows[i].n AS n, rows[i].c AS c, rows[i].found AS found, i + 1 AS rank, '%s' AS half"
)


def _text(shape: Shape) -> str:
    where = " AND ".join([in_graphs(shape, "n"), *conditions(shape.get("where"), "n")])
    best = best_by_words(shape["index"], shape["query"], where, shape["pool"])
    return f"{FRESH_TEXT}{best}WITH n, null AS c, score AS found ORDER BY found DESC, n.id, n.graph\n{_RANKED % 'text'}"


def _semantic(shape: Shape, index: VectorIndex | None) -> str:
    assert index is not None  # noqa: S101 - the caller has looked
    where = " AND ".join([in_graphs(shape, "c"), *_inside(shape.get("where"))])
    rest = conditions(shape.get("where"), "n")
    least = f" WHERE found >= (1 + {shape['threshold']}) / 2" if shape.get("threshold") is not None else ""
    return (
        f"MATCH (c:Chunk) SEARCH c IN (VECTOR INDEX {index.name} FOR {shape['vector']} WHERE {where}"
        f" LIMIT {shape['chunks']}) SCORE AS found{least}\n"
        f"MATCH (c)-[:CHUNK_OF]->(n:KnowledgeNode){' WHERE ' + ' AND '.join(rest) if rest else ''}\n"
        "WITH n, c, found ORDER BY found DESC, c.id WITH n, head(collect(c)) AS c, max(found) AS found\n"
        f"ORDER BY found DESC, n.id, n.graph LIMIT {shape['pool']}\n{_RANKED % 'semantic'}"
    )


def _inside(where: Shape | None) -> list[str]:
    """Conditions that the vector index itself can apply: those on the type."""
    found = []
    condition = (where or {}).get("type") or {}
    for operator, value in condition.items():
        if operator == "eq" and isinstance(value, NodeType):
            found.append(f"c.type = '{value.value}'")
        elif operator == "in" and isinstance(value, tuple):
            found.append("c.type IN [" + ", ".join(f"'{NodeType(one).value}'" for one in value) + "]")
    return found


def has_more_conditions(where: Shape | None) -> bool:
    """Whether nodes are filtered by what the vector index does not know, so that it has to give more."""
    return any(name != "type" and condition is not None for name, condition in (where or {}).items())


def _expanded(shape: Shape) -> str:
    """Neighbours of the best hits get a share of their scores."""
    where = " AND ".join(["m.graph IN $auth", in_graphs(shape, "m"), *conditions(shape.get("where"), "m")])
    weight = "CASE WHEN r.weight < 0 THEN 0.0 WHEN r.weight > 2 THEN 2.0 ELSE r.weight END"
    kept = "n, c, score, text_rank, text_score, semantic_rank, semantic_score"
    row = ", ".join(f"{name}: {name}" for name in kept.split(", "))
    return (
        f"WITH collect({{{row}}}) AS fused\n"
        "CALL (fused) {\n"
        f"  UNWIND fused[..{SEEDS}] AS seed WITH seed.n AS s, seed.score AS strength\n"
        f"  WITH s, strength / sqrt(COUNT {{ (s)-[:{_LIVE}]-() }} + 1) AS strength\n"
        f"  MATCH (s)-[r:{_LIVE}]-(m:KnowledgeNode) WHERE {where}\n"
        f"  WITH m, sum(strength * $relation_weights[type(r)] * {weight})"
        f" / sqrt(COUNT {{ (m)-[:{_LIVE}]-() }} + 1) AS part\n"
        f"  ORDER BY part DESC, m.id, m.graph LIMIT {shape['pool']}\n"
        f"  RETURN collect({{m: m, part: {SHARE} * part}}) AS near\n"
        "}\n"
        "CALL (fused, near) {\n"
        "  UNWIND fused AS f RETURN f.n AS n, f.score AS part, f AS f, null AS place\n"
        "  UNION ALL UNWIND range(0, size(near) - 1) AS i\n"
        "  RETURN near[i].m AS n, near[i].part AS part, null AS f, i + 1 AS place\n"
        "}\n"
        "WITH n, sum(part) AS score, head(collect(f)) AS f, max(place) AS graph_rank\n"
        "WITH n, score, graph_rank, f.c AS c, f.text_rank AS text_rank, f.text_score AS text_score,"
        " f.semantic_rank AS semantic_rank, f.semantic_score AS semantic_score\n"
    )


def _chunk(shape: Shape, halves: Halves) -> str:
    """The best chunk of each hit; of hits by words alone it is looked up now."""
    carried = "n, score, text_rank, text_score, semantic_rank, semantic_score, graph_rank"
    if halves.index is None:
        return f"WITH {carried}, null AS chunk\n"
    close = f"vector.similarity.cosine(x.{halves.index.vector}, {shape['vector']})"
    vector = f", vector: c.{halves.index.vector}" if halves.vectors else ""
    mine = f"MATCH (n)<-[:CHUNK_OF]-(x:Chunk) WHERE x.index = {shape['index_name']}"
    return (
        f"WITH {carried}, CASE WHEN c IS NOT NULL THEN c ELSE head(COLLECT {{ {mine}"
        f" RETURN x ORDER BY {close} DESC, x.id LIMIT 1 }}) END AS c\n"
        f"WITH {carried}, CASE WHEN c IS NULL THEN null ELSE c{{.text, .heading, .start_line, .end_line,"
        f" similarity: {close.replace('x.', 'c.')}{vector}}} END AS chunk\n"
    )


CHUNKS_OF: Final = (
    "UNWIND $keys AS key MATCH (n:KnowledgeNode {graph: key[0], id: key[1]})<-[:CHUNK_OF]-(c:Chunk)"
    " WHERE c.index = $index WITH n, c ORDER BY c.place\n"
    "RETURN collect([n.graph, n.id, c{.text, .heading, .start_line, .end_line}])"
)
"""Chunks of some nodes, in order. Parameters: keys, index."""
