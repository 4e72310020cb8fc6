"""Roles: kept, shown, and what tokens made by them are like."""

from typing import Any

import pytest

from stratumiops.vault.errors import BadRequest, NotFound

from .world import DELETE, LIST, READ, WRITE, World

EMPTY: dict[str, Any] = {
    "allowed_entity_aliases": None, "allowed_policies": [], "allowed_policies_glob": [], "disallowed_policies": [],
    "disallowed_policies_glob": [], "explicit_max_ttl": 0, "name": "r", "orphan": False, "path_suffix": "",
    "period": 0, "renewable": True, "token_explicit_max_ttl": 0, "token_no_default_policy": False, "token_period": 0,
    "token_type": "default-service",
}  # fmt: skip


async def with_role(**fields: Any) -> World:
    vault = await World().begin()
    await vault.ask(WRITE, "auth/token/roles/r", **fields)
    return vault


async def test_a_role_is_shown_as_it_is() -> None:
    vault = await with_role()
    assert await vault.data(READ, "auth/token/roles/r") == EMPTY
    fields = {
        "allowed_policies": "Dev,dev2", "orphan": True, "token_period": "1h", "renewable": False, "path_suffix": "suf",
        "token_bound_cidrs": "127.0.0.1/32", "token_num_uses": 3, "token_no_default_policy": True,
    }  # fmt: skip
    assert (await vault.ask(WRITE, "auth/token/roles/r", **fields)).status == 204
    await vault.ask(WRITE, "auth/token/roles/r", disallowed_policies=["x"])
    assert await vault.data(READ, "auth/token/roles/r") == {
        **EMPTY, "allowed_policies": ["dev", "dev2"], "orphan": True, "token_period": 3600, "renewable": False,
        "path_suffix": "suf", "token_bound_cidrs": ["127.0.0.1"], "token_num_uses": 3, "token_no_default_policy": True,
        "disallowed_policies": ["x"],
    }  # fmt: skip


async def test_older_names_of_fields() -> None:
    vault = await with_role(period="1h", explicit_max_ttl="3h", bound_cidrs="10.0.0.0/8")
    assert await vault.data(READ, "auth/token/roles/r") == {
        **EMPTY, "period": 3600, "token_period": 3600, "explicit_max_ttl": 10800, "token_explicit_max_ttl": 10800,
        "bound_cidrs": ["10.0.0.0/8"], "token_bound_cidrs": ["10.0.0.0/8"],
    }  # fmt: skip
    answer = await vault.ask(WRITE, "auth/token/roles/r", period="1h", token_period="2h")
    assert answer.warnings == [
        "Both 'token_period' and deprecated 'period' value supplied, ignoring the deprecated value"
    ]
    shown = await vault.data(READ, "auth/token/roles/r")
    assert (shown["period"], shown["token_period"]) == (0, 7200)


