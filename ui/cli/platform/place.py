"""Where things are for one home, after settings and environment."""

from dataclasses import dataclass
from pathlib import Path

from stratumiops.graph.server.locate import external, locate
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.configuration import load_settings
from stratumiops.ui.cli.platform.api import Address


@dataclass(frozen=True, slots=True)
class Place:
    """The API's address, and the Neo4j of the user's own, if one is named."""

    api: Address
    own_neo4j: str | None


def place(home: Path, port: int | None = None) -> Place:
    """Read settings and environment; `port` wins over both.

    Raises:
        BadInput: a setting is unknown or wrong.
    """
    settings = load_settings(home, overrides={"server.port": port})
    named = external()
    own = settings.neo4j.uri or (named.uri if named else None)
    return Place(Address(settings.server.host, settings.server.port), own)


def connection(home: Path) -> Neo4jSettings:
    """How to connect to the graph of this home, as the API does.

    Raises:
        Unavailable: the managed server does not run.
        BadInput: a setting is unknown or wrong.
    """
    settings = load_settings(home)
    if settings.neo4j.uri is None:
        return locate(home)
    from stratumiops.resolvers.bootstrap import neo4j_settings

    return neo4j_settings(settings, home)
