"""The nodes of one device in Neo4j."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, LiteralString

from stratumiops.vault.audit.chain import Head
from stratumiops.vault.audit.graph import queries
from stratumiops.vault.audit.graph.nodes import Node
from stratumiops.vault.audit.graph.options import Target

if TYPE_CHECKING:
    from neo4j import AsyncDriver

_PAGE: Final = 1_000
_MADE_MEANWHILE: Final = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"


class Lost(OSError):
    """Whether a transaction was committed is not known."""


class _MadeMeanwhile(OSError):
    """Somebody else made the same index at the same time."""


class GraphStore:
    """A connection, made anew when it breaks. One `take` at a time may write: later ones shut out earlier ones.

    Args:
        device: the id of the device.
        path: of the device, for people who look at the graph.
        timeout_s: after which Neo4j ends a transaction.
    """

    def __init__(self, target: Target, device: str, path: str, timeout_s: int) -> None:
        self._target = target
        self._device = device
        self._path = path
        self._timeout_s = timeout_s
        self._driver: AsyncDriver | None = None
        self._is_prepared = False
        self._owner = ""

    async def take(self) -> tuple[int, str]:
        """Become the one that writes; number and hash of the last line, as the graph has them.

        Raises:
            OSError: Neo4j cannot be asked.
        """
        if not self._is_prepared:
            for statement in queries.SCHEMA:
                with suppress(_MadeMeanwhile):
                    await self._run(statement)
            self._is_prepared = True
        self._owner = secrets.token_hex(16)
        found = (await self._run(queries.TAKE, path=self._path))[0]
        return int(found["seq"]), str(found["hash"])

    async def reset(self, head: Head) -> None:
        """Let the graph go on from here.

        Raises:
            OSError: see `take`.
        """
        await self._run(queries.RESET, seq=head.seq, hash=head.chain.hex())

    async def write(self, nodes: Sequence[Node], before: Head, after: Head) -> None:
        """Write nodes in one transaction, all or none.

        Raises:
            Lost: perhaps they are written.
            OSError: they are not.
        """
        found = await self._run(
            queries.WRITE, nodes=list(nodes), before=before.seq, after=after.seq, hash=after.chain.hex()
        )
        if found[0]["written"] != len(nodes):
            raise Lost("the graph goes on from another line than was written last")

    async def nodes(self, begin: int = 0) -> AsyncIterator[Node]:
        """Nodes with this number and later ones, by number.

        Raises:
            OSError: see `take`.
        """
        while True:
            page = [row["node"] for row in await self._run(queries.PAGE, begin=begin, limit=_PAGE)]
            whole = page
            if len(page) == _PAGE:  # the last number may go on behind the page
                whole = [node for node in page if node["seq"] < page[-1]["seq"]] or page
            for node in whole:
                yield node
            if len(page) < _PAGE:
                return
            begin = int(whole[-1]["seq"]) + 1

    async def prune(self, before: int, older_than: str, most: int) -> int:
        """Delete the first nodes, below a number, as long as they are older than an instant; how many.

        Raises:
            OSError: see `take`.
        """
        upto = 0
        for row in await self._run(queries.OLDEST, before=before, limit=most):
            if not row["at"] < older_than:
                break
            upto = row["seq"]
        return int((await self._run(queries.PRUNE, upto=upto))[0]["count"]) if upto else 0

    async def close(self) -> None:
        """Let the connection go."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    async def _run(self, statement: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        from neo4j import Query

        given = {"device": self._device, "owner": self._owner, **parameters}
        async with self._errors(), self._connected().session(database=self._target.database) as session:
            result = await session.run(Query(statement, timeout=self._timeout_s), given)
            rows = await result.data()
            await result.consume()
            return rows

    def _connected(self) -> "AsyncDriver":
        from neo4j import AsyncGraphDatabase

        if self._driver is None:
            target = self._target
            self._driver = AsyncGraphDatabase.driver(
                target.uri, auth=(target.user, target.password) if target.password else None,
                connection_timeout=self._timeout_s, connection_acquisition_timeout=self._timeout_s,
                max_transaction_retry_time=0, max_connection_pool_size=4, telemetry_disabled=True,
                notifications_min_severity="OFF",
            )  # fmt: skip
        return self._driver

    @asynccontextmanager
    async def _errors(self) -> AsyncIterator[None]:
        """Errors of the driver as those of a device; only codes and types are told, for a text may quote a value."""
        from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError

        try:
            yield
        except Neo4jError as error:
            kind = _MadeMeanwhile if error.code == _MADE_MEANWHILE else Lost if error.is_retryable() else OSError
            raise kind(f"Neo4j: {error.code}") from None
        except ConfigurationError:
            raise OSError(f"{self._target.uri} is no address of a Neo4j") from None
        except (DriverError, OSError) as error:
            raise Lost(f"Neo4j at {self._target.uri} does not answer: {type(error).__name__}") from None
