"""The cubbyhole: each token sees its own."""

import pytest

from stratumiops.vault.errors import BadRequest, NotFound

from .world import DELETE, LIST, READ, WRITE, World


async def test_kept_listed_and_dropped() -> None:
    vault = await World().begin()
    token = await vault.token()
    with pytest.raises(NotFound):
        await vault.ask(READ, "cubbyhole/x", token)
    with pytest.raises(NotFound):
        await vault.ask(LIST, "cubbyhole/", token)
    assert (await vault.ask(WRITE, "cubbyhole/x", token, a="b", ttl="1h")).status == 204
    await vault.ask(WRITE, "cubbyhole/d/y", token, a={"n": [1]})
    assert await vault.data(READ, "cubbyhole/x", token) == {"a": "b", "ttl": "1h"}
    assert (await vault.data(LIST, "cubbyhole/", token))["keys"] == ["d/", "x"]
    assert (await vault.data(LIST, "cubbyhole/d/", token))["keys"] == ["y"]
    for _ in range(2):
        assert (await vault.ask(DELETE, "cubbyhole/x", token)).status == 204
    assert (await vault.data(LIST, "cubbyhole/", token))["keys"] == ["d/"]


async def test_each_token_has_its_own() -> None:
    vault = await World().begin()
    one, other = await vault.token(), await vault.token()
    await vault.ask(WRITE, "cubbyhole/x", one, a="b")
    for token in (other, vault.root):
        with pytest.raises(NotFound):
            await vault.ask(READ, "cubbyhole/x", token)
    await vault.tokens.revoke(other)
    assert await vault.data(READ, "cubbyhole/x", one) == {"a": "b"}


async def test_what_is_refused() -> None:
    vault = await World().begin()
    with pytest.raises(BadRequest, match="missing data fields"):
        await vault.ask(WRITE, "cubbyhole/x")
    for path in ("cubbyhole/", "cubbyhole/d/"):
        with pytest.raises(BadRequest, match="cannot write to a path ending in '/'"):
            await vault.ask(WRITE, path, a="b")


async def test_a_write_is_a_creation_where_nothing_is() -> None:
    vault = await World().begin()
    request = await vault.request(WRITE, "cubbyhole/x", a="b")
    assert not await vault.cubbyhole.exists(request)
    await vault.answer(request)
    assert await vault.cubbyhole.exists(request)
