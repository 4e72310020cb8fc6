"""Local mode (loopback, one implicit admin) and token mode (a file of hashed bearer tokens)."""

import hashlib
import hmac
import ipaddress
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stratumiops.graph.errors import BadInput, Unauthenticated
from stratumiops.graph.ids import GRAPH_NAME
from stratumiops.resolvers.context import LOCAL_ADMIN, Principal, Role
from stratumiops.resolvers.settings import Settings

_BEARER = re.compile(r"\s*bearer\s+(\S+)\s*", re.IGNORECASE)


class Authenticator(Protocol):
    """Finds out who calls."""

    def authenticate(self, authorization: str | None) -> Principal:
        """The caller behind an `Authorization` header.

        Raises:
            Unauthenticated: no credentials where they are needed, or wrong ones.
        """


class LocalAuthenticator:
    """Everyone who reaches the loopback address is the admin `local`."""

    def authenticate(self, authorization: str | None) -> Principal:
        """The admin `local`, whatever the header says."""
        return LOCAL_ADMIN


@dataclass(frozen=True, slots=True)
class Token:
    """The SHA-256 of a bearer token and whom it stands for."""

    digest: bytes
    principal: Principal


class TokenAuthenticator:
    """Callers show `Authorization: Bearer <token>`; only hashes of tokens are known here."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tuple(tokens)

    def authenticate(self, authorization: str | None) -> Principal:
        """The principal of the token; every known hash is compared, in constant time."""
        match = _BEARER.fullmatch(authorization or "")
        if match is None:
            raise Unauthenticated("a token is needed", hint="send the header Authorization: Bearer <token>")
        digest = hashlib.sha256(match[1].encode("utf-8", "surrogateescape")).digest()
        found: Principal | None = None
        for token in self._tokens:
            if hmac.compare_digest(token.digest, digest):
                found = token.principal
        if found is None:
            raise Unauthenticated("the token is not known here", hint="check it, or ask an admin for a new one")
        return found


class _TokenEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=100)
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$")
    role: Role
    graphs: tuple[str, ...] | None = None


class _TokenFile(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: tuple[_TokenEntry, ...] = Field(min_length=1)


def authenticator(settings: Settings) -> Authenticator:
    """The authenticator the settings ask for.

    Raises:
        BadInput: an address beyond loopback without a token file, or a token file that cannot be used.
    """
    token_file = settings.auth.token_file
    if token_file is not None:
        return TokenAuthenticator(read_tokens(token_file))
    if not is_loopback(settings.server.host):
        message = f"refusing to listen on {settings.server.host} without authentication: anyone could write here"
        hint = "set auth.token_file, or listen on 127.0.0.1"
        raise BadInput(message, hint=hint, field="server.host")
    return LocalAuthenticator()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address; a name other than `localhost` does not count."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_tokens(path: Path) -> list[Token]:
    """The tokens of a TOML file of `[[token]]` tables: `name`, `sha256` (hex), `role`, `graphs` (optional).

    Raises:
        BadInput: the file cannot be read or is not of that form; names the entry and the key.
    """
    try:
        parsed = _TokenFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", field="auth.token_file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}", field="auth.token_file") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path}: {place}: {first['msg']}", field="auth.token_file") from None
    return [_token(path, entry) for entry in parsed.token]


def _token(path: Path, entry: _TokenEntry) -> Token:
    for graph in entry.graphs or ():
        if not GRAPH_NAME.fullmatch(graph):
            raise BadInput(f"{path}: token {entry.name}: {graph!r} is no graph name", field="auth.token_file")
    graphs = None if entry.graphs is None else frozenset(entry.graphs)
    return Token(bytes.fromhex(entry.sha256), Principal(entry.name, entry.role, graphs))
