"""`encrypt`, `decrypt`, `rewrap` and `datakey`."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit import batch, ciphers
from stratumiops.vault.engines.transit.encoding import decoded, encoded, parted, rendered, strict
from stratumiops.vault.engines.transit.key import Key
from stratumiops.vault.engines.transit.keyring import Keyring, named
from stratumiops.vault.engines.transit.kinds import DEFAULT, kind
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

NO_KEY: Final = "encryption key not found"
_NO_PLAINTEXT: Final = "missing plaintext to encrypt"
_NO_CIPHERTEXT: Final = "missing ciphertext to decrypt"
_NO_BASE64: Final = "invalid ciphertext: could not decode base64"


class Encryption:
    """Routes that encrypt and decrypt."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("encrypt/{name}", write=self._encrypt, exists=self._exists)
        yield Route("decrypt/{name}", write=self._decrypt)
        yield Route("rewrap/{name}", write=self._rewrap)
        yield Route("datakey/{form}/{name}", write=self._datakey)

    async def _exists(self, request: Request, match: Match) -> bool:
        return await self._keys.exists(match["name"])

    async def _encrypt(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        items = batch.items(request.data)
        if items is None:
            if not fields.has("plaintext"):
                raise BadRequest(_NO_PLAINTEXT)
            key = await self._key_to_encrypt(match["name"], fields, fields.has("context"))
            return Response(await self.encrypted(key, request.data))
        batch.every_has(items, "plaintext", _NO_PLAINTEXT)
        with_context = bool(items[0].get("context"))
        if any(bool(item.get("context")) is not with_context for item in items):
            raise BadRequest("context should be set either in all the request blocks or in none")
        key = await self._key_to_encrypt(match["name"], fields, with_context)
        return await batch.answered_strictly(items, lambda item: self.encrypted(key, item), {}, fields)

    async def _key_to_encrypt(self, name: str, fields: Fields, with_context: bool) -> Key:
        """The key; where there is none, it is made, derived when a context is given."""
        if self._keys.disable_upsert or await self._keys.find(name) is not None:
            return await self._keys.use(name, NO_KEY)
        convergent = fields.boolean("convergent_encryption")
        if convergent and not with_context:
            raise BadRequest("convergent encryption requires derivation to be enabled, so context is required")
        wanted = kind(fields.text("type", DEFAULT))
        if not (wanted.encryption and wanted.symmetric):
            raise BadRequest(f"key type {wanted.name} not supported for this operation")
        async with self._keys.locks.hold(named(name)):
            if await self._keys.locked(name) is None:
                await self._keys.create(Key(name, wanted.name, derived=with_context, convergent_encryption=convergent))
        return await self._keys.use(name, NO_KEY)

    async def encrypted(self, key: Key, item: Mapping[str, Any]) -> dict[str, Any]:
        """The ciphertext of one plaintext."""
        fields = Fields(item)
        plaintext = decoded(fields.text("plaintext"))
        return await self._sealed(key, plaintext, fields)

    async def _sealed(self, key: Key, plaintext: bytes, fields: Fields) -> dict[str, Any]:
        number = key.version_for("encryption", fields.integer("key_version"))
        version = key.versions.get(number) or await self._keys.version(key, number)
        context, associated = _bound(key, fields)
        sealed = ciphers.encrypt(self._keys.crypto, key, version, plaintext, context, associated)
        return {"ciphertext": rendered(number, sealed), "key_version": number}

    async def _decrypt(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        items = batch.items(request.data)
        if items is None:
            if not fields.text("ciphertext"):
                raise BadRequest(_NO_CIPHERTEXT)
            key = await self._keys.present(match["name"], NO_KEY)
            return Response(await self._decrypted(key, request.data))
        batch.every_has(items, "ciphertext", _NO_CIPHERTEXT)
        key = await self._keys.present(match["name"], NO_KEY)
        return await batch.answered_strictly(items, lambda item: self._decrypted(key, item), {"plaintext": ""}, fields)

    async def _decrypted(self, key: Key, item: Mapping[str, Any]) -> dict[str, Any]:
        return {"plaintext": encoded(await self._opened(key, Fields(item)))}

    async def _opened(self, key: Key, fields: Fields) -> bytes:
        text = fields.text("ciphertext")
        if not text:
            raise BadRequest(_NO_CIPHERTEXT)
        if not key.kind.encryption:
            raise BadRequest(f"message decryption not supported for key type {key.type}")
        context, associated = _bound(key, fields)
        number, body = parted(text, "ciphertext")
        key.readable(number, "ciphertext")
        sealed = strict(body, _NO_BASE64)
        version = key.versions.get(number) or await self._keys.version(key, number)
        return ciphers.decrypt(self._keys.crypto, key, version, sealed, context, associated)

    async def _rewrap(self, request: Request, match: Match) -> Response:
        items = batch.items(request.data)
        if items is None and not Fields(request.data).text("ciphertext"):
            raise BadRequest(_NO_CIPHERTEXT)
        key = await self._keys.use(match["name"], NO_KEY)
        if items is None:
            return Response(await self._rewrapped(key, request.data))
        return await batch.answered(items, lambda item: self._rewrapped(key, item), {})

    async def _rewrapped(self, key: Key, item: Mapping[str, Any]) -> dict[str, Any]:
        fields = Fields(item)
        return await self._sealed(key, await self._opened(key, fields), fields)

    async def _datakey(self, request: Request, match: Match) -> Response:
        fields = Fields(request.data)
        if match["form"] not in ("plaintext", "wrapped"):
            raise BadRequest("Invalid path, must be 'plaintext' or 'wrapped'")
        bits = fields.integer("bits", 256)
        if bits not in (128, 256, 512):
            raise BadRequest("invalid bit length")
        key = await self._keys.use(match["name"], NO_KEY)
        fresh = os.urandom(bits // 8)
        answer = await self._sealed(key, fresh, fields)
        return Response({**answer, "plaintext": encoded(fresh)} if match["form"] == "plaintext" else answer)


def _bound(key: Key, fields: Fields) -> tuple[bytes, bytes]:
    """The context and the associated data."""
    context = decoded(fields.text("context")) if fields.has("context") else b""
    if not fields.has("associated_data"):
        return context, b""
    associated = decoded(fields.text("associated_data"), "unable to get associated_data: ")
    if associated and not key.kind.aead:
        raise BadRequest(f"'[0].associated_data' provided for non-AEAD cipher suite {key.type}")
    return context, associated
