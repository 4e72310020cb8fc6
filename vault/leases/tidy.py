"""Mends the indices of leases: after a crash there is nothing to mend; a storage may have been changed by hand."""

import asyncio
from typing import Final

import structlog

from stratumiops.vault.errors import StorageFailed
from stratumiops.vault.leases.store import LeaseStore

log = structlog.get_logger("svault.leases")
STARTED: Final = "Tidy operation successfully started. What comes of it is written to the server's log."


async def leases(store: LeaseStore) -> None:
    """Every lease gets its places in the indices again, and those whose token is gone are revoked."""
    looked_at = 0
    try:
        async for page in store.below(""):
            await asyncio.gather(*(store.mend(lease_id) for lease_id in page))
            looked_at += len(page)
    except StorageFailed as failure:
        log.warning("leases are not tidied", reason=str(failure))
    else:
        log.info("leases are tidied", leases=looked_at)
