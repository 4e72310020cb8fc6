"""The last line that a client may know of, kept outside of the storage: so lines cut off the end of a file are missed.

The storage has the head of a chain too, but only every few seconds. This is written with each answer. It need not be
synced: against the end of the process a write is enough, and a machine that ends takes unsynced lines with it anyway.
"""

import hashlib
import hmac
import os
import struct
from pathlib import Path
from typing import Final

import structlog

from stratumiops.vault.audit.chain import Head

_RECORD: Final = struct.Struct(">Q32s")  # number and chain of the line
_MAC: Final = 32
_SLOT: Final = 128
_PURPOSE: Final = b"answered"
_CLOSED: Final = -1
_log = structlog.get_logger(__name__)


class Answered:
    """A small file of two slots, written in turn, so that a torn write leaves the one before.

    Args:
        key: of the device's chain.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = hmac.digest(key, _PURPOSE, "sha256")
        self._file = _CLOSED
        self._turn = 0
        self._has_failed = False

    def open(self) -> Head:
        """What was noted last; number 0: nothing that can be believed."""
        self.close()
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            data = os.pread(self._file, 2 * _SLOT, 0)
        except OSError as error:
            self._failed(error)
            return Head()
        heads = [self._head(data[at : at + _SLOT]) for at in (0, _SLOT)]
        self._turn = 1 if heads[0].seq > heads[1].seq else 0
        return max(heads, key=lambda head: head.seq)

    def note(self, head: Head) -> None:
        """A line is written whose answer leaves now. That it cannot be noted is a warning: the line is there."""
        if self._file == _CLOSED:
            return
        record = _RECORD.pack(head.seq, head.chain)
        slot = record + self._mac(record)
        try:
            os.pwrite(self._file, slot, self._turn * _SLOT)
        except OSError as error:
            self._failed(error)
        self._turn ^= 1

    def close(self) -> None:
        """Let it go."""
        if self._file != _CLOSED:
            os.close(self._file)
            self._file = _CLOSED

    def remove(self) -> None:
        """The device is no more."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _head(self, slot: bytes) -> Head:
        record, mac = slot[: _RECORD.size], slot[_RECORD.size : _RECORD.size + _MAC]
        if len(record) < _RECORD.size or not hmac.compare_digest(self._mac(record), mac):
            return Head()
        return Head(*_RECORD.unpack(record))

    def _mac(self, record: bytes) -> bytes:
        """BLAKE2b with a key (RFC 7693): it takes a fifth of the time of an HMAC."""
        return hashlib.blake2b(record, key=self._key, digest_size=_MAC).digest()

    def _failed(self, error: OSError) -> None:
        if not self._has_failed:
            self._has_failed = True
            _log.warning("the last line of the audit cannot be noted", path=str(self.path), error=error.strerror)
