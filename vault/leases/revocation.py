"""One lease is taken back: by its engine, or, when it is a token, by the tokens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from stratumiops.vault.backend import Backend
from stratumiops.vault.errors import VaultError
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.view import View

if TYPE_CHECKING:
    from stratumiops.vault.leases.store import Owners

_PATIENCE_S: Final = 30.0
"""An engine that takes longer has failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `failure` is a text without secrets, "" when the lease is gone; `again`: the next attempt."""

    lease_id: str
    failure: str = ""
    again: float = 0.0


class Revocation:
    """Takes leases back; who calls it holds the lock of the lease."""

    def __init__(
        self,
        view: View,
        now: Callable[[], float],
        backend_of: Callable[[str], Backend | None],
        tell: Callable[[str, str], None],
    ) -> None:
        self.owners: Owners | None = None
        self._view = view
        self._now = now
        self._backend_of = backend_of
        self._tell = tell

    async def expire(self, lease: Lease) -> Outcome:
        """Take back a lease whose time is up."""
        return await (self._end_token(lease, if_over=True) if lease.token else self.revoke(lease))

    async def revoke(self, lease: Lease, *, force: bool = False) -> Outcome:
        """Take back a lease before its time; `force`: it goes even when the engine fails."""
        if lease.token:
            return await self._end_token(lease, if_over=False)
        failure = await self._failure(lease)
        if not failure or force:
            await self._view.apply(entries.dropped(lease))
            self._tell("revoked", lease.path)
            return Outcome(lease.id)
        attempts = lease.attempts + 1
        again = replace(lease, attempts=attempts, revoking=True)
        again.due = self._now() + again.wait_s()
        await self._view.apply(entries.changed(lease, again))
        self._tell("revocation_failed", lease.path)
        return Outcome(lease.id, failure, again.due)

    async def undo(self, lease: Lease) -> None:
        """Have the engine take back what could not be kept as a lease."""
        if await self._failure(lease):
            self._tell("revocation_failed", lease.path)

    async def _end_token(self, lease: Lease, *, if_over: bool) -> Outcome:
        """The tokens drop the lease together with the token; what is left without a token goes here."""
        if self.owners is None or not await self.owners.end(lease.token, if_over=if_over):
            await self._view.apply(entries.dropped(lease))
        return Outcome(lease.id)

    async def _failure(self, lease: Lease) -> str:
        backend = self._backend_of(lease.path)
        if backend is None:
            return "no engine is mounted there"
        (result,) = await asyncio.gather(_in_time(backend, lease), return_exceptions=True)
        if isinstance(result, VaultError):
            return str(result)
        return type(result).__name__ if isinstance(result, BaseException) else ""


async def _in_time(backend: Backend, lease: Lease) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        await backend.revoke(lease.secret)
