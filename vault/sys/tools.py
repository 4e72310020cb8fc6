"""`sys/tools`: random bytes and hashes."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from typing import Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

MOST_BYTES: Final = 128 * 1024
_HASHES: Final = {
    name: name.replace("-", "_", 1).replace("sha2_", "sha") for name in (
        "sha2-224", "sha2-256", "sha2-384", "sha2-512", "sha3-224", "sha3-256", "sha3-384", "sha3-512",
    )
}  # fmt: skip


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
        return random_bytes(Fields({**request.data, **match}))

    async def _hash(self, request: Request, match: Match) -> Response:
        return hashed(Fields({**request.data, **match}))


def random_bytes(given: Fields) -> Response:
    """`random_bytes` of the wanted number and form."""
    count = given.integer("bytes", 32)
    if not 1 <= count <= MOST_BYTES:
        raise BadRequest(f'"bytes" should be between 1 and {MOST_BYTES}, got {count}')
    if given.text("source", "platform") not in ("platform", "seal", "all", ""):
        raise BadRequest(f'unsupported entropy source {given.text("source")!r}; must be "platform", "seal" or "all"')
    data = secrets.token_bytes(count)
    return Response({"random_bytes": _formatted(given, data, "base64")})


def hashed(given: Fields) -> Response:
    """`sum` of the input."""
    name = given.text("algorithm") or "sha2-256"
    if name not in _HASHES:
        raise BadRequest(f"unsupported algorithm {name}")
    return Response({"sum": _formatted(given, hashlib.new(_HASHES[name], given.bytes("input")).digest(), "hex")})


def _formatted(given: Fields, data: bytes, usual: str) -> str:
    form = given.text("format") or usual
    if form == "hex":
        return data.hex()
    if form == "base64":
        return base64.b64encode(data).decode()
    raise BadRequest(f'unsupported encoding format {form}; must be "hex" or "base64"')
