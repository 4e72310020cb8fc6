"""Every statement that changes knowledge, as text.

A *write head* ends with its variables bound and has no RETURN: whoever sends it appends the selection that
its caller wants back, so that a change and its answer are one statement. A head that binds nothing changed
nothing.

Order inside a head: find, lock, look again (what was true before the lock may be history), copy the old
state, change, tell the outbox. Locks on two nodes are taken in order of id. `REMOVE x.lock` after
`SET x.lock` leaves no trace and keeps the lock until the transaction ends.

A node whose text may be newer than its blocks has the label BlocksDue until they are read again.
"""

from typing import Final

from stratumiops.graph.models import RelationType
from stratumiops.graph.store.gate import REFUSED

LIVE_TYPES: Final = "|".join(relation.name for relation in RelationType)
ENDED_TYPES: Final = "|".join(relation.ended for relation in RelationType)

_OUTBOX: Final = "CREATE (:OutboxEvent:OutboxPending {id: $event_id, graph: $graph, actor: $actor, at: "
_TYPE_LABEL: Final = "$(toUpper(left(n.type, 1)) + substring(n.type, 1))"
_FIND_NODE: Final = "MATCH (n:KnowledgeNode {graph: $graph, id: $id})\n"
_LOCK_NODE: Final = "SET n.lock = 1 REMOVE n.lock\n"


def _after(base: str) -> str:
    """The instant of a change: `$at`, or a microsecond after `base` when the clocks of two machines disagree."""
    micros = f"toString(toInteger(substring({base}, 20, 6)) + 1)"
    bumped = f"left({base}, 20) + right('00000' + {micros}, 6) + 'Z'"
    last = f"substring({base}, 20, 6) = '999999'"
    return f"CASE WHEN $at > {base} THEN $at WHEN {last} THEN {base} ELSE {bumped} END AS at\n"


_AT: Final = _after("n.updated_at")
_COPY_OLD: Final = (
    "CREATE (n)-[:HAS_REVISION]->(v:Revision)"
    " SET v = n{.*, embedding: null, valid_from: n.updated_at, valid_to: at, change: '%s'}\n"
)


def _create(label: str) -> str:
    return (
        "MATCH (g:Graph {name: $graph})\n"
        + _OUTBOX
        + "$at, op: 'node.created', ids: $ids, types: $types, revs: $revs})\n"
        + "WITH g UNWIND range(0, size($nodes) - 1) AS ord\n"
        + f"CREATE (g)-[:CONTAINS]->(n:{label}:$($labels[ord])) SET n = $nodes[ord]\n"
        + "WITH n, ord\n"
    )


_UNUSED_IDS: Final = (
    "WHERE CASE WHEN EXISTS { MATCH (gone:Tombstone {graph: $graph, id: n.id}) }"
    f" THEN datetime('{REFUSED}deleted ' + n.id) IS NULL ELSE true END\n"
)

CREATE_NODES: Final = _create("KnowledgeNode:BlocksDue")
"""New nodes with ids nobody has used. Parameters: graph, nodes (maps of properties), labels, and the event's
event_id, at, actor, ids, types, revs. Binds n and ord, the node's place in `nodes`."""

CREATE_NODES_CHECKED: Final = CREATE_NODES + _UNUSED_IDS
"""The same for ids that the caller chose: refused when a deleted node has one of them. The test comes after
the creation, whose unique index lets no deletion of the same id run beside it."""

CREATE_NODES_WITH_BLOCKS: Final = _create("KnowledgeNode") + _UNUSED_IDS
"""The same for a caller that writes the nodes' blocks itself."""

UPDATE_NODE: Final = (
    _FIND_NODE
    + _LOCK_NODE
    + "WITH n WHERE n.deleted_at IS NULL AND n.rev = $rev AND ($of_types IS NULL OR n.type IN $of_types)\n"
    + "WITH n, "
    + _AT
    + _COPY_OLD % "updated"
    + "SET n += $changes, n.updated_at = at, n.updated_by = $actor, n.rev = $rev + 1, n:BlocksDue\n"
    + _OUTBOX
    + "at, op: 'node.updated', ids: [$id], types: [n.type], revs: [$rev + 1]})\n"
    + "WITH n\n"
)
"""Parameters: graph, id, rev, changes (properties; null removes one), of_types (types it may have, or null),
event_id, at, actor. Binds n."""

