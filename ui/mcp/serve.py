"""Runs the server until its client goes (stdio) or until it is told to stop (HTTP)."""

import logging
import sys

import anyio

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
    """
    import uvicorn

    listening.check()
    _log_to_stderr()
    config = uvicorn.Config(
        application(build(client, settings), listening),
        host=listening.host,
        port=listening.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()


def _log_to_stderr() -> None:
    """Plain lines, and warnings only: a client that shows stderr to its user should have a quiet one."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
