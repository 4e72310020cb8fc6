"""A lock file: the directory that holds it serves one process."""

import fcntl
import os
from pathlib import Path

from stratumiops.vault.errors import StorageFailed


class LockFile:
    """Held until `release`, or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def take(self) -> None:
        """Take it.

        Raises:
            StorageFailed: another process has it; the text says which.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StorageFailed(f"{self._path.parent} is in use by another server, process {owner}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let it go; again, when it was let go already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
