"""Entries in a table of PostgreSQL 15 or newer."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from stratumiops.vault.errors import ConfigError, StorageFailed
from stratumiops.vault.storage import listing

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,50}")
_WAIT_S: Final = 5.0
LOST: Final = "another server has taken the storage; this one does not write any more"


class PostgresqlStorage:
    """Entries in one table.

    One connection holds an advisory lock, which keeps other servers out, and writes: when it breaks, the lock is gone
    and so is the way to write. It is taken anew only if no other server had it since, which `<table>_owner` tells.

    Args:
        url: `postgresql://user:password@host:port/database`.
        table: where the entries are; made when missing.
    """

    kind = "postgresql"
    most_changes = 20_000
    largest = 32 << 20

    def __init__(self, url: str, table: str = "svault_entries") -> None:
        if not _NAME.fullmatch(table):
            raise ConfigError(f"[storage.postgresql] table: {table!r} is no plain lower-case name of a table")
        self._url = url
        self._table = table
        self._me = secrets.token_hex(16)
        self._writer: asyncpg.Connection[asyncpg.Record] | None = None
        self._readers: asyncpg.Pool[asyncpg.Record] | None = None
        self._writing = asyncio.Lock()
        self._get = f"SELECT value FROM {table} WHERE key = $1"  # noqa: S608 - a checked name
        self._apply = f"""
            WITH mine AS (SELECT FROM {table}_owner WHERE id = $1 FOR SHARE),
            dropped AS (DELETE FROM {table} WHERE key = ANY ($4::bytea[]) AND EXISTS (SELECT FROM mine)),
            written AS (
                INSERT INTO {table} (key, value)
                SELECT * FROM unnest($2::bytea[], $3::bytea[]) WHERE EXISTS (SELECT FROM mine)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
            )
            SELECT count(*) FROM mine
        """  # noqa: S608 - a checked name
        self._scan_sql = (
            f"SELECT key FROM {table} WHERE key >= $1 AND ($2 = ''::bytea OR key < $2) ORDER BY key LIMIT $3"  # noqa: S608
        )

    async def open(self) -> None:
        """See `Storage.open`."""
        import asyncpg

        async with _told("opened"):
            self._writer = await self._connect()
            await self._writer.execute(
                f"CREATE TABLE IF NOT EXISTS {self._table} (key bytea PRIMARY KEY, value bytea NOT NULL);"
                f"CREATE TABLE IF NOT EXISTS {self._table}_owner (one bool PRIMARY KEY CHECK (one), id text NOT NULL)"
            )
            await self._lock(self._writer)
            await self._writer.execute(
                f"INSERT INTO {self._table}_owner VALUES (true, $1) ON CONFLICT (one) DO UPDATE SET id = excluded.id",  # noqa: S608
                self._me,
            )
            self._readers = await asyncpg.create_pool(self._url, min_size=1, max_size=8, timeout=10, command_timeout=30)

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        async with _told("read"), self._pool().acquire() as reader:
            found = await reader.fetchval(self._get, key.encode())
            return None if found is None else bytes(found)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        puts = [(key.encode(), value) for key, value in changes.items() if value is not None]
        drops = [key.encode() for key, value in changes.items() if value is None]
        async with self._writing, _told("written"):
            writer = await self._held()
            mine = await writer.fetchval(
                self._apply, self._me, [key for key, _ in puts], [value for _, value in puts], drops
            )
        if not mine:
            raise StorageFailed(LOST)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        return await listing.names(self._scan, prefix, after, limit)

    async def close(self) -> None:
        """See `Storage.close`."""
        readers, self._readers = self._readers, None
        writer, self._writer = self._writer, None
        async with _told("closed"):
            if readers is not None:
                await readers.close()
            if writer is not None:
                await writer.close()

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        async with _told("read"), self._pool().acquire() as reader:
            found = await reader.fetch(self._scan_sql, start.encode(), end.encode(), limit)
            return [bytes(row[0]).decode() for row in found]

    def _pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._readers is None:
            raise StorageFailed("the storage is closed")
        return self._readers

    async def _held(self) -> "asyncpg.Connection[asyncpg.Record]":
        """The connection that holds the lock; one that broke is made anew."""
        if self._writer is None:
            raise StorageFailed("the storage is closed")
        if self._writer.is_closed():
            self._writer = await self._connect()
            await self._lock(self._writer)
        return self._writer

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        import asyncpg

        settings = {"synchronous_commit": "on", "application_name": "svault"}
        try:
            return await asyncpg.connect(self._url, timeout=10, command_timeout=30, server_settings=settings)
        except ValueError:  # its text may hold the password
            raise ConfigError("[storage.postgresql] connection_url: this is no address of a database") from None

    async def _lock(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Take the lock; that of a server that has just died is waited for."""
        deadline = asyncio.get_running_loop().time() + _WAIT_S
        while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._table):
            if asyncio.get_running_loop().time() > deadline:
                await connection.close()
                raise StorageFailed(f"the table {self._table} of PostgreSQL is in use by another server")
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _told(what: str) -> AsyncIterator[None]:
    """Errors of PostgreSQL and of the network as the storage's own. Their texts hold no values of entries."""
    import asyncpg

    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StorageFailed(f"PostgreSQL: the storage cannot be {what}: {text}") from None
