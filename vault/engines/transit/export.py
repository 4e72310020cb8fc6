"""`export`: keys that were made exportable, and public keys."""

from collections.abc import Iterator
from typing import Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.crypto.port import ECDSA, ED25519, RSA_BITS
from stratumiops.vault.engines.transit import material
from stratumiops.vault.engines.transit.encoding import encoded
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.engines.transit.shown import public_text
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.request import Request, Response

PUBLIC: Final = "public-key"
_TYPES: Final = ("encryption-key", "signing-key", "hmac-key", PUBLIC)


class Export:
    """Routes that give keys out."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("export/{what}/{name}", read=self._export)
        yield Route("export/{what}/{name}/{version}", read=self._export)

    async def _export(self, request: Request, match: Match) -> Response:
        what = match["what"]
        if what not in _TYPES:
            raise BadRequest(f"invalid export type: {what}")
        key = await self._keys.find(match["name"])
        if key is None:
            raise NotFound
        _may_export(what, key)
        numbers = _numbers(key, match.get("version", ""))
        texts = {str(number): text_of(what, key, await self._keys.version(key, number)) for number in numbers}
        return Response({"name": key.name, "type": key.type, "keys": texts})


def _may_export(what: str, key: Key) -> None:
    if what == PUBLIC:
        if key.kind.symmetric:
            raise BadRequest(f"unknown key type {key.type} for export type {what}")
        return
    if not key.exportable:
        raise BadRequest("private key material is not exportable")
    if what == "encryption-key" and not (key.kind.encryption or key.kind.encapsulation):
        raise BadRequest("encryption not supported for the key")
    if what == "signing-key" and not key.kind.signing:
        raise BadRequest("signing not supported for the key")


def _numbers(key: Key, asked: str) -> range:
    oldest = max(key.min_decryption_version, key.oldest)
    if not asked:
        return range(oldest, key.latest_version + 1)
    if asked == "latest":
        return range(key.latest_version, key.latest_version + 1)
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise BadRequest("invalid key version")
    number = int(asked)
    if number < oldest:
        raise BadRequest("version for export is below minimum decryption version")
    if number > key.latest_version:
        raise BadRequest("version does not exist or cannot be found")
    return range(number, number + 1)


def text_of(what: str, key: Key, version: Version) -> str:
    """One version in the form in which it is given out."""
    if what == "hmac-key":
        return encoded(version.hmac_key)
    if what == PUBLIC:
        text = encoded(version.public) if key.derived else public_text(key, version, b"")
        return text.rstrip("\n") if key.type in ECDSA else text
    if not version.private:
        raise BadRequest("private key material is not exportable: only the public key was imported")
    if key.type in (*RSA_BITS, *ECDSA):
        return material.private_pem(key, version, strip=key.type in ECDSA)
    if key.type == ED25519:
        return encoded(version.private + version.public)
    return encoded(version.private)
