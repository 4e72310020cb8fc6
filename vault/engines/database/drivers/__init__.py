"""Databases: what the engine needs of one, and an adapter for each kind."""

from typing import Final

from stratumiops.vault.engines.database.drivers.neo4j import Neo4jDriver
from stratumiops.vault.engines.database.drivers.port import Driver, DriverFactory
from stratumiops.vault.engines.database.drivers.postgresql import PostgresqlDriver

DRIVERS: Final[dict[str, DriverFactory]] = {
    "postgresql-database-plugin": PostgresqlDriver,
    "neo4j-database-plugin": Neo4jDriver,
}
"""By the names that clients use."""

__all__ = ["DRIVERS", "Driver", "DriverFactory"]
