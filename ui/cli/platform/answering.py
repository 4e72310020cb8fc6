"""Waiting until a child answers."""

from collections.abc import Callable
from pathlib import Path

from stratumiops.graph.errors import TimedOut, Unavailable

_POLL_S = 0.1
_TAIL_BYTES = 3_000


def await_answer(
    name: str,
    log: Path,
    log_start: int,
    *,
    poll: Callable[[], int | None],
    answers: Callable[[], object],
    pause: Callable[[float], bool],
    timeout_s: float,
) -> None:
    """Return as soon as `answers()`.

    Args:
        log_start: how long the log was when the child was started; its last words are behind that.
        poll: the child's exit status, or None while it runs.
        pause: waits so many seconds; true: give up.

    Raises:
        Unavailable: it ended, or `pause` gave up.
        TimedOut: it did not answer in time.
    """
    for _ in range(int(timeout_s / _POLL_S)):
        status = poll()
        if status is not None:
            words = _last_words(log, log_start)
            raise Unavailable(f"{name} ended with status {status} while starting: {words}")
        if answers():
            return
        if pause(_POLL_S):
            raise Unavailable(f"stopped while {name} was starting")
    raise TimedOut(f"{name} was not ready within {timeout_s:.0f} s", hint=f"look at {log}")


def size(log: Path) -> int:
    """How long a log is; 0: there is none yet."""
    return log.stat().st_size if log.exists() else 0


def _last_words(log: Path, log_start: int) -> str:
    with log.open("rb") as file:
        file.seek(max(min(log_start, size(log)), size(log) - _TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").strip().splitlines()
    return " / ".join(lines[-2:]) if lines else f"nothing in {log}"
