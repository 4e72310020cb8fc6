"""Files written and taken away so that nothing is half done, nothing of somebody else is lost, and nothing is outside.

A file is written beside its place and renamed there, when what is there still is what was compared. No step follows
a symbolic link.
"""

import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stratumiops.graph.errors import Conflict
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.models import Problem, ProblemSeverity

_WAIT_S = 60.0
_POLL_S = 0.05

Step = Callable[[str], None]
"""Told what was just done; tests stop there."""


def no_step(_: str) -> None:
    """Nobody wants to know."""


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep other syncs of a folder waiting; the lock is on the folder itself and ends with the process.

    Raises:
        Conflict: another one does not end within a minute.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + _WAIT_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"Another sync of {folder} does not end."
                    raise Conflict(message, hint="Try again when it has ended.") from None
                time.sleep(_POLL_S)
        yield
    finally:
        os.close(handle)


def write(root: Path, path: str, data: bytes, base: str | None, step: Step = no_step) -> Problem | None:
    """Write a file whose hash is `base` now (empty: that is not there; None: whatever is there); what is in the way.

    A file that has these bytes already is left alone, down to its times.
    """
    refused = misplaced(root, path)
    if refused is not None:
        return refused
    place = root / path
    try:
        found = _present(place)
        if found is not None and found == content_hash(data):
            return None
        if base is not None and (found or "") != base:
            return _changed("there is a file already" if base == "" else "it changed in the meantime")
        mode = _mode(place)
        if mode is not None and not mode & 0o222:
            return _error("READ_ONLY", "is read-only; it was left as it is")
        place.parent.mkdir(parents=True, exist_ok=True)
        return _replace(place, data, base, mode, step)
    except OSError as error:
        return _error("UNWRITABLE", f"cannot be written: {error.strerror}")


def remove(root: Path, path: str, base: str) -> Problem | None:
    """Take a file away whose hash is still `base`; one that is not there is no problem."""
    refused = misplaced(root, path)
    if refused is not None:
        return refused
    place = root / path
    try:
        found = _present(place)
        if found is not None and found != base:
            return _changed("it changed in the meantime")
        if found is not None and not (_mode(place) or 0) & 0o222:
            return _error("READ_ONLY", "is read-only; it was left as it is")
        place.unlink(missing_ok=True)
    except OSError as error:
        return _error("UNWRITABLE", f"cannot be deleted: {error.strerror}")
    return None


def misplaced(root: Path, path: str) -> Problem | None:
    """Why nothing may be written at a path: it leaves the folder, or a link or a file is on the way."""
    parts = path.split("/")
    if path.startswith("/") or "\x00" in path or any(part in ("", ".", "..") for part in parts):
        return _error("BAD_PATH", "is no path inside the folder")
    place = root
    for number, part in enumerate(parts):
        place = place / part
        try:
            mode = place.lstat().st_mode
        except OSError:
            return None
        if stat.S_ISLNK(mode):
            return _error("SYMLINK", f"{'/'.join(parts[: number + 1])} is a symbolic link; those are not followed")
        last = number == len(parts) - 1
        if stat.S_ISREG(mode) != last or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            return _error("IN_THE_WAY", f"{'/'.join(parts[: number + 1])} is {'no file' if last else 'no folder'}")
    return None


def _replace(place: Path, data: bytes, base: str | None, mode: int | None, step: Step) -> Problem | None:
    name = hashlib.sha256(place.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    temporary = place.parent / f".kogral-{name}.tmp"
    with suppress(FileNotFoundError):
        temporary.unlink()
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        step("temporary")
        found = _present(place) or ""
        if base is not None and found != base:
            return _changed("it changed in the meantime")
        if base == "":
            try:
                os.link(temporary, place)  # unlike a rename it never replaces what appeared just now
            except FileExistsError:
                return _changed("there is a file already")
        else:
            temporary.replace(place)
        step("replaced")
        _flush_folder(place.parent)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    return None


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _present(place: Path) -> str | None:
    """The hash of the file there, if there is one."""
    try:
        return content_hash(place.read_bytes())
    except FileNotFoundError:
        return None


def _mode(place: Path) -> int | None:
    try:
        return place.lstat().st_mode
    except FileNotFoundError:
        return None


def _changed(message: str) -> Problem:
    return _error("CHANGED_MEANWHILE", f"{message}; sync again")


def _error(code: str, message: str) -> Problem:
    return Problem(code, message, None, ProblemSeverity.ERROR)
