"""Where secrets are kept: metadata at `metadata/{path}`, values at `versions/{id}/{number}`."""

import secrets
from collections import OrderedDict
from typing import Any, Final

from stratumiops.vault.engines.kv2.metadata import Metadata
from stratumiops.vault.errors import Corrupt
from stratumiops.vault.locks import Locks
from stratumiops.vault.view import View, decoded, encoded

CACHED: Final = 10_000
"""Secrets whose metadata is held in memory at the most."""
AT_ONCE: Final = 50
"""Values dropped in one change at the most: storages bound how many keys a change has."""


class Secrets:
    """Secrets by path.

    Who writes holds `locks` by the secret's path from the first read to the end. The cache holds what was written
    last; while a write is under way readers see what was there before.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._cache: OrderedDict[str, Metadata] = OrderedDict()
        self.locks = Locks()

    async def metadata(self, path: str) -> Metadata | None:
        """What is known of a secret; None: there is none."""
        found = self._cache.get(path)
        if found is not None:
            self._cache.move_to_end(path)
            return found
        async with self.locks.hold(path):
            return await self.held(path)

    async def held(self, path: str) -> Metadata | None:
        """The same for one who holds the path's lock."""
        found = self._cache.get(path)
        if found is None:
            found = await self.uncached(path)
            if found is not None:
                self._remember(path, found)
        return found

    async def uncached(self, path: str) -> Metadata | None:
        """The same past the cache, for one who goes through many."""
        kept = await self._view.read("metadata/" + path)
        return None if kept is None else Metadata.from_kept(kept)

    async def value(self, metadata: Metadata, number: int) -> tuple[Any, bool]:
        """The value of a version, and whether it is there: a writer may have dropped it a moment ago."""
        found = await self._view.get(metadata.key(number))
        return (None, False) if found is None else (decoded(found), True)

    async def value_held(self, metadata: Metadata, number: int) -> Any:
        """The value of a version for one who holds the path's lock.

        Raises:
            Corrupt: the storage has lost it.
        """
        value, there = await self.value(metadata, number)
        if not there:
            raise Corrupt("a version of a secret is missing in the storage")
        return value

    def new(self, now: str) -> Metadata:
        """A secret without versions, not kept yet."""
        return Metadata(secrets.token_hex(12), created=now, updated=now)

    async def save(self, path: str, metadata: Metadata, values: dict[int, Any] | None = None) -> None:
        """Keep what has changed, with new values or, for None, without the old ones: in one change."""
        changes: dict[str, bytes | None] = {"metadata/" + path: encoded(metadata.kept())}
        for number, value in (values or {}).items():
            changes[metadata.key(number)] = None if value is None else encoded(value)
        await self._apply(path, changes, metadata)

    async def drop_versions(self, path: str, metadata: Metadata, numbers: list[int]) -> None:
        """Forget versions, the metadata with each change; `metadata` is changed."""
        for begin in range(0, len(numbers), AT_ONCE):
            some = numbers[begin : begin + AT_ONCE]
            for number in some:
                del metadata.versions[number]
            await self.save(path, metadata.copy(), dict.fromkeys(some))

    async def delete(self, path: str, metadata: Metadata) -> None:
        """Forget a secret with all its versions."""
        numbers = list(metadata.versions)
        last = max(len(numbers) - AT_ONCE, 0)
        await self.drop_versions(path, metadata, numbers[:last])
        gone: dict[str, bytes | None] = {metadata.key(number): None for number in numbers[last:]}
        await self._apply(path, {"metadata/" + path: None, **gone}, None)

    async def names(self, prefix: str, after: str = "", limit: int = 0) -> list[str]:
        """The names directly in a folder, whose prefix is "" or ends with `/`."""
        return await self._view.names("metadata/" + prefix, after, limit)

    def forget(self) -> None:
        """Empty the cache."""
        self._cache.clear()

    async def _apply(self, path: str, changes: dict[str, bytes | None], then: Metadata | None) -> None:
        written = False
        try:
            await self._view.apply(changes)
            written = True
        finally:  # whether a change that failed was made, only the storage knows
            if written and then is not None:
                self._remember(path, then)
            else:
                self._cache.pop(path, None)

    def _remember(self, path: str, metadata: Metadata) -> None:
        self._cache[path] = metadata
        self._cache.move_to_end(path)
        if len(self._cache) > CACHED:
            self._cache.popitem(last=False)
