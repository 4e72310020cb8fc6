"""The method: users, and logins."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Self

from stratumiops.vault.auth.names import named
from stratumiops.vault.auth.token_settings import TokenSettings
from stratumiops.vault.auth.userpass.lockout import Lockout
from stratumiops.vault.auth.userpass.passwords import LONGEST, Passwords
from stratumiops.vault.backend import Backend, Match, Mount, Route, System
from stratumiops.vault.errors import BadRequest, NotFound, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.tokens.lifetime import NotRenewed, Terms
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View


@dataclass(frozen=True, slots=True)
class User:
    """A user; the hash of the password is not shown."""

    password: str = field(repr=False)
    tokens: TokenSettings = field(default_factory=TokenSettings)

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """One that was kept as `asdict` gives it."""
        return cls(kept["password"], TokenSettings.from_kept(kept["tokens"]))


class UserpassBackend(Backend):
    """Userpass at a mount; a user is kept at `users/{name}`."""

    kind: ClassVar[str] = "userpass"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._passwords = Passwords()
        self._lockout = Lockout()
        self._locks = Locks()
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("login/{name}", write=self._login, public=True)
        yield Route("users", list=self._list)
        yield Route("users/{name}", read=self._read, write=self._write, delete=self._delete, exists=self._exists)
        yield Route("users/{name}/password", write=self._write_password)
        yield Route("users/{name}/policies", write=self._write_policies)

    async def _list(self, _request: Request, _match: Match) -> Response:
        return listing(await self.view.names("users/"))

    async def _read(self, _: Request, match: Match) -> Response:
        user = await self._user(named(match["name"]))
        if user is None:
            raise NotFound
        return Response(user.tokens.shown())

    async def _write(self, request: Request, match: Match) -> None:
        name, fields = named(match["name"]), Fields(request.data)
        async with self._locks.hold(name):
            user = await self._user(name)
            tokens = (user.tokens if user else TokenSettings()).changed(fields)
            kept = user.password if user and not _given(fields) else await self._hashed(fields)
            await self._save(name, User(kept, tokens))

    async def _write_password(self, request: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._locks.hold(name):
            user = await self._existing(name)
            await self._save(name, replace(user, password=await self._hashed(Fields(request.data))))

    async def _write_policies(self, request: Request, match: Match) -> None:
        name, fields = named(match["name"]), Fields(request.data)
        given = {one: fields.raw(one) for one in ("token_policies", "policies") if fields.has(one)}
        async with self._locks.hold(name):
            user = await self._existing(name)
            await self._save(name, replace(user, tokens=user.tokens.changed(Fields(given))))

    async def _delete(self, _: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._locks.hold(name):
            await self.view.delete(f"users/{name}")

    async def _exists(self, _: Request, match: Match) -> bool:
        return await self._user(named(match["name"])) is not None

    async def _login(self, request: Request, match: Match) -> Response:
        name, password = named(match["name"]), Fields(request.data).text("password")
        if not password:
            raise BadRequest("missing password")
        async with self._locks.hold(f"login {name}"):  # so that many guesses at once count one by one
            now = self.system.now()
            if self._lockout.locked(name, now):
                raise PermissionDenied
            user = await self._user(name)
            good = await self._passwords.good(password[:LONGEST], user.password if user else None)
            if user is None or not good or len(password) > LONGEST:
                self._lockout.failed(name, now)
                raise BadRequest("invalid username or password")
            self._lockout.succeeded(name)
        return Response(auth=user.tokens.login(self.mount, request, name, {"username": name}, user=name))

    async def terms(self, token: Token) -> Terms | None:
        """See `Backend.terms`: as the user is now."""
        user = await self._user(token.internal["user"])
        if user is None:
            return None
        if not user.tokens.fits(token):
            raise NotRenewed("policies have changed, not renewing")
        return user.tokens.terms(token, self.mount, self.system)

    async def _user(self, name: str) -> User | None:
        kept = await self.view.read(f"users/{name}")
        return None if kept is None else User.from_kept(kept)

    async def _existing(self, name: str) -> User:
        user = await self._user(name)
        if user is None:
            raise BadRequest("username does not exist")
        return user

    async def _save(self, name: str, user: User) -> None:
        await self.view.write(f"users/{name}", asdict(user))

    async def _hashed(self, fields: Fields) -> str:
        password = fields.text("password")
        if fields.has("password_hash"):
            raise BadRequest("password_hash is not taken by this server: give the password")
        if not password:
            raise BadRequest("must provide either password or password_hash")
        if len(password) > LONGEST:
            raise BadRequest(f"the password is longer than {LONGEST} characters")
        return await self._passwords.hashed(password)


def _given(fields: Fields) -> bool:
    return bool(fields.text("password")) or fields.has("password_hash")
