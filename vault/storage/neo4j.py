"""Entries in Neo4j: nodes `SvaultEntry`, beside whatever else the database holds."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from stratumiops.vault.errors import ConfigError, OutcomeUnknown, StorageFailed
from stratumiops.vault.storage import listing, queries
from stratumiops.vault.storage.port import ANSWER_S, CLOSE_S, LOST

if TYPE_CHECKING:
    from neo4j import AsyncDriver, AsyncManagedTransaction

_RETRY_S: Final = ANSWER_S / 2
_SCHEMA_S: Final = 60.0


class Neo4jStorage:
    """Entries by `<store>:<key in hexadecimal>`: that sorts as the keys' bytes do.

    A node `SvaultLock` says who has the storage and until when; each transaction writes it first, so that a server
    whose time ended unnoticed cannot write once another has taken over. The time is the database's. A transaction that
    is still under way has that node locked, so that a later one comes after it.

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
        self._lock: dict[str, Any] = {"store": store, "owner": secrets.token_hex(16), "lease": lease_s * 1000}
        self._driver: AsyncDriver | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """See `Storage.open`. The lock of a server that has just died is waited for."""
        from neo4j import AsyncGraphDatabase
        from neo4j.exceptions import ConfigurationError

        try:
            self._driver = AsyncGraphDatabase.driver(
                self._uri, auth=self._auth, max_transaction_retry_time=_RETRY_S, connection_timeout=_RETRY_S,
                connection_acquisition_timeout=ANSWER_S, notifications_min_severity="OFF",
            )  # fmt: skip
        except (ValueError, ConfigurationError):
            raise ConfigError(f"[storage.neo4j] uri: {self._uri!r} is no address of a Neo4j") from None
        try:
            for statement in queries.NEO4J_SCHEMA:
                await self._run(statement, within_s=_SCHEMA_S)
            await self._take()
        except StorageFailed:
            await self.close()
            raise
        self._keeper = asyncio.create_task(self._keep())

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        found = await self._run(queries.NEO4J_GET, id=self._id(key))
        return bytes(found[0]["value"]) if found else None

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        puts = [[self._id(key), value] for key, value in changes.items() if value is not None]
        drops = [self._id(key) for key, value in changes.items() if value is None]
        async with (
            self._errors(OutcomeUnknown), asyncio.timeout(ANSWER_S), self._opened().session(database=self._database)
            as session,
        ):  # fmt: skip
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
        with suppress(StorageFailed, TimeoutError):  # then the lock is free when its time is up
            async with asyncio.timeout(CLOSE_S):
                await self._run(queries.NEO4J_RELEASE, **self._lock)
        driver, self._driver = self._driver, None
        await driver.close()

    async def _take(self) -> None:
        deadline = asyncio.get_running_loop().time() + self._lease_s + 2
        while not (await self._run(queries.NEO4J_TAKE, **self._lock))[0]["mine"]:
            if asyncio.get_running_loop().time() > deadline:
                raise StorageFailed(f"the storage {self._store} in Neo4j is in use by another server")
            await asyncio.sleep(0.25)

    async def _write(self, transaction: "AsyncManagedTransaction", puts: list[Any], drops: list[str]) -> None:
        held = await (await transaction.run(queries.NEO4J_HOLD, self._lock)).single(strict=True)
        if not held["mine"]:
            raise StorageFailed(LOST)
        if drops:
            await (await transaction.run(queries.NEO4J_DROP, drops=drops)).consume()
        if puts:
            await (await transaction.run(queries.NEO4J_PUT, puts=puts)).consume()

    async def _scan(self, start: str, end: str, limit: int) -> list[str]:
        begin = len(self._store) + 1
        last = self._id(end) if end else f"{self._store};"  # ";" follows ":"
        found = await self._run(queries.NEO4J_SCAN, start=self._id(start), end=last, limit=limit)
        return [bytes.fromhex(row["id"][begin:]).decode() for row in found]

    async def _run(self, statement: str, *, within_s: float = ANSWER_S, **parameters: Any) -> list[dict[str, Any]]:
        async with (
            self._errors(), asyncio.timeout(within_s), self._opened().session(database=self._database) as session,
        ):  # fmt: skip
            return await (await session.run(statement, parameters)).data()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                await self._run(queries.NEO4J_HOLD, **self._lock)
            except StorageFailed:
                continue  # it may come back in time; if not, `apply` tells

    def _opened(self) -> "AsyncDriver":
        if self._driver is None:
            raise StorageFailed("the storage is closed")
        return self._driver

    def _id(self, key: str) -> str:
        return f"{self._store}:{key.encode().hex()}"

    @asynccontextmanager
    async def _errors(self, unanswered: type[StorageFailed] = StorageFailed) -> AsyncIterator[None]:
        """Errors of the driver as the storage's own; only their codes are told, for a text may quote a value."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            yield
        except Neo4jError as error:
            raise StorageFailed(f"Neo4j: {error.code}") from None
        except (DriverError, OSError, TimeoutError) as error:
            raise unanswered(f"Neo4j at {self._uri} does not answer: {type(error).__name__}") from None
