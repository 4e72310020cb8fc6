"""Who runs a home: one supervisor at a time, known by a lock and described by a record."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import Conflict
from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.identity import ProcessId
from stratumiops.graph.server.locks import try_lock

RECORD = "supervisor"


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Be the supervisor of this home while the block runs; the kernel frees the lock if we die.

    Raises:
        Conflict: another one runs; the sentence says which, since when and where it answers.
    """
    lock = try_lock(home.supervisor_lock)
    if lock is None:
        raise taken(home)
    try:
        yield
    finally:
        home.record(RECORD).unlink(missing_ok=True)
        os.close(lock)


def is_held(home: Home) -> bool:
    """Whether a supervisor of this home lives."""
    if not home.supervisor_lock.exists():
        return False
    lock = try_lock(home.supervisor_lock)
    if lock is not None:
        os.close(lock)
    return lock is None


def supervisor(home: Home) -> tuple[ProcessId, dict[str, Any]] | None:
    """The living supervisor and its record."""
    record = read_record(home.record(RECORD))
    process = ProcessId.read(record)
    return (process, record) if record and process and process.alive() else None


def taken(home: Home) -> Conflict:
    """The error of a second start."""
    found = supervisor(home)
    who = _described(*found) if found else "by a process that is starting or stopping"
    return Conflict(
        f"{home.root} is held {who}",
        hint=f"stop it with `stratumiops down{_home_option(home.root)}`, or name another --home",
    )


def _described(process: ProcessId, record: dict[str, Any]) -> str:
    address = record.get("url")
    return f"by process {process.pid} since {record.get('since')}" + (f", at {address}" if address else "")


def _home_option(root: Path) -> str:
    from stratumiops.graph.server.settings import default_home

    return "" if root == default_home() else f" --home {root}"
