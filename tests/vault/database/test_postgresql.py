"""Credentials of a real PostgreSQL: made, renewed, revoked, rotated."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from stratumiops.vault.errors import BadRequest, Internal, NotFound
from stratumiops.vault.request import Operation, Secret

from ..mounted import Mounted  # noqa: TID252 - tests are no package on the path
from ..postgresql import Postgresql  # noqa: TID252
from .conftest import CREATE


async def made(engine: Mounted, role: str = "app") -> tuple[str, str, Secret]:
    found = await engine.ask(Operation.READ, f"creds/{role}", {})
    assert found is not None
    assert found.data is not None
    assert found.secret is not None
    return found.data["username"], found.data["password"], found.secret


async def test_a_user_lives_as_long_as_the_lease(engine: Mounted, postgresql: Postgresql) -> None:
    user, password, secret = await made(engine)
    assert (secret.ttl, secret.max_ttl, secret.renewable) == (3600, 7200, True)
    assert user.startswith("v--app-")
    assert password not in repr(secret)
    assert await postgresql.gets_in(user, password)
    assert not await postgresql.gets_in(user, password + "x")
    until = "SELECT extract(epoch FROM rolvaliduntil)::float8 FROM pg_roles WHERE rolname = $1"
    assert (await postgresql.ask(until, user))[0] == pytest.approx(engine.system.at + 3605, abs=1)
    engine.system.at += 1800
    renewed = await engine.backend.renew(secret, 0)
    assert (renewed.ttl, renewed.internal) == (3600, secret.internal)
    assert (await postgresql.ask(until, user))[0] == pytest.approx(engine.system.at + 3605, abs=1)
    assert (await engine.backend.renew(secret, 100_000)).ttl == 5400
    await engine.backend.revoke(secret)
    assert user not in await postgresql.users()
    await engine.backend.revoke(secret)


async def test_each_gets_a_user_of_its_own(engine: Mounted) -> None:
    users = [await made(engine) for _ in range(3)]
    assert len({user for user, _, _ in users}) == len({password for _, password, _ in users}) == 3
    for _, _, secret in users:
        await engine.backend.revoke(secret)


async def test_a_revoked_user_is_thrown_out_and_leaves_what_it_made(engine: Mounted, postgresql: Postgresql) -> None:
    await postgresql.ask("CREATE SCHEMA IF NOT EXISTS work")
    await postgresql.ask("GRANT ALL ON SCHEMA work TO readers")
    user, password, secret = await made(engine)
    session = await asyncpg.connect(postgresql.of(user, password))
    await session.execute("CREATE TABLE work.kept AS SELECT 1 AS one")
    await engine.backend.revoke(secret)
    async with asyncio.timeout(20):
        while not session.is_closed():
            await asyncio.sleep(0.01)
    assert user not in await postgresql.users()
    assert await postgresql.ask("SELECT one FROM work.kept") == [1]
    await postgresql.ask("DROP SCHEMA work CASCADE")


async def test_statements_of_the_role_are_used(engine: Mounted, postgresql: Postgresql) -> None:
    await engine.write(
        "roles/app", creation_statements=[CREATE, 'GRANT pg_read_all_data TO "{{name}}"; SELECT \';\''],
        revocation_statements='DROP ROLE IF EXISTS "{{name}}"',
        renew_statements="ALTER ROLE \"{{name}}\" VALID UNTIL 'infinity'",
    )  # fmt: skip
    user, _, secret = await made(engine)
    await engine.delete("roles/app")
    await engine.backend.renew(secret, 60)
    assert await postgresql.ask("SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = $1", user) == ["infinity"]
    await engine.backend.revoke(secret)
    assert user not in await postgresql.users()


async def test_a_creation_is_done_whole_or_not_at_all(engine: Mounted, postgresql: Postgresql) -> None:
    before = await postgresql.users()
    await engine.write("roles/app", creation_statements=[CREATE, "SELECT no_such_column"])
    with pytest.raises(Internal, match="failed to create user: PostgreSQL refused: UndefinedColumn, SQLSTATE 42703"):
        await made(engine)
    assert await postgresql.users() == before


async def test_an_error_repeats_no_password(engine: Mounted) -> None:
    await engine.write("roles/app", creation_statements='CREATE ROLE "{{name}}" PASSWORD {{password}}x\'')
    with pytest.raises(BadRequest, match="has to stand in quotes"):
        await made(engine)
    await engine.write("roles/app", creation_statements='CREATE ROLE "{{password}}" "{{password}}"')
    with pytest.raises(Internal) as error:
        await made(engine)
    assert str(error.value) == "failed to create user: PostgreSQL refused: PostgresSyntax, SQLSTATE 42601"


async def test_a_name_that_breaks_out_does_not(engine: Mounted, postgresql: Postgresql) -> None:
    name = "o'dd\"; DROP ROLE readers; --"
    quoted = name.replace('"', '\\"')
    await engine.write("config/pg", username_template=f'{{{{ printf "{quoted}%s" (random 5) }}}}')
    user, password, secret = await made(engine)
    assert name in user
    assert await postgresql.gets_in(user, password)
    assert "readers" in await postgresql.users()
    await engine.backend.revoke(secret)
    assert user not in await postgresql.users()


async def test_revocation_waits_for_the_database(
    engine: Mounted, postgresql: Postgresql, admin: tuple[str, str]
) -> None:
    user, _, secret = await made(engine)
    await engine.write("config/pg", password="wrong", verify_connection=False)
    with pytest.raises(Internal, match="failed to revoke a user"):
        await engine.backend.revoke(secret)
    assert user in await postgresql.users()
    await engine.write("config/pg", password=admin[1])
    await engine.backend.revoke(secret)
    assert user not in await postgresql.users()


async def test_what_is_refused(engine: Mounted) -> None:
    await engine.write("roles/other", db_name="pg", creation_statements=CREATE)
    await engine.write("roles/static", db_name="pg")
    refused = {
        "other": '"other" is not an allowed role',
        "none": "unknown role: none",
        "static": "no creation_statements",
    }
    for path, text in refused.items():
        with pytest.raises(BadRequest, match=text):
            await engine.read(f"creds/{path}")
    await engine.delete("config/pg")
    with pytest.raises(BadRequest, match="failed to find entry for connection"):
        await engine.read("creds/app")
    wrong = {"default_ttl": "x", "creation_statements": {}, "credential_type": "rsa_private_key"}
    with pytest.raises(BadRequest, match="database name is required"):
        await engine.write("roles/new")
    for field, value in wrong.items():
        with pytest.raises(BadRequest, match=field):
            await engine.write("roles/new", db_name="pg", **{field: value})


async def test_a_role_is_shown(engine: Mounted) -> None:
    assert await engine.read("roles/app") == {
        "creation_statements": [CREATE], "credential_type": "password", "db_name": "pg", "default_ttl": 3600,
        "max_ttl": 7200, "renew_statements": [], "revocation_statements": [], "rollback_statements": [],
    }  # fmt: skip
    await engine.write("roles/app", rollback_statements='["a, b", "c"]')
    assert (await engine.read("roles/app"))["rollback_statements"] == ["a, b", "c"]
    assert await engine.names("roles") == ["app"]
    await engine.delete("roles/app")
    with pytest.raises(NotFound):
        await engine.read("roles/app")


async def test_a_configuration_is_shown_without_passwords(
    engine: Mounted, postgresql: Postgresql, admin: tuple[str, str]
) -> None:
    assert await engine.read("config/pg") == {
        "allowed_roles": ["app", "st*"], "connection_details": {"connection_url": postgresql.url, "username": admin[0]},
        "password_policy": "", "plugin_name": "postgresql-database-plugin", "plugin_version": "",
        "root_credentials_rotate_statements": [],
    }  # fmt: skip
    url = postgresql.of(*admin)
    await engine.write("config/literal", plugin_name="postgresql-database-plugin", connection_url=url)
    assert admin[1] not in str(await engine.read("config/literal"))
    assert await engine.names("config") == ["literal", "pg"]
    await engine.delete("config/literal")
    with pytest.raises(NotFound):
        await engine.read("config/literal")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"plugin_name": ""}, "empty plugin name"),
        ({"plugin_name": "nope"}, "plugin not found in the catalog: nope"),
        ({}, "connection_url cannot be empty"),
        ({"connection_url": "host=x"}, "postgresql://"),
        ({"connection_url": "postgresql://127.0.0.1:1/x"}, "cannot be reached"),
        ({"connection_url": "postgresql://a:marker@[x"}, "cannot be reached"),
        ({"connection_url": "x", "username_template": "{{ nope }}"}, "username_template"),
        ({"connection_url": "x", "max_open_connections": -1}, "max_open_connections"),
    ],
)  # fmt: skip
async def test_configurations_that_cannot_be(engine: Mounted, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as error:
        await engine.write("config/x", **{"plugin_name": "postgresql-database-plugin", **fields})
    assert text in str(error.value)
    assert "marker" not in str(error.value)
    with pytest.raises(NotFound):
        await engine.read("config/x")


async def test_a_wrong_password_is_noticed_at_once(
    engine: Mounted, postgresql: Postgresql, admin: tuple[str, str]
) -> None:
    kind = "postgresql-database-plugin"
    usual = {"plugin_name": kind, "connection_url": postgresql.url, "username": admin[0]}
    with pytest.raises(BadRequest, match="error verifying connection") as error:
        await engine.write("config/x", **usual, password="marker")
    assert "marker" not in str(error.value)
    await engine.write("config/x", **usual, password="marker", verify_connection=False)
    with pytest.raises(Internal, match="error verifying connection"):
        await engine.write("reset/x")
    await engine.write("reset/pg")
    with pytest.raises(BadRequest, match="failed to find entry"):
        await engine.write("reset/none")


async def test_the_engines_own_password_is_rotated(
    engine: Mounted, postgresql: Postgresql, admin: tuple[str, str]
) -> None:
    await engine.write("rotate-root/pg")
    assert not await postgresql.gets_in(*admin)
    _, _, secret = await made(engine)
    await engine.backend.revoke(secret)
    await engine.write("rotate-root/pg")
    await engine.write("reset/pg")


@pytest.mark.parametrize("reached", [False, True])
async def test_a_rotation_that_was_broken_off(
    engine: Mounted, postgresql: Postgresql, admin: tuple[str, str], reached: bool
) -> None:
    """As after a crash before or after the database took the new password."""
    view = engine.backend.view
    kept = await view.read("config/pg")
    await view.write("config/pg", {**kept, "next_password": "next"})
    if reached:
        await postgresql.ask(f"ALTER ROLE \"{admin[0]}\" PASSWORD 'next'")
    await engine.backend.stop()
    _, _, secret = await made(engine)
    await engine.backend.revoke(secret)
    kept = await view.read("config/pg")
    assert (kept["password"], kept["next_password"]) == ("next" if reached else admin[1], "")


async def test_a_failed_rotation_leaves_the_old_password(engine: Mounted) -> None:
    await engine.write("config/pg", root_rotation_statements="SELECT no_such_column")
    with pytest.raises(Internal, match="failed to update user"):
        await engine.write("rotate-root/pg")
    await engine.write("reset/pg")
    _, _, secret = await made(engine)
    await engine.backend.revoke(replace(secret))
