"""The barrier over a storage: entries in the clear on this side, encrypted on the other."""

import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stratumiops.vault import clock
from stratumiops.vault.barrier import initialization
from stratumiops.vault.barrier.cache import Cache
from stratumiops.vault.barrier.commits import Changes, Commits
from stratumiops.vault.barrier.generation import Generation
from stratumiops.vault.barrier.keyring import ENTRY_OVERHEAD, KEY_LENGTH, WRONG_KEY, Keyring, wipe
from stratumiops.vault.barrier.paths import BEFORE, GENERATION, KEYRING, OWN, PENDING, checked
from stratumiops.vault.errors import BadRequest, OutcomeUnknown, Sealed, StorageFailed, TooLarge
from stratumiops.vault.storage.port import Storage

MOST_ENCRYPTIONS: Final = (1 << 32) * 9 // 10
"""After so many a key is replaced: random nonces of 96 bits are safe for 2^32 (NIST SP 800-38D, 8.3)."""

_STEP: Final = 1 << 16
_OWN_CHANGES: Final = 12


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The key that encrypts. `installed`: seconds since 1970; `encryptions`: an upper bound after a crash."""

    term: int
    installed: float
    encryptions: int


class Barrier:
    """Implements `view.Entries`. Sealed until `unseal`.

    Args:
        anchor: where the highest generation is noted, outside of the storage; None: rollbacks are not noticed.
        cache_bytes: how much of the ciphertexts is held in memory.
    """

    def __init__(self, storage: Storage, anchor: Path | None = None, cache_bytes: int = 64 << 20) -> None:
        self._storage = storage
        self._generation = Generation(storage, anchor)
        self._cache = Cache(storage, cache_bytes)
        self._most = storage.most_changes - _OWN_CHANGES
        self._commits = Commits(self._commit, self._most, storage.largest)
        self._keyring: Keyring | None = None
        self._root_key = bytearray()
        self._unsettled: Changes = {}
        self._in_doubt = False
        self._kept: list[str] = []

    @property
    def sealed(self) -> bool:
        """Whether nothing can be read or written."""
        return self._keyring is None

    @property
    def warning(self) -> str:
        """What an operator should know about the detection of rollbacks; "": nothing."""
        return self._generation.warning

    @property
    def storage_kind(self) -> str:
        """What the entries are kept in."""
        return self._storage.kind

    async def initialized(self) -> bool:
        """Whether there is a keyring, and its initialization was finished."""
        return await initialization.initialized(self._storage)

    async def initialize(self, root_key: bytes | bytearray, *, pending: bool = False) -> None:
        """Make a keyring in an empty storage. It stays sealed.

        Args:
            root_key: 32 bytes.
            pending: it does not count until `finish`; what is left of one that was never finished is dropped.

        Raises:
            BadRequest: it is initialized.
            StorageFailed: the storage holds entries, but none of this barrier.
        """
        key = _copy(root_key)
        try:
            await initialization.initialize(self._storage, self._generation, key, pending=pending)
        finally:
            wipe(key)

    async def finish(self, records: Mapping[str, bytes | None]) -> None:
        """Let an initialization count, and write records with it; see `record`."""
        async with self._commits.lane:
            await self._commit({}, {PENDING: None} | {OWN + name: value for name, value in records.items()})

    async def record(self, name: str) -> bytes | None:
        """A record that is kept in the clear beside the keyring, such as how many shares the root key has."""
        return await self._storage.get(OWN + name)

    async def unseal(self, root_key: bytes | bytearray, *, accept_rollback: bool = False) -> None:
        """Open it.

        Raises:
            BadRequest: the key is wrong, or nothing is initialized.
            RolledBack: the storage is older than it was, and that is not accepted.
        """
        stored = await self._storage.get(KEYRING)
        if stored is None:
            raise BadRequest("Vault is not initialized")
        if not self.sealed:
            self.check(root_key)
            return
        key = _copy(root_key)
        keyring, settled = await self._unwrapped(stored, key)
        try:
            behind = await self._generation.open(keyring, accept_rollback=accept_rollback)
            self._keyring, self._root_key = keyring, key
        finally:
            if self._keyring is not keyring:
                keyring.wipe()
                wipe(key)
        if settled or behind:
            async with self._commits.lane:
                await self._commit({}, settled)

    async def seal(self) -> None:
        """Close it: what waits is written, then the keys are overwritten."""
        keyring = self._keyring
        if keyring is None:
            return
        await self._commits.drain()
        async with self._commits.lane:
            if self._keyring is None:
                return
            with suppress(StorageFailed):  # then the next unseal counts more encryptions than there were
                self._generation.reserved = self._keyring.active.used + 1
                await self._commit({}, dict.fromkeys(self._kept))
            self._kept = []
            self._keyring.wipe()
            wipe(self._root_key)
            self._keyring, self._root_key = None, bytearray()
            self._cache.clear()
            await self._generation.close()

    def check(self, root_key: bytes | bytearray) -> None:
        """Compare a root key with that of the open barrier, in constant time.

        Raises:
            BadRequest: it is another.
        """
        self._opened()
        if not hmac.compare_digest(self._root_key, root_key):
            raise BadRequest(WRONG_KEY)

    async def rekey(
        self, new_root_key: bytes | bytearray, records: Mapping[str, bytes | None], *, keep: bool = False
    ) -> None:
        """Encrypt the keyring with another root key, and write records in the same transaction; see `record`.

        Args:
            keep: until `settle` or `seal`, what is replaced stays in the storage. After a crash both root keys open
                the barrier; the one that does so first is the one that counts.

        Raises:
            StorageFailed: the old key counts; should the new one be in the storage after all, the next write undoes it.
        """
        key = _copy(new_root_key)
        async with self._commits.lane:
            raw: dict[str, bytes | None] = {KEYRING: self._opened().wrapped(key)}
            raw |= {OWN + name: value for name, value in records.items()}
            before = {name: await self._storage.get(name) for name in raw}
            kept: dict[str, bytes | None] = {}
            if keep:
                kept = {BEFORE + name[len(OWN) :]: value for name, value in before.items() if value is not None}
            try:
                await self._commit({}, raw | kept)
            except StorageFailed:
                self._unsettled = before | dict.fromkeys(kept)
                raise
            self._kept = list(kept)
            wipe(self._root_key)
            self._root_key = key

    async def settle(self) -> None:
        """Drop what the last `rekey` has kept."""
        async with self._commits.lane:
            if self._kept and not self.sealed:
                await self._commit({}, dict.fromkeys(self._kept))
                self._kept = []

    async def rotate(self) -> None:
        """Encrypt with a new key from now on."""
        async with self._commits.lane:
            await self._rotate()

    def key_status(self) -> KeyStatus:
        """The key that encrypts."""
        active = self._opened().active
        return KeyStatus(active.number, active.installed, active.used)

    async def get(self, key: str) -> bytes | None:
        """See `view.Entries.get`.

        Raises:
            Corrupt: it was changed, or belongs to another key.
        """
        if self._keyring is None:
            raise Sealed
        stored = self._cache.get(key)
        if stored is None:
            checked(key)
            await self._make_sure()
            stored = await self._cache.load(key)
        return self._opened().decrypt(key, stored) if stored else None

    async def apply(self, changes: Changes) -> None:
        """See `view.Entries.apply`.

        Raises:
            TooLarge: a value, or all of them together, are larger than the storage takes.
        """
        self._opened()
        size = 0
        for key, value in changes.items():
            checked(key)
            size += len(key) + ENTRY_OVERHEAD + (len(value) if value else 0)
        if size > self._storage.largest or len(changes) > self._most:
            raise TooLarge(
                f"one write of {len(changes)} entries and {size} bytes is more than the storage takes: "
                f"{self._most} entries and {self._storage.largest} bytes"
            )
        if changes:
            await self._commits.add(changes, size)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `view.Entries.names`."""
        self._opened()
        await self._make_sure()
        if prefix:
            checked(prefix[:-1])
            return await self._storage.names(prefix, after, limit)
        found = [name for name in await self._storage.names("", after, limit and limit + 1) if name != OWN]
        return found[:limit] if limit else found

    async def _unwrapped(self, stored: bytes, key: bytearray) -> tuple[Keyring, Changes]:
        """The keyring, and what settles a `rekey` that was interrupted: the root key that is given decides."""
        kept = {name: await self._storage.get(BEFORE + name) for name in await self._storage.names(BEFORE)}
        dropped: dict[str, bytes | None] = {BEFORE + name: None for name in kept}
        try:
            return Keyring.unwrapped(stored, key), dropped
        except BadRequest:
            before = kept.get(KEYRING[len(OWN) :])
            if before is None:
                raise
            return Keyring.unwrapped(before, key), dropped | {OWN + name: value for name, value in kept.items()}

    async def _make_sure(self) -> None:
        """After a write without an answer, write once more: then that one is done, or never will be.

        Until then nothing is read, for what is read and what is still under way could contradict each other.
        """
        if self._in_doubt:
            async with self._commits.lane:
                if self._in_doubt:
                    await self._commit({})

    async def _commit(self, changes: Changes, raw: Changes | None = None) -> None:
        """Write changes, and `raw` ones as they are, with a new generation. The lane is held."""
        writes = len(changes) + 1
        if self._opened().active.used + writes > MOST_ENCRYPTIONS:
            await self._rotate()
        if self._opened().active.used + writes > self._generation.reserved:
            await self._reserve(writes)
        await self._store(self._opened(), changes, raw or {})

    async def _reserve(self, writes: int) -> None:
        """Note more encryptions than are made soon, before they are made."""
        reserved = self._opened().active.used + writes + 1 + _STEP
        await self._store(self._opened(), {}, {}, reserved)
        self._generation.reserved = reserved

    async def _rotate(self) -> None:
        new = self._opened().with_new_term(clock.now())
        await self._store(new, {}, {KEYRING: new.wrapped(self._root_key)}, _STEP)
        self._opened().wipe()
        self._keyring, self._generation.reserved = new, _STEP

    async def _store(self, keyring: Keyring, changes: Changes, raw: Changes, reserved: int = 0) -> None:
        stored = {key: None if value is None else keyring.encrypt(key, value) for key, value in changes.items()}
        record = self._generation.next(keyring, reserved)
        try:
            await self._storage.apply({**stored, **self._unsettled, **raw, GENERATION: record})
        except StorageFailed as failure:
            self._cache.unknown(stored)
            self._in_doubt |= isinstance(failure, OutcomeUnknown)
            raise
        self._unsettled, self._in_doubt = {}, False
        self._cache.written(stored)
        self._generation.committed()

    def _opened(self) -> Keyring:
        if self._keyring is None:
            raise Sealed
        return self._keyring


def _copy(root_key: bytes | bytearray) -> bytearray:
    if len(root_key) != KEY_LENGTH:
        raise BadRequest(WRONG_KEY)
    return bytearray(root_key)
