"""Entries of one kind that are read once and then kept in memory, because every request needs them."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from stratumiops.vault.view import View, encoded

T = TypeVar("T")


class Kept(Generic[T]):
    """Entries below a prefix, few and needed often. What was written is in the storage before it is in memory."""

    def __init__(self, view: View, read: Callable[[Any], T], write: Callable[[T], Any]) -> None:
        self._view = view
        self._read = read
        self._write = write
        self._all: dict[str, T] | None = None
        self._lock = asyncio.Lock()

    async def all(self) -> Mapping[str, T]:
        """By name, in the order of the names."""
        if self._all is None:
            async with self._lock:
                if self._all is None:
                    self._all = {name: self._read(await self._view.read(name)) for name in await self._view.names()}
        return self._all

    async def put(self, values: Mapping[str, T]) -> None:
        """Write some, all or none."""
        await self._change({name: encoded(self._write(value)) for name, value in values.items()}, values)

    async def remove(self, *names: str) -> None:
        """Drop some, all or none."""
        await self._change(dict.fromkeys(names), {})

    async def _change(self, changes: Mapping[str, bytes | None], values: Mapping[str, T]) -> None:
        await self.all()
        async with self._lock:
            await self._view.apply(changes)
            kept = {name: value for name, value in (self._all or {}).items() if name not in changes}
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

    async def put(self, value: T) -> None:
        """Write it."""
        await self._view.write(self._key, self._write(value))
        self._value = value

    def forget(self) -> None:
        """Leave nothing in memory."""
        self._value = None
