"""All leases below a prefix are revoked in the background: what was acknowledged is done, whatever happens."""

import asyncio
from pathlib import Path

import pytest

from stratumiops.vault.errors import StorageFailed

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from ..tokens.world import WRITE, World  # noqa: TID252 - tests are no package on the path

PREFIX = "sys/leases/revoke-prefix/db/creds"


async def test_the_answer_does_not_wait_for_the_engine() -> None:
    vault = await World().begin()
    before = vault.stored()
    names = [f"{number}" for number in range(200)]
    for name in names:
        await vault.lease(name)
    vault.engine.may_answer.clear()
    async with asyncio.timeout(10):
        assert (await vault.ask(WRITE, PREFIX)).status == 204
    assert not vault.engine.revoked
    vault.engine.may_answer.set()
    await vault.carried_out()
    assert vault.engine.revoked == dict.fromkeys(names, 1)
    assert vault.stored() == before


async def test_one_lease_or_none_may_be_named() -> None:
    vault = await World().begin()
    before = vault.stored()
    first, second = await vault.lease("a"), await vault.lease("b")
    await vault.ask(WRITE, f"sys/leases/revoke-prefix/{first}")
    await vault.carried_out()
    assert vault.engine.revoked == {"a": 1}
    assert await vault.leases.lookup(second) is not None
    with_one = vault.stored()
    await vault.ask(WRITE, "sys/leases/revoke-prefix/db/cre")
    assert vault.stored() == with_one
    await vault.leases.revoke(second)
    assert vault.stored() == before


async def test_an_order_goes_on_after_a_restart() -> None:
    vault = await World().begin()
    for number in range(100):
        await vault.lease(f"{number}")
    token = await vault.token()
    vault.engine.may_answer.clear()
    await vault.ask(WRITE, PREFIX)
    await vault.ask(WRITE, "sys/leases/revoke-prefix/auth/token/create")
    again = await vault.restarted()
    await again.carried_out()
    assert again.engine.revoked == {f"{number}": 1 for number in range(100)}
    assert not await again.is_alive(token)
    await again.orders.stop()


async def test_leases_that_come_after_an_order_stay() -> None:
    vault = await World().begin()
    await vault.lease("old")
    vault.engine.may_answer.clear()
    await vault.ask(WRITE, PREFIX)
    vault.system.at += 1
    newer = await vault.lease("new")
    again = await vault.restarted()
    await again.carried_out()
    assert again.engine.revoked == {"old": 1}
    assert await again.leases.lookup(newer) is not None
    await again.ask(WRITE, PREFIX)
    await again.carried_out()
    assert again.engine.revoked == {"old": 1, "new": 1}
    await again.orders.stop()


async def test_a_clock_that_is_set_back_spares_none() -> None:
    vault = await World().begin()
    await vault.lease("of the future")
    vault.system.at -= 3600
    await vault.ask(WRITE, PREFIX)
    await vault.carried_out()
    assert vault.engine.revoked == {"of the future": 1}


async def test_an_order_that_is_given_again_meanwhile_counts() -> None:
    vault = await World().begin()
    await vault.lease("old")
    vault.engine.may_answer.clear()
    await vault.ask(WRITE, PREFIX)
    vault.system.at += 1
    await vault.lease("new")
    await vault.ask(WRITE, PREFIX)
    vault.engine.may_answer.set()
    await vault.carried_out()
    assert vault.engine.revoked == {"old": 1, "new": 1}


async def test_an_order_that_cannot_be_kept_is_refused() -> None:
    vault = await World().begin()
    await vault.lease("a")
    vault.storage.fails = "before"
    with pytest.raises(StorageFailed):
        await vault.ask(WRITE, PREFIX)
    vault.storage.fails = ""
    assert not vault.engine.revoked


async def test_what_the_engine_fails_to_revoke_is_tried_again() -> None:
    vault = await World().begin()
    lease_id = await vault.lease("a")
    vault.engine.broken = True
    await vault.ask(WRITE, PREFIX)
    await vault.carried_out()
    found = await vault.leases.lookup(lease_id)
    assert found is not None
    assert (found.revoking, found.attempts) == (True, 1)
    vault.engine.broken = False
    vault.system.at += 20
    await vault.worker.expire_due()
    assert vault.engine.revoked == {"a": 1}


async def test_a_lease_that_cannot_be_read_stops_no_order() -> None:
    vault = await World().begin()
    broken = await vault.lease("broken")
    for number in range(70):
        await vault.lease(f"{number}")
    await vault.storage.apply({f"core/lease/id/{broken}": b"{"})
    await vault.ask(WRITE, PREFIX)
    await vault.carried_out()
    assert vault.engine.revoked == {f"{number}": 1 for number in range(70)}


def test_a_kill_forgets_none(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        server.begin()
        tokens = [_token(server) for _ in range(100)]
        assert server.ask("PUT", "sys/leases/revoke-prefix/auth/token/create").status_code == 204
        server.kill()
        shares, root = server.shares, server.root
    with svault(tmp_path) as server:
        server.shares, server.root = shares, root
        server.unseal()
        _wait_until_gone(server, tokens)
        late = _token(server)
    with svault(tmp_path) as server:
        server.shares, server.root = shares, root
        server.unseal()
        assert server.ask("GET", "auth/token/lookup-self", token=late).status_code == 200


def _token(server: Server) -> str:
    made = server.ask("POST", "auth/token/create", json={"policies": ["default"], "ttl": "1h"}).json()
    return str(made["auth"]["client_token"])


def _wait_until_gone(server: Server, tokens: list[str]) -> None:
    for token in tokens:
        for _ in range(1_000):
            if server.ask("GET", "auth/token/lookup-self", token=token).status_code == 403:
                break
        else:
            pytest.fail("a token that was revoked lives on")
