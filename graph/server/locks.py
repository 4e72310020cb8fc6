"""Exclusive locks on files, freed by the kernel when their holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from stratumiops.graph.errors import Unavailable

_RETRY_S = 0.1


def try_lock(path: Path) -> int | None:
    """An open descriptor that holds the lock, or None when somebody else holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def locked(path: Path, stop: Event) -> Iterator[bool]:
    """Hold the lock; the value says whether it had to be waited for.

    Raises:
        Unavailable: `stop` was set while waiting.
    """
    waited = False
    while (descriptor := try_lock(path)) is None:
        waited = True
        if stop.wait(_RETRY_S):
            raise Unavailable(f"stopped while waiting for {path}")
    try:
        yield waited
    finally:
        os.close(descriptor)
