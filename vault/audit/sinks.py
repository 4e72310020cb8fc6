"""Where the lines of a device go."""

import asyncio
import os
import socket
import stat
from pathlib import Path
from typing import Final, Protocol

_CLOSED: Final = -1
_STDOUT: Final = 1


class Sink(Protocol):
    """A place for lines. What goes wrong is an OSError, a timeout among them."""

    async def open(self) -> bool:
        """Open it, also when it is open. True: a chain begins anew there, with a marker."""

    async def write(self, line: bytes) -> None:
        """Take a line, whole or not at all."""

    async def close(self) -> None:
        """Let it go."""


class FileSink:
    """A file that is only added to, `stdout`, or `discard`.

    Args:
        mode: of the file; 0 leaves it as it is.
    """

    def __init__(self, path: str, mode: int = 0o600) -> None:
        self.path = path
        self._mode = mode
        self._file = _CLOSED
        self._inode = (0, 0)

    async def open(self) -> bool:
        """See `Sink.open`."""
        if self.path in {"stdout", "discard"}:
            self._file = _STDOUT
            return True
        Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
        opened = os.open(self.path, flags, self._mode or 0o600)
        found = os.fstat(opened)
        if self._mode and stat.S_ISREG(found.st_mode):
            os.fchmod(opened, self._mode)
        await self.close()
        inode = (found.st_dev, found.st_ino)
        is_new = found.st_size == 0 or inode != self._inode
        self._file, self._inode = opened, inode
        return is_new

    async def write(self, line: bytes) -> None:
        """See `Sink.write`."""
        if self.path == "discard":
            return
        if self._file == _CLOSED:
            raise OSError("the file is not open")
        written = os.write(self._file, line)
        if written != len(line):
            self._take_back(written)
            raise OSError("the line could not be written whole")

    async def close(self) -> None:
        """See `Sink.close`."""
        if self._file not in {_CLOSED, _STDOUT}:
            os.close(self._file)
        self._file = _CLOSED

    @property
    def gone(self) -> bool:
        """Whether the file was removed or was never opened."""
        if self._file == _CLOSED:
            return True
        return self._file != _STDOUT and os.fstat(self._file).st_nlink == 0

    @property
    def is_regular(self) -> bool:
        """Whether it can be read again."""
        return self.path not in {"stdout", "discard"} and Path(self.path).is_file()

    def _take_back(self, written: int) -> None:
        found = os.fstat(self._file)
        if stat.S_ISREG(found.st_mode):
            os.ftruncate(self._file, found.st_size - written)


class SocketSink:
    """A peer over TCP, UDP or a Unix socket; a connection that broke is made anew once for a line.

    Args:
        kind: `tcp`, `udp` or `unix`.
        timeout_s: for connecting and for each line.
    """

    def __init__(self, address: str, kind: str, timeout_s: float) -> None:
        self._address = address
        self._kind = kind
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None

    async def open(self) -> bool:
        """See `Sink.open`."""
        await self.close()
        async with asyncio.timeout(self._timeout_s):
            self._socket = await self._connected()
        return True

    async def write(self, line: bytes) -> None:
        """See `Sink.write`."""
        if self._socket is None or self._hung_up(self._socket):
            await self.open()
        try:
            await self._send(line)
        except TimeoutError:
            raise
        except OSError:
            await self.open()
            await self._send(line)

    async def close(self) -> None:
        """See `Sink.close`."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _send(self, line: bytes) -> None:
        if self._socket is None:
            raise OSError("not connected")
        whole = False
        try:
            async with asyncio.timeout(self._timeout_s):
                await asyncio.get_running_loop().sock_sendall(self._socket, line)
            whole = True
        finally:
            if not whole:  # part of the line may be sent: nothing can follow it on this connection
                await self.close()

    async def _connected(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        if self._kind == "unix":
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            target: str | tuple[str, int] = self._address
        else:
            host, _, port = self._address.rpartition(":")
            kind = socket.SOCK_DGRAM if self._kind == "udp" else socket.SOCK_STREAM
            infos = await loop.getaddrinfo(host.strip("[]"), int(port), type=kind)
            family, _, _, _, where = infos[0]
            made, target = socket.socket(family, kind), (str(where[0]), int(where[1]))
        made.setblocking(False)
        connected = False
        try:
            await loop.sock_connect(made, target)
            connected = True
        finally:
            if not connected:
                made.close()
        return made

    def _hung_up(self, known: socket.socket) -> bool:
        if self._kind == "udp":
            return False
        try:
            return known.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


class AbsentSink:
    """A kind of device that this version does not know; it takes nothing."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    async def open(self) -> bool:
        """See `Sink.open`."""
        raise OSError(f"this version has no audit devices of type {self._kind}")

    async def write(self, line: bytes) -> None:
        """See `Sink.write`."""
        raise OSError(f"{len(line)} bytes cannot be written: no audit devices of type {self._kind}")

    async def close(self) -> None:
        """See `Sink.close`."""
