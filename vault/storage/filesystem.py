"""The default storage: a directory with one SQLite database, for one server."""

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

from stratumiops.vault.errors import Corrupt, StorageFailed
from stratumiops.vault.storage import listing
from stratumiops.vault.storage.lockfile import LockFile

DATABASE: Final = "entries.db"
LOCK: Final = "lock"
_FORMAT: Final = 1
_PUT: Final = "INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_DROP: Final = "DELETE FROM entries WHERE key = ?"
_GET: Final = "SELECT value FROM entries WHERE key = ?"
_SCAN: Final = "SELECT key FROM entries WHERE key >= ? ORDER BY key LIMIT ?"
_SCAN_UNTIL: Final = "SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"


class FilesystemStorage:
    """Entries in a database with a write-ahead log that is synced at each commit.

    One thread writes. Reads have a connection of their own and run where they are called: a point read takes about
    10 µs, a listing gives way after each few hundred keys.
    """

    kind = "filesystem"
    most_changes = 20_000
    largest = 64 << 20

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = LockFile(path / LOCK)
        self._thread: ThreadPoolExecutor | None = None
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    async def open(self) -> None:
        """See `Storage.open`."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="svault-storage")
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except (OSError, sqlite3.Error) as error:
            await self.close()
            raise StorageFailed(f"the storage {self.path} cannot be opened: {error}") from None
        except StorageFailed:
            await self.close()
            raise

    def _open(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        self._lock.take()
        database = self.path / DATABASE
        os.close(os.open(database, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._writer = _connected(database)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = FULL")
        self._writer.execute("PRAGMA journal_size_limit = 67108864")
        found = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if found > _FORMAT:
            raise StorageFailed(f"{database} has format {found}; this version knows {_FORMAT}")
        self._writer.execute(
            "CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"
        )
        self._writer.execute(f"PRAGMA user_version = {_FORMAT}")
        self._reader = _connected(database)
        self._reader.execute("PRAGMA query_only = ON")

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        found = self._read(_GET, (key.encode(),))
        return found[0] if found else None

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        if self._thread is None or self._writer is None:
            raise StorageFailed("the storage is closed")
        puts = [(key.encode(), value) for key, value in changes.items() if value is not None]
        drops = [(key.encode(),) for key, value in changes.items() if value is None]
        await asyncio.get_running_loop().run_in_executor(self._thread, _commit, self._writer, puts, drops)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        return await listing.names(self._scan, prefix, after, limit)

    async def close(self) -> None:
        """See `Storage.close`."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown()

    def _close(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None
        self._lock.release()

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        await asyncio.sleep(0)
        if end:
            found = self._read(_SCAN_UNTIL, (start.encode(), end.encode(), limit))
        else:
            found = self._read(_SCAN, (start.encode(), limit))
        return [key.decode() for key in found]

    def _read(self, statement: str, values: tuple[bytes | int, ...]) -> list[bytes]:
        if self._reader is None:
            raise StorageFailed("the storage is closed")
        try:
            return [row[0] for row in self._reader.execute(statement, values).fetchall()]
        except sqlite3.OperationalError as error:
            raise StorageFailed(f"the storage cannot be read: {error}") from None
        except sqlite3.DatabaseError as error:
            raise Corrupt(f"the storage is damaged: {error}") from None


def _connected(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(database, timeout=10, isolation_level=None, check_same_thread=False)


def _commit(writer: sqlite3.Connection, puts: list[tuple[bytes, bytes]], drops: list[tuple[bytes]]) -> None:
    try:
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany(_PUT, puts)
        writer.executemany(_DROP, drops)
        writer.execute("COMMIT")
    except sqlite3.Error as error:
        if writer.in_transaction:
            with suppress(sqlite3.Error):  # some errors have rolled back already
                writer.execute("ROLLBACK")
        raise StorageFailed(f"the storage cannot be written: {error}") from None
