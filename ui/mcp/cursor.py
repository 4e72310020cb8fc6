"""Cursors: where a list goes on. Opaque to the client, and good only for the call that gave them."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from stratumiops.graph.errors import BadInput

_MAX = 4_000


def encode(call: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    """A cursor for the same call, going on at `place`."""
    packed = orjson.dumps({"c": _fingerprint(call), "p": dict(place)})
    return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(call: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
    """The place that a cursor names; empty without one.

    Raises:
        BadInput: it is none, or one of another call.
    """
    if cursor is None:
        return {}
    try:
        packed = orjson.loads(base64.urlsafe_b64decode(cursor[:_MAX] + "=" * (-len(cursor) % 4)))
        fingerprint, place = packed["c"], dict(packed["p"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise BadInput(
            "The cursor is none of this server.", hint="Pass `next_cursor` of the last answer as it is.", field="cursor"
        ) from None
    if fingerprint != _fingerprint(call):
        raise BadInput(
            "The cursor belongs to another call.",
            hint="Repeat the same arguments with it, or leave it out to begin anew.",
            field="cursor",
        )
    return place


def _fingerprint(call: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(dict(call), option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
