"""When the engine is unmounted, its users go with it: by the whole vault, over a real PostgreSQL."""

import orjson
import pytest

from ..http.live import Live  # noqa: TID252 - tests are no package on the path
from ..postgresql import Postgresql  # noqa: TID252
from .conftest import CREATE


@pytest.fixture
async def live(postgresql: Postgresql, admin: tuple[str, str]) -> Live:
    made = Live()
    await made.begin()
    config = {
        "plugin_name": "postgresql-database-plugin", "connection_url": postgresql.url, "allowed_roles": "*",
        "username": admin[0], "password": admin[1],
    }  # fmt: skip
    assert (await made.ask("POST", "sys/mounts/db", {"type": "database"})).status == 204
    assert (await made.ask("POST", "db/config/pg", config)).status == 204
    return made


async def user(live: Live, **role: str) -> str:
    role = {"db_name": "pg", "creation_statements": CREATE, **role}
    assert (await live.ask("POST", "db/roles/r", role)).status == 204
    made = await live.ask("GET", "db/creds/r")
    assert made.status == 200, made.body
    return str(orjson.loads(made.body)["data"]["username"])


@pytest.mark.parametrize("away", ["unmounted", "moved"])
async def test_users_go(live: Live, postgresql: Postgresql, away: str) -> None:
    made = [await user(live), await user(live)]
    assert await postgresql.users() >= set(made)
    if away == "unmounted":
        assert (await live.ask("DELETE", "sys/mounts/db")).status == 204
    else:
        assert (await live.ask("POST", "sys/remount", {"from": "db", "to": "other"})).status == 200
    assert not await postgresql.users() & set(made)
    assert (await live.ask("GET", "db/roles/r")).status == 404
    await live.core.stop()


async def test_a_user_that_cannot_go_keeps_the_mount(live: Live, postgresql: Postgresql) -> None:
    made = await user(live, revocation_statements="DROP NOTHING AT ALL")
    assert (await live.ask("DELETE", "sys/mounts/db")).status == 400
    assert made in await postgresql.users()
    assert (await live.ask("GET", "db/roles/r")).status == 200
    assert (await live.ask("PUT", "sys/leases/revoke-force/db")).status == 204
    assert (await live.ask("DELETE", "sys/mounts/db")).status == 204
    await postgresql.ask(f'DROP ROLE "{made}"')
    await live.core.stop()
