"""A WebSocket of JSON messages that does not wait for ever for a slow client."""

import asyncio
from typing import Any

import orjson

from stratumiops.resolvers.http.body import Receive
from stratumiops.resolvers.http.replies import Send

SLOW = 1013
_GRACE_S = 5.0


class Closed(Exception):
    """The server ends the connection, with a close code and a reason of at most 123 bytes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason.encode()[:123].decode(errors="ignore")


class Disconnected(Exception):
    """The client has gone."""


class Socket:
    """Receives and sends; a message the client does not take within `slow_s` seconds closes the connection.

    Nothing is queued here: a sender waits until its message is in the transport's buffer, so memory is
    bounded by one message for each running operation.
    """

    def __init__(self, receive: Receive, send: Send, *, slow_s: float, max_message: int) -> None:
        self._receive = receive
        self._send = send
        self._slow_s = slow_s
        self._max_message = max_message

    async def accept(self, subprotocol: str | None, name: str) -> None:
        """Finish the handshake.

        Raises:
            Disconnected: the client went away first.
        """
        await self._receive()  # websocket.connect
        message = {"type": "websocket.accept", "subprotocol": subprotocol}
        await self._put({**message, "headers": [(b"x-request-id", name.encode("ascii"))]})

    async def receive(self) -> dict[str, Any]:
        """The next message.

        Raises:
            Disconnected: the client closed the socket.
            Closed: the message is no JSON object, or too large.
        """
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise Disconnected
        data = event.get("text")
        if data is None:
            raise Closed(4400, "Messages have to be text")
        if len(data) > self._max_message:
            raise Closed(1009, f"A message may have {self._max_message:,} bytes")
        try:
            message = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise Closed(4400, "Messages have to be JSON") from None
        if not isinstance(message, dict):
            raise Closed(4400, "Messages have to be JSON objects")
        return message

    async def send(self, message: dict[str, Any]) -> None:
        """Send one message; raises as `send_text`."""
        await self.send_text(orjson.dumps(message))

    async def send_text(self, message: bytes) -> None:
        """Send one message that is JSON already.

        Raises:
            Closed: the client did not make room in time.
            Disconnected: the client has gone.
        """
        await self._put({"type": "websocket.send", "text": message.decode()})

    async def close(self, closed: Closed) -> None:
        """Say goodbye, if the client takes that much within a few seconds."""
        try:
            async with asyncio.timeout(_GRACE_S):
                await self._send({"type": "websocket.close", "code": closed.code, "reason": closed.reason})
        except (TimeoutError, OSError, RuntimeError):
            return  # it has gone, or will not listen: the server drops the connection

    async def _put(self, event: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(self._slow_s):
                await self._send(event)
        except TimeoutError:
            reason = "Slow consumer: messages were not taken in time; subscribe again after the last cursor"
            raise Closed(SLOW, reason) from None
        except (OSError, RuntimeError):
            raise Disconnected from None
