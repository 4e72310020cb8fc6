"""A process of our own behind a pipe: what needs much time or memory is done there, by a module that answers questions.

It is started by the first question, ended when it rests, and killed when an answer takes too long. It ends with its
owner, too: it reads from a pipe. A message is its length in eight bytes, then its body.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Final

_HEAD: Final = 8
_PATIENCE_S: Final = 5.0
"""How long a process that has been told to end may take to, in seconds."""


class Child:
    """One process, one question at a time: those of other threads wait for their turn."""

    def __init__(self, module: str, *, idle_s: float, longest_s: float | None = None) -> None:
        self._command = [sys.executable, "-m", module]
        self._idle_s = idle_s
        self._longest_s = longest_s
        self._turn = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        running = self._running
        return running.pid if running is not None else None

    def ask(self, body: bytes) -> bytes:
        """The answer.

        Raises:
            TimeoutError: it took too long; the process is ended.
            EOFError | OSError: the process ended, or could not be started; the next question starts another one.
        """
        with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            try:
                answer = self._exchange(body)
            except (EOFError, OSError):
                self._end()
                raise
            self._rest = _later(self._idle_s, self.close)
            return answer

    def close(self) -> None:
        """End the process when it has answered; the next question starts another one."""
        with self._turn:
            self._end()

    def kill(self) -> None:
        """End the process at once; who waits for an answer is told."""
        while not self._turn.acquire(timeout=0.05):
            self._kill()
        try:
            self._end()
        finally:
            self._turn.release()

    def _kill(self) -> None:
        running = self._running
        if running is not None:
            running.kill()

    def _exchange(self, body: bytes) -> bytes:
        if self._running is None:
            self._running = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._kill()

        limit = _later(self._longest_s, give_up) if self._longest_s is not None else None
        try:
            _send(self._running.stdin, body)
            return _received(self._running.stdout)
        except (EOFError, OSError):
            if late.is_set():
                raise TimeoutError(f"no answer in {self._longest_s:g} s") from None
            raise
        finally:
            if limit is not None:
                limit.cancel()

    def _end(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        running, self._running = self._running, None
        if running is None:
            return
        for pipe in (running.stdin, running.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            running.wait(_PATIENCE_S)
            return
        running.kill()
        running.wait()


def answer_questions(answer: Callable[[bytes], bytes], *, nice: int) -> None:
    """What the module of such a process does: answer until nobody asks any more."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    os.nice(nice)
    with suppress(EOFError, BrokenPipeError):
        while True:
            _send(out, answer(_received(sys.stdin.buffer)))


def _send(pipe: IO[bytes] | None, body: bytes) -> None:
    if pipe is None:
        raise EOFError
    pipe.write(len(body).to_bytes(_HEAD))
    pipe.write(body)
    pipe.flush()


def _received(pipe: IO[bytes] | None) -> bytes:
    head = pipe.read(_HEAD) if pipe is not None else b""
    size = int.from_bytes(head)
    body = pipe.read(size) if pipe is not None and len(head) == _HEAD else b""
    if len(head) < _HEAD or len(body) < size:
        raise EOFError
    return body


def _later(seconds: float, action: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer
