"""Userpass: users, logins, and those who guess."""

import asyncio
from typing import Any

import pytest

from stratumiops.vault.auth.userpass.backend import UserpassBackend
from stratumiops.vault.errors import BadRequest, NotFound, PermissionDenied, UnsupportedPath
from stratumiops.vault.request import Auth, Operation, Request

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path


@pytest.fixture
def method() -> Mounted:
    return mounted(UserpassBackend, "auth/people/")


async def login(method: Mounted, name: str, password: Any, address: str = "127.0.0.1") -> Auth:
    found = await method.ask(Operation.UPDATE, f"login/{name}", {"password": password}, remote_address=address)
    assert found is not None
    assert found.auth is not None
    return found.auth


async def test_a_login(method: Mounted) -> None:
    await method.write("users/Ada", password="good", policies="b,a", ttl="1h", max_ttl="2h")
    auth = await login(method, "ADA", "good")
    assert (auth.policies, auth.metadata, auth.display_name) == (["a", "b"], {"username": "ada"}, "people-ada")
    assert (auth.ttl, auth.max_ttl) == (3600, 7200)
    for name, password in (("ada", "bad"), ("nobody", "good"), ("ada", "good "), ("ada", "x" * 5000)):
        with pytest.raises(BadRequest, match=r"^invalid username or password$"):
            await login(method, name, password)
    for password in ("", None):
        with pytest.raises(BadRequest, match="missing password"):
            await login(method, "ada", password)


async def test_a_user_is_shown_without_the_password(method: Mounted) -> None:
    await method.write("users/ada", password="marker-password", policies="a", ttl="1h")
    assert await method.read("users/ada") == {
        "policies": ["a"], "ttl": 3600, "token_bound_cidrs": [], "token_explicit_max_ttl": 0, "token_max_ttl": 0,
        "token_no_default_policy": False, "token_num_uses": 0, "token_period": 0, "token_policies": ["a"],
        "token_strictly_bind_ip": False, "token_ttl": 3600, "token_type": "default",
    }  # fmt: skip
    assert await method.names("users") == ["ada"]
    await method.write("users/ada", token_policies="c")
    await login(method, "ada", "marker-password")
    assert "policies" not in await method.read("users/ada")
    kept = b"".join([await method.backend.view.get(key) or b"" for key in await method.backend.view.keys()])
    assert b"$argon2id$" in kept
    assert b"marker-password" not in kept


async def test_a_new_password_and_new_policies(method: Mounted) -> None:
    await method.write("users/ada", password="old")
    await method.write("users/ada/password", password="new")
    await method.write("users/ada/policies", token_policies=["x"], password="not this one")
    with pytest.raises(BadRequest):
        await login(method, "ada", "old")
    assert (await login(method, "ada", "new")).policies == ["x"]
    await method.delete("users/ada")
    await method.delete("users/ada")
    with pytest.raises(BadRequest, match="invalid username or password"):
        await login(method, "ada", "new")
    for path, data in (("password", {"password": "x"}), ("policies", {"policies": "x"})):
        with pytest.raises(BadRequest, match="username does not exist"):
            await method.write(f"users/ada/{path}", **data)


async def test_what_is_refused(method: Mounted) -> None:
    for data in ({}, {"password": ""}, {"policies": "a"}):
        with pytest.raises(BadRequest, match="must provide either password or password_hash"):
            await method.write("users/ada", **data)
    for more in ({"password": "x" * 5000}, {"password": []}, {"password_hash": "x"}, {"password": "x", "ttl": "soon"}):
        with pytest.raises(BadRequest):
            await method.write("users/ada", **more)
    for path in ("users/a b", "users/a/b", "users/-"):
        with pytest.raises(UnsupportedPath):
            await method.write(path, password="x")
    for ask in (method.read("users/ada"), method.names("users")):
        with pytest.raises(NotFound):
            await ask


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_who_guesses_is_locked_out_for_longer_and_longer(method: Mounted, name: str) -> None:
    await method.write("users/ada", password="good")
    for _ in range(5):
        with pytest.raises(BadRequest):
            await login(method, name, "bad")
    with pytest.raises(PermissionDenied):
        await login(method, name, "good")
    method.system.at += 61
    with pytest.raises(BadRequest):
        await login(method, name, "bad")
    method.system.at += 61
    with pytest.raises(PermissionDenied):
        await login(method, name, "good")
    method.system.at += 60
    if name == "ada":
        await login(method, name, "good")
        for _ in range(4):
            with pytest.raises(BadRequest):
                await login(method, name, "bad")
        await login(method, name, "good")


async def test_guesses_at_once_count_one_by_one(method: Mounted) -> None:
    await method.write("users/ada", password="good")
    results = await asyncio.gather(*(login(method, "ada", f"bad {one}") for one in range(12)), return_exceptions=True)
    assert [type(result) for result in results] == [BadRequest] * 5 + [PermissionDenied] * 7


async def test_where_logins_come_from(method: Mounted) -> None:
    await method.write("users/ada", password="good", token_bound_cidrs="10.0.0.0/8", token_strictly_bind_ip=True)
    with pytest.raises(PermissionDenied):
        await login(method, "ada", "good", "127.0.0.1")
    assert (await login(method, "ada", "good", "10.0.0.5")).bound_cidrs == ["10.0.0.5"]


async def test_the_kind_of_token(method: Mounted) -> None:
    await method.write("users/ada", password="good", token_type="batch")
    assert (await login(method, "ada", "good")).token_type == "batch"
    await method.write("users/ada", token_type="default")
    method.backend.mount.token_type = "default-batch"
    assert (await login(method, "ada", "good")).token_type == "batch"


async def test_only_the_login_needs_no_token(method: Mounted) -> None:
    for path, public in (("login/ada", True), ("users/ada", False), ("users/login/password", False)):
        assert method.backend.is_public(Request("id", Operation.UPDATE, path)) is public
