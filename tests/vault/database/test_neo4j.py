"""Credentials of a real Neo4j: made, revoked, rotated."""

import secrets
from collections.abc import AsyncIterator

import pytest
from neo4j import AsyncGraphDatabase
from neo4j.exceptions import AuthError

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.vault.engines.database.backend import DatabaseBackend
from stratumiops.vault.engines.database.drivers.neo4j import Neo4jDriver
from stratumiops.vault.errors import BadRequest, Internal
from stratumiops.vault.request import Operation

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path

pytestmark = pytest.mark.xdist_group("users of neo4j")  # they look at all users of the shared server


@pytest.fixture
async def engine(neo4j_settings: Neo4jSettings) -> AsyncIterator[Mounted]:
    """The engine with the database `graph`, the role `app`, and a user of its own to rotate."""
    made = mounted(DatabaseBackend, "database/")
    await made.write(
        "config/graph", plugin_name="neo4j-database-plugin", connection_url=neo4j_settings.uri, allowed_roles="*",
        username=neo4j_settings.user, password=neo4j_settings.password,
    )  # fmt: skip
    await made.write("roles/app", db_name="graph", default_ttl="1h")
    yield made
    await made.backend.stop()


async def gets_in(settings: Neo4jSettings, user: str, password: str) -> bool:
    async with AsyncGraphDatabase.driver(settings.uri, auth=(user, password)) as driver:
        try:
            found = await driver.execute_query("RETURN 1 AS one", database_="neo4j")
        except AuthError:
            return False
        return bool(found.records[0]["one"] == 1)


async def users(settings: Neo4jSettings) -> set[str]:
    async with AsyncGraphDatabase.driver(settings.uri, auth=(settings.user, settings.password)) as driver:
        found = await driver.execute_query("SHOW USERS YIELD user", database_="system")
        return {record["user"] for record in found.records}


async def test_a_user_lives_as_long_as_the_lease(engine: Mounted, neo4j_settings: Neo4jSettings) -> None:
    found = await engine.ask(Operation.READ, "creds/app", {})
    assert found is not None
    assert found.data is not None
    assert found.secret is not None
    user, password = found.data["username"], found.data["password"]
    assert await gets_in(neo4j_settings, user, password)
    assert (await engine.backend.renew(found.secret, 60)).ttl == 60
    await engine.backend.revoke(found.secret)
    assert not await gets_in(neo4j_settings, user, password)
    await engine.backend.revoke(found.secret)


async def test_a_static_role_and_the_engines_own_password(engine: Mounted, neo4j_settings: Neo4jSettings) -> None:
    user = f"static-{secrets.token_hex(4)}"
    await engine.write(
        "roles/first", db_name="graph", creation_statements=f"CREATE USER `{user}` SET PASSWORD 'firstone'"
    )
    made = await engine.ask(Operation.READ, "creds/first", {})
    assert made is not None
    assert made.secret is not None
    await engine.write("static-roles/static", db_name="graph", username=user, rotation_period="1h")
    found = await engine.read("static-creds/static")
    assert await gets_in(neo4j_settings, user, found["password"])
    await engine.write(
        "config/own", plugin_name="neo4j-database-plugin", connection_url=neo4j_settings.uri, username=user,
        password=found["password"],
        root_rotation_statements="ALTER CURRENT USER SET PASSWORD FROM '" + found["password"] + "' TO '{{password}}'",
    )  # fmt: skip
    await engine.write("rotate-root/own")
    assert not await gets_in(neo4j_settings, user, found["password"])
    await engine.write("reset/own")
    made.secret.internal["username"] = user
    await engine.backend.revoke(made.secret)


async def test_errors_repeat_no_password(engine: Mounted, neo4j_settings: Neo4jSettings) -> None:
    await engine.write("roles/app", creation_statements="CREATE USER `{{password}}` NONSENSE '{{password}}'")
    with pytest.raises(Internal) as error:
        await engine.read("creds/app")
    assert str(error.value) == "failed to create user: Neo4j refused: Neo.ClientError.Statement.SyntaxError"
    usual = {"plugin_name": "neo4j-database-plugin", "username": neo4j_settings.user, "password": "marker"}
    for url, text in (
        (neo4j_settings.uri, "Unauthorized"),
        ("bolt://127.0.0.1:1", "cannot be reached"),
        ("http://x", "begins with bolt"),
    ):
        with pytest.raises(BadRequest, match=text) as refused:
            await engine.write("config/x", connection_url=url, **usual)
        assert "marker" not in str(refused.value)


@pytest.mark.parametrize("rollback", [[], ["DROP USER `{{name}}`"]])
async def test_a_creation_that_fails_leaves_no_user(
    engine: Mounted, neo4j_settings: Neo4jSettings, rollback: list[str]
) -> None:
    create = [*Neo4jDriver.creation, "CREATE USER `{{name}}` SET PASSWORD '{{password}}'"]
    role = f"r{secrets.token_hex(3)}"
    await engine.write(f"roles/{role}", db_name="graph", creation_statements=create, rollback_statements=rollback)
    with pytest.raises(Internal, match="failed to create user"):
        await engine.read(f"creds/{role}")
    assert [user for user in await users(neo4j_settings) if role in user] == []
