"""What a server does besides answering: takes up what other processes did, forgets old events."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from stratumiops.graph.errors import StratumError

log = structlog.get_logger("stratumiops.upkeep")

LOOK_S = 2.0
PRUNE_S = 3600.0


async def repeat(name: str, work: Callable[[], Awaitable[object]], every_s: float) -> None:
    """Do the work now and then every `every_s` seconds until cancelled; a failure is logged and tried again."""
    failing = False
    while True:
        try:
            await work()
        except StratumError as error:
            if not failing:
                log.warning("upkeep failed", work=name, reason=error.message)
            failing = True
        else:
            failing = False
        await asyncio.sleep(every_s)
