"""What a mount has given is taken back before the mount goes; what cannot be taken back keeps it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ..http.live import Live, open_core  # noqa: TID252 - tests are no package on the path
from .conftest import CREATE, Postgresql


@pytest.fixture
async def live(postgresql: Postgresql, admin: tuple[str, str]) -> AsyncIterator[Live]:
    """A core with the database `pg` at `db/`, and in the namespace `team` too."""
    made = await open_core()
    await _mounted(made, postgresql, admin, "")
    await made.ask("POST", "sys/namespaces/team")
    await _mounted(made, postgresql, admin, "team/")
    yield made
    await made.core.stop()


async def _mounted(live: Live, postgresql: Postgresql, admin: tuple[str, str], namespace: str) -> None:
    for path, body in (
        ("sys/mounts/db", {"type": "database"}),
        (
            "db/config/pg",
            {
                "plugin_name": "postgresql-database-plugin", "connection_url": postgresql.url, "allowed_roles": "*",
                "username": admin[0], "password": admin[1],
            },
        ),
        ("db/roles/app", {"db_name": "pg", "creation_statements": CREATE}),
        ("db/roles/slow", {"db_name": "pg", "creation_statements": [CREATE, "SELECT pg_sleep(1)"]}),
        ("db/roles/stuck", {"db_name": "pg", "creation_statements": CREATE, "revocation_statements": "SELECT 1/0"}),
    ):  # fmt: skip
        done = await live.ask("POST", namespace + path, body)
        assert done.status == 204, (path, done.body)


@pytest.mark.parametrize("removal", [("DELETE", "sys/mounts/db"), ("POST", "sys/remount"), ("DELETE", "ns")])
async def test_users_go_with_their_mount(live: Live, postgresql: Postgresql, removal: tuple[str, str]) -> None:
    method, path = removal
    namespace, body = ("team/", None) if path == "ns" else ("", {"from": "db", "to": "db2"})
    before = await postgresql.users()
    for _ in range(3):
        assert (await live.ask("GET", f"{namespace}db/creds/app")).status == 200
    assert len(await postgresql.users()) == len(before) + 3
    path = "sys/namespaces/team" if path == "ns" else path
    assert (await live.ask(method, path, body)).status in (200, 204)
    assert await postgresql.users() == before


async def test_a_user_that_is_being_made_goes_too(live: Live, postgresql: Postgresql) -> None:
    before = await postgresql.users()
    making = asyncio.create_task(live.ask("GET", "db/creds/slow"))
    async with asyncio.timeout(30):
        while not await postgresql.ask("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"):
            await asyncio.sleep(0.01)
    unmounting = asyncio.create_task(live.ask("DELETE", "sys/mounts/db"))
    assert (await making).status == 200
    assert (await unmounting).status == 204
    assert await postgresql.users() == before
    assert (await live.ask("GET", "db/creds/app")).status == 404


@pytest.mark.parametrize("namespace", ["", "team/"])
async def test_what_cannot_be_taken_back_keeps_the_mount(live: Live, postgresql: Postgresql, namespace: str) -> None:
    removed = "sys/namespaces/team" if namespace else "sys/mounts/db"
    before = await postgresql.users()
    assert (await live.ask("GET", f"{namespace}db/creds/stuck")).status == 200
    refused = await live.ask("DELETE", removed)
    assert refused.status == 400
    assert b"failed to revoke" in refused.body
    assert (await live.ask("GET", f"{namespace}db/creds/app")).status == 200
    assert (await live.ask("PUT", f"{namespace}sys/leases/revoke-force/db", {})).status == 204
    assert (await live.ask("DELETE", removed)).status == 204
    (left,) = await postgresql.users() - before
    await postgresql.ask(f'DROP ROLE "{left}"')
