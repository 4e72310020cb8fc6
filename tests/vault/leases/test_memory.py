"""Leases take storage, not memory."""

import tracemalloc

from stratumiops.vault.leases import entries
from stratumiops.vault.leases.models import Lease
from stratumiops.vault.request import Secret

from ..tokens.world import START, World  # noqa: TID252 - tests are no package on the path

MANY = 100_000
DUE = 2_000
MIB = 1 << 20


async def test_a_hundred_thousand_leases() -> None:
    """One in fifty of them falls due; what is held meanwhile does not depend on how many there are."""
    vault = await World().begin()
    for number in range(MANY):
        ends = START + (600 if number % (MANY // DUE) == 0 else 90_000 + number)
        lease = Lease(f"db/creds/app/{number:024d}", "db/creds/app", START, ends, ends, internal={"name": str(number)})
        vault.storage._values.update({f"core/{key}": value or b"" for key, value in entries.kept(lease).items()})
    vault.storage._keys = sorted(vault.storage._values)
    taken_back = 0

    async def count(_secret: Secret) -> None:
        nonlocal taken_back
        taken_back += 1

    vault.engine.revoke = count  # type: ignore[method-assign]
    vault.system.at += 600
    tracemalloc.start()
    try:
        await vault.worker.expire_due()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken_back == DUE
    assert peak < 4 * MIB
    assert vault.leases.next_due == START + 90_001
    assert sum("lease/due" in key for key in vault.stored()) == MANY - DUE
