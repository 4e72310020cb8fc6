"""Reads a request body, up to a limit."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from stratumiops.graph.errors import TooComplex

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientGone(Exception):
    """The client went away before its request was read or answered."""


async def read_body(receive: Receive, declared: bytes | None, limit: int) -> bytes:
    """The whole body.

    Args:
        declared: the `Content-Length` header.
        limit: most bytes to take.

    Raises:
        TooComplex: the body is larger than the limit.
        ClientGone: the client went away first.
    """
    if declared is not None and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    message = await receive()
    if not message.get("more_body", False) and message["type"] == "http.request":
        body: bytes = message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        return body
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()


def _too_large(limit: int) -> TooComplex:
    return TooComplex(
        f"the body is larger than {limit:,} bytes",
        hint="send fewer nodes a request, or raise limits.max_body_bytes",
    )
