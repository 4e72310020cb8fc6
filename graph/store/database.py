"""The one connection to Neo4j: single-statement reads and writes, transactions, errors in our own words.

A read or a write is ONE auto-commit statement and one round trip. Writes pass the write gate (`gate.py`),
which a backup holds shut while it copies.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    AsyncDriver,
    AsyncGraphDatabase,
    AsyncSession,
    AsyncTransaction,
    Query,
)

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.store import gate
from stratumiops.graph.store.driver_errors import DRIVER_ERRORS, translate
from stratumiops.graph.store.retries import read_again, write_again
from stratumiops.graph.store.settings import Neo4jSettings

T = TypeVar("T")
Params = dict[str, Any]
Row = dict[str, Any]


class Sent(NamedTuple):
    """One statement as it went to the server; `mode` is READ or WRITE."""

    text: str
    params: Params
    mode: str


class Transaction:
    """Several statements that are committed together, or not at all."""

    def __init__(self, inner: AsyncTransaction, note: Callable[[str, Params, str], None]) -> None:
        self._inner = inner
        self._note = note

    async def run(self, text: str, params: Params | None = None) -> list[Row]:
        """Send one statement and fetch its rows."""
        values = params or {}
        self._note(text, values, WRITE_ACCESS)
        result = await self._inner.run(text, values)
        keys = result.keys()
        return [dict(zip(keys, record, strict=True)) async for record in result]


class Database:
    """A pool of connections to one database; safe to share among tasks of one event loop."""

    def __init__(self, settings: Neo4jSettings) -> None:
        self.settings = settings
        self._open: AsyncDriver | None = None
        self._recorders: list[list[Sent]] = []

    async def connect(self) -> None:
        """Open the pool and prove that the server answers and accepts the credentials.

        Raises:
            Unavailable: nothing answers at the address, or no Neo4j.
            Unauthenticated: the server refused the credentials.
        """
        settings = self.settings
        try:
            self._open = AsyncGraphDatabase.driver(
                settings.uri,
                auth=(settings.user, settings.password),
                max_connection_pool_size=settings.pool_size,
                connection_acquisition_timeout=15.0,
                connection_timeout=5.0,
                liveness_check_timeout=60.0,
                max_transaction_retry_time=0.0,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            )
            await self._rows("RETURN 1", {}, READ_ACCESS, None)
        except DRIVER_ERRORS as error:
            await self.close()
            raise translate(error, uri=settings.uri) from error

    async def close(self) -> None:
        """Give all connections back; `connect` opens the pool anew."""
        driver, self._open = self._open, None
        if driver is not None:
            await driver.close()

    @property
    def driver(self) -> AsyncDriver:
        """The driver itself, for neomodel and for what this class does not offer."""
        if self._open is None:
            raise Unavailable("The database connection is not open.", hint="Call connect() first.")
        return self._open

    async def read_one(self, text: str, params: Params | None = None, *, timeout_s: float | None = None) -> Any | None:
        """The first value of the single record of a READ statement, or None: the hot path of every query."""
        values = params or {}
        if self._recorders:
            self._note(text, values, READ_ACCESS)
        try:
            return await self._value(text, values, timeout_s)
        except DRIVER_ERRORS as error:
            return await read_again(
                lambda: self._value(text, values, timeout_s),
                error,
                uri=self.settings.uri,
                budget_s=timeout_s or self.settings.statement_timeout_s,
            )

    async def read(self, text: str, params: Params | None = None, *, timeout_s: float | None = None) -> list[Row]:
        """The rows of a READ statement; sent again a few times when the connection broke."""
        values = params or {}
        if self._recorders:
            self._note(text, values, READ_ACCESS)
        try:
            return await self._rows(text, values, READ_ACCESS, timeout_s)
        except DRIVER_ERRORS as error:
            return await read_again(
                lambda: self._rows(text, values, READ_ACCESS, timeout_s),
                error,
                uri=self.settings.uri,
                budget_s=timeout_s or self.settings.statement_timeout_s,
            )

    async def stream(
        self, text: str, params: Params | None = None, *, timeout_s: float | None = None
    ) -> AsyncIterator[Row]:
        """The rows of a READ statement one by one, in bounded memory; not retried."""
        self._note(text, params or {}, READ_ACCESS)
        try:
            async with self.driver.session(database=self.settings.database, default_access_mode=READ_ACCESS) as session:
                result = await session.run(self._query(text, timeout_s), params or {})
                keys = result.keys()
                async for record in result:
                    yield dict(zip(keys, record, strict=True))
        except DRIVER_ERRORS as error:
            raise translate(error, uri=self.settings.uri) from error

    async def write(
        self,
        text: str,
        params: Params | None = None,
        *,
        retry: bool = False,
        timeout_s: float | None = None,
        past_gate: bool = False,
    ) -> list[Row]:
        """Run one statement that changes the graph, in one round trip, and fetch its rows.

        Deadlocks and other transient refusals are retried: nothing was committed. After a lost connection the
        statement is sent again only with `retry`, which promises that doing it twice does no harm.

        Args:
            past_gate: run although writers are held; for whoever holds them, and for migrations.

        Raises:
            Unavailable: writers stayed held, or the connection broke and the change may have been made.
            Conflict: a uniqueness constraint refused it.
        """
        values = params or {}
        statement = text if past_gate else gate.guarded(text)
        if self._recorders:
            self._note(statement, values, WRITE_ACCESS)
        try:
            return await self._rows(statement, values, WRITE_ACCESS, timeout_s)
        except DRIVER_ERRORS as error:
            return await write_again(
                lambda: self._rows(statement, values, WRITE_ACCESS, timeout_s),
                error,
                db=self,
                repeatable=retry,
            )

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]], *, past_gate: bool = False) -> T:
        """Run `work` in one transaction; it may run several times, so it must touch nothing but the graph.

        An exception from `work` rolls everything back.

        Raises:
            Unavailable: writers stayed held, or the connection broke and the changes may have been made.
        """
        try:
            return await self._transact(work, past_gate=past_gate)
        except DRIVER_ERRORS as error:
            return await write_again(
                lambda: self._transact(work, past_gate=past_gate), error, db=self, repeatable=False
            )

    async def version(self) -> str:
        """A mark of the last committed change: two equal marks mean that nothing was committed between."""
        try:
            async with self._session(READ_ACCESS) as session:
                await (await session.run("RETURN 1")).consume()
                return "|".join(sorted((await session.last_bookmarks()).raw_values))
        except DRIVER_ERRORS as error:
            raise translate(error, uri=self.settings.uri) from error

    @contextmanager
    def record(self) -> Iterator[list[Sent]]:
        """Collect every statement sent while the block runs, for tests that count them."""
        sent: list[Sent] = []
        self._recorders.append(sent)
        try:
            yield sent
        finally:
            self._recorders = [each for each in self._recorders if each is not sent]

    async def profile(self, text: str, params: Params | None = None) -> int:
        """Database hits of a statement, which is run in a transaction that is rolled back."""
        async with self._session(WRITE_ACCESS) as session, await session.begin_transaction() as transaction:
            result = await transaction.run(gate.prefixed("PROFILE ", text), params or {})
            summary = await result.consume()
            await transaction.rollback()
        return _db_hits(summary.profile or {})

    async def explain(self, text: str, params: Params | None = None) -> dict[str, Any]:
        """The plan of a statement as a tree of `operatorType`, `args`, `children`; nothing is run."""
        async with self._session(READ_ACCESS) as session:
            result = await session.run(gate.prefixed("EXPLAIN ", text), params or {})
            return dict((await result.consume()).plan or {})

    # ---- inside

    def _note(self, text: str, params: Params, mode: str) -> None:
        for sent in self._recorders:
            sent.append(Sent(text, params, mode))

    def _session(self, mode: str) -> AsyncSession:
        return self.driver.session(database=self.settings.database, default_access_mode=mode, fetch_size=-1)

    def _query(self, text: str, timeout_s: float | None) -> Query:
        return Query(text, timeout=timeout_s or self.settings.statement_timeout_s)

    async def _value(self, text: str, params: Params, timeout_s: float | None) -> Any | None:
        async with self._session(READ_ACCESS) as session:
            result = await session.run(self._query(text, timeout_s), params)
            record = await result.single()
        return None if record is None else record[0]

    async def _rows(self, text: str, params: Params, mode: str, timeout_s: float | None) -> list[Row]:
        async with self._session(mode) as session:
            result = await session.run(self._query(text, timeout_s), params)
            keys = result.keys()
            return [dict(zip(keys, record, strict=True)) async for record in result]

    async def _transact(self, work: Callable[[Transaction], Awaitable[T]], *, past_gate: bool) -> T:
        async with (
            self._session(WRITE_ACCESS) as session,
            await session.begin_transaction(timeout=self.settings.statement_timeout_s * 4) as inner,
        ):
            if not past_gate:
                await inner.run(gate.CHECK)
            outcome = await work(Transaction(inner, self._note))
            await inner.commit()
            return outcome


def _db_hits(operator: Mapping[str, Any]) -> int:
    hits = int(operator.get("dbHits", 0))
    return hits + sum(_db_hits(child) for child in operator.get("children", ()))
