"""Orders to revoke all leases below a prefix: kept first, then carried out in the background, also after a crash."""

import asyncio
import hashlib
from typing import Final, NamedTuple

import structlog

from stratumiops.vault.errors import Corrupt, StorageFailed
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.locks import Locks
from stratumiops.vault.tasks import ended

log = structlog.get_logger("svault.leases")
_PAUSE_S: Final = 5.0


class Order(NamedTuple):
    """Which leases: those below `prefix`, or the one of this id, that were there at the instant `at`."""

    prefix: str
    at: float


class Orders:
    """Orders over a lease store; a newer one for the same prefix takes the place of an older one."""

    def __init__(self, leases: LeaseStore) -> None:
        self._leases = leases
        self._view = leases.view
        self._locks = Locks()
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Go on with what is kept."""
        self._running = True
        self._go_on()

    async def stop(self) -> None:
        """Leave the rest for the next start."""
        self._running = False
        task, self._task = self._task, None
        await ended(task)

    async def add(self, prefix: str) -> None:
        """Revoke all leases that are below a prefix now; whatever happens, that will be done when this returns.

        Raises:
            BadRequest: no lease can have such a prefix.
        """
        if not await self._is_anything_below(prefix):
            return
        key = _key(prefix)
        async with self._locks.hold(key):
            await self._view.write(key, [prefix, self._leases.now()])
        self._go_on()

    async def _is_anything_below(self, prefix: str) -> bool:
        async for _ in self._leases.named(prefix):
            return True
        return False

    def _go_on(self) -> None:
        if self._running and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            try:
                if not await self._carry_out_next():
                    return
            except StorageFailed as failure:
                log.warning("leases are not revoked now", reason=str(failure))
                await asyncio.sleep(_PAUSE_S)

    async def _carry_out_next(self) -> bool:
        """Whether there was an order."""
        for name in await self._view.names(entries.ORDERS, limit=1):
            key = entries.ORDERS + name
            kept = await self._view.read(key)
            if kept is not None:
                await self._carry_out(Order(*kept))
            async with self._locks.hold(key):
                if await self._view.read(key) == kept:  # else a newer one has come
                    await self._view.delete(key)
            return True
        return False

    async def _carry_out(self, order: Order) -> None:
        async for page in self._leases.named(order.prefix):
            attempts = (self._revoke(lease_id, order.at) for lease_id in page)
            results = await asyncio.gather(*attempts, return_exceptions=True)
            for result in results:
                if isinstance(result, Corrupt):
                    log.error("a lease cannot be read, and is not revoked")
                elif result is not None:
                    raise result

    async def _revoke(self, lease_id: str, at: float) -> None:
        """Revoke a lease, unless it came after the order; one of the future was made before the clock was set back."""
        lease = await self._leases.lookup(lease_id)
        if lease is not None and not at < lease.issued <= self._leases.now():
            await self._leases.revoke(lease_id)


def _key(prefix: str) -> str:
    return entries.ORDERS + hashlib.sha256(prefix.encode(errors="surrogatepass")).hexdigest()
