"""The bytes of a connection as messages of HTTP/1.1 within bounds, one at a time, in the order in which they came.

llhttp parses; what it calls an error ends the connection, so nothing behind it can be taken for a request. It does not
know the method LIST: a line `LIST /p HTTP/1.1` is given to it as `GET /p?list=true`, which means the same. It is given
one head at a time, so the beginning of a request is known and no body can be taken for one.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

import httptools

from stratumiops.vault.errors import BadRequest, TooLarge, UnsupportedOperation, VaultError
from stratumiops.vault.http.message import Headers, Message

_LINE: Final = re.compile(rb"[A-Z]{1,32} [!-~]+ HTTP/1\.[01]\r\n")
_LIST: Final = b"LIST "
_END: Final = b"\r\n\r\n"
_BREAKS: Final = b"\r\n"
_OLD, _NEW = "1.0", "1.1"
_NO_HTTP: Final = "the request is no HTTP/1.1"


class HeadTooLarge(VaultError):
    """The line and the headers of a request, or what stands around its chunks, are larger than they may be."""

    status = 431


class ExpectationFailed(VaultError):
    """The client expects something else than to be told to go on."""

    status = 417


class Stage(Enum):
    """What is there of the next message."""

    NOTHING = 0
    HEAD = 1
    BODY = 2


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a request may be.

    Args:
        head_bytes: of the line and the headers.
        head_lines: how many these are.
        body_bytes: of the body.
    """

    head_bytes: int
    head_lines: int
    body_bytes: int


