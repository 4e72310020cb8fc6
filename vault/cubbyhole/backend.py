"""The cubbyhole engine: what a token puts there only that token sees, and it goes with the token."""

from collections.abc import Iterator
from typing import ClassVar

from stratumiops.vault.backend import Backend, Match, Route
from stratumiops.vault.errors import BadRequest, NotFound, PermissionDenied
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

_AT_ONCE = 100


class CubbyholeBackend(Backend):
    """Entries by token; the accessor names the token."""

    kind: ClassVar[str] = "cubbyhole"

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("", list=self._list, write=self._no_folder)
        yield Route("{path*}", self._read, self._write, delete=self._delete, list=self._list, exists=self._exists)

    async def forget(self, token: Token) -> None:
        """Drop what belongs to a token; given to `TokenStore.on_end`."""
        if token.accessor:
            await self.view.below(f"{token.accessor}/").clear(_AT_ONCE)

    async def _exists(self, request: Request, match: Match) -> bool:
        return await self._own(request).get(match["path"]) is not None

    async def _list(self, request: Request, match: Match) -> Response:
        path = match.get("path", "").rstrip("/")
        return listing(await self._own(request).names(f"{path}/" if path else ""))

    async def _read(self, request: Request, match: Match) -> Response:
        data = await self._own(request).read(match["path"])
        if data is None:
            raise NotFound
        return Response(data)

    async def _write(self, request: Request, match: Match) -> None:
        if match["path"].endswith("/"):
            await self._no_folder(request, match)
        if not request.data:
            raise BadRequest("missing data fields")
        await self._own(request).write(match["path"], request.data)

    async def _no_folder(self, _request: Request, _: Match) -> None:
        raise BadRequest("cannot write to a path ending in '/'")

    async def _delete(self, request: Request, match: Match) -> None:
        await self._own(request).delete(match["path"])

    def _own(self, request: Request) -> View:
        if request.token is None:
            raise PermissionDenied
        if not request.token.accessor:
            raise BadRequest("cubbyhole operations are only supported by 'service' type tokens")
        return self.view.below(f"{request.token.accessor}/")
