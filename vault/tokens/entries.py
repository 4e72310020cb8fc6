"""Tokens as they are kept, and under which keys. Accessors name tokens in keys: they open nothing."""

from typing import Any, Final

from stratumiops.vault.leases import entries as leases
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.tokens.models import WRAPPING, Token
from stratumiops.vault.view import decoded, encoded

SALT: Final = "token/salt"
BATCH_KEY: Final = "token/batch-key"
ACCESSORS: Final = "token/accessor/"
ENDINGS: Final = "token/ending/"


def entry(token_id: str) -> str:
    """A token."""
    return f"token/id/{token_id}"


def of_accessor(accessor: str) -> str:
    """The id of the token that has an accessor."""
    return f"{ACCESSORS}{accessor}"


def children(accessor: str) -> str:
    """Below it: the accessors of a token's children."""
    return f"token/child/{accessor}/"


def ending(accessor: str) -> str:
    """A token that is revoked, until all that hangs on it has gone too."""
    return f"{ENDINGS}{accessor}"


def wrapped(token_id: str) -> str:
    """The answer that a wrapping token gives."""
    return f"token/wrapped/{token_id}"


def lease_id(token: Token, token_id: str) -> str:
    """A token is a lease of the path that it came from."""
    path = "sys/wrapping/wrap" if token.kind == WRAPPING else token.path
    return f"{token.namespace}{path}/h{token_id}"


def bytes_of(token: Token) -> bytes:
    """A token as it is kept."""
    return encoded(token)


def token_of(data: bytes) -> Token:
    """The inverse of `bytes_of`."""
    return from_fields(decoded(data))


def from_fields(fields: dict[str, Any]) -> Token:
    """A token of its decoded fields."""
    fields["policies"] = tuple(fields["policies"])
    fields["bound_cidrs"] = tuple(fields["bound_cidrs"])
    return Token(**fields)


def lease_of(token: Token, token_id: str) -> Lease:
    """A token as a lease."""
    own_id = lease_id(token, token_id)
    return Lease(
        id=own_id, path=own_id.rpartition("/")[0], issued=token.created, expires=token.expires, due=token.expires,
        ttl=token.ttl, renewable=token.renewable, last_renewal=token.last_renewal, token=token_id,
    )  # fmt: skip


def kept(token: Token, token_id: str, answer: bytes | None = None) -> dict[str, bytes | None]:
    """The changes that keep a new token, its lease, and the answer that it wraps."""
    changes: dict[str, bytes | None] = {
        entry(token_id): bytes_of(token), of_accessor(token.accessor): token_id.encode()
    }  # fmt: skip
    if token.parent:
        changes[children(token.parent) + token.accessor] = leases.MARK
    if token.expires:
        changes.update(leases.kept(lease_of(token, token_id)))
    if answer is not None:
        changes[wrapped(token_id)] = answer
    return changes
