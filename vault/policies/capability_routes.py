"""The routes below `sys/` that say what a token may do, and why."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.policies.authorizer import Authorizer
from stratumiops.vault.policies.cedar_schema import ACTIONS
from stratumiops.vault.policies.explain import Question, explain
from stratumiops.vault.policies.store import normal
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.tokens.ids import same
from stratumiops.vault.tokens.models import Token

Lookup = Callable[[str], Awaitable[Token | None]]
_ALIASES: Final = {"write": "update", "get": "read", "put": "update", "post": "update"}
_MOST_PATHS: Final = 1_000


def _never(_: Operation, __: str) -> bool:
    return False


class CapabilityRoutes:
    """Capabilities of tokens, their rules, and explanations.

    Args:
        by_token: a living token by itself.
        by_accessor: a living token by its accessor.
        needs_sudo: whether an operation on a path wants `sudo` beside its own capability.
    """

    def __init__(
        self,
        authorizer: Authorizer,
        *,
        by_token: Lookup,
        by_accessor: Lookup,
        needs_sudo: Callable[[Operation, str], bool] = _never,
    ) -> None:
        self._authorizer = authorizer
        self._by_token = by_token
        self._by_accessor = by_accessor
        self._needs_sudo = needs_sudo

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("capabilities", write=self._of_token)
        yield Route("capabilities-self", write=self._of_self)
        yield Route("capabilities-accessor", write=self._of_accessor)
        yield Route("policies/explain", write=self._explain)
        yield Route("internal/ui/resultant-acl", read=self._resultant)

    async def _of_token(self, request: Request, _: Match) -> Response:
        return self._capabilities(request, await self._token(Fields(request.data).text("token")))

    async def _of_self(self, request: Request, _: Match) -> Response:
        given = Fields(request.data).text("token")
        token = request.token if not given or same(given, request.client_token) else await self._token(given)
        return self._capabilities(request, _known(token))

    async def _of_accessor(self, request: Request, _: Match) -> Response:
        return self._capabilities(request, await self._accessor(Fields(request.data).text("accessor")))

    def _capabilities(self, request: Request, token: Token) -> Response:
        fields = Fields(request.data)
        paths = fields.strings("paths") or fields.strings("path")
        if not paths:
            raise BadRequest("paths must be supplied")
        if len(paths) > _MOST_PATHS:
            raise BadRequest(f"more than {_MOST_PATHS} paths")
        data: dict[str, Any] = {
            path: list(self._authorizer.capabilities(token, path, address=request.remote_address)) for path in paths
        }
        if len(paths) == 1:
            data["capabilities"] = data[paths[0]]
        return Response(data, flat=True)

    async def _token(self, client_token: str) -> Token:
        if not client_token:
            raise BadRequest("no token found")
        token = await self._by_token(client_token)
        if token is None:
            raise BadRequest("invalid token")
        return token

    async def _accessor(self, accessor: str) -> Token:
        if not accessor:
            raise BadRequest("missing accessor")
        token = await self._by_accessor(accessor)
        if token is None:
            raise BadRequest("invalid accessor")
        return token

    async def _explain(self, request: Request, _: Match) -> Response:
        fields = Fields(request.data)
        token = await self._asked_for(request, fields)
        action = (fields.text("operation") or fields.text("capability") or "read").lower()
        action = _ALIASES.get(action, action)
        if action not in ACTIONS:
            raise BadRequest(f"operation must be one of {', '.join(ACTIONS)}")
        path = fields.required("path").removeprefix("/")
        needs_sudo = action != "sudo" and self._needs_sudo(Operation(action), path)
        question = Question(
            action=action,
            path=path,
            data=fields.mapping("data"),
            wrap_ttl=fields.duration("wrap_ttl", None),
            needs_sudo=fields.boolean("sudo", needs_sudo),
            at=clock.now(),
            address=request.remote_address,
            overrides=fields.mapping("context"),
            metadata={str(name): str(value) for name, value in fields.mapping("metadata").items()},
        )
        return Response(explain(self._authorizer, token, question))

    async def _asked_for(self, request: Request, fields: Fields) -> Token:
        if fields.text("token"):
            return await self._token(fields.text("token"))
        if fields.text("accessor"):
            return await self._accessor(fields.text("accessor"))
        if fields.has("policies"):
            names = tuple(normal(name) for name in fields.strings("policies"))
            return Token(
                accessor="", policies=names, path="", created=0, expires=0, ttl=0, namespace=request.namespace
            )  # fmt: skip
        return _known(request.token)

    async def _resultant(self, request: Request, _: Match) -> Response:
        acl = self._authorizer.acl(_known(request.token))
        if acl.is_root:
            return Response({"root": True})
        exact: dict[str, Any] = {}
        globs: dict[str, Any] = {}
        for grant in acl.grants():
            shown = {"capabilities": list(grant.capabilities)}
            (exact if grant.pattern.is_exact else globs)[grant.pattern.text] = shown
        return Response({"root": False, "exact_paths": exact, "glob_paths": globs})


def _known(token: Token | None) -> Token:
    if token is None:
        raise PermissionDenied
    return token
