"""The keys of a mount: kept one entry a key and one a version, read once and held in memory until the mount stops."""

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from stratumiops.vault.backend import System
from stratumiops.vault.crypto import classical
from stratumiops.vault.crypto.port import Crypto
from stratumiops.vault.engines.transit import material
from stratumiops.vault.engines.transit.key import Key, Version
from stratumiops.vault.errors import BadRequest, Corrupt, UnsupportedPath
from stratumiops.vault.locks import Locks
from stratumiops.vault.view import View, encoded

MOST_CACHED: Final = 10_000
"""Keys held in memory, where the cache's size is not set."""
_AT_ONCE: Final = 50
_LONGEST: Final = 512
_WRAPPING: Final = "rsa-4096"
_NAME: Final = re.compile(r"\w(?:[\w.-]*\w)?", re.ASCII)


class Keyring:
    """Keys by name. What changes one holds its lock."""

    def __init__(self, view: View, system: System) -> None:
        self._view = view
        self._system = system
        self._cached: dict[str, Key] = {}
        self._wrapping: rsa.RSAPrivateKey | None = None
        self.locks = Locks()
        self.size = 0
        self.disable_upsert = False

    @property
    def crypto(self) -> Crypto:
        """The configured backend."""
        return self._system.crypto

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self._system.now()

    async def start(self) -> None:
        """Read the settings, and finish deletions that were broken off."""
        self.disable_upsert = bool((await self._view.read("config/keys") or {}).get("disable_upsert"))
        self.size = int((await self._view.read("config/cache") or {}).get("size", 0))
        for name in await self._view.names("deleting/"):
            await self._finish(name)

    def drop(self) -> None:
        """Forget all that is held in memory."""
        self._cached.clear()
        self._wrapping = None

    async def set_upsert(self, disabled: bool) -> None:
        """Whether encrypting with a key that is not there makes it."""
        await self._view.write("config/keys", {"disable_upsert": disabled})
        self.disable_upsert = disabled

    async def set_size(self, size: int) -> None:
        """How many keys are held in memory."""
        await self._view.write("config/cache", {"size": size})
        self.size = size
        self._cached.clear()

    async def names(self) -> list[str]:
        """All names, sorted."""
        return await self._view.names("keys/")

    async def exists(self, name: str) -> bool:
        """Whether writing under this name changes something that is there; so it is where nothing can be."""
        return name in self._cached or not _fits(name) or await self.find(name) is not None

    async def find(self, name: str) -> Key | None:
        """A key as it stands."""
        key = self._cached.get(name)
        if key is not None:
            return key
        async with self.locks.hold(named(name)):
            return await self.locked(name)

    async def locked(self, name: str) -> Key | None:
        """A key, by a caller that holds its lock."""
        key = self._cached.get(name)
        if key is None:
            record = await self._view.read(f"keys/{named(name)}")
            if record is None:
                return None
            key = Key.of(record)
            self._remember(key)
        return key

    async def present(self, name: str, otherwise: str) -> Key:
        """A key to read with.

        Raises:
            BadRequest: there is none (`otherwise` says so), or it is soft-deleted.
        """
        key = self._cached.get(name) or await self.find(name)
        if key is None:
            raise BadRequest(otherwise)
        if key.soft_deleted:
            raise BadRequest("refusing to use soft-deleted key")
        return key

    async def use(self, name: str, otherwise: str) -> Key:
        """A key to make something with, rotated when its time has come.

        Raises:
            BadRequest: as `present`.
        """
        key = await self.present(name, otherwise)
        if not self._due(key):
            return key
        async with self.locks.hold(name):
            now = await self.locked(name)
            if now is None:
                raise BadRequest(otherwise)
            return await self.rotate(now) if self._due(now) else now

    async def version(self, key: Key, number: int) -> Version:
        """A version of a key."""
        found = key.versions.get(number)
        if found is None:
            record = await self._view.read(_entry(key, number))
            if record is None:
                raise Corrupt("a version of a key is missing in the storage")
            found = key.versions.setdefault(number, Version.of(record))
        return found

    async def create(self, key: Key) -> Key:
        """Keep a new key, with a first version; the caller holds its lock."""
        first = await material.generated(self.crypto, key.type, key.key_size, self.now)
        return await self.add(replace(key, latest_version=0), first)

    async def rotate(self, key: Key) -> Key:
        """Give a key another version; the caller holds its lock. An imported key is then none any more, as in Vault."""
        if key.imported_key and not key.allow_rotation:
            raise BadRequest(f"imported key {key.name} does not allow rotation within Vault")
        fresh = await material.generated(self.crypto, key.type, key.key_size, self.now)
        return await self.add(replace(key, imported_key=False), fresh)

    async def add(self, key: Key, version: Version) -> Key:
        """Keep a key with one version more; the caller holds its lock."""
        if key.latest_version == 0:
            await self._finish(key.name)
        number = key.latest_version + 1
        changed = replace(
            key, latest_version=number, latest_created=version.created, versions={**key.versions, number: version}
        )
        return await self.save(changed, {number: version})

    async def save(self, key: Key, versions: Mapping[int, Version] | None = None) -> Key:
        """Keep a changed key; the caller holds its lock."""
        entries = {_entry(key, number): encoded(one.record()) for number, one in (versions or {}).items()}
        await self._view.apply({**entries, f"keys/{key.name}": encoded(key.record())})
        self._remember(key)
        return key

    async def replace(self, present: Key | None, key: Key, versions: Mapping[int, Version]) -> None:
        """Put a whole key in the place of what there is under its name; the caller holds its lock."""
        await self._finish(key.name)
        whole = replace(key, versions=dict(versions))
        gone = _entries(present) if present is not None else []
        changes = {
            **dict.fromkeys(gone),
            **{_entry(key, number): encoded(one.record()) for number, one in versions.items()},
        }
        if len(changes) > 2 * _AT_ONCE:
            await self._replace_many(present, key, changes)
            changes = {f"deleting/{key.name}": None}
        await self._view.apply({**changes, f"keys/{key.name}": encoded(whole.record())})
        self._remember(whole)

    async def _replace_many(self, present: Key | None, key: Key, changes: Mapping[str, bytes | None]) -> None:
        """More than one step takes: broken off, the next start drops what was written without its key."""
        if present is not None:
            await self.delete(present)
        await self._view.write(f"deleting/{key.name}", {})
        names = sorted(name for name, value in changes.items() if value is not None)
        for begin in range(0, len(names), _AT_ONCE):
            await self._view.apply({name: changes[name] for name in names[begin : begin + _AT_ONCE]})

    async def wrapping_key(self) -> rsa.RSAPrivateKey:
        """The key that those who import keys wrap them for; it is made at its first use."""
        if self._wrapping is None:
            async with self.locks.hold("/wrapping"):
                record = await self._view.read("config/wrapping")
                private = base64.b64decode(record["private"]) if record else b""
                if not private:
                    private = await asyncio.to_thread(classical.generated, _WRAPPING)
                    await self._view.write("config/wrapping", {"private": base64.b64encode(private).decode()})
                key = classical.private_key(_WRAPPING, private)
                self._wrapping = key if isinstance(key, rsa.RSAPrivateKey) else None
        if self._wrapping is None:
            raise Corrupt("the wrapping key of the storage is no RSA key")
        return self._wrapping

    async def trim(self, key: Key, oldest: int) -> Key:
        """Drop the versions below one for good; the caller holds the key's lock."""
        while key.oldest < oldest or key.min_available_version < oldest:
            next_oldest = min(oldest, key.oldest + _AT_ONCE)
            gone = [_entry(key, number) for number in range(key.oldest, next_oldest)]
            kept = {number: one for number, one in key.versions.items() if number >= next_oldest}
            changed = replace(key, min_available_version=next_oldest, versions=kept)
            await self._view.apply({f"keys/{key.name}": encoded(changed.record()), **dict.fromkeys(gone)})
            self._remember(changed)
            key = changed
        return key

    async def delete(self, key: Key) -> None:
        """Drop a key with all its versions; the caller holds its lock."""
        self._cached.pop(key.name, None)
        entries = _entries(key)
        if len(entries) <= _AT_ONCE:
            await self._view.delete(f"keys/{key.name}", *entries)
            return
        await self._view.apply({f"keys/{key.name}": None, f"deleting/{key.name}": encoded({})})
        await self._clear(key.name)

    async def _finish(self, name: str) -> None:
        """Complete a deletion under this name that was broken off, before anything new takes the name."""
        if await self._view.get(f"deleting/{name}") is not None:
            await self._clear(name)

    async def _clear(self, name: str) -> None:
        await self._view.below(f"versions/{name}/").clear(_AT_ONCE)
        await self._view.delete(f"deleting/{name}")

    def _due(self, key: Key) -> bool:
        if not key.auto_rotate_period or (key.imported_key and not key.allow_rotation):
            return False
        return key.auto_rotate_period <= self._system.now() - key.latest_created

    def _remember(self, key: Key) -> None:
        self._cached.pop(key.name, None)
        while len(self._cached) >= (self.size or MOST_CACHED):
            del self._cached[next(iter(self._cached))]
        self._cached[key.name] = key


def named(name: str) -> str:
    """The same name.

    Raises:
        UnsupportedPath: no key can be called so.
    """
    if not _fits(name):
        raise UnsupportedPath
    return name


def _fits(name: str) -> bool:
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None


def _entry(key: Key, number: int) -> str:
    return f"versions/{key.name}/{number}"


def _entries(key: Key) -> list[str]:
    return [_entry(key, number) for number in range(key.oldest, key.latest_version + 1)]
