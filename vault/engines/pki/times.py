"""Times as requests and certificates write them."""

from datetime import UTC, datetime
from typing import Final

from stratumiops.vault.errors import BadRequest

LATEST: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
EARLIEST: Final = datetime(1950, 1, 1, tzinfo=UTC).timestamp()


def parse_time(text: str) -> float:
    """Seconds since 1970 of an RFC 3339 time.

    Raises:
        BadRequest: it is none, or one that a certificate cannot hold.
    """
    try:
        found = datetime.fromisoformat(text)
        at = found.timestamp() if found.tzinfo is not None and "T" in text.upper() else None
    except (ValueError, OverflowError):
        at = None
    if at is None or not EARLIEST <= at <= LATEST:
        raise BadRequest(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"')
    return at


def instant(seconds: float) -> datetime:
    """Whole seconds as a time in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC)
