"""`sys/internal/specs/openapi`: the description of what a token may reach."""

from collections.abc import Iterator
from typing import Protocol

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.errors import PermissionDenied
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response
from stratumiops.vault.sys.health import VERSION
from stratumiops.vault.sys.openapi import document


class Reach(Protocol):
    """What tokens see."""

    def mounts(self, namespace: str) -> list[Mounted]:
        """The mounts of a namespace."""

    async def authenticate(self, request: Request) -> bool:
        """Whether the request has a good token; it is in `request.token` then."""

    async def visible(self, request: Request, mounted: Mounted) -> bool:
        """Whether the token of a request may do anything below a mount."""


class SpecRoutes:
    """The description of the API."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("internal/specs/openapi", read=self._openapi, public=True)

    async def _openapi(self, request: Request, _: Match) -> Response:
        if not await self._reach.authenticate(request):
            if request.client_token:
                raise PermissionDenied
            return Response(document([], VERSION), bare=True)
        mounts = self._reach.mounts(request.namespace)
        seen = [mounted for mounted in mounts if await self._reach.visible(request, mounted)]
        generic = Fields(request.data).boolean("generic_mount_paths")
        return Response(document(seen, VERSION, generic=generic), bare=True)
