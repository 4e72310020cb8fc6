"""Exceptions into GraphQL errors: the user's own mistakes in full, ours as a correlation id."""

from typing import Any

import orjson
from graphql import GraphQLError

from stratumiops.graph.errors import ErrorCode, StratumError

INTERNAL_MESSAGE = "Something went wrong on the server; the log has the details under this correlation id"


def format_error(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """One error of a GraphQL response.

    A `StratumError` keeps its message and says `code`, `field` and `hint` in `extensions`; errors of the
    document or its variables are BAD_INPUT; the rest is logged and becomes INTERNAL with `correlationId`.
    """
    formatted: dict[str, Any] = dict(error.formatted)
    cause = _cause(error)
    if isinstance(cause, StratumError):
        formatted["message"] = cause.message
        formatted["extensions"] = {**formatted.get("extensions", {}), **extensions(cause)}
    elif cause is None or _is_coercion(error, cause):
        formatted["extensions"] = {"code": ErrorCode.BAD_INPUT.value, **formatted.get("extensions", {})}
    else:
        formatted |= internal(cause, request_id)
    return formatted


def format_exception(error: Exception, request_id: str) -> dict[str, Any]:
    """An exception that ended a whole request, as one error without a path."""
    if isinstance(error, GraphQLError):
        return format_error(error, request_id)
    if isinstance(error, StratumError):
        return {"message": error.message, "extensions": extensions(error)}
    return internal(error, request_id)


def extensions(error: StratumError) -> dict[str, Any]:
    """`code`, and `field` and `hint` when they are known."""
    found: dict[str, Any] = {"code": error.code.value}
    if error.field is not None:
        found["field"] = error.field
    if error.hint is not None:
        found["hint"] = error.hint
    return found


def internal(error: BaseException, request_id: str) -> dict[str, Any]:
    """Log the exception; tell the client only where to look."""
    import structlog

    from stratumiops.resolvers.logs import configure_command_logging

    configure_command_logging()
    structlog.get_logger("stratumiops.errors").error("internal error", request_id=request_id, exc_info=error)
    return {
        "message": INTERNAL_MESSAGE,
        "extensions": {"code": ErrorCode.INTERNAL.value, "correlationId": request_id},
    }


def error_body(*errors: dict[str, Any]) -> bytes:
    """A GraphQL response that has only errors (the request was not executed)."""
    return orjson.dumps({"errors": errors})


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception at the bottom of a GraphQLError, or None when the error is GraphQL's own."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _is_coercion(error: GraphQLError, cause: BaseException) -> bool:
    """Whether a scalar refused a value: such errors have a place in the document but no path yet."""
    return error.path is None and bool(error.nodes) and isinstance(cause, ValueError | TypeError)
