"""AppRole: roles, secret ids and logins, as clients see them."""

import asyncio
from typing import Any

import pytest

from stratumiops.vault import clock
from stratumiops.vault.auth.approle.backend import AppRoleBackend
from stratumiops.vault.errors import BadRequest, NotFound, PermissionDenied, UnsupportedOperation, UnsupportedPath
from stratumiops.vault.request import Auth, Operation, Request

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path
from ..slow import slowly_mounted  # noqa: TID252

REFUSED = "invalid role or secret ID"


@pytest.fixture
def method() -> Mounted:
    return mounted(AppRoleBackend, "auth/approle/")


async def login(method: Mounted, address: str = "127.0.0.1", **ids: str) -> Auth:
    found = await method.ask(Operation.UPDATE, "login", ids, remote_address=address)
    assert found is not None
    assert found.auth is not None
    return found.auth


async def role(method: Mounted, name: str = "r", **fields: Any) -> str:
    await method.write(f"role/{name}", **fields)
    return str((await method.read(f"role/{name}/role-id"))["role_id"])


async def secret_id(method: Mounted, name: str = "r", **fields: Any) -> str:
    return str((await method.write(f"role/{name}/secret-id", **fields))["secret_id"])


async def test_a_login(method: Mounted) -> None:
    role_id = await role(method, token_policies="p2,P1", token_ttl="1h", token_max_ttl="2h", token_num_uses=7)
    auth = await login(method, role_id=role_id, secret_id=await secret_id(method, metadata='{"a":"b"}'))
    assert (auth.policies, auth.metadata) == (["p1", "p2"], {"a": "b", "role_name": "r"})
    assert (auth.ttl, auth.max_ttl, auth.num_uses, auth.token_type) == (3600, 7200, 7, "service")
    assert (auth.display_name, auth.orphan, auth.renewable) == ("approle", True, True)


async def test_whatever_is_wrong_the_text_is_the_same(method: Mounted) -> None:
    role_id = await role(method)
    good = await secret_id(method)
    other = await role(method, "other")
    for ids in ((role_id, "x"), ("nope", good), ("nope", "x"), (other, good), (role_id.upper(), good)):
        with pytest.raises(BadRequest, match=f"^{REFUSED}$"):
            await login(method, role_id=ids[0], secret_id=ids[1])
    with pytest.raises(BadRequest, match="missing role_id"):
        await login(method, secret_id=good)
    with pytest.raises(BadRequest, match="missing secret_id"):
        await login(method, role_id=role_id)
    await login(method, role_id=role_id, secret_id=good)


@pytest.mark.parametrize("uses", [1, 3])
async def test_simultaneous_logins_use_up_what_there_is(uses: int) -> None:
    method = slowly_mounted(AppRoleBackend, "auth/approle/")
    role_id = await role(method, secret_id_num_uses=uses)
    good = await secret_id(method)
    results = await asyncio.gather(
        *(login(method, role_id=role_id, secret_id=good) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, Auth) for result in results) == uses
    assert [str(result) for result in results if not isinstance(result, Auth)] == [REFUSED] * (10 - uses)
    with pytest.raises(NotFound):
        await method.names("role/r/secret-id")


async def test_what_is_left_of_a_secret_id_is_shown(method: Mounted) -> None:
    role_id = await role(method, secret_id_num_uses=3, secret_id_ttl="30m", token_ttl="10m")
    made = await method.write("role/r/custom-secret-id", secret_id="custom", metadata="a=b, c=d")
    assert (made["secret_id"], made["secret_id_num_uses"], made["secret_id_ttl"]) == ("custom", 3, 1800)
    created = method.system.at
    method.system.at += 60
    await login(method, role_id=role_id, secret_id="custom")
    shown = {
        "cidr_list": [], "creation_time": clock.rfc3339(created), "expiration_time": clock.rfc3339(created + 1800),
        "last_updated_time": clock.rfc3339(created + 60), "metadata": {"a": "b", "c": "d"},
        "secret_id_accessor": made["secret_id_accessor"], "secret_id_num_uses": 2, "secret_id_ttl": 1800,
        "token_bound_cidrs": [],
    }  # fmt: skip
    assert await method.write("role/r/secret-id/lookup", secret_id="custom") == shown
    accessor = {"secret_id_accessor": made["secret_id_accessor"]}
    assert await method.write("role/r/secret-id-accessor/lookup", **accessor) == shown
    assert await method.names("role/r/secret-id") == [made["secret_id_accessor"]]
    with pytest.raises(BadRequest, match="SecretID is already registered"):
        await method.write("role/r/custom-secret-id", secret_id="custom")
    method.system.at = created + 1800
    with pytest.raises(BadRequest, match=REFUSED):
        await login(method, role_id=role_id, secret_id="custom")
    assert await method.ask(Operation.UPDATE, "role/r/secret-id/lookup", {"secret_id": "custom"}) is None


