"""Leases: listed, counted, renewed, revoked."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.rules import cursors
from stratumiops.resolvers.vault.errors import not_offered, refusal
from stratumiops.resolvers.vault.lease_walk import LeaseWalk
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.selected import asked_of_nodes
from stratumiops.resolvers.vault.session import Vault
from stratumiops.resolvers.vault.values import instant, integer
from stratumiops.schema.arguments import After, First
from stratumiops.schema.scalars import DateTime
from stratumiops.schema.vault import leases as types
from stratumiops.schema.vault.pages import Page, page_of

_INPUT = strawberry.argument(description="What is to be done.")
_Prefix = Annotated[
    str, strawberry.argument(description="The path that they lie below, such as `database/creds`; without it, all.")
]


@strawberry.type
class LeaseQuery:
    """Root fields of leases."""

    @strawberry.field(
        description="Leases below a path, by id; the token needs `sudo` for it. A page looks into 200 folders at the "
        "most, so it may be short, or empty, and not the last. Other vaults than svault are asked for each lease, when "
        "more than ids is asked for."
    )
    async def leases(
        self, info: Info, prefix: _Prefix = "", first: First = 50, after: After = UNSET
    ) -> Page[types.Lease]:
        """Leases below a path."""
        limit = first_of({"first": first}, info.context.scope)
        folder = clean_path(prefix, "prefix", empty=True)
        folder = folder if not folder or folder.endswith("/") else folder + "/"
        (last,) = cursors.decode(after, str) if after else ("",)
        detailed = bool(asked_of_nodes(info) - {"id"})
        walk = LeaseWalk(info.context.vault, folder, last, limit + 1, detailed=detailed)
        ids = await walk.ids(limit + 1)
        shown = ids[:limit]
        known = {one: walk.about.get(one) if detailed else {} for one in shown}
        end = walk.at if walk.cut_off else shown[-1] if shown else None
        return page_of(
            await _leases(info.context.vault, {folder + one: about for one, about in known.items()}),
            lambda lease: cursors.encode(lease.id.removeprefix(folder)),
            more=walk.cut_off or len(ids) > limit,
            after=bool(after),
            end=None if end is None else cursors.encode(end),
        )

    @strawberry.field(description="How many leases each mount has, most first.")
    async def lease_counts(self, info: Info) -> list[types.VaultLeaseCount]:
        """How many leases each mount has."""
        said = await info.context.vault.find("sys/leases/count")
        if said is None:
            raise not_offered("counts of leases")
        counts = {str(path): integer(count) or 0 for path, count in (said.get("counts") or {}).items()}
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [types.VaultLeaseCount(path=path, count=count) for path, count in ordered]


@strawberry.type
class LeaseMutation:
    """Mutations of leases."""

    @strawberry.mutation(
        description="End a lease now, or soon all whose ids begin so: what was lent out is taken back."
    )
    async def revoke_lease(
        self, info: Info, input: Annotated[types.RevokeLeaseInput, _INPUT]
    ) -> types.RevokeLeasePayload:
        """End a lease now."""
        vault, lease_id = info.context.vault, clean_path(input.id, "input.id")
        if input.prefix:
            await vault.write(f"sys/leases/revoke-prefix/{lease_id}", {})
        else:
            await vault.write("sys/leases/revoke", {"lease_id": lease_id, "sync": True})
        return types.RevokeLeasePayload(id=strawberry.ID(lease_id))

    @strawberry.mutation(description="Let a lease last longer.")
    async def renew_lease(self, info: Info, input: Annotated[types.RenewLeaseInput, _INPUT]) -> types.RenewLeasePayload:
        """Let a lease last longer."""
        vault, lease_id = info.context.vault, clean_path(input.id, "input.id")
        if input.increment and input.increment < 0:
            raise BadInput("A lease can be made longer only by 0 seconds or more.", field="input.increment")
        more = {"increment": input.increment} if input.increment else {}
        await vault.write("sys/leases/renew", {"lease_id": lease_id, **more})
        found = await _lease(vault, lease_id)
        if found is None:
            raise NotFound("The lease has ended meanwhile.", field="input.id")
        return types.RenewLeasePayload(lease=found)


async def _leases(vault: Vault, known: Mapping[str, Mapping[str, Any] | None]) -> list[types.Lease]:
    """The leases of these ids. What is not known of one is asked; those that ended meanwhile are left out."""

    async def look(lease_id: str) -> types.Lease | None:
        about = known[lease_id]
        return await _lease(vault, lease_id) if about is None else _made(lease_id, about)

    return [one for one in await vault.each(list(known), look) if one is not None]


async def _lease(vault: Vault, lease_id: str) -> types.Lease | None:
    answer = await vault.answer("PUT", "sys/leases/lookup", data={"lease_id": lease_id})
    if answer.status == 400 and "invalid lease" in answer.errors:
        return None
    if not answer.ok:
        raise refusal(answer, "PUT", "sys/leases/lookup")
    return _made(lease_id, answer.data)


def _made(lease_id: str, said: Mapping[str, Any]) -> types.Lease:
    return types.Lease(
        id=strawberry.ID(lease_id),
        path=str(said.get("path") or lease_id.rpartition("/")[0]),
        issued_at=instant(said.get("issue_time")) or DateTime("1970-01-01T00:00:00.000000Z"),
        expires_at=instant(said.get("expire_time")),
        last_renewed_at=instant(said.get("last_renewal")),
        renewable=bool(said.get("renewable")),
        ttl=integer(said.get("ttl")) or 0,
    )
