"""The number of the last commit, in the storage and outside of it, and how often the active key may have encrypted."""

import struct
from pathlib import Path
from typing import Final

from stratumiops.vault.barrier.anchor import Anchor
from stratumiops.vault.barrier.keyring import Keyring
from stratumiops.vault.barrier.paths import GENERATION
from stratumiops.vault.errors import Corrupt
from stratumiops.vault.storage.port import Storage

_RECORD: Final = struct.Struct(">QIQ")  # generation, term, encryptions that this term may have made


class Generation:
    """Each commit writes the record of the next number, and then tells the anchor.

    Args:
        anchor: where the highest number is noted, outside of the storage; None: rollbacks are not noticed.
    """

    def __init__(self, storage: Storage, anchor: Path | None) -> None:
        self.reserved = 0
        """Encryptions that the record allows the active key."""
        self._storage = storage
        self._anchor = None if anchor is None else Anchor(anchor)
        self._number = 0
        self._warning = ""

    @property
    def warning(self) -> str:
        """What an operator should know about the detection of rollbacks; "": nothing."""
        return self._warning or (self._anchor.warning if self._anchor else "")

    async def begin(self, keyring: Keyring) -> None:
        """Note that there is a new storage, with the `first` record."""
        if self._anchor is not None:
            await self._anchor.start(keyring.anchor_key, keyring.vault_id, 1)
            await self._anchor.stop()

    async def open(self, keyring: Keyring, *, accept_rollback: bool) -> bool:
        """Read the record, and compare it with the anchor; whether the storage is older, and that was accepted.

        Raises:
            Corrupt: there is no record, or it was changed.
            RolledBack: the storage is older than it was, and that is not accepted.
        """
        record = await self._storage.get(GENERATION)
        if record is None:
            raise Corrupt("the storage has lost its generation")
        number, term, used = _RECORD.unpack(keyring.decrypt(GENERATION, record))
        if term == keyring.active.number:
            keyring.active.used = used
        seen, self._warning = number, ""
        if self._anchor is not None:
            seen, self._warning = self._anchor.check(
                keyring.anchor_key, keyring.vault_id, number, accept=accept_rollback
            )
            await self._anchor.start(keyring.anchor_key, keyring.vault_id, seen)
        self._number, self.reserved = seen, keyring.active.used
        return bool(seen != number)

    def next(self, keyring: Keyring, reserved: int = 0) -> bytes:
        """The record of the next commit. No number comes twice: a commit that has failed may be there after all.

        Args:
            reserved: encryptions that the key may make from then on; 0: as many as before.
        """
        self._number += 1
        return _record(keyring, self._number, reserved or self.reserved)

    def committed(self) -> None:
        """Tell the anchor that the last record is in the storage."""
        if self._anchor is not None:
            self._anchor.note(self._number)

    async def close(self) -> None:
        """Let the anchor go."""
        if self._anchor is not None:
            await self._anchor.stop()


def first(keyring: Keyring) -> bytes:
    """The record of a new storage."""
    return _record(keyring, 1, 1)


def _record(keyring: Keyring, number: int, reserved: int) -> bytes:
    return keyring.encrypt(GENERATION, _RECORD.pack(number, keyring.active.number, reserved))
