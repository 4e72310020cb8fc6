"""Roles: users that are made for a time. What a lease needs to end one of them stays with the lease."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Self

import structlog

from stratumiops.vault.backend import Match, Mount, Route, System
from stratumiops.vault.engines.database.databases import Databases
from stratumiops.vault.engines.database.names import named
from stratumiops.vault.engines.database.passwords import password
from stratumiops.vault.engines.database.statements import given
from stratumiops.vault.engines.database.usernames import username
from stratumiops.vault.errors import BadRequest, Internal, NotFound, VaultError
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, Secret, listing
from stratumiops.vault.view import View

_log = structlog.get_logger(__name__)
_SLACK_S: Final = 5
"""How much longer than its lease a user is good in the database."""
_STATEMENTS: Final = ("creation_statements", "revocation_statements", "rollback_statements", "renew_statements")


@dataclass(frozen=True, slots=True)
class Role:
    """A role. TTLs are seconds, 0 the mount's."""

    db_name: str = ""
    creation_statements: tuple[str, ...] = ()
    revocation_statements: tuple[str, ...] = ()
    rollback_statements: tuple[str, ...] = ()
    renew_statements: tuple[str, ...] = ()
    default_ttl: int = 0
    max_ttl: int = 0

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        return cls(**{**kept, **{name: tuple(kept[name]) for name in _STATEMENTS}})

    def changed(self, fields: Fields) -> Self:
        """With what the fields say.

        Raises:
            BadRequest: a value is wrong, or the database is missing.
        """
        role = replace(
            self,
            db_name=fields.text("db_name", self.db_name),
            default_ttl=fields.duration("default_ttl", self.default_ttl),
            max_ttl=fields.duration("max_ttl", self.max_ttl),
            **{name: given(fields, name, getattr(self, name)) for name in _STATEMENTS},
        )
        if not role.db_name:
            raise BadRequest("database name is required")
        if fields.text("credential_type", "password") != "password":
            raise BadRequest("the credential_type is 'password'")
        return role

    def shown(self) -> dict[str, Any]:
        """As clients see it."""
        statements = {name: list(getattr(self, name)) for name in _STATEMENTS}
        return {**asdict(self), **statements, "credential_type": "password"}


class Roles:
    """Roles by name, at `roles/{name}`, and the users that are made for them."""

    def __init__(self, view: View, system: System, mount: Mount, databases: Databases) -> None:
        self._view = view
        self._system = system
        self._mount = mount
        self._databases = databases

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("roles", list=self._list)
        yield Route("roles/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)
        yield Route("creds/{name}", read=self._make)

    async def get(self, name: str) -> Role | None:
        """A role; None: there is none."""
        kept = await self._view.read(f"roles/{name}")
        return None if kept is None else Role.from_kept(kept)

    async def renew(self, secret: Secret, increment: int) -> Secret:
        """Let a user be good for longer, up to the lease's maximum.

        Raises:
            Internal: the database cannot do it.
        """
        internal, now = secret.internal, self._system.now()
        ttl = max(int(min(increment or internal["ttl"], internal["issued"] + secret.max_ttl - now)), 1)
        driver = await self._databases.driver(internal["db_name"])
        statements = internal["renew_statements"] or driver.renewal
        values = {"name": internal["username"], "expiration": _instant(now + ttl)}
        await self._databases.run(internal["db_name"], statements, values, "failed to renew user")
        return replace(secret, ttl=ttl)

    async def revoke(self, secret: Secret) -> None:
        """Drop a user; again, when that was done.

        Raises:
            Internal: the database cannot do it now.
        """
        internal = secret.internal
        if internal["revocation_statements"]:
            values = {"name": internal["username"]}
            statements = internal["revocation_statements"]
            await self._databases.run(internal["db_name"], statements, values, "failed to revoke a user")
        else:
            await self._databases.drop(internal["db_name"], internal["username"])

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self._view.names("roles/"))

    async def _read(self, _: Request, match: Match) -> Response:
        role = await self.get(named(match))
        if role is None:
            raise NotFound
        return Response(role.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name = named(match)
        if await self._view.get(f"static-roles/{name}") is not None:
            raise BadRequest("Role and Static Role names must be unique")
        role = (await self.get(name) or Role()).changed(Fields(request.data))
        await self._view.write(f"roles/{name}", asdict(role))

    async def _delete(self, _: Request, match: Match) -> None:
        await self._view.delete(f"roles/{named(match)}")

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self.get(named(match)) is not None

    async def _make(self, request: Request, match: Match) -> Response:
        name = named(match)
        role = await self.get(name)
        if role is None:
            raise BadRequest(f"unknown role: {name}")
        config = await self._databases.config(role.db_name)
        if not config.allows(name):
            raise BadRequest(f'"{name}" is not an allowed role')
        driver = await self._databases.driver(role.db_name)
        statements = role.creation_statements or driver.creation
        if not statements:
            raise BadRequest("the role has no creation_statements")
        now, (ttl, max_ttl) = self._system.now(), self._ttls(role)
        shown = request.token.display_name if request.token else ""
        user = username(config.username_template, {"DisplayName": shown, "RoleName": name, "unix_time": f"{now:.0f}"})
        secret = await password(self._system, self._mount, config.password_policy)
        values = {"name": user, "password": secret, "expiration": _instant(now + ttl)}
        try:
            await self._databases.run(role.db_name, statements, values, "failed to create user")
        except Internal:
            await self._roll_back(role, values)
            raise
        internal = {
            "db_name": role.db_name, "username": user, "role": name, "issued": now, "ttl": ttl,
            "renew_statements": list(role.renew_statements),
            "revocation_statements": list(role.revocation_statements),
        }  # fmt: skip
        return Response({"username": user, "password": secret}, Secret(ttl, max_ttl, internal=internal))

    async def _roll_back(self, role: Role, values: Mapping[str, str]) -> None:
        """Undo what was done of a creation that failed, as far as the database lets it."""
        try:
            if role.rollback_statements:
                await self._databases.run(role.db_name, role.rollback_statements, values, "failed to roll back")
            else:
                await self._databases.drop(role.db_name, values["name"])
        except VaultError as error:
            _log.warning("a user may be left behind", database=role.db_name, user=values["name"], why=str(error))

    def _ttls(self, role: Role) -> tuple[int, int]:
        most = self._system.max_lease_ttl(self._mount)
        most = min(role.max_ttl, most) if role.max_ttl else most
        return min(role.default_ttl or self._system.default_lease_ttl(self._mount), most), most


def _instant(at: float) -> str:
    return f"{datetime.fromtimestamp(at + _SLACK_S, UTC):%Y-%m-%d %H:%M:%S+0000}"
