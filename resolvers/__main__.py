"""`python -m stratumiops.resolvers`: serve the API until SIGTERM or Ctrl-C."""

import argparse
import gc
import signal
import sys
from pathlib import Path
from types import FrameType

import structlog
import uvicorn

from stratumiops.graph.errors import StratumError
from stratumiops.resolvers.auth import authenticator
from stratumiops.resolvers.bootstrap import application, wire
from stratumiops.resolvers.configuration import load_settings
from stratumiops.resolvers.logs import configure_logging
from stratumiops.resolvers.settings import Settings
from stratumiops.resolvers.tracing import tracing

log = structlog.get_logger("stratumiops")


def main(arguments: list[str] | None = None) -> int:
    """Serve; the exit status is 0 after a stop that was asked for, else that of the error."""
    options = _parser().parse_args(arguments)
    overrides = {"server.host": options.host, "server.port": options.port}
    try:
        settings = load_settings(options.home, overrides=overrides)
        authenticator(settings)  # before anything listens or connects
        configure_logging(settings.logging)
        return _serve(settings, options.home)
    except StratumError as error:
        hint = f" ({error.hint})" if error.hint else ""
        sys.stderr.write(f"stratumiops: {error.message}{hint}\n")
        return error.exit_code


def _serve(settings: Settings, home: Path | None) -> int:
    traces = tracing(settings.telemetry)
    services = wire(settings, home, traces)
    app = application(services, traces)
    config = uvicorn.Config(
        app,
        host=settings.server.host,
        port=settings.server.port,
        loop="auto",  # uvloop where it is installed
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.limits.max_body_bytes,
        ws_per_message_deflate=False,  # messages are small; a context for each connection is not
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, int(settings.server.shutdown_s)),
    )
    log.info("serving", host=settings.server.host, port=settings.server.port)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    server = uvicorn.Server(config)
    _spare_the_collector()
    server.run()
    if traces is not None:
        traces.close()
    return 0 if server.started else 1


def _spare_the_collector() -> None:
    """Leave what was loaded by now out of garbage collections, and have fewer of them.

    Answers are trees of lists and dicts, which go when their last reference does; looking through them for cycles
    every 700 objects costs a list of 50 nodes as much as making it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _stopped(_number: int, _frame: FrameType | None) -> None:
    """Called by uvicorn, which raises the signal again when it has stopped: to leave with status 0."""
    log.info("stopped")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stratumiops.resolvers", description=__doc__)
    parser.add_argument("--host", help="address to listen on (server.host)")
    parser.add_argument("--port", type=int, help="port to listen on (server.port)")
    parser.add_argument("--home", type=Path, help="data directory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
