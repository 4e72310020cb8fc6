"""Mounts of the vault that the caller may see."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.vault.session import Vault
from stratumiops.resolvers.vault.values import integer
from stratumiops.schema.vault.mounts import VaultMount, VaultMountKind, entries

_Kind = Annotated[VaultMountKind | None, strawberry.argument(description="Only these; without it, all.")]


@strawberry.type
class MountQuery:
    """Root field of mounts."""

    @strawberry.field(
        description="Secrets engines and auth methods of the vault with which the caller's token may do something, "
        "engines first, by path."
    )
    async def mounts(self, info: Info, kind: _Kind = UNSET) -> list[VaultMount]:
        """Secrets engines and auth methods."""
        wanted = [kind] if kind else list(VaultMountKind)
        return [one for one in await mounts(info.context.vault) if one.kind in wanted]


async def mounts(vault: Vault) -> list[VaultMount]:
    """The mounts that the caller may see.

    Raises:
        Unauthenticated: no token, or a bad one: the vault shows that one nothing, and says no error.
    """
    said = await vault.read("sys/internal/ui/mounts")
    if not any(said.get(kind.value) for kind in VaultMountKind):
        await vault.read("auth/token/lookup-self")
    return [
        _mount(kind, path, held)
        for kind in VaultMountKind
        for path, held in sorted((said.get(kind.value) or {}).items())
    ]


def _mount(kind: VaultMountKind, path: str, held: Mapping[str, Any]) -> VaultMount:
    config, options = held.get("config") or {}, held.get("options") or {}
    return VaultMount(
        path=path,
        kind=kind,
        type=str(held.get("type") or ""),
        version=(2 if options.get("version") == "2" else 1) if held.get("type") == "kv" else None,
        description=str(held.get("description") or ""),
        accessor=str(held.get("accessor") or ""),
        default_lease_ttl=integer(config.get("default_lease_ttl")) or 0,
        max_lease_ttl=integer(config.get("max_lease_ttl")) or 0,
        local=bool(held.get("local")),
        options=entries(options),
    )
