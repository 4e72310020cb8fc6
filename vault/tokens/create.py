"""The creation of a token by a token: who may ask for what, with and without a role."""

from collections.abc import Awaitable, Callable
from typing import Any

from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Auth, Request, Response
from stratumiops.vault.tokens import answers, ids, policies
from stratumiops.vault.tokens import roles as kinds
from stratumiops.vault.tokens.lifetime import Limits
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.policies import Wanted
from stratumiops.vault.tokens.roles import Role
from stratumiops.vault.tokens.store import TokenStore

HasSudo = Callable[[Request], Awaitable[bool]]
HasPolicy = Callable[[str, str], Awaitable[bool]]
"""Whether a namespace has a policy of this name."""
_LONGEST_ID = 512


class Creation:
    """Answers the routes that create tokens."""

    def __init__(self, tokens: TokenStore, limits: Callable[[], Limits], sudo: HasSudo, policy: HasPolicy) -> None:
        self._tokens = tokens
        self._limits = limits
        self._has_sudo = sudo
        self._has_policy = policy

    async def create(self, request: Request, role: Role | None = None, *, orphan: bool = False) -> Response:
        """A token that `request.token` makes."""
        parent = _parent(request)
        fields = Fields(request.data)
        sudo = parent.is_root or await self._has_sudo(request)
        _check_powers(fields, sudo=sudo, with_role=role is not None)
        auth, warnings = _wanted(fields, role)
        auth.orphan = orphan or (fields.boolean("no_parent") if role is None else role.orphan)
        wanted = Wanted(fields.strings("policies"), fields.boolean("no_default_policy"), sudo)
        auth.policies = policies.decided(wanted, parent, role)
        auth.no_default_policy = True  # decided already
        _check_root(auth, parent)
        await self._tokens.create(
            auth, path=role.path if role else "auth/token/create", limits=self._limits(), parent=parent,
            namespace=request.namespace, token_id=_custom_id(fields), role=role.name if role else "", warnings=warnings,
        )  # fmt: skip
        for name in auth.policies:
            if not await self._has_policy(request.namespace, name):
                warnings.append(f'Policy "{name}" does not exist')
        return Response(auth=auth, warnings=warnings)


def _parent(request: Request) -> Token:
    parent = request.token
    if parent is None:
        raise PermissionDenied
    if parent.kind == "batch":
        raise BadRequest("batch tokens cannot create more tokens")
    if parent.num_uses:
        raise BadRequest("restricted use token cannot generate child tokens")
    return parent


def _check_powers(fields: Fields, *, sudo: bool, with_role: bool) -> None:
    """What only root and sudo may ask for."""
    if fields.text("entity_alias"):
        raise BadRequest(
            "'entity_alias' is not supported: tokens have no entities"
            if with_role
            else "'entity_alias' is only allowed in combination with token role"
        )
    if sudo:
        return
    for name, what in (("id", "specify token id"), ("period", "create periodic token")):
        if fields.raw(name) and not (name == "period" and not fields.duration(name)):
            raise BadRequest(f"root or sudo privileges required to {what}")
    if fields.boolean("no_parent") and not with_role:
        raise BadRequest("root or sudo privileges required to create orphan token")


def _check_root(auth: Auth, parent: Token) -> None:
    if "root" in auth.policies and parent.expires and not (auth.ttl or auth.period or auth.explicit_max_ttl):
        raise BadRequest("expiring root tokens cannot create non-expiring root tokens")


def _wanted(fields: Fields, role: Role | None) -> tuple[Auth, list[str]]:
    num_uses = fields.integer("num_uses")
    if num_uses < 0:
        raise BadRequest("number of uses cannot be negative")
    auth = Auth(
        display_name=answers.display_name(fields.text("display_name")), metadata=answers.metadata(fields.raw("meta")),
        ttl=_positive(fields, "ttl") or _positive(fields, "lease"), period=_positive(fields, "period"),
        explicit_max_ttl=_positive(fields, "explicit_max_ttl"), num_uses=num_uses,
        renewable=fields.boolean("renewable", True), token_type=_kind(fields.text("type"), role),
    )  # fmt: skip
    return auth, [] if role is None else _with_role(auth, role)


def _with_role(auth: Auth, role: Role) -> list[str]:
    """What the role says of the token, and what has to be said about that."""
    warnings = []
    auth.renewable = auth.renewable and role.renewable
    auth.bound_cidrs = role.token_bound_cidrs
    if role.token_period:
        auth.period = role.token_period
    if role.token_num_uses and (not auth.num_uses or auth.num_uses > role.token_num_uses):
        auth.num_uses = role.token_num_uses
    if role.token_explicit_max_ttl:
        given, auth.explicit_max_ttl = auth.explicit_max_ttl, role.token_explicit_max_ttl
        if given:
            auth.explicit_max_ttl = min(given, role.token_explicit_max_ttl)
            warnings.append(
                "Explicit max TTL specified both during creation call and in role; using the lesser value of "
                f"{auth.explicit_max_ttl} seconds"
            )
    return warnings


def _kind(given: str, role: Role | None) -> str:
    if given not in ("", kinds.SERVICE, kinds.BATCH):
        raise BadRequest("invalid 'token_type' value")
    if role is None:
        return given or kinds.SERVICE
    if role.token_type in (kinds.SERVICE, kinds.BATCH):
        return role.token_type
    return given or role.token_type.removeprefix("default-")


def _positive(fields: Fields, name: str) -> int:
    value: Any = fields.raw(name)
    if (isinstance(value, str) and value.strip().startswith("-")) or (isinstance(value, int | float) and value < 0):
        raise BadRequest(f"{name} must be positive")
    return fields.duration(name)


def _custom_id(fields: Fields) -> str:
    given = fields.text("id")
    for prefix in (ids.SERVICE, ids.BATCH, "s.", "b.", "r."):
        if given.startswith(prefix):
            raise BadRequest(f"custom token ID cannot have the '{prefix}' prefix")
    if "." in given:
        raise BadRequest("custom token ID cannot have a '.' in the value")
    if not given.isascii() or not given.isprintable() or len(given) > _LONGEST_ID:
        raise BadRequest("custom token ID must be printable ASCII, and not longer than 512 characters")
    return given
