"""`sys/tools`: random bytes and hashes, as Transit has them."""

from collections.abc import Iterator

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit import tools
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response


class ToolRoutes:
    """Tools that need no key."""

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("tools/random", write=self._random)
        yield Route("tools/random/{bytes}", write=self._random)
        yield Route("tools/random/{source}/{bytes}", write=self._random)
        yield Route("tools/hash", write=self._hash)
        yield Route("tools/hash/{algorithm}", write=self._hash)

    async def _random(self, request: Request, match: Match) -> Response:
        source = match.get("source") or Fields(request.data).text("source")
        return tools.random_bytes(request.data, source, match.get("bytes", ""))

    async def _hash(self, request: Request, match: Match) -> Response:
        given = request.data if request.data.get("input") is not None else {**request.data, "input": ""}
        return tools.hashed(given, match.get("algorithm", ""))
