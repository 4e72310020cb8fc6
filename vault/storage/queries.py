"""Statements of the storages that are asked in a language: SQL and Cypher."""

import re
from typing import Final

from stratumiops.vault.errors import ConfigError

_TABLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,50}")


class Sql:
    """Statements over one table of PostgreSQL, and `<table>_owner`, which says what server took it last.

    Raises:
        ConfigError: the name of the table is not plain.
    """

    lock = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"

    def __init__(self, table: str) -> None:
        if not _TABLE.fullmatch(table):
            raise ConfigError(f"[storage.postgresql] table: {table!r} is no plain lower-case name of a table")
        self.schema = f"""
            CREATE TABLE IF NOT EXISTS {table} (key bytea PRIMARY KEY, value bytea NOT NULL);
            CREATE TABLE IF NOT EXISTS {table}_owner (one bool PRIMARY KEY CHECK (one), id text NOT NULL)
        """
        self.take = f"INSERT INTO {table}_owner VALUES (true, $1) ON CONFLICT (one) DO UPDATE SET id = excluded.id"  # noqa: S608 - a checked name
        self.get = f"SELECT value FROM {table} WHERE key = $1"  # noqa: S608 - a checked name
        self.scan = f"SELECT key FROM {table} WHERE key >= $1 AND ($2 = ''::bytea OR key < $2) ORDER BY key LIMIT $3"  # noqa: S608 - a checked name
        self.apply = f"""
            WITH mine AS (SELECT FROM {table}_owner WHERE id = $1 FOR SHARE),
            dropped AS (DELETE FROM {table} WHERE key = ANY ($4::bytea[]) AND EXISTS (SELECT FROM mine)),
            written AS (
                INSERT INTO {table} (key, value)
                SELECT * FROM unnest($2::bytea[], $3::bytea[]) WHERE EXISTS (SELECT FROM mine)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
            )
            SELECT count(*) FROM mine
        """  # noqa: S608 - a checked name


NEO4J_SCHEMA: Final = (
    "CREATE CONSTRAINT svault_entry_id IF NOT EXISTS FOR (e:SvaultEntry) REQUIRE e.id IS UNIQUE",
    "CREATE CONSTRAINT svault_lock_store IF NOT EXISTS FOR (l:SvaultLock) REQUIRE l.store IS UNIQUE",
    "CALL db.awaitIndexes(60)",
)
NEO4J_TAKE: Final = """
MERGE (l:SvaultLock {store: $store})
ON CREATE SET l.until = 0
SET l.tried = timestamp()
WITH l WHERE l.until < timestamp()
SET l.owner = $owner, l.until = timestamp() + $lease
RETURN count(l) AS mine
"""
NEO4J_HOLD: Final = """
MATCH (l:SvaultLock {store: $store, owner: $owner})
SET l.until = timestamp() + $lease
RETURN count(l) AS mine
"""
NEO4J_RELEASE: Final = "MATCH (l:SvaultLock {store: $store, owner: $owner}) SET l.until = 0"
NEO4J_PUT: Final = "UNWIND $puts AS put MERGE (e:SvaultEntry {id: put[0]}) SET e.value = put[1]"
NEO4J_DROP: Final = "UNWIND $drops AS id MATCH (e:SvaultEntry {id: id}) DELETE e"
NEO4J_GET: Final = "MATCH (e:SvaultEntry {id: $id}) RETURN e.value AS value"
NEO4J_SCAN: Final = (
    "MATCH (e:SvaultEntry) WHERE e.id >= $start AND e.id < $end RETURN e.id AS id ORDER BY e.id LIMIT toInteger($limit)"
)
