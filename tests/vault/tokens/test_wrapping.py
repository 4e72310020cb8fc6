"""Response wrapping."""

import asyncio

import pytest

from stratumiops.vault.errors import BadRequest, PermissionDenied, VaultError
from stratumiops.vault.request import Operation
from stratumiops.vault.tokens.wrapping import allows, is_wrapping

from .world import READ, WRITE, World

BODY = b'{"data":{"a":"marker"}}'
INVALID = "wrapping token is not valid or does not exist"


async def unwrapped(vault: World, client_token: str = "", **data: str) -> bytes:
    answer = await vault.ask(WRITE, "sys/wrapping/unwrap", client_token, **data)
    assert answer.raw is not None
    assert answer.raw.content_type == "application/json"
    return answer.raw.body


async def test_the_answer_is_given_once() -> None:
    vault = await World().begin()
    before = vault.stored()
    info = await vault.wrapping.wrap(BODY, 60, "auth/token/create", "accessor-of-the-token")
    assert info == {
        "token": info["token"], "accessor": info["accessor"], "ttl": 60,
        "creation_time": "2023-11-14T22:13:20.000000000Z", "creation_path": "auth/token/create",
        "wrapped_accessor": "accessor-of-the-token",
    }  # fmt: skip
    looked_up = {"creation_path": "auth/token/create", "creation_time": info["creation_time"], "creation_ttl": 60}
    assert await vault.data(WRITE, "sys/wrapping/lookup", token=info["token"]) == looked_up
    assert await vault.data(READ, "sys/wrapping/lookup", info["token"]) == looked_up
    assert await unwrapped(vault, info["token"]) == BODY
    assert vault.stored() == before
    for client_token, data in ((info["token"], {}), ("", {"token": info["token"]}), ("", {}), ("", {"token": "nope"})):
        with pytest.raises(BadRequest, match=INVALID):
            await unwrapped(vault, client_token, **data)


async def test_as_a_field_it_needs_another_token() -> None:
    vault = await World().begin()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x")
    request = await vault.request(WRITE, "sys/wrapping/unwrap", token=info["token"])
    request.client_token, request.token = "", None
    with pytest.raises(PermissionDenied):
        await vault.answer(request)
    assert await unwrapped(vault, token=info["token"]) == BODY


async def test_of_many_at_once_one_gets_it() -> None:
    vault = await World().begin()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x")
    found = await asyncio.gather(*(unwrapped(vault, info["token"]) for _ in range(16)), return_exceptions=True)
    assert sum(one == BODY for one in found) == 1
    assert sum(isinstance(one, VaultError) for one in found) == 15


async def test_rewrapped_the_old_token_is_void() -> None:
    vault = await World().begin()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x", "acc")
    answer = await vault.ask(WRITE, "sys/wrapping/rewrap", token=info["token"])
    assert answer.wrap_info is not None
    assert {**answer.wrap_info, "token": "", "accessor": ""} == {**info, "token": "", "accessor": ""}
    with pytest.raises(BadRequest, match=INVALID):
        await unwrapped(vault, info["token"])
    assert await unwrapped(vault, token=answer.wrap_info["token"]) == BODY
    with pytest.raises(BadRequest, match=INVALID):
        await vault.ask(WRITE, "sys/wrapping/rewrap", token=info["token"])


async def test_it_ends_with_its_time_and_leaves_nothing() -> None:
    vault = await World().begin()
    before = vault.stored()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x")
    vault.system.at += 60
    with pytest.raises(BadRequest, match=INVALID):
        await unwrapped(vault, info["token"])
    await vault.worker.expire_due()
    assert vault.stored() == before


async def test_other_tokens_are_no_wrapping_tokens() -> None:
    vault = await World().begin()
    token = await vault.token()
    for path in ("lookup", "unwrap", "rewrap"):
        with pytest.raises(BadRequest, match=INVALID):
            await vault.ask(WRITE, f"sys/wrapping/{path}", token=token)
    assert await vault.is_alive(token)


async def test_what_a_wrapping_token_may_do() -> None:
    vault = await World().begin()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x")
    token = await vault.tokens.lookup(info["token"])
    assert token is not None
    assert is_wrapping(token)
    assert allows("sys/wrapping/unwrap", Operation.UPDATE)
    assert allows("sys/wrapping/lookup", Operation.READ)
    assert not allows("sys/wrapping/rewrap", Operation.UPDATE)
    assert not allows("cubbyhole/response", Operation.READ)
    data = await vault.data(WRITE, "auth/token/lookup", token=info["token"])
    assert (data["num_uses"], data["policies"], data["type"]) == (1, ["response-wrapping"], "service")


async def test_wrap_echoes_and_needs_a_ttl() -> None:
    vault = await World().begin()
    with pytest.raises(BadRequest, match="endpoint requires response wrapping to be used"):
        await vault.ask(WRITE, "sys/wrapping/wrap", a="b")
    request = await vault.request(WRITE, "sys/wrapping/wrap", a="b")
    request.wrap_ttl = 60
    assert (await vault.answer(request)).data == {"a": "b"}


async def test_revoking_a_wrapping_token_drops_the_answer() -> None:
    vault = await World().begin()
    before = vault.stored()
    info = await vault.wrapping.wrap(BODY, 60, "kv/data/x")
    await vault.ask(WRITE, "auth/token/revoke-accessor", accessor=info["accessor"])
    assert vault.stored() == before