async def test_destroyed_ones_are_gone(method: Mounted) -> None:
    role_id = await role(method)
    first = await secret_id(method)
    await method.write("role/r/secret-id/destroy", secret_id=first)
    await method.write("role/r/secret-id/destroy", secret_id=first)
    made = await method.write("role/r/secret-id")
    await method.write("role/r/secret-id-accessor/destroy", secret_id_accessor=made["secret_id_accessor"])
    for gone in (first, made["secret_id"]):
        with pytest.raises(BadRequest, match=REFUSED):
            await login(method, role_id=role_id, secret_id=gone)
    nope = {"secret_id_accessor": "nope"}
    found = await method.ask(Operation.UPDATE, "role/r/secret-id-accessor/lookup", nope)
    assert found is not None
    assert (found.status, found.data) == (
        404,
        {"error": 'failed to find accessor entry for secret_id_accessor: "nope"'},
    )
    with pytest.raises(BadRequest, match="failed to find accessor entry"):
        await method.write("role/r/secret-id-accessor/destroy", **nope)


async def test_a_role_is_shown_and_changed(method: Mounted) -> None:
    await role(method, "Web", token_policies="a", policies="b", secret_id_num_uses="5", token_bound_cidrs="10.1.2.3/32")
    assert await method.read("role/web") == {
        "bind_secret_id": True, "local_secret_ids": False, "secret_id_bound_cidrs": None, "secret_id_num_uses": 5,
        "secret_id_ttl": 0, "token_bound_cidrs": ["10.1.2.3"], "token_explicit_max_ttl": 0, "token_max_ttl": 0,
        "token_no_default_policy": False, "token_num_uses": 0, "token_period": 0, "token_policies": ["a"],
        "token_strictly_bind_ip": False, "token_ttl": 0, "token_type": "default",
    }  # fmt: skip
    await method.write("role/web", policies=["c", "b"])
    found = await method.read("role/WEB")
    assert (found["policies"], found["token_policies"], found["secret_id_num_uses"]) == (["b", "c"], ["b", "c"], 5)
    assert await method.names("role") == ["web"]
    await method.delete("role/web")
    await method.delete("role/web")
    for ask in (method.read("role/web"), method.names("role"), method.read("role/web/role-id")):
        with pytest.raises(NotFound):
            await ask


async def test_single_fields(method: Mounted) -> None:
    await role(method, token_policies="a", token_ttl=60)
    await method.write("role/r/policies", policies="b,c")
    assert await method.read("role/r/policies") == {"token_policies": ["b", "c"], "policies": ["b", "c"]}
    await method.delete("role/r/policies")
    await method.write("role/r/secret-id-num-uses", secret_id_num_uses=4)
    await method.delete("role/r/token-ttl")
    found = await method.read("role/r")
    assert (found["token_policies"], found["secret_id_num_uses"], found["token_ttl"]) == ([], 4, 0)
    assert await method.read("role/r/local-secret-ids") == {"local_secret_ids": False}
    for operation in (Operation.UPDATE, Operation.DELETE):
        with pytest.raises(UnsupportedOperation):
            await method.ask(operation, "role/r/local-secret-ids", {"local_secret_ids": True})
    with pytest.raises(UnsupportedPath):
        await method.read("role/r/nothing")


async def test_a_role_keeps_its_id_for_itself(method: Mounted) -> None:
    await role(method)
    await role(method, "other")
    await method.write("role/r/role-id", role_id="mine")
    for ask in (method.write("role/other/role-id", role_id="mine"), method.write("role/new", role_id="mine")):
        with pytest.raises(BadRequest, match="role_id already in use"):
            await ask
    await method.write("role/r/role-id", role_id="newer")
    await method.write("role/other/role-id", role_id="mine")
    good = await secret_id(method)
    with pytest.raises(BadRequest, match=REFUSED):
        await login(method, role_id="mine", secret_id=good)
    await login(method, role_id="newer", secret_id=good)


async def test_a_role_made_anew_knows_none_of_the_old_secret_ids(method: Mounted) -> None:
    await role(method, role_id="mine")
    old = await secret_id(method)
    await method.delete("role/r")
    await role(method, role_id="mine")
    with pytest.raises(BadRequest, match=REFUSED):
        await login(method, role_id="mine", secret_id=old)
    assert await method.backend.view.keys("secret-ids/") == []


