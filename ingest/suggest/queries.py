"""Statements about suggestions."""

from typing import Final

from stratumiops.graph.selection.words import FRESH_TEXT
from stratumiops.graph.store.queries import LIVE_TYPES

MAX_PER_TARGET: Final = 50
"""Open suggestions of mentions of one node: a name that stands everywhere says little."""

NAMES: Final = """
MATCH (p:TextProfile) WHERE p.graph = $graph AND p.id > $after
WITH p ORDER BY p.id LIMIT $first
OPTIONAL MATCH (p)-[:PROFILE_OF]->(n:KnowledgeNode) WHERE n.type <> 'execution'
RETURN collect(CASE WHEN n IS NOT NULL THEN [p.id, p.names] END) AS rows, max(p.id) AS last
"""
"""Names of nodes, in order of id, and the last id that was looked at. Parameters: graph, after, first."""
CHANGED: Final = """
MATCH (p:TextProfile) WHERE p.graph = $graph
RETURN [count(p), count(CASE WHEN p.names_changed THEN 1 END)] AS counts
"""
"""How many profiles there are, and how many with names that others' texts were not searched for. Parameter: graph."""

SOME_CHANGED: Final = """
MATCH (p:TextProfile) WHERE p.graph = $graph AND p.names_changed
WITH p ORDER BY p.id LIMIT $first
RETURN collect([p.id, p.names]) AS rows
"""

MARK: Final = f"""
{FRESH_TEXT}
UNWIND $rows AS row
MATCH (p:TextProfile {{graph: $graph, id: row.id}}) SET p.names_changed = false
WITH row CALL (row) {{
  UNWIND row.queries AS query
  CALL db.index.fulltext.queryNodes('knowledge_text', query, {{limit: 500}}) YIELD node AS m
  WHERE m.graph = $graph AND m.id <> row.id
  MATCH (m)<-[:PROFILE_OF]-(q:TextProfile) SET q.scanned_rev = null
  RETURN count(*) AS marked
}}
RETURN sum(marked) AS marked
"""
"""Texts that may hold some names are to be scanned anew. Parameters: graph, rows (maps of id, queries)."""

MARK_ALL: Final = """
MATCH (p:TextProfile) WHERE p.graph = $graph AND (p.names_changed OR p.scanned_rev IS NOT NULL)
WITH p LIMIT $first SET p.names_changed = false, p.scanned_rev = null
RETURN count(p) AS marked
"""

_TO_SCAN: Final = (
    "MATCH (p:TextProfile) WHERE p.graph = $graph AND (p.scanned_rev IS NULL OR p.scanned_rev <> p.rev) "
    "MATCH (p)-[:PROFILE_OF]->(n:KnowledgeNode) WHERE n.rev = p.rev "
)
_LINKED: Final = f"COLLECT {{ MATCH (n)-[:{LIVE_TYPES}]-(m:KnowledgeNode) RETURN DISTINCT m.id }}"
_TEXT: Final = "id: n.id, rev: n.rev, title: n.title, type: n.type, tags: n.tags, content: n.content"

TO_SCAN: Final = f"{_TO_SCAN} WITH n ORDER BY n.id LIMIT $first RETURN collect({{{_TEXT}, linked: {_LINKED}}}) AS rows"
"""Nodes whose texts changed since they were scanned. Parameters: graph, first."""

REMAINING: Final = f"{_TO_SCAN} RETURN count(n) AS remaining"

SIMILAR: Final = f"""
{FRESH_TEXT}
UNWIND $rows AS row CALL (row) {{
  CALL db.index.fulltext.queryNodes('knowledge_text', row.query, {{limit: 100}}) YIELD node AS m, score
  WHERE m.graph = $graph AND m.type <> 'execution'
  WITH m, score ORDER BY score DESC, m.id LIMIT 20
  RETURN collect([m.id, m.title, score]) AS hits
}}
RETURN collect([row.id, hits]) AS rows
"""
"""Nodes with the words of some others. Parameters: graph, rows (maps of id and query, in Lucene's syntax)."""

_PUT: Final = (
    "UNWIND row.found AS one "
    "OPTIONAL MATCH (t:KnowledgeNode {graph: $graph, id: one.target}) "
    "WITH n, one, t WHERE (one.target IS NULL OR t IS NOT NULL) AND (one.kind <> 'similar' OR NOT EXISTS { "
    "MATCH (n)<-[:ABOUT]-(x:Suggestion)-[:ABOUT]->(t) WHERE x.id <> one.id }) AND (one.kind <> 'mention' OR COUNT { "
    f"(t)<-[:ABOUT]-(x:Suggestion {{kind: 'mention', state: 'open'}}) WHERE x.target = t.id AND x.id <> one.id }} "
    f"< {MAX_PER_TARGET}) "
    "MERGE (s:Suggestion {graph: $graph, id: one.id}) "
    "ON CREATE SET s += one, s.state = 'open', s.created_at = $at, s.updated_at = $at "
    "ON MATCH SET s += CASE WHEN s.state = 'open' THEN one{.score, .why, .quote, updated_at: $at} ELSE {} END "
    "MERGE (s)-[:ABOUT]->(n) "
    "FOREACH (_ IN CASE WHEN t IS NULL THEN [] ELSE [1] END | MERGE (s)-[:ABOUT]->(t)) "
    "RETURN count(CASE WHEN s.created_at = $at THEN 1 END) AS created"
)

