"""Files of a store on disk: safe names, whole writes, one writer at a time."""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stratumiops.graph.errors import Unavailable

_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_UNSAFE_RUN = re.compile(r"[^a-z0-9]+")
_RESERVED: Final = {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))}
"""Names that Windows keeps for devices, whatever their extension."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one version of a file from another without reading it."""

    changed_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "Stamp | None":
        """The stamp of a file, or None when there is no plain file."""
        try:
            found = path.stat(follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)


def file_name(node_id: str) -> str:
    """The name, without extension, of the file of a node.

    An id that is a safe name on every file system is its own name. Any other gets what is readable of it and a
    hash, so that ids which differ only in case, or hold slashes, have files of their own.
    """
    plain = _SAFE.fullmatch(node_id) and not node_id.endswith(".")
    if plain and node_id.partition(".")[0] not in _RESERVED:
        return node_id
    readable = _UNSAFE_RUN.sub("-", node_id.lower()).strip("-")[:60]
    digest = hashlib.sha256(node_id.encode()).hexdigest()[:16]
    return f"{readable}-{digest}" if readable else digest


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old one or the new one, also after a crash.

    Raises:
        Unavailable: the disk is full, or the folder may not be written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def append_line(path: Path, line: bytes) -> None:
    """Add one line to a log.

    Raises:
        Unavailable: the disk is full, or the folder may not be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from error


def remove(path: Path) -> None:
    """Take a file away for good.

    Raises:
        Unavailable: the folder may not be written to.
    """
    try:
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock among processes; it ends with its process. Blocks, so call it from a thread."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise _unwritable(path, error) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def markdown_files(root: Path, folders: Iterable[str]) -> dict[str, Stamp]:
    """Markdown files below some folders, by path relative to the root. Links and dot files are left out."""
    found: dict[str, Stamp] = {}
    for folder in folders:
        pending = [f"{root}/{folder}"]
        while pending:
            for entry in _entries(pending.pop()):
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    stamp = Stamp.of(Path(entry.path))
                    if stamp is not None:
                        found[os.path.relpath(entry.path, root).replace(os.sep, "/")] = stamp
    return found


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _unwritable(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{path} cannot be written: {error.strerror or error}.", hint="Look at the disk's space and permissions."
    )
