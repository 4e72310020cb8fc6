"""A token of what was asked for: its policies, its kind and its time."""

from collections.abc import Iterable
from typing import Final

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Auth
from stratumiops.vault.tokens import ids, lifetime
from stratumiops.vault.tokens.lifetime import Lifetime, Limits
from stratumiops.vault.tokens.models import Token

ROOT: Final = "root"
DEFAULT: Final = "default"
_BATCH: Final = ("batch", "default-batch")


def policies_of(names: Iterable[str], *, with_default: bool) -> tuple[str, ...]:
    """Names as they are kept: lower case, sorted, each once; `root` stands alone."""
    found = {name.strip().lower() for name in names} - {""}
    if ROOT in found:
        return (ROOT,)
    return tuple(sorted(found | {DEFAULT} if with_default else found))


def token_of(
    auth: Auth, *, path: str, limits: Limits, parent: Token | None, namespace: tuple[str, str], role: str, now: float
) -> tuple[Token, tuple[str, ...]]:
    """The token, and what has to be said about its TTL. `namespace`: its path and its id.

    Raises:
        BadRequest: a batch token cannot be so.
    """
    policies = policies_of(auth.policies, with_default=not auth.no_default_policy)
    batch = auth.token_type in _BATCH
    if batch:
        _check_batch(auth, policies)
    found = _lifetime(auth, policies, limits)
    orphan = auth.orphan or parent is None
    token = Token(
        accessor="" if batch else ids.base62(), policies=policies, path=path, created=now,
        expires=now + found.ttl if found.ttl else 0.0, ttl=found.ttl, kind="batch" if batch else "service",
        display_name=auth.display_name, metadata=dict(auth.metadata) if auth.metadata else None, num_uses=auth.num_uses,
        explicit_max_ttl=auth.explicit_max_ttl, period=auth.period, max_ttl=_most_of_login(auth, path, limits),
        renewable=auth.renewable and bool(found.ttl) and not batch, orphan=orphan,
        parent="" if orphan or parent is None else parent.accessor, role=role,
        namespace=namespace[0], namespace_id=namespace[1],
        bound_cidrs=tuple(auth.bound_cidrs), internal=dict(auth.internal),
    )  # fmt: skip
    return token, found.warnings


def tell(auth: Auth, token: Token, client_token: str) -> None:
    """What a client is told of a token."""
    auth.client_token, auth.accessor, auth.policies = client_token, token.accessor, token.policies
    auth.ttl, auth.renewable, auth.orphan, auth.num_uses = token.ttl, token.renewable, token.orphan, token.num_uses
    auth.token_type, auth.metadata = "batch" if token.kind == "batch" else "service", token.metadata


def _lifetime(auth: Auth, policies: tuple[str, ...], limits: Limits) -> Lifetime:
    if policies == (ROOT,) and not (auth.ttl or auth.period or auth.explicit_max_ttl):
        return Lifetime(0)
    most = Limits(limits.default_ttl, min(auth.max_ttl or limits.max_ttl, limits.max_ttl))
    return lifetime.granted(auth.ttl, most, period=auth.period, explicit_max_ttl=auth.explicit_max_ttl)


def _most_of_login(auth: Auth, path: str, limits: Limits) -> int:
    """What bounds the renewals of a token that is not of the token mount itself: its role, and the mount it is of."""
    if auth.max_ttl:
        return min(auth.max_ttl, limits.max_ttl)
    return 0 if path.startswith("auth/token/") else limits.max_ttl


def _check_batch(auth: Auth, policies: tuple[str, ...]) -> None:
    if policies == (ROOT,):
        raise BadRequest("batch tokens cannot be root tokens")
    for name, value in (
        ("explicit_max_ttl", auth.explicit_max_ttl), ("num_uses", auth.num_uses), ("period", auth.period),
    ):  # fmt: skip
        if value:
            raise BadRequest(f'batch tokens cannot have "{name}" set')