SCANNED: Final = f"""
UNWIND $rows AS row
MATCH (p:TextProfile {{graph: $graph, id: row.id}})-[:PROFILE_OF]->(n:KnowledgeNode) WHERE n.rev = row.rev
SET p.scanned_rev = row.rev
WITH n, row CALL (n, row) {{
  MATCH (n)<-[:ABOUT]-(s:Suggestion {{state: 'open'}})
  WHERE s.source = n.id AND s.kind IN ['mention', 'similar'] AND NOT s.id IN [one IN row.found | one.id]
  DETACH DELETE s RETURN count(*) AS withdrawn
}}
CALL (n, row) {{ {_PUT} }}
RETURN count(n) AS scanned, sum(created) AS created, sum(withdrawn) AS withdrawn
"""
"""What scanning some nodes found, in place of what it found before. Parameters: graph, at, rows (maps of id, rev,
found, a list of properties of suggestions)."""

TO_EXTRACT: Final = f"""
MATCH (p:TextProfile) WHERE p.graph = $graph AND (p.extracted_rev IS NULL OR p.extracted_rev <> p.rev)
MATCH (p)-[:PROFILE_OF]->(n:KnowledgeNode) WHERE n.rev = p.rev AND n.content <> '' AND ($node IS NULL OR n.id = $node)
WITH n ORDER BY n.id LIMIT $first RETURN collect({{{_TEXT}, linked: {_LINKED}}}) AS rows
"""
"""Nodes that the model has not read in their present revision. Parameters: graph, node (one id, or null), first."""

EXTRACTED: Final = f"""
UNWIND $rows AS row
MATCH (p:TextProfile {{graph: $graph, id: row.id}})-[:PROFILE_OF]->(n:KnowledgeNode) WHERE n.rev = row.rev
SET p.extracted_rev = row.rev
WITH n, row CALL (n, row) {{ {_PUT} }}
RETURN count(n) AS scanned, sum(created) AS created, 0 AS withdrawn
"""
"""What the model found in some nodes. Parameters as for SCANNED."""

_HOLDS: Final = (
    "(s.tag IS NULL OR NOT s.tag IN n.tags) AND (t IS NULL OR NOT EXISTS { "
    f"MATCH (n)-[r:{LIVE_TYPES}]-(t) WHERE s.kind <> 'relation' OR type(r) = toUpper(s.relation) }})"
)


def page(*, node: bool, resumed: bool, still_open: bool) -> str:
    """Suggestions with the nodes that they are about, best first.

    Parameters: graphs, auth, state, limit; node (an id); after_score and after_id.
    """
    about = "MATCH (s)-[:ABOUT]->(x:KnowledgeNode) WHERE x.id = $node " if node else ""
    after = " AND (s.score < $after_score OR (s.score = $after_score AND s.id > $after_id))" if resumed else ""
    holds = f" AND {_HOLDS}" if still_open else ""
    return (
        "MATCH (s:Suggestion) WHERE s.graph IN $graphs AND s.graph IN $auth AND s.state = $state"
        f" AND s.score >= 0{after} {about}"
        "MATCH (s)-[:ABOUT]->(n:KnowledgeNode) WHERE n.id = s.source AND n.graph IN $auth "
        "OPTIONAL MATCH (s)-[:ABOUT]->(t:KnowledgeNode) WHERE t.id = s.target AND t.graph IN $auth "
        f"WITH DISTINCT s, n, t WHERE (s.target IS NULL OR t IS NOT NULL){holds} "
        "ORDER BY s.score DESC, s.id LIMIT $limit "
        "RETURN collect([properties(s), n{.*, embedding: null}, t{.*, embedding: null}]) AS rows"
    )


ONE: Final = """
MATCH (s:Suggestion {graph: $graph, id: $id})
OPTIONAL MATCH (s)-[:ABOUT]->(n:KnowledgeNode) WHERE n.id = s.source
OPTIONAL MATCH (s)-[:ABOUT]->(t:KnowledgeNode) WHERE t.id = s.target
RETURN [properties(s), n{.*, embedding: null}, t{.*, embedding: null}] AS row
"""
LOCK: Final = """
MATCH (s:Suggestion {graph: $graph, id: $id}) SET s.lock = 1 REMOVE s.lock
WITH s OPTIONAL MATCH (s)-[:ABOUT]->(n:KnowledgeNode) WHERE n.id = s.source
RETURN properties(s) AS suggestion, n.rev AS rev, n.tags AS tags
"""
"""A suggestion, locked until the transaction ends, and its node. Parameters: graph, id."""

DECIDE: Final = """
MATCH (s:Suggestion {graph: $graph, id: $id})
SET s.state = $state, s.updated_at = $at, s.decided_at = $at, s.decided_by = $actor
RETURN s.id AS id
"""