async def test_where_logins_come_from(method: Mounted) -> None:
    role_id = await role(method, secret_id_bound_cidrs="10.0.0.0/8", secret_id_num_uses=1)
    good = await secret_id(method, cidr_list="10.1.0.0/16", token_bound_cidrs="10.1.1.0/24")
    for address in ("127.0.0.1", "10.2.0.1", "", "::1"):
        with pytest.raises(BadRequest, match="unauthorized through CIDR restrictions"):
            await login(method, address, role_id=role_id, secret_id=good)
    assert (await login(method, "::ffff:10.1.1.1", role_id=role_id, secret_id=good)).bound_cidrs == ["10.1.1.0/24"]
    await role(method, "open", bind_secret_id=False, token_bound_cidrs=["127.0.0.0/8"], role_id="open")
    assert (await login(method, role_id="open")).bound_cidrs == ["127.0.0.0/8"]
    with pytest.raises(PermissionDenied):
        await login(method, "10.0.0.1", role_id="open")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"bind_secret_id": False}, "at least one constraint should be enabled on the role"),
        ({"token_ttl": "2h", "token_max_ttl": "1h"}, "'token_ttl' cannot be greater than 'token_max_ttl'"),
        ({"token_type": "x"}, "invalid 'token_type' value \"x\""),
        ({"token_bound_cidrs": "x"}, 'error parsing address "x"'),
        ({"secret_id_bound_cidrs": "10.0.0.1"}, "invalid CIDR address: 10.0.0.1"),
        ({"secret_id_num_uses": -1}, "cannot be negative"),
        ({"token_num_uses": -1}, "cannot be negative"),
        ({"token_type": "batch", "token_num_uses": 1}, "cannot be 'batch'"),
        ({"token_ttl": []}, "token_ttl"),
        ({"token_policies": {}}, "token_policies"),
    ],
)
async def test_roles_that_cannot_be(method: Mounted, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as error:
        await role(method, **fields)
    assert text in str(error.value)
    with pytest.raises(NotFound):
        await method.names("role")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"ttl": "10h"}, "ttl cannot be longer than the role's secret_id_ttl"),
        ({"num_uses": 20}, "num_uses cannot be higher than the role's secret_id_num_uses"),
        ({"num_uses": 0}, "num_uses cannot be higher than the role's secret_id_num_uses"),
        ({"num_uses": -1}, "num_uses cannot be negative"),
        ({"metadata": "x"}, "failed to parse metadata"),
        ({"metadata": '{"a":1}'}, "failed to parse metadata"),
        ({"metadata": "{"}, "failed to parse metadata"),
        ({"metadata": {"a": "b"}}, "metadata"),
        ({"cidr_list": "x"}, "invalid CIDR address: x"),
        ({"cidr_list": "11.0.0.0/8"}, "not within"),
        ({"cidr_list": "::/0"}, "not within"),
    ],
)
async def test_secret_ids_that_cannot_be(method: Mounted, fields: dict[str, Any], text: str) -> None:
    await role(method, secret_id_num_uses=3, secret_id_ttl="30m", secret_id_bound_cidrs="10.0.0.0/8")
    with pytest.raises(BadRequest) as error:
        await secret_id(method, **fields)
    assert text in str(error.value)
    with pytest.raises(NotFound):
        await method.names("role/r/secret-id")


async def test_what_is_not_there(method: Mounted) -> None:
    with pytest.raises(NotFound, match='role "none" does not exist'):
        await secret_id(method, "none")
    for path in ("secret-id/lookup", "secret-id/destroy"):
        with pytest.raises(BadRequest, match="does not exist"):
            await method.write(f"role/none/{path}", secret_id="x")
    await role(method, "cidr", bind_secret_id=False, token_bound_cidrs="10.0.0.0/8")
    with pytest.raises(BadRequest, match="bind_secret_id is not set on the role"):
        await secret_id(method, "cidr")
    for name in ("a b", "-", "a\n", "é", "x" * 300):
        with pytest.raises(UnsupportedPath):
            await role(method, name)
    await role(method, "local", local_secret_ids=True)
    with pytest.raises(BadRequest, match="local_secret_ids can only be modified during role creation"):
        await role(method, "local", local_secret_ids=False)


async def test_no_root_tokens(method: Mounted) -> None:
    role_id = await role(method, token_policies="root")
    with pytest.raises(BadRequest, match="auth methods cannot create root tokens"):
        await login(method, role_id=role_id, secret_id=await secret_id(method))


async def test_ids_are_kept_as_digests(method: Mounted) -> None:
    await role(method, role_id="marker-role")
    await method.write("role/r/custom-secret-id", secret_id="marker-secret")
    view = method.backend.view
    keys = await view.keys()
    assert b"marker-secret" not in b"".join([await view.get(key) or b"" for key in keys])
    assert not any("marker" in key for key in keys)


async def test_tidying_forgets_those_that_have_ended(method: Mounted) -> None:
    await role(method)
    await secret_id(method, ttl=10)
    kept = await method.write("role/r/secret-id", ttl=100)
    method.system.at += 50
    found = await method.ask(Operation.UPDATE, "tidy/secret-id", {})
    assert found is not None
    assert found.status == 202
    assert await method.names("role/r/secret-id") == [kept["secret_id_accessor"]]
    assert len(await method.backend.view.keys("secret-ids/")) == 1


async def test_only_the_login_needs_no_token(method: Mounted) -> None:
    for path, public in (("login", True), ("role/login", False), ("role/r/secret-id", False)):
        assert method.backend.is_public(Request("id", Operation.UPDATE, path)) is public


async def test_it_goes_on_after_a_seal(method: Mounted) -> None:
    role_id = await role(method)
    good = await secret_id(method)
    await method.backend.stop()
    await method.backend.start()
    await login(method, role_id=role_id, secret_id=good)
