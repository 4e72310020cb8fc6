"""The Cypher of the device `graph`."""

from typing import Final, LiteralString

SCHEMA: Final[tuple[LiteralString, ...]] = (
    "CREATE CONSTRAINT vault_audit_device IF NOT EXISTS FOR (d:VaultAuditDevice) REQUIRE d.id IS UNIQUE",
    "CREATE INDEX vault_audit_at IF NOT EXISTS FOR (a:VaultAudit) ON (a.at)",
    "CREATE INDEX vault_audit_path IF NOT EXISTS FOR (a:VaultAudit) ON (a.path, a.at)",
    "CREATE INDEX vault_audit_chain IF NOT EXISTS FOR (a:VaultAudit) ON (a.device, a.seq)",
)

TAKE: Final = """
MERGE (d:VaultAuditDevice {id: $device})
ON CREATE SET d.seq = 0, d.hash = ''
SET d.path = $path, d.owner = $owner
RETURN d.seq AS seq, d.hash AS hash
"""
"""Waits for a transaction that is still at work, and shuts out those that come late: their owner is another one."""

RESET: Final = """
MATCH (d:VaultAuditDevice {id: $device, owner: $owner})
SET d.seq = $seq, d.hash = $hash
"""

WRITE: Final = """
MATCH (d:VaultAuditDevice {id: $device})
SET d.tried = timestamp()
WITH d WHERE d.owner = $owner AND d.seq = $before
SET d.seq = $after, d.hash = $hash
WITH d UNWIND $nodes AS node
CREATE (a:VaultAudit) SET a = node
RETURN count(a) AS written
"""
"""The first SET takes the lock of the device, under which the rest is decided."""

PAGE: Final = """
MATCH (a:VaultAudit) WHERE a.device = $device AND a.seq >= $begin
RETURN properties(a) AS node ORDER BY a.seq LIMIT $limit
"""

OLDEST: Final = """
MATCH (a:VaultAudit) WHERE a.device = $device AND a.seq < $before
RETURN a.seq AS seq, a.at AS at ORDER BY a.seq LIMIT $limit
"""

PRUNE: Final = """
MATCH (a:VaultAudit) WHERE a.device = $device AND a.seq <= $upto
DELETE a
RETURN count(*) AS count
"""
