"""The process that makes positions."""

import asyncio
from dataclasses import asdict
from typing import Final

import orjson

from stratumiops.graph.child import Child
from stratumiops.graph.errors import TimedOut, Unavailable
from stratumiops.graph.layout.models import Arranged, Asked

LONGEST_S: Final = 120.0
"""How long one layout may take, in seconds."""
IDLE_S: Final = 60.0
"""How long the process waits for another picture before it is ended, in seconds."""


class LayoutProcess:
    """One process, one question at a time."""

    def __init__(self, longest_s: float = LONGEST_S, idle_s: float = IDLE_S) -> None:
        self._longest_s = longest_s
        self._child = Child("stratumiops.graph.layout", idle_s=idle_s, longest_s=longest_s)

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        return self._child.pid

    async def arrange(self, asked: Asked) -> Arranged:
        """Positions and communities.

        Raises:
            TimedOut: it took too long; the process is ended.
            Unavailable: the process failed.
        """
        try:
            return await asyncio.to_thread(self._answer, asked)
        except TimeoutError:
            raise TimedOut(f"a layout of {asked.nodes:,} nodes took over {self._longest_s:g} s") from None
        except (EOFError, OSError, ValueError, TypeError) as error:
            raise Unavailable(f"the process that lays out {asked.nodes:,} nodes failed") from error

    async def end(self) -> None:
        """End the process, if there is one, whatever it is doing."""
        await asyncio.to_thread(self._child.kill)

    def _answer(self, asked: Asked) -> Arranged:
        return Arranged(**orjson.loads(self._child.ask(orjson.dumps(asdict(asked)))))
