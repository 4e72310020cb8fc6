"""What the driver raises, as users are told it."""

import pytest
from neo4j.exceptions import (
    ConfigurationError,
    ConnectionAcquisitionTimeoutError,
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
from stratumiops.graph.store.driver_errors import is_lost, is_transient, translate

URI = "bolt://127.0.0.1:7687"


def server_error(code: str, message: str = "secret statement text") -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=f"Neo.{code}", message=message)


TAKEN = "Node(7) already exists with label `{}` and properties `id` = 'secret'"
CASES: list[tuple[DriverError | Neo4jError, type[StratumError], str]] = [
    (server_error("ClientError.Security.Unauthorized"), Unauthenticated, "user name or password"),
    (server_error("ClientError.Security.AuthenticationRateLimit"), RateLimited, "wrong passwords"),
    (server_error("ClientError.Transaction.TransactionTimedOutClientConfiguration"), TimedOut, "time limit"),
    (server_error("ClientError.Transaction.TransactionTimedOut"), TimedOut, "time limit"),
    (server_error("TransientError.General.MemoryPoolOutOfMemoryError"), TooComplex, "memory"),
    (server_error("TransientError.General.StackOverFlowError"), TooComplex, "memory"),
    (server_error("TransientError.Transaction.DeadlockDetected"), Unavailable, "DeadlockDetected"),
    (server_error("TransientError.General.DatabaseUnavailable"), Unavailable, "could not do this now"),
    (server_error("ClientError.Database.DatabaseNotFound"), Unavailable, "DatabaseNotFound"),
    (server_error("ClientError.Schema.ConstraintValidationFailed", TAKEN.format("Graph")), Conflict, "a graph of this"),
    (server_error("ClientError.Schema.ConstraintValidationFailed", TAKEN.format("KnowledgeNode")), Conflict, "a node"),
    (server_error("ClientError.Schema.ConstraintValidationFailed", TAKEN.format("Odd")), Conflict, "must be unique"),
    (server_error("ClientError.Statement.SyntaxError"), StratumError, "refused a statement"),
    (ServiceUnavailable("secret"), Unavailable, "does not answer"),
    (SessionExpired("secret"), Unavailable, "does not answer"),
    (ConnectionAcquisitionTimeoutError("secret"), Unavailable, "stayed busy"),
    (ConfigurationError("Unknown scheme"), Unavailable, "settings are wrong"),
]


@pytest.mark.parametrize(("error", "kind", "words"), CASES)
def test_errors_are_told_in_our_words(error: DriverError | Neo4jError, kind: type[StratumError], words: str) -> None:
    told = translate(error, uri=URI)
    assert type(told) is kind
    assert words in told.message
    assert "secret" not in f"{told.message} {told.hint}"


@pytest.mark.parametrize("error", [ServiceUnavailable(), SessionExpired(), IncompleteCommit()])
def test_a_change_on_a_broken_connection_may_have_been_made(error: DriverError) -> None:
    told = translate(error, uri=URI, writing=True)
    assert isinstance(told, Unavailable)
    assert "may have been made" in told.message
    assert "idempotency key" in (told.hint or "")


def test_what_is_worth_another_try() -> None:
    assert is_transient(server_error("TransientError.Transaction.DeadlockDetected"))
    assert not is_transient(server_error("TransientError.General.MemoryPoolOutOfMemoryError"))
    assert not is_transient(ServiceUnavailable())
    assert not is_transient(IncompleteCommit())
    assert is_lost(ServiceUnavailable())
    assert is_lost(SessionExpired())
