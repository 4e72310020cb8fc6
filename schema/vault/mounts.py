"""Mounts: secrets engines and auth methods."""

from enum import StrEnum

import strawberry

from stratumiops.schema.enums import described


class VaultMountKind(StrEnum):
    """What is mounted."""

    SECRETS = "secret"
    AUTH = "auth"


described(
    VaultMountKind,
    "What is mounted.",
    {"SECRETS": "A secrets engine.", "AUTH": "An auth method: a way to log in."},
)


@strawberry.type(description="A name and its value.")
class VaultEntry:
    """A name and its value."""

    key: str = strawberry.field(description="The name.")
    value: str = strawberry.field(description="The value.")


@strawberry.type(description="A secrets engine or an auth method at its path.")
class VaultMount:
    """A secrets engine or an auth method at its path."""

    path: str = strawberry.field(description="Where it is, such as `secret/`; of auth methods without `auth/`.")
    kind: VaultMountKind = strawberry.field(description="What it is.")
    type: str = strawberry.field(description="Its type: kv, transit, pki, database, token, approle …")
    version: int | None = strawberry.field(description="Of kv: 1 or 2.")
    description: str = strawberry.field(description="What it is for.")
    accessor: str = strawberry.field(description="Names this mount, wherever it is moved.")
    default_lease_ttl: int = strawberry.field(description="How long leases last, in seconds; 0: as the server says.")
    max_lease_ttl: int = strawberry.field(description="How long they last at the most; 0: as the server says.")
    local: bool = strawberry.field(description="Whether it is kept out of replication.")
    options: list[VaultEntry] = strawberry.field(description="How it was mounted.")


def entries(given: object) -> list[VaultEntry]:
    """The entries of an object of the vault; it has null where there are none."""
    return (
        [VaultEntry(key=str(key), value=str(value)) for key, value in given.items()] if isinstance(given, dict) else []
    )
