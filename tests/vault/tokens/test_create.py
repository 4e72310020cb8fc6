"""The creation of tokens: what is given, and what is refused, in the words that clients compare."""

from typing import Any

import pytest

from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.tokens import ids

from .world import READ, WRITE, World


async def world() -> World:
    return await World().begin()


async def test_the_root_token() -> None:
    vault = await world()
    assert vault.root.startswith("hvs.")
    assert len(vault.root) == 28
    data = await vault.data(READ, "auth/token/lookup-self")
    assert data["path"] == "auth/token/root"
    assert (data["policies"], data["expire_time"], data["ttl"]) == (["root"], None, 0)
    assert (data["orphan"], data["renewable"], data["type"]) == (True, False, "service")


async def test_what_is_told_of_a_new_token() -> None:
    vault = await world()
    auth = await vault.create(policies=["dev"], display_name="joe x!", meta={"a": 1}, ttl="1h")
    assert len(auth.client_token) == 28
    assert len(auth.accessor) == 24
    assert (list(auth.policies), auth.ttl, auth.renewable, auth.orphan) == (["default", "dev"], 3600, True, False)
    data = await vault.data(WRITE, "auth/token/lookup", token=auth.client_token)
    assert data == {
        "accessor": auth.accessor, "creation_time": 1_700_000_000, "creation_ttl": 3600,
        "display_name": "token-joe-x", "entity_id": "", "expire_time": "2023-11-14T23:13:20.000000000Z",
        "explicit_max_ttl": 0, "id": auth.client_token, "issue_time": "2023-11-14T22:13:20.000000000Z",
        "meta": {"a": "1"}, "num_uses": 0, "orphan": False, "path": "auth/token/create",
        "policies": ["default", "dev"], "renewable": True, "ttl": 3600, "type": "service",
    }  # fmt: skip


async def test_policies_that_are_unknown_are_told() -> None:
    vault = await world()
    answer = await vault.ask(WRITE, "auth/token/create", policies="dev, ghost")
    assert answer.warnings == ['Policy "ghost" does not exist']
    assert answer.auth is not None
    assert list(answer.auth.policies) == ["default", "dev", "ghost"]


@pytest.mark.parametrize(
    ("given", "ttl", "warnings"),
    [
        ({"ttl": "2h", "explicit_max_ttl": "1h"}, 3600,
         ['TTL of "2h" exceeded the effective max_ttl of "1h"; TTL value is capped accordingly']),
        ({"explicit_max_ttl": "1h"}, 3600,
         ['TTL of "768h" exceeded the effective max_ttl of "1h"; TTL value is capped accordingly']),
        ({"period": "1h", "explicit_max_ttl": "30m"}, 1800,
         ['period of "1h" exceeded the effective max_ttl of "30m"; period value is capped accordingly']),
        ({"period": "7261s", "explicit_max_ttl": "3661s"}, 3661,
         ['period of "2h1m1s" exceeded the effective max_ttl of "1h1m1s"; period value is capped accordingly']),
        ({"period": "10000h"}, 2_764_800,
         ['period of "10000h" exceeded the effective max_ttl of "768h"; period value is capped accordingly']),
        ({"ttl": "10000h"}, 2_764_800,
         ['TTL of "10000h" exceeded the effective max_ttl of "768h"; TTL value is capped accordingly']),
        ({"ttl": 90}, 90, []),
        ({"lease": "1h"}, 3600, []),
        ({}, 2_764_800, []),
    ],
)  # fmt: skip
async def test_lifetimes(given: dict[str, Any], ttl: int, warnings: list[str]) -> None:
    vault = await world()
    answer = await vault.ask(WRITE, "auth/token/create", policies=["dev"], **given)
    assert answer.auth is not None
    assert (answer.auth.ttl, answer.warnings) == (ttl, warnings)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"num_uses": -1}, "number of uses cannot be negative"),
        ({"ttl": "-1h"}, "ttl must be positive"),
        ({"ttl": -1}, "ttl must be positive"),
        ({"ttl": "soon"}, "'ttl'"),
        ({"ttl": {}}, "'ttl'"),
        ({"policies": {"a": 1}}, "'policies'"),
        ({"meta": ["a"]}, '"meta"'),
        ({"meta": {"a": {}}}, '"meta"'),
        ({"renewable": "x"}, "'renewable'"),
        ({"type": "foo"}, "invalid 'token_type' value"),
        ({"policies": ["response-wrapping"]}, 'cannot assign policy "response-wrapping"'),
        ({"entity_alias": "x"}, "'entity_alias' is only allowed in combination with token role"),
        ({"id": "hvs.foo"}, "custom token ID cannot have the 'hvs.' prefix"),
        ({"id": "a.b"}, "custom token ID cannot have a '.' in the value"),
        ({"type": "batch", "num_uses": 2}, 'batch tokens cannot have "num_uses" set'),
        ({"type": "batch", "period": "1h"}, 'batch tokens cannot have "period" set'),
        ({"type": "batch", "explicit_max_ttl": "1h"}, 'batch tokens cannot have "explicit_max_ttl" set'),
        ({"type": "batch", "policies": ["root"]}, "batch tokens cannot be root tokens"),
    ],
)
async def test_what_is_refused(given: dict[str, Any], text: str) -> None:
    vault = await world()
    before = vault.stored()
    with pytest.raises(BadRequest) as refused:
        await vault.create(**{"policies": ["dev"], **given})
    assert text in str(refused.value)
    assert vault.stored() == before


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"policies": ["dev2"]}, "child policies must be subset of parent"),
        ({"policies": ["root"]}, "child policies must be subset of parent"),
        ({"id": "foo"}, "root or sudo privileges required to specify token id"),
        ({"period": "1h"}, "root or sudo privileges required to create periodic token"),
        ({"no_parent": True}, "root or sudo privileges required to create orphan token"),
        ({"no_parent": "true"}, "root or sudo privileges required to create orphan token"),
    ],
)
async def test_what_a_token_without_sudo_may_not(given: dict[str, Any], text: str) -> None:
    vault = await world()
    plain = await vault.token()
    with pytest.raises(BadRequest, match=text):
        await vault.create(plain, **given)


