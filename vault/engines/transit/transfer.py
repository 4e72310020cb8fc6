"""`backup`, `restore`, `wrapping_key`, `keys/{name}/import` and `…/import_version`."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.clock import rfc3339
from stratumiops.vault.crypto import classical
from stratumiops.vault.engines.transit import backup, material
from stratumiops.vault.engines.transit.encoding import decoded
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.engines.transit.keyring import Keyring, named
from stratumiops.vault.engines.transit.kinds import DEFAULT, HMAC, KINDS
from stratumiops.vault.engines.transit.lifecycle import rotation_period
from stratumiops.vault.errors import BadRequest, Internal
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - clients may ask for it
    "SHA224": hashes.SHA224(),
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}
_WRAPPED: Final = 512
"""Bytes of the AES key, wrapped by RSA-4096."""


class Transfer:
    """Routes that bring keys in and out whole."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("backup/{name}", read=self._backup)
        yield Route("restore", write=self._restore)
        yield Route("restore/{name}", write=self._restore)
        yield Route("wrapping_key", read=self._wrapping_key)
        yield Route("keys/{name}/import", write=self._import)
        yield Route("keys/{name}/import_version", write=self._import_version)

    async def _backup(self, request: Request, match: Match) -> Response:
        name = named(match["name"])
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest(f'key "{name}" not found')
            if not key.exportable:
                raise Internal("exporting is disallowed on the policy")
            if not key.allow_plaintext_backup:
                raise Internal("plaintext backup is disallowed on the policy")
            info = {"time": rfc3339(self._keys.now), "version": key.latest_version}
            key = await self._keys.save(replace(key, backup_info=info))
            numbers = range(key.oldest, key.latest_version + 1)
            versions = {number: await self._keys.version(key, number) for number in numbers}
        return Response({"backup": backup.written(key, versions)})

    async def _restore(self, request: Request, match: Match) -> None:
        fields = Fields(request.data)
        if not fields.text("backup"):
            raise BadRequest("'backup' must be supplied")
        wanted = match.get("name") or fields.text("name")
        if "/" in wanted:
            raise BadRequest("key names cannot be paths")
        key, versions = await asyncio.to_thread(backup.read, self._keys.crypto, fields.text("backup"), wanted)
        name = named(key.name)
        key.restore_info = {"time": rfc3339(self._keys.now), "version": key.latest_version}
        async with self._keys.locks.hold(name):
            present = await self._keys.locked(name)
            if present is not None and not fields.boolean("force"):
                raise Internal(f'key "{name}" already exists')
            await self._keys.replace(present, key, versions)

    async def _wrapping_key(self, request: Request, match: Match) -> Response:
        private = await self._keys.wrapping_key()
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return Response({"public_key": public.decode("ascii")})

    async def _import(self, request: Request, match: Match) -> None:
        name = named(match["name"])
        fields = Fields(request.data)
        kind = KINDS.get(fields.text("type") or DEFAULT)
        if kind is None:
            raise BadRequest(f"unknown key type: {fields.text('type')}")
        derived = fields.boolean("derived")
        if derived and not kind.derivation:
            raise BadRequest(f"key derivation and convergent encryption not supported for keys of type {kind.name}")
        period = rotation_period(fields)
        if period and not fields.boolean("allow_rotation"):
            raise BadRequest("allow_rotation must be set to true if auto-rotation is enabled")
        async with self._keys.locks.hold(name):
            if await self._keys.locked(name) is not None:
                raise BadRequest(
                    "the import path cannot be used with an existing key; use import-version to rotate an existing"
                    " imported key"
                )
            version = await self._version(kind.name, fields)
            key = Key(
                name, kind.name, latest_version=0, imported_key=True, derived=derived, auto_rotate_period=period,
                exportable=fields.boolean("exportable"), allow_rotation=fields.boolean("allow_rotation"),
                allow_plaintext_backup=fields.boolean("allow_plaintext_backup"),
                key_size=len(version.private) if kind.name == HMAC else 0,
            )  # fmt: skip
            await self._keys.add(key, version)

    async def _import_version(self, request: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest(f"no key found with name {name}; to import a new key, use the import/ endpoint")
            if not key.imported_key:
                raise BadRequest("the import_version endpoint can only be used with an imported key")
            fields = Fields(request.data)
            version = await self._version(key.type, fields)
            if fields.has("version"):
                await self._complete(key, fields.integer("version"), version)
            else:
                await self._keys.add(key, version)

    async def _complete(self, key: Key, number: int, version: Version) -> None:
        """Give a version that was imported as a public key its private part."""
        if not key.oldest <= number <= key.latest_version:
            raise BadRequest(f"no key version {number} found")
        present = await self._keys.version(key, number)
        if present.private:
            raise BadRequest("private key imported, key version cannot be updated")
        if not version.private or version.public != present.public:
            raise BadRequest("the private key does not match the public key of this version")
        whole = replace(version, created=present.created, hmac_key=present.hmac_key)
        await self._keys.save(replace(key, versions={**key.versions, number: whole}), {number: whole})

    async def _version(self, key_type: str, fields: Fields) -> Version:
        hash_name = (fields.text("hash_function") or "SHA256").upper()
        if hash_name not in _HASHES:
            raise BadRequest(f"unknown hash function: {fields.text('hash_function')}")
        if not fields.has("ciphertext"):
            return _public_only(key_type, fields.text("public_key"), self._keys.now)
        wrapped = decoded(fields.text("ciphertext"))
        if len(wrapped) <= _WRAPPED:
            raise BadRequest("provided ciphertext is too short")
        private = _unwrapped(await self._keys.wrapping_key(), _HASHES[hash_name], wrapped)
        now = self._keys.now
        try:
            return await asyncio.to_thread(material.imported, self._keys.crypto, key_type, private, now)
        except BadRequest as error:
            raise BadRequest(f"error importing key: {error}") from None


def _unwrapped(wrapping: rsa.RSAPrivateKey, hash_function: hashes.HashAlgorithm, wrapped: bytes) -> bytes:
    try:
        oaep = padding.OAEP(padding.MGF1(hash_function), hash_function, None)
        aes = wrapping.decrypt(wrapped[:_WRAPPED], oaep)
        return aes_key_unwrap_with_padding(aes, wrapped[_WRAPPED:])
    except (ValueError, InvalidUnwrap):
        raise BadRequest("the ciphertext cannot be unwrapped with the wrapping key") from None


def _public_only(key_type: str, text: str, now: float) -> Version:
    if key_type not in classical.SIGNATURES or not text:
        raise BadRequest("provided type does not support public_key import")
    try:
        public = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm, InternalError):
        raise BadRequest("error importing key: error parsing public key: not in PEM format") from None
    if not isinstance(public, classical.PublicKey) or not classical.fits(key_type, public):
        raise BadRequest(f"error importing key: the public key is none of type {key_type}")
    return Version(now, b"", classical.public_bytes(public), material.hmac_key())
