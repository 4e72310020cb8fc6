"""Response wrapping: an answer waits for whoever comes first with the single-use token that was given instead."""

from collections.abc import Iterator
from typing import Any, Final

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Operation, Raw, Request, Response
from stratumiops.vault.tokens import ids
from stratumiops.vault.tokens.models import WRAPPING, Token
from stratumiops.vault.tokens.store import TokenStore

_PATHS: Final = frozenset({"sys/wrapping/unwrap", "sys/wrapping/lookup"})


def is_wrapping(token: Token) -> bool:
    """Whether a token gives a wrapped answer: then it may do nothing but what `allows` says."""
    return token.kind == WRAPPING


def allows(path: str, operation: Operation) -> bool:
    """Whether a wrapping token may be the token of a request for this path, counted from the namespace."""
    return path in _PATHS and operation in {Operation.READ, Operation.CREATE, Operation.UPDATE}


class Wrapping:
    """Wraps and unwraps answers."""

    def __init__(self, tokens: TokenStore) -> None:
        self._tokens = tokens

    def routes(self) -> Iterator[Route]:
        """Below `sys/`. An unwrapping may come without a token of its own: the wrapping token stands for it."""
        yield Route("wrapping/wrap", write=self._wrap)
        yield Route("wrapping/lookup", self._lookup, self._lookup, public=True)
        yield Route("wrapping/rewrap", write=self._rewrap)
        yield Route("wrapping/unwrap", self._unwrap, self._unwrap, public=True)

    async def wrap(
        self, body: bytes, ttl: int, creation_path: str, wrapped_accessor: str = "", namespace: str = ""
    ) -> dict[str, Any]:
        """The `wrap_info` that stands for an answer.

        Args:
            body: the finished answer, as JSON.
            ttl: seconds.
            creation_path: what was asked, without its namespace.
            wrapped_accessor: of the token that the answer holds.
        """
        now = self._tokens.now()
        token = Token(
            accessor=ids.base62(), policies=("response-wrapping",), path=creation_path, created=now, expires=now + ttl,
            ttl=ttl, kind=WRAPPING, display_name="token", num_uses=1, explicit_max_ttl=ttl, renewable=False,
            namespace=namespace, namespace_id=self._tokens.namespace_id(namespace),
            internal={"wrapped_accessor": wrapped_accessor} if wrapped_accessor else {},
        )  # fmt: skip
        client_token = await self._tokens.keep(token, answer=body)
        return _info(token, client_token)

    async def _wrap(self, request: Request, _: Match) -> Response:
        if not request.wrap_ttl:
            raise BadRequest("endpoint requires response wrapping to be used")
        return Response(request.data)

    async def _lookup(self, request: Request, _: Match) -> Response:
        token = (await self._given(request))[1]
        return Response(
            {
                "creation_path": token.path,
                "creation_time": clock.rfc3339(token.created),
                "creation_ttl": token.ttl,
            }
        )

    async def _rewrap(self, request: Request, _: Match) -> Response:
        client_token, token = await self._given(request)
        body = await self._taken(client_token)
        accessor = token.internal.get("wrapped_accessor", "")
        info = await self.wrap(body, token.ttl, token.path, accessor, token.namespace)
        return Response(wrap_info=info)

    async def _unwrap(self, request: Request, _: Match) -> Response:
        if not request.client_token:
            raise PermissionDenied
        client_token = (await self._given(request))[0]
        return Response(raw=Raw(await self._taken(client_token), "application/json"))

    async def _given(self, request: Request) -> tuple[str, Token]:
        client_token = Fields(request.data).text("token") or request.client_token
        token = await self._tokens.lookup(client_token)
        if token is None or not is_wrapping(token) or not token.namespace.startswith(request.namespace):
            raise _invalid()
        return client_token, token

    async def _taken(self, client_token: str) -> bytes:
        """The answer, for the one who comes first: it and the token are gone before it is given."""
        body = await self._tokens.take(client_token)
        if body is None:
            raise _invalid()
        return body


def _info(token: Token, client_token: str) -> dict[str, Any]:
    info = {
        "token": client_token,
        "accessor": token.accessor,
        "ttl": token.ttl,
        "creation_time": clock.rfc3339(token.created),
        "creation_path": token.path,
    }
    if wrapped := token.internal.get("wrapped_accessor"):
        info["wrapped_accessor"] = wrapped
    return info


def _invalid() -> BadRequest:
    return BadRequest("wrapping token is not valid or does not exist")
