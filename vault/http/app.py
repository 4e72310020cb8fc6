"""Has a message answered: what is no path of the API here, all else by the core."""

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from stratumiops.vault.core.envelope import Reply, refusal
from stratumiops.vault.core.mishaps import BUGS, mishap
from stratumiops.vault.errors import UnsupportedOperation, VaultError
from stratumiops.vault.http.incoming import PREFIX, request_of

if TYPE_CHECKING:
    from stratumiops.vault.http.message import Message
    from stratumiops.vault.request import Request

_LARGE: Final = 1 << 20


class Answers(Protocol):
    """What answers requests."""

    async def handle(self, request: "Request") -> Reply:
        """The reply; errors are replies, too."""

    def metrics_text(self) -> bytes | None:
        """Prometheus' text; None: it is not shown without a token."""


class App:
    """The vault over HTTP."""

    def __init__(self, core: Answers) -> None:
        self._core = core

    async def answer(self, message: "Message") -> Reply:
        """The reply to a message; refusals are replies, too."""
        try:
            return await self._answer(message)
        except VaultError as error:
            return refusal(error)

    async def _answer(self, message: "Message") -> Reply:
        path, query = message.target()
        if not path.startswith(PREFIX):
            return self._beside(path)
        method, body = message.method, message.body
        if method == "HEAD" and path != "/v1/sys/health" and "/acme/" not in path:
            raise UnsupportedOperation
        parts = (method, path, query, message.headers, body, message.peer)
        request = await asyncio.to_thread(request_of, *parts) if len(body) > _LARGE else request_of(*parts)
        request.client_certificate = message.certificate
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
