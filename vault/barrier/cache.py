"""Ciphertexts that were read or written lately."""

from collections import OrderedDict
from typing import Final

ABSENT: Final = b""
"""Stands for an entry that is known not to be there; a ciphertext is never empty."""

_OVERHEAD: Final = 200


class Cache:
    """The entries used last, up to a number of bytes."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._size = 0
        self._entries: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """A ciphertext, or ABSENT; None: not known."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: str, value: bytes) -> None:
        """Keep one, and let go of those used longest ago."""
        self.drop(key)
        self._entries[key] = value
        self._size += _OVERHEAD + len(key) + len(value)
        while self._size > self._largest:
            self.drop(next(iter(self._entries)))

    def drop(self, key: str) -> None:
        """Let go of one."""
        found = self._entries.pop(key, None)
        if found is not None:
            self._size -= _OVERHEAD + len(key) + len(found)

    def clear(self) -> None:
        """Let go of all."""
        self._entries.clear()
        self._size = 0
