"""Stands between svault and the server behind its storage, and can be cut or held."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class Proxy:
    """`cut`: connections break, and new ones are refused. `hold`: nothing is passed on, but nothing is lost.

    What was sent to a proxy that is held arrives when it lets go, even over a connection that was given up meanwhile:
    so do the bytes that a stopped server has in its sockets.
    """

    def __init__(self, host: str = "", port: int = 0, socket: Path | None = None) -> None:
        self.port = 0
        self._target = (host, port, socket)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._passing = asyncio.Event()
        self._passing.set()
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
        self._loop.call_soon_threadsafe(self._passing.clear)

    def let_go(self) -> None:
        self._loop.call_soon_threadsafe(self._passing.set)

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

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port, socket = self._target
        self._open.add(writer)
        await self._passing.wait()
        if socket is None:
            there_reader, there_writer = await asyncio.open_connection(host, port)
        else:
            there_reader, there_writer = await asyncio.open_unix_connection(str(socket))
        self._open.add(there_writer)
        for source, sink in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(self._pass(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                await self._passing.wait()
                sink.write(data)
                await sink.drain()
            await self._passing.wait()
        sink.close()
        self._open.discard(sink)


@contextmanager
def proxy(host: str = "", port: int = 0, socket: Path | None = None) -> Iterator[Proxy]:
    made = Proxy(host, port, socket)
    made.begin()
    try:
        yield made
    finally:
        made.end()
