"""Structured logs on standard output: JSON lines, or colours on a terminal; secrets never reach them."""

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import Processor

from stratumiops.resolvers.settings import LoggingSettings

_SECRET_KEY = re.compile(r"password|passwd|secret|token|authorization|cookie|api_?key|credential", re.IGNORECASE)
_SECRET_TEXT = re.compile(r"(?i)(\bbearer\s+)\S+|(://[^/\s:@]+:)[^/\s@]+(?=@)")
_REDACTED = "[redacted]"
_log = structlog.get_logger("stratumiops.http")


class _Plain:
    """Where lines of requests go without structlog: none of their values can hold a secret, and each costs a request
    a tenth of what the processors take. None: structlog writes them."""

    out: TextIO | None = None


def configure_logging(settings: LoggingSettings, stream: TextIO | None = None, *, final: bool = True) -> None:
    """Send structlog and the standard library to one stream, in the form the settings ask for.

    Args:
        stream: where lines go; standard output when it is None.
        final: loggers in use may remember this configuration, which makes them faster.
    """
    out = sys.stdout if stream is None else stream
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    as_json = settings.format == "json" or (settings.format == "auto" and not out.isatty())
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.ExceptionRenderer() if as_json else _keep,
        redact,
    ]
    renderer: Processor = structlog.processors.JSONRenderer(serializer=_dumps) if as_json else _console(out)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=final,
    )
    _Plain.out = out if as_json and level <= logging.INFO else None
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


def configure_command_logging() -> None:
    """What a command logs goes to standard error, unless something else was configured: standard output is its
    answer's."""
    if not structlog.is_configured():
        processors = [*structlog.get_config()["processors"][:-1], _console(sys.stderr)]
        structlog.configure(processors=processors, logger_factory=structlog.PrintLoggerFactory(sys.stderr))


def log_request(values: Mapping[str, Any]) -> None:
    """A line about one request. The values are numbers and words of our own, or names that GraphQL allows."""
    out = _Plain.out
    if out is None:
        _log.info("request", **values)
        return
    time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    line = orjson.dumps({**values, "event": "request", "level": "info", "time": time})
    out.write(line.decode() + "\n")
    out.flush()


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank the values of keys that name secrets, bearer tokens, and passwords in addresses."""
    for key, value in event.items():
        if isinstance(value, str):
            if _SECRET_KEY.search(key):
                event[key] = _REDACTED
            elif "://" in value or "earer" in value:
                event[key] = redact_text(value)
        elif isinstance(value, dict):
            event[key] = redact(_logger, _method, dict(value))
    return event


def redact_text(text: str) -> str:
    """The text without bearer tokens and passwords in addresses."""
    return _SECRET_TEXT.sub(lambda match: f"{match[1] or match[2]}{_REDACTED}", text)


def _console(out: TextIO) -> Processor:
    coloured = out.isatty() and not os.environ.get("NO_COLOR")
    plain = structlog.dev.plain_traceback  # the others show variables, and what they hold
    return structlog.dev.ConsoleRenderer(colors=coloured, exception_formatter=plain)


def _keep(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return event


def _dumps(value: Any, **_options: Any) -> str:
    return orjson.dumps(value, default=str).decode()
