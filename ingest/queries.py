"""Every Cypher statement of the importer. What writes single nodes and relations is the store's own text."""

from typing import Final

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.queries import (
    CREATE_NODES_WITH_BLOCKS,
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
  RETURN [path, d.hash, d.format, CASE WHEN d.bytes IS NULL THEN 0 ELSE d.parser END, own.id, own.title, d.layout]
}} AS rows
"""
"""The last import of some files; nothing at all without such a graph. Where no bytes were kept, parser 0.
Parameters: graph, source, paths."""

_CHILDREN: Final = """CALL (made, row) {
  UNWIND row.children AS pair WITH made[pair[0]] AS child, made[pair[1]] AS parent
  CREATE (child)-[:CHILD_OF]->(parent) RETURN count(*) AS joined
}
"""

CREATE_BLOCKS: Final = f"""
UNWIND $rows AS row
MATCH (n:KnowledgeNode {{graph: $graph, id: row.node}})
CALL (n, row) {{
  UNWIND row.blocks AS block CREATE (n)<-[:PART_OF]-(b:Block) SET b = block RETURN collect(b) AS made
}}
{_CHILDREN}RETURN sum(joined) AS joined
"""
"""Blocks of nodes that have none. Parameters: graph, rows (maps of node, blocks and children: see `block_rows`)."""

_REPLACE: Final = f"""
CALL (n) {{ MATCH (n)<-[:PART_OF]-(:Block)-[old:CHILD_OF]->() DELETE old RETURN count(*) AS parted }}
CALL (n, row) {{
  UNWIND row.blocks AS block
  MERGE (b:Block {{graph: $graph, id: block.id, node_id: row.node}}) SET b = block
  MERGE (b)-[:PART_OF]->(n) RETURN collect(b) AS made
}}
{_CHILDREN}CALL (n) {{
  MATCH (n)<-[:PART_OF]-(b:Block) WHERE b.imported_at <> $at DETACH DELETE b RETURN count(*) AS gone
}}
RETURN sum(joined) AS joined
"""

REPLACE_BLOCKS: Final = f"""
UNWIND $rows AS row
MATCH (n:KnowledgeNode {{graph: $graph, id: row.node}})
{_REPLACE}"""
"""Blocks in place of what some nodes have; one whose id stays is kept. Parameters of CREATE_BLOCKS, and at."""

ANY_BLOCKS_DUE: Final = """
MATCH (gate:WriteGate {name: 'writers'}) WHERE gate.held_until <= timestamp()
MATCH (n:BlocksDue) USING SCAN n:BlocksDue WHERE n.graph IN $graphs RETURN true AS due LIMIT 1
"""
"""Whether there are any, and they may be written now: a reader does not wait for a backup. Parameters: graphs."""

BLOCKS_DUE: Final = """
MATCH (n:BlocksDue) USING SCAN n:BlocksDue WHERE n.graph IN $graphs
WITH n LIMIT $first
OPTIONAL MATCH (n)-[:FROM_DOCUMENT]->(d:Document)
WITH n, head(collect(d)) AS d
OPTIONAL MATCH (n)-[:HAS_REVISION]->(v:Revision) WHERE v.rev = d.node_rev AND n.rev > d.node_rev
RETURN n{.*, embedding: null} AS node, properties(d) AS document, properties(head(collect(v))) AS agreed
"""
"""Nodes whose blocks may be older than their text, as `sync.state.held` takes them. Parameters: graphs, first."""

RENEW_BLOCKS: Final = f"""
UNWIND $rows AS row
MATCH (n:KnowledgeNode {{graph: $graph, id: row.node}})
SET n.lock = 1 REMOVE n.lock
WITH n, row WHERE n:BlocksDue AND n.rev = row.rev
REMOVE n:BlocksDue
WITH n, row
{_REPLACE}"""
"""The same for nodes that are still at the revision that was read. Parameters of REPLACE_BLOCKS; rows with rev, sorted
by node."""

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
    CREATE_NODES_WITH_BLOCKS
    + "CREATE (d:Document) SET d = $documents[ord], d.node_rev = n.rev CREATE (n)-[:FROM_DOCUMENT]->(d)\n"
    + "RETURN count(n) AS created"
)
"""New nodes, each with its document. Parameters of CREATE_NODES_WITH_BLOCKS, and documents, maps like nodes."""

_DIFFERS: Final = (
    "any(key IN keys(row.changes) WHERE coalesce(n[key] <> row.changes[key],"
    " n[key] IS NOT NULL OR row.changes[key] IS NOT NULL))"
)

UPDATE: Final = f"""
UNWIND $rows AS row
MATCH (n:KnowledgeNode {{graph: $graph, id: row.id}})
SET n.lock = 1 REMOVE n.lock
WITH n, row WHERE n.deleted_at IS NULL
REMOVE n:BlocksDue
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
SET d.node_rev = n.rev
RETURN count(d) AS written
"""
"""What was read last of some files, and which revision of the node says it. Parameters: graph, source, documents,
ids (node id by path)."""

GUARD: Final = f"""
UNWIND $expected AS row
OPTIONAL MATCH (n:KnowledgeNode {{graph: $graph, id: row.id}})
SET n.lock = 1 REMOVE n.lock
WITH row, n
OPTIONAL MATCH {_DOCUMENT % "row.path"}
WITH row WHERE coalesce(n.rev, 0) <> row.rev OR coalesce(d.hash, '') <> row.hash
RETURN count(row) AS other
"""
"""Locks nodes and counts those that are not as expected. Parameters: graph, source, expected (maps of path, hash
of the document or empty, id and rev of the node or 0; sorted by id)."""

FORGET: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
DETACH DELETE d
RETURN count(*) AS forgotten
"""
"""Drop what was read of some files. Parameters: graph, source, paths."""

