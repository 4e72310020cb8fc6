"""Leases: what the vault lent out, and takes back."""

import strawberry
from strawberry import UNSET

from stratumiops.schema.scalars import DateTime


@strawberry.type(description="Something that the vault lent out for a time, such as a user of a database.")
class Lease:
    """Something that the vault lent out for a time."""

    id: strawberry.ID = strawberry.field(description="Identifies it, such as `database/creds/app/…`.")
    path: str = strawberry.field(description="The path that it was read from.")
    issued_at: DateTime = strawberry.field(description="When it began.")
    expires_at: DateTime | None = strawberry.field(description="When it ends by itself; null: never.")
    last_renewed_at: DateTime | None = strawberry.field(description="When it was last renewed; null: it was not.")
    renewable: bool = strawberry.field(description="Whether it can be renewed.")
    ttl: int = strawberry.field(description="How many seconds are left.")


@strawberry.type(description="How many leases a mount has.")
class VaultLeaseCount:
    """How many leases a mount has."""

    path: str = strawberry.field(description="The mount.")
    count: int = strawberry.field(description="How many there are.")


@strawberry.input(description="Which leases are to end now.")
class RevokeLeaseInput:
    """Which leases are to end now."""

    id: strawberry.ID = strawberry.field(description="The lease's id; with `prefix`, the beginning of ids.")
    prefix: bool = strawberry.field(
        default=False, description="End all leases that begin so; the token needs `sudo` for it."
    )


@strawberry.type(description="What has ended.")
class RevokeLeasePayload:
    """What has ended."""

    id: strawberry.ID = strawberry.field(description="The id, or the beginning of ids.")


@strawberry.input(description="Which lease is to last longer.")
class RenewLeaseInput:
    """Which lease is to last longer."""

    id: strawberry.ID = strawberry.field(description="The lease's id.")
    increment: int | None = strawberry.field(
        default=UNSET, description="How many seconds from now on; without it, as long as at first. It has a maximum."
    )


@strawberry.type(description="The lease as it is now.")
class RenewLeasePayload:
    """The lease as it is now."""

    lease: Lease = strawberry.field(description="The lease.")
