"""Statements about which nodes use which secrets."""

from typing import Final

USE: Final = (
    "MATCH (n:KnowledgeNode {graph: $graph, id: $node})\n"
    "SET n.lock = 1 REMOVE n.lock\n"
    "WITH n WHERE n.deleted_at IS NULL\n"
    "MERGE (s:Secret {id: $secret}) ON CREATE SET s.mount = $mount, s.path = $path\n"
    "SET s.lock = 1 REMOVE s.lock\n"
    "MERGE (n)-[u:USES_SECRET {key: $key}]->(s) ON CREATE SET u.created_at = $at, u.created_by = $actor\n"
    "RETURN {secret: s.id, node: properties(n), use: properties(u)} AS found"
)
"""No row: there is no such node."""

STOP: Final = (
    "MATCH (s:Secret {id: $secret}) SET s.lock = 1 REMOVE s.lock\n"
    "WITH s\n"
    "MATCH (:KnowledgeNode {graph: $graph, id: $node})-[u:USES_SECRET {key: $key}]->(s)\n"
    "DELETE u\n"
    "WITH DISTINCT s WHERE NOT EXISTS { (s)<-[:USES_SECRET]-() }\n"
    "DELETE s"
)
"""The secret goes with its last use; that of a deleted node counts, for the node may come back."""

_COLLECTED: Final = "ORDER BY u.created_at DESC, n.id, u.key LIMIT $first"
_SHOWN: Final = "{secret: s.id, node: properties(n), use: properties(u)}"

OF_NODES: Final = (
    "UNWIND $keys AS key\n"
    "CALL (key) { MATCH (n:KnowledgeNode {graph: key[0], id: key[1]})-[u:USES_SECRET]->(s:Secret)"
    f" WITH n, u, s {_COLLECTED} RETURN collect({_SHOWN}) AS found }}\n"
    "RETURN collect(found) AS found"
)

OF_SECRETS: Final = (
    "UNWIND $secrets AS secret\n"
    "CALL (secret) { MATCH (s:Secret {id: secret})<-[u:USES_SECRET]-(n:KnowledgeNode) WHERE n.graph IN $auth"
    f" WITH n, u, s {_COLLECTED} RETURN collect({_SHOWN}) AS found }}\n"
    "RETURN collect(found) AS found"
)
