"""What the tokens of a role or user are like: the fields `token_…` that all methods share."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from stratumiops.vault import cidrs
from stratumiops.vault.backend import Mount, System
from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Auth, Request
from stratumiops.vault.tokens.creation import DEFAULT
from stratumiops.vault.tokens.lifetime import Limits, Terms
from stratumiops.vault.tokens.models import Token

_OLD: Final = {
    "token_policies": "policies", "token_ttl": "ttl", "token_max_ttl": "max_ttl", "token_period": "period",
    "token_bound_cidrs": "bound_cidrs", "token_num_uses": "num_uses",
}  # fmt: skip
_TYPES: Final = frozenset({"default", "service", "batch", "default-service", "default-batch"})


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Durations are seconds, 0 the mount's. `old`: which fields were given by the names they had before `token_`."""

    token_policies: tuple[str, ...] = ()
    token_ttl: int = 0
    token_max_ttl: int = 0
    token_explicit_max_ttl: int = 0
    token_period: int = 0
    token_num_uses: int = 0
    token_no_default_policy: bool = False
    token_strictly_bind_ip: bool = False
    token_bound_cidrs: tuple[str, ...] = ()
    token_type: str = "default"  # noqa: S105 - a kind of token
    old: tuple[str, ...] = ()

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """Those that were kept as `asdict` gives them."""
        lists = {name: tuple(kept[name]) for name in ("token_policies", "token_bound_cidrs", "old")}
        return cls(**{**kept, **lists})

    def changed(self, fields: Fields) -> Self:
        """With what the fields say; a field's new name counts before its old one.

        Raises:
            BadRequest: a value is wrong, or two do not go together.
        """
        named = {new: old for new, old in _OLD.items() if not fields.has(new) and fields.has(old)}
        result = replace(
            self,
            token_policies=_policies(fields, named.get("token_policies", "token_policies"), self.token_policies),
            token_ttl=fields.duration(named.get("token_ttl", "token_ttl"), self.token_ttl),
            token_max_ttl=fields.duration(named.get("token_max_ttl", "token_max_ttl"), self.token_max_ttl),
            token_explicit_max_ttl=fields.duration("token_explicit_max_ttl", self.token_explicit_max_ttl),
            token_period=fields.duration(named.get("token_period", "token_period"), self.token_period),
            token_num_uses=fields.integer(named.get("token_num_uses", "token_num_uses"), self.token_num_uses),
            token_no_default_policy=fields.boolean("token_no_default_policy", self.token_no_default_policy),
            token_strictly_bind_ip=fields.boolean("token_strictly_bind_ip", self.token_strictly_bind_ip),
            token_bound_cidrs=_cidrs(
                fields, named.get("token_bound_cidrs", "token_bound_cidrs"), self.token_bound_cidrs
            ),
            token_type=fields.text("token_type", self.token_type) or "default",
            old=tuple(name for name in _OLD if name in named or (name in self.old and not fields.has(name))),
        )
        _check(result)
        return result

    def shown(self) -> dict[str, Any]:
        """As clients see them, with the old names that were used."""
        values = {name: list(one) if isinstance(one, tuple) else one for name, one in asdict(self).items()}
        del values["old"]
        return {**values, **{_OLD[name]: values[name] for name in self.old}}

    def login(self, mount: Mount, request: Request, name: str, metadata: Mapping[str, str], **internal: Any) -> Auth:
        """The login of this name: its token is made by the core.

        Raises:
            PermissionDenied: it comes from an address that it may not come from.
            BadRequest: the token would be a root token.
        """
        if not cidrs.allows(self.token_bound_cidrs, request.remote_address):
            raise PermissionDenied
        policies = _names(self.token_policies)
        if "root" in policies:
            raise BadRequest("auth methods cannot create root tokens")
        kind = mount.token_type if self.token_type == "default" else self.token_type  # noqa: S105 - a kind of token
        strict = self.token_strictly_bind_ip and request.remote_address
        return Auth(
            policies=policies,
            display_name="-".join(part for part in (mount.path.removeprefix("auth/").strip("/"), name) if part),
            metadata=dict(metadata),
            ttl=self.token_ttl,
            max_ttl=self.token_max_ttl,
            explicit_max_ttl=self.token_explicit_max_ttl,
            period=self.token_period,
            num_uses=self.token_num_uses,
            no_default_policy=self.token_no_default_policy,
            token_type="batch" if kind in ("batch", "default-batch") else "service",
            bound_cidrs=[request.remote_address] if strict else list(self.token_bound_cidrs),
            internal=internal,
        )

    def terms(self, token: Token, mount: Mount, system: System) -> Terms:
        """By what a token of a login is renewed."""
        most = system.max_lease_ttl(mount)
        limits = Limits(system.default_lease_ttl(mount), min(self.token_max_ttl or most, most))
        return Terms(limits, self.token_ttl, self.token_period, token.explicit_max_ttl)

    def fits(self, token: Token) -> bool:
        """Whether a login would get the policies now that a token has, save the one that is for everybody."""
        return set(_names(self.token_policies)) - {DEFAULT} == set(token.policies) - {DEFAULT}


def _check(settings: TokenSettings) -> None:
    if settings.token_type not in _TYPES:
        raise BadRequest(f"invalid 'token_type' value \"{settings.token_type}\"")
    if settings.token_max_ttl and settings.token_ttl > settings.token_max_ttl:
        raise BadRequest("'token_ttl' cannot be greater than 'token_max_ttl'")
    if settings.token_num_uses < 0:
        raise BadRequest("'token_num_uses' cannot be negative")
    if settings.token_type == "batch" and (settings.token_num_uses or settings.token_period):  # noqa: S105 - a kind
        raise BadRequest("'token_type' cannot be 'batch' when tokens have a limited use count or a period")


def _policies(fields: Fields, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    given = fields.strings(name, None)
    if given is None:
        return default
    return tuple(given) if name == "token_policies" else tuple(_names(given))


def _names(given: Iterable[str]) -> list[str]:
    return sorted({one.strip().lower() for one in given if one.strip()})


def _cidrs(fields: Fields, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    given = fields.strings(name, None)
    return default if given is None else cidrs.parsed(given)
