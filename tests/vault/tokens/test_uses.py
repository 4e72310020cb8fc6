"""Tokens for so many requests, and no more."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.errors import BadRequest, PermissionDenied, StorageFailed
from stratumiops.vault.request import Secret
from stratumiops.vault.tokens.models import SPENT, Token

from .world import READ, WRITE, World


async def used(vault: World, client_token: str) -> Token | None:
    """A request as the core makes it: found, counted, answered, and ended when it was the last."""
    token = await vault.tokens.lookup(client_token)
    if token is None:
        return None
    try:
        token = await vault.tokens.use(client_token, token)
    except PermissionDenied:
        return None
    await asyncio.sleep(0)
    await vault.tokens.finish(token)
    return token


async def test_each_request_counts() -> None:
    vault = await World().begin()
    before = vault.stored()
    token = await vault.token(num_uses=3)
    assert [one and one.num_uses for one in [await used(vault, token) for _ in range(4)]] == [2, 1, SPENT, None]
    assert vault.stored() == before


async def test_the_last_request_still_has_what_belongs_to_the_token() -> None:
    vault = await World().begin()
    client_token = await vault.token(num_uses=2)
    await vault.ask(WRITE, "cubbyhole/x", client_token, a="b")
    await used(vault, client_token)
    token = await vault.tokens.lookup(client_token)
    assert token is not None
    request = await vault.request(READ, "cubbyhole/x", client_token)
    request.token = await vault.tokens.use(client_token, token)
    assert not await vault.is_alive(client_token)
    await vault.tokens.resume()
    assert (await vault.answer(request)).data == {"a": "b"}
    await vault.tokens.finish(request.token)
    assert not [key for key in vault.stored() if "cubbyhole" in key]


async def test_a_lease_of_the_last_request_is_revoked() -> None:
    vault = await World().begin()
    client_token = await vault.token(num_uses=1)
    token = await vault.tokens.lookup(client_token)
    assert token is not None
    request = await vault.request(READ, "db/creds/app", client_token)
    request.token = await vault.tokens.use(client_token, token)
    with pytest.raises(BadRequest, match="leased credentials were immediately revoked"):
        await vault.leases.register(Secret(60, internal={"name": "late"}), request)
    assert vault.engine.revoked == {"late": 1}


async def test_a_use_that_is_not_written_is_none() -> None:
    vault = await World().begin()
    token = await vault.token(num_uses=2)
    vault.storage.fails = "before"
    with pytest.raises(StorageFailed):
        await used(vault, token)
    vault.storage.fails = ""
    assert [bool(await used(vault, token)) for _ in range(3)] == [True, True, False]


async def test_uses_are_remembered_over_a_restart() -> None:
    vault = await World().begin()
    token = await vault.token(num_uses=2)
    await used(vault, token)
    vault = await vault.restarted()
    assert [bool(await used(vault, token)) for _ in range(2)] == [True, False]
    await vault.tokens.stop()


@settings(max_examples=30, deadline=None)
@given(allowed=st.integers(min_value=1, max_value=8), at_once=st.integers(min_value=1, max_value=20))
def test_simultaneous_requests_never_exceed_it(allowed: int, at_once: int) -> None:
    async def run() -> None:
        vault = await World().begin()
        token = await vault.token(num_uses=allowed)
        served = await asyncio.gather(*(used(vault, token) for _ in range(at_once)))
        assert sum(one is not None for one in served) == min(allowed, at_once)
        assert await vault.is_alive(token) == (at_once < allowed)
        await vault.tokens.stop()

    asyncio.run(run())
