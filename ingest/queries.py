"""Every Cypher statement of the importer. What writes single nodes and relations is the store's own text."""

from typing import Final

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.queries import (
    CREATE_NODES_CHECKED,
    DELETE_NODE,
    LINK_MANY,
    LIVE_TYPES,
    UNDELETE_NODE,
)

_OUTBOX: Final = "CREATE (:OutboxEvent:OutboxPending {id: $event_id, graph: $graph, actor: $actor, "
_TYPE_LABELS: Final = ":".join(node_type.label for node_type in NodeType)
_DOCUMENT: Final = "(d:Document {graph: $graph, source: $source, path: %s})"

GRAPH: Final = "MATCH (g:Graph {name: $graph}) RETURN g.name AS name"

KNOWN: Final = f"""
MATCH (g:Graph {{name: $graph}})
RETURN COLLECT {{
  UNWIND $paths AS path
  OPTIONAL MATCH {_DOCUMENT % "path"}
  OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(own)
  RETURN [path, d.hash, d.format, d.parser, own.id, own.title]
}} AS rows
"""
"""The last import of some files; nothing at all without such a graph. Parameters: graph, source, paths."""

STATE: Final = f"""
RETURN COLLECT {{
  UNWIND $rows AS row
  OPTIONAL MATCH {_DOCUMENT % "row[0]"}
  OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(own)
  OPTIONAL MATCH (n:KnowledgeNode {{graph: $graph, id: row[1]}})
  OPTIONAL MATCH (gone:Tombstone {{graph: $graph, id: row[1]}})
  OPTIONAL MATCH (n)-[:FROM_DOCUMENT]->(other:Document)
  RETURN [d IS NOT NULL, own.id, n IS NOT NULL, gone IS NOT NULL, other.source, other.path]
}} AS rows
"""
"""What is there of some files, in their order. Parameters: graph, source, rows ([path, id] each)."""

CREATE: Final = (
    CREATE_NODES_CHECKED
    + "CREATE (d:Document) SET d = $documents[ord] CREATE (n)-[:FROM_DOCUMENT]->(d)\n"
    + "RETURN count(n) AS created"
)
"""New nodes, each with its document. Parameters of CREATE_NODES_CHECKED, and documents, maps like nodes."""

_DIFFERS: Final = (
    "any(key IN keys(row.changes) WHERE coalesce(n[key] <> row.changes[key],"
    " n[key] IS NOT NULL OR row.changes[key] IS NOT NULL))"
)

UPDATE: Final = f"""
UNWIND $rows AS row
MATCH (n:KnowledgeNode {{graph: $graph, id: row.id}})
SET n.lock = 1 REMOVE n.lock
WITH n, row WHERE n.deleted_at IS NULL
WITH n, row, {_DIFFERS} AS differs, CASE WHEN n.updated_at > $at THEN n.updated_at ELSE $at END AS at
CALL (n, row, differs, at) {{
  WITH * WHERE differs
  CREATE (n)-[:HAS_REVISION]->(v:Revision)
  SET v = n{{.*, embedding: null, valid_from: n.updated_at, valid_to: at, change: 'updated'}}
  REMOVE n:{_TYPE_LABELS}, n.embedding
  SET n += row.changes, n:$(row.label), n.updated_at = at, n.updated_by = $actor, n.rev = n.rev + 1
}}
WITH count(n) AS matched, max(at) AS at, collect(CASE WHEN differs THEN n END) AS changed
FOREACH (_ IN CASE WHEN size(changed) > 0 THEN [1] ELSE [] END |
  {_OUTBOX} at: at, op: 'node.updated', ids: [n IN changed | n.id], types: [n IN changed | n.type],
    revs: [n IN changed | n.rev]}}))
RETURN matched, [n IN changed | n.id] AS changed
"""
"""Write nodes anew where anything differs; the former state goes to history. Parameters: graph, rows (maps of
id, label and changes, every property with null for none; sorted by id), event_id, at, actor."""

