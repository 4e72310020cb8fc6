"""Values as the vault writes them, in the forms of the schema."""

import re
from typing import Any, Final

from stratumiops.graph.ids import format_instant, parse_instant
from stratumiops.schema.scalars import DateTime

_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)")


def instant(value: Any) -> DateTime | None:
    """An instant of RFC 3339; empty, and what Go writes for none, is None."""
    if not isinstance(value, str) or not value or value.startswith("0001-01-01"):
        return None
    try:
        return DateTime(format_instant(parse_instant(value)))
    except (ValueError, OverflowError):
        return None


def integer(value: Any) -> int | None:
    """A whole number that GraphQL can carry."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 31 else None


def seconds(value: Any) -> int | None:
    """Whole seconds of `1h30m0s` or a number; 0 is None."""
    if isinstance(value, str):
        value = int(sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value)))
    return integer(value) or None


def text(value: Any) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def texts(value: Any) -> list[str]:
    """The texts of a list; the vault has null for an empty one."""
    return [str(one) for one in value] if isinstance(value, list) else []
