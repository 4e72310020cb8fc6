"""Certificates that a pki mount issued."""

from collections.abc import Awaitable, Callable

import strawberry
from strawberry import Private

from stratumiops.schema.scalars import DateTime


@strawberry.type(description="A certificate that the vault issued or holds.")
class Certificate:
    """A certificate that the vault issued or holds."""

    id: strawberry.ID = strawberry.field(description="Mount and serial number, such as `pki/3a:5f:…`.")
    mount: str = strawberry.field(description="The pki mount.")
    serial: str = strawberry.field(description="Its serial number in hexadecimal, with colons.")
    common_name: str = strawberry.field(description="The common name of its subject; empty: it has none.")
    dns_names: list[str] = strawberry.field(description="The names that it is for, among its alternative names.")
    issuer: str = strawberry.field(description="Who issued it, as RFC 4514 writes names.")
    key_type: str = strawberry.field(description="The kind of its key: rsa, ec, ed25519, ml-dsa-65 …")
    key_bits: int | None = strawberry.field(description="The length of its key; null: its kind says all.")
    not_before: DateTime = strawberry.field(description="From when on it is good.")
    not_after: DateTime = strawberry.field(description="Until when it is good.")
    revocation: Private[Callable[[], Awaitable[str | None]]]

    @strawberry.field(description="When it was revoked; null: it was not.")
    async def revoked_at(self) -> DateTime | None:
        """When it was revoked."""
        found = await self.revocation()
        return None if found is None else DateTime(found)
