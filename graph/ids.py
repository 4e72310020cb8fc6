"""Identifiers and instants, in one place."""

import os
import re
import time
import uuid
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # UTC, without saying so: the text gets its Z by hand
_clock = [0]
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
GRAPH_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
"""A graph's name: 1 to 64 of a-z, 0-9, dot, dash, underscore; begins and ends with a letter or digit."""


def uuid7() -> str:
    """A time-ordered UUID, version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, 74 random bits."""
    millis = time.time_ns() // 1_000_000
    rand = int.from_bytes(os.urandom(10), "big")
    value = (millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (rand >> 68 & 0xFFF) << 64 | 0b10 << 62
    return str(uuid.UUID(int=value | rand & ((1 << 62) - 1)))


def utc_now() -> str:
    """This instant as it is stored: UTC, microseconds, fixed width, so that text order is time order.

    Every call of a process gives a later instant than the one before, also when the clock is set back.
    """
    _clock[0] = micros = max(time.time_ns() // 1_000, _clock[0] + 1)
    return f"{(_EPOCH + timedelta(microseconds=micros)).isoformat(timespec='microseconds')}Z"


def format_instant(value: datetime) -> str:
    """An aware datetime in the stored form, `2026-01-31T12:00:00.000000Z`.

    Raises:
        ValueError: the datetime has no time zone.
    """
    if value.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    return value.astimezone(UTC).strftime(_INSTANT)


def parse_instant(text: str) -> datetime:
    """The stored form, or any ISO 8601 instant with an offset, as an aware UTC datetime.

    Raises:
        ValueError: no ISO 8601 date-time, or one without an offset.
    """
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        msg = f"{text!r} has no time zone: add Z or an offset such as +02:00"
        raise ValueError(msg)
    return value.astimezone(UTC)
