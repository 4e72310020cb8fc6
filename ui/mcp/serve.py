"""Runs the server until its client goes (stdio) or until it is told to stop (HTTP)."""

import logging
import socket
import sys

import anyio

from stratumiops.graph.errors import Unavailable
from stratumiops.ui.mcp.api import Executes
from stratumiops.ui.mcp.http import Listening, application
from stratumiops.ui.mcp.server import build
from stratumiops.ui.mcp.settings import ServeSettings


def serve_stdio(client: Executes, settings: ServeSettings) -> None:
    """Serve one client on standard input and output. Logs go to standard error, nothing else to output."""
    _log_to_stderr()
    anyio.run(build(client, settings).run_stdio_async)


def serve_http(client: Executes, settings: ServeSettings, listening: Listening) -> None:
    """Serve any number of clients over HTTP until SIGINT or SIGTERM.

    Raises:
        BadInput: see `Listening.check`.
        Unavailable: the address cannot be listened on.
    """
    import uvicorn

    listening.check()
    _log_to_stderr()
    place = _bound(listening)
    config = uvicorn.Config(
        application(build(client, settings), listening),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with place:
        uvicorn.Server(config).run(sockets=[place])


def _bound(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        return socket.create_server((listening.host, listening.port), family=family)
    except OSError as error:
        message = f"Port {listening.port} of {listening.host} cannot be listened on: {error.strerror}."
        raise Unavailable(message, hint="Give another with --port.") from None


def _log_to_stderr() -> None:
    """Plain lines, and warnings only: a client that shows stderr to its user should have a quiet one."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
