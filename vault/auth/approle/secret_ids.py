"""Secret ids: kept as digests, for a time and a number of logins."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from stratumiops.vault import cidrs, clock
from stratumiops.vault.auth.approle.digests import Digests
from stratumiops.vault.auth.approle.roles import Role
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.view import View, encoded


@dataclass(frozen=True, slots=True)
class SecretId:
    """What a secret id is good for. `uses`: how many logins are left, 0: as many as wanted; `expires` 0: never."""

    accessor: str
    created: float
    updated: float
    ttl: int
    expires: float
    uses: int
    metadata: dict[str, str]
    cidr_list: tuple[str, ...]
    token_bound_cidrs: tuple[str, ...]

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        lists = {name: tuple(kept[name]) for name in ("cidr_list", "token_bound_cidrs")}
        return cls(**{**kept, **lists})

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        return {
            "cidr_list": list(self.cidr_list),
            "creation_time": clock.rfc3339(self.created),
            "expiration_time": clock.rfc3339(self.expires) if self.expires else clock.ZERO,
            "last_updated_time": clock.rfc3339(self.updated),
            "metadata": self.metadata,
            "secret_id_accessor": self.accessor,
            "secret_id_num_uses": self.uses,
            "secret_id_ttl": self.ttl,
            "token_bound_cidrs": list(self.token_bound_cidrs),
        }


def made(role: Role, fields: Fields, metadata: dict[str, str], now: float) -> SecretId:
    """A new secret id of a role, within the role's limits.

    Raises:
        BadRequest: it would be outside of them, or a value is wrong.
    """
    uses = fields.integer("num_uses", role.secret_id_num_uses)
    if uses < 0:
        raise BadRequest("num_uses cannot be negative")
    if role.secret_id_num_uses and not 0 < uses <= role.secret_id_num_uses:
        raise BadRequest("num_uses cannot be higher than the role's secret_id_num_uses")
    ttl = fields.duration("ttl") or role.secret_id_ttl
    if role.secret_id_ttl and ttl > role.secret_id_ttl:
        raise BadRequest("ttl cannot be longer than the role's secret_id_ttl")
    cidr_list = cidrs.networks(fields.strings("cidr_list"))
    token_cidrs = cidrs.networks(fields.strings("token_bound_cidrs"))
    if not cidrs.narrower(cidr_list, role.secret_id_bound_cidrs):
        raise BadRequest("the cidr_list is not within the role's secret_id_bound_cidrs")
    if not cidrs.narrower(token_cidrs, role.tokens.token_bound_cidrs):
        raise BadRequest("the token_bound_cidrs are not within the role's token_bound_cidrs")
    expires = now + ttl if ttl else 0.0
    return SecretId(str(uuid.uuid4()), now, now, ttl, expires, uses, metadata, cidr_list, token_cidrs)


class SecretIds:
    """Secret ids at `secret-ids/{role}/{digest}`, their digests at `accessors/{role}/{accessor}`."""

    def __init__(self, view: View, digests: Digests) -> None:
        self._view = view
        self._digests = digests
        self._locks = Locks()

    async def add(self, role: Role, secret_id: str, entry: SecretId) -> None:
        """Keep a secret id.

        Raises:
            BadRequest: the role has it already.
        """
        digest = await self._digests.of(secret_id)
        key = f"secret-ids/{role.uid}/{digest}"
        async with self._locks.hold(key):
            if await self._live(role, digest, entry.created) is not None:
                raise BadRequest("failed to store secret_id: SecretID is already registered")
            accessor = f"accessors/{role.uid}/{entry.accessor}"
            await self._view.apply({key: encoded(asdict(entry)), accessor: encoded(digest)})

    async def find(self, role: Role, secret_id: str, now: float) -> SecretId | None:
        """A secret id that is still good; None: there is none."""
        return await self._live(role, await self._digests.of(secret_id), now)

    async def find_accessor(self, role: Role, accessor: str, now: float) -> SecretId | None:
        """The secret id of an accessor."""
        digest = None if "/" in accessor else await self._view.read(f"accessors/{role.uid}/{accessor}")
        return None if digest is None else await self._live(role, digest, now)

    async def use(self, role: Role | None, secret_id: str, address: str, now: float) -> SecretId | None:
        """Log in once; None: it is not to be. It takes about as long when there is no such role.

        Raises:
            BadRequest: the address is none that it may come from; no use is spent.
        """
        digest = await self._digests.of(secret_id)
        key = f"secret-ids/{role.uid if role else '-'}/{digest}"
        async with self._locks.hold(key):
            kept = await self._view.read(key)
            if role is None or kept is None:
                return None
            entry = SecretId.from_kept(kept)
            if _ended(entry, now):
                await self._drop(role, digest, entry)
                return None
            if not (cidrs.allows(role.secret_id_bound_cidrs, address) and cidrs.allows(entry.cidr_list, address)):
                raise BadRequest(f'source address "{address}" unauthorized through CIDR restrictions on the secret ID')
            if entry.uses == 1:
                await self._drop(role, digest, entry)
            elif entry.uses:
                await self._view.write(key, asdict(replace(entry, uses=entry.uses - 1, updated=now)))
            return entry

    async def destroy(self, role: Role, secret_id: str) -> None:
        """Forget a secret id; it does not matter whether it is there."""
        await self._destroy(role, await self._digests.of(secret_id))

    async def destroy_accessor(self, role: Role, accessor: str) -> bool:
        """Forget the secret id of an accessor; False: there is none."""
        digest = None if "/" in accessor else await self._view.read(f"accessors/{role.uid}/{accessor}")
        if digest is not None:
            await self._destroy(role, digest)
        return digest is not None

    async def accessors(self, role: Role) -> list[str]:
        """The accessors of a role's secret ids."""
        return await self._view.names(f"accessors/{role.uid}/")

    async def clear(self, role: Role) -> None:
        """Forget all secret ids of a role."""
        for prefix in ("secret-ids", "accessors"):
            await self._view.below(f"{prefix}/{role.uid}/").clear(at_once=50)

    async def tidy(self, role: Role, now: float) -> None:
        """Forget those that have ended."""
        for accessor in await self.accessors(role):
            await self.find_accessor(role, accessor, now)

    async def _live(self, role: Role, digest: str, now: float) -> SecretId | None:
        kept = await self._view.read(f"secret-ids/{role.uid}/{digest}")
        entry = None if kept is None else SecretId.from_kept(kept)
        if entry is not None and _ended(entry, now):
            await self._drop(role, digest, entry)
            return None
        return entry

    async def _destroy(self, role: Role, digest: str) -> None:
        key = f"secret-ids/{role.uid}/{digest}"
        async with self._locks.hold(key):
            kept = await self._view.read(key)
            if kept is not None:
                await self._drop(role, digest, SecretId.from_kept(kept))

    async def _drop(self, role: Role, digest: str, entry: SecretId) -> None:
        await self._view.delete(f"secret-ids/{role.uid}/{digest}", f"accessors/{role.uid}/{entry.accessor}")


def _ended(entry: SecretId, now: float) -> bool:
    return bool(entry.expires) and entry.expires <= now
