"""Ciphertexts of a storage, with those that were read or written lately in memory."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from stratumiops.vault.errors import Corrupt
from stratumiops.vault.storage.port import Storage

ABSENT: Final = b""
"""Stands for an entry that is known not to be there; a ciphertext is never empty."""

_OVERHEAD: Final = 200


class Cache:
    """The entries used last, up to a number of bytes."""

    def __init__(self, storage: Storage, largest: int) -> None:
        self._storage = storage
        self._largest = largest
        self._size = 0
        self._entries: OrderedDict[str, bytes] = OrderedDict()
        self._loading: dict[str, object] = {}

    def get(self, key: str) -> bytes | None:
        """A ciphertext, or ABSENT; None: not in memory."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    async def load(self, key: str) -> bytes:
        """Read one from the storage, and keep it unless it was written meanwhile.

        Raises:
            Corrupt: it is empty, which no entry is.
        """
        mine = self._loading[key] = object()
        try:
            found = await self._storage.get(key)
            if found is not None and not found:
                raise Corrupt("an entry of the storage is empty")
            stored = found or ABSENT
        finally:
            unchanged = self._loading.get(key) is mine
            if unchanged:
                del self._loading[key]
        if unchanged:
            self._put(key, stored)
        return stored

    def written(self, stored: Mapping[str, bytes | None]) -> None:
        """Keep what the storage has now."""
        for key, value in stored.items():
            self._put(key, ABSENT if value is None else value)
            self._loading.pop(key, None)

    def unknown(self, keys: Iterable[str]) -> None:
        """Forget entries of which it is not known whether they were written."""
        for key in keys:
            self._drop(key)
            self._loading.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._loading.clear()
        self._size = 0

    def _put(self, key: str, value: bytes) -> None:
        self._drop(key)
        self._entries[key] = value
        self._size += _OVERHEAD + len(key) + len(value)
        while self._size > self._largest:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self._size -= _OVERHEAD + len(key) + len(found)
