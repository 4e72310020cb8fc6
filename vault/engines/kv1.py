"""KV version 1: a path holds one object, and a write replaces it."""

from collections.abc import Iterator
from typing import Any, ClassVar

from stratumiops.vault import durations
from stratumiops.vault.backend import Backend, Match, Route
from stratumiops.vault.engines.kv2.documents import shallow
from stratumiops.vault.engines.kv_paths import checked, folder, writable
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing


class Kv1Backend(Backend):
    """The engine; an entry's key is `data/` and the secret's path."""

    kind: ClassVar[str] = "kv"

    def routes(self) -> Iterator[Route]:
        """See `Backend.routes`."""
        yield Route("", list=self._list, write=self._write)
        yield Route(
            "{path*}",
            read=self._read, write=self._write, delete=self._delete, list=self._list, exists=self._exists,
        )  # fmt: skip

    async def _read(self, _: Request, match: Match) -> Response:
        path = match["path"]
        found = None if path.endswith("/") else await self.view.read("data/" + checked(path))
        if found is None:
            raise NotFound
        return Response(found, lease_duration=self._duration(found))

    async def _write(self, request: Request, match: Match) -> None:
        path = writable(match.get("path", ""))
        if not request.data:
            raise BadRequest("missing data fields")
        await self.view.write("data/" + path, shallow(request.data))

    async def _delete(self, _: Request, match: Match) -> None:
        if not match["path"].endswith("/"):
            await self.view.delete("data/" + checked(match["path"]))

    async def _list(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        prefix = "data/" + folder(match.get("path", ""))
        return listing(await self.view.names(prefix, fields.text("after"), max(fields.integer("limit"), 0)))

    async def _exists(self, _: Request, match: Match) -> bool:
        path = match["path"]
        return not path.endswith("/") and await self.view.get("data/" + checked(path)) is not None

    def _duration(self, data: dict[str, Any]) -> int:
        """How long clients should keep it: its own `ttl` or `lease`, when that is a duration, else the mount's."""
        value = data.get("ttl", data.get("lease"))
        if value is not None and value != "":
            try:
                return durations.parse(value, "ttl")
            except BadRequest:
                return self.system.default_lease_ttl(self.mount)
        return self.system.default_lease_ttl(self.mount)
