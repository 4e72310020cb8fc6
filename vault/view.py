"""A part of the barrier: what an engine, or a part of the core, keeps under a prefix of its own."""

from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from stratumiops.vault.errors import Corrupt


class Entries(Protocol):
    """Entries in the clear behind the barrier. Keys are paths with `/`; no key begins or ends with one."""

    async def get(self, key: str) -> bytes | None:
        """An entry; None: there is none."""

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """Write entries, and drop those whose value is None: all or none, and safe on disk when it returns."""

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """The names directly below a prefix that ends with `/` or is "", sorted; what has more below it ends with `/`.

        Args:
            after: only names behind this one.
            limit: at most so many; 0: all.
        """


class View:
    """Entries below a prefix. Values are JSON, but for `get` and `apply`."""

    def __init__(self, entries: Entries, prefix: str) -> None:
        self._entries = entries
        self.prefix = prefix

    def below(self, prefix: str) -> "View":
        """The part of this one below a prefix, which ends with `/`."""
        return View(self._entries, self.prefix + prefix)

    async def get(self, key: str) -> bytes | None:
        """The bytes of an entry."""
        return await self._entries.get(self.prefix + key)

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        """Write and drop entries, all or none."""
        await self._entries.apply({self.prefix + key: value for key, value in changes.items()})

    async def names(self, prefix: str = "", after: str = "", limit: int = 0) -> list[str]:
        """See `Entries.names`."""
        return await self._entries.names(self.prefix + prefix, after, limit)

    async def read(self, key: str) -> Any:
        """An entry's value; None: there is none."""
        found = await self._entries.get(self.prefix + key)
        return None if found is None else decoded(found)

    async def write(self, key: str, value: Any) -> None:
        """Write one entry."""
        await self._entries.apply({self.prefix + key: encoded(value)})

    async def delete(self, *keys: str) -> None:
        """Drop entries; it does not matter whether they are there."""
        await self._entries.apply({self.prefix + key: None for key in keys})

    async def keys(self, prefix: str = "") -> list[str]:
        """All keys below a prefix, however deep."""
        found: list[str] = []
        for name in await self.names(prefix):
            if name.endswith("/"):
                found += await self.keys(prefix + name)
            else:
                found.append(prefix + name)
        return found

    async def clear(self, at_once: int = 100) -> None:
        """Drop everything."""
        keys = await self.keys()
        for begin in range(0, len(keys), at_once):
            await self.delete(*keys[begin : begin + at_once])


def encoded(value: Any) -> bytes:
    """A value as it is kept."""
    return orjson.dumps(value)


def decoded(data: bytes) -> Any:
    """The inverse of `encoded`.

    Raises:
        Corrupt: it is no such value.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Corrupt("an entry of the storage cannot be read") from None
