"""`random`, `hash`, `cache-config` and `config/keys`."""

from collections.abc import Iterator

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit import tools
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response


class Settings:
    """Routes without a key."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        for template in ("random", "random/{source}", "random/{source}/{bytes}"):
            yield Route(template, write=self._random)
        for template in ("hash", "hash/{algorithm}"):
            yield Route(template, write=self._hash)
        yield Route("cache-config", read=self._read_cache, write=self._write_cache)
        yield Route("config/keys", read=self._read_upsert, write=self._write_upsert)

    async def _random(self, request: Request, match: Match) -> Response:
        return tools.random_bytes(request.data, match.get("source", ""), match.get("bytes", ""))

    async def _hash(self, request: Request, match: Match) -> Response:
        return tools.hashed(request.data, match.get("algorithm", ""))

    async def _read_cache(self, request: Request, match: Match) -> Response:
        return Response({"size": self._keys.size})

    async def _write_cache(self, request: Request, match: Match) -> Response:
        size = Fields(request.data).integer("size")
        if size != 0 and size < 10:
            raise BadRequest("size must be 0 or a value greater or equal to 10")
        await self._keys.set_size(size)
        return Response({"size": size})

    async def _read_upsert(self, request: Request, match: Match) -> Response:
        return Response({"disable_upsert": self._keys.disable_upsert})

    async def _write_upsert(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        if fields.has("disable_upsert"):
            await self._keys.set_upsert(fields.boolean("disable_upsert"))
        return Response({"disable_upsert": self._keys.disable_upsert})
