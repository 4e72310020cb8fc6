"""Roles, where they are kept, and the ids by which logins name them."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from stratumiops.vault import cidrs
from stratumiops.vault.auth.approle.digests import Digests
from stratumiops.vault.auth.token_settings import TokenSettings
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.view import View, encoded


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `uid` names it in the keys of its secret ids, so a role made anew has none of the old one's."""

    name: str
    uid: str = field(default_factory=lambda: uuid.uuid4().hex)
    role_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    bind_secret_id: bool = True
    local_secret_ids: bool = False
    secret_id_bound_cidrs: tuple[str, ...] = ()
    secret_id_num_uses: int = 0
    secret_id_ttl: int = 0
    tokens: TokenSettings = field(default_factory=TokenSettings)

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """A role that was kept as `asdict` gives it."""
        tokens = TokenSettings.from_kept(kept["tokens"])
        return cls(**{**kept, "tokens": tokens, "secret_id_bound_cidrs": tuple(kept["secret_id_bound_cidrs"])})

    def changed(self, fields: Fields) -> Self:
        """With what the fields say.

        Raises:
            BadRequest: a value is wrong, or the role would let in everyone who knows its id.
        """
        bound = fields.strings("secret_id_bound_cidrs", None)
        if bound is None:
            bound = fields.strings("bound_cidr_list", None)
        role = replace(
            self,
            role_id=fields.text("role_id") or self.role_id,
            bind_secret_id=fields.boolean("bind_secret_id", self.bind_secret_id),
            secret_id_bound_cidrs=self.secret_id_bound_cidrs if bound is None else cidrs.networks(bound),
            secret_id_num_uses=fields.integer("secret_id_num_uses", self.secret_id_num_uses),
            secret_id_ttl=fields.duration("secret_id_ttl", self.secret_id_ttl),
            tokens=self.tokens.changed(fields),
        )
        if role.secret_id_num_uses < 0:
            raise BadRequest("secret_id_num_uses cannot be negative")
        if not (role.bind_secret_id or role.secret_id_bound_cidrs or role.tokens.token_bound_cidrs):
            raise BadRequest("at least one constraint should be enabled on the role")
        return role

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        return {
            "bind_secret_id": self.bind_secret_id,
            "local_secret_ids": self.local_secret_ids,
            "secret_id_bound_cidrs": list(self.secret_id_bound_cidrs) or None,
            "secret_id_num_uses": self.secret_id_num_uses,
            "secret_id_ttl": self.secret_id_ttl,
            **self.tokens.shown(),
        }


class Roles:
    """Roles by name, at `roles/{name}`, and by the digest of their id, at `role-ids/{digest}`."""

    def __init__(self, view: View, digests: Digests) -> None:
        self._view = view
        self._digests = digests

    async def get(self, name: str) -> Role | None:
        """A role; None: there is none."""
        kept = await self._view.read(f"roles/{name}")
        return None if kept is None else Role.from_kept(kept)

    async def by_id(self, role_id: str) -> Role | None:
        """The role of an id. It takes about as long when there is none."""
        found = await self._view.read(f"role-ids/{await self._digests.of(role_id)}")
        role = await self.get(found["role"] if found else "-")
        return role if role is not None and role.role_id == role_id else None

    async def save(self, role: Role, before: Role | None) -> None:
        """Keep a role and its id.

        Raises:
            BadRequest: another role has the id.
        """
        digest = await self._digests.of(role.role_id)
        there = await self._view.read(f"role-ids/{digest}")
        if there is not None and there["role"] != role.name:
            raise BadRequest("role_id already in use")
        changes: dict[str, bytes | None] = {}
        if before is not None and before.role_id != role.role_id:
            changes[f"role-ids/{await self._digests.of(before.role_id)}"] = None
        changes[f"role-ids/{digest}"] = encoded({"role": role.name})
        changes[f"roles/{role.name}"] = encoded(asdict(role))
        await self._view.apply(changes)

    async def delete(self, role: Role) -> None:
        """Forget a role; its secret ids are forgotten before."""
        await self._view.delete(f"roles/{role.name}", f"role-ids/{await self._digests.of(role.role_id)}")

    async def names(self) -> list[str]:
        """All roles."""
        return await self._view.names("roles/")
