"""The time, in one place: whole and fractional seconds since 1970, and its texts."""

import time
from datetime import UTC, datetime
from typing import Final

ZERO: Final = "0001-01-01T00:00:00Z"
"""How Go writes a time that is none."""
_PACE: Final = 0.5
"""How fast time goes on while the machine's clock is behind what was told already."""


class SteadyClock:
    """The machine's clock, but never back: when that is set back, time goes on at half its pace until the two agree.

    So what has ended stays ended, and what is to end still ends. A clock that is set forward is followed at once.
    """

    def __init__(self) -> None:
        self._told = 0.0
        self._ticks = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        ticks = time.monotonic()
        at = max(time.time(), self._told + (ticks - self._ticks) * _PACE)
        self._told, self._ticks = at, ticks
        return at


now: Final = SteadyClock().now
"""Seconds since 1970; for the whole process."""


def rfc3339(at: float) -> str:
    """RFC 3339 in UTC with nanoseconds and `Z`."""
    nanoseconds = round(at * 1_000_000) * 1_000
    whole, part = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:09d}Z"
