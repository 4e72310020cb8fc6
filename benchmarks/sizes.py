"""Memory and start-up: what a laptop feels before the first request."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import psutil

from benchmarks.contenders import post

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent
_UP_PORT = 18660
_UP_BOLT_PORT = 17880
_READY_S = 180.0


def rss_mb(pid: int) -> float:
    """Resident memory of a process, in MB of 10⁶ bytes."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def command_cpu_s(command: Sequence[str], runs: int = 5) -> float:
    """CPU seconds, user and system, of a command; the median of a few runs."""
    used = []
    for _ in range(runs):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command[0]} ended with {process.returncode}")
        used.append(usage.ru_utime + usage.ru_stime)
    return median(used)


def help_cpu_s() -> dict[str, float]:
    """CPU seconds of the two commands' help."""
    return {f"{name} --help": command_cpu_s([str(BIN / name), "--help"]) for name in ("stratumiops", "kogral")}


def first_answer_s(progress: Callable[[str], None]) -> list[float]:
    """Seconds from `stratumiops up` on one home to the first answered query: a first and two warm starts."""
    home = Path(tempfile.mkdtemp(prefix="stratumiops-bench-up-"))
    try:
        found = []
        for attempt in ("first", "second", "third"):
            progress(f"stratumiops up, {attempt} start")
            found.append(_first_answer(home))
        return found
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _first_answer(home: Path) -> float:
    command = [str(BIN / "stratumiops"), "up", "--home", str(home), "--port", str(_UP_PORT)]
    command += ["--load-decisions", str(ROOT / ".kogral")]
    environ = {**os.environ, "STRATUMIOPS_BOLT_PORT": str(_UP_BOLT_PORT)}
    for name in ("NEO4J_URI", "NEO4J_USER", "NEO4J_PASSWORD"):
        environ.pop(name, None)
    begun = time.monotonic()
    with (home / "up.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        _await_answer(process, begun + _READY_S)
        return time.monotonic() - begun
    finally:
        process.terminate()
        process.wait(60)


def _await_answer(process: "subprocess.Popen[bytes]", deadline: float) -> None:
    body = {"query": '{ nodes(graph: "default", first: 1) { totalCount } }'}
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"stratumiops up ended with {process.returncode}")
        try:
            answer = post(_UP_PORT, "/graphql", body)
        except OSError:
            answer = {}
        if answer.get("data"):
            return
        time.sleep(0.05)
    raise RuntimeError("stratumiops up did not answer in time")
