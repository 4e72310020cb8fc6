"""Neo4j, by its official driver. Users are kept in the database `system`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, Final

from stratumiops.vault.engines.database.drivers.port import DatabaseFailed, Target
from stratumiops.vault.engines.database.statements import CYPHER, filled
from stratumiops.vault.errors import BadRequest

if TYPE_CHECKING:
    from neo4j import AsyncDriver, AsyncSession

_TIMEOUT_S: Final = 10.0
_SCHEMES: Final = ("bolt://", "bolt+s://", "bolt+ssc://", "neo4j://", "neo4j+s://", "neo4j+ssc://")


class Neo4jDriver:
    """A Neo4j server. Statements run one by one: those about users have no common transaction."""

    creation: ClassVar[Sequence[str]] = (
        "CREATE USER `{{name}}` SET PLAINTEXT PASSWORD '{{password}}' CHANGE NOT REQUIRED",
    )
    renewal: ClassVar[Sequence[str]] = ()
    rotation: ClassVar[Sequence[str]] = (
        "ALTER USER `{{name}}` SET PLAINTEXT PASSWORD '{{password}}' SET PASSWORD CHANGE NOT REQUIRED",
    )

    def __init__(self, target: Target) -> None:
        if not target.url.startswith(_SCHEMES):
            raise BadRequest("the connection_url of Neo4j begins with bolt:// or neo4j://, with +s for TLS")
        self._target = target
        self._driver: AsyncDriver | None = None

    async def check(self) -> None:
        """See `Driver.check`."""
        async with self._session() as session:
            await (await session.run("SHOW CURRENT USER")).consume()

    async def run(self, statements: Sequence[str], values: Mapping[str, str]) -> None:
        """See `Driver.run`."""
        parts = [part for template in statements for part in filled(template, values, CYPHER)]
        async with self._session() as session:
            for part in parts:
                await (await session.run(part)).consume()

    async def drop(self, name: str) -> None:
        """See `Driver.drop`. Sessions that are open last until they are closed."""
        await self.run(["DROP USER `{{name}}` IF EXISTS"], {"name": name})

    async def close(self) -> None:
        """See `Driver.close`."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    @asynccontextmanager
    async def _session(self) -> "AsyncIterator[AsyncSession]":
        from neo4j import AsyncGraphDatabase
        from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

        try:
            if self._driver is None:
                self._driver = AsyncGraphDatabase.driver(
                    self._target.url,
                    auth=(self._target.username, self._target.password),
                    max_connection_pool_size=self._target.most_connections,
                    connection_timeout=_TIMEOUT_S,
                    connection_acquisition_timeout=_TIMEOUT_S,
                    max_transaction_retry_time=_TIMEOUT_S,
                )
            async with self._driver.session(database="system") as session:
                yield session
        except AuthError as error:
            raise DatabaseFailed(f"Neo4j refused: {error.code}", refused_login=True) from None
        except Neo4jError as error:
            raise DatabaseFailed(f"Neo4j refused: {error.code}") from None
        except (DriverError, ConfigurationError, OSError, ValueError) as error:
            raise DatabaseFailed(f"Neo4j cannot be reached ({type(error).__name__})") from None
