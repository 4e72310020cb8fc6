"""The routes of leases, below `sys/`."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import JSON, Match, Route
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.leases import census, tidy
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.leases.orders import Orders
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.request import Request, Response, Secret, listing
from stratumiops.vault.tasks import ended
from stratumiops.vault.tokens.lifetime import capped

_DONE: Final = {202: JSON, 204: ""}
"""Done, or being done."""
_DETAILED: Final = 1_000
"""Names in one answer that says of each what it is."""


class LeaseRoutes:
    """Leases: looked up, listed, renewed, revoked, counted. A namespace sees its own and those below it.

    Args:
        may_look_up: whether the token of a request may look leases up.
    """

    def __init__(self, leases: LeaseStore, orders: Orders, may_look_up: Callable[[Request], bool]) -> None:
        self._leases = leases
        self._orders = orders
        self._may_look_up = may_look_up
        self._tidy: asyncio.Task[None] | None = None

    def routes(self) -> Iterator[Route]:
        """The routes; the old forms answer alike."""
        yield Route("leases", read=self._irrevocable)
        yield Route("leases/count", read=self._count)
        yield Route("leases/tidy", write=self._start_tidy, answers={202: JSON})
        yield Route("leases/lookup", write=self._lookup)
        yield Route("leases/lookup", list=self._list, sudo=True)
        yield Route("leases/lookup/{prefix*}", list=self._list, sudo=True)
        for prefix in ("leases/", ""):
            yield Route(f"{prefix}renew", write=self._renew)
            yield Route(f"{prefix}renew/{{id*}}", write=self._renew)
            yield Route(f"{prefix}revoke", write=self._revoke, answers=_DONE)
            yield Route(f"{prefix}revoke/{{id*}}", write=self._revoke, answers=_DONE)
            yield Route(f"{prefix}revoke-prefix/{{prefix*}}", write=self._revoke_prefix, sudo=True, answers={204: ""})
            yield Route(f"{prefix}revoke-force/{{prefix*}}", write=self._revoke_force, sudo=True, answers=_DONE)

    async def stop(self) -> None:
        """Before each seal."""
        task, self._tidy = self._tidy, None
        await ended(task)

    async def _lookup(self, request: Request, match: Match) -> Response:
        lease = await self._leases.lookup(_lease_id(request, match))
        if lease is None:
            raise BadRequest("invalid lease")
        return Response(_described(lease, request.namespace, self._leases.now()))

    async def _list(self, request: Request, match: Match) -> Response:
        fields, prefix = Fields(request.data), _prefix(request, match)
        after, limit = fields.text("after"), max(fields.integer("limit"), 0)
        detailed = fields.boolean("detailed") and self._may_look_up(request)
        if detailed:
            limit = min(limit or _DETAILED, _DETAILED)
        names = await self._leases.names(prefix, after, limit)
        return listing(names, await self._details(request, prefix, names) if detailed else None)

    async def _details(self, request: Request, prefix: str, names: list[str]) -> dict[str, dict[str, Any]]:
        """What a lookup says of those that are leases; those that ended meanwhile are left out."""
        folder = prefix if not prefix or prefix.endswith("/") else prefix + "/"
        found = {name: await self._leases.lookup(folder + name) for name in names if not name.endswith("/")}
        now = self._leases.now()
        return {name: _described(lease, request.namespace, now) for name, lease in found.items() if lease is not None}

    async def _renew(self, request: Request, match: Match) -> Response:
        lease_id, increment = _lease_id(request, match), Fields(request.data).duration("increment")
        lease = await self._leases.renew(lease_id, increment)
        shown = lease.id.removeprefix(request.namespace)
        warnings = [capped("TTL", increment, lease.ttl)] if increment > lease.ttl else []
        return Response(secret=Secret(lease.ttl, lease.max_ttl, lease.renewable, lease_id=shown), warnings=warnings)

    async def _revoke(self, request: Request, match: Match) -> Response | None:
        sync = Fields(request.data).boolean("sync")
        return _done(await self._leases.revoke(_lease_id(request, match), sync=sync))

    async def _revoke_prefix(self, request: Request, match: Match) -> None:
        """At once when `sync` is set, else soon: however many there are, it is on record when this answers."""
        prefix = _prefix(request, match)
        if Fields(request.data).boolean("sync"):
            await self._leases.revoke_prefix(prefix, sync=True)
        else:
            await self._orders.add(prefix)

    async def _revoke_force(self, request: Request, match: Match) -> Response | None:
        return _done(await self._leases.revoke_prefix(_prefix(request, match), force=True))

    async def _count(self, request: Request, _: Match) -> Response:
        only_failed = _only_failed(request)
        counts = await census.counted(self._leases, request.namespace, only_failed=only_failed)
        return Response({"counts": counts, "lease_count": sum(counts.values())})

    async def _irrevocable(self, request: Request, _: Match) -> Response:
        if not _only_failed(request):
            raise NotFound
        found = await census.irrevocable(self._leases, request.namespace)
        return Response({"lease_count": len(found), "leases": found})

    async def _start_tidy(self, _request: Request, _: Match) -> Response:
        if self._tidy is None or self._tidy.done():
            self._tidy = asyncio.create_task(tidy.leases(self._leases))
        return Response(warnings=[tidy.STARTED], status=202)


def _lease_id(request: Request, match: Match) -> str:
    lease_id = match.get("id") or Fields(request.data).text("lease_id")
    if not lease_id:
        raise BadRequest("lease_id must be specified")
    return request.namespace + lease_id


def _prefix(request: Request, match: Match) -> str:
    return request.namespace + match.get("prefix", "")


def _only_failed(request: Request) -> bool:
    kind = Fields(request.data).text("type")
    if kind not in ("", "irrevocable"):
        raise BadRequest('invalid "type" parameter')
    return kind == "irrevocable"


def _done(done: bool) -> Response | None:
    return None if done else Response(status=202)


def _described(lease: Lease, namespace: str, now: float) -> dict[str, Any]:
    return {
        "id": lease.id.removeprefix(namespace),
        "path": lease.path.removeprefix(namespace),
        "issue_time": clock.rfc3339(lease.issued),
        "expire_time": clock.rfc3339(lease.expires),
        "last_renewal": clock.rfc3339(lease.last_renewal) if lease.last_renewal else None,
        "renewable": lease.renewable,
        "ttl": max(int(lease.expires - now), 0),
    }
