"""Statements about profiles."""

from typing import Final

STALE: Final = """
MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.id > $after
AND NOT EXISTS { MATCH (n)<-[:PROFILE_OF]-(p:TextProfile) WHERE p.rev = n.rev AND p.version = $version }
WITH n ORDER BY n.id LIMIT $first
RETURN collect({id: n.id, rev: n.rev, title: n.title, content: n.content, aliases: n['aliases'],
  metadata: CASE WHEN n.metadata CONTAINS 'alias' THEN n.metadata END}) AS rows
"""
"""Nodes whose profile is missing or of another revision. Parameters: graph, after (an id), version, first."""

WRITE: Final = """
UNWIND $rows AS row
MATCH (n:KnowledgeNode {graph: $graph, id: row.id}) WHERE n.rev = row.rev
MERGE (p:TextProfile {graph: $graph, id: row.id})
WITH n, p, row, coalesce(p.names_changed, false) OR coalesce(p.names <> row.profile.names, true) AS changed
SET p += row.profile, p.rev = row.rev, p.names_changed = changed
MERGE (p)-[:PROFILE_OF]->(n)
RETURN count(p) AS written
"""
"""Profiles of nodes that have not changed since. Parameters: graph, rows (maps of id, rev, profile)."""
