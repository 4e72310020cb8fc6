"""Fetch and check the server's files: only what is missing or wrong, each to a temporary name first."""

import errno
import os
from collections.abc import Callable
from threading import Event

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.locks import locked

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when nothing more can be written."""

Progress = Callable[[int, int], None]
"""Called with (bytes so far, bytes in all), from any thread, one call at a time."""


def ensure_jars(cache: JarCache, base: str, *, progress: Progress | None = None, stop: Event | None = None) -> int:
    """Make the cache complete and return the number of files that had to be fetched.

    Needs no network and reads no content when the cache is complete. Safe when several processes call it at
    once: one fetches, the others wait and find everything there. `base` is a Maven repository; proxies are
    taken from `HTTPS_PROXY` and friends.

    Raises:
        Unavailable: the repository cannot be reached or does not have a file, a file arrives with a wrong
            sum, the disk is full, or `stop` was set.
    """
    if cache.complete():
        return 0
    stop = stop or Event()
    try:
        cache.jars.mkdir(parents=True, exist_ok=True)
        with locked(cache.lock_file, stop):
            return 0 if cache.complete() else _complete(cache, base, progress, stop)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        free = cache.lock.size // 1_000_000
        raise Unavailable(
            f"no space left in {cache.root} for the files of Neo4j",
            hint=f"free {free} MB there, or name another folder with STRATUMIOPS_CACHE",
        ) from error


def _complete(cache: JarCache, base: str, progress: Progress | None, stop: Event) -> int:
    from stratumiops.graph.server.fetch import Fetch

    cache.marker.unlink(missing_ok=True)
    for leftover in cache.jars.glob("*.part"):
        leftover.unlink()
    wanted = cache.damaged()
    if wanted:
        Fetch(cache, base, wanted, progress, stop).run()
    part = cache.marker.with_name(f"{cache.marker.name}.{os.getpid()}.part")
    part.write_text(cache.lock.digest, encoding="ascii")
    part.replace(cache.marker)
    return len(wanted)
