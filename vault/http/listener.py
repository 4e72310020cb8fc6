"""Listens for connections, ends those that are too slow, and stops in an orderly way."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from stratumiops.vault.core.envelope import Reply
from stratumiops.vault.http.message import Message
from stratumiops.vault.http.protocol import Connection
from stratumiops.vault.http.reader import Bounds

_BACKLOG: Final = 2048
_HANDSHAKE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how slow clients may be.

    Args:
        body_bytes: of a body.
        head_bytes: of the line and the headers.
        head_lines: how many these are.
        held_bytes: of all bodies that are being sent or answered.
        connections: at once; when there are more, one that is idle ends.
        idle_s: between requests.
        head_s: from the first byte of a request to the end of its head.
        body_s: from there to the end of its body.
        write_s: for a client to read what it was sent.
        linger_s: for a client to stop sending what was refused.
        sweep_s: how often all this is looked at.
    """

    body_bytes: int
    head_bytes: int = 64 * 1024
    head_lines: int = 256
    held_bytes: int = 1 << 30
    connections: int = 8192
    idle_s: float = 75.0
    head_s: float = 10.0
    body_s: float = 90.0
    write_s: float = 60.0
    linger_s: float = 2.0
    sweep_s: float = 1.0

    @property
    def bounds(self) -> Bounds:
        """Those of one request."""
        return Bounds(self.head_bytes, self.head_lines, self.body_bytes)


class Listener:
    """A listening socket and its connections.

    Args:
        answer: makes the reply of a message; refusals are replies, too.
        tls: None: plain HTTP.
    """

    def __init__(
        self, answer: Callable[[Message], Awaitable[Reply]], limits: Limits, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer = answer
        self.limits = limits
        self.connections: set[Connection] = set()
        self.held = 0
        """How much of bodies all connections hold."""
        self.is_closing = False
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._empty = asyncio.Event()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server is not None else 0

    async def start(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            OSError: the address cannot be listened on.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self), host, port, ssl=self._tls, backlog=_BACKLOG,
            ssl_handshake_timeout=None if self._tls is None else _HANDSHAKE_S,
        )  # fmt: skip
        self._sweep()

    async def stop(self, grace_s: float) -> None:
        """Take no more connections, let requests end, and after `grace_s` end them."""
        self.is_closing = True
        if self._server is not None:
            self._server.close()
        for connection in tuple(self.connections):
            connection.close_soon()
        if self.connections:
            self._empty.clear()
            try:
                async with asyncio.timeout(grace_s):
                    await self._empty.wait()
            except TimeoutError:
                for connection in tuple(self.connections):
                    connection.abort()
        if self._timer is not None:
            self._timer.cancel()

    def admit(self, connection: Connection) -> bool:
        """Take a new connection; False: there are too many, and all are busy."""
        if len(self.connections) >= self.limits.connections:
            idle = next((one for one in self.connections if one.is_idle), None)
            if idle is None:
                return False
            idle.abort()
            self.connections.discard(idle)
        self.connections.add(connection)
        return True

    def forget(self, connection: Connection) -> None:
        """A connection is gone."""
        self.connections.discard(connection)
        if not self.connections:
            self._empty.set()

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in tuple(self.connections):
            if connection.deadline <= now:
                connection.abort()
        self._timer = loop.call_later(self.limits.sweep_s, self._sweep)
