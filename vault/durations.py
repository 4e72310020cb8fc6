"""Durations as clients write them, and as the server writes them."""

import re
from typing import Any, Final

from stratumiops.vault.errors import BadRequest

_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d)")
_MOST: Final = (1 << 63) // 10**9
"""292 years: what a duration of Go holds, and what dates can be added to."""


def parse(value: Any, field: str) -> int:
    """Whole seconds of `90`, `"90"`, `"90s"`, `"1h30m"` or `"2d"`; "" is 0.

    Raises:
        BadRequest: it is no duration, negative, or longer than 292 years.
    """
    seconds = _seconds(value)
    if seconds is None or not 0 <= seconds <= _MOST:
        raise BadRequest(f"Field validation failed: error converting input for field {field!r}: not a duration")
    return int(seconds)


def _seconds(value: Any) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"-?\d{0,18}", text):
        return float(text or 0) if text != "-" else None
    if re.fullmatch(f"(?:{_PART.pattern})+", text):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    return None


def in_go_form(seconds: int) -> str:
    """`5400` as `1h30m0s`: how Go writes it."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}h{minutes}m{left}s"
    return f"{minutes}m{left}s" if minutes else f"{left}s"
