"""Users that stay: their passwords change when it is time, and when somebody asks."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from stratumiops.vault.errors import BadRequest, Internal, NotFound

from ..mounted import Mounted  # noqa: TID252 - tests are no package on the path
from ..postgresql import Postgresql  # noqa: TID252


@pytest.fixture
async def user(engine: Mounted, postgresql: Postgresql) -> AsyncIterator[str]:
    """A user of the database, and the static role `static` for it."""
    name = f"static-{secrets.token_hex(4)}"
    await postgresql.ask(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'first'")
    await engine.write("static-roles/static", db_name="pg", username=name, rotation_period="1h")
    yield name
    await postgresql.ask(f'DROP ROLE "{name}"')


async def test_a_static_role(engine: Mounted, postgresql: Postgresql, user: str) -> None:
    found = await engine.read("static-creds/static")
    assert (found["username"], found["ttl"], found["rotation_period"]) == (user, 3600, 3600)
    assert await postgresql.gets_in(user, found["password"])
    assert not await postgresql.gets_in(user, "first")
    shown = await engine.read("static-roles/static")
    assert (shown["username"], shown["db_name"], shown["rotation_period"]) == (user, "pg", 3600)
    assert found["password"] not in str(shown)
    assert await engine.names("static-roles") == ["static"]


async def test_the_password_changes_when_it_is_time(engine: Mounted, postgresql: Postgresql, user: str) -> None:
    first = await engine.read("static-creds/static")
    engine.system.at += 3599
    assert (await engine.read("static-creds/static")) == {**first, "ttl": 1}
    engine.system.at += 1
    second = await engine.read("static-creds/static")
    assert second["ttl"] == 3600
    assert await postgresql.gets_in(user, second["password"])
    assert not await postgresql.gets_in(user, first["password"])
    await engine.write("rotate-role/static")
    assert not await postgresql.gets_in(user, second["password"])


async def test_it_changes_by_itself_once_started(engine: Mounted, postgresql: Postgresql, user: str) -> None:
    first = await engine.read("static-creds/static")
    engine.system.at += 3600
    await engine.backend.start()
    async with asyncio.timeout(20):
        while await postgresql.gets_in(user, first["password"]):
            await asyncio.sleep(0.05)
    await engine.backend.stop()


async def test_a_change_that_was_broken_off_is_made_once_more(
    engine: Mounted, postgresql: Postgresql, user: str
) -> None:
    view = engine.backend.view
    await view.write("static-roles/static", {**await view.read("static-roles/static"), "next_password": "next"})
    await postgresql.ask(f"ALTER ROLE \"{user}\" PASSWORD 'next'")
    await engine.write("rotate-role/static")
    assert (await engine.read("static-creds/static"))["password"] == "next"
    assert await postgresql.gets_in(user, "next")


async def test_a_change_that_fails_leaves_the_old_password(engine: Mounted, postgresql: Postgresql, user: str) -> None:
    first = await engine.read("static-creds/static")
    await engine.write("static-roles/static", rotation_statements="SELECT no_such_column")
    with pytest.raises(Internal, match="failed to set the password of the user"):
        await engine.write("rotate-role/static")
    assert (await engine.read("static-creds/static"))["password"] == first["password"]
    assert await postgresql.gets_in(user, first["password"])


@pytest.mark.parametrize(
    ("name", "fields", "text"),
    [
        ("static", {}, "database name is a required field"),
        ("static", {"db_name": "pg"}, "username is a required field"),
        ("static", {"db_name": "pg", "username": "u"}, "rotation_period is required to create static accounts"),
        ("static", {"db_name": "pg", "username": "u", "rotation_period": 1}, "must be 5 seconds or more"),
        ("static", {"db_name": "no", "username": "u", "rotation_period": 9}, "failed to find entry for connection"),
        ("other", {"db_name": "pg", "username": "u", "rotation_period": 9}, '"other" is not an allowed role'),
        ("app", {"db_name": "pg", "username": "u", "rotation_period": 9}, "Role and Static Role names must be unique"),
    ],
)  # fmt: skip
async def test_static_roles_that_cannot_be(engine: Mounted, name: str, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest, match=text):
        await engine.write(f"static-roles/{name}", **fields)
    with pytest.raises(NotFound):
        await engine.names("static-roles")


async def test_what_is_not_there(engine: Mounted, user: str) -> None:
    with pytest.raises(Internal, match="failed to set the password"):
        await engine.write("static-roles/st-none", db_name="pg", username="nobody-there", rotation_period=60)
    with pytest.raises(NotFound):
        await engine.read("static-roles/st-none")
    with pytest.raises(BadRequest, match="unknown role: none"):
        await engine.read("static-creds/none")
    with pytest.raises(BadRequest, match="no static role found for role name"):
        await engine.write("rotate-role/none")
    with pytest.raises(BadRequest, match="names must be unique"):
        await engine.write("roles/static", db_name="pg")
    with pytest.raises(BadRequest, match="cannot update static account username"):
        await engine.write("static-roles/static", username="other")
    await engine.delete("static-roles/static")
    assert user
    with pytest.raises(NotFound):
        await engine.read("static-roles/static")
