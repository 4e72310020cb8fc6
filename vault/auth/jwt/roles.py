"""Roles: which tokens log in, and what they get."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from stratumiops.vault import durations
from stratumiops.vault.auth.token_settings import TokenSettings
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields

_RESERVED: Final = frozenset({"role"})
_NOT_OFFERED: Final[dict[str, Any]] = {
    "allowed_redirect_uris": None, "callback_mode": "client", "max_age": 0, "oauth2_metadata": None,
    "oidc_disable_confirmation": False, "oidc_scopes": None, "verbose_oidc_logging": False,
}  # fmt: skip
"""Fields of logins with a browser, as a role shows them."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role. Leeways are seconds: 0 is the usual one, below 0 none."""

    user_claim: str = ""
    user_claim_json_pointer: bool = False
    groups_claim: str = ""
    bound_audiences: tuple[str, ...] = ()
    bound_subject: str = ""
    bound_claims: dict[str, Any] = field(default_factory=dict)
    bound_claims_type: str = "string"
    claim_mappings: dict[str, str] = field(default_factory=dict)
    expiration_leeway: int = 0
    not_before_leeway: int = 0
    clock_skew_leeway: int = 0
    tokens: TokenSettings = field(default_factory=TokenSettings)

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        tokens = TokenSettings.from_kept(kept["tokens"])
        return cls(**{**kept, "tokens": tokens, "bound_audiences": tuple(kept["bound_audiences"])})

    def changed(self, fields: Fields) -> Self:
        """With what the fields say.

        Raises:
            BadRequest: a value is wrong, or any token would log in.
        """
        if fields.text("role_type", "jwt") not in ("jwt", ""):
            raise BadRequest("this server has no logins with a browser: the 'role_type' is 'jwt'")
        role = replace(
            self,
            user_claim=fields.text("user_claim", self.user_claim),
            user_claim_json_pointer=fields.boolean("user_claim_json_pointer", self.user_claim_json_pointer),
            groups_claim=fields.text("groups_claim", self.groups_claim),
            bound_audiences=tuple(fields.strings("bound_audiences", self.bound_audiences)),
            bound_subject=fields.text("bound_subject", self.bound_subject),
            bound_claims=fields.mapping("bound_claims", self.bound_claims),
            bound_claims_type=fields.text("bound_claims_type", self.bound_claims_type),
            claim_mappings=fields.mapping("claim_mappings", self.claim_mappings),
            expiration_leeway=_leeway(fields, "expiration_leeway", self.expiration_leeway),
            not_before_leeway=_leeway(fields, "not_before_leeway", self.not_before_leeway),
            clock_skew_leeway=_leeway(fields, "clock_skew_leeway", self.clock_skew_leeway),
            tokens=self.tokens.changed(fields),
        )
        _check(role)
        return role

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        values = asdict(self)
        del values["tokens"]
        return {
            **values,
            **_NOT_OFFERED,
            **self.tokens.shown(),
            "bound_audiences": list(self.bound_audiences),
            "role_type": "jwt",
        }


def _check(role: Role) -> None:
    if not role.user_claim:
        raise BadRequest("a user claim must be defined on the role")
    if role.bound_claims_type not in ("string", "glob"):
        raise BadRequest(f"invalid 'bound_claims_type': {role.bound_claims_type}")
    targets = list(role.claim_mappings.values())
    if not all(isinstance(one, str) and one for one in targets):
        raise BadRequest("'claim_mappings' maps names of claims to names")
    for one in targets:
        if one in _RESERVED:
            raise BadRequest(f'metadata key "{one}" is reserved and may not be a mapping destination')
        if targets.count(one) > 1:
            raise BadRequest(f'multiple keys are mapped to metadata key "{one}"')
    if not (role.bound_audiences or role.bound_subject or role.bound_claims or role.tokens.token_bound_cidrs):
        raise BadRequest("must have at least one bound constraint when creating/updating a role")


def _leeway(fields: Fields, name: str, default: int) -> int:
    value = fields.raw(name)
    if (isinstance(value, str) and value.startswith("-")) or (isinstance(value, int) and value < 0):
        return -1
    return default if value is None else durations.parse(value, name)
