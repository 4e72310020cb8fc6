"""`keys/…`: making, reading, configuring, rotating, trimming and deleting keys."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.transit.encoding import decoded
from stratumiops.vault.engines.transit.key import Key
from stratumiops.vault.engines.transit.keyring import Keyring, named
from stratumiops.vault.engines.transit.kinds import DEFAULT, HMAC, kind
from stratumiops.vault.engines.transit.shown import shown
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing

_HOUR: Final = 3600
_ONE: Final = "since Vault 0.3, transit key numbering starts at 1; forcing minimum to 1"


class Lifecycle:
    """Routes of keys."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("keys", list=self._list)
        yield Route("keys/", list=self._list)
        yield Route("keys/{name}", read=self._read, write=self._create, delete=self._delete, exists=self._exists)
        yield Route("keys/{name}/config", write=self._configure)
        yield Route("keys/{name}/rotate", write=self._rotate)
        yield Route("keys/{name}/trim", write=self._trim)
        yield Route("keys/{name}/soft-delete", delete=self._soft_delete)
        yield Route("keys/{name}/soft-delete-restore", write=self._soft_restore)

    async def _exists(self, request: Request, match: Match) -> bool:
        return await self._keys.exists(match["name"])

    async def _list(self, request: Request, match: Match) -> Response:
        return listing(await self._keys.names())

    async def _read(self, request: Request, match: Match) -> Response:
        key = await self._keys.find(match["name"])
        if key is None:
            raise NotFound
        fields = Fields(request.data)
        context = decoded(fields.text("context")) if fields.has("context") else b""
        return Response(await shown(self._keys, key, context))

    async def _create(self, request: Request, match: Match) -> Response:
        name = named(match["name"])
        wanted = wanted_key(name, Fields(request.data))
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name) or await self._keys.create(wanted)
        return Response(await shown(self._keys, key))

    async def _delete(self, request: Request, match: Match) -> None:
        name = named(match["name"])
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest(f"error deleting policy {name}: could not delete key; not found")
            if not key.deletion_allowed:
                raise BadRequest(f"error deleting policy {name}: deletion is not allowed for this key")
            await self._keys.delete(key)

    async def _configure(self, request: Request, match: Match) -> Response:
        name = named(match["name"])
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest(f"no existing key named {name} could be found")
            changed, warnings = configured(key, Fields(request.data))
            if changed != key:
                key = await self._keys.save(changed)
        return Response(await shown(self._keys, key), warnings=warnings)

    async def _rotate(self, request: Request, match: Match) -> Response:
        name = named(match["name"])
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest("key not found")
            if key.soft_deleted:
                raise BadRequest("refusing to use soft-deleted key")
            key = await self._keys.rotate(key)
        return Response(await shown(self._keys, key))

    async def _trim(self, request: Request, match: Match) -> Response:
        name = named(match["name"])
        fields = Fields(request.data)
        if not fields.has("min_available_version"):
            raise BadRequest("missing min_available_version")
        oldest = fields.integer("min_available_version")
        async with self._keys.locks.hold(name):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest("invalid key name")
            _may_trim(key, oldest)
            key = await self._keys.trim(key, oldest)
        return Response(await shown(self._keys, key))

    async def _soft_delete(self, request: Request, match: Match) -> Response:
        return await self._soft(match["name"], True, "key was already soft-deleted")

    async def _soft_restore(self, request: Request, match: Match) -> Response:
        return await self._soft(match["name"], False, "key was already restored")

    async def _soft(self, name: str, deleted: bool, already: str) -> Response:
        async with self._keys.locks.hold(named(name)):
            key = await self._keys.locked(name)
            if key is None:
                raise BadRequest("key not found")
            warnings = [already] if key.soft_deleted is deleted else []
            if not warnings:
                key = await self._keys.save(replace(key, soft_deleted=deleted))
        return Response(await shown(self._keys, key), warnings=warnings)


