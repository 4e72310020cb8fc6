"""The highest generation of a storage that this machine has seen, kept outside of the storage.

Every commit raises the storage's generation. A storage put back to an older state has a lower one than the anchor. The
anchor is written after the commit, so a crash between the two leaves it behind, never ahead.
"""

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


class RolledBack(Internal):
    """The storage is older than it was."""


class Anchor:
    """A small file of two slots, written in turn, so that a torn write leaves the one before.

    Writes are not synced: against the end of the process they need not be. `sync` is for the end of the machine.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._turn = 0
        self._key = bytearray()
        self._vault_id = b""

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

    def start(self, key: bytearray, vault_id: bytes, generation: int) -> None:
        """Open it for writing, and write.

        Raises:
            StorageFailed: it cannot be written.
        """
        self.stop()
        self._key, self._vault_id = bytearray(key), vault_id
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.write(generation)
            self.write(generation)
            self.sync()
        except OSError as error:
            raise StorageFailed(f"the anchor {self.path} cannot be written: {error.strerror}") from None

    def write(self, generation: int) -> None:
        """Note a generation that is in the storage.

        Raises:
            OSError: it cannot be written.
        """
        record = _RECORD.pack(_MAGIC, self._vault_id, generation)
        slot = record + hmac.digest(self._key, record, "sha256")
        os.pwrite(self._descriptor, slot.ljust(_SLOT, b"\0"), self._turn * _SLOT)
        self._turn ^= 1

    def sync(self) -> None:
        """Make what was written safe from the end of the machine.

        Raises:
            OSError: it cannot be written.
        """
        os.fdatasync(self._descriptor)

    def stop(self) -> None:
        """Close it, and forget its key."""
        wipe(self._key)
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _generation(slot: bytes, key: bytearray, vault_id: bytes) -> int:
    """What a slot says; -1: nothing that can be believed."""
    record, mac = slot[: _RECORD.size], slot[_RECORD.size : _RECORD.size + _MAC]
    if len(record) < _RECORD.size or not hmac.compare_digest(hmac.digest(key, record, "sha256"), mac):
        return -1
    magic, found, generation = _RECORD.unpack(record)
    return int(generation) if magic == _MAGIC and found == vault_id else -1
