"""Secrets by name, and their versions."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from stratumiops.graph.errors import BadInput, Forbidden, NotFound
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.secret_lists import holds, secret_page
from stratumiops.resolvers.vault.secret_paths import metadata_of, secret_at
from stratumiops.resolvers.vault.session import Mount, Vault
from stratumiops.schema.arguments import After, First
from stratumiops.schema.vault.pages import Page
from stratumiops.schema.vault.secrets import (
    UNKNOWN,
    Secret,
    SecretDeletedPayload,
    SecretDeleteInput,
    SecretMetadata,
    SecretPayload,
    SecretUpdateInput,
    SecretVersionsInput,
)

MAX_VERSIONS = 1_000
_INPUT = strawberry.argument(description="What is to be done.")
_Input = Annotated[SecretVersionsInput, _INPUT]
_Mount = Annotated[str, strawberry.argument(description="The kv mount, such as `secret`.")]
_Folder = Annotated[str, strawberry.argument(description="The folder below it; without it, all of the mount.")]
_Path = Annotated[str, strawberry.argument(description="Where it is below the mount; a folder's ends with a slash.")]
_Recursive = Annotated[
    bool,
    strawberry.argument(
        description="All secrets in the folder and in its folders that the token may list; svault, kv 2."
    ),
]
_Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only secrets, of all folders, whose path or metadata contain this; svault, kv 2. The vault looks "
        "at 50,000 for a page, so a page may be short, or empty, and not the last."
    ),
]


@strawberry.type
class SecretQuery:
    """Root fields of secrets."""

    @strawberry.field(
        description="Names below a folder of a kv mount, by name. What is known of each is asked of the vault only "
        "when a field needs it."
    )
    async def secrets(
        self,
        info: Info,
        mount: _Mount,
        path: _Folder = "",
        recursive: _Recursive = False,
        search: _Search = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> Page[Secret]:
        """Names below a folder."""
        limit = first_of({"first": first}, info.context.scope)
        return await secret_page(
            info.context.vault,
            mount,
            path,
            recursive=recursive,
            search=search or None,
            first=limit,
            after=after or None,
        )

    @strawberry.field(description="The secret, or the folder, at a path; null: there is none.")
    async def secret(self, info: Info, mount: _Mount, path: _Path) -> Secret | None:
        """The secret at a path."""
        vault, clean = info.context.vault, clean_path(path, "path")
        where = await vault.mount(mount, "kv")
        if where.version == 1 or clean.endswith("/"):
            return secret_at(vault, where, clean) if await holds(vault, where, clean) else None
        known = await metadata_of(vault, where, clean)
        return None if known is None else secret_at(vault, where, clean, known)


@strawberry.type
class SecretMutation:
    """Mutations of secrets, and of their versions; none of them carries a value."""

    @strawberry.mutation(description="Delete versions of a secret, so that their values cannot be read; kv 2.")
    async def delete_secret_versions(self, info: Info, input: _Input) -> SecretPayload:
        """Delete versions."""
        return await _changed(info, "delete", input)

    @strawberry.mutation(description="Bring deleted versions of a secret back; kv 2.")
    async def undelete_secret_versions(self, info: Info, input: _Input) -> SecretPayload:
        """Bring deleted versions back."""
        return await _changed(info, "undelete", input)

    @strawberry.mutation(description="Destroy versions of a secret: their values are gone for good; kv 2.")
    async def destroy_secret_versions(self, info: Info, input: _Input) -> SecretPayload:
        """Destroy versions."""
        return await _changed(info, "destroy", input)

    @strawberry.mutation(description="Change how a secret is kept, and what is noted about it; kv 2.")
    async def update_secret(self, info: Info, input: Annotated[SecretUpdateInput, _INPUT]) -> SecretPayload:
        """Change how a secret is kept."""
        vault, path = info.context.vault, clean_path(input.path, "input.path")
        where = await _versioned(vault, input.mount)
        settings = _settings(input)
        known = await _there(vault, where, path)
        if known and known.revision is not None:
            settings["metadata_cas"] = known.revision
        if input.custom_metadata == []:
            if known is None:
                raise Forbidden("To take all notes away, the token must be allowed to read them.")
            gone = {one.key: None for one in known.custom_metadata}
            await vault.patch(f"{where.path}metadata/{path}", {**settings, "custom_metadata": gone})
        else:
            await vault.write(f"{where.path}metadata/{path}", settings)
        return SecretPayload(secret=secret_at(vault, where, path))

    @strawberry.mutation(
        description="Delete a secret with all its versions and what is noted about it: nobody can bring it back. Notes "
        "in the graph that nodes use it stay."
    )
    async def delete_secret(self, info: Info, input: Annotated[SecretDeleteInput, _INPUT]) -> SecretDeletedPayload:
        """Delete a secret."""
        vault, path = info.context.vault, clean_path(input.path, "input.path")
        where = await vault.mount(input.mount, "kv")
        await _there(vault, where, path)
        await vault.remove(f"{where.path}{'metadata/' if where.version == 2 else ''}{path}")
        return SecretDeletedPayload(id=secret_at(vault, where, path).id)


async def _changed(info: Info, verb: str, given: SecretVersionsInput) -> SecretPayload:
    vault, path = info.context.vault, clean_path(given.path, "input.path")
    if not 1 <= len(given.versions) <= MAX_VERSIONS or min(given.versions) < 1:
        raise BadInput(f"Name 1 to {MAX_VERSIONS:,} versions, from 1 on.", field="input.versions")
    where = await _versioned(vault, given.mount)
    await _there(vault, where, path)
    await vault.write(f"{where.path}{verb}/{path}", {"versions": given.versions})
    return SecretPayload(secret=secret_at(vault, where, path))


def _settings(given: SecretUpdateInput) -> dict[str, Any]:
    """What is to change, as the vault is told of it."""
    for name in ("max_versions", "delete_version_after"):
        if (getattr(given, name) or 0) < 0:
            raise BadInput("Write 0 or more.", field=f"input.{to_camel_case(name)}")
    told: dict[str, Any] = {"max_versions": given.max_versions, "cas_required": given.cas_required}
    if isinstance(given.delete_version_after, int):
        told["delete_version_after"] = f"{given.delete_version_after}s"
    if notes := given.custom_metadata or ():
        told["custom_metadata"] = {one.key: one.value for one in notes}
        if len(told["custom_metadata"]) < len(notes):
            raise BadInput("Each key can be noted once.", field="input.customMetadata")
    return {name: value for name, value in told.items() if value is not None and value is not UNSET}


async def _versioned(vault: Vault, mount: str) -> Mount:
    """The mount of kv 2 at a path."""
    where = await vault.mount(mount, "kv")
    if where.version == 1:
        raise BadInput(f"{where.path} is a mount of kv 1, which keeps no versions.", field="input.mount")
    return where


async def _there(vault: Vault, mount: Mount, path: str) -> SecretMetadata | None:
    """What is known of a secret; a folder, and what is known not to be there, is refused: the vault says nothing."""
    if path.endswith("/"):
        raise BadInput(f"{path} is a folder.", hint="Name one secret.", field="input.path")
    known: SecretMetadata | None = UNKNOWN
    try:
        if mount.version == 2:
            known = await metadata_of(vault, mount, path)
        elif not await holds(vault, mount, path):
            known = None
    except Forbidden:
        return None
    if known is None:
        raise NotFound(f"There is no secret {path!r} in {mount.path}.", field="input.path")
    return known
