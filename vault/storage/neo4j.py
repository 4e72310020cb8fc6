"""Entries in Neo4j: nodes `SvaultEntry`, beside whatever else the database holds."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from stratumiops.vault.errors import ConfigError, StorageFailed
from stratumiops.vault.storage import listing

if TYPE_CHECKING:
    from neo4j import AsyncDriver, AsyncManagedTransaction

LOST: Final = "another server has taken the storage; this one does not write any more"
_SCHEMA: Final = (
    "CREATE CONSTRAINT svault_entry_id IF NOT EXISTS FOR (e:SvaultEntry) REQUIRE e.id IS UNIQUE",
    "CREATE CONSTRAINT svault_lock_store IF NOT EXISTS FOR (l:SvaultLock) REQUIRE l.store IS UNIQUE",
)
_TAKE: Final = """
MERGE (l:SvaultLock {store: $store})
ON CREATE SET l.until = 0
SET l.tried = timestamp()
WITH l WHERE l.until < timestamp()
SET l.owner = $owner, l.until = timestamp() + $lease
RETURN count(l) AS mine
"""
_HOLD: Final = """
MATCH (l:SvaultLock {store: $store, owner: $owner})
SET l.until = timestamp() + $lease
RETURN count(l) AS mine
"""
_RELEASE: Final = "MATCH (l:SvaultLock {store: $store, owner: $owner}) SET l.until = 0"
_PUT: Final = "UNWIND $puts AS put MERGE (e:SvaultEntry {id: put[0]}) SET e.value = put[1]"
_DROP: Final = "UNWIND $drops AS id MATCH (e:SvaultEntry {id: id}) DELETE e"
_GET: Final = "MATCH (e:SvaultEntry {id: $id}) RETURN e.value AS value"
_SCAN: Final = (
    "MATCH (e:SvaultEntry) WHERE e.id >= $start AND e.id < $end RETURN e.id AS id ORDER BY e.id LIMIT toInteger($limit)"
)


class Neo4jStorage:
    """Entries by `<store>:<key in hexadecimal>`: that sorts as the keys' bytes do.

    A node `SvaultLock` says who has the storage and until when; each transaction writes it first, so that a server
    whose time ended unnoticed cannot write once another has taken over. The time is the database's.

    Args:
        store: tells several storages in one database apart.
        lease_s: seconds after which the lock of a dead server is free.
    """

    kind = "neo4j"
    most_changes = 2_000
    largest = 4 << 20

    def __init__(
        self, uri: str, user: str, password: str, *, database: str = "neo4j", store: str = "svault", lease_s: int = 10
    ) -> None:
        self._uri = uri
        self._auth = (user, password) if user else None
        self._database = database
        self._store = store
        self._lease_s = lease_s
        self._lock = {"store": store, "owner": secrets.token_hex(16), "lease": lease_s * 1000}
        self._driver: AsyncDriver | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """See `Storage.open`. The lock of a server that has just died is waited for."""
        from neo4j import AsyncGraphDatabase
        from neo4j.exceptions import ConfigurationError

        try:
            self._driver = AsyncGraphDatabase.driver(
                self._uri, auth=self._auth, max_transaction_retry_time=10, connection_acquisition_timeout=10,
                notifications_min_severity="OFF",
            )  # fmt: skip
        except (ValueError, ConfigurationError):
            raise ConfigError(f"[storage.neo4j] uri: {self._uri!r} is no address of a Neo4j") from None
        for statement in (*_SCHEMA, "CALL db.awaitIndexes(60)"):
            await self._run(statement)
        deadline = asyncio.get_running_loop().time() + self._lease_s + 2
        while not (await self._run(_TAKE, **self._lock))[0]["mine"]:
            if asyncio.get_running_loop().time() > deadline:
                await self.close()
                raise StorageFailed(f"the storage {self._store} in Neo4j is in use by another server")
            await asyncio.sleep(0.25)
        self._keeper = asyncio.create_task(self._keep())

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        found = await self._run(_GET, id=self._id(key))
        return bytes(found[0]["value"]) if found else None

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        puts = [[self._id(key), value] for key, value in changes.items() if value is not None]
        drops = [self._id(key) for key, value in changes.items() if value is None]
        async with self._errors(), self._opened().session(database=self._database) as session:
            await session.execute_write(self._write, puts, drops)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        return await listing.names(self._scan, prefix, after, limit)

    async def close(self) -> None:
        """See `Storage.close`."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])
        if self._driver is None:
            return
        try:
            await self._run(_RELEASE, **self._lock)
        finally:
            driver, self._driver = self._driver, None
            await driver.close()

    async def _write(self, transaction: "AsyncManagedTransaction", puts: list[Any], drops: list[str]) -> None:
        held = await (await transaction.run(_HOLD, self._lock)).single(strict=True)
        if not held["mine"]:
            raise StorageFailed(LOST)
        if drops:
            await (await transaction.run(_DROP, drops=drops)).consume()
        if puts:
            await (await transaction.run(_PUT, puts=puts)).consume()

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        begin = len(self._store) + 1
        last = self._id(end) if end else f"{self._store};"  # ";" follows ":"
        found = await self._run(_SCAN, start=self._id(start), end=last, limit=limit)
        return [bytes.fromhex(row["id"][begin:]).decode() for row in found]

    async def _run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        async with self._errors(), self._opened().session(database=self._database) as session:
            return await (await session.run(statement, parameters)).data()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                await self._run(_HOLD, **self._lock)
            except StorageFailed:
                continue  # it may come back in time; if not, `apply` tells

    def _opened(self) -> "AsyncDriver":
        if self._driver is None:
            raise StorageFailed("the storage is closed")
        return self._driver

    def _id(self, key: str) -> str:
        return f"{self._store}:{key.encode().hex()}"

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        """Errors of the driver as the storage's own; only their codes are told, for a text may quote a value."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except Neo4jError as error:
            raise StorageFailed(f"Neo4j: {error.code}") from None
        except (DriverError, OSError) as error:
            raise StorageFailed(f"Neo4j at {self._uri} does not answer: {type(error).__name__}") from None
