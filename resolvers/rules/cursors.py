"""Cursors of lists that are not sorted by a property of nodes."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import orjson

from stratumiops.graph.errors import BadInput

_LIMIT = 8_192


def encode(*parts: Any) -> str:
    """The cursor that holds these values."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def decode(cursor: str, *kinds: type) -> Sequence[Any]:
    """The values that a cursor holds.

    Raises:
        BadInput: it is none, or one of another list.
    """
    hint = "pass endCursor or a cursor of the page before"
    problem = BadInput("`after` is not a cursor of this list", field="after", hint=hint)
    try:
        padded = cursor[:_LIMIT] + "=" * (-len(cursor[:_LIMIT]) % 4)
        parts = orjson.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error):
        raise problem from None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise problem
    return parts
