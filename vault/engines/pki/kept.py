"""Entries of one kind that are read once and then kept in memory, because every request needs them."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from stratumiops.vault.view import View, encoded

T = TypeVar("T")


class Kept(Generic[T]):
    """Entries below a prefix, few and needed often. Whoever changes them writes `entries`, and then calls `note`."""

    def __init__(self, view: View, prefix: str, read: Callable[[Any], T], write: Callable[[T], Any]) -> None:
        self._view = view.below(prefix)
        self._prefix = prefix
        self._read = read
        self._write = write
        self._all: dict[str, T] | None = None
        self._loading = asyncio.Lock()

    async def all(self) -> Mapping[str, T]:
        """By name, in the order of the names."""
        if self._all is None:
            async with self._loading:
                if self._all is None:
                    self._all = {name: self._read(await self._view.read(name)) for name in await self._view.names()}
        return self._all

    def entries(self, values: Mapping[str, T], removed: Iterable[str] = ()) -> dict[str, bytes | None]:
        """What has to be written in the mount's view to keep some, and to drop others."""
        made: dict[str, bytes | None] = {self._prefix + name: None for name in removed}
        return made | {self._prefix + name: encoded(self._write(value)) for name, value in values.items()}

    def note(self, values: Mapping[str, T], removed: Iterable[str] = ()) -> None:
        """Take over what has been written; all of it has to be loaded."""
        gone = set(removed)
        kept = {name: value for name, value in (self._all or {}).items() if name not in gone}
        self._all = dict(sorted({**kept, **values}.items()))

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._all = None


class Setting(Generic[T]):
    """One entry with a default."""

    def __init__(self, view: View, key: str, read: Callable[[Any], T], write: Callable[[T], Any], default: T) -> None:
        self._view = view
        self._key = key
        self._read = read
        self._write = write
        self._default = default
        self._value: T | None = None

    async def get(self) -> T:
        """The value."""
        if self._value is None:
            found = await self._view.read(self._key)
            if self._value is None:
                self._value = self._default if found is None else self._read(found)
        return self._value

    def entry(self, value: T) -> dict[str, bytes | None]:
        """What has to be written in the mount's view to keep it."""
        return {self._key: encoded(self._write(value))}

    def note(self, value: T) -> None:
        """Take over what has been written."""
        self._value = value

    async def put(self, value: T) -> None:
        """Write it."""
        try:
            await self._view.apply(self.entry(value))
        except BaseException:
            self.forget()  # it is not known whether it was written
            raise
        self.note(value)

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._value = None
