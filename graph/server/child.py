"""Starting a child that dies with its parent, and stopping it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server.identity import ProcessId

_PR_SET_PDEATHSIG = 1
_KEPT_LOG_BYTES = 10_000_000
_KILL_S = 10.0
_POLL_S = 0.05
KERNEL_TIES = sys.platform == "linux"
"""Whether the kernel can tie a child's life to its parent's."""


class Child:
    """A process that this one started and is to outlive.

    Output is appended to `log`; one above 10 MB is kept once as `<name>.1`. The child has a session of its
    own, so Ctrl-C in a terminal reaches only the parent. When the parent dies, the child gets SIGTERM: from
    the kernel, which looks at the THREAD that started it (start from the main thread), or from `guard.py`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environ: Mapping[str, str] | None = None,
        niceness: int = 0,
        kernel_ties: bool = KERNEL_TIES,
    ) -> None:
        if log.exists() and log.stat().st_size > _KEPT_LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                env=None if environ is None else dict(environ),
                start_new_session=True,
                preexec_fn=_before_exec(niceness, tied=kernel_ties),  # noqa: PLW1509  # no threads then
            )
        finally:
            os.close(descriptor)
        self._identity = ProcessId.of(self._process.pid)
        self._guard = None if kernel_ties else self._guarded()

    @property
    def identity(self) -> ProcessId:
        """Which process it is.

        Raises:
            Unavailable: it ended as soon as it was started.
        """
        if self._identity is None:
            raise Unavailable(f"the process ended at once with status {self._process.wait()}")
        return self._identity

    def poll(self) -> int | None:
        """The exit status (negative: the signal), or None while it runs."""
        return self._process.poll()

    def stop(self, patience_s: float, hurry: Callable[[], bool] = lambda: False) -> int:
        """SIGTERM, then SIGKILL after `patience_s` seconds or when `hurry()`; returns the exit status."""
        if self.poll() is None:
            self._process.terminate()
            deadline = time.monotonic() + patience_s
            while not self._ended_within(_POLL_S):
                if hurry() or time.monotonic() > deadline:
                    self._process.kill()
                    break
        status = self._process.wait()
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()
        return status

    def _ended_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _guarded(self) -> "subprocess.Popen[bytes] | None":
        if self._identity is None:
            return None
        who = [str(self._identity.pid), self._identity.started]
        return subprocess.Popen([sys.executable, "-m", "stratumiops.graph.server.guard", *who], stdin=subprocess.PIPE)


def stop_orphan(orphan: ProcessId, patience_s: float, pause: Callable[[float], bool]) -> None:
    """End a process that is not our child: SIGTERM, then SIGKILL.

    `pause(seconds)` waits; it returns true when waiting is to end, and SIGKILL follows at once.
    """
    for number, seconds in ((signal.SIGTERM, patience_s), (signal.SIGKILL, _KILL_S)):
        if not orphan.alive():
            return
        os.kill(orphan.pid, number)
        for _ in range(int(seconds / _POLL_S)):
            if not orphan.alive():
                return
            if pause(_POLL_S):
                break


def _before_exec(niceness: int, *, tied: bool) -> Callable[[], None]:
    parent = os.getpid()
    # looked up before the fork: between fork and exec nothing may be imported
    prctl = ctypes.CDLL(None).prctl if tied else None

    def prepare() -> None:
        if niceness:
            os.nice(niceness)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
