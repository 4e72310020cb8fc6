"""Options of the device `graph`."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

KNOWN: Final = ("uri", "user", "password", "database", "keep", "write_timeout", "hmac_accessor", "format")
_SCHEMES: Final = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})
_KEEP_DAYS: Final = 90
_DAY_S: Final = 86_400
_TIMEOUT_S: Final = 5


@dataclass(frozen=True, slots=True)
class Target:
    """Where the nodes go."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """What the device was enabled with.

    Args:
        keep_s: how long nodes stay, in seconds; 0: for ever.
        timeout_s: how long a line may take.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    keep_s: int
    timeout_s: int

    def target(self, environ: Mapping[str, str] | None = None) -> Target:
        """With what is left to NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD and NEO4J_DATABASE.

        Those belong together: a password of the environment goes to no address that was given here.

        Raises:
            OSError: nothing names a server.
        """
        env: Mapping[str, str] = (os.environ if environ is None else environ) if not self.uri else {}
        uri = self.uri or env.get("NEO4J_URI", "")
        if not uri:
            raise OSError("no option uri, and no variable NEO4J_URI, names a Neo4j")
        if not is_address(uri):
            raise OSError("NEO4J_URI is no address of a Neo4j")
        return Target(
            uri,
            self.user or env.get("NEO4J_USER") or "neo4j",
            self.password or env.get("NEO4J_PASSWORD", ""),
            self.database or env.get("NEO4J_DATABASE") or "neo4j",
        )


def read(given: Mapping[str, str]) -> GraphOptions:
    """The options as they were given.

    Raises:
        BadRequest: one is unknown (the nearest is named) or wrong. No value is repeated.
    """
    for name in given:
        if name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.5)
            raise BadRequest(f"unknown option {name[:64]!r}" + (f"; did you mean {near[0]}?" if near else ""))
    fields = Fields(given)
    uri = fields.text("uri")
    if uri and not is_address(uri):
        raise BadRequest("uri must be bolt:// or neo4j:// with a host, and without user or password")
    timeout_s = fields.duration("write_timeout", _TIMEOUT_S)
    if not 1 <= timeout_s <= 60:
        raise BadRequest("write_timeout must be 1 to 60 seconds")
    return GraphOptions(
        uri, fields.text("user"), fields.text("password"), fields.text("database"), _keep(fields), timeout_s
    )


def is_address(uri: str) -> bool:
    """Whether it is an address of a Neo4j in which no credentials are."""
    try:
        parts = urlsplit(uri)
        return parts.scheme in _SCHEMES and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _keep(fields: Fields) -> int:
    """A bare number is days."""
    text = fields.text("keep", "")
    if not text:
        return _KEEP_DAYS * _DAY_S
    seconds = int(text) * _DAY_S if text.isascii() and text.isdecimal() and len(text) < 7 else None
    return durations.parse(text, "keep") if seconds is None else seconds
