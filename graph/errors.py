"""The errors every surface speaks: one code, one human sentence, one hint.

GraphQL puts `code`, `field` and `hint` into `extensions`; REST façades into RFC 9457 problem details; command
lines map the code to an exit status (`EXIT_CODES`).
"""

from enum import StrEnum


class ErrorCode(StrEnum):
    """What went wrong, for programs."""

    BAD_INPUT = "BAD_INPUT"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    UNAVAILABLE = "UNAVAILABLE"
    TIMEOUT = "TIMEOUT"
    TOO_COMPLEX = "TOO_COMPLEX"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    SEALED = "SEALED"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL = "INTERNAL"


EXIT_CODES: dict[ErrorCode, int] = {
    ErrorCode.BAD_INPUT: 2,
    ErrorCode.TOO_COMPLEX: 2,
    ErrorCode.NOT_FOUND: 3,
    ErrorCode.CONFLICT: 4,
    ErrorCode.UNAUTHENTICATED: 5,
    ErrorCode.FORBIDDEN: 5,
    ErrorCode.UNAVAILABLE: 6,
    ErrorCode.TIMEOUT: 6,
}
"""Exit status of a command line by code; any other code exits with 1."""


class StratumError(Exception):
    """Something the user can be told about.

    Args:
        message: one sentence: where, what was found, what was expected.
        hint: what to do next, when there is something to do.
        field: the input field or setting at fault, dotted (`input.title`).
    """

    code: ErrorCode = ErrorCode.INTERNAL

    def __init__(self, message: str, *, hint: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field

    @property
    def exit_code(self) -> int:
        """Exit status of a command line that ends with this error."""
        return EXIT_CODES.get(self.code, 1)


class BadInput(StratumError):
    """The request itself is wrong; sending it again will not help."""

    code = ErrorCode.BAD_INPUT


class NotFound(StratumError):
    """No such thing, or none that this principal may see."""

    code = ErrorCode.NOT_FOUND


class Conflict(StratumError):
    """The thing changed since it was read, or it exists already."""

    code = ErrorCode.CONFLICT


class Unauthenticated(StratumError):
    """No credentials, or wrong ones."""

    code = ErrorCode.UNAUTHENTICATED


class Forbidden(StratumError):
    """Known, but not allowed."""

    code = ErrorCode.FORBIDDEN


class Sealed(StratumError):
    """The vault is sealed: it needs shares of its key before it answers."""

    code = ErrorCode.SEALED


class Unavailable(StratumError):
    """The store is down, starting, or holding writers; the same call may work later."""

    code = ErrorCode.UNAVAILABLE


class TimedOut(StratumError):
    """The statement ran into its time limit."""

    code = ErrorCode.TIMEOUT


class TooComplex(StratumError):
    """Over a limit on depth, aliases, tokens, cost or size."""

    code = ErrorCode.TOO_COMPLEX


class RateLimited(StratumError):
    """Too many requests at once."""

    code = ErrorCode.RATE_LIMITED