async def test_listed_and_deleted() -> None:
    vault = await World().begin()
    with pytest.raises(NotFound):
        await vault.ask(LIST, "auth/token/roles")
    for name in ("b", "A"):
        await vault.ask(WRITE, f"auth/token/roles/{name}")
    assert (await vault.data(LIST, "auth/token/roles"))["keys"] == ["A", "b"]
    for _ in range(2):
        assert (await vault.ask(DELETE, "auth/token/roles/b")).status == 204
    with pytest.raises(NotFound):
        await vault.ask(READ, "auth/token/roles/b")
    with pytest.raises(BadRequest, match="unknown role b"):
        await vault.create(how="create/b")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"token_type": "nope"}, "invalid 'token_type' value \"nope\""),
        ({"token_type": "default"}, "invalid 'token_type' value \"default\""),
        ({"token_type": "batch"}, "'token_type' cannot be 'batch' when role is set to generate non-orphan tokens"),
        ({"token_type": "batch", "orphan": True}, "renewable tokens"),
        ({"path_suffix": "a b!"}, r"must match \w[\w-.]+\w"),
        ({"token_period": "-1h"}, "'token_period'"),
        ({"token_bound_cidrs": "x"}, 'error parsing address "x"'),
        ({"token_num_uses": -1}, "cannot be negative"),
    ],
)
async def test_what_a_role_cannot_be(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await with_role(**fields)
    assert text in str(refused.value)


async def test_tokens_of_a_role() -> None:
    vault = await with_role(
        allowed_policies="dev,dev2", orphan=True, token_period="1h", renewable=False, path_suffix="suf",
        token_bound_cidrs="127.0.0.1/32", token_num_uses=3, token_no_default_policy=True,
    )  # fmt: skip
    auth = await vault.create(how="create/r", policies=["dev"], ttl="20m")
    assert (list(auth.policies), auth.ttl, auth.renewable, auth.orphan, auth.num_uses) == (
        ["dev"],
        3600,
        False,
        True,
        3,
    )
    data = await vault.data(READ, "auth/token/lookup-self", auth.client_token)
    assert (data["path"], data["role"], data["bound_cidrs"]) == ("auth/token/create/r/suf", "r", ["127.0.0.1"])
    names = (await vault.data(LIST, "sys/leases/lookup/auth/token/create/r/suf"))["keys"]
    assert names == ["h" + vault.tokens.id_of(auth.client_token)]
    assert list((await vault.create(how="create/r")).policies) == ["dev", "dev2"]


@pytest.mark.parametrize(
    ("role", "asked", "given"),
    [
        ({"allowed_policies": ["dev"]}, ["dev"], ["default", "dev"]),
        ({"allowed_policies": ["dev"]}, ["other"],
         'token policies (["default" "other"]) must be subset of the role\'s allowed policies (["default" "dev"]) '
         "or glob policies ([])"),
        ({"allowed_policies_glob": "d*"}, [], ["default"]),
        ({"allowed_policies_glob": "d*"}, ["dev"], ["default", "dev"]),
        ({"allowed_policies_glob": "a*c*e"}, ["abcde"], ["abcde", "default"]),
        ({"allowed_policies_glob": "a*c"}, ["ab"], "must be subset of the role's allowed policies"),
        ({"disallowed_policies": "default"}, ["dev"], ["dev"]),
        ({"disallowed_policies_glob": "d*"}, ["dev"], 'token policy "dev" is disallowed by this role'),
        ({"disallowed_policies_glob": "d*"}, ["foo"], ["foo"]),
        ({}, [], ["root"]),
        ({"allowed_policies": ["root"]}, [], ["root"]),
    ],
)  # fmt: skip
async def test_policies_by_role(role: dict[str, Any], asked: list[str], given: list[str] | str) -> None:
    vault = await with_role(**role)
    if isinstance(given, str):
        with pytest.raises(BadRequest) as refused:
            await vault.create(how="create/r", policies=asked)
        assert given in str(refused.value)
    else:
        assert list((await vault.create(how="create/r", policies=asked)).policies) == given


async def test_a_role_gives_what_its_caller_lacks_but_neither_root_nor_an_orphan() -> None:
    vault = await with_role(allowed_policies="dev2,root")
    plain = await vault.token()
    assert list((await vault.create(plain, how="create/r", policies=["dev2"])).policies) == ["default", "dev2"]
    with pytest.raises(BadRequest, match="root tokens may not be created"):
        await vault.create(plain, how="create/r", policies=["root"])
    assert not (await vault.create(plain, how="create/r", policies=["dev2"], no_parent=True)).orphan


async def test_the_lesser_maximum_counts() -> None:
    vault = await with_role(token_explicit_max_ttl="2h", token_type="default-batch")
    answer = await vault.ask(WRITE, "auth/token/create/r", policies=["dev"], explicit_max_ttl="1h", type="service")
    assert answer.warnings[0] == (
        "Explicit max TTL specified both during creation call and in role; using the lesser value of 3600 seconds"
    )
    with pytest.raises(BadRequest, match='batch tokens cannot have "explicit_max_ttl" set'):
        await vault.create(how="create/r", policies=["dev"])


async def test_roles_of_namespaces_are_apart() -> None:
    vault = await with_role(orphan=True)
    request = await vault.request(READ, "auth/token/roles/r")
    request.namespace = "team/"
    with pytest.raises(NotFound):
        await vault.answer(request)
