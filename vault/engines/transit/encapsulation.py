"""`encapsulate` and `decapsulate`: shared secrets by ML-KEM."""

from collections.abc import Iterator
from typing import Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit import material
from stratumiops.vault.engines.transit.encoding import encoded, parted, rendered, strict
from stratumiops.vault.engines.transit.key import Key
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

_NO_KEY: Final = "encapsulation key not found"
_NO_BASE64: Final = "invalid ciphertext: could not decode base64"


class Encapsulation:
    """Routes of key encapsulation."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("encapsulate/{name}", write=self._encapsulate)
        yield Route("decapsulate/{name}", write=self._decapsulate)

    async def _encapsulate(self, request: Request, match: Match) -> Response:
        key = _encapsulating(await self._keys.use(match["name"], _NO_KEY))
        number = key.version_for("encapsulation", Fields(request.data).integer("key_version"))
        version = await self._keys.version(key, number)
        made = self._keys.crypto.encapsulate(key.type, version.public)
        return Response(
            {
                "ciphertext": rendered(number, made.ciphertext),
                "shared_secret": encoded(made.shared_secret),
                "key_version": number,
            }
        )

    async def _decapsulate(self, request: Request, match: Match) -> Response:
        text = Fields(request.data).text("ciphertext")
        if not text:
            raise BadRequest("missing ciphertext to decapsulate")
        key = _encapsulating(await self._keys.present(match["name"], _NO_KEY))
        number, body = parted(text, "ciphertext")
        key.readable(number, "ciphertext")
        version = await self._keys.version(key, number)
        secret = material.decapsulator(self._keys.crypto, key, version)(strict(body, _NO_BASE64))
        return Response({"shared_secret": encoded(secret)})


def _encapsulating(key: Key) -> Key:
    if not key.kind.encapsulation:
        raise BadRequest(f"key encapsulation not supported for key type {key.type}")
    return key
