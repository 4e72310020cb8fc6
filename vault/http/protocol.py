"""HTTP/1.1 of one connection: bytes to messages within bounds, one at a time, in the order in which they came.

llhttp parses; what it calls an error ends the connection, so nothing behind it can be taken for a request. It does not
know the method LIST: a line `LIST /p HTTP/1.1` is given to it as `GET /p?list=true`, which means the same. It is given
one head at a time, so the beginning of a request is known and no body can be taken for one.
"""

import asyncio
import math
import re
from typing import TYPE_CHECKING, Any, Final

import httptools

from stratumiops.vault.core.envelope import Reply, refusal
from stratumiops.vault.errors import BadRequest, Internal, TooLarge, UnsupportedOperation, VaultError
from stratumiops.vault.http.message import Headers, Message
from stratumiops.vault.http.wire import CONTINUE, encoded

if TYPE_CHECKING:
    from stratumiops.vault.http.listener import Listener

_LINE: Final = re.compile(rb"[A-Z]{1,32} [!-~]+ HTTP/1\.[01]\r\n")
_LIST: Final = b"LIST "
_END: Final = b"\r\n\r\n"
_BREAKS: Final = b"\r\n"
_HTTP_1_1: Final = "1.1"


class HeadTooLarge(VaultError):
    """The line and the headers of a request are larger than they may be."""

    status = 431


class ExpectationFailed(VaultError):
    """The client expects something else than to be told to go on."""

    status = 417


