"""The method: its configuration, roles, and logins."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import ClassVar

from stratumiops.vault.auth.jwt.claims import check, metadata_of, user_of
from stratumiops.vault.auth.jwt.config import Config, Keys
from stratumiops.vault.auth.jwt.fetch import Fetch, over_http
from stratumiops.vault.auth.jwt.roles import Role
from stratumiops.vault.auth.names import named
from stratumiops.vault.backend import Backend, Match, Mount, Route, System
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.tokens.lifetime import NotRenewed, Terms
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View


class JwtBackend(Backend):
    """JWT at a mount; a role is kept at `roles/{name}`."""

    kind: ClassVar[str] = "jwt"

    def __init__(self, mount: Mount, view: View, system: System, fetch: Fetch = over_http) -> None:
        self._fetch = fetch
        self._held: Keys | None = None
        self._locks = Locks()
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("config", read=self._read_config, write=self._write_config)
        yield Route("login", write=self._login, public=True)
        yield Route("role", list=self._list)
        yield Route("role/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)

    async def stop(self) -> None:
        """See `Backend.stop`."""
        self._held = None

    async def _read_config(self, _request: Request, _match: Match) -> Response:
        keys = await self._keys()
        if keys is None:
            raise NotFound
        return Response(keys.config.shown())

    async def _write_config(self, request: Request, _: Match) -> None:
        keys = Keys(Config.given(Fields(request.data)), self._fetch)
        await keys.refresh(self.system.now(), 0)
        async with self._locks.hold("config"):
            self._held = None
            await self.view.write("config", asdict(keys.config))
            self._held = keys

    async def _keys(self) -> Keys | None:
        if self._held is None:
            async with self._locks.hold("config"):
                kept = await self.view.read("config")
                if kept is not None and self._held is None:
                    self._held = Keys(Config.from_kept(kept), self._fetch)
        return self._held

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self.view.names("roles/"))

    async def _read(self, _: Request, match: Match) -> Response:
        role = await self._role(named(match["name"]))
        if role is None:
            raise NotFound
        return Response(role.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._locks.hold(f"role {name}"):
            role = await self._role(name) or Role()
            await self.view.write(f"roles/{name}", asdict(role.changed(Fields(request.data))))

    async def _delete(self, _: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._locks.hold(f"role {name}"):
            await self.view.delete(f"roles/{name}")

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self._role(named(match["name"])) is not None

    async def _role(self, name: str) -> Role | None:
        kept = await self.view.read(f"roles/{name}")
        return None if kept is None else Role.from_kept(kept)

    async def _login(self, request: Request, _: Match) -> Response:
        fields, keys = Fields(request.data), await self._keys()
        if keys is None:
            raise BadRequest("could not load configuration")
        name = (fields.text("role") or keys.config.default_role).lower()
        if not name:
            raise BadRequest("missing role")
        token = fields.text("jwt") or fields.text("token")
        if not token:
            raise BadRequest("missing token")
        role = await self._role(named(name))
        if role is None:
            raise BadRequest(f'role "{name}" could not be found')
        now = self.system.now()
        claims = await keys.claims(token, now)
        check(claims, role, keys.issuer, now)
        user = user_of(claims, role)
        metadata = {**metadata_of(claims, role), "role": name}
        return Response(auth=role.tokens.login(self.mount, request, user, metadata, role=name))

    async def terms(self, token: Token) -> Terms:
        """See `Backend.terms`: as the role is now."""
        name = token.internal["role"]
        role = await self._role(name)
        if role is None:
            raise NotRenewed(f"role {name} does not exist during renewal")
        return role.tokens.terms(token, self.mount, self.system)
