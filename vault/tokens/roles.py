"""Roles: what tokens made by them are like."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Final
from urllib.parse import quote

from stratumiops.vault.view import View

SERVICE, BATCH, DEFAULT_SERVICE, DEFAULT_BATCH = "service", "batch", "default-service", "default-batch"
TYPES: Final = (SERVICE, BATCH, DEFAULT_SERVICE, DEFAULT_BATCH)
OLD_NAMES: Final = {
    "token_period": "period", "token_explicit_max_ttl": "explicit_max_ttl", "token_bound_cidrs": "bound_cidrs",
}  # fmt: skip
"""Fields that may also be given, and are then also shown, by an older name."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role as it is kept. TTLs are seconds; `by_old_name` are the fields that were given by their older names."""

    name: str
    allowed_policies: tuple[str, ...] = ()
    allowed_policies_glob: tuple[str, ...] = ()
    disallowed_policies: tuple[str, ...] = ()
    disallowed_policies_glob: tuple[str, ...] = ()
    allowed_entity_aliases: tuple[str, ...] = ()
    orphan: bool = False
    renewable: bool = True
    path_suffix: str = ""
    token_bound_cidrs: tuple[str, ...] = ()
    token_explicit_max_ttl: int = 0
    token_no_default_policy: bool = False
    token_num_uses: int = 0
    token_period: int = 0
    token_type: str = DEFAULT_SERVICE
    by_old_name: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where its tokens come from."""
        suffix = f"/{self.path_suffix}" if self.path_suffix else ""
        return f"auth/token/create/{self.name}{suffix}"

    def shown(self) -> dict[str, Any]:
        """What clients see of it."""
        data = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        data["allowed_entity_aliases"] = data["allowed_entity_aliases"] or None
        old = data.pop("by_old_name")
        for new_name, old_name in OLD_NAMES.items():
            if new_name in old:
                data[old_name] = data[new_name]
            elif old_name != "bound_cidrs":
                data[old_name] = 0
        for name in ("token_bound_cidrs", "token_num_uses"):
            if not data[name]:
                del data[name]
        return data

    @property
    def has_policies(self) -> bool:
        """Whether it says which policies its tokens may have."""
        return bool(
            self.allowed_policies
            or self.allowed_policies_glob
            or self.disallowed_policies
            or self.disallowed_policies_glob
        )


class RoleStore:
    """Roles by name, of each namespace its own."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def read(self, namespace: str, name: str) -> Role | None:
        """A role."""
        kept = await self._view.read(_folder(namespace) + name)
        if kept is None:
            return None
        tuples = {one.name for one in fields(Role) if str(one.type).startswith("tuple")}
        values: dict[str, Any] = {key: tuple(value) if key in tuples else value for key, value in kept.items()}
        return Role(**values)

    async def write(self, namespace: str, role: Role) -> None:
        """Keep a role."""
        await self._view.write(_folder(namespace) + role.name, asdict(role))

    async def delete(self, namespace: str, name: str) -> None:
        """Drop a role."""
        await self._view.delete(_folder(namespace) + name)

    async def names(self, namespace: str) -> list[str]:
        """The names of all."""
        return await self._view.names(_folder(namespace))


def _folder(namespace: str) -> str:
    return f"role/{quote(namespace, safe='') or '-'}/"