class Connection(asyncio.Protocol):
    """One client. `deadline`, of the loop's clock, is when it ends unless something comes or goes before."""

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._peer = ("", 0)
        self._certificate: bytes | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._buffer = b""
        self._task: asyncio.Task[None] | None = None
        self._is_paused = False  # reading is
        self._is_stuffed = False  # the client does not read what is sent
        self._is_last = False
        self._is_over = False
        self.deadline = math.inf
        self._begin()

    def _begin(self) -> None:
        """Nothing of the next message is there yet."""
        self._method = ""
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._parts: list[bytes] = []
        self._size = 0
        self._left = 0
        self._is_waiting = True  # for the first byte
        self._is_in_body = False
        self._has_head = False
        self._is_whole = False
        self._is_odd = False

    # ---- the transport's side

    def connection_made(self, transport: Any) -> None:
        """A client is there."""
        self._transport = transport
        peer = transport.get_extra_info("peername")
        if isinstance(peer, tuple):
            self._peer = (peer[0], peer[1])
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._certificate = tls.getpeercert(binary_form=True) or None
        self.deadline = self._loop.time() + self._listener.limits.idle_s
        self._listener.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; what it has asked for is done all the same."""
        self._is_over = True
        self._buffer = b""
        self._listener.forget(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if self._is_over:
            return
        self._buffer = self._buffer + data if self._buffer else data
        if self._task is None and not self._is_stuffed:
            self._advance()
        elif not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more. Whether the transport stays open: until the answer is made."""
        self._is_last = True
        return self._task is not None

    def pause_writing(self) -> None:
        """The client does not read."""
        self._is_stuffed = True
        self.deadline = self._loop.time() + self._listener.limits.write_s

    def resume_writing(self) -> None:
        """It does again."""
        self._is_stuffed = False
        if self._task is None and not self._is_over:
            self._next()

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
            self._is_last = self._is_last or not self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        """A part of the body."""
        if not self._is_whole:
            self._parts.append(data)
            self._size += len(data)

    def on_message_begin(self) -> None:
        """A message begins; one that comes right behind a chunked body stays unanswered, and the connection ends."""
        if self._is_whole:
            self._is_last = True

    def on_message_complete(self) -> None:
        """The message is whole."""
        self._is_whole = True

    # ---- messages

    def _advance(self) -> None:
        """Take what has come, up to the end of one message."""
        try:
            while self._buffer and self._task is None:
                if not (self._take_body() if self._is_in_body else self._take_head()):
                    return
        except httptools.HttpParserError:
            self._refuse(BadRequest("the request is no HTTP/1.1"))
        except VaultError as error:
            self._refuse(error)

    def _take_head(self) -> bool:
        """Whether there is a head."""
        buffer, limits = self._buffer, self._listener.limits
        if buffer[0] in _BREAKS:
            buffer = self._buffer = buffer.lstrip(_BREAKS)
        if buffer and not buffer[:1].isupper():  # such as TLS where none is spoken
            raise BadRequest("the request is no HTTP/1.1")
        end = buffer.find(_END)
        if end < 0 or end > limits.head_bytes:
            if len(buffer) > limits.head_bytes:
                raise HeadTooLarge("http: the head of the request is too large")
            if self._is_waiting:
                self._is_waiting = False
                self.deadline = self._loop.time() + limits.head_s
            return False
        end += len(_END)
        head, self._buffer = (buffer, b"") if end == len(buffer) else (buffer[:end], buffer[end:])
        parser = self._parser
        try:
            parser.feed_data(_as_get(head) if head.startswith(_LIST) else head)
        except httptools.HttpParserUpgrade:
            self._decline_upgrade()
        except httptools.HttpParserInvalidMethodError:
            if _LINE.match(head):
                raise UnsupportedOperation from None
            raise
        if not self._has_head or self._is_odd or (b"host" not in self._headers and self._version() == _HTTP_1_1):
            raise BadRequest("the request is no HTTP/1.1, or it does not name its host once")
        if self._is_whole:
            self._dispatch()
        else:
            self._expect_body()
        return True

    def _version(self) -> str:
        return str(self._parser.get_http_version())

    def _decline_upgrade(self) -> None:
        """Go on with HTTP/1.1; the parser would take a body for another protocol."""
        if b"content-length" in self._headers or b"transfer-encoding" in self._headers or self._url[:1] != b"/":
            raise BadRequest("no other protocol is spoken here")
        self._is_last = True

    def _expect_body(self) -> None:
        limits = self._listener.limits
        if b"transfer-encoding" not in self._headers:
            self._left = int(self._headers.get(b"content-length", b"0"))
            if self._left > limits.body_bytes:
                raise TooLarge("http: request body too large")
        expected = self._headers.get(b"expect")
        if expected is not None:
            if expected.lower() != b"100-continue":
                raise ExpectationFailed("the only expectation that can be met is 100-continue")
            if not self._buffer:
                self._transport.write(CONTINUE)
        self._is_in_body = True
        self.deadline = self._loop.time() + limits.body_s

    def _take_body(self) -> bool:
        """Always true: all that is there, or is left to come, is taken."""
        data, left = self._buffer, self._left
        if left:
            data, self._buffer = (data, b"") if len(data) <= left else (data[:left], data[left:])
            self._left -= len(data)
        else:
            self._buffer = b""
        self._parser.feed_data(data)
        if self._size > self._listener.limits.body_bytes:
            raise TooLarge("http: request body too large")
        if self._is_whole:
            self._dispatch()
        return True

    def _dispatch(self) -> None:
        """Have a message answered."""
        parts = self._parts
        body = b"" if not parts else parts[0] if len(parts) == 1 else b"".join(parts)
        message = Message(self._method, self._url, Headers(self._headers), body, self._peer, self._certificate)
        self._begin()
        self.deadline = math.inf
        self._task = self._loop.create_task(self._answer(message))

    async def _answer(self, message: Message) -> None:
        reply: Reply | None = None
        try:
            reply = await self._listener.answer(message)
        finally:
            self._task = None
            if reply is None:  # a fault of the program, which the loop reports
                self._is_last, reply = True, refusal(Internal("internal error"))
            self._send(reply, head=message.method == "HEAD")

    def _send(self, reply: Reply, *, head: bool) -> None:
        if self._is_over:
            return
        last = self._is_last = self._is_last or self._listener.is_closing
        self._transport.write(encoded(reply, head=head, last=last))
        if not self._is_stuffed or last:
            self._next()

    def _next(self) -> None:
        """An answer is sent: go on with what has come meanwhile, or end."""
        if self._is_last:
            self._is_over = True
            self.deadline = self._loop.time() + self._listener.limits.write_s
            self._transport.close()
            return
        self.deadline = self._loop.time() + self._listener.limits.idle_s
        if self._buffer:
            self._advance()
        if self._is_paused and self._task is None:
            self._is_paused = False
            self._transport.resume_reading()

    def _refuse(self, error: VaultError) -> None:
        """Answer what is no request, and end. What still comes is read and thrown away for a while: a client that is
        sending would not see the answer otherwise."""
        self._transport.write(encoded(refusal(error), head=False, last=True))
        self._is_over = True
        self._buffer = b""
        if self._transport.can_write_eof():
            self._transport.write_eof()
            self.deadline = self._loop.time() + self._listener.limits.linger_s
            if self._is_paused:
                self._transport.resume_reading()
        else:
            self._transport.close()

    # ---- the listener's side

    def close_soon(self) -> None:
        """End now, or with the answer that is being made."""
        self._is_last = True
        if self._task is None and not self._is_over:
            self._is_over = True
            self._transport.close()

    def abort(self) -> None:
        """End now."""
        self._is_over = True
        self._transport.abort()


def _as_get(head: bytes) -> bytes:
    line, end, rest = head.partition(b"\r\n")
    target, _, version = line[len(_LIST) :].rpartition(b" ")
    mark = b"&" if b"?" in target else b"?"
    return b"GET " + target + mark + b"list=true " + version + end + rest
