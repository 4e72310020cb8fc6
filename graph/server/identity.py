"""Which process is which: a pid alone proves nothing, it is given again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil

_PROC = Path("/proc")
_START_TICKS = 19  # field 22 of /proc/<pid>/stat, counted after the command's closing parenthesis


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process as the system knows it. `started` tells apart processes that had the same pid."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "ProcessId | None":
        """The identity of a running process, or None when there is none of this pid."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid, _started(process))
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            return None

    @classmethod
    def read(cls, record: dict[str, Any] | None) -> "ProcessId | None":
        """The identity in a process record."""
        if record is None or not isinstance(record.get("pid"), int):
            return None
        return cls(record["pid"], str(record.get("started", "")))

    def record(self) -> dict[str, Any]:
        """What `read` reads."""
        return asdict(self)

    def alive(self) -> bool:
        """This very process still runs."""
        return ProcessId.of(self.pid) == self

    def arguments(self) -> list[str]:
        """Its command line; empty when it has gone."""
        try:
            return psutil.Process(self.pid).cmdline() if self.alive() else []
        except psutil.NoSuchProcess:
            return []

    def resident_bytes(self) -> int | None:
        """Memory it holds, in bytes; None when it has gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss) if self.alive() else None
        except psutil.NoSuchProcess:
            return None

    def listens_on(self, port: int) -> bool:
        """It holds the listening socket of this TCP port."""
        try:
            sockets = psutil.Process(self.pid).net_connections(kind="tcp")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
        return any(s.status == psutil.CONN_LISTEN and s.laddr.port == port for s in sockets)


def find(arguments: Sequence[str]) -> list[ProcessId]:
    """Running processes of this user whose command line has all these arguments."""
    found = []
    user = psutil.Process().uids().real
    for process in psutil.process_iter(["pid", "cmdline", "uids"]):
        info = process.info
        if info["uids"] is None or info["uids"].real != user:
            continue
        if set(arguments) <= set(info["cmdline"] or ()) and (identity := ProcessId.of(info["pid"])):
            found.append(identity)
    return found


def _started(process: psutil.Process) -> str:
    """Ticks from boot to start, with the boot's id: the wall clock may be set while processes run."""
    if not _boot():
        return str(process.create_time())
    stat = (_PROC / str(process.pid) / "stat").read_text(encoding="utf-8", errors="replace")
    return f"{_boot()}:{stat.rpartition(')')[2].split()[_START_TICKS]}"


@cache
def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
