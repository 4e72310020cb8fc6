"""What the vault puts on record."""

import strawberry
from strawberry import UNSET

from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.pages import Page


@strawberry.type(description="Where the vault puts requests on record.")
class VaultAuditDevice:
    """Where the vault puts requests on record."""

    path: str = strawberry.field(description="Its name, such as `file/`.")
    type: str = strawberry.field(description="Its type: file, socket, graph …")
    description: str = strawberry.field(description="What it is for.")


@strawberry.type(description="A request to the vault, or its answer, as the audit device `graph` put it on record.")
class VaultAuditEvent:
    """A request to the vault, or its answer."""

    id: strawberry.ID = strawberry.field(description="Identifies it.")
    at: DateTime = strawberry.field(description="When it was put on record.")
    kind: str = strawberry.field(description="`request` or `response`; `chain` where a chain of hashes begins.")
    operation: str = strawberry.field(description="What was done: read, update, list …")
    path: str = strawberry.field(description="With what, mount and all.")
    mount_type: str | None = strawberry.field(description="The type of the mount.")
    namespace: str = strawberry.field(description="The namespace; empty: the root.")
    display_name: str | None = strawberry.field(description="What the token is called.")
    accessor: str | None = strawberry.field(description="Its accessor, as an HMAC.")
    policies: list[str] = strawberry.field(description="Its policies.")
    remote_address: str | None = strawberry.field(description="Where the request came from.")
    allowed: bool = strawberry.field(description="Whether it was let through.")
    error: str | None = strawberry.field(description="Why it failed.")


@strawberry.type(description="A page of what was put on record.")
class VaultAuditConnection(Page[VaultAuditEvent]):
    """A page of what was put on record."""


@strawberry.input(description="Which entries; what is left out is not looked at.")
class VaultAuditWhere:
    """Which entries."""

    path: str | None = strawberry.field(default=UNSET, description="Those whose path begins so.")
    operation: str | None = strawberry.field(default=UNSET, description="Those of this operation.")
    allowed: bool | None = strawberry.field(default=UNSET, description="Those that were let through, or were not.")
    since: DateTime | None = strawberry.field(default=UNSET, description="From this instant on.")
    until: DateTime | None = strawberry.field(default=UNSET, description="Before this instant.")
