"""What the figures were measured on and with."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

_PACKAGES = (
    "strawberry-graphql",
    "graphql-core",
    "neo4j",
    "neo4j-rust-ext",
    "starlette",
    "uvicorn",
    "orjson",
)


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _commit() -> str:
    root = Path(__file__).parent.parent
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def description(rounds: int, seconds: float) -> str:
    """Machine, date, commit and versions, as lines of markdown."""
    load = os.getloadavg()[0]
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    system = f"{platform.system()} {platform.release()}, load average at the end {load:.1f}"
    return (
        f"- {now}, commit {_commit()}, {rounds} rounds, {seconds:.0f} s\n"
        f"- {_cpu_model()}, {psutil.cpu_count()} cores, {memory:.0f} GiB, {system}\n"
        f"- Python {platform.python_version()}, {packages}\n"
    )
