"""What the driver raises, told in the platform's own errors."""

import re
from typing import Final

from neo4j.exceptions import (
    AuthConfigurationError,
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from stratumiops.graph.errors import (
    Conflict,
    RateLimited,
    StratumError,
    TimedOut,
    TooComplex,
    Unauthenticated,
    Unavailable,
)

DRIVER_ERRORS: Final = (DriverError, Neo4jError)
"""All that the driver raises."""

START_HINT: Final = "Is the database running? `stratumiops status` tells, `stratumiops up` starts it."
_RATE_LIMITED: Final = "Neo.ClientError.Security.AuthenticationRateLimit"
_TIMED_OUT: Final = "TransactionTimedOut"
_MEMORY: Final = ("MemoryPoolOutOfMemory", "OutOfMemory", "StackOverFlow")
_LABEL = re.compile(r"label `(\w+)`")
_UNIQUE: Final = ("a value that must be unique is taken", None)
_DELETED: Final = (
    "a deleted node of this id exists in this graph",
    "Bring it back with undelete, or give another id.",
)
_ALREADY_EXISTS: Final[dict[str, tuple[str, str | None]]] = {
    "KnowledgeNode": ("a node of this id exists in this graph", "Give another id, or update the node."),
    "Tombstone": _DELETED,
    "Graph": ("a graph of this name exists", "Choose another name."),
    "Document": ("this document is already imported", None),
    "Idempotency": ("this idempotency key is taken", None),
}


def is_memory_limit(error: Neo4jError) -> bool:
    """The statement wanted more memory than one transaction may have; the server calls that transient."""
    return any(part in (error.code or "") for part in _MEMORY)


def is_transient(error: DriverError | Neo4jError) -> bool:
    """Nothing was committed and the same call may work now: deadlock, lock timeout, leader change."""
    if not isinstance(error, Neo4jError):
        return False
    return error.is_retryable() and not is_memory_limit(error)


def is_lost(error: DriverError | Neo4jError) -> bool:
    """The connection broke: reads may be sent again, writes only when they may act twice."""
    return isinstance(error, ServiceUnavailable | SessionExpired)


def translate(error: DriverError | Neo4jError, *, uri: str, writing: bool = False) -> StratumError:
    """The error a caller gets for one of the driver's; secrets and statement texts stay out of it."""
    if isinstance(error, Neo4jError):
        return _from_server(error, error.code or "", uri)
    if isinstance(error, IncompleteCommit) or (writing and is_lost(error)):
        return Unavailable(
            f"The connection to the database at {uri} broke during a change, which may have been made.",
            hint="Read before you repeat the change, or repeat it with the same idempotency key.",
        )
    if isinstance(error, ConnectionAcquisitionTimeoutError):
        return Unavailable(f"All connections to the database at {uri} stayed busy.", hint="Try again in a moment.")
    if isinstance(error, ConfigurationError | AuthConfigurationError):
        return Unavailable(f"The database address or settings are wrong: {error}.", hint="Check NEO4J_URI.")
    return Unavailable(f"The database at {uri} does not answer.", hint=START_HINT)


def _from_server(error: Neo4jError, code: str, uri: str) -> StratumError:  # noqa: PLR0911  # a table
    if '"refused: deleted ' in (error.message or ""):
        return Conflict(f"The change was refused: {_DELETED[0]}.", hint=_DELETED[1])
    if isinstance(error, ConstraintError) or "AlreadyExists" in code:
        return _taken(error)
    if code.startswith("Neo.ClientError.Security"):
        return _login(code, uri)
    if _TIMED_OUT in code:
        return TimedOut("The statement ran into its time limit.", hint="Ask for less: a filter or a smaller page.")
    if is_memory_limit(error):
        return TooComplex(
            "The statement needs more memory than one transaction may use.",
            hint="Ask for less: a filter, a smaller page, fewer nodes in one call.",
        )
    if is_transient(error) or code.endswith(("DatabaseNotFound", "DatabaseUnavailable")):
        return Unavailable(
            f"The database at {uri} could not do this now ({code.rpartition('.')[2]}).",
            hint="Try again in a moment.",
        )
    return StratumError(f"The database at {uri} refused a statement ({code}).")


def _login(code: str, uri: str) -> StratumError:
    if code == _RATE_LIMITED:
        return RateLimited(
            f"The database at {uri} refuses logins for a while after several wrong passwords.",
            hint="Correct NEO4J_PASSWORD and wait five seconds.",
        )
    return Unauthenticated(
        f"The database at {uri} refused the user name or password.",
        hint="Check NEO4J_USER and NEO4J_PASSWORD, or the credentials file of this home.",
    )


def _taken(error: Neo4jError) -> StratumError:
    found = _LABEL.search(error.message or "")
    what, hint = _ALREADY_EXISTS.get(found[1] if found else "", _UNIQUE)
    return Conflict(f"The change was refused: {what}.", hint=hint)
