"""The process that makes positions: started when it is needed, ended when it is idle, stopped when it takes long."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import asdict
from typing import Final

import orjson

from stratumiops.graph.errors import TimedOut, Unavailable
from stratumiops.graph.layout.models import Arranged, Asked

LONGEST_S: Final = 120.0
"""How long one layout may take, in seconds."""


class LayoutProcess:
    """One process, one question at a time."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self._running: Process | None = None

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        return self._running.pid if self._running is not None else None

    async def arrange(self, asked: Asked) -> Arranged:
        """Positions and communities.

        Raises:
            TimedOut: it took too long; the process is ended.
            Unavailable: the process failed.
        """
        try:
            async with asyncio.timeout(self._longest_s):
                return await self._answer(orjson.dumps(asdict(asked)))
        except TimeoutError:
            await self.end()
            raise TimedOut(f"a layout of {asked.nodes:,} nodes took over {self._longest_s:g} s") from None
        except (EOFError, OSError, ValueError, TypeError) as error:
            await self.end()
            raise Unavailable(f"the process that lays out {asked.nodes:,} nodes failed") from error
        except asyncio.CancelledError:
            await self.end()
            raise

    async def _answer(self, body: bytes) -> Arranged:
        if self._running is None:
            arguments = (sys.executable, "-m", "stratumiops.graph.layout")
            self._running = await asyncio.create_subprocess_exec(
                *arguments, stdin=PIPE, stdout=PIPE, start_new_session=True
            )
        asks, answers = self._running.stdin, self._running.stdout
        if asks is None or answers is None:
            raise EOFError
        asks.write(len(body).to_bytes(8) + body)
        await asks.drain()
        size = int.from_bytes(await answers.readexactly(8))
        return Arranged(**orjson.loads(await answers.readexactly(size)))

    async def end(self) -> None:
        """End the process, if there is one."""
        running, self._running = self._running, None
        if running is not None:
            with suppress(ProcessLookupError):
                running.kill()
            await running.wait()