async def test_what_sudo_allows() -> None:
    vault = await world()
    sudoer = await vault.create(policies=["su"])
    vault.sudo.add(sudoer.accessor)
    auth = await vault.create(sudoer.client_token, policies=["dev2"], no_parent=True, period="1h", id="abc")
    assert (auth.client_token, auth.orphan, auth.ttl) == ("abc", True, 3600)
    assert list(auth.policies) == ["default", "dev2"]
    with pytest.raises(BadRequest, match="root tokens may not be created without parent token being root"):
        await vault.create(sudoer.client_token, policies=["root"])
    with pytest.raises(BadRequest, match="cannot create a token with a duplicate ID"):
        await vault.create(id="abc", policies=["dev"])


async def test_policies_of_children() -> None:
    vault = await world()
    parent = await vault.token()
    assert list((await vault.create(parent)).policies) == ["default", "dev"]
    bare = await vault.create(parent, no_default_policy=True)
    assert list(bare.policies) == ["dev"]
    assert list((await vault.create(bare.client_token, policies=["dev"])).policies) == ["dev"]
    assert (await vault.create(parent, how="create-orphan")).orphan
    assert list((await vault.create(policies=["root", "dev"], ttl="1h")).policies) == ["root"]
    assert list((await vault.create(policies=["default"], no_default_policy=True)).policies) == []


async def test_a_root_token_that_ends_makes_none_that_does_not() -> None:
    vault = await world()
    brief = await vault.create(policies=["root"], ttl="1h")
    assert brief.renewable
    with pytest.raises(BadRequest, match="expiring root tokens cannot create non-expiring root tokens"):
        await vault.create(brief.client_token)
    assert (await vault.create(brief.client_token, ttl="2h")).ttl == 7200


async def test_tokens_for_few_requests_have_no_children() -> None:
    vault = await world()
    few = await vault.token(num_uses=3)
    for how in ("create", "create-orphan"):
        with pytest.raises(BadRequest, match="restricted use token cannot generate child tokens"):
            await vault.create(few, how=how)


async def test_no_child_of_a_token_that_is_being_revoked() -> None:
    vault = await world()
    parent = await vault.token()
    request = await vault.request(WRITE, "auth/token/create", parent)
    await vault.ask(WRITE, "auth/token/revoke", token=parent)
    before = vault.stored()
    with pytest.raises(PermissionDenied):
        await vault.answer(request)
    assert vault.stored() == before


def test_random_texts_are_letters_and_digits() -> None:
    texts = {ids.base62() for _ in range(500)}
    assert len(texts) == 500
    assert all(len(text) == 24 and text.isalnum() and text.isascii() for text in texts)
    assert len(set("".join(texts))) == 62