RESTORE: Final = UNDELETE_NODE + "RETURN n.id AS id"
"""One deleted node comes back. Parameters of UNDELETE_NODE."""

DELETE: Final = (
    DELETE_NODE
    + "CALL (n) { MATCH (n)<-[:PART_OF]-(b:Block) DETACH DELETE b RETURN count(*) AS blocks }\n"
    + "RETURN n.id AS id"
)
"""One node goes, and its blocks with it. Parameters of DELETE_NODE."""

IMPORTED: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > $after
WITH d ORDER BY d.path LIMIT $first
RETURN collect([d.path, d.hash, d.format, CASE WHEN d.bytes IS NULL THEN 0 ELSE d.parser END, d.layout]) AS rows
"""
"""What was read of a source, in order of path; where no bytes were kept, parser 0. Parameters: graph, source,
after, first."""

ENTRIES: Final = """
MATCH (d:Document {graph: $graph, source: $source}) WHERE d.path > $after AND d.hash <> ''
WITH d ORDER BY d.path LIMIT $first
OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
RETURN collect([d.path, n.id, n.title, n.type, d.incoming, d.format, n.aliases, n.date, d.names, d.counts]) AS rows
"""
"""The documents of a source that have a file, with their live nodes, if any. Parameters: graph, source, after,
first."""

PAGE: Final = f"""
UNWIND $paths AS path
MATCH {_DOCUMENT % "path"}
MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode)
RETURN collect([d.path, n.id, d.links, d.refs, d.unresolved, COLLECT {{
  MATCH (n)-[r:{LIVE_TYPES}]->(t) RETURN [t.id, type(r), r.origin, r.path, r.line]
}}]) AS rows
"""
"""Links and leaving relations of some documents' nodes. Parameters: graph, source, paths."""

KNOWN_IDS: Final = """
UNWIND $ids AS id MATCH (n:KnowledgeNode {graph: $graph, id: id}) RETURN collect([n.id, n.title]) AS rows
"""
"""Which of some ids are live nodes of the graph. Parameters: graph, ids."""

BLOCKS: Final = """
UNWIND $ids AS id MATCH (b:Block) WHERE b.graph = $graph AND b.id = id AND b.node_id IS NOT NULL
RETURN collect([b.id, b.node_id]) AS rows
"""
"""Which nodes have blocks of these ids. Parameters: graph, ids."""

SETTLE: Final = f"""
UNWIND $documents AS row
MATCH {_DOCUMENT % "row.path"}
SET d.refs = row.refs, d.unresolved = row.unresolved
WITH row WHERE row.changed
CALL (row) {{
  MATCH (:KnowledgeNode {{graph: $graph, id: row.node}})<-[:PART_OF]-(:Block)-[old:REFERS_TO]->() DELETE old
  RETURN count(*) AS ended
}}
CALL (row) {{
  UNWIND row.to_blocks AS ref
  MATCH (b:Block {{graph: $graph, path: row.path, node_id: row.node, order: ref[0]}})
  MATCH (t:Block {{graph: $graph, id: ref[2], node_id: ref[1]}})
  CREATE (b)-[:REFERS_TO]->(t) RETURN count(*) AS blocks
}}
CALL (row) {{
  UNWIND row.to_nodes AS ref
  MATCH (b:Block {{graph: $graph, path: row.path, node_id: row.node, order: ref[0]}})
  MATCH (t:KnowledgeNode {{graph: $graph, id: ref[1]}})
  CREATE (b)-[:REFERS_TO]->(t) RETURN count(*) AS nodes
}}
RETURN count(*) AS settled
"""
"""What blocks of some documents refer to, where it `changed`, and which links lead nowhere. Parameters: graph, source,
documents (maps of path, node, refs, unresolved, changed, to_blocks ([order, node id, block id] each) and to_nodes)."""

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


RELINE: Final = {
    relation: f"""
UNWIND $edges AS edge
MATCH (s:KnowledgeNode {{graph: $graph, id: edge.source}})-[r:{relation.name}]->
  (t:KnowledgeNode {{graph: $graph, id: edge.target}})
WHERE r.origin IN $origins SET r.path = edge.path, r.line = edge.line
"""
    for relation in RelationType
}
"""Say anew where relations stand that files state; they go on to hold. Parameters: graph, edges, origins."""

UNLINK: Final = {relation: _unlink(relation) for relation in RelationType}
"""End relations that files stated. Parameters: graph, ids (all ends, sorted), edges (maps of source and
target), origins, relation, event_id, at, actor."""