_END_ALL: Final = (
    "CALL (n, at) {\n"
    f"  MATCH (n)-[r:{LIVE_TYPES}]-() WITH n, at, r, startNode(r) AS s, endNode(r) AS t\n"
    "  CREATE (s)-[w:$('WAS_' + type(r))]->(t) SET w = properties(r),"
    " w.valid_to = CASE WHEN r.valid_from > at THEN r.valid_from ELSE at END,"
    " w.ended_by = 'delete:' + toString(n.rev + 1) + ':' + n.id\n"
    "  DELETE r RETURN count(*) AS ended\n"
    "}\n"
)

DELETE_NODE: Final = (
    _FIND_NODE
    + _LOCK_NODE
    + "WITH n WHERE n.deleted_at IS NULL AND ($rev IS NULL OR n.rev = $rev)\n"
    + "WITH n, "
    + _AT
    + _COPY_OLD % "deleted"
    + "WITH n, at\n"
    + _END_ALL
    + "CALL (n) { MATCH (n)<-[c:CONTAINS]-() DELETE c RETURN count(*) AS left }\n"
    + f"REMOVE n:KnowledgeNode:BlocksDue:{_TYPE_LABEL}\n"
    + "SET n:Tombstone, n.deleted_at = at, n.deleted_by = $actor, n.rev = n.rev + 1\n"
    + _OUTBOX
    + "at, op: 'node.deleted', ids: [$id], types: [n.type], revs: [n.rev]})\n"
    + "WITH n\n"
)
"""Parameters: graph, id, rev (null: whatever it is), event_id, at, actor. Binds n, by now a Tombstone."""

_RESTORE_ALL: Final = (
    "CALL (n, at, ended) {\n"
    f"  MATCH (n)-[w:{ENDED_TYPES}]-(m) WHERE w.ended_by = ended\n"
    "  SET m.lock = 1 REMOVE m.lock WITH w, m, at, startNode(w) AS s, endNode(w) AS t\n"
    "  FOREACH (_ IN CASE WHEN m.deleted_at IS NULL THEN [1] ELSE [] END |\n"
    "    CREATE (s)-[:$(substring(type(w), 4)) {weight: w.weight, origin: w.origin, valid_from: at,"
    " recorded_at: at, created_by: $actor, path: w.path, line: w.line}]->(t))\n"
    "  FOREACH (_ IN CASE WHEN m.deleted_at IS NULL THEN [] ELSE [1] END |\n"
    "    SET w.ended_by = 'delete:' + toString(m.rev) + ':' + m.id)\n"
    "  RETURN count(*) AS seen\n"
    "}\n"
)

UNDELETE_NODE: Final = (
    "MATCH (g:Graph {name: $graph}) MATCH (n:Tombstone {graph: $graph, id: $id})\n"
    + _LOCK_NODE
    + "WITH g, n WHERE n.deleted_at IS NOT NULL AND ($rev IS NULL OR n.rev = $rev)\n"
    + "WITH g, n, 'delete:' + toString(n.rev) + ':' + n.id AS ended, "
    + _after("n.deleted_at")
    + "REMOVE n:Tombstone, n.deleted_at, n.deleted_by\n"
    + f"SET n:KnowledgeNode:BlocksDue:{_TYPE_LABEL}, n.updated_at = at, n.updated_by = $actor, n.rev = n.rev + 1\n"
    + "CREATE (g)-[:CONTAINS]->(n)\n"
    + "WITH n, at, ended\n"
    + _RESTORE_ALL
    + _OUTBOX
    + "at, op: 'node.restored', ids: [$id], types: [n.type], revs: [n.rev]})\n"
    + "WITH n\n"
)
"""Parameters as for DELETE_NODE. Binds n, live again. Relations that its deletion ended come back; where the
other end is deleted too by now, they come back with that one."""


def _both_ends(*, forward: bool) -> str:
    first, second = ("s", "t") if forward else ("t", "s")
    return (
        "MATCH (s:KnowledgeNode {graph: $graph, id: $source})\n"
        "MATCH (t:KnowledgeNode {graph: $graph, id: $target})\n"
        f"SET {first}.lock = 1 REMOVE {first}.lock SET {second}.lock = 1 REMOVE {second}.lock\n"
        "WITH s, t WHERE s.deleted_at IS NULL AND t.deleted_at IS NULL\n"
    )


_LATER: Final = (
    "CASE WHEN s.updated_at > t.updated_at THEN s.updated_at ELSE t.updated_at END AS later\n"
    "WITH *, CASE WHEN old.valid_from > later THEN old.valid_from ELSE later END AS later\n"
    "WITH *, " + _after("later")
)
_END: Final = "CREATE (s)-[w:%s]->(t) SET w = properties(old), w.valid_to = at, w.ended_by = $actor DELETE old"


