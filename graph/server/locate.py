"""Where the Neo4j of this installation is."""

import os
from collections.abc import Mapping
from pathlib import Path

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.server.home import USER, Home, read_record
from stratumiops.graph.store.settings import Neo4jSettings


def external(environ: Mapping[str, str] | None = None) -> Neo4jSettings | None:
    """The server named by `NEO4J_URI`, `NEO4J_USER`, `NEO4J_PASSWORD`, `NEO4J_DATABASE`; None when unset.

    Raises:
        BadInput: there is an address but no password.
    """
    env = os.environ if environ is None else environ
    uri = env.get("NEO4J_URI")
    if not uri:
        return None
    if "NEO4J_PASSWORD" not in env:
        raise BadInput(
            "NEO4J_URI is set but NEO4J_PASSWORD is not",
            hint="set NEO4J_PASSWORD (empty for a server without authentication), or unset NEO4J_URI",
            field="NEO4J_PASSWORD",
        )
    return Neo4jSettings(
        uri=uri,
        user=env.get("NEO4J_USER") or USER,
        password=env["NEO4J_PASSWORD"],
        database=env.get("NEO4J_DATABASE") or "neo4j",
    )


def locate(home: Path) -> Neo4jSettings:
    """How to connect: `NEO4J_URI` wins, else the managed server of this home.

    Raises:
        Unavailable: no server of this home is running or starting.
        BadInput: the environment or the credentials file is incomplete.
    """
    named = external()
    if named is not None:
        return named
    where = Home(home)
    record = read_record(where.record("neo4j"))
    if record is None or not where.credentials.exists():
        raise Unavailable(
            f"no Neo4j is running for {home}",
            hint="start it with `stratumiops up`, or name a server with NEO4J_URI",
        )
    return Neo4jSettings(uri=str(record["uri"]), user=USER, password=where.password())
