"""uvicorn's HTTP protocol, with the method LIST that the parser of HTTP does not know, and bounds on heads of requests.

A request line `LIST /p HTTP/1.1` is read as `GET /p?list=true`, which means the same. Only the line that begins a
request is looked at, so no body can be taken for one. Fields behind a chunked body are no headers: they are dropped.
"""

import asyncio
import re
import sys
from typing import Any, Final

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LIST: Final = b"LIST "
_LONGEST_LINE: Final = 65_536
_LARGEST_HEAD: Final = 1 << 20
HEAD_S: Final = 20.0
"""How long a client may take for the head of a request, in seconds; the answer to a slower one is its end."""
_UNKNOWN_METHOD: Final = re.compile(rb"[A-Z-]{1,32} /[^ \r\n]* HTTP/1\.[01]\r\n")
_REASONS: Final = {400: b"Bad Request", 405: b"Method Not Allowed", 431: b"Request Header Fields Too Large"}


class VaultProtocol(HttpToolsProtocol):
    """HTTP/1.1 with LIST."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._between = True
        self._heading = True
        self._head_size = 0
        self._begun = b""
        self._line = b""
        self._slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client came."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It went."""
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if self._between:
            data = self._begun + data
            self._begun = b""
            if _LIST.startswith(data[: len(_LIST)]) or data.startswith(_LIST):
                line, end, rest = data.partition(b"\r\n")
                if not end and len(line) < _LONGEST_LINE:
                    self._begun = data
                    self._unset_keepalive_if_required()
                    self._watch()
                    return
                data = _as_get(line) + end + rest
            self._line = data
        if self._heading:
            self._head_size += len(data)
        super().data_received(data)
        self._line = b""
        if self._heading and not self._between:
            self._watch()
            if self._head_size > _LARGEST_HEAD and not self.transport.is_closing():
                self._refuse(431, "the head of the request is too large")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head, or one behind a chunked body."""
        if self._heading:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._heading = False
        self._head_size = 0
        self._unwatch()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._between = self._heading = True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, or has a method that HTTP does not know."""
        unknown = isinstance(sys.exception(), httptools.HttpParserInvalidMethodError)
        if unknown and _UNKNOWN_METHOD.match(self._line):
            self._refuse(405, "unsupported operation")
        else:
            self._refuse(400, "the request is not HTTP")

    def _refuse(self, status: int, text: str) -> None:
        body = orjson.dumps({"errors": [text]}, option=orjson.OPT_APPEND_NEWLINE)
        self.transport.write(
            b"HTTP/1.1 %d %b\r\ncache-control: no-store\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%b" % (status, _REASONS[status], len(body), body)
        )
        self.transport.close()

    def _watch(self) -> None:
        if self._slow is None:
            self._slow = self.loop.call_later(HEAD_S, self._too_slow)

    def _unwatch(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _too_slow(self) -> None:
        self.transport.close()


def _as_get(line: bytes) -> bytes:
    if not line.startswith(_LIST):
        return line
    target, _, version = line[len(_LIST) :].rpartition(b" ")
    mark = b"&" if b"?" in target else b"?"
    return b"GET " + target + mark + b"list=true " + version
