"""A device that writes lines: into a file, or to a socket."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stratumiops.vault.audit.answered import Answered
from stratumiops.vault.audit.chain import Head
from stratumiops.vault.audit.device import Device, DeviceConfig
from stratumiops.vault.audit.entries import Exchange, now
from stratumiops.vault.audit.sinks import AbsentSink, FileSink, Sink, SocketSink
from stratumiops.vault.audit.verify import Report, resume, verify
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Response

_SOCKETS: Final = frozenset({"tcp", "udp", "unix"})
_LONGEST_PREFIX: Final = 256


class LineDevice(Device):
    """Lines one at a time through a sink.

    Args:
        answered: how the name of the file begins in which the last line that was answered for is noted; None: nowhere.
    """

    def __init__(self, config: DeviceConfig, answered: Path | None = None) -> None:
        super().__init__(config)
        options = Fields(config.options)
        self._sink = _sink(config.kind, options)
        self._prefix = _prefix(options.text("prefix"))
        self._answered: Answered | None = None
        if answered is not None and self.target not in {"", "stdout", "discard"}:
            self._answered = Answered(Path(f"{answered}.audit-{config.uuid}"), self._key)
        self._is_taken_up = False  # the chain goes on from what the file has

    @property
    def target(self) -> str:
        """See `Device.target`."""
        return self._sink.path if isinstance(self._sink, FileSink) else ""

    @property
    def file(self) -> Path | None:
        """The file that it writes and that can be read again."""
        return Path(self._sink.path) if isinstance(self._sink, FileSink) and self._sink.is_regular else None

    async def start(self, head: Head) -> None:
        """See `Device.start`."""
        async with self._lock:
            answered = self._answered.open() if self._answered is not None else Head()
            self._chain.head = max(head, answered, key=lambda one: one.seq)
            self._is_taken_up = False
            await self._open()

    async def reopen(self) -> None:
        """See `Device.reopen`."""
        async with self._lock:
            await self._open()

    async def stop(self) -> None:
        """See `Device.stop`."""
        async with self._lock:
            await self._sink.close()
            if self._answered is not None:
                self._answered.close()

    async def end(self) -> None:
        """See `Device.end`."""
        await self.stop()
        if self._answered is not None:
            self._answered.remove()

    async def response(self, exchange: Exchange, response: Response | None, error: str) -> None:
        """See `Device.response`."""
        await super().response(exchange, response, error)
        if self._answered is not None:
            self._answered.note(self.head)

    async def verify(self, files: Sequence[Path]) -> Report:
        """See `Device.verify`."""
        head, current = self.head, self.file
        if current is None:
            raise BadRequest("the device does not write to a file that can be read")
        return await asyncio.to_thread(verify, [*files, current], self._key, head)

    async def _put(self, body: bytes) -> None:
        async with self._lock:
            if isinstance(self._sink, FileSink) and self._sink.gone:
                await self._open()
            await self._write(body)

    async def _write(self, body: bytes) -> None:
        line, head = self._chain.seal(self._prefix + body)
        await self._sink.write(line)
        self._chain.head = head

    async def _open(self) -> None:
        is_new = await self._sink.open()
        file = self.file
        if not self._is_taken_up and file is not None and self._chain.head.seq and file.stat().st_size:
            self._chain.head, is_whole = await asyncio.to_thread(resume, file, self._key, self._chain.head)
            is_new = not is_whole
        if is_new:
            if file is not None and _is_torn(file):
                await self._sink.write(b"\n")
            await self._write(self._chain.marker("continued" if self._chain.head.seq else "started", now()))
        self._is_taken_up = True


def _is_torn(file: Path) -> bool:
    """Whether a file does not end with a whole line."""
    with file.open("rb") as opened:
        if opened.seek(0, 2) == 0:
            return False
        opened.seek(-1, 2)
        return opened.read(1) != b"\n"


def _sink(kind: str, options: Fields) -> Sink:
    if kind == "file":
        path = options.text("file_path") or options.text("path")
        if not path:
            raise BadRequest("file_path is required")
        return FileSink(path, _mode(options.text("mode", "0600")))
    return _socket(options) if kind == "socket" else AbsentSink(kind)


def _prefix(text: str) -> bytes:
    """What each line begins with; where the entry begins must be plain."""
    if len(text) > _LONGEST_PREFIX or not text.isprintable() or "{" in text:
        raise BadRequest("prefix must be short, on one line, and without {")
    return text.encode(errors="replace")


def _socket(options: Fields) -> SocketSink:
    address, kind = options.text("address"), options.text("socket_type") or "tcp"
    if not address:
        raise BadRequest("address is required")
    if kind not in _SOCKETS:
        raise BadRequest("socket_type must be tcp, udp or unix")
    _, _, port = address.rpartition(":")
    if kind != "unix" and not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise BadRequest("address must be host:port")
    return SocketSink(address, kind, options.duration("write_timeout", 2) or 2)


def _mode(text: str) -> int:
    if not text or len(text) > 5 or set(text) - set("01234567"):
        raise BadRequest("mode must be an octal number, such as 0600")
    return int(text, 8) & 0o777
