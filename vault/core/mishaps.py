"""What becomes of mistakes in the vault itself: the client and the log learn where one was, never what it said."""

from pathlib import Path
from traceback import extract_tb
from typing import Final

import structlog
from cryptography.exceptions import InternalError

from stratumiops.vault.errors import Internal
from stratumiops.vault.request import Request

BUGS: Final = (
    ArithmeticError, AssertionError, AttributeError, InternalError, LookupError, OSError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What only a mistake raises. Their texts often quote the value that was wrong, which may be a secret."""
_log = structlog.get_logger("svault")


def mishap(bug: BaseException, request: Request) -> Internal:
    """The refusal of a request that a mistake ended; the log has the kind of mistake and its place."""
    where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(bug.__traceback__)]
    _log.error("a request failed", request_id=request.id, kind=type(bug).__name__, where=where)
    return Internal("internal error", f"request id {request.id}")
