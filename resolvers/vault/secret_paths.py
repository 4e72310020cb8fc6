"""Secrets as objects of the schema; what is known of each is asked for when a field needs it."""

from typing import Any

import strawberry

from stratumiops.graph.errors import Forbidden
from stratumiops.resolvers.knowledge.reader import once
from stratumiops.resolvers.vault.session import Mount, Vault
from stratumiops.resolvers.vault.values import instant, integer, seconds
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.mounts import entries
from stratumiops.schema.vault.secrets import UNKNOWN, Secret, SecretMetadata, SecretVersion


def secret_at(vault: Vault, mount: Mount, path: str, known: SecretMetadata | None = None) -> Secret:
    """The secret, or the folder, at a path."""
    folder = path.endswith("/")

    async def metadata() -> SecretMetadata:
        if known is not None:
            return known
        return UNKNOWN if folder or mount.version == 1 else await _readable(vault, mount, path)

    return Secret(
        id=strawberry.ID(f"vault:{mount.path}{path}"),
        mount=mount.path,
        path=path,
        name=path.removesuffix("/").rpartition("/")[2],
        is_folder=folder,
        metadata=once(metadata),
    )


async def metadata_of(vault: Vault, mount: Mount, path: str) -> SecretMetadata | None:
    """What a kv 2 mount tells of a secret; None: there is none. Raises as `Vault.read`."""
    said = await vault.find(f"{mount.path}metadata/{path}")
    return None if said is None else _metadata(said)


async def _readable(vault: Vault, mount: Mount, path: str) -> SecretMetadata:
    try:
        return await metadata_of(vault, mount, path) or UNKNOWN
    except Forbidden:
        return UNKNOWN


def _metadata(said: dict[str, Any]) -> SecretMetadata:
    versions = said.get("versions") or {}
    numbers = sorted((int(number) for number in versions if number.isdecimal()), reverse=True)
    return SecretMetadata(
        revision=integer(said.get("current_metadata_version")),
        current_version=integer(said.get("current_version")),
        oldest_version=integer(said.get("oldest_version")),
        max_versions=integer(said.get("max_versions")),
        cas_required=bool(said.get("cas_required")),
        delete_version_after=seconds(said.get("delete_version_after")),
        created_at=instant(said.get("created_time")),
        updated_at=instant(said.get("updated_time")),
        custom_metadata=tuple(entries(said.get("custom_metadata"))),
        versions=tuple(_version(number, versions[str(number)]) for number in numbers),
    )


def _version(number: int, said: dict[str, Any]) -> SecretVersion:
    return SecretVersion(
        version=number,
        created_at=instant(said.get("created_time")) or DateTime("1970-01-01T00:00:00.000000Z"),
        deleted_at=instant(said.get("deletion_time")),
        destroyed=bool(said.get("destroyed")),
    )
