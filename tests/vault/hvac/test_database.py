"""hvac drives the database engine, over a real PostgreSQL."""

import asyncio
from collections.abc import Iterator

import hvac
import pytest
from hvac import exceptions

from ..postgresql import Postgresql, postgresql_in  # noqa: TID252 - servers of all tests of the vault

CREATE = "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers"
AT = {"mount_point": "databases"}
ADMIN, FIXED = "the-admin", "the-fixed-one"


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    async def prepare(server: Postgresql) -> None:
        await server.guard()
        await server.ask(f"CREATE ROLE \"{ADMIN}\" LOGIN SUPERUSER PASSWORD 'first'")
        await server.ask(f"CREATE ROLE \"{FIXED}\" LOGIN PASSWORD 'first'")

    with postgresql_in(tmp_path_factory.mktemp("postgresql")) as server:
        asyncio.run(prepare(server))
        yield server


@pytest.fixture(scope="module", autouse=True)
def mount(server: object, postgresql: Postgresql) -> Iterator[None]:
    client = hvac.Client(url=server.address, token=server.root)  # type: ignore[attr-defined]
    client.sys.enable_secrets_engine("database", path="databases")
    client.secrets.database.configure(
        "pg", "postgresql-database-plugin", allowed_roles=["app", "fixed"], connection_url=postgresql.url,
        username=ADMIN, password="first", **AT,
    )  # fmt: skip
    yield
    client.sys.disable_secrets_engine("databases")


def lets_in(postgresql: Postgresql, user: str, password: str) -> bool:
    return asyncio.run(postgresql.gets_in(user, password))


def test_connections(client: hvac.Client, postgresql: Postgresql) -> None:
    database = client.secrets.database
    shown = database.read_connection("pg", **AT)["data"]
    assert shown["connection_details"] == {"connection_url": postgresql.url, "username": ADMIN}
    assert shown["allowed_roles"] == ["app", "fixed"]
    with pytest.raises(exceptions.InvalidRequest, match="error verifying connection"):
        database.configure(
            "other", "postgresql-database-plugin", connection_url=postgresql.url, username=ADMIN, password="no", **AT
        )
    database.configure(
        "other", "postgresql-database-plugin", verify_connection=False, connection_url=postgresql.url, **AT
    )
    assert database.list_connections(**AT)["data"]["keys"] == ["other", "pg"]
    database.delete_connection("other", **AT)
    with pytest.raises(exceptions.InvalidPath):
        database.read_connection("other", **AT)
    database.reset_connection("pg", **AT)


def test_credentials_for_a_time(client: hvac.Client, postgresql: Postgresql) -> None:
    database = client.secrets.database
    database.create_role("app", "pg", [CREATE], default_ttl="1h", max_ttl="2h", **AT)
    assert database.read_role("app", **AT)["data"]["creation_statements"] == [CREATE]
    assert database.list_roles(**AT)["data"]["keys"] == ["app"]
    made = database.generate_credentials("app", **AT)
    user, password = made["data"]["username"], made["data"]["password"]
    assert (made["lease_duration"], made["renewable"]) == (3600, True)
    assert lets_in(postgresql, user, password)
    assert client.sys.renew_lease(made["lease_id"], increment=5400)["lease_duration"] in (5399, 5400)
    client.sys.revoke_lease(made["lease_id"])
    assert not lets_in(postgresql, user, password)
    database.delete_role("app", **AT)
    with pytest.raises(exceptions.InvalidRequest, match="unknown role: app"):
        database.generate_credentials("app", **AT)


def test_a_user_that_stays(client: hvac.Client, postgresql: Postgresql) -> None:
    database = client.secrets.database
    statement = "ALTER ROLE \"{{name}}\" WITH PASSWORD '{{password}}'"
    database.create_static_role("fixed", "pg", FIXED, [statement], rotation_period=86400, **AT)
    assert database.read_static_role("fixed", **AT)["data"]["username"] == FIXED
    assert database.list_static_roles(**AT)["data"]["keys"] == ["fixed"]
    first = database.get_static_credentials("fixed", **AT)["data"]["password"]
    assert lets_in(postgresql, FIXED, first)
    database.rotate_static_role_credentials("fixed", **AT)
    assert not lets_in(postgresql, FIXED, first)
    assert lets_in(postgresql, FIXED, database.get_static_credentials("fixed", **AT)["data"]["password"])
    database.delete_static_role("fixed", **AT)
    with pytest.raises(exceptions.InvalidPath):
        database.read_static_role("fixed", **AT)


def test_the_root_password_is_nobodys(client: hvac.Client, postgresql: Postgresql) -> None:
    database = client.secrets.database
    assert lets_in(postgresql, ADMIN, "first")
    database.rotate_root_credentials("pg", **AT)
    assert not lets_in(postgresql, ADMIN, "first")
    database.create_role("app", "pg", [CREATE], **AT)
    made = database.generate_credentials("app", **AT)["data"]
    assert lets_in(postgresql, made["username"], made["password"])
    database.delete_role("app", **AT)