DOCUMENTS: Final = """
UNWIND $documents AS row
MERGE (d:Document {graph: $graph, source: $source, path: row.path}) SET d = row
WITH d, row
OPTIONAL MATCH (d)<-[old:FROM_DOCUMENT]-(before) WHERE before.id <> $ids[row.path]
DELETE old
WITH DISTINCT d, row
MATCH (n:KnowledgeNode {graph: $graph, id: $ids[row.path]})
MERGE (n)-[:FROM_DOCUMENT]->(d)
RETURN count(d) AS written
"""
"""What was read last of some files. Parameters: graph, source, documents, ids (node id by path)."""

FORGET: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
DETACH DELETE d
RETURN count(*) AS forgotten
"""
"""Drop what was read of some files. Parameters: graph, source, paths."""

RESTORE: Final = UNDELETE_NODE + "RETURN n.id AS id"
"""One deleted node comes back. Parameters of UNDELETE_NODE."""

DELETE: Final = DELETE_NODE + "RETURN n.id AS id"
"""One node goes. Parameters of DELETE_NODE."""

IMPORTED: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > $after
WITH d ORDER BY d.path LIMIT $first
RETURN collect([d.path, d.hash, d.format, d.parser]) AS rows
"""
"""What was read of a source, in order of path. Parameters: graph, source, after, first."""

ENTRIES: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > $after
WITH d ORDER BY d.path LIMIT $first
OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
RETURN collect([d.path, n.id, n.title, n.type, d.incoming]) AS rows
"""
"""The documents of a source with their live nodes, if any. Parameters: graph, source, after, first."""

PAGE: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
RETURN collect([d.path, n.id, d.links, d.unresolved, COLLECT {{
  MATCH (n)-[r:{LIVE_TYPES}]->(t) RETURN [t.id, type(r), r.origin]
}}]) AS rows
"""
"""Links and leaving relations of some documents' nodes. Parameters: graph, source, paths."""

UNRESOLVED: Final = f"""
UNWIND $rows AS row
MATCH {_DOCUMENT % "row[0]"}
SET d.unresolved = row[1]
RETURN count(d) AS written
"""
"""What of some documents' links leads nowhere, as JSON text. Parameters: graph, source, rows ([path, text] each)."""

KNOWN_IDS: Final = """
UNWIND $ids AS id MATCH (n:KnowledgeNode {graph: $graph, id: id}) RETURN collect([n.id, n.title]) AS rows
"""
"""Which of some ids are live nodes of the graph. Parameters: graph, ids."""

LINK: Final = {relation: text + "RETURN matched, made" for relation, text in LINK_MANY.items()}
"""Join pairs of nodes. Parameters of LINK_MANY."""


def _unlink(relation: RelationType) -> str:
    return f"""
UNWIND $ids AS id MATCH (x:KnowledgeNode {{graph: $graph, id: id}}) SET x.lock = 1 REMOVE x.lock
WITH count(*) AS locked UNWIND $edges AS edge
MATCH (s:KnowledgeNode {{graph: $graph, id: edge.source}})-[old:{relation.name}]->
  (t:KnowledgeNode {{graph: $graph, id: edge.target}})
WHERE old.origin IN $origins
WITH edge, s, t, old, CASE WHEN old.valid_from > $at THEN old.valid_from ELSE $at END AS at
CREATE (s)-[w:{relation.ended}]->(t) SET w = properties(old), w.valid_to = at, w.ended_by = $actor
DELETE old
WITH collect(edge) AS ended, max(at) AS at
FOREACH (_ IN CASE WHEN size(ended) > 0 THEN [1] ELSE [] END |
  {_OUTBOX} at: at, op: 'relation.ended', ids: reduce(ids = [], e IN ended | ids + [e.source, e.target]),
    types: [e IN ended | $relation], revs: []}}))
RETURN size(ended) AS ended
"""


UNLINK: Final = {relation: _unlink(relation) for relation in RelationType}
"""End relations that files stated. Parameters: graph, ids (all ends, sorted), edges (maps of source and
target), origins, relation, event_id, at, actor."""
