"""A storage that lets others go first, so that what happens at the same time really does."""

import asyncio
import uuid
from collections.abc import Mapping

from stratumiops.vault.backend import Backend, Mount
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.view import View

from .mounted import FixedSystem, Mounted


class Slow(MemoryStorage):
    """Every read and write gives way, before and after; a write is seen by others before it returns."""

    async def get(self, key: str) -> bytes | None:
        await asyncio.sleep(0)
        found = await super().get(key)
        await asyncio.sleep(0)
        return found

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        await asyncio.sleep(0)
        await super().apply(changes)
        for _ in range(5):
            await asyncio.sleep(0)


def slowly_mounted(kind: type[Backend], path: str) -> Mounted:
    """A backend over such a storage."""
    system = FixedSystem()
    mount = Mount(path=path, kind=kind.kind, accessor=f"{kind.kind}_1", uuid=str(uuid.uuid4()))
    return Mounted(kind(mount, View(Slow(), f"logical/{mount.uuid}/"), system), system)
