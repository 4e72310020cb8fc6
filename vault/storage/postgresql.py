"""Entries in a table of PostgreSQL 15 or newer."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from stratumiops.vault.errors import ConfigError, OutcomeUnknown, StorageFailed
from stratumiops.vault.storage import listing
from stratumiops.vault.storage.port import ANSWER_S, CLOSE_S, LOST
from stratumiops.vault.storage.queries import Sql

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_WAIT_S: Final = 5.0
_SETTINGS: Final = {
    "synchronous_commit": "on", "application_name": "svault",
    # the lock of a server that is cut off is free when its connection is found to be dead
    "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
}  # fmt: skip


class PostgresqlStorage:
    """Entries in one table.

    One connection holds an advisory lock, which keeps other servers out, and writes: when it breaks, the lock is gone
    and so is the way to write. It is taken anew only if no other server had it since, which `<table>_owner` tells. As
    the lock is free only when the connection before has ended, what that one was still writing cannot come later.

    Args:
        url: `postgresql://user:password@host:port/database`.
        table: where the entries are; made when missing.
    """

    kind = "postgresql"
    most_changes = 20_000
    largest = 32 << 20

    def __init__(self, url: str, table: str = "svault_entries") -> None:
        self._sql = Sql(table)
        self._url = url
        self._table = table
        self._me = secrets.token_hex(16)
        self._writer: asyncpg.Connection[asyncpg.Record] | None = None
        self._readers: asyncpg.Pool[asyncpg.Record] | None = None
        self._writing = asyncio.Lock()

    async def open(self) -> None:
        """See `Storage.open`."""
        import asyncpg

        try:
            async with _told("opened"):
                self._writer = await self._connect()
                await self._writer.execute(self._sql.schema)
                await self._lock(self._writer)
                await self._writer.execute(self._sql.take, self._me)
                self._readers = await asyncpg.create_pool(
                    self._url, min_size=0, max_size=8, timeout=ANSWER_S, command_timeout=ANSWER_S, reset=_as_it_is
                )
        except StorageFailed:
            await self.close()
            raise

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        async with self._reader() as reader:
            found = await reader.fetchval(self._sql.get, key.encode())
            return None if found is None else bytes(found)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        puts = [(key.encode(), value) for key, value in changes.items() if value is not None]
        drops = [key.encode() for key, value in changes.items() if value is None]
        async with self._writing:
            async with _told("written"):
                writer = await self._held()
            mine = await self._written(writer, [key for key, _ in puts], [value for _, value in puts], drops)
        if not mine:
            raise StorageFailed(LOST)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        return await listing.names(self._scan, prefix, after, limit)

    async def close(self) -> None:
        """See `Storage.close`."""
        readers, self._readers = self._readers, None
        writer, self._writer = self._writer, None
        with suppress(StorageFailed):  # a connection that is not closed in time is cut
            async with _told("closed"):
                if readers is not None:
                    try:
                        async with asyncio.timeout(CLOSE_S):
                            await readers.close()
                    finally:
                        readers.terminate()
        with suppress(StorageFailed):
            async with _told("closed"):
                if writer is not None:
                    await writer.close(timeout=CLOSE_S)

    async def _written(
        self, writer: "asyncpg.Connection[asyncpg.Record]", keys: list[bytes], values: list[bytes], drops: list[bytes]
    ) -> bool:
        """Whether this server still has the storage; nothing was written otherwise.

        Raises:
            OutcomeUnknown: the connection broke, or there was no answer in time; it is given up.
        """
        import asyncpg

        try:
            return bool(await writer.fetchval(self._sql.apply, self._me, keys, values, drops))
        except asyncpg.PostgresError as error:
            if not isinstance(error, asyncpg.PostgresConnectionError) and not writer.is_closed():
                raise StorageFailed(_text("written", error)) from None  # an answer: nothing was done
            failure = _text("written", error)
        except (asyncpg.InterfaceError, OSError, TimeoutError) as error:
            failure = _text("written", error)
        writer.terminate()
        raise OutcomeUnknown(failure)

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        async with self._reader() as reader:
            found = await reader.fetch(self._sql.scan, start.encode(), end.encode(), limit)
            return [bytes(row[0]).decode() for row in found]

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator["asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"]:
        """A connection to read with; one that does not answer in time is given up."""
        if self._readers is None:
            raise StorageFailed("the storage is closed")
        pool = self._readers
        async with _told("read"), asyncio.timeout(ANSWER_S):
            reader = await pool.acquire()
            answered = False
            try:
                yield reader
                answered = True
            finally:
                if not answered:
                    reader.terminate()
                await pool.release(reader)

    async def _held(self) -> "asyncpg.Connection[asyncpg.Record]":
        """The connection that holds the lock; one that broke is made anew."""
        if self._writer is None:
            raise StorageFailed("the storage is closed")
        if self._writer.is_closed():
            fresh = await self._connect()
            try:
                await self._lock(fresh)
                self._writer = fresh
            finally:
                if self._writer is not fresh:
                    fresh.terminate()
        return self._writer

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        import asyncpg

        try:
            return await asyncpg.connect(
                self._url, timeout=ANSWER_S, command_timeout=ANSWER_S, server_settings=_SETTINGS
            )
        except ValueError:  # its text may hold the password
            raise ConfigError("[storage.postgresql] url: this is no address of a database") from None

    async def _lock(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Take the lock; that of a server that has just died is waited for."""
        deadline = asyncio.get_running_loop().time() + _WAIT_S
        while not await connection.fetchval(self._sql.lock, self._table):
            if asyncio.get_running_loop().time() > deadline:
                raise StorageFailed(f"the table {self._table} of PostgreSQL is in use by another server")
            await asyncio.sleep(0.1)


async def _as_it_is(_reader: "asyncpg.Connection[asyncpg.Record]") -> None:
    """A connection that has only read needs no statement that cleans it up for the next reader."""


@asynccontextmanager
async def _told(what: str) -> AsyncIterator[None]:
    """Errors of PostgreSQL and of the network as the storage's own. Their texts hold no values of entries."""
    import asyncpg

    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        raise StorageFailed(_text(what, error)) from None


def _text(what: str, error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"PostgreSQL: the storage cannot be {what}: {text}"