def _link(relation: RelationType, *, forward: bool) -> str:
    return (
        _both_ends(forward=forward)
        + f"OPTIONAL MATCH (s)-[old:{relation.name}]->(t)\n"
        + "WITH s, t, old, coalesce(old.weight = $weight AND old.origin = $origin, false) AS same, "
        + _LATER
        + "FOREACH (_ IN CASE WHEN old IS NULL OR same THEN [] ELSE [1] END | "
        + _END % relation.ended
        + ")\nFOREACH (_ IN CASE WHEN same THEN [] ELSE [1] END | "
        + _OUTBOX
        + "at, op: 'relation.created', ids: [$source, $target], types: [$relation], revs: []}))\n"
        + f"MERGE (s)-[r:{relation.name}]->(t) ON CREATE SET r.weight = $weight, r.origin = $origin,"
        + " r.valid_from = at, r.recorded_at = at, r.created_by = $actor\n"
        + "WITH s, r, t\n"
    )


def _unlink(relation: RelationType, *, forward: bool) -> str:
    return (
        _both_ends(forward=forward)
        + f"MATCH (s)-[old:{relation.name}]->(t)\n"
        + "WITH s, t, old, "
        + _LATER
        + (_END % relation.ended).replace("[w:", "[r:").replace("w.", "r.").replace("SET w ", "SET r ")
        + "\n"
        + _OUTBOX
        + "at, op: 'relation.ended', ids: [$source, $target], types: [$relation], revs: []})\n"
        + "WITH s, r, t\n"
    )


LINK: Final = {(r, forward): _link(r, forward=forward) for r in RelationType for forward in (True, False)}
"""By relation and whether source < target. Parameters: graph, source, target, relation (its value), weight,
origin, event_id, at, actor. Binds s, r, t; an equal relation stays, another weight or origin ends it."""

UNLINK: Final = {(r, forward): _unlink(r, forward=forward) for r in RelationType for forward in (True, False)}
"""Parameters as for LINK without weight and origin. Binds s, r (the ended relation) and t."""


def _link_many(relation: RelationType) -> str:
    return (
        "UNWIND $ids AS id MATCH (x:KnowledgeNode {graph: $graph, id: id}) SET x.lock = 1 REMOVE x.lock\n"
        "WITH count(*) AS locked UNWIND $edges AS edge\n"
        "MATCH (s:KnowledgeNode {graph: $graph, id: edge.source})\n"
        "MATCH (t:KnowledgeNode {graph: $graph, id: edge.target})\n"
        "WITH edge, s, t WHERE s.deleted_at IS NULL AND t.deleted_at IS NULL\n"
        f"OPTIONAL MATCH (s)-[old:{relation.name}]->(t)\n"
        "WITH edge, s, t, old,"
        " coalesce(old.weight = edge.weight AND old.origin = edge.origin, false) AS same, "
        + _LATER
        + "FOREACH (_ IN CASE WHEN old IS NULL OR same THEN [] ELSE [1] END | "
        + _END % relation.ended
        + ")\nFOREACH (_ IN CASE WHEN same THEN [] ELSE [1] END | "
        + f"CREATE (s)-[:{relation.name} {{weight: edge.weight, origin: edge.origin, valid_from: at,"
        + " recorded_at: at, created_by: $actor, path: edge.path, line: edge.line}]->(t))\n"
        + "WITH count(*) AS matched, max(at) AS at,"
        + " collect(CASE WHEN NOT same THEN edge END) AS made\n"
        + "FOREACH (_ IN CASE WHEN size(made) > 0 THEN [1] ELSE [] END | "
        + _OUTBOX
        + "at, op: 'relation.created', ids: reduce(ids = [], e IN made | ids + [e.source, e.target]),"
        + " types: [e IN made | $relation], revs: []}))\n"
        + "WITH matched, size(made) AS made\n"
    )


LINK_MANY: Final = {relation: _link_many(relation) for relation in RelationType}
"""Parameters: graph, ids (all ends, sorted), edges (maps of source, target, weight, origin, and path and line
if it stands in a file; each pair once), relation, event_id, at, actor. Binds matched (how many had both ends) and
made (new or changed ones)."""

DIAGNOSE: Final = (
    "OPTIONAL MATCH (g:Graph {name: $graph})\n"
    "OPTIONAL MATCH (n:KnowledgeNode {graph: $graph, id: $id})\n"
    "OPTIONAL MATCH (d:Tombstone {graph: $graph, id: $id})\n"
    "RETURN g.name IS NOT NULL AS graph, n.rev AS live, n.type AS type, d.rev AS deleted,"
    " d.deleted_at AS deleted_at"
)
"""Why a head bound nothing. Parameters: graph, id."""
