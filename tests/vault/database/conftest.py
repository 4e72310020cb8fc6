"""The engine over a PostgreSQL of the tests' own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from stratumiops.vault.engines.database.backend import DatabaseBackend

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path
from ..postgresql import Postgresql, postgresql_in  # noqa: TID252

CREATE = "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    with postgresql_in(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(scope="session")
async def postgresql(postgresql_server: Postgresql) -> Postgresql:
    await postgresql_server.guard()
    return postgresql_server


@pytest.fixture
async def admin(postgresql: Postgresql) -> AsyncIterator[tuple[str, str]]:
    """A user who may make others, with the password."""
    async with postgresql.admin() as made:
        yield made


@pytest.fixture
async def engine(postgresql: Postgresql, admin: tuple[str, str]) -> AsyncIterator[Mounted]:
    """The engine with the database `pg` and the role `app`."""
    made = mounted(DatabaseBackend, "database/")
    await made.write(
        "config/pg", plugin_name="postgresql-database-plugin", connection_url=postgresql.url, allowed_roles="app,st*",
        username=admin[0], password=admin[1],
    )  # fmt: skip
    await made.write("roles/app", db_name="pg", creation_statements=CREATE, default_ttl="1h", max_ttl="2h")
    yield made
    await made.backend.stop()
