"""Secrets by name, and their versions."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput, Forbidden, NotFound
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.secret_lists import holds, secret_page
from stratumiops.resolvers.vault.secret_paths import metadata_of, secret_at
from stratumiops.resolvers.vault.session import Mount, Vault
from stratumiops.schema.arguments import After, First
from stratumiops.schema.vault.pages import Page
from stratumiops.schema.vault.secrets import Secret, SecretPayload, SecretVersionsInput

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
    """Mutations of the versions of secrets."""

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


async def _changed(info: Info, verb: str, given: SecretVersionsInput) -> SecretPayload:
    vault, path = info.context.vault, clean_path(given.path, "input.path")
    if not 1 <= len(given.versions) <= MAX_VERSIONS or min(given.versions) < 1:
        raise BadInput(f"Name 1 to {MAX_VERSIONS:,} versions, from 1 on.", field="input.versions")
    where = await vault.mount(given.mount, "kv")
    if where.version == 1:
        raise BadInput(f"{where.path} is a mount of kv 1, which keeps no versions.", field="input.mount")
    if await _missing(vault, where, path):
        raise NotFound(f"There is no secret {path!r} in {where.path}.", field="input.path")
    await vault.write(f"{where.path}{verb}/{path}", {"versions": given.versions})
    return SecretPayload(secret=secret_at(vault, where, path))


async def _missing(vault: Vault, mount: Mount, path: str) -> bool:
    """Whether a secret is known not to be there; the vault itself would say nothing."""
    try:
        return await metadata_of(vault, mount, path) is None
    except Forbidden:
        return False
