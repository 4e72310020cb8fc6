"""Revocation: what goes with a token, whatever happens meanwhile."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.errors import BadRequest, NotFound, StorageFailed

from .world import LIST, READ, WRITE, World


async def world() -> World:
    return await World().begin()


async def test_children_leases_and_cubbyhole_go_with_a_token() -> None:
    vault = await world()
    before = vault.stored()
    parent = await vault.token()
    child = await vault.token(parent)
    grandchild = await vault.token(child)
    for number, token in enumerate((parent, child, grandchild)):
        await vault.lease(f"lease {number}", token)
        await vault.ask(WRITE, "cubbyhole/a/b", token, x="y")
    assert (await vault.ask(WRITE, "auth/token/revoke", token=parent)).status == 204
    for token in (parent, child, grandchild):
        assert not await vault.is_alive(token)
    assert vault.engine.revoked == {"lease 0": 1, "lease 1": 1, "lease 2": 1}
    assert vault.stored() == before


async def test_orphans_stay() -> None:
    vault = await world()
    parent = await vault.token()
    orphan = await vault.create(parent, how="create-orphan")
    child = await vault.token(parent)
    grandchild = await vault.token(child)
    await vault.ask(WRITE, "auth/token/revoke-orphan", token=parent)
    assert [await vault.is_alive(one) for one in (parent, orphan.client_token, child, grandchild)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert (await vault.data(READ, "auth/token/lookup-self", child))["orphan"] is True
    await vault.ask(WRITE, "auth/token/revoke-self", child)
    assert not await vault.is_alive(grandchild)


async def test_by_accessor_and_what_is_not_there() -> None:
    vault = await world()
    auth = await vault.create(policies=["dev"])
    await vault.ask(WRITE, "auth/token/revoke-accessor", accessor=auth.accessor)
    assert not await vault.is_alive(auth.client_token)
    for path, data, text in (
        ("revoke", {}, "missing token ID"),
        ("revoke-accessor", {"accessor": auth.accessor}, "invalid accessor"),
        ("revoke-accessor", {}, "missing accessor"),
        ("revoke-orphan", {"token": "nope"}, "token to revoke not found"),
    ):
        with pytest.raises(BadRequest, match=text):
            await vault.ask(WRITE, f"auth/token/{path}", **data)
    assert (await vault.ask(WRITE, "auth/token/revoke", token="nope")).status == 204


async def test_a_token_is_a_lease() -> None:
    vault = await world()
    token = await vault.token()
    names = (await vault.data(LIST, "sys/leases/lookup/auth/token/create/"))["keys"]
    assert names == ["h" + vault.tokens.id_of(token)]
    lease_id = f"auth/token/create/{names[0]}"
    assert (await vault.data(WRITE, "sys/leases/lookup", lease_id=lease_id))["ttl"] == 3600
    with pytest.raises(BadRequest, match="tokens cannot be renewed through this endpoint"):
        await vault.ask(WRITE, "sys/leases/renew", lease_id=lease_id)
    await vault.ask(WRITE, "sys/leases/revoke", lease_id=lease_id)
    assert not await vault.is_alive(token)
    with pytest.raises(NotFound):
        await vault.ask(LIST, "sys/leases/lookup/auth/")


async def test_expiry_takes_the_tree() -> None:
    vault = await world()
    before = vault.stored()
    parent = await vault.token(ttl=60)
    child = await vault.token(parent, ttl="2h")
    await vault.lease("one", child, ttl=3000)
    vault.system.at += 59
    await vault.worker.expire_due()
    assert await vault.is_alive(child)
    vault.system.at += 1
    await vault.worker.expire_due()
    assert not await vault.is_alive(child)
    assert vault.engine.revoked == {"one": 1}
    assert vault.stored() == before


async def test_a_renewed_token_does_not_end_at_its_first_time() -> None:
    vault = await world()
    token = await vault.token(ttl=60)
    vault.system.at += 30
    await vault.ask(WRITE, "auth/token/renew", token=token)
    vault.system.at += 59
    await vault.worker.expire_due()
    assert await vault.is_alive(token)
    vault.system.at += 1
    await vault.worker.expire_due()
    assert not await vault.is_alive(token)


async def test_revoked_tokens_stay_revoked_when_the_clock_is_set_back() -> None:
    vault = await world()
    token = await vault.token(ttl=60)
    vault.system.at += 60
    await vault.worker.expire_due()
    vault.system.at -= 3600
    assert not await vault.is_alive(token)
    assert not await (await vault.restarted()).is_alive(token)


async def test_a_lookup_that_races_a_revocation_does_not_bring_the_token_back() -> None:
    vault = await world()
    token = await vault.token()
    vault.tokens.cache.clear()
    has_read, may_go_on, get = asyncio.Event(), asyncio.Event(), vault.storage.get

    async def slow(key: str) -> bytes | None:
        found = await get(key)
        has_read.set()
        await may_go_on.wait()
        return found

    vault.storage.get = slow  # type: ignore[method-assign]
    lookup = asyncio.create_task(vault.tokens.lookup(token))
    await has_read.wait()
    vault.storage.get = get  # type: ignore[method-assign]
    await vault.tokens.revoke(token)
    may_go_on.set()
    await lookup
    assert not await vault.is_alive(token)


async def test_the_whole_tree_is_dead_before_the_first_engine_has_answered() -> None:
    vault = await world()
    parent = await vault.token()
    children = [await vault.token(parent) for _ in range(3)]
    grandchildren = [await vault.token(child) for child in children]
    for token in grandchildren:
        await vault.lease("x", token)
    vault.engine.may_answer.clear()
    revocation = asyncio.create_task(vault.tokens.revoke(parent))
    async with asyncio.timeout(10):
        while any([await vault.is_alive(token) for token in grandchildren]):
            await asyncio.sleep(0)
    assert not vault.engine.revoked
    vault.engine.may_answer.set()
    assert await revocation
    assert vault.engine.revoked == {"x": 3}


@pytest.mark.parametrize("fails", ["before", "after"])
async def test_a_failing_storage_revokes_all_or_nothing(fails: str) -> None:
    vault = await world()
    before = vault.stored()
    parent = await vault.token()
    child = await vault.token(parent)
    vault.storage.fails = fails
    with pytest.raises(StorageFailed):
        await vault.ask(WRITE, "auth/token/revoke", token=parent)
    vault.storage.fails = ""
    if fails == "before":
        assert await vault.is_alive(parent)
        await vault.ask(WRITE, "auth/token/revoke", token=parent)
    await vault.tokens.resume()
    assert not await vault.is_alive(parent)
    assert not await vault.is_alive(child)
    assert vault.stored() == before


trees = st.lists(st.integers(min_value=0, max_value=14), min_size=1, max_size=15)


@settings(max_examples=40, deadline=None)
@given(parents=trees, victim=st.integers(min_value=0, max_value=14), cut=st.integers(min_value=1, max_value=60))
def test_a_tree_is_revoked_whole_however_it_is_cut_off(parents: list[int], victim: int, cut: int) -> None:
    asyncio.run(_cut_off(parents, victim % len(parents), cut))


async def _cut_off(parents: list[int], victim: int, cut: int) -> None:
    """Token n is a child of an earlier one, or of root; the storage dies after so many writes of the revocation."""
    vault = await world()
    tokens: list[str] = []
    for number, parent in enumerate(parents):
        tokens.append(await vault.token(tokens[parent % number] if number else ""))
        await vault.lease(f"{number}", tokens[-1])
    dead = {victim}
    for number in range(1, len(parents)):
        if parents[number] % number in dead:
            dead.add(number)
    end = vault.storage.writes + cut

    async def dying(changes: Any, apply: Any = vault.storage.apply) -> None:
        if vault.storage.writes >= end:
            raise StorageFailed("killed")
        await apply(changes)

    vault.storage.apply = dying  # type: ignore[method-assign]
    try:
        await vault.tokens.revoke(tokens[victim])
        acknowledged = True
    except StorageFailed:
        acknowledged = False
    del vault.storage.apply  # type: ignore[method-assign]
    if acknowledged:
        assert set(vault.engine.revoked) == {str(number) for number in dead}
    after = await vault.restarted()
    await after.tokens.resume()
    alive = {number for number, token in enumerate(tokens) if await after.is_alive(token)}
    assert alive == set(range(len(tokens))) - dead
    assert set(vault.engine.revoked + after.engine.revoked) == {str(number) for number in dead}
    await after.tokens.revoke(tokens[0])
    await after.tokens.stop()
    assert not [key for key in after.stored() if "child" in key or "ending" in key or "lease" in key]
