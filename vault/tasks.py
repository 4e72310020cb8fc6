"""Work in the background of the one process that serves a storage."""

import asyncio
from typing import Final

_PATIENCE_S: Final = 1.0


async def ended(task: "asyncio.Task[None] | None") -> None:
    """Cancel a task and wait until it has ended, however often it has to be told; None: there is none."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE_S)
