"""One connection: its messages are answered one at a time, within the time that clients have."""

import asyncio
import math
from typing import TYPE_CHECKING, Any

from stratumiops.vault.core.envelope import Reply, refusal
from stratumiops.vault.errors import Internal, VaultError
from stratumiops.vault.http.message import Message
from stratumiops.vault.http.reader import Reader, Stage
from stratumiops.vault.http.wire import CONTINUE, encoded

if TYPE_CHECKING:
    from stratumiops.vault.http.listener import Listener


class Busy(VaultError):
    """Other clients are sending so much that no more can be held."""

    status = 503


class Connection(asyncio.Protocol):
    """One client. `deadline`, of the loop's clock, is when it ends unless something comes or goes before."""

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._peer = ("", 0)
        self._certificate: bytes | None = None
        self._reader = Reader(listener.limits.bounds)
        self._stage = Stage.NOTHING
        self._held = 0
        self._task: asyncio.Task[None] | None = None
        self._is_paused = False  # reading is
        self._is_stuffed = False  # the client does not read what is sent
        self._is_last = False
        self._is_over = False
        self.deadline = math.inf

    @property
    def is_idle(self) -> bool:
        """Whether the client has nothing to wait for."""
        return self._task is None and self._stage is Stage.NOTHING and not self._is_stuffed

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
        if not self._listener.admit(self):
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; what it has asked for is done all the same."""
        self._is_over = True
        self._reader.clear()
        if self._task is None:
            self._hold(0)
        self._listener.forget(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if self._is_over:
            return
        self._reader.add(data)
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

    # ---- messages

    def _advance(self) -> None:
        """Take what has come, up to the end of one message."""
        reader = self._reader
        try:
            message = reader.next()
            if message is not None:
                self._dispatch(message)
                return
            self._hold(reader.size)
        except VaultError as error:
            self._refuse(error)
            return
        if reader.is_asking:
            reader.is_asking = False
            self._transport.write(CONTINUE)
        if reader.stage is not self._stage:
            self._stage, limits = reader.stage, self._listener.limits
            patience_s = {Stage.NOTHING: limits.idle_s, Stage.HEAD: limits.head_s, Stage.BODY: limits.body_s}
            self.deadline = self._loop.time() + patience_s[reader.stage]

    def _hold(self, size: int) -> None:
        """A body is held as far as it has come.

        Raises:
            Busy: all connections hold more than they may together.
        """
        self._listener.held += size - self._held
        self._held = size
        if size and self._listener.held > self._listener.limits.held_bytes:
            raise Busy("too many large requests at once, try again later")

    def _dispatch(self, message: Message) -> None:
        """Have a message answered."""
        message.peer, message.certificate = self._peer, self._certificate
        self._is_last = self._is_last or self._reader.is_last
        self._stage = Stage.NOTHING
        self.deadline = math.inf
        self._task = self._loop.create_task(self._answer(message))

    async def _answer(self, message: Message) -> None:
        reply: Reply | None = None
        try:
            reply = await self._listener.answer(message)
        finally:
            self._task = None
            self._hold(0)
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
        if not self._reader.is_empty:
            self._advance()
        if self._is_paused and self._task is None:
            self._is_paused = False
            self._transport.resume_reading()

    def _refuse(self, error: VaultError) -> None:
        """Answer what is no request, and end. What still comes is read and thrown away for a while: a client that is
        sending would not see the answer otherwise."""
        self._transport.write(encoded(refusal(error), head=False, last=True))
        self._is_over = True
        self._reader.clear()
        self._hold(0)
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
