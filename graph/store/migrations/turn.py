"""One migrating process at a time, in a store that has no constraint to lean on yet.

Two processes that create the same constraint at once can deadlock and leave an index without its constraint,
which no `IF NOT EXISTS` gets past. So they queue up by Lamport's bakery algorithm (Communications of the ACM
17(8), 1974), which needs nothing but reads and writes that are atomic: here, committed statements.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.ids import uuid7
from stratumiops.graph.store.database import Database

_LEASE_MS: Final = 300_000
_WAIT_S: Final = 360.0
_POLL_S: Final = 0.05

_ENTER: Final = (
    "CREATE (c:MigrationTurn {holder: $holder, choosing: true, ticket: 0, held_until: timestamp() + $lease})"
)
_CHOOSE: Final = (
    "MATCH (o:MigrationTurn) WITH max(o.ticket) + 1 AS next"
    " MATCH (c:MigrationTurn {holder: $holder}) SET c.ticket = next, c.choosing = false"
)
_AHEAD: Final = (
    "MATCH (c:MigrationTurn {holder: $holder}) MATCH (o:MigrationTurn)"
    " WHERE o.holder <> c.holder AND o.held_until > timestamp()"
    " AND (o.choosing OR o.ticket < c.ticket OR o.ticket = c.ticket AND o.holder < c.holder)"
    " RETURN count(o) AS ahead"
)
_LEAVE: Final = "MATCH (c:MigrationTurn) WHERE c.holder = $holder OR c.held_until < timestamp() DETACH DELETE c"


@asynccontextmanager
async def turn(db: Database) -> AsyncIterator[None]:
    """Wait until no other process migrates, then keep the others waiting; a turn runs out after 5 minutes.

    Raises:
        Unavailable: another process did not end in time.
    """
    values = {"holder": uuid7(), "lease": _LEASE_MS}
    await db.write(_ENTER, values, past_gate=True)
    try:
        await db.write(_CHOOSE, values, retry=True, past_gate=True)
        await _wait(db, values)
        yield
    finally:
        await db.write(_LEAVE, values, retry=True, past_gate=True)


async def _wait(db: Database, values: dict[str, object]) -> None:
    deadline = time.monotonic() + _WAIT_S
    while await db.read_one(_AHEAD, values):
        if time.monotonic() > deadline:
            raise Unavailable("Another process is changing the schema and does not end.", hint="Look at its log.")
        await asyncio.sleep(_POLL_S)
