"""The Cypher of backup and restore. `id()` is used inside one run only, never kept."""

from typing import Final

_OURS: Final = (
    "n:WriteGate OR n:MigrationTurn OR n:RestoreMarker OR n:EmbeddingLease OR n:VaultAudit OR n:VaultAuditDevice"
)
"""Nodes that belong to a running system, not to its content. The vault writes its audit past the gate, and its chain
must not be set back by a restore."""

SCHEMA: Final = "MATCH (v:SchemaVersion) RETURN coalesce(max(v.version), 0) AS version"
COUNT_NODES: Final = f"MATCH (n) WHERE NOT ({_OURS}) RETURN count(n) AS count"
COUNT_RELATIONSHIPS: Final = "MATCH ()-[r]->() RETURN count(r) AS count"
ALL_NODES: Final = f"MATCH (n) WHERE NOT ({_OURS}) RETURN id(n) AS id, labels(n) AS labels, properties(n) AS properties"
ALL_RELATIONSHIPS: Final = (
    "MATCH (s)-[r]->(t) RETURN id(s) AS source, id(t) AS target, type(r) AS type, properties(r) AS properties"
)

CONTENT: Final = (
    f"MATCH (n) WHERE NOT ({_OURS} OR n:SchemaVersion OR n:OutboxCounter OR n:OutboxEvent OR n:Idempotency"
    " OR n:EmbeddingIndex OR (n:Graph AND n.name = 'default')) RETURN count(n) AS count"
)
"""What a graph that was only just made does not have."""

MARK: Final = (
    "MERGE (m:RestoreMarker {name: 'restore'})"
    " SET m.started_at = $at, m.file = $file, m.sha256 = $sha256 RETURN 1 AS marked"
)
MARKED: Final = "MATCH (m:RestoreMarker {name: 'restore'}) RETURN m.file AS file, m.started_at AS started_at"
UNMARK: Final = "MATCH (m:RestoreMarker) DELETE m"

DELETE_RELATIONSHIPS: Final = "MATCH ()-[r]->() WITH r LIMIT $limit DELETE r RETURN count(*) AS count"
DELETE_NODES: Final = f"MATCH (n) WHERE NOT ({_OURS}) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS count"
CREATE_NODES: Final = "UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties RETURN collect(id(n)) AS ids"
CREATE_RELATIONSHIPS: Final = (
    "UNWIND $rows AS row MATCH (s) WHERE id(s) = row.source MATCH (t) WHERE id(t) = row.target"
    " CREATE (s)-[r:$(row.type)]->(t) SET r = row.properties RETURN count(r) AS count"
)
AWAIT_INDEXES: Final = "CALL db.awaitIndexes(600)"
REPLAN: Final = "CALL db.prepareForReplanning()"
