"""Work in the background of the one process that serves a storage."""

import asyncio
from contextlib import suppress


async def ended(task: "asyncio.Task[None] | None") -> None:
    """Cancel a task and wait until it has ended; None: there is none."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
