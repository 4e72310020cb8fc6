"""Certificates of a pki mount."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

import strawberry
from strawberry import UNSET

from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.knowledge.reader import once
from stratumiops.resolvers.rules import cursors
from stratumiops.resolvers.vault.session import Mount, Vault
from stratumiops.resolvers.vault.values import instant, integer, texts
from stratumiops.schema.arguments import After, First
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault.certificates import Certificate
from stratumiops.schema.vault.pages import Page, page_of

MAX_SCANNED: Final = 10_000
"""Certificates that one page with a condition looks at."""
_BATCH: Final = 500
_Mount = Annotated[str, strawberry.argument(description="The pki mount, such as `pki`.")]
_Before = Annotated[DateTime | None, strawberry.argument(description="Only those that are not good any more by then.")]


@strawberry.type
class CertificateQuery:
    """Root field of certificates."""

    @strawberry.field(
        description="Certificates of a pki mount, by serial number. With `expiresBefore` a page looks at 10,000 at "
        "the most, so it may be short, or empty, and not the last."
    )
    async def certificates(
        self, info: Info, mount: _Mount, expires_before: _Before = UNSET, first: First = 50, after: After = UNSET
    ) -> Page[Certificate]:
        """Certificates of a pki mount."""
        limit, vault = first_of({"first": first}, info.context.scope), info.context.vault
        (last,) = cursors.decode(after, str) if after else ("",)
        where = await vault.mount(mount, "pki")
        found, end = await _scan(vault, where, expires_before or None, limit + 1, last)
        shown = found[:limit]
        more = len(found) > limit
        return page_of(
            shown,
            lambda one: cursors.encode(one.serial),
            more=more or end is not None,
            after=bool(after),
            end=None if more or end is None else cursors.encode(end),
        )


async def _scan(
    vault: Vault, mount: Mount, before: str | None, wanted: int, after: str
) -> tuple[list[Certificate], str | None]:
    """Up to `wanted` certificates, and where to go on when it has looked at too many."""
    found: list[Certificate] = []
    scanned = 0
    revoked = once(lambda: _revoked(vault, mount))
    size = wanted if before is None else max(wanted, _BATCH)
    while True:
        said = await vault.names(f"{mount.path}certs/detailed", after=after or None, limit=size)
        serials = [str(one) for one in said.get("keys") or ()]
        known = said.get("key_info") or {}
        for serial in serials:
            one = _certificate(vault, mount, serial, known.get(serial) or {}, revoked)
            if before is None or one.not_after < before:
                found.append(one)
                if len(found) == wanted:
                    return found, None
        scanned += len(serials)
        if len(serials) < size or serials[-1] == after:
            return found, None
        after = serials[-1]
        if scanned >= MAX_SCANNED:
            return found, after


async def _revoked(vault: Vault, mount: Mount) -> frozenset[str]:
    return frozenset(texts((await vault.names(f"{mount.path}certs/revoked")).get("keys")))


def _certificate(
    vault: Vault,
    mount: Mount,
    serial: str,
    said: dict[str, Any],
    revoked: Callable[[], Awaitable[frozenset[str]]],
) -> Certificate:
    async def revocation() -> str | None:
        if serial not in await revoked():
            return None
        return instant((await vault.read(f"{mount.path}cert/{serial}")).get("revocation_time_rfc3339"))

    never = DateTime("1970-01-01T00:00:00.000000Z")
    return Certificate(
        id=strawberry.ID(mount.path + serial),
        mount=mount.path,
        serial=serial,
        common_name=str(said.get("common_name") or ""),
        dns_names=texts(said.get("dns_names")),
        issuer=str(said.get("issuer") or ""),
        key_type=str(said.get("key_type") or ""),
        key_bits=integer(said.get("key_bits")) or None,
        not_before=instant(said.get("not_before")) or never,
        not_after=instant(said.get("not_after")) or never,
        revocation=once(revocation),
    )
