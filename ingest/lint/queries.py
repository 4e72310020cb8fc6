"""Findings in Cypher: one statement for a page of all codes.

Each code is a subquery that goes over the graphs by id (or by file) from where the page before ended, and gives at
most `limit` rows. A union of them is read until the page is full: codes that come after that are not looked at, so a
page costs what its codes cost. (Collecting rows and handing the list on from code to code would do the same, but every
row that a code sorts would count the whole list as its own memory.)

A subquery binds `graph`, a named graph, and `low`, the first place to look at. A row is [code, graph, place, node,
other node, details]. `$auth` holds the graphs that may be read.
"""

from collections.abc import Sequence
from typing import Final

from stratumiops.graph.store.queries import LIVE_TYPES
from stratumiops.ingest.lint.models import LintCode
from stratumiops.ingest.profiles.signature import ALIKE, BANDS, HASHES

FRONT_MATTER_PROBLEMS: Final = ("FRONT_MATTER_INVALID", "DUPLICATE_KEY", "BAD_ID")
"""Codes of an import's problems that are about front matter."""


def _nodes(where: str, then: str = "WITH n, null AS o, null AS details") -> str:
    """Nodes by id."""
    match = "MATCH (n:KnowledgeNode) WHERE n.graph = graph AND n.id >= low AND n.graph IN $auth"
    return f"{match} AND {where} {then} ORDER BY n.id LIMIT $limit RETURN n.id AS place, n, o, details"


def _superseded(status: str, newer: str) -> str:
    """Decisions of a status that a decision supersedes for which something holds; `o` is the first of those."""
    then = (
        f"MATCH (n)<-[:SUPERSEDES]-(o:KnowledgeNode) WHERE o.graph IN $auth AND o.type = 'decision' AND {newer} "
        "WITH n, o ORDER BY n.id, o.id WITH n, collect(o)[0] AS o, null AS details"
    )
    return _nodes(f"n.type = 'decision' AND {status}", then)


def _cycles(which: str) -> str:
    """Cycles of `SUPERSEDES`: of the node on it that comes first, by a shortest way around over later ones."""
    then = (
        "CALL (n) { MATCH (n)-[:SUPERSEDES]->(x:KnowledgeNode) WHERE x.graph = n.graph AND x.id > n.id "
        "MATCH way = ANY SHORTEST (x)(()-[:SUPERSEDES]->(y WHERE y.graph = n.graph AND y.id >= n.id)){1,100}(n) "
        "RETURN nodes(way) AS way ORDER BY size(way), x.id LIMIT 1 } "
        "WITH n, way, size(way) = 2 AND all(m IN way WHERE m.type = 'decision' AND m.status = 'accepted') AS mutual "
        f"WHERE {which} WITH n, way[0] AS o, [m IN way | m.title] AS details"
    )
    return _nodes("EXISTS { (n)-[:SUPERSEDES]->() } AND EXISTS { (n)<-[:SUPERSEDES]-() }", then)


def _files(where: str, *details: str) -> str:
    """Documents by source and path, with their nodes."""
    return (
        "MATCH (d:Document) WHERE d.graph = graph AND d.graph IN $auth AND d.source + '/' + d.path >= low "
        f"AND {where} OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode) WHERE n.graph IN $auth "
        f"WITH d.source + '/' + d.path AS place, n, null AS o, [d.path, {', '.join(details)}] AS details "
        "ORDER BY place LIMIT $limit RETURN place, n, o, details"
    )


