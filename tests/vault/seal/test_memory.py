"""No core dumps, and memory that is locked or said not to be; in a child, for it cannot be taken back."""

import json
import subprocess
import sys

_HARDENED = """
import ctypes, json, resource
from pathlib import Path
from stratumiops.vault.seal.memory import harden
warnings = harden()
locked = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmLck")]
data = bytearray(50_000_000)
print(json.dumps({
    "warnings": warnings, "core": resource.getrlimit(resource.RLIMIT_CORE), "locked_kib": int(locked[0].split()[1]),
    "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
}))
"""


def test_hardened() -> None:
    run = subprocess.run([sys.executable, "-c", _HARDENED], check=True, capture_output=True, text=True, timeout=60)
    found = json.loads(run.stdout)
    assert (found["core"], found["dumpable"]) == ([0, 0], 0)
    assert (found["locked_kib"] > 0) == (not found["warnings"])
    assert all("keys may swap" in warning for warning in found["warnings"])
