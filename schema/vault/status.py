"""How the vault is, and whose token was sent."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

import strawberry
from strawberry import Private

from stratumiops.schema.enums import described
from stratumiops.schema.scalars import DateTime


class VaultState(StrEnum):
    """How the vault is."""

    ABSENT = "absent"
    UNREACHABLE = "unreachable"
    UNINITIALIZED = "uninitialized"
    SEALED = "sealed"
    UNSEALED = "unsealed"


described(
    VaultState,
    "How the vault is.",
    {
        "ABSENT": "No vault is configured.",
        "UNREACHABLE": "It does not answer.",
        "UNINITIALIZED": "It has no root key yet.",
        "SEALED": "It waits for shares of its root key.",
        "UNSEALED": "It serves.",
    },
)


@strawberry.type(description="A token of the vault, without the token itself.")
class VaultToken:
    """A token of the vault."""

    display_name: str = strawberry.field(description="What it is called, such as `userpass-alice`.")
    policies: list[str] = strawberry.field(description="Names of the policies that it has.")
    accessor: str = strawberry.field(description="Names it without giving its rights.")
    created_at: DateTime = strawberry.field(description="When it was made.")
    expires_at: DateTime | None = strawberry.field(description="When it ends; null: never.")
    renewable: bool = strawberry.field(description="Whether it can be renewed.")
    path: str = strawberry.field(description="The path that made it, such as `auth/userpass/login/alice`.")
    namespace: str = strawberry.field(description="The namespace it belongs to; empty: the root.")


@strawberry.type(description="How the vault is. Nobody needs a token to see it.")
class VaultStatus:
    """How the vault is."""

    state: VaultState = strawberry.field(description="How it is.")
    supervised: bool = strawberry.field(description="Whether `stratumiops up` runs it.")
    address: str | None = strawberry.field(default=None, description="Where it is; null: no vault is configured.")
    problem: str | None = strawberry.field(default=None, description="Why it is out of reach.")
    hint: str | None = strawberry.field(default=None, description="What to do next; null: there is nothing to do.")
    version: str | None = strawberry.field(default=None, description="The version of Vault whose interface it has.")
    cluster_name: str | None = strawberry.field(default=None, description="Its name; null while it is sealed.")
    storage_type: str | None = strawberry.field(
        default=None, description="Where it keeps things, such as `filesystem`."
    )
    seal_type: str | None = strawberry.field(default=None, description="What opens it, such as `shamir`.")
    shares: int | None = strawberry.field(default=None, description="How many shares there are; 0 before init.")
    threshold: int | None = strawberry.field(default=None, description="How many of them open it.")
    progress: int | None = strawberry.field(default=None, description="How many were given in the running attempt.")
    nonce: str | None = strawberry.field(default=None, description="Names the running attempt to unseal; empty: none.")
    failing: Private[Callable[[], Awaitable[bool | None]]]
    caller: Private[Callable[[], Awaitable[VaultToken | None]]]

    @strawberry.field(
        description="true: no audit device can be written, so that all is refused; null: it does not say so."
    )
    async def audit_failing(self) -> bool | None:
        """Whether no audit device can be written."""
        return await self.failing()

    @strawberry.field(
        description="The caller's token; null: none was sent, it is not good any more, or it may not look at itself."
    )
    async def token(self) -> VaultToken | None:
        """The caller's token."""
        return await self.caller()
