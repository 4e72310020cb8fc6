"""Files of a store on disk: safe names, whole writes, one writer at a time, no symbolic link followed."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stratumiops.graph.errors import Conflict, Unavailable

LOCK_WAIT_S: Final = 30.0
"""How long a writer waits for another one."""
_LOCK_PAUSE_S: Final = 0.02

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
            return cls.seen(path.stat(follow_symlinks=False))
        except (FileNotFoundError, NotADirectoryError):
            return None

    @classmethod
    def seen(cls, found: os.stat_result) -> "Stamp":
        """The stamp in what the system says of a file."""
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
        raise unwritable(path, error) from error


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
        raise unwritable(path, error) from error


def remove(path: Path) -> None:
    """Take a file away for good.

    Raises:
        Unavailable: the folder may not be written to.
    """
    try:
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold a lock among processes; it ends with its process. Blocks, so call it from a thread.

    Raises:
        Unavailable: another process held it for `wait_s` seconds, or the folder may not be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise unwritable(path, error) from error
    with file:
        deadline = time.monotonic() + wait_s
        while not _taken(file.fileno()):
            if time.monotonic() > deadline:
                message = f"Another process has been writing to {path.parent.parent} for {wait_s:.0f} s."
                raise Unavailable(message, hint="Try again when it is done.")
            time.sleep(_LOCK_PAUSE_S)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_plain(path: Path) -> bytes:
    """The bytes of a plain file.

    Raises:
        FileNotFoundError: nothing is there, or a symbolic link, which is not followed.
        OSError: it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise FileNotFoundError(errno.ENOENT, "is a symbolic link", str(path)) from error
        raise
    with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor, not a path
        return file.read()


def check_inside(root: Path, path: str) -> None:
    """Refuse to write where a symbolic link on the way leads elsewhere.

    Raises:
        Conflict: a folder between the root and the file is a link or no folder, or the path leaves the root.
    """
    parts = path.split("/")
    if path.startswith("/") or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        raise Conflict(f"{path!r} is no path inside {root}.")
    folder = root
    for part in parts[:-1]:
        folder /= part
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            message = f"{folder} is a symbolic link or no folder; nothing is written through it."
            raise Conflict(message, hint="Put a plain folder there.")


def markdown_files(root: Path, folders: Iterable[str], links: list[str] | None = None) -> dict[str, Stamp]:
    """Markdown files below some folders, by path relative to the root. Links and dot files are left out.

    Args:
        links: takes the paths of symbolic links that would count if links were followed.
    """
    found: dict[str, Stamp] = {}
    base = str(root)
    for folder in folders:
        pending = [] if _linked(f"{base}/{folder}", folder, links) else [folder]
        while pending:
            inside = pending.pop()
            for entry in _entries(f"{base}/{inside}"):
                path = f"{inside}/{entry.name}"
                if entry.is_symlink():
                    if links is not None:
                        links.append(path)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(path)
                elif entry.name.endswith(".md") and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        found[path] = Stamp.seen(entry.stat(follow_symlinks=False))
    return found


def _linked(place: str, folder: str, links: list[str] | None) -> bool:
    found = Path(place).is_symlink()
    if found and links is not None:
        links.append(folder)
    return found


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except (FileNotFoundError, NotADirectoryError):
        return []


def unwritable(path: Path, error: OSError) -> Unavailable:
    """The error for a file that cannot be written."""
    return Unavailable(
        f"{path} cannot be written: {error.strerror or error}.", hint="Look at the disk's space and permissions."
    )