class Reader:
    """Takes bytes in, gives messages out.

    `is_last`: no message comes after the one that was given last. `is_asking`: the client wants to be told to go on
    before it sends the body.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.is_last = False
        self.is_asking = False
        self._bounds = bounds
        self._parser = httptools.HttpRequestParser(self)
        self._buffer = b""
        self._begin()

    def _begin(self) -> None:
        """Nothing of the next message is there yet."""
        self.stage = Stage.NOTHING
        self._method = ""
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body: bytes | bytearray = b""
        self._left = 0
        self._chunks = 0
        self._quiet = 0
        self._has_head = False
        self._is_whole = False
        self._is_odd = False

    @property
    def size(self) -> int:
        """How much of a body is held."""
        return len(self._body)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be taken."""
        return not self._buffer

    def add(self, data: bytes) -> None:
        """Bytes came in."""
        self._buffer = self._buffer + data if self._buffer else data

    def clear(self) -> None:
        """What has come is not wanted."""
        self._buffer = b""
        self._body = b""

    def next(self) -> Message | None:
        """Take what has come, up to the end of one message; None: it is not whole yet.

        Raises:
            VaultError: it is none, or outside of the bounds; nothing can come after it.
        """
        try:
            while self._buffer:
                if not (self._take_body() if self.stage is Stage.BODY else self._take_head()):
                    return None
                if self._is_whole:
                    return self._message()
        except httptools.HttpParserError:
            raise BadRequest(_NO_HTTP) from None
        return None

    # ---- the parser's side

    def on_url(self, url: bytes) -> None:
        """The target of the line."""
        if not self._is_whole:
            self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those behind a body count for nothing."""
        if self._has_head:
            return
        name = name.lower()
        if name not in self._headers:
            self._headers[name] = value
        elif name == b"host":
            self._is_odd = True

    def on_headers_complete(self) -> None:
        """The head is complete."""
        if not self._has_head:
            self._has_head = True
            self._method = self._parser.get_method().decode("latin-1")
            self.is_last = self.is_last or not self._parser.should_keep_alive()

    def on_chunk_header(self) -> None:
        """The line of a chunk is complete."""
        self._chunks += 1

    def on_body(self, data: bytes) -> None:
        """A part of the body: many small ones take no more memory than one large one."""
        if self._is_whole:
            return
        if not self._body:
            self._body = data
            return
        if isinstance(self._body, bytes):
            self._body = bytearray(self._body)
        self._body += data

    def on_message_begin(self) -> None:
        """A message begins; one that comes right behind a chunked body stays unanswered, and the connection ends."""
        if self._is_whole:
            self.is_last = True

    def on_message_complete(self) -> None:
        """The message is whole."""
        self._is_whole = True

    # ---- messages

    def _take_head(self) -> bool:
        """Whether there is a head."""
        buffer, bounds = self._buffer, self._bounds
        if buffer[0] in _BREAKS:
            buffer = self._buffer = buffer.lstrip(_BREAKS)
        if buffer and not buffer[:1].isupper():  # such as TLS where none is spoken
            raise BadRequest(_NO_HTTP)
        end = buffer.find(_END)
        if end < 0 or end > bounds.head_bytes:
            if len(buffer) > bounds.head_bytes:
                raise HeadTooLarge("http: the head of the request is too large")
            self.stage = Stage.HEAD if buffer else Stage.NOTHING
            return False
        end += len(_END)
        head, self._buffer = (buffer, b"") if end == len(buffer) else (buffer[:end], buffer[end:])
        if head.count(_BREAKS) > bounds.head_lines:
            raise HeadTooLarge("http: the request has too many headers")
        self._parse(head)
        self._check_head()
        if not self._is_whole:
            self._expect_body()
        return True

    def _parse(self, head: bytes) -> None:
        try:
            self._parser.feed_data(_as_get(head) if head.startswith(_LIST) else head)
        except httptools.HttpParserUpgrade:
            self._decline_upgrade()
        except httptools.HttpParserInvalidMethodError:
            if _LINE.match(head):
                raise UnsupportedOperation from None
            raise

    def _check_head(self) -> None:
        """What llhttp lets pass: other versions, other codings, chunks in a version without them, no host or two."""
        if not self._has_head or self._is_odd:
            raise BadRequest("the request is no HTTP/1.1, or it does not name its host once")
        coding = self._headers.get(b"transfer-encoding")
        if coding is not None and coding.lower() != b"chunked":
            raise BadRequest("the only transfer coding that is taken is chunked")
        version = self._parser.get_http_version()
        if version == _NEW:
            if b"host" not in self._headers:
                raise BadRequest("the request is no HTTP/1.1, or it does not name its host once")
        elif version == _OLD and coding is None:
            self.is_last = True  # nobody would tell such a client that the connection stays
        else:
            raise BadRequest(_NO_HTTP)

    def _decline_upgrade(self) -> None:
        """Go on with HTTP/1.1; the parser would take a body for another protocol."""
        if b"content-length" in self._headers or b"transfer-encoding" in self._headers or self._url[:1] != b"/":
            raise BadRequest("no other protocol is spoken here")
        self.is_last = True

    def _expect_body(self) -> None:
        if b"transfer-encoding" not in self._headers:
            self._left = int(self._headers.get(b"content-length", b"0"))
            if self._left > self._bounds.body_bytes:
                raise TooLarge("http: request body too large")
        expected = self._headers.get(b"expect")
        if expected is not None:
            if expected.lower() != b"100-continue":
                raise ExpectationFailed("the only expectation that can be met is 100-continue")
            self.is_asking = not self._buffer
        self.stage = Stage.BODY

    def _take_body(self) -> bool:
        """Always true: all that is there, or is left to come, is taken."""
        data, left = self._buffer, self._left
        if left:
            data, self._buffer = (data, b"") if len(data) <= left else (data[:left], data[left:])
            self._left -= len(data)
            self._parser.feed_data(data)
        else:
            self._buffer = b""
            self._feed_chunks(data)
        if self.size > self._bounds.body_bytes:
            raise TooLarge("http: request body too large")
        return True

    def _feed_chunks(self, data: bytes) -> None:
        """What is neither body nor the line of a chunk, such as headers behind the last one, has a bound of its own."""
        before = (self._chunks, self.size)
        self._parser.feed_data(data)
        self._quiet = self._quiet + len(data) if before == (self._chunks, self.size) else 0
        if self._quiet > self._bounds.head_bytes:
            raise HeadTooLarge("http: what stands around the chunks of the body is too large")

    def _message(self) -> Message:
        body = self._body if isinstance(self._body, bytes) else bytes(self._body)
        message = Message(self._method, self._url, Headers(self._headers), body)
        self._begin()
        return message


def _as_get(head: bytes) -> bytes:
    line, end, rest = head.partition(b"\r\n")
    target, _, version = line[len(_LIST) :].rpartition(b" ")
    mark = b"&" if b"?" in target else b"?"
    return b"GET " + target + mark + b"list=true " + version + end + rest
