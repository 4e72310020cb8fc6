"""Answers as ASGI messages, and the HTTP status of each error code."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson

from stratumiops.graph.errors import ErrorCode, StratumError
from stratumiops.resolvers.errors import error_body, format_exception
from stratumiops.resolvers.http.headers import API_POLICY, SECURITY, RawHeaders

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STATUS: dict[ErrorCode, int] = {
    ErrorCode.BAD_INPUT: 400,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.CONFLICT: 409,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.SEALED: 503,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.TIMEOUT: 504,
    ErrorCode.TOO_COMPLEX: 413,
    ErrorCode.RATE_LIMITED: 429,
}
"""HTTP status by error code, where a whole request is refused; any other code is 500."""


@dataclass(slots=True)
class Reply:
    """One HTTP response; `headers` come on top of the ones every answer has."""

    status: int
    body: bytes
    content_type: bytes = b"application/json; charset=utf-8"
    headers: RawHeaders | tuple[()] = ()
    policy: RawHeaders | None = None


def graphql_error(error: Exception, request_id: str, headers: RawHeaders | tuple[()] = ()) -> Reply:
    """A request to `/graphql` that was refused before it was executed."""
    return Reply(status_of(error), error_body(format_exception(error, request_id)), headers=headers)


def problem(error: Exception, request_id: str) -> Reply:
    """An error of any other path, as problem details (RFC 9457)."""
    status = status_of(error)
    formatted = format_exception(error, request_id)
    body = {"type": "about:blank", "title": formatted["message"], "status": status, **formatted["extensions"]}
    return Reply(status, orjson.dumps(body), b"application/problem+json")


def status_of(error: Exception) -> int:
    """HTTP status of an error that refuses a whole request."""
    return STATUS.get(error.code, 500) if isinstance(error, StratumError) else 500


def all_headers(reply: Reply, request_id: str) -> RawHeaders:
    """Every header of a reply."""
    return [
        (b"content-type", reply.content_type),
        (b"content-length", b"%d" % len(reply.body)),
        (b"x-request-id", request_id.encode("ascii")),
        *SECURITY,
        *(API_POLICY if reply.policy is None else reply.policy),
        *reply.headers,
    ]


async def send_reply(send: Send, reply: Reply, request_id: str) -> None:
    """Send a reply, head and body."""
    headers = all_headers(reply, request_id)
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
