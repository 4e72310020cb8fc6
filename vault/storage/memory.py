"""A storage that ends with its process: for `svault server --dev` and for tests."""

from bisect import bisect_left, insort
from collections.abc import Mapping


class MemoryStorage:
    """Entries in memory."""

    kind = "memory"
    most_changes = 100_000
    largest = 1 << 30

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}
        self._keys: list[str] = []

    async def open(self) -> None:
        """See `Storage.open`."""

    async def get(self, key: str) -> bytes | None:
        """See `Storage.get`."""
        return self._values.get(key)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """See `Storage.apply`."""
        for key, value in changes.items():
            if value is not None:
                if key not in self._values:
                    insort(self._keys, key)
                self._values[key] = value
            elif self._values.pop(key, None) is not None:
                del self._keys[bisect_left(self._keys, key)]

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """See `Storage.names`."""
        found: list[str] = []
        at = bisect_left(self._keys, prefix + after)
        while at < len(self._keys) and self._keys[at].startswith(prefix) and not (limit and len(found) >= limit):
            name, slash, _ = self._keys[at][len(prefix) :].partition("/")
            name += slash
            if name > after:
                found.append(name)
            at = bisect_left(self._keys, f"{prefix}{name[:-1]}0", at) if slash else at + 1  # "0" follows "/"
        return found

    async def close(self) -> None:
        """See `Storage.close`."""
