"""The highest generation of a storage that this machine has seen, kept outside of the storage.

Every commit raises the storage's generation. A storage put back to an older state has a lower one than the anchor. The
anchor is written after the commit, so a crash between the two leaves it behind, never ahead.
"""

import asyncio
import hmac
import os
import struct
from pathlib import Path
from typing import Final

from stratumiops.vault.barrier.keyring import wipe
from stratumiops.vault.errors import Internal, StorageFailed

_RECORD: Final = struct.Struct(">8s16sQ")  # magic, vault id, generation
_MAGIC: Final = b"svanchr1"
_MAC: Final = 32
_SLOT: Final = 128
_SYNC_S: Final = 3.0


class RolledBack(Internal):
    """The storage is older than it was."""


class Anchor:
    """A small file of two slots, written in turn, so that a torn write leaves the one before.

    Against the end of the process a write need not be synced; for the end of the machine that is done every few
    seconds, in a thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warning = ""
        self._descriptor = -1
        self._turn = 0
        self._key = bytearray()
        self._vault_id = b""
        self._timer: asyncio.TimerHandle | None = None
        self._syncing: asyncio.Task[None] | None = None

    def check(self, key: bytearray, vault_id: bytes, generation: int, *, accept: bool) -> tuple[int, str]:
        """Compare a storage's generation with the highest one seen.

        Returns:
            the highest generation seen by either, and a warning ("": none).

        Raises:
            RolledBack: the storage is older, or the anchor is not this vault's, and `accept` is false.
            StorageFailed: the anchor cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return generation, (
                f"there is no anchor {self.path}: whether the storage was put back to an older state is not known"
            )
        except OSError as error:
            raise StorageFailed(f"the anchor {self.path} cannot be read: {error.strerror}") from None
        seen = max(_generation(data[at : at + _SLOT], key, vault_id) for at in (0, _SLOT))
        if 0 <= seen <= generation:
            return generation, ""
        if seen > generation:
            trouble = (
                f"the storage has been put back to an older state: it is at generation {generation}, "
                f"the anchor {self.path} has seen generation {seen}"
            )
        else:
            trouble = (
                f"the anchor {self.path} is another vault's or was changed: "
                f"whether the storage's generation {generation} is the newest is not known"
            )
        if not accept:
            raise RolledBack(f'{trouble}; if that is meant, unseal with "accept_rollback": true')
        return max(seen, generation), f"accepted: {trouble}"

    async def start(self, key: bytearray, vault_id: bytes, generation: int) -> None:
        """Open it for writing, and write.

        Raises:
            StorageFailed: it cannot be written.
        """
        await self.stop()
        self._key, self._vault_id, self.warning = bytearray(key), vault_id, ""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._write(generation)
            self._write(generation)
            await asyncio.to_thread(os.fsync, self._descriptor)
        except OSError as error:
            await self.stop()
            raise StorageFailed(f"the anchor {self.path} cannot be written: {error.strerror}") from None

    def note(self, generation: int) -> None:
        """Note a generation that is in the storage. That it cannot be written is a warning: the commit is done."""
        try:
            self._write(generation)
        except OSError as error:
            self._failed(error)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SYNC_S, self._begin_sync)

    async def stop(self) -> None:
        """Sync and close it, and forget its key."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._syncing is not None:
            await asyncio.wait([self._syncing])
        wipe(self._key)
        if self._descriptor >= 0:
            await self._sync()
            os.close(self._descriptor)
            self._descriptor = -1

    def _begin_sync(self) -> None:
        self._timer = None
        self._syncing = asyncio.create_task(self._sync())

    async def _sync(self) -> None:
        try:
            await asyncio.to_thread(os.fdatasync, self._descriptor)
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        self.warning = f"the anchor {self.path} cannot be written: {error.strerror}"

    def _write(self, generation: int) -> None:
        record = _RECORD.pack(_MAGIC, self._vault_id, generation)
        slot = record + hmac.digest(self._key, record, "sha256")
        os.pwrite(self._descriptor, slot.ljust(_SLOT, b"\0"), self._turn * _SLOT)
        self._turn ^= 1


def _generation(slot: bytes, key: bytearray, vault_id: bytes) -> int:
    """What a slot says; -1: nothing that can be believed."""
    record, mac = slot[: _RECORD.size], slot[_RECORD.size : _RECORD.size + _MAC]
    if len(record) < _RECORD.size or not hmac.compare_digest(hmac.digest(key, record, "sha256"), mac):
        return -1
    magic, found, generation = _RECORD.unpack(record)
    return int(generation) if magic == _MAGIC and found == vault_id else -1
