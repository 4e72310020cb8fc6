"""The token auth method, mounted at `auth/token/`."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from stratumiops.vault.backend import JSON, Backend, Match, Mount, Route, System
from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.leases.store import BackendOf
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.tasks import ended
from stratumiops.vault.tokens import answers, ids, tidy
from stratumiops.vault.tokens.create import Creation, HasPolicy, HasSudo
from stratumiops.vault.tokens.lifetime import Limits, NotRenewed, Terms
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.renewal import renew
from stratumiops.vault.tokens.role_routes import RoleRoutes
from stratumiops.vault.tokens.roles import RoleStore
from stratumiops.vault.tokens.store import TokenStore
from stratumiops.vault.view import View


class TokenBackend(Backend):
    """Creates, looks up, renews and revokes tokens.

    Args:
        tokens: the tokens of the core.
        has_sudo: whether the token of a request has the capability `sudo` on the request's path.
        has_policy: whether a namespace has a policy.
        backend_of: finds what is mounted at a path with its namespace; None: nothing is.
    """

    kind: ClassVar[str] = "token"

    def __init__(
        self, mount: Mount, view: View, system: System, *, tokens: TokenStore, has_sudo: HasSudo,
        has_policy: HasPolicy, backend_of: BackendOf,
    ) -> None:  # fmt: skip
        self._tokens = tokens
        self._backend_of = backend_of
        self._roles = RoleStore(view)
        self._creation = Creation(tokens, self._limits, has_sudo, has_policy)
        self._role_routes = RoleRoutes(self._roles, self._limits)
        self._tidy: asyncio.Task[None] | None = None
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("create", write=self._create)
        yield Route("create-orphan", write=self._create_orphan)
        yield Route("create/{role}", write=self._create_by_role)
        yield Route("lookup", read=self._lookup, write=self._lookup)
        yield Route("lookup-self", read=self._lookup_self, write=self._lookup_self)
        yield Route("lookup-accessor", write=self._lookup_accessor)
        yield Route("renew", write=self._renew)
        yield Route("renew-self", write=self._renew_self)
        yield Route("renew-accessor", write=self._renew_accessor)
        yield Route("revoke", write=self._revoke)
        yield Route("revoke-self", write=self._revoke_self)
        yield Route("revoke-accessor", write=self._revoke_accessor)
        yield Route("revoke-orphan", write=self._revoke_orphan, sudo=True)
        yield Route("accessors", list=self._accessors, sudo=True)
        yield Route("tidy", write=self._start_tidy, answers={202: JSON})
        yield from self._role_routes.routes()

    async def stop(self) -> None:
        """See `Backend.stop`."""
        task, self._tidy = self._tidy, None
        await ended(task)

    def _limits(self) -> Limits:
        return Limits(self.system.default_lease_ttl(self.mount), self.system.max_lease_ttl(self.mount))

    async def terms(self, token: Token) -> Terms | None:
        """See `Backend.terms`; those of a token that was made by a role are the role's."""
        found = await super().terms(token)
        if found is None or not token.role:
            return found
        role = await self._roles.read(token.namespace, token.role)
        if role is None:
            raise NotRenewed(f'original token role "{token.role}" could not be found, not renewing')
        return replace(found, period=role.token_period, explicit_max_ttl=role.token_explicit_max_ttl)

    async def _terms_of(self, token: Token) -> Terms | None:
        """Those of the method that gave a token."""
        backend = self._backend_of(token.namespace + token.path)
        if backend is None:
            raise NotRenewed("the auth method that gave the token is gone")
        return await backend.terms(token)

    async def _create(self, request: Request, _: Match) -> Response:
        return await self._creation.create(request)

    async def _create_orphan(self, request: Request, _: Match) -> Response:
        return await self._creation.create(request, orphan=True)

    async def _create_by_role(self, request: Request, match: Match) -> Response:
        role = await self._roles.read(request.namespace, match["role"])
        if role is None:
            raise BadRequest(f"unknown role {match['role']}")
        return await self._creation.create(request, role)

    async def _lookup(self, request: Request, match: Match) -> Response:
        client_token = Fields(request.data).text("token") or request.client_token
        if ids.same(client_token, request.client_token):
            return await self._lookup_self(request, match)
        token = await self._tokens.lookup(client_token)
        if token is None or not _within(token, request):
            raise PermissionDenied("bad token")
        return Response(answers.described(token, client_token, self.system.now()))

    async def _lookup_self(self, request: Request, _: Match) -> Response:
        if request.token is None:
            raise PermissionDenied
        return Response(answers.described(request.token, request.client_token, self.system.now()))

    async def _lookup_accessor(self, request: Request, _: Match) -> Response:
        token = (await self._by_accessor(request))[1]
        return Response(answers.described(token, "", self.system.now()))

    async def _renew(self, request: Request, _: Match) -> Response | None:
        client_token = _token_given(request)
        return await self._renewed(request, client_token, await self._tokens.lookup(client_token))

    async def _renew_self(self, request: Request, _: Match) -> Response | None:
        return await self._renewed(request, request.client_token, request.token)

    async def _renewed(self, request: Request, client_token: str, token: Token | None) -> Response | None:
        if token is None or not _within(token, request):
            raise BadRequest("token not found")
        if token.kind == "batch":
            raise BadRequest("batch tokens cannot be renewed")
        return await self._renew_by_id(request, self._tokens.id_of(client_token), client_token)

    async def _renew_accessor(self, request: Request, _match: Match) -> Response | None:
        token_id, _ = await self._by_accessor(request)
        return await self._renew_by_id(request, token_id, "")

    async def _renew_by_id(self, request: Request, token_id: str, client_token: str) -> Response | None:
        increment = Fields(request.data).duration("increment")
        renewed = await renew(self._tokens, token_id, increment, self._terms_of)
        if renewed is None:
            return None
        token, warnings = renewed
        return Response(auth=answers.renewed(token, client_token, token.last_renewal), warnings=warnings)

    async def _revoke(self, request: Request, _: Match) -> None:
        await self._revoked(request, _token_given(request))

    async def _revoke_self(self, request: Request, _: Match) -> None:
        await self._revoked(request, request.client_token)

    async def _revoked(self, request: Request, client_token: str) -> None:
        token = await self._tokens.lookup(client_token)
        if token is None or not _within(token, request):
            return
        if token.kind == "batch":
            raise BadRequest("batch tokens cannot be revoked")
        await self._tokens.revoke(client_token)

    async def _revoke_accessor(self, request: Request, _match: Match) -> None:
        token_id, _ = await self._by_accessor(request)
        await self._tokens.end(token_id)

    async def _revoke_orphan(self, request: Request, _: Match) -> None:
        client_token = _token_given(request)
        token = await self._tokens.lookup(client_token)
        if token is None or not _within(token, request):
            raise BadRequest("token to revoke not found")
        if token.kind == "batch":
            raise BadRequest("batch tokens cannot be revoked")
        await self._tokens.revoke(client_token, orphan_children=True)

    async def _accessors(self, request: Request, _: Match) -> Response:
        return listing(await self._tokens.accessors(request.namespace))

    async def _start_tidy(self, _request: Request, _: Match) -> Response:
        if self._tidy is None or self._tidy.done():
            self._tidy = asyncio.create_task(tidy.tokens(self._tokens))
        return Response(warnings=[tidy.STARTED], status=202)

    async def _by_accessor(self, request: Request) -> tuple[str, Token]:
        accessor = Fields(request.data).text("accessor")
        if not accessor:
            raise BadRequest("missing accessor")
        found = await self._tokens.lookup_accessor(accessor)
        if found is None or not _within(found[1], request):
            raise BadRequest("invalid accessor")
        return found


def _token_given(request: Request) -> str:
    client_token = Fields(request.data).text("token")
    if not client_token:
        raise BadRequest("missing token ID")
    return client_token


def _within(token: Token, request: Request) -> bool:
    """Whether a token belongs to the namespace of a request, or to one below it."""
    return token.namespace.startswith(request.namespace)
