"""Replies as bytes of HTTP/1.1."""

import re
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from stratumiops.vault.core.envelope import JSON, Reply

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_BODILESS: Final = frozenset({204, 304})
_BREAKS: Final = re.compile(r"[\x00\r\n]")


def encoded(reply: Reply, *, head: bool, last: bool) -> bytes:
    """A reply.

    Args:
        head: the request was HEAD: the body stays here.
        last: the connection ends with it.
    """
    more = b"connection: close\r\n" if last else b""
    for name, value in reply.headers.items():
        more += f"{_BREAKS.sub(' ', name)}: {_BREAKS.sub(' ', value)}\r\n".encode("latin-1", "replace")
    if reply.status in _BODILESS:
        return b"%b%b\r\n" % (_begun(reply.status, ""), more)
    body = reply.body
    kind = reply.content_type if body or reply.content_type != JSON else ""
    return b"%b%bcontent-length: %d\r\n\r\n%b" % (_begun(reply.status, kind), more, len(body), b"" if head else body)


@lru_cache(maxsize=256)
def _begun(status: int, content_type: str) -> bytes:
    """The lines that replies of a kind begin with."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:  # Vault has numbers of its own
        phrase = ""
    kind = f"content-type: {_BREAKS.sub(' ', content_type)}\r\n" if content_type else ""
    return f"HTTP/1.1 {status} {phrase}\r\ncache-control: no-store\r\n{kind}".encode("latin-1", "replace")
