"""Headers of requests that are on record: which ones, and whether as HMACs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response
from stratumiops.vault.view import View

_KEY: Final = "request-headers"
_SECRET: Final = frozenset({"x-vault-token", "authorization", "proxy-authorization", "cookie"})
"""These are never written as they are."""
Recorded = Mapping[str, tuple[str, bool]]
"""By name in lower case: the value, and whether it is written as an HMAC."""


class RequestHeaders:
    """Which headers devices write, the same for all of them; without any set, none."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._hashed: dict[str, bool] = {}

    async def start(self) -> None:
        """Read what is kept."""
        self._hashed = await self._view.read(_KEY) or {}

    def of(self, headers: Mapping[str, str]) -> Recorded:
        """What is written of the headers of a request."""
        return {name: (headers[name], hashed) for name, hashed in self._hashed.items() if name in headers}

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("config/auditing/request-headers", read=self._list, sudo=True)
        yield Route(
            "config/auditing/request-headers/{header}", read=self._read, write=self._write, delete=self._delete,
            sudo=True,
        )  # fmt: skip

    async def _list(self, _request: Request, _match: Match) -> Response:
        return Response({"headers": {name: _shown(hashed) for name, hashed in self._hashed.items()}}, flat=True)

    async def _read(self, _: Request, match: Match) -> Response:
        name = match["header"].lower()
        if name not in self._hashed:
            raise BadRequest("Could not find header in config")
        return Response({match["header"]: _shown(self._hashed[name])}, flat=True)

    async def _write(self, request: Request, match: Match) -> None:
        name, hashed = match["header"].lower(), Fields(request.data).boolean("hmac")
        if name in _SECRET and not hashed:
            raise BadRequest(f"the header {name} is a secret: set hmac")
        await self._change({**self._hashed, name: hashed})

    async def _delete(self, _: Request, match: Match) -> None:
        await self._change({name: hashed for name, hashed in self._hashed.items() if name != match["header"].lower()})

    async def _change(self, wanted: dict[str, bool]) -> None:
        self._hashed = wanted
        await self._view.write(_KEY, wanted)


def _shown(hashed: bool) -> dict[str, Any]:
    return {"hmac": hashed}
