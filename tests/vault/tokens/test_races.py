"""What is done to one token at the same time comes out as if it had been done one after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.errors import VaultError
from stratumiops.vault.request import Secret
from stratumiops.vault.tokens.models import SPENT

from .world import READ, WRITE, World

DELAYS = st.lists(st.integers(0, 14), min_size=3, max_size=3)
Step = Callable[[], Awaitable[Any]]


async def _at_once(delays: list[int], *steps: Step) -> list[Any]:
    """What comes of steps that begin so many turns of the loop later; a refusal is a result."""

    async def run(delay: int, step: Step) -> Any:
        for _ in range(delay):
            await asyncio.sleep(0)
        try:
            return await step()
        except VaultError as refused:
            return refused

    return list(await asyncio.gather(*(run(*one) for one in zip(delays, steps, strict=False))))


@settings(max_examples=60, deadline=None)
@given(DELAYS)
def test_a_token_that_is_revoked_while_it_is_renewed_is_gone(delays: list[int]) -> None:
    async def run() -> None:
        vault = await World().begin()
        before = vault.stored()
        token = await vault.token()
        await vault.lease("x", token)
        renewal = lambda: vault.ask(WRITE, "auth/token/renew", token=token)  # noqa: E731
        await _at_once(delays, renewal, lambda: vault.tokens.revoke(token), renewal)
        assert not await vault.is_alive(token)
        assert vault.stored() == before
        assert vault.engine.revoked == {"x": 1}

    asyncio.run(run())


@settings(max_examples=80, deadline=None)
@given(DELAYS, st.booleans())
def test_a_child_that_is_made_while_its_parent_goes(delays: list[int], orphans: bool) -> None:
    """It goes with the parent, or is not made; where children live on, it does, or is not made."""

    async def run() -> None:
        vault = await World().begin()
        before = vault.stored()
        parent = await vault.token()
        revocation = lambda: vault.tokens.revoke(parent, orphan_children=orphans)  # noqa: E731
        made, _, other = await _at_once(delays, lambda: vault.token(parent), revocation, lambda: vault.token(parent))
        children = [child for child in (made, other) if isinstance(child, str)]
        for child in children:
            assert await vault.is_alive(child) is orphans
        assert not await vault.is_alive(parent)
        for child in children:
            if orphans:
                found = await vault.tokens.lookup(child)
                assert found is not None
                assert (found.orphan, found.parent) == (True, "")
                await vault.tokens.revoke(child)
        assert vault.stored() == before

    asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(DELAYS)
def test_a_last_use_a_revocation_and_a_renewal(delays: list[int]) -> None:
    async def run() -> None:
        vault = await World().begin()
        before = vault.stored()
        token = await vault.token(num_uses=1)
        await vault.lease("x", token)

        async def use() -> bool:
            found = await vault.tokens.lookup(token)
            if found is None:
                return False
            used = await vault.tokens.use(token, found)
            assert used.num_uses == SPENT
            await vault.tokens.finish(used)
            return True

        renewal = lambda: vault.ask(WRITE, "auth/token/renew", token=token)  # noqa: E731
        await _at_once(delays, use, lambda: vault.tokens.revoke(token), renewal)
        await vault.tokens.resume()
        assert not await vault.is_alive(token)
        assert vault.stored() == before
        assert vault.engine.revoked == {"x": 1}

    asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(DELAYS, st.sampled_from(["token", "lease", "prefix"]))
def test_a_lease_that_is_renewed_or_made_while_all_goes(delays: list[int], how: str) -> None:
    async def run() -> None:
        vault = await World().begin()
        token = await vault.token()
        lease_id = await vault.lease("old", token)
        allowed = await vault.request(READ, "db/creds/app", token)
        making = lambda: vault.leases.register(Secret(600, internal={"name": "new"}), allowed)  # noqa: E731
        end: Step = {
            "token": lambda: vault.tokens.revoke(token),
            "lease": lambda: vault.leases.revoke(lease_id),
            "prefix": lambda: vault.ask(WRITE, "sys/leases/revoke-prefix/db/creds", sync=True),
        }[how]
        *_, made = await _at_once(delays, lambda: vault.leases.renew(lease_id, 60), end, making)
        assert await vault.leases.lookup(lease_id) is None
        assert vault.engine.revoked["old"] == 1
        if isinstance(made, VaultError) or how == "token":
            assert vault.engine.revoked["new"] == 1
        await vault.tokens.revoke(token)
        assert not [key for key in vault.stored() if "lease/id/db" in key]

    asyncio.run(run())