_UNRESOLVED: Final = "d.unresolved IS NOT NULL AND d.unresolved <> '[]'"
_FRONT_MATTER: Final = " OR ".join(f"d.problems CONTAINS '\"{code}\"'" for code in FRONT_MATTER_PROBLEMS)
_NEVER_AGAIN: Final = "NOT EXISTS { MATCH ANY SHORTEST (n)(()-[:SUPERSEDES]->()){1,100}(o) }"
_IN_FORCE: Final = f"(o.status IS NULL OR o.status IN ['accepted', 'superseded', 'deprecated']) AND {_NEVER_AGAIN}"
_SAME_TITLE: Final = (
    "MATCH (n)<-[:PROFILE_OF]-(p:TextProfile) CALL (p) { "
    "MATCH (q:TextProfile) WHERE q.graph = p.graph AND q.title = p.title AND q.id < p.id "
    "MATCH (q)-[:PROFILE_OF]->(o:KnowledgeNode) WHERE o.type <> 'execution' AND o.graph IN $auth "
    "RETURN o ORDER BY o.id LIMIT 1 } WITH n, o, null AS details"
)
_NEAR: Final = (
    f"UNWIND range(0, {BANDS - 1}) AS band CALL (graph, low, band) {{ "
    "MATCH (p:TextProfile) WHERE p.graph = graph AND p.graph IN $auth AND p.bands IS NOT NULL "
    "WITH p ORDER BY p.id WITH p.bands[band] AS value, collect(p) AS alike WHERE size(alike) > 1 "
    "WITH [p IN alike WHERE EXISTS { (p)-[:PROFILE_OF]->(:KnowledgeNode) }] AS alike WHERE size(alike) > 1 "
    "WITH alike[0] AS q, alike[1..] AS rest UNWIND rest AS p WITH q, p WHERE p.id >= low "
    f"WITH p, q, reduce(same = 0, i IN range(0, {HASHES - 1}) | "
    f"same + CASE WHEN p.hashes[i] = q.hashes[i] THEN 1 ELSE 0 END) * 1.0 / {HASHES} AS alike "
    f"WHERE alike >= {ALIKE} RETURN p, q, alike }} "
    "WITH p, q, alike ORDER BY p.id, alike DESC, q.id WITH p, collect([q, alike])[0] AS best "
    "ORDER BY p.id LIMIT $limit WITH p, best[0] AS q, best[1] AS details "
    "MATCH (p)-[:PROFILE_OF]->(n:KnowledgeNode) MATCH (q)-[:PROFILE_OF]->(o:KnowledgeNode) "
    "WHERE n.graph IN $auth AND o.graph IN $auth RETURN n.id AS place, n, o, details"
)
_MARKED: Final = (
    "MATCH (p:TextProfile) WHERE p.graph = graph AND p.id >= low AND p.graph IN $auth AND p.markers IS NOT NULL "
    "MATCH (p)-[:PROFILE_OF]->(n:KnowledgeNode) OPTIONAL MATCH (n)-[:FROM_DOCUMENT]->(d) "
    "WITH n, null AS o, [p.markers, d.body_line] AS details "
    "ORDER BY n.id LIMIT $limit RETURN n.id AS place, n, o, details"
)

_RULES: Final[dict[LintCode, str]] = {
    LintCode.CONFLICT_MARKER: _MARKED,
    LintCode.SUPERSEDE_CYCLE: _cycles("NOT mutual"),
    LintCode.MUTUAL_SUPERSEDE: _cycles("mutual"),
    LintCode.SUPERSEDED_BY_REJECTED: _superseded("true", "o.status = 'rejected'"),
    LintCode.BROKEN_SUPERSEDE: _files(
        f"{_UNRESOLVED} AND d.links CONTAINS '\"supersedes\"'", "d.unresolved", "d.links"
    ),
    LintCode.SUPERSEDED_BUT_ACCEPTED: _superseded("n.status = 'accepted'", _IN_FORCE),
    LintCode.SUPERSEDED_WITHOUT_SUCCESSOR: _nodes(
        "n.type = 'decision' AND n.status = 'superseded' AND NOT EXISTS { (n)<-[:SUPERSEDES]-() }"
    ),
    LintCode.BROKEN_LINK: _files(_UNRESOLVED, "d.unresolved", "d.links"),
    LintCode.INVALID_FRONT_MATTER: _files(f"({_FRONT_MATTER})", "d.problems"),
    LintCode.FILE_PROBLEM: _files("d.problems IS NOT NULL AND d.problems <> '[]'", "d.problems"),
    LintCode.JOURNAL_WITHOUT_DATE: _nodes("n.type = 'journal' AND n.date IS NULL"),
    LintCode.DUPLICATE_TITLE: _nodes("n.type <> 'execution'", _SAME_TITLE),
    LintCode.NEAR_DUPLICATE: _NEAR,
    LintCode.ORPHAN: _nodes(f"NOT n.type IN ['journal', 'execution'] AND NOT EXISTS {{ (n)-[:{LIVE_TYPES}]-() }}"),
}


def findings(codes: Sequence[LintCode]) -> str:
    """The statement for these codes, in their order; it continues within the first of them.

    Parameters: graphs (sorted), auth, limit, after_graph and after_place (where the first code goes on, or '').
    """
    parts = " UNION ALL ".join(_part(code, resumed=position == 0) for position, code in enumerate(codes))
    return (
        f"CALL () {{ {parts} }} WITH code, graph, place, n, o, details LIMIT $limit "
        "RETURN collect([code, graph, place, n{.*, embedding: null}, o{.*, embedding: null}, details]) AS found"
    )


def _part(code: LintCode, *, resumed: bool) -> str:
    low = "CASE WHEN graph = $after_graph THEN $after_place ELSE '' END" if resumed else "''"
    begin = " WHERE graph >= $after_graph" if resumed else ""
    return (
        f"UNWIND $graphs AS graph WITH graph, {low} AS low{begin} CALL (graph, low) {{ {_RULES[code]} }} "
        "WITH graph, place, n, o, details ORDER BY graph, place LIMIT $limit "
        f"RETURN '{code.value}' AS code, graph, place, n, o, details"
    )
