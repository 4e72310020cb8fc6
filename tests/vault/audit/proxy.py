"""A network to Neo4j that can be cut, held up, or lose an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Proxy:
    """Passes connections on to a server.

    Args:
        port: of the server, on this machine.
    """

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.loses_answer_to = b""
        """The next answer to a request that has these bytes is lost, and the connection with it."""

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    async def up(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Nothing listens, and what was connected is cut."""
        if self._server is not None:
            self._server.close()
        self._cut()

    def hold(self) -> None:
        """Nothing passes, and nobody is told."""
        self._flows.clear()

    def release(self) -> None:
        self._flows.set()

    async def close(self) -> None:
        await self.down()
        for task in self._tasks:
            task.cancel()

    def _cut(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._writers |= {writer, back}
        for source, sink, to_server in ((reader, back, True), (there, writer, False)):
            task = asyncio.create_task(self._pass_on(source, sink, to_server=to_server))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, to_server: bool) -> None:
        loses = False
        while data := await _read(source):
            await self._flows.wait()
            if to_server and self.loses_answer_to and self.loses_answer_to in data:
                self.loses_answer_to, loses = b"", True
            if not to_server and self._lost:
                self._lost = False
                self._cut()
                return
            self._lost = self._lost or loses
            loses = False
            sink.write(data)
        sink.close()

    _lost = False


async def _read(source: asyncio.StreamReader) -> bytes:
    try:
        return await source.read(65_536)
    except OSError:
        return b""


@asynccontextmanager
async def proxy(uri: str) -> AsyncIterator[Proxy]:
    found = Proxy(urlsplit(uri).port or 7687)
    await found.up()
    try:
        yield found
    finally:
        await found.close()
