"""Leases: made, found, renewed and revoked. None is held in memory: the storage has them in the order they fall due."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final, Protocol

from stratumiops.vault.backend import Backend
from stratumiops.vault.errors import BadRequest, Internal, PermissionDenied, StorageFailed, VaultError
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.leases.revocation import Outcome, Revocation
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Secret
from stratumiops.vault.tokens import ids
from stratumiops.vault.tokens.models import SPENT
from stratumiops.vault.view import View

BackendOf = Callable[[str], Backend | None]
"""The engine of a lease, by the lease's path with its namespace; None: its mount is gone."""
OnEvent = Callable[[str, str], None]
"""Told what happened (`issued`, `renewed`, `revoked`, `revocation_failed`), and the path of the lease."""
PAGE: Final = 64


class Owners(Protocol):
    """What leases need of the tokens that they end with."""

    async def is_alive(self, accessor: str) -> bool:
        """Whether a living token has this accessor."""

    async def end(self, token_id: str, *, if_over: bool) -> bool:
        """Revoke a token with all that hangs on it and its own lease; False: there is no such token.

        Args:
            if_over: only when its time is up.
        """


class LeaseStore:
    """Leases over a view of the core, which tokens share: a token and its lease are written as one.

    Args:
        view: where entries under `lease/` are kept.
        now: the wall clock, by which leases end.
        backend_of: finds the engine of a lease.
        on_event: counts.
    """

    def __init__(
        self, view: View, now: Callable[[], float], backend_of: BackendOf, on_event: OnEvent | None = None
    ) -> None:
        self.view = view
        self.now = now
        self.next_due = math.inf
        self.wake = asyncio.Event()
        self._backend_of = backend_of
        self._locks = Locks()
        self._on_event = on_event
        self._owners: Owners | None = None
        self._revocation = Revocation(view, now, backend_of, self._tell)

    def attach(self, owners: Owners) -> None:
        """The tokens; the token store calls it."""
        self._owners = owners
        self._revocation.owners = owners

    def note(self, due: float) -> None:
        """Something falls due then: the worker wakes up when it is sooner than all it knows of."""
        if due < self.next_due:
            self.next_due = due
            self.wake.set()

    async def register(self, secret: Secret, request: Request) -> str:
        """Keep what an engine has just given; `secret` gets its lease id, and the TTL that it is bounded to.

        Whatever is raised, the secret is revoked, or will be.

        Raises:
            BadRequest: this was the last request of its token.
            PermissionDenied: the token of the request has ended meanwhile.
            StorageFailed: the lease cannot be kept.
        """
        path = request.namespace + request.full_path
        lease = self._bounded(secret, request, path)
        try:
            await self.view.apply(entries.kept(lease))
        except StorageFailed:
            await self._revocation.undo(lease)
            raise
        self.note(lease.due)
        self._tell("issued", path)
        if lease.owner and self._owners is not None and not await self._owners.is_alive(lease.owner):
            await self.revoke(lease.id)
            raise _too_late(request)
        secret.ttl, secret.lease_id = lease.ttl, lease.id.removeprefix(request.namespace)
        return secret.lease_id

    def _bounded(self, secret: Secret, request: Request, path: str) -> Lease:
        now, token = self.now(), request.token
        default, most = self._limits(path)
        most = min(secret.max_ttl or most, most)
        ttl = min(secret.ttl or default, most)
        owner, limit = (token.accessor, 0.0) if token is not None else ("", 0.0)
        if token is not None and token.kind == "batch":  # it has no accessor and is not kept: its parent answers for it
            owner, limit = token.parent, token.expires
            ttl = max(min(ttl, int(limit - now)), 0) if limit else ttl
        return Lease(
            id=f"{path}/{ids.base62()}", path=path, issued=now, expires=now + ttl, due=now + ttl, ttl=ttl, max_ttl=most,
            renewable=secret.renewable, internal=secret.internal, owner=owner, limit=limit,
        )  # fmt: skip

    def _limits(self, path: str) -> tuple[int, int]:
        backend = self._backend_of(path)
        if backend is None:
            raise Internal("the mount of a new lease is gone")
        return backend.system.default_lease_ttl(backend.mount), backend.system.max_lease_ttl(backend.mount)

    async def lookup(self, lease_id: str) -> Lease | None:
        """A lease, also one whose engine could not take it back yet."""
        data = await self.view.get(entries.entry(lease_id)) if entries.is_id(lease_id) else None
        return None if data is None else entries.lease_of(data)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """What lies directly below a path: ends of lease ids, and parts of longer paths, which end with `/`; sorted.

        Args:
            after: only names behind this one.
            limit: at most so many; 0: all.
        """
        path = prefix.rstrip("/")
        return await self.view.names(f"{entries.IDS}{path}/" if path else entries.IDS, after, limit)

    async def mend(self, lease_id: str) -> None:
        """Give a lease its places in the indices again; one whose token is gone is revoked."""
        async with self._locks.hold(lease_id):
            lease = await self.lookup(lease_id)
            if lease is None:
                return
            await self.view.apply(entries.places(lease))
            alive = not lease.owner or self._owners is None or await self._owners.is_alive(lease.owner)
            outcome = Outcome(lease_id) if alive else await self._revocation.revoke(lease)
        self.note(lease.due)
        self._note(outcome)

    async def renew(self, lease_id: str, increment: int) -> Lease:
        """Extend a lease from now on, at most to its maximum.

        Raises:
            BadRequest: there is none, it is not renewable, or it is a token.
        """
        async with self._locks.hold(lease_id):
            lease = await self.lookup(lease_id)
            now = self.now()
            if lease is None or lease.revoking or lease.expires <= now:
                raise BadRequest("lease not found")
            if lease.token:
                raise BadRequest("tokens cannot be renewed through this endpoint")
            backend = self._backend_of(lease.path)
            if not lease.renewable or backend is None:
                raise BadRequest("lease is not renewable")
            most = lease.issued + lease.max_ttl - now
            ttl = int(min(increment or lease.ttl, most, lease.limit - now if lease.limit else most))
            if ttl < 1:
                raise BadRequest("lease is past its max TTL, cannot renew")
            secret = lease.secret
            secret.ttl = ttl
            extended = await backend.renew(secret, ttl)
            ttl = min(extended.ttl, ttl)
            new = replace(
                lease, expires=now + ttl, due=now + ttl, ttl=ttl, last_renewal=now, internal=extended.internal
            )
            await self.view.apply(entries.changed(lease, new))
        self.note(new.due)
        self._tell("renewed", new.path)
        return new

    async def revoke(self, lease_id: str, *, sync: bool = False, force: bool = False) -> bool:
        """Revoke a lease; one that is not there is. False: the engine failed, and it is tried again later.

        Args:
            sync: a failure is an error.
            force: a failure does not matter; the lease is gone.

        Raises:
            Internal: the engine failed.
        """
        return await self._revoked([lease_id], sync=sync, force=force)

    async def revoke_prefix(self, prefix: str, *, sync: bool = False, force: bool = False) -> bool:
        """Revoke all leases below a path, or the one that has this id; see `revoke`."""
        if prefix and not prefix.endswith("/"):
            if await self.lookup(prefix) is not None:
                return await self.revoke(prefix, sync=sync, force=force)
            prefix += "/"
        done = True
        async for page in self.below(prefix):
            done = await self._revoked(page, sync=sync, force=force) and done
        return done

    async def revoke_of_token(self, accessor: str) -> None:
        """Revoke what was given to a token; what fails is tried again later."""
        below, after = entries.owned(accessor), ""
        while names := await self.view.names(below, after, PAGE):
            await self._revoked([entries.unflat(name) for name in names], sync=False, force=False)
            after = names[-1]

    async def expire(self, lease_id: str, key: str) -> None:
        """Revoke a lease that the order of due leases names; when it no longer has this place there, drop the place."""
        async with self._locks.hold(lease_id):
            lease = await self.lookup(lease_id)
            if lease is None or entries.due(lease) != key:
                await self.view.delete(key)
                return
            outcome = await self._revocation.expire(lease)
        self._note(outcome)

    async def below(self, prefix: str) -> AsyncIterator[list[str]]:
        """Pages of the ids of all leases below a prefix that ends with `/` or is ""."""
        after = ""
        while names := await self.view.names(entries.IDS + prefix, after, PAGE):
            after = names[-1]
            if page := [prefix + name for name in names if not name.endswith("/")]:
                yield page
            for name in names:
                if name.endswith("/"):
                    async for inner in self.below(prefix + name):
                        yield inner

    async def _revoked(self, lease_ids: list[str], *, sync: bool, force: bool) -> bool:
        outcomes = await asyncio.gather(*(self._revoke(lease_id, force) for lease_id in lease_ids))
        for outcome in outcomes:
            self._note(outcome)
            if sync and outcome.failure:
                raise Internal(f"failed to revoke {outcome.lease_id!r}: {outcome.failure}")
        return not any(outcome.failure for outcome in outcomes)

    async def _revoke(self, lease_id: str, force: bool) -> Outcome:
        async with self._locks.hold(lease_id):
            lease = await self.lookup(lease_id)
            return Outcome(lease_id) if lease is None else await self._revocation.revoke(lease, force=force)

    def _note(self, outcome: Outcome) -> None:
        if outcome.failure:
            self.note(outcome.again)

    def _tell(self, event: str, path: str) -> None:
        if self._on_event is not None:
            self._on_event(event, path)


def _too_late(request: Request) -> VaultError:
    if request.token is not None and request.token.num_uses == SPENT:
        return BadRequest(
            "Secret cannot be returned; token had one use left, so leased credentials were immediately revoked."
        )
    return PermissionDenied()
