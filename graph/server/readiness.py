"""Waiting until a server answers queries, and finding out whether it is the right one."""

from collections.abc import Callable
from dataclasses import dataclass

from stratumiops.graph.errors import TimedOut, Unavailable
from stratumiops.graph.server.ports import answers
from stratumiops.graph.store.settings import Neo4jSettings

_POLL_S = 0.1
_ANSWER_S = 5.0


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What a server says of itself. `database_id` is given when its store is made and stays with it."""

    database_id: str
    version: str
    edition: str


def ask(settings: Neo4jSettings) -> ServerIdentity:
    """One attempt to connect and query, within seconds.

    Raises:
        Unavailable: nothing answers, or the database is not ready yet.
        Unauthenticated: it refused the credentials.
    """
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    from stratumiops.graph.store import driver_errors

    try:
        with (
            GraphDatabase.driver(
                settings.uri,
                auth=(settings.user, settings.password),
                max_transaction_retry_time=0,
                connection_timeout=_ANSWER_S,
                connection_acquisition_timeout=_ANSWER_S,
                telemetry_disabled=True,
                notifications_min_severity="OFF",
            ) as driver,
            driver.session(database=settings.database, default_access_mode="READ") as session,
        ):
            record = session.run(
                "CALL db.info() YIELD id CALL dbms.components() YIELD name, versions, edition"
                " WHERE name = 'Neo4j Kernel' RETURN id, versions[0] AS version, edition"
            ).single(strict=True)
            return ServerIdentity(record["id"], record["version"], record["edition"])
    except (DriverError, Neo4jError) as error:
        raise driver_errors.translate(error, uri=settings.uri) from error


def wait_ready(
    settings: Neo4jSettings,
    port: int,
    *,
    ended: Callable[[], str | None],
    pause: Callable[[float], bool],
    timeout_s: float,
) -> ServerIdentity:
    """Wait until the server on 127.0.0.1:`port` answers queries.

    Args:
        ended: a sentence once there is nothing left to wait for, such as that the process has exited.
        pause: waits so many seconds; true means that the wait is to be given up.

    Raises:
        Unavailable: `ended` or `pause` said so.
        Unauthenticated: the server refused the credentials; not tried twice, or it would lock the user out.
        TimedOut: nothing answered within `timeout_s` seconds.
    """
    for _ in range(int(timeout_s / _POLL_S)):
        if sentence := ended():
            raise Unavailable(sentence)
        if answers(port):
            try:
                return ask(settings)
            except Unavailable:
                pass
        if pause(_POLL_S):
            raise Unavailable("stopped while Neo4j was starting")
    raise TimedOut(f"Neo4j on port {port} did not answer within {timeout_s:.0f} s")
