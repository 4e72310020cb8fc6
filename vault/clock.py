"""The time, in one place: whole and fractional seconds since 1970, and its texts."""

import time
from datetime import UTC, datetime
from typing import Final

ZERO: Final = "0001-01-01T00:00:00Z"
"""How Go writes a time that is none."""


def now() -> float:
    """Seconds since 1970."""
    return time.time()


def rfc3339(at: float) -> str:
    """RFC 3339 in UTC with nanoseconds and `Z`."""
    nanoseconds = round(at * 1_000_000) * 1_000
    whole, part = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{part:09d}Z"
