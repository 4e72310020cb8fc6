"""Streamable HTTP: who may connect, by address, by host name, by origin and by token."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http import EventStore
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from stratumiops.graph.errors import BadInput

PATH = "/mcp"
MAX_BODY_BYTES = 16 * 1024 * 1024
RETRY_MS = 100
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens, and whom it hears.

    `token` None hears everyone who reaches it: on loopback only. `hosts` and `origins` are beside its own.
    """

    host: str = "127.0.0.1"
    port: int = 8_010
    token: str | None = None
    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()

    def check(self) -> None:
        """Refuse what would be open to strangers.

        Raises:
            BadInput: beyond loopback without a token, or without a host name.
        """
        if self.host in LOOPBACK:
            return
        if self.token is None:
            message = f"Without a token the server listens on this machine only, not on {self.host}."
            raise BadInput(message, hint="Leave out --no-token.", field="host")
        if not self.hosts:
            message = f"Listening on {self.host} needs the host name that clients use."
            raise BadInput(message, hint="Give it with --allowed-host NAME.", field="allowed-host")

    @property
    def url(self) -> str:
        """Where clients on this machine find it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}{PATH}"

    @property
    def security(self) -> TransportSecuritySettings:
        """Host and Origin have to be this server's own, or named: no rebound DNS name, no page from elsewhere."""
        own = [f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        named = [form for host in self.hosts for form in (host, f"{host}:{self.port}")]
        return TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=own + named,
            allowed_origins=[f"http://{host}" for host in own] + list(self.origins),
        )


def application(server: MCPServer, listening: Listening, *, event_store: EventStore | None = None) -> ASGIApp:
    """The server as an ASGI application.

    Args:
        server: what is served.
        listening: where, and to whom.
        event_store: keeps streams that a client may take up again after its connection broke.
    """
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        transport_security=listening.security,
        max_request_body_size=MAX_BODY_BYTES,
        host=listening.host,
        event_store=event_store,
        retry_interval=RETRY_MS if event_store else None,
    )
    return Gate(app, listening.token)


class Gate:
    """Lets requests to the endpoint pass that carry the token, and refuses others with 401."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self._app = app
        self._token = None if token is None else token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":  # RFC 9110, 5.5: blanks around a value are no part of it; not every parser knows
            scope["headers"] = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        if scope["type"] == "http" and scope["path"].rstrip("/") == PATH and not self._may(scope):
            refusal = JSONResponse(
                {
                    "jsonrpc": "2.0",
                    "id": None,
                    "error": {
                        "code": -32001,
                        "message": "UNAUTHENTICATED: send the server's token as `Authorization: Bearer …`;"
                        " `kogral serve` printed where it is when it started.",
                    },
                },
                status_code=401,
                headers={"www-authenticate": "Bearer"},
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        if self._token is None:
            return True
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if len(given) != 1:
            return False
        kind, _, token = given[0].partition(b" ")
        return kind.lower() == b"bearer" and secrets.compare_digest(token.strip(), self._token)
