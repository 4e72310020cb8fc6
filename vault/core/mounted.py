"""A mount with what serves it, and the requests that are inside of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from stratumiops.vault.backend import Backend, Mount
from stratumiops.vault.errors import NotFound

_PATIENCE_S: Final = 30.0
"""Requests that take longer are left inside."""


class Mounted:
    """Requests enter and leave. A mount is changed when none is inside: what one of them has given is kept by then."""

    __slots__ = ("_emptied", "_opened", "_turn", "_users", "backend", "is_gone", "mount")

    def __init__(self, mount: Mount, backend: Backend) -> None:
        self.mount = mount
        self.backend = backend
        self.is_gone = False
        self._users = 0
        self._turn = asyncio.Lock()
        self._opened: asyncio.Event | None = None
        self._emptied: asyncio.Event | None = None

    async def enter(self, path: str) -> None:
        """Begin a request to this path of a mount; while the mount is changed, wait.

        Raises:
            NotFound: it is gone, or at another path.
        """
        while self._opened is not None:
            await self._opened.wait()
        if self.is_gone or self.mount.path != path:
            raise NotFound(f'no handler for route "{path}". route entry not found.')
        self._users += 1

    def leave(self) -> None:
        """End a request."""
        self._users -= 1
        if self._emptied is not None and not self._users:
            self._emptied.set()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """No request is inside, and none comes in, while the block runs."""
        async with self._turn:
            self._opened = opened = asyncio.Event()
            try:
                await self._until_empty()
                yield
            finally:
                self._opened = None
                opened.set()

    async def _until_empty(self) -> None:
        if self._users:
            self._emptied = asyncio.Event()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_S):
                    await self._emptied.wait()
            self._emptied = None
