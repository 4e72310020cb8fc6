"""PostgreSQL, by asyncpg."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote

from stratumiops.vault.engines.database.drivers.port import DatabaseFailed, Target
from stratumiops.vault.engines.database.statements import SQL, filled
from stratumiops.vault.errors import BadRequest

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_TIMEOUT_S: Final = 10.0
_END_SESSIONS: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1"
_SCHEMES: Final = ("postgresql://", "postgres://")


class PostgresqlDriver:
    """A PostgreSQL server; connections are made when they are needed."""

    creation: ClassVar[Sequence[str]] = ()
    renewal: ClassVar[Sequence[str]] = ("ALTER ROLE \"{{name}}\" VALID UNTIL '{{expiration}}'",)
    rotation: ClassVar[Sequence[str]] = ("ALTER ROLE \"{{name}}\" WITH PASSWORD '{{password}}'",)

    def __init__(self, target: Target) -> None:
        if not target.url.startswith(_SCHEMES):
            raise BadRequest("the connection_url of PostgreSQL begins with postgresql://")
        url = target.url.replace("{{username}}", quote(target.username, safe=""))
        self._url = url.replace("{{password}}", quote(target.password, safe=""))
        self._most = target.most_connections
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._making = asyncio.Lock()

    async def check(self) -> None:
        """See `Driver.check`."""
        async with self._connection() as connection:
            await connection.execute("SELECT 1")

    async def run(self, statements: Sequence[str], values: Mapping[str, str]) -> None:
        """See `Driver.run`."""
        scripts = [script for template in statements for script in filled(template, values, SQL)]
        async with self._connection() as connection, connection.transaction():
            for script in scripts:
                await connection.execute(script)

    async def drop(self, name: str) -> None:
        """See `Driver.drop`. What the user made belongs to the engine's user then."""
        role = '"' + name.replace('"', '""') + '"'
        async with self._connection() as connection:
            if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name) is None:
                return
            await connection.execute(f"ALTER ROLE {role} NOLOGIN")
            await connection.execute(f"GRANT {role} TO CURRENT_USER")
            await connection.execute(_END_SESSIONS, name)
            async with connection.transaction():
                await connection.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
                await connection.execute(f"DROP OWNED BY {role}")
                await connection.execute(f"DROP ROLE {role}")

    async def close(self) -> None:
        """See `Driver.close`."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(_TIMEOUT_S / 2):
                    await pool.close()
            except TimeoutError:
                pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> "AsyncIterator[asyncpg.pool.PoolConnectionProxy[asyncpg.Record]]":
        import asyncpg

        try:
            async with (await self._connected()).acquire(timeout=_TIMEOUT_S) as connection:
                yield connection
        except asyncpg.InvalidAuthorizationSpecificationError as error:
            raise DatabaseFailed(_said(error), refused_login=True) from None
        except asyncpg.PostgresError as error:
            raise DatabaseFailed(_said(error)) from None
        except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError, ValueError) as error:
            raise DatabaseFailed(f"PostgreSQL cannot be reached ({type(error).__name__})") from None

    async def _connected(self) -> "asyncpg.Pool[asyncpg.Record]":
        import asyncpg

        async with self._making:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=0, max_size=self._most, timeout=_TIMEOUT_S, command_timeout=30,
                    statement_cache_size=0, max_inactive_connection_lifetime=60,
                )  # fmt: skip
            return self._pool


def _said(error: "asyncpg.PostgresError") -> str:
    """Why it refused, without its words: they may repeat a password that stood in a wrong place."""
    return f"PostgreSQL refused: {type(error).__name__.removesuffix('Error')}, SQLSTATE {error.sqlstate}"
