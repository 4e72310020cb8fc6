"""Every Cypher statement of export and sync."""

from typing import Final

_DOCUMENT: Final = "(d:Document {graph: $graph, source: $source, path: %s})"
_CHANGED: Final = "coalesce(d.merged IS NOT NULL OR n.rev > d.node_rev, n.updated_at > d.imported_at, false)"
_ROW: Final = f"""
OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n)
OPTIONAL MATCH (c:Conflict {{graph: $graph, source: $source, path: d.path}})
WITH d, n, c ORDER BY d.path
RETURN collect([d.path, d.hash, d.format, CASE WHEN d.bytes IS NULL THEN 0 ELSE d.parser END, n.id, n.rev,
  n IS NOT NULL AND n.deleted_at IS NULL, {_CHANGED}, c.id, c.kind, c.since, d.layout]) AS rows
"""

PLAN: Final = f"""
MATCH (d:Document {{graph: $graph, source: $source}}) WHERE d.path > $after
WITH d ORDER BY d.path LIMIT $first
{_ROW}"""
"""How documents of a source and their nodes stand, in order of path. Parameters: graph, source, after, first."""

KNOWN: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
{_ROW}"""
"""The same of some documents. Parameters: graph, source, paths."""

LOAD: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n)
OPTIONAL MATCH (n)-[:HAS_REVISION]->(v:Revision) WHERE v.rev = d.node_rev AND n.rev > d.node_rev
WITH d, n, head(collect(v)) AS v ORDER BY d.path
RETURN properties(d) AS document, n{{.*, embedding: null}} AS node, properties(v) AS agreed
"""
"""Documents with their bytes, their nodes, and their nodes as they were agreed on. Parameters: graph, source, paths."""

SIZES: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > $after AND ($paths IS NULL OR d.path IN $paths)
MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
WITH d, n ORDER BY d.path LIMIT $first
RETURN collect([d.path, d.size + size(n.content)]) AS rows
"""
"""Paths of documents with live nodes, and how large they are. Parameters: graph, source, after, paths, first."""

SOURCES: Final = """
MATCH (d:Document {graph: $graph}) WHERE d.source > '' AND d.path > ''
RETURN collect(DISTINCT d.source) AS sources
"""
"""The sources of a graph. Parameters: graph."""

UNFILED: Final = """
MATCH (g:Graph {name: $graph})-[:CONTAINS]->(n:KnowledgeNode)
WHERE n.id > $after AND NOT EXISTS { (n)-[:FROM_DOCUMENT]->() }
WITH n ORDER BY n.id LIMIT $first
RETURN n{.*, embedding: null} AS node
"""
"""Nodes without a file, in order of id. Parameters: graph, after, first."""

NODE: Final = "MATCH (n:KnowledgeNode {graph: $graph, id: $id}) RETURN n{.*, embedding: null} AS node"
"""One live node. Parameters: graph, id."""

PATHS: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > '' RETURN collect(d.path) AS paths
"""
"""All paths of a source. Parameters: graph, source."""

FOLDERS: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > ''
MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
WITH n.type AS type, left(d.path, size(d.path) - size(last(split(d.path, '/')))) AS folder, count(*) AS uses
WITH type, folder ORDER BY uses DESC, size(folder), folder
RETURN collect([type, folder]) AS rows
"""
"""Folders by the types of nodes in them, those with most first. Parameters: graph, source."""

PLACE: Final = """
UNWIND $rows AS row
MATCH (n:KnowledgeNode {graph: $graph, id: row.id})
SET n.lock = 1 REMOVE n.lock
WITH n, row WHERE n.deleted_at IS NULL AND NOT EXISTS { (n)-[:FROM_DOCUMENT]->() }
CREATE (d:Document) SET d = row.document, d.node_rev = 0
CREATE (n)-[:FROM_DOCUMENT]->(d)
RETURN count(d) AS placed
"""
"""Gives nodes documents whose files are still to be written. Parameters: graph, rows (id and document; sorted)."""

AGREE: Final = f"""
UNWIND $rows AS row
MATCH {_DOCUMENT % "row.path"}
WHERE d.hash = row.base
SET d += row.document, d.merged = null, d.node_rev = row.rev
RETURN collect(d.path) AS paths
"""
"""Documents whose files were written as an earlier revision of the node said. Parameters: graph, source, rows (path,
base, document, rev)."""

OPEN: Final = """
MERGE (c:Conflict {graph: $graph, source: $source, path: $path})
ON CREATE SET c.id = $conflict, c.since = $at, c.base_bytes = $base_bytes
SET c.kind = $kind, c.node = $node, c.file_bytes = $file_bytes, c.graph_bytes = $graph_bytes
RETURN c.id AS id
"""
"""A conflict that is open; the base stays that of its beginning. Parameters: graph, source, path, conflict (an id),
at, kind, node, base_bytes, file_bytes, graph_bytes."""

CLOSE: Final = """
UNWIND $paths AS path MATCH (c:Conflict {graph: $graph, source: $source, path: path})
DELETE c RETURN count(*) AS closed
"""
"""Conflicts that are over. Parameters: graph, source, paths."""

RENAME: Final = """
MATCH (c:Conflict {graph: $graph, source: $source, path: $old}) SET c.path = $new RETURN c.id AS id
"""
"""A conflict follows its file. Parameters: graph, source, old, new."""

CONFLICTS: Final = """
MATCH (c:Conflict {graph: $graph}) WHERE c.id > $after
  AND EXISTS { MATCH (:Document {graph: c.graph, source: c.source, path: c.path}) }
WITH c ORDER BY c.id LIMIT $first
RETURN properties(c) AS conflict
"""
"""Open conflicts in the order in which they came up. Parameters: graph, after, first."""

CONFLICT: Final = "MATCH (c:Conflict {id: $id}) WHERE c.graph > '' RETURN properties(c) AS conflict"
"""One conflict. Parameters: id."""

UNFILE: Final = f"""
MATCH {_DOCUMENT % "$path"} SET d.hash = '' RETURN d.path AS path
"""
"""It is agreed that a document has no file, so that the next sync writes it. Parameters: graph, source, path."""

REBASE: Final = f"""
MATCH {_DOCUMENT % "$path"} SET d += $document, d.merged = null RETURN d.path AS path
"""
"""Another base of a document. Parameters: graph, source, path, document."""
