"""The ASGI application: reads a request within its bounds, has it answered, writes the reply."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from stratumiops.vault.core.envelope import JSON, Reply, refusal
from stratumiops.vault.core.mishaps import BUGS, mishap
from stratumiops.vault.errors import BadRequest, TooLarge, UnsupportedOperation, VaultError
from stratumiops.vault.http.incoming import PREFIX, request_of

if TYPE_CHECKING:
    from stratumiops.vault.request import Request

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
_LARGE: Final = 1 << 20
_NO_STORE: Final = (b"cache-control", b"no-store")
_BODY_S: Final = 90.0


class Answers(Protocol):
    """What answers requests."""

    async def handle(self, request: "Request") -> Reply:
        """The reply; errors are replies, too."""

    def metrics_text(self) -> bytes | None:
        """Prometheus' text; None: it is not shown without a token."""


class App:
    """The vault over HTTP."""

    def __init__(self, core: Answers, max_request_size: int) -> None:
        self._core = core
        self._largest = max_request_size

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply = await self._answer(scope, receive)
        except VaultError as error:
            reply = refusal(error)
        await _write(send, reply, head=scope["method"] == "HEAD")

    async def _answer(self, scope: dict[str, Any], receive: Receive) -> Reply:
        method, path = scope["method"], scope["path"]
        if not path.startswith(PREFIX):
            return self._beside(path)
        if method == "HEAD" and path != "/v1/sys/health" and "/acme/" not in path:
            raise UnsupportedOperation
        headers = _headers(scope["headers"])
        body = await self._body(headers, receive)
        query = scope["query_string"].decode("latin-1")
        parts = (method, path, query, headers, body, scope.get("client") or ("", 0))
        request = await asyncio.to_thread(request_of, *parts) if len(body) > _LARGE else request_of(*parts)
        try:
            return await self._core.handle(request)
        except VaultError:
            raise
        except BUGS as bug:
            raise mishap(bug, request) from None

    def _beside(self, path: str) -> Reply:
        text = self._core.metrics_text() if path == "/metrics" else None
        if text is None:
            return Reply(404, b'{"errors":[]}\n')
        return Reply(200, text, "text/plain; version=0.0.4; charset=utf-8")

    async def _body(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        said = headers.get("content-length", "0")
        if said.isdecimal() and int(said) > self._largest:
            raise TooLarge("http: request body too large")
        parts: list[bytes] = []
        size, more = 0, True
        try:
            async with asyncio.timeout(_BODY_S):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise BadRequest("the client went away")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self._largest:
                        raise TooLarge("http: request body too large")
                    more = message.get("more_body", False)
        except TimeoutError:
            raise BadRequest(f"the body did not come within {_BODY_S:g} s") from None
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _headers(pairs: Any) -> dict[str, str]:
    """Headers by name; of one that came twice the first."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name.decode("latin-1"), value.decode("latin-1"))
    return found


async def _write(send: Send, reply: Reply, *, head: bool) -> None:
    headers = [_NO_STORE, (b"content-length", str(len(reply.body)).encode())]
    if reply.body or reply.content_type != JSON:
        headers.append((b"content-type", reply.content_type.encode()))
    headers += [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else reply.body})
