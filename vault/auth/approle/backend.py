"""The method: roles, and logins."""

from collections.abc import Iterator
from typing import ClassVar

from stratumiops.vault.auth.approle.digests import Digests
from stratumiops.vault.auth.approle.role_fields import RoleFields
from stratumiops.vault.auth.approle.roles import Role, Roles
from stratumiops.vault.auth.approle.secret_id_routes import SecretIdRoutes
from stratumiops.vault.auth.approle.secret_ids import SecretIds
from stratumiops.vault.auth.names import named
from stratumiops.vault.backend import JSON, Backend, Match, Mount, Route, System
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Auth, Request, Response, listing
from stratumiops.vault.tokens.lifetime import NotRenewed, Terms
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View


class AppRoleBackend(Backend):
    """AppRole at a mount."""

    kind: ClassVar[str] = "approle"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._digests = Digests(view)
        self._roles = Roles(view, self._digests)
        self._secret_ids = SecretIds(view, self._digests)
        self._locks = Locks()
        self._fields = RoleFields(self._roles, self._locks)
        self._secret_id_routes = SecretIdRoutes(self._roles, self._secret_ids, self._locks, system)
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("login", write=self._login, public=True)
        yield Route("role", list=self._list)
        yield Route("role/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)
        yield Route("tidy/secret-id", write=self._tidy, answers={202: JSON})
        yield from self._secret_id_routes.routes()
        yield from self._fields.routes()

    async def stop(self) -> None:
        """See `Backend.stop`."""
        self._digests.forget()

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self._roles.names())

    async def _read(self, _: Request, match: Match) -> Response:
        role = await self._roles.get(named(match["name"]))
        if role is None:
            raise NotFound
        return Response(role.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name, fields = named(match["name"]), Fields(request.data)
        async with self._locks.hold(name):
            before = await self._roles.get(name)
            local: bool = fields.boolean("local_secret_ids", before.local_secret_ids if before else False)
            if before is not None and local != before.local_secret_ids:
                raise BadRequest("local_secret_ids can only be modified during role creation")
            await self._roles.save((before or Role(name, local_secret_ids=local)).changed(fields), before)

    async def _delete(self, _: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._locks.hold(name):
            role = await self._roles.get(name)
            if role is not None:
                await self._secret_ids.clear(role)
                await self._roles.delete(role)

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self._roles.get(named(match["name"])) is not None

    async def _tidy(self, _request: Request, _match: Match) -> Response:
        for name in await self._roles.names():
            role = await self._roles.get(name)
            if role is not None:
                await self._secret_ids.tidy(role, self.system.now())
        return Response(warnings=["Secret IDs that have ended are gone."], status=202)

    async def _login(self, request: Request, _: Match) -> Response:
        fields = Fields(request.data)
        role = await self._roles.by_id(fields.required("role_id"))
        if role is not None and not role.bind_secret_id:
            return Response(auth=self._auth(request, role, {}))
        entry = await self._secret_ids.use(
            role, fields.required("secret_id"), request.remote_address, self.system.now()
        )
        if role is None or entry is None:
            raise BadRequest("invalid role or secret ID")
        auth = self._auth(request, role, entry.metadata)
        if entry.token_bound_cidrs:
            auth.bound_cidrs = list(entry.token_bound_cidrs)
        return Response(auth=auth)

    async def terms(self, token: Token) -> Terms:
        """See `Backend.terms`: as the role is now."""
        name = token.internal["role"]
        role = await self._roles.get(name)
        if role is None:
            raise NotRenewed(f'role "{name}" does not exist during renewal')
        return role.tokens.terms(token, self.mount, self.system)

    def _auth(self, request: Request, role: Role, metadata: dict[str, str]) -> Auth:
        return role.tokens.login(self.mount, request, "", {**metadata, "role_name": role.name}, role=role.name)
