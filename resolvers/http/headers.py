"""The few request headers the API looks at, and what it answers with each of them."""

import re
from collections.abc import Iterable
from typing import Any

from stratumiops.graph.ids import uuid7

Headers = dict[bytes, bytes]
RawHeaders = list[tuple[bytes, bytes]]

_WANTED = frozenset(
    (
        b"accept",
        b"accept-encoding",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"origin",
        b"sec-fetch-mode",
        b"sec-fetch-site",
        b"traceparent",
        b"x-request-id",
        b"x-vault-namespace",
        b"x-vault-token",
    )
)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")

SECURITY: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
API_POLICY: RawHeaders = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
]
_REACT_ARIA = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"
"""The one style element of react-aria: `touch-action` of what can be pressed."""
APP_CSP = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_REACT_ARIA}; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
PLAYGROUND_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def pick(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The wanted headers by lower-case name; a repeated one is joined by commas (RFC 9110 §5.3)."""
    found: Headers = {}
    for name, value in raw:
        if name in _WANTED:
            found[name] = found[name] + b", " + value if name in found else value
    return found


def request_id(headers: Headers) -> str:
    """The caller's `X-Request-ID` when it is a plain short name, else a new UUID."""
    given = headers.get(b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode("ascii")
    return uuid7()


def text(headers: Headers, name: bytes) -> str | None:
    """A header's value as text."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def response_start(status: int, headers: RawHeaders) -> dict[str, Any]:
    """The ASGI message that begins a response."""
    return {"type": "http.response.start", "status": status, "headers": headers}
