"""Writing a backup file: under another name until it is whole and on the disk."""

import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from stratumiops.graph.backup.format import End, Header
from stratumiops.graph.errors import BadInput, Conflict, Unavailable
from stratumiops.graph.server.download import DISK_FULL

_LEVEL = 1
_GZIP = 31  # zlib's window bits for a gzip stream


class BackupWriter:
    """Takes lines; `finish` returns the SHA-256 of all that came before the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._digest = hashlib.sha256()

    def write(self, line: bytes) -> None:
        """One line, with its line feed."""
        self._digest.update(line)
        self._file.write(self._compressor.compress(line))

    def finish(self, header: Header) -> str:
        """Write the end."""
        sha256 = self._digest.hexdigest()
        end = End(header.nodes, header.relationships, sha256)
        self._file.write(self._compressor.compress(end.line()) + self._compressor.flush())
        return sha256


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BackupWriter]:
    """A writer whose file appears at `path` when the block ends well, and leaves nothing when it does not.

    Raises:
        Conflict: there is a file and not `force`.
        BadInput: the folder is missing or may not be written.
        Unavailable: the disk is full.
    """
    if path.exists() and not force:
        raise Conflict(f"{path} exists", hint="name another file, or replace it with --force", field="file")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with _private(part) as file:
            yield BackupWriter(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if error.errno is None:  # not of the file system, such as a time-out
            raise
        if error.errno in DISK_FULL:
            hint = "free some space, or name a file on another disk; nothing was left behind"
            raise Unavailable(f"no space left for {path}", hint=hint) from error
        raise BadInput(f"{path} cannot be written: {error.strerror}", field="file") from error
    finally:
        part.unlink(missing_ok=True)


def _private(part: Path) -> BinaryIO:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # unbuffered: a full disk is noticed by the write itself, not by a close on the way out
    return os.fdopen(descriptor, "wb", buffering=0)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
