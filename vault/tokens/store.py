"""Tokens: made, found, used, renewed and revoked. What a client holds is not kept: entries lie under an HMAC of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.locks import Locks
from stratumiops.vault.request import Auth
from stratumiops.vault.tokens import accessors, creation, entries, ids, revocation
from stratumiops.vault.tokens.cache import TokenCache
from stratumiops.vault.tokens.keys import Keys
from stratumiops.vault.tokens.lifetime import Limits
from stratumiops.vault.tokens.models import SPENT, Token
from stratumiops.vault.tokens.revocation import Ending, Endings, OnEnd
from stratumiops.vault.view import View

_LONGEST: Final = 32_768
IdOfNamespace = Callable[[str], str | None]


def _only_root(path: str) -> str | None:
    return None if path else ""


class TokenStore:
    """Tokens over a view of the core, which leases share.

    Args:
        view: where entries under `token/` are kept.
        now: the wall clock, by which tokens end.
        leases: where tokens that end are leases too.
        id_of_namespace: what tokens of a namespace are bound to, by its path; None: there is none.
    """

    def __init__(
        self, view: View, now: Callable[[], float], leases: LeaseStore, id_of_namespace: IdOfNamespace = _only_root
    ) -> None:
        self.view = view
        self.now = now
        self.leases = leases
        self.cache = TokenCache()
        self.locks = Locks()
        self._id_of_namespace = id_of_namespace
        self._keys = Keys(view)
        self._endings = Endings(view, leases, self._mark_accessor, self._orphan)
        leases.attach(self)

    @property
    def on_end(self) -> list[OnEnd]:
        """Called with each token that has ended, before it is forgotten: what belongs to it goes with it."""
        return self._endings.on_end

    async def start(self) -> None:
        """After each unseal: load the keys, and go on with revocations that were cut off."""
        await self._keys.start()
        self._endings.start()

    async def stop(self) -> None:
        """Before each seal: nothing stays in memory."""
        await self._endings.stop()
        self.cache.clear()
        self._keys.stop()

    def id_of(self, client_token: str) -> str:
        """See `Keys.id_of`."""
        return self._keys.id_of(client_token)

    async def create_root(self, token_id: str = "") -> str:
        """A root token that does not end."""
        auth = Auth(policies=["root"], display_name="root", renewable=False, no_default_policy=True)
        client_token, _ = await self.create(auth, path="auth/token/root", limits=Limits(0, 0), token_id=token_id)
        return client_token

    async def create(
        self,
        auth: Auth,
        *,
        path: str,
        limits: Limits,
        parent: Token | None = None,
        namespace: str = "",
        token_id: str = "",
        role: str = "",
        warnings: list[str] | None = None,
    ) -> tuple[str, Token]:
        """A new token; `auth` gets what a client is told of it.

        Args:
            auth: what is asked for; with a parent, and not `orphan`, the token ends with that one.
            path: where it comes from, `auth/approle/login`.
            limits: the TTLs of the mount it comes from.
            token_id: the token itself, instead of a random one.
            warnings: gets what has to be said about its TTL.

        Raises:
            BadRequest: there is such a token already, or a batch token cannot be so.
            PermissionDenied: the parent has ended meanwhile, or the namespace has.
        """
        token, told = creation.token_of(
            auth, path=path, limits=limits, parent=parent, namespace=(namespace, self.namespace_id(namespace)),
            role=role, now=self.now(),
        )  # fmt: skip
        if warnings is not None:
            warnings += told
        client_token = self._keys.sealed(token) if token.kind == "batch" else await self.keep(token, token_id)
        creation.tell(auth, token, client_token)
        return client_token, token

    async def keep(self, token: Token, client_token: str = "", answer: bytes | None = None) -> str:
        """Write a new token, and for a wrapping token the answer that it gives; all at once."""
        custom, client_token = bool(client_token), client_token or ids.SERVICE + ids.base62()
        token_id = self.id_of(client_token)
        async with self.locks.hold(token_id):
            if custom and await self.read(token_id) is not None:
                raise BadRequest("cannot create a token with a duplicate ID")
            await self.view.apply(entries.kept(token, token_id, answer))
            self.cache.put(token_id, token)
        if token.expires:
            self.leases.note(token.expires)
        if token.parent and not await self.is_alive(token.parent):
            await self.end(token_id)
            raise PermissionDenied
        return client_token

    async def lookup(self, client_token: str) -> Token | None:
        """The token that a client holds; None: there is none, or its time is up."""
        if not client_token or len(client_token) > _LONGEST:
            return None
        token_id = self.id_of(client_token)
        token = self.cache.get(token_id)
        if token is None:
            if client_token.startswith(ids.BATCH):
                token = self._opened(token_id, client_token)
            else:
                token = await self.read(token_id)
        if token is None or self.is_over(token):
            return None
        if token.kind == "batch" and token.parent and not await self.is_alive(token.parent):
            return None
        return token

    async def lookup_accessor(self, accessor: str) -> tuple[str, Token] | None:
        """The id and the token that an accessor names."""
        token_id = await self.id_of_accessor(accessor)
        token = await self.read(token_id) if token_id else None
        return None if token is None or self.is_over(token) else (token_id, token)

    async def id_of_accessor(self, accessor: str) -> str:
        """The id of the token that an accessor names, "" without one."""
        if not accessors.is_accessor(accessor):
            return ""
        data = await self.view.get(entries.of_accessor(accessor))
        return data.decode() if data else ""

    async def accessors(self, namespace: str) -> list[str]:
        """The accessors of a namespace's tokens, and of those below it."""
        if not namespace:
            return await self.view.names(entries.ACCESSORS)
        return await accessors.of_tokens(
            self.view, lambda token: token.namespace.startswith(namespace) and self._has_namespace(token)
        )

    def namespace_id(self, path: str) -> str:
        """What new tokens of a namespace are bound to.

        Raises:
            PermissionDenied: there is no such namespace any more.
        """
        found = self._id_of_namespace(path)
        if found is None:
            raise PermissionDenied
        return found

    def is_over(self, token: Token) -> bool:
        """Whether a token's time is up, or the namespace that it was made in is gone."""
        return token.is_over(self.now()) or not self._has_namespace(token)

    async def is_alive(self, accessor: str) -> bool:
        """See `leases.store.Owners`."""
        token_id = self.cache.id_of(accessor) or await self.id_of_accessor(accessor)
        token = await self.read(token_id) if token_id else None
        return token is not None and not self.is_over(token)

    async def use(self, client_token: str, token: Token) -> Token:
        """Count a request of a token; what the token is from now on.

        With `num_uses` `SPENT` it is its last: nobody else can use it, and the caller ends it with `finish` when the
        answer is made.

        Raises:
            PermissionDenied: it is used up, or revoked.
        """
        if not token.num_uses:
            return token
        token_id = self.id_of(client_token)
        async with self.changing(token_id):
            current = await self.read(token_id)
            if current is None or current.num_uses < 1:
                raise PermissionDenied
            if current.num_uses == 1:
                await self.view.apply(revocation.marks(Ending(token_id, current)))
                self._endings.hold(current.accessor)
                return replace(current, num_uses=SPENT)
            current = replace(current, num_uses=current.num_uses - 1)
            await self.view.apply({entries.entry(token_id): entries.bytes_of(current)})
        return current

    async def finish(self, token: Token) -> None:
        """End what hangs on a token that has served its last request; others stay."""
        if token.num_uses == SPENT:
            await self._endings.cascade(token.accessor)

    async def revoke(self, client_token: str, *, orphan_children: bool = False) -> bool:
        """Revoke a token with its children, leases and cubbyhole; False: there is none."""
        return await self.end(self.id_of(client_token), orphan_children=orphan_children)

    async def end(self, token_id: str, *, if_over: bool = False, orphan_children: bool = False) -> bool:
        """See `leases.store.Owners`; `orphan_children`: they live on."""
        token = await self.read(token_id)
        if token is None:
            return False
        if await self._mark(token_id, if_over=if_over, orphan_children=orphan_children):
            await self._endings.cascade(token.accessor)
        return True

    async def take(self, client_token: str) -> bytes | None:
        """The answer of a wrapping token, once: the token is gone when it is given."""
        token_id = self.id_of(client_token)
        async with self.changing(token_id):
            token = await self.read(token_id)
            answer = None if token is None else await self.view.get(entries.wrapped(token_id))
            if token is None or answer is None or self.is_over(token):
                return None
            await self.view.apply(revocation.marks(Ending(token_id, token)))
        await self._endings.cascade(token.accessor)
        return answer

    async def resume(self) -> None:
        """Go on with revocations that were cut off."""
        await self._endings.resume()

    async def read(self, token_id: str) -> Token | None:
        """A token by its id, also one whose time is up."""
        token = self.cache.get(token_id)
        if token is None:
            seen = self.cache.changes
            data = await self.view.get(entries.entry(token_id))
            token = None if data is None else entries.token_of(data)
            if token is not None and seen == self.cache.changes:
                self.cache.put(token_id, token)
        return token

    @asynccontextmanager
    async def changing(self, token_id: str) -> AsyncIterator[None]:
        """Change a token's entry; whatever comes of it, the cache forgets what was."""
        async with self.locks.hold(token_id):
            try:
                yield
            finally:
                self.cache.forget(token_id)

    async def _mark_accessor(self, accessor: str) -> bool:
        token_id = await self.id_of_accessor(accessor)
        return bool(token_id) and await self._mark(token_id)

    async def _mark(self, token_id: str, *, if_over: bool = False, orphan_children: bool = False) -> bool:
        """End a token itself, at once: it is no longer found. What hangs on it follows."""
        async with self.changing(token_id):
            token = await self.read(token_id)
            if token is None or (if_over and not self.is_over(token)):
                return False
            await self.view.apply(revocation.marks(Ending(token_id, token, orphan_children)))
        return True

    async def _orphan(self, accessor: str) -> None:
        token_id = await self.id_of_accessor(accessor)
        async with self.changing(token_id):
            token = await self.read(token_id) if token_id else None
            if token is not None:
                orphan = replace(token, parent="", orphan=True)
                await self.view.apply({
                    entries.entry(token_id): entries.bytes_of(orphan), entries.children(token.parent) + accessor: None
                })  # fmt: skip

    def _has_namespace(self, token: Token) -> bool:
        return not token.namespace or self._id_of_namespace(token.namespace) == token.namespace_id

    def _opened(self, token_id: str, client_token: str) -> Token | None:
        token = self._keys.opened(client_token)
        if token is not None:
            self.cache.put(token_id, token)
        return token
