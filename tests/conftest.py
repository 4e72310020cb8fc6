"""Fixtures of the whole suite: one Neo4j for all, one connection per process, one graph name per test."""

import os
import secrets
from collections.abc import AsyncIterator

import pytest

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations import migrate
from stratumiops.graph.store.settings import Neo4jSettings

_CLEAN_UP = """
UNWIND ['KnowledgeNode', 'Tombstone', 'Revision', 'Document', 'OutboxEvent'] AS label
MATCH (n:$(label) {graph: $graph})
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
"""
_CLEAN_UP_GRAPH = "MATCH (g:Graph {name: $graph}) DETACH DELETE g"


@pytest.fixture(scope="session")
def neo4j_settings() -> Neo4jSettings:
    """The server the tests use: the one of NEO4J_TEST_URI."""
    return Neo4jSettings(
        uri=os.environ["NEO4J_TEST_URI"],
        user=os.environ.get("NEO4J_TEST_USER", "neo4j"),
        password=os.environ.get("NEO4J_TEST_PASSWORD", ""),
        pool_size=50,
    )


@pytest.fixture(scope="session")
async def database(neo4j_settings: Neo4jSettings) -> AsyncIterator[Database]:
    """A connected database with the newest schema; shared, so use `graph_name` for what you make."""
    db = Database(neo4j_settings)
    await db.connect()
    await migrate(db)
    yield db
    await db.close()


@pytest.fixture
async def graph_name(database: Database) -> AsyncIterator[str]:
    """The name of a new, empty graph; all that is in it goes when the test ends."""
    name = f"test-{secrets.token_hex(6)}"
    await database.write(
        "CREATE (:Graph {name: $graph, title: $graph, description: '', priority: 0, rev: 1,"
        " created_at: '2026-01-01T00:00:00.000000Z', updated_at: '2026-01-01T00:00:00.000000Z'})",
        {"graph": name},
    )
    yield name
    await drop_graph(database, name)


async def drop_graph(database: Database, name: str) -> None:
    """Remove every trace of one graph."""
    await database.write(_CLEAN_UP, {"graph": name}, past_gate=True)
    await database.write(_CLEAN_UP_GRAPH, {"graph": name}, past_gate=True)
