"""Leases end when their time is up: by the wall clock, however it is set."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from stratumiops.vault.errors import BadRequest, StorageFailed
from stratumiops.vault.leases import entries
from stratumiops.vault.leases.models import Lease

from ..tokens.world import START, WRITE, World  # noqa: TID252 - tests are no package on the path


async def test_at_the_very_instant() -> None:
    vault = await World().begin()
    await vault.lease("x", ttl=60)
    vault.system.at += 60 - 1e-5
    await vault.worker.expire_due()
    assert not vault.engine.revoked
    vault.system.at += 1e-5
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"x": 1}


async def test_a_jump_forward_revokes_what_is_due_and_one_back_nothing() -> None:
    vault = await World().begin()
    for name, ttl in (("soon", 60), ("later", 3000), ("last", 3600)):
        await vault.lease(name, ttl=ttl)
    vault.system.at -= 86_400
    await vault.worker.expire_due()
    assert not vault.engine.revoked
    vault.system.at += 86_400 + 3000
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"soon": 1, "later": 1}
    vault.system.at -= 10_000
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"soon": 1, "later": 1}
    assert vault.leases.next_due == 1_700_003_600


async def test_a_lease_that_is_renewed_while_it_falls_due_lives_on() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x", ttl=60)
    lease = await vault.leases.lookup(lease_id)
    assert lease is not None
    await vault.leases.renew(lease_id, 120)
    await vault.leases.expire(lease_id, entries.due(lease))
    assert not vault.engine.revoked
    assert await vault.leases.lookup(lease_id) is not None


async def test_an_expired_lease_is_not_renewed() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("x", ttl=60)
    vault.system.at += 60
    with pytest.raises(BadRequest, match="lease not found"):
        await vault.ask(WRITE, "sys/leases/renew", lease_id=lease_id)


async def test_failures_are_tried_again_later_and_later() -> None:
    vault = await World().begin()
    before = vault.stored()
    await vault.lease("x", ttl=60)
    vault.engine.broken = True
    vault.system.at += 60
    waits = []
    for _ in range(12):
        await vault.worker.expire_due()
        waits.append(vault.leases.next_due - vault.system.at)
        vault.system.at = vault.leases.next_due
    assert waits == pytest.approx([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600])
    assert vault.events["revocation_failed"] == 12
    vault.engine.broken = False
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"x": 1}
    assert vault.stored() == before


async def test_a_broken_engine_does_not_stop_the_others() -> None:
    vault = await World().begin()
    await vault.lease("x", ttl=60)
    token = await vault.token(ttl=60)
    vault.engine.broken = True
    vault.system.at += 60
    await vault.worker.expire_due()
    assert not [key for key in vault.stored() if vault.tokens.id_of(token) in key]


async def test_a_lease_that_cannot_be_read_does_not_stop_those_behind_it() -> None:
    vault = await World().begin()
    broken = await vault.lease("broken", ttl=10)
    await vault.lease("x", ttl=60)
    await vault.view.apply({entries.entry(broken): b"{"})
    vault.system.at += 60
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"x": 1}


async def test_after_a_restart_nothing_is_forgotten() -> None:
    vault = await World().begin()
    await vault.lease("x", ttl=60)
    vault.system.at += 61
    vault = await vault.restarted()
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"x": 1}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def running(test: Callable[[World], Awaitable[None]]) -> None:
    vault = await World().begin()
    vault.worker.start()
    try:
        await test(vault)
    finally:
        await vault.worker.stop()


async def test_the_worker_wakes_up_for_what_is_due_sooner() -> None:
    async def test(vault: World) -> None:
        await vault.lease("far", ttl=3000)
        await until(lambda: vault.leases.next_due == 1_700_003_000)
        vault.system.at += 100
        await vault.lease("now", ttl=1)
        vault.system.at += 1
        vault.leases.wake.set()
        await until(lambda: vault.engine.revoked == {"now": 1})

    await running(test)


async def test_the_worker_outlives_a_failing_storage() -> None:
    async def test(vault: World) -> None:
        await vault.lease("x", ttl=1)
        vault.storage.fails = "before"
        vault.system.at += 1
        vault.leases.wake.set()
        writes = vault.storage.writes
        await until(lambda: vault.storage.writes > writes)
        vault.storage.fails = ""
        await until(lambda: not [key for key in vault.stored() if "lease" in key])

    await running(test)


async def test_tidy_mends_what_was_lost() -> None:
    vault = await World().begin()
    token = await vault.token()
    await vault.lease("lost place", ttl=60)
    await vault.lease("lost token", token)
    for key in vault.stored():
        if "lease/due" in key or vault.tokens.id_of(token) in key:
            await vault.storage.apply({key: None})
    vault.tokens.cache.clear()
    assert (await vault.ask(WRITE, "sys/leases/tidy")).status == 202
    await until(lambda: vault.engine.revoked == {"lost token": 1})
    await until(lambda: any("lease/due" in key for key in vault.stored()))
    vault.system.at += 60
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"lost token": 1, "lost place": 1}


async def test_the_worker_reads_page_by_page() -> None:
    vault = await World().begin()
    for number in range(3000):
        await vault.lease(str(number), ttl=60 + number % 7)
    largest, names = 0, vault.storage.names

    async def watched(prefix: str, after: str = "", limit: int = 0) -> list[str]:
        nonlocal largest
        found = await names(prefix, after, limit)
        largest = max(largest, len(found))
        return found

    vault.storage.names = watched  # type: ignore[method-assign]
    vault.system.at += 66
    assert await vault.worker.expire_due() == 3000
    assert largest <= 256
    assert len(vault.engine.revoked) == 3000


def test_lease_ids_of_any_shape_are_segments_of_keys() -> None:
    for lease_id in ("a/b", "a%2Fb/c", "%/%25", "é/ /-"):
        assert "/" not in entries.flat(lease_id)
        assert entries.unflat(entries.flat(lease_id)) == lease_id
        place = entries.due(Lease(lease_id, "a", 0, 1.5, 1.5))
        assert entries.due_of(place.rpartition("/")[2]) == (1_500_000, lease_id)


@pytest.mark.parametrize("fails", ["before", "after"])
async def test_what_cannot_be_kept_is_taken_back(fails: str) -> None:
    vault = await World().begin()
    vault.storage.fails = fails
    with pytest.raises(StorageFailed):
        await vault.lease("x", ttl=60)
    assert vault.engine.revoked["x"] == 1
    vault = await vault.restarted()
    vault.system.at += 60
    await vault.worker.expire_due()
    assert not [key for key in vault.stored() if "lease" in key]


@pytest.mark.parametrize("steps", range(8))
async def test_the_worker_ends_also_when_it_is_woken_at_that_moment(steps: int) -> None:
    vault = await World().begin()
    vault.worker.start()
    await vault.lease("x", ttl=3000)
    for _ in range(50):
        await asyncio.sleep(0)
    vault.leases.note(START + 2000)
    for _ in range(steps):
        await asyncio.sleep(0)
    stopping = asyncio.create_task(vault.worker.stop())
    for _ in range(50):
        await asyncio.sleep(0)
    assert stopping.done()
