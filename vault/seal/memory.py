"""Keeping the process's memory from disks: no core dumps, no swap."""

import ctypes
import os
import resource
from pathlib import Path
from typing import Final

_CURRENT, _FUTURE, _ON_FAULT = 1, 2, 4
_SET_DUMPABLE: Final = 4
_IPC_LOCK: Final = 14


def harden() -> list[str]:
    """Switch core dumps off, and lock the memory where that is permitted.

    Returns:
        what could not be done, for an operator.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    warnings = []
    if libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        warnings.append("core dumps that go to a program cannot be switched off")
    if not _may_lock():
        warnings.append("memory cannot be locked (it needs CAP_IPC_LOCK or an unlimited RLIMIT_MEMLOCK): keys may swap")
    elif libc.mlockall(_CURRENT | _FUTURE | _ON_FAULT) != 0:
        warnings.append(f"memory cannot be locked: {os.strerror(ctypes.get_errno())}: keys may swap")
    return warnings


def _may_lock() -> bool:
    """Whether all memory, also that to come, may be locked: with a limit, allocations would fail later."""
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        return True
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> _IPC_LOCK & 1)
    return False
