"""Group commit: changes that wait go to the storage together, one transaction at a time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from stratumiops.vault.errors import StorageFailed, VaultError

Changes = Mapping[str, bytes | None]


@dataclass(slots=True)
class _Waiting:
    changes: Changes
    size: int
    done: asyncio.Future[None]


class Commits:
    """A queue of changes. Those of one `add` stay together; of two that name the same key, the later counts.

    Args:
        commit: writes changes, all or none; called by one at a time.
        most_changes: of one transaction.
        most_bytes: of one transaction, save that one `add` may be larger by itself.
    """

    def __init__(self, commit: Callable[[Changes], Awaitable[None]], most_changes: int, most_bytes: int) -> None:
        self.lane = asyncio.Lock()
        """Held while something is written."""
        self._commit = commit
        self._most_changes = most_changes
        self._most_bytes = most_bytes
        self._waiting: deque[_Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def add(self, changes: Changes, size: int) -> None:
        """Write changes. They are written even if the caller does not wait for it any more.

        Args:
            size: of the values, in bytes.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(changes, size, done))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        await done

    async def drain(self) -> None:
        """Wait until nothing is waiting."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _write(self) -> None:
        try:
            while self._waiting:
                async with self.lane:
                    await self._write_group(self._group())
        finally:
            self._task = asyncio.create_task(self._write()) if self._waiting else None

    async def _write_group(self, group: list[_Waiting]) -> None:
        failure: VaultError = StorageFailed("the write was interrupted; whether it was done is not known")
        done = False
        try:
            if len(group) == 1:
                await self._commit(group[0].changes)
            else:
                merged: dict[str, bytes | None] = {}
                for one in group:
                    merged.update(one.changes)
                await self._commit(merged)
            done = True
        except VaultError as error:
            failure = error
        finally:
            for one in group:
                if not one.done.done():
                    if done:
                        one.done.set_result(None)
                    else:
                        one.done.set_exception(failure)

    def _group(self) -> list[_Waiting]:
        group = [self._waiting.popleft()]
        changes, size = len(group[0].changes), group[0].size
        while self._waiting:
            changes += len(self._waiting[0].changes)
            size += self._waiting[0].size
            if changes > self._most_changes or size > self._most_bytes:
                break
            group.append(self._waiting.popleft())
        return group
