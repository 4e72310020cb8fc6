"""Static roles: users that stay, and whose passwords change by themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Mount, Route, System
from stratumiops.vault.engines.database.databases import Databases
from stratumiops.vault.engines.database.names import named
from stratumiops.vault.engines.database.passwords import password
from stratumiops.vault.engines.database.statements import given
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.view import View

_SHORTEST_S: Final = 5


@dataclass(frozen=True, slots=True)
class StaticRole:
    """A user. `next_password` is kept before the database gets it: after a crash it is set once more."""

    db_name: str
    username: str
    rotation_period: int
    rotation_statements: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    next_password: str = field(default="", repr=False)
    rotated: float = 0.0

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        return cls(**{**kept, "rotation_statements": tuple(kept["rotation_statements"])})

    @property
    def due(self) -> float:
        """When the password is to change."""
        return self.rotated + self.rotation_period

    def shown(self) -> dict[str, Any]:
        """As clients see it, without passwords."""
        return {
            "credential_type": "password",
            "db_name": self.db_name,
            "last_vault_rotation": clock.rfc3339(self.rotated),
            "rotation_period": self.rotation_period,
            "rotation_statements": list(self.rotation_statements),
            "username": self.username,
        }


class StaticRoles:
    """Static roles by name, at `static-roles/{name}`."""

    def __init__(self, view: View, system: System, mount: Mount, databases: Databases) -> None:
        self._view = view
        self._system = system
        self._mount = mount
        self._databases = databases
        self._locks = Locks()

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("static-roles", list=self._list)
        yield Route("static-roles/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)
        yield Route("static-creds/{name}", read=self._credentials)
        yield Route("rotate-role/{name}", write=self._rotate_now)

    async def names(self) -> list[str]:
        """All static roles."""
        return await self._view.names("static-roles/")

    async def rotate_when_due(self, name: str) -> float:
        """Change the password when it is time; the time of the next change, or 0 when there is no such role.

        Raises:
            Internal: the database cannot do it now.
        """
        async with self._locks.hold(name):
            role = await self._role(name)
            if role is not None and self._system.now() >= role.due:
                role = await self._rotated(name, role)
        return role.due if role is not None else 0.0

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self.names())

    async def _read(self, _: Request, match: Match) -> Response:
        role = await self._role(named(match))
        if role is None:
            raise NotFound
        return Response(role.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name, fields = named(match), Fields(request.data)
        async with self._locks.hold(name):
            if await self._view.get(f"roles/{name}") is not None:
                raise BadRequest("Role and Static Role names must be unique")
            before = await self._role(name)
            role = _changed(before, fields)
            config = await self._databases.config(role.db_name)
            if not config.allows(name):
                raise BadRequest(f'"{name}" is not an allowed role')
            if before is None:
                await self._rotated(name, role)
            else:
                await self._save(name, role)

    async def _delete(self, _: Request, match: Match) -> None:
        async with self._locks.hold(named(match)):
            await self._view.delete(f"static-roles/{named(match)}")

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self._role(named(match)) is not None

    async def _credentials(self, _: Request, match: Match) -> Response:
        name = named(match)
        await self.rotate_when_due(name)
        role = await self._role(name)
        if role is None:
            raise BadRequest(f"unknown role: {name}")
        return Response(
            {
                "last_vault_rotation": clock.rfc3339(role.rotated),
                "password": role.password,
                "rotation_period": role.rotation_period,
                "ttl": max(int(role.due - self._system.now()), 0),
                "username": role.username,
            }
        )

    async def _rotate_now(self, _: Request, match: Match) -> None:
        name = named(match)
        async with self._locks.hold(name):
            role = await self._role(name)
            if role is None:
                raise BadRequest("no static role found for role name")
            await self._rotated(name, role)

    async def _rotated(self, name: str, role: StaticRole) -> StaticRole:
        """The role with a new password, in the database and here; the lock of the name is held."""
        config = await self._databases.config(role.db_name)
        if not role.next_password:
            role = replace(role, next_password=await password(self._system, self._mount, config.password_policy))
            if role.password:
                await self._save(name, role)
        driver = await self._databases.driver(role.db_name)
        values = {"name": role.username, "password": role.next_password}
        statements = role.rotation_statements or driver.rotation
        await self._databases.run(role.db_name, statements, values, "failed to set the password of the user")
        role = replace(role, password=role.next_password, next_password="", rotated=self._system.now())
        await self._save(name, role)
        return role

    async def _role(self, name: str) -> StaticRole | None:
        kept = await self._view.read(f"static-roles/{name}")
        return None if kept is None else StaticRole.from_kept(kept)

    async def _save(self, name: str, role: StaticRole) -> None:
        await self._view.write(f"static-roles/{name}", asdict(role))


def _changed(before: StaticRole | None, fields: Fields) -> StaticRole:
    db_name = fields.text("db_name", before.db_name if before else "")
    user = fields.text("username", before.username if before else "")
    period = fields.duration("rotation_period", before.rotation_period if before else 0)
    if not db_name:
        raise BadRequest("database name is a required field")
    if not user:
        raise BadRequest("username is a required field to create a static account")
    if before is not None and user != before.username:
        raise BadRequest("cannot update static account username")
    if not period:
        raise BadRequest("rotation_period is required to create static accounts")
    if period < _SHORTEST_S:
        raise BadRequest(f"rotation_period must be {_SHORTEST_S} seconds or more")
    statements = given(fields, "rotation_statements", before.rotation_statements if before else ())
    made = before or StaticRole(db_name, user, period)
    return replace(made, db_name=db_name, rotation_period=period, rotation_statements=statements)
