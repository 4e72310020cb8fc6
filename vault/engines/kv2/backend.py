"""The engine: its routes, and what a path gets that is of version 1."""

from collections.abc import Iterator
from typing import ClassVar, Final

from stratumiops.vault.backend import Backend, Match, Mount, Route, System
from stratumiops.vault.engines.kv2.about import MetadataRoutes
from stratumiops.vault.engines.kv2.browse import BrowseRoutes
from stratumiops.vault.engines.kv2.config import ConfigEntry
from stratumiops.vault.engines.kv2.data import DataRoutes
from stratumiops.vault.engines.kv2.secrets import Secrets
from stratumiops.vault.engines.kv2.versions import VersionRoutes
from stratumiops.vault.errors import BadRequest, NotFound, UnsupportedOperation
from stratumiops.vault.request import WRITES, Operation, Request, Response
from stratumiops.vault.view import View

_FOLDERS: Final = frozenset(
    {"data", "metadata", "delete", "undelete", "destroy", "subkeys", "detailed-metadata", "search"}
)
_COMMANDS: Final = {Operation.READ: "get", Operation.LIST: "list", Operation.DELETE: "delete", Operation.PATCH: "patch"}


class Kv2Backend(Backend):
    """Secrets with versions."""

    kind: ClassVar[str] = "kv"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._secrets = Secrets(view)
        self._config = ConfigEntry(view)
        self._parts = (
            DataRoutes(self._secrets, self._config, system),
            MetadataRoutes(self._secrets, self._config, system),
            VersionRoutes(self._secrets, system),
            BrowseRoutes(self._secrets, system),
        )
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        for part in self._parts:
            yield from part.routes()
        for template in ("", "{path*}"):
            yield Route(
                template,
                read=_misled, write=_misled, patch=_misled, delete=_misled, list=_misled, exists=_nothing,
                described=False,
            )  # fmt: skip

    async def stop(self) -> None:
        """See `Backend.stop`."""
        self._secrets.forget()
        self._config.forget()


async def _misled(request: Request, match: Match) -> Response | None:
    """Answer a path that no route has, or one without the operation."""
    folder, slash, rest = match.get("path", "").partition("/")
    if folder == "config" and not slash:
        raise UnsupportedOperation
    if folder not in _FOLDERS:
        command = "put" if request.operation in WRITES else _COMMANDS[request.operation]
        return _pointed(
            "Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to "
            f"use. If using the OpenBao CLI, use 'bao kv {command}' for this operation."
        )
    if not slash:
        return _pointed("Non-listing operations on the root of a K/V v2 mount are not supported.")
    if rest or request.operation is Operation.LIST:
        raise UnsupportedOperation
    if request.operation is Operation.DELETE:
        return None
    if request.operation is Operation.READ:
        raise NotFound
    raise BadRequest("cannot write to a path ending in '/'")


def _pointed(warning: str) -> Response:
    return Response(warnings=[warning], status=404)


async def _nothing(_request: Request, _match: Match) -> bool:
    return False
