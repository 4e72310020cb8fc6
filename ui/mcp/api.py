"""The GraphQL API for the event loop: the command line's client, run in worker threads."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

import anyio
import anyio.to_thread

from stratumiops.graph.errors import BadInput, Unavailable


class Executes(Protocol):
    """What the server needs of a client; `threads` is how many calls at a time it bears."""

    @property
    def threads(self) -> int:
        """How many threads may call it at a time."""
        ...

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one operation and return its `data`."""
        ...


class Api:
    """One client for all calls of a server; its connections are shared between threads."""

    def __init__(self, client: Executes) -> None:
        self._client = client
        self._limiter: anyio.CapacityLimiter | None = None
        self._lacking: set[str] = set()

    async def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one operation and return its `data`.

        Raises:
            StratumError: see `Client.execute`.
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._client.threads)
        call = partial(self._client.execute, document, variables)
        return await anyio.to_thread.run_sync(call, limiter=self._limiter, abandon_on_cancel=True)

    async def execute_if_known(
        self, name: str, document: str, variables: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """As `execute`; None when the server's schema has no field or argument of this name, or cannot serve it now.

        The former is remembered, so that an older server is asked once. The latter is what a directory of files
        says of what needs a server, and a server of search by meaning without a model.

        Raises:
            StratumError: see `Client.execute`.
        """
        if name in self._lacking:
            return None
        try:
            return await self.execute(document, variables)
        except BadInput as error:
            if not _is_unknown(name, error.message):
                raise
            self._lacking.add(name)
            return None
        except Unavailable:
            return None


def _is_unknown(name: str, message: str) -> bool:
    """Whether a validation error of graphql-core is about this name, or about a type that only newer servers have."""
    return any(f"{what} '{name}'" in message for what in ("Unknown argument", "Cannot query field")) or (
        message.startswith("Unknown type '")
    )
