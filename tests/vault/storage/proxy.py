"""Stands between svault and the server behind its storage, and can be cut or held."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ANSWER_S = 2.0


class Proxy:
    """`cut`: connections break, and new ones are refused. `hold`: nothing is passed on, but nothing is lost.

    What was sent to a proxy that is held arrives when it lets go, even over a connection that was given up meanwhile:
    so do the bytes that a stopped server has in its sockets. `pass_new` lets connections pass that begin from then on.
    The server hears that a client has gone after it has answered what was held.
    """

    def __init__(self, host: str = "", port: int = 0, socket: Path | None = None) -> None:
        self.port = 0
        self._target = (host, port, socket)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._gates = [asyncio.Event()]
        self._gates[-1].set()
        self._behind: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        self._thread.start()
        self.mend()

    def end(self) -> None:
        self._do(self._cut())
        self._do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def cut(self) -> None:
        self._do(self._cut())

    def mend(self) -> None:
        self._do(self._mend())

    def hold(self) -> None:
        self._do(self._hold())

    def pass_new(self) -> None:
        self._do(self._pass_new())

    def let_go(self) -> None:
        """What was held has arrived when this returns."""
        self._do(self._let_go())

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _mend(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _hold(self) -> None:
        for gate in self._gates:
            gate.clear()

    async def _pass_new(self) -> None:
        self._gates.append(asyncio.Event())
        self._gates[-1].set()

    async def _let_go(self) -> None:
        for gate in self._gates:
            gate.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_S):
                while self._behind:
                    await asyncio.sleep(0.01)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port, socket = self._target
        gate = self._gates[-1]
        self._open.add(writer)
        await gate.wait()
        if socket is None:
            there_reader, there_writer = await asyncio.open_connection(host, port)
        else:
            there_reader, there_writer = await asyncio.open_unix_connection(str(socket))
        self._open.add(there_writer)
        link = _Link(gate)
        for passing in (self._forth(link, reader, there_writer), self._back(link, there_reader, writer)):
            task = asyncio.create_task(passing)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _forth(self, link: "_Link", source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                if not link.gate.is_set():
                    link.answered.clear()
                    self._behind.add(link)
                    await link.gate.wait()
                sink.write(data)
                await sink.drain()
        await link.gate.wait()
        if link in self._behind:
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_S):
                    await link.answered.wait()
        self._close(sink)

    async def _back(self, link: "_Link", source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                self._behind.discard(link)
                link.answered.set()
                await link.gate.wait()
                sink.write(data)
                await sink.drain()
        self._behind.discard(link)
        link.answered.set()
        self._close(sink)

    def _close(self, sink: asyncio.StreamWriter) -> None:
        sink.close()
        self._open.discard(sink)


@dataclass(eq=False)
class _Link:
    gate: asyncio.Event
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@contextmanager
def proxy(host: str = "", port: int = 0, socket: Path | None = None) -> Iterator[Proxy]:
    made = Proxy(host, port, socket)
    made.begin()
    try:
        yield made
    finally:
        made.end()
