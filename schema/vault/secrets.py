"""Secrets by name: what is known of them beside their values, and who uses them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import UNSET, Info, Private

from stratumiops.schema.arguments import First
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.mounts import VaultEntry

if TYPE_CHECKING:
    from stratumiops.schema.vault.uses import SecretUse

Uses = list[Annotated["SecretUse", strawberry.lazy("stratumiops.schema.vault.uses")]]


@strawberry.type(description="A version of a secret, without its value.")
class SecretVersion:
    """A version of a secret."""

    version: int = strawberry.field(description="Its number, from 1 on.")
    created_at: DateTime = strawberry.field(description="When it was written.")
    deleted_at: DateTime | None = strawberry.field(
        description="From when on its value cannot be read; it can be undeleted. null: it was not deleted."
    )
    destroyed: bool = strawberry.field(description="Its value is gone for good.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretMetadata:
    """What a kv 2 mount tells of a secret. `revision` counts changes of this; None: the server does not count them."""

    revision: int | None = None
    current_version: int | None = None
    oldest_version: int | None = None
    max_versions: int | None = None
    cas_required: bool | None = None
    delete_version_after: int | None = None
    created_at: DateTime | None = None
    updated_at: DateTime | None = None
    custom_metadata: tuple[VaultEntry, ...] = ()
    versions: tuple[SecretVersion, ...] = ()


UNKNOWN = SecretMetadata()
"""Of folders, of kv 1, and of what the token may not read."""


def _told(read: Callable[[SecretMetadata], Any], result: Any, description: str) -> Any:
    """A field that the metadata has, which are asked for with the first such field."""

    async def resolve(self: "Secret") -> Any:
        return read(await self.metadata())

    resolve.__annotations__["return"] = result
    return strawberry.field(resolver=resolve, description=description)


@strawberry.type(
    description="A name below a kv mount, or a folder, with what is known of it; never a value. Of folders, of kv 1 "
    "and of what the token may not read the rest is null or empty."
)
class Secret:
    """A name below a kv mount, or a folder."""

    id: strawberry.ID = strawberry.field(
        description="The reference to it, such as `vault:secret/team/app`; a folder's ends with a slash."
    )
    mount: str = strawberry.field(description="The mount, such as `secret/`.")
    path: str = strawberry.field(description="Where it is below the mount; a folder's ends with a slash.")
    name: str = strawberry.field(description="The last part of that.")
    is_folder: bool = strawberry.field(description="Whether it is a folder.")
    metadata: Private[Callable[[], Awaitable[SecretMetadata]]]

    current_version: int | None = _told(
        lambda known: known.current_version, int | None, "Number of the newest version; 0: it has none."
    )
    oldest_version: int | None = _told(
        lambda known: known.oldest_version, int | None, "Number of the oldest version that is kept."
    )
    max_versions: int | None = _told(
        lambda known: known.max_versions, int | None, "How many versions are kept; 0: as the mount says."
    )
    cas_required: bool | None = _told(
        lambda known: known.cas_required, bool | None, "Whether a write must name the version that it replaces."
    )
    delete_version_after: int | None = _told(
        lambda known: known.delete_version_after,
        int | None,
        "After how many seconds a version is deleted; null: never.",
    )
    created_at: DateTime | None = _told(
        lambda known: known.created_at, DateTime | None, "When its first version was written."
    )
    updated_at: DateTime | None = _told(lambda known: known.updated_at, DateTime | None, "When it last changed.")
    custom_metadata: list[VaultEntry] = _told(
        lambda known: list(known.custom_metadata), list[VaultEntry], "What people noted about it."
    )
    versions: list[SecretVersion] = _told(
        lambda known: list(known.versions), list[SecretVersion], "Its versions, newest first."
    )

    @strawberry.field(
        description="The nodes of the graphs that you may see which use it, or a part of it, newest use first. Of a "
        "folder: none."
    )
    async def uses(self, info: Info[Any, Any], first: First = 50) -> Uses:
        """The nodes that use it."""
        return await info.context.secret_uses.of_secret(self.id, first=first)  # type: ignore[no-any-return]


@strawberry.input(description="Some versions of a secret.")
class SecretVersionsInput:
    """Some versions of a secret."""

    mount: str = strawberry.field(description="The kv 2 mount, such as `secret`.")
    path: str = strawberry.field(description="Where the secret is below it.")
    versions: list[int] = strawberry.field(description="Numbers of the versions, up to 1,000.")


@strawberry.input(description="Something that people note about a secret.")
class SecretNoteInput:
    """Something that people note about a secret."""

    key: str = strawberry.field(description="The name, up to 128 bytes.")
    value: str = strawberry.field(
        description="The value, up to 512 bytes; anyone who may see the secret's name sees it."
    )


@strawberry.input(description="How a secret is kept, and what is noted about it; what is left out stays as it is.")
class SecretUpdateInput:
    """How a secret is kept, and what is noted about it."""

    mount: str = strawberry.field(description="The kv 2 mount, such as `secret`.")
    path: str = strawberry.field(description="Where the secret is below it.")
    custom_metadata: list[SecretNoteInput] | None = strawberry.field(
        default=UNSET, description="All that people note about it, up to 64, in the place of what was noted before."
    )
    max_versions: int | None = strawberry.field(
        default=UNSET, description="How many versions are kept; 0: as the mount says."
    )
    cas_required: bool | None = strawberry.field(
        default=UNSET, description="Whether a write must name the version that it replaces."
    )
    delete_version_after: int | None = strawberry.field(
        default=UNSET, description="After how many seconds versions written from now on are deleted; 0: never."
    )


@strawberry.input(description="A secret with all that is kept of it.")
class SecretDeleteInput:
    """A secret with all that is kept of it."""

    mount: str = strawberry.field(description="The kv mount, such as `secret`.")
    path: str = strawberry.field(description="Where the secret is below it.")


@strawberry.type(description="The secret that is gone.")
class SecretDeletedPayload:
    """The secret that is gone."""

    id: strawberry.ID = strawberry.field(description="The reference to it, such as `vault:secret/team/app`.")


@strawberry.type(description="The secret as it is now.")
class SecretPayload:
    """The secret as it is now."""

    secret: Secret = strawberry.field(description="The secret.")
