"""Revokes leases when their time is up, however many there are: the order of due leases is read page by page."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from stratumiops.vault.errors import Corrupt, StorageFailed
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.tasks import ended

log = structlog.get_logger("svault.leases")
_PAGE: Final = 256
_AT_ONCE: Final = 32
_LOOK_S: Final = 1.0
"""So often the wall clock is looked at: it may have been set forward."""


class RevocationWorker:
    """A task over a lease store: sleeps by the monotonic clock, revokes by the wall clock."""

    def __init__(self, leases: LeaseStore) -> None:
        self._leases = leases
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; nothing is read before it is the loop's turn."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what is being revoked is revoked again the next time."""
        task, self._task = self._task, None
        await ended(task)

    async def expire_due(self) -> int:
        """Revoke all that is due now; how many were looked at."""
        leases, done = self._leases, 0
        leases.next_due = float("inf")
        while page := await self._page():
            for begin in range(0, len(page), _AT_ONCE):
                some = page[begin : begin + _AT_ONCE]
                results = await asyncio.gather(*(leases.expire(*one) for one in some), return_exceptions=True)
                for (_, key), result in zip(some, results, strict=True):
                    await self._weigh(key, result)
            done += len(page)
        return done

    async def _weigh(self, key: str, result: BaseException | None) -> None:
        """A lease that cannot be read must not stop those behind it: it loses its place. All else stops the pass."""
        if isinstance(result, Corrupt):
            log.error("a lease cannot be read, and is not revoked")
            await self._leases.view.delete(key)
        elif result is not None:
            raise result

    async def _page(self) -> list[tuple[str, str]]:
        """The first leases that are due, with their places; else tell the store what is due next."""
        view, now = self._leases.view, int(self._leases.now() * 1_000_000)
        for hour in await view.names(entries.DUE, limit=1):
            names = await view.names(entries.DUE + hour, limit=_PAGE)
            first, _ = entries.due_of(names[0]) if names else (now, "")
            if first > now:
                self._leases.note(first / 1_000_000)
                return []
            due = [(name, *entries.due_of(name)) for name in names]
            return [(lease_id, f"{entries.DUE}{hour}{name}") for name, at, lease_id in due if at <= now]
        return []

    async def _run(self) -> None:
        leases = self._leases
        while True:
            leases.wake.clear()
            try:
                await self.expire_due()
            except StorageFailed as failure:
                log.warning("leases are not revoked now", reason=str(failure))
                await asyncio.sleep(_LOOK_S)
                leases.note(leases.now())
            await self._until_due()

    async def _until_due(self) -> None:
        leases = self._leases
        while (left := leases.next_due - leases.now()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_S)):
                    await leases.wake.wait()
            leases.wake.clear()
