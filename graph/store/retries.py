"""When a statement is sent again, and when its error is told instead.

A read is repeated after a broken connection or a transient refusal. A write is repeated after a transient
refusal (deadlock, lock timeout: nothing was committed), after the write gate has opened, and after a broken
connection only when the caller promised that doing it twice does no harm.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

from neo4j.exceptions import DriverError, Neo4jError

from stratumiops.graph.store import gate
from stratumiops.graph.store.driver_errors import DRIVER_ERRORS, is_lost, is_transient, translate

if TYPE_CHECKING:
    from stratumiops.graph.store.database import Database

T = TypeVar("T")

READ_TRIES: Final = 3
WRITE_TRIES: Final = 12
"""Attempts of one call in all; deadlocks among many writers of the same nodes need more than a few."""


async def read_again(
    read: Callable[[], Awaitable[T]], error: DriverError | Neo4jError, *, uri: str, budget_s: float
) -> T:
    """What `read` gives after it failed once with `error`; no new attempt begins after `budget_s` seconds."""
    deadline = time.monotonic() + budget_s
    for attempt in range(1, READ_TRIES):
        if time.monotonic() > deadline or not (is_lost(error) or is_transient(error)):
            break
        await _back_off(attempt)
        try:
            return await read()
        except DRIVER_ERRORS as again:
            error = again
    raise translate(error, uri=uri) from error


async def write_again(
    write: Callable[[], Awaitable[T]],
    error: DriverError | Neo4jError,
    *,
    db: "Database",
    repeatable: bool,
) -> T:
    """What `write` gives after it failed once with `error`."""
    for attempt in range(1, WRITE_TRIES):
        if gate.is_held(error):
            await gate.wait_until_open(db)
        elif is_transient(error) or (repeatable and is_lost(error) and attempt < READ_TRIES):
            await _back_off(attempt)
        else:
            break
        try:
            return await write()
        except DRIVER_ERRORS as again:
            error = again
    raise translate(error, uri=db.settings.uri, writing=True) from error


async def _back_off(attempt: int) -> None:
    """Wait a random while that doubles with every attempt, 10 ms to 1 s: colliding writers part."""
    await asyncio.sleep(min(1.0, 0.01 * 2**attempt) * (0.5 + random.random()))  # noqa: S311  # no secret
