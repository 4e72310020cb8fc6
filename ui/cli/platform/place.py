"""Where things are for one home, after settings and environment."""

from dataclasses import dataclass
from pathlib import Path

from stratumiops.graph.server.home import Home
from stratumiops.graph.server.locate import external, locate
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.configuration import load_settings
from stratumiops.ui.cli.platform.api import Address
from stratumiops.ui.cli.platform.holder import supervisor
from stratumiops.ui.cli.platform.vault.file import default_path


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts are.

    Args:
        own_neo4j: the Neo4j of the user's own, if one is named.
        vault_url: the vault that settings name; "": none.
        vault_file: `svault.toml` of the supervised vault, whether there is one or not.
        supervises_vault: whether `up` starts it.
    """

    api: Address
    own_neo4j: str | None
    vault_url: str
    vault_file: Path
    supervises_vault: bool


def place(home: Path, port: int | None = None, *, vault: bool | None = None) -> Place:
    """Read settings and environment; `port` and `vault` win over both.

    Raises:
        BadInput: a setting is unknown or wrong.
    """
    settings = load_settings(home, overrides={"server.port": port, "vault.supervise": vault})
    named = external()
    own = settings.neo4j.uri or (named.uri if named else None)
    named_file = settings.vault.config
    return Place(
        Address(settings.server.host, settings.server.port),
        own,
        settings.vault.address or "",
        named_file.expanduser().resolve() if named_file else default_path(Home(home)),
        settings.vault.supervise,
    )


def has_vault(home: Home) -> bool:
    """Whether there is a vault to be looked after: as the supervisor says, or, while there is none, the settings."""
    found = supervisor(home)
    return "vault" in found[1] if found else place(home.root).supervises_vault


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