def wanted_key(name: str, fields: Fields) -> Key:
    """A key as a request wants it, without versions.

    Raises:
        BadRequest: there is no such type, or it cannot be made so.
    """
    chosen = kind(fields.text("type") or DEFAULT)
    size = fields.integer("key_size")
    if chosen.name == HMAC:
        if size and not 32 <= size <= 512:
            raise BadRequest(f"invalid key_size {size}")
        if not size:
            raise BadRequest("invalid key size for HMAC key, must be between 32 and 512 bytes")
    elif size:
        raise BadRequest(f"key_size is not valid for algorithm {chosen.name}")
    derived, convergent = fields.boolean("derived"), fields.boolean("convergent_encryption")
    if convergent and not derived:
        raise BadRequest("convergent encryption requires derivation to be enabled")
    if convergent and chosen.derivation and not chosen.encryption:
        raise BadRequest(f"convergent encryption not supported for keys of type {chosen.name}")
    if derived and not chosen.derivation:
        raise BadRequest(f"key derivation and convergent encryption not supported for keys of type {chosen.name}")
    return Key(
        name,
        chosen.name,
        derived=derived,
        convergent_encryption=convergent,
        exportable=fields.boolean("exportable"),
        allow_plaintext_backup=fields.boolean("allow_plaintext_backup"),
        auto_rotate_period=rotation_period(fields),
        key_size=size,
    )


def rotation_period(fields: Fields) -> int:
    """Seconds between rotations; 0: none."""
    period = fields.duration("auto_rotate_period")
    if 0 < period < _HOUR:
        raise BadRequest("auto rotate period must be 0 to disable or at least an hour")
    return period


def configured(key: Key, fields: Fields) -> tuple[Key, list[str]]:
    """A key with other settings, and what to warn of.

    Raises:
        BadRequest: they contradict each other, or the versions that there are.
    """
    warnings: list[str] = []
    decryption = _minimum(key, "decryption", key.min_decryption_version, fields)
    if decryption == 0:
        decryption, warnings = 1, [_ONE]
    encryption = _minimum(key, "encryption", key.min_encryption_version, fields)
    if 0 < encryption < decryption:
        raise BadRequest(
            "cannot set min encryption/decryption values; min encryption version of"
            f" {encryption} must be greater than or equal to min decryption version of {decryption}"
        )
    if decryption < key.min_available_version:
        raise BadRequest("min decryption version should not be less then min available version")
    changes: dict[str, Any] = {"min_decryption_version": decryption, "min_encryption_version": encryption}
    if fields.has("deletion_allowed"):
        changes["deletion_allowed"] = fields.boolean("deletion_allowed")
    for once in ("exportable", "allow_plaintext_backup"):
        changes[once] = getattr(key, once) or fields.boolean(once)
    if fields.has("auto_rotate_period"):
        changes["auto_rotate_period"] = rotation_period(fields)
    return replace(key, **changes), warnings


def _minimum(key: Key, what: str, now: int, fields: Fields) -> int:
    wanted: int = fields.integer(f"min_{what}_version", now)
    if wanted < 0:
        raise BadRequest(f"min {what} version cannot be negative")
    if wanted > key.latest_version:
        raise BadRequest(f"cannot set min {what} version of {wanted}, latest key version is {key.latest_version}")
    return wanted


def _may_trim(key: Key, oldest: int) -> None:
    """Refuse to drop versions that may still be in use."""
    refusals = (
        (oldest < key.min_available_version, "minimum available version cannot be decremented"),
        (key.min_encryption_version == 0, _unset("encryption")),
        (key.min_decryption_version == 0, _unset("decryption")),
        (oldest > key.min_encryption_version, _above("minmum encryption")),
        (oldest > key.min_decryption_version, _above("minimum decryption")),
        (oldest <= 0, "minimum available version should be positive"),
    )
    for refused, text in refusals:
        if refused:
            raise BadRequest(text)


def _unset(what: str) -> str:
    return f"minimum available version cannot be set when minimum {what} version is not set"


def _above(what: str) -> str:
    return f"minimum available version cannot be greater than {what} version"
