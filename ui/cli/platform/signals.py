"""Signals as something a loop can wait for."""

import selectors
import signal
import socket
from threading import Event
from types import FrameType, TracebackType
from typing import Self

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """While entered, SIGINT, SIGTERM and SIGHUP ask for a stop, and the end of a child ends a `pause`.

    Nothing is raised in the middle of other work. Use from the main thread.
    """

    def __init__(self) -> None:
        self.asked = 0
        """How often a stop was asked for: twice means at once."""
        self.stop = Event()
        """Set as soon as a stop was asked for, for what waits in other threads."""
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._selector.register(self._reader, selectors.EVENT_READ)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        wanted = dict.fromkeys(_STOP, self._ask) | {signal.SIGCHLD: self._ignore}
        self._before = {
            number: signal.signal(number, handler)
            for number, handler in wanted.items()
            if signal.getsignal(number) is not signal.SIG_IGN  # nohup: stay deaf to SIGHUP
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._selector.close()
        self._reader.close()
        self._writer.close()

    def pause(self, seconds: float) -> bool:
        """Wait, at most until a signal comes; true when a stop was asked for."""
        if self.asked:
            return True
        if self._selector.select(seconds):
            self._drain()
        return self.asked > 0

    def hurry(self) -> bool:
        """A stop was asked for twice."""
        return self.asked > 1

    def _drain(self) -> None:
        try:
            while self._reader.recv(512):
                continue
        except BlockingIOError:
            return

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
        self.stop.set()

    def _ignore(self, number: int, frame: FrameType | None) -> None:
        """SIGCHLD only has to wake the loop."""
