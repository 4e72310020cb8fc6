"""A device: its options, its keys, and its chain through a sink."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stratumiops.vault.audit.answered import Answered
from stratumiops.vault.audit.chain import Chain, Head
from stratumiops.vault.audit.entries import Exchange, Format, now
from stratumiops.vault.audit.hashing import Hasher
from stratumiops.vault.audit.sinks import AbsentSink, Callback, CallbackSink, FileSink, Sink, SocketSink
from stratumiops.vault.audit.verify import resume
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Response

_SOCKETS: Final = frozenset({"tcp", "udp", "unix"})
_LONGEST_PREFIX: Final = 256


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    """A device as it is kept. Its path ends with `/`; salt and chain key are hex and shown nowhere."""

    path: str
    kind: str
    uuid: str
    description: str = ""
    local: bool = False
    options: dict[str, str] = field(default_factory=dict)
    salt: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    chain_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    def shown(self) -> dict[str, Any]:
        """As a list of devices has it."""
        return {
            "type": self.kind,
            "description": self.description,
            "options": self.options,
            "path": self.path,
            "local": self.local,
        }


class Device:
    """Lines in the order of the chain, one at a time.

    Args:
        answered: how the name of the file begins in which the last line that was answered for is noted; None: nowhere.
    """

    def __init__(self, config: DeviceConfig, callbacks: Mapping[str, Callback], answered: Path | None = None) -> None:
        options = Fields(config.options)
        if options.text("format", "json") != "json":
            raise BadRequest(f'unknown format type "{options.text("format")[:64]}"')
        self.config = config
        self.sink = _sink(config.kind, options, callbacks)
        self.failing = False
        self._key = bytes.fromhex(config.chain_key)
        self._chain = Chain(self._key)
        self._prefix = _prefix(options.text("prefix"))
        self._answered: Answered | None = None
        if answered is not None and isinstance(self.sink, FileSink) and self.sink.path not in {"stdout", "discard"}:
            self._answered = Answered(Path(f"{answered}.audit-{config.uuid}"), self._key)
        self._is_taken_up = False  # the chain goes on from what the file has
        self._lock = asyncio.Lock()
        self._format = Format(
            hasher=Hasher(bytes.fromhex(config.salt), raw=options.boolean("log_raw")),
            hmac_accessor=options.boolean("hmac_accessor", True),
            elide_lists=options.boolean("elide_list_responses"),
            metadata_only=isinstance(self.sink, CallbackSink),
        )

    @property
    def head(self) -> Head:
        """The last line that is written."""
        return self._chain.head

    @property
    def file(self) -> Path | None:
        """The file that it writes and that can be read again."""
        return Path(self.sink.path) if isinstance(self.sink, FileSink) and self.sink.is_regular else None

    async def start(self, head: Head) -> None:
        """Open the sink and go on with the chain.

        Args:
            head: the last line that is known; there may be a later one that was answered for.

        Raises:
            OSError: it cannot be opened or written.
        """
        async with self._lock:
            answered = self._answered.open() if self._answered is not None else Head()
            self._chain.head = max(head, answered, key=lambda one: one.seq)
            self._is_taken_up = False
            await self._open()

    async def reopen(self) -> None:
        """Open the sink again, after its file was moved away; the old one stays when that fails.

        Raises:
            OSError: see `start`.
        """
        async with self._lock:
            await self._open()

    async def stop(self) -> None:
        """Close the sink."""
        async with self._lock:
            await self.sink.close()
            if self._answered is not None:
                self._answered.close()

    async def end(self) -> None:
        """Close the sink for good."""
        await self.stop()
        if self._answered is not None:
            self._answered.remove()

    async def request(self, exchange: Exchange, error: str) -> None:
        """Write the line of a request.

        Raises:
            OSError: it is not written.
        """
        parts = self._format.parts(exchange)
        exchange.parts[self.config.uuid] = parts
        await self._put(self._format.request_line(parts, error))

    async def response(self, exchange: Exchange, response: Response | None, error: str) -> None:
        """Write the line of an answer.

        Raises:
            OSError: it is not written.
        """
        parts = exchange.parts.get(self.config.uuid) or self._format.parts(exchange)
        await self._put(self._format.response_line(exchange, parts, response, error))
        if self._answered is not None:
            self._answered.note(self.head)

    def hash(self, text: str) -> str:
        """A string as its log has it."""
        return self._format.hasher.always(text.encode("utf-8", "surrogatepass"))

    def chain_key(self) -> bytes:
        """What its chain is made with."""
        return self._key

    async def _put(self, body: bytes) -> None:
        async with self._lock:
            if isinstance(self.sink, FileSink) and self.sink.gone:
                await self._open()
            await self._write(body)

    async def _write(self, body: bytes) -> None:
        line, head = self._chain.seal(self._prefix + body)
        await self.sink.write(line)
        self._chain.head = head

    async def _open(self) -> None:
        is_new = await self.sink.open()
        file = self.file
        if not self._is_taken_up and file is not None and self._chain.head.seq and file.stat().st_size:
            self._chain.head, is_whole = await asyncio.to_thread(resume, file, self._key, self._chain.head)
            is_new = not is_whole
        if is_new:
            if file is not None and _is_torn(file):
                await self.sink.write(b"\n")
            await self._write(self._chain.marker("continued" if self._chain.head.seq else "started", now()))
        self._is_taken_up = True


def _is_torn(file: Path) -> bool:
    """Whether a file does not end with a whole line."""
    with file.open("rb") as opened:
        if opened.seek(0, 2) == 0:
            return False
        opened.seek(-1, 2)
        return opened.read(1) != b"\n"


def _sink(kind: str, options: Fields, callbacks: Mapping[str, Callback]) -> Sink:
    if kind == "file":
        path = options.text("file_path") or options.text("path")
        if not path:
            raise BadRequest("file_path is required")
        return FileSink(path, _mode(options.text("mode", "0600")))
    if kind == "socket":
        return _socket(options)
    if kind in callbacks:
        return CallbackSink(callbacks[kind])
    return AbsentSink(kind)


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
