"""The write gate: a backup shuts it, and every writer of every process waits.

The gate is one node. A write looks at it in its own transaction, so whoever shuts it and then waits
for the transactions that were already running has the graph at rest. A holder that dies lets go by itself:
`held_until` lies a few seconds ahead and is renewed while the holder lives. Instants are the server's clock.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from neo4j.exceptions import DriverError, Neo4jError

from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.graph.ids import uuid7

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database

LEASE_MS: Final = 15_000
RENEW_S: Final = 4.0
WAIT_S: Final = 30.0
POLL_S: Final = 0.05

REFUSED: Final = "refused: "
"""How a statement fails on purpose: it parses this text and the reason as a date. The error names the reason,
and "no rows" keeps meaning "nothing matched"."""

_HELD: Final = f'"{REFUSED}writers"'
_OPEN: Final = (
    "MATCH (gate:WriteGate {name: 'writers'}) WHERE CASE WHEN gate.held_until <= timestamp() THEN true"
    f" ELSE datetime('{REFUSED}' + gate.name) IS NULL END"
)
CHECK: Final = _OPEN + " RETURN 1"
_PREFIX: Final = _OPEN + " WITH 1 AS open\n"
_STATE: Final = (
    "MATCH (gate:WriteGate {name: 'writers'})"
    " RETURN gate.held_until > timestamp() AS held, gate.holder AS holder, gate.reason AS reason"
)
_TAKE: Final = (
    "MATCH (gate:WriteGate {name: 'writers'}) SET gate.lock = 1 REMOVE gate.lock"
    " WITH gate WHERE gate.held_until <= timestamp() OR gate.holder = $holder"
    " SET gate.held_until = timestamp() + $lease, gate.holder = $holder, gate.reason = $reason"
    " RETURN 1 AS taken"
)
_RELEASE: Final = (
    "MATCH (gate:WriteGate {name: 'writers'}) SET gate.lock = 1 REMOVE gate.lock"
    " WITH gate WHERE gate.holder = $holder SET gate.held_until = 0 REMOVE gate.holder, gate.reason"
)
_RUNNING: Final = (
    "SHOW TRANSACTIONS YIELD transactionId, database, currentQuery"
    " WHERE database = $database AND NOT currentQuery STARTS WITH 'SHOW TRANSACTIONS'"
    " RETURN transactionId AS id"
)


@lru_cache(maxsize=1024)
def guarded(text: str) -> str:
    """The statement with the check of the gate before it."""
    return prefixed(_PREFIX, text)


def prefixed(words: str, text: str) -> str:
    """The statement with words before it, but after its `CYPHER 25`."""
    head, _, rest = text.lstrip().partition(" ")
    if head.upper() != "CYPHER":
        return words + text
    version, _, body = rest.partition(" ")
    return f"CYPHER {version} {words}{body}"


def is_held(error: DriverError | Neo4jError) -> bool:
    """The statement was refused because the gate is shut."""
    return isinstance(error, Neo4jError) and _HELD in (error.message or "")


async def wait_until_open(db: "Database") -> None:
    """Return as soon as writers may go on.

    Raises:
        Unavailable: the gate stayed shut for 30 seconds.
    """
    deadline = time.monotonic() + WAIT_S
    while True:
        state = (await db.read(_STATE) or [{"held": False, "reason": None}])[0]
        if not state["held"]:
            return
        if time.monotonic() > deadline:
            raise Unavailable(
                f"Changes are held back while this runs: {state['reason']}.",
                hint="Try again when it has ended.",
            )
        await asyncio.sleep(POLL_S)


@asynccontextmanager
async def hold_writers(db: "Database", reason: str) -> AsyncIterator[None]:
    """Keep every writer of every process waiting while the block runs, and start it with the graph at rest.

    Raises:
        Conflict: someone else holds the writers.
        Unavailable: transactions that began earlier did not end in time.
    """
    values = {"holder": uuid7(), "reason": reason, "lease": LEASE_MS}
    if not await db.write(_TAKE, values, past_gate=True):
        state = (await db.read(_STATE))[:1]
        held_for = state[0]["reason"] if state else "the graph has no write gate: run the migrations"
        raise Conflict(f"Writers are held already: {held_for}.", hint="Try again when it has ended.")
    renewal = asyncio.create_task(_renew(db, values))
    try:
        await _wait_for_running(db)
        yield
        if renewal.done():  # the hold was lost on the way, so what was done under it is worth nothing
            renewal.result()
    finally:
        renewal.cancel()
        with contextlib.suppress(asyncio.CancelledError, Unavailable):
            await renewal
        await db.write(_RELEASE, values, past_gate=True, retry=True)


async def _renew(db: "Database", values: dict[str, object]) -> None:
    while True:
        await asyncio.sleep(RENEW_S)
        if not await db.write(_TAKE, values, past_gate=True, retry=True):
            raise Unavailable("The hold on the writers was lost.", hint="Start again.")


async def _wait_for_running(db: "Database") -> None:
    deadline = time.monotonic() + db.settings.statement_timeout_s * 4 + 5
    before = {row["id"] for row in await _running(db)}
    while before:
        if time.monotonic() > deadline:
            raise Unavailable("Changes under way did not end in time.", hint="Try again in a moment.")
        await asyncio.sleep(POLL_S)
        before &= {row["id"] for row in await _running(db)}


async def _running(db: "Database") -> list[dict[str, object]]:
    return await db.read(_RUNNING, {"database": db.settings.database})
