"""The peer beside the import: Basic Memory, from PyPI, in a virtual environment of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.imports import files, write

_HERE = Path(__file__).parent
_REQUIREMENTS = _HERE.parent / "requirements" / "peer.txt"
_VENV = _HERE.parent / ".venv" / "peer-basic-memory"
_PYTHONS = ("python3.13", "python3.12")
"""It needs Python 3.12 at least; we do not."""


@dataclass(frozen=True, slots=True)
class PeerImport:
    """Notes, seconds, and how many of the files are no longer what they were."""

    notes: int
    seconds: float
    again_s: float
    rewritten: int

    @property
    def per_second(self) -> float:
        """Notes a second."""
        return self.notes / self.seconds


def measure(count: int) -> PeerImport | None:
    """Index so many notes by its command, and again unchanged; None where there is no Python that it runs on.

    Searches by meaning are off, as they are for the import beside it.

    Raises:
        RuntimeError: a command failed, or it did not take all notes.
    """
    command = _installed()
    if command is None:
        return None
    with tempfile.TemporaryDirectory(prefix="stratumiops-bench-peer-") as root:
        home, vault, empty = (Path(root) / name for name in ("home", "vault", "empty"))
        for folder in (home, vault, empty):
            folder.mkdir()
        notes = files(count)
        write(notes, vault)
        before = {path.name: path.read_bytes() for path in vault.iterdir()}
        environ = os.environ | {"HOME": str(home), "BASIC_MEMORY_SEMANTIC_SEARCH_ENABLED": "false"}
        _run(command, environ, "project", "add", "empty", str(empty), "--local")  # makes its database
        seconds = _run(command, environ, "project", "add", "bench", str(vault), "--local")
        again_s = _run(command, environ, "project", "index", "bench")
        found = json.loads(_output(command, environ, "project", "info", "bench", "--json"))
        taken = found["statistics"]["total_entities"]
        if taken != count:
            raise RuntimeError(f"the peer took {taken} of {count} notes")
        rewritten = sum(path.read_bytes() != before.get(path.name) for path in vault.glob("*.md"))
    return PeerImport(count, seconds, again_s, rewritten)


def _installed() -> Path | None:
    command = _VENV / "bin" / "bm"
    if not command.is_file():
        python = next((name for name in _PYTHONS if _works(name)), None)
        if python is None:
            return None
        found = _output(Path(python), dict(os.environ), "-c", "import sys; print(sys.executable)").strip()
        subprocess.run(["uv", "venv", "-q", "--python", found, str(_VENV)], check=True)
        install = ["uv", "pip", "install", "-q", "--require-hashes", "--python", str(_VENV / "bin" / "python")]
        subprocess.run([*install, "-r", str(_REQUIREMENTS)], check=True, stdout=sys.stderr)
    return command


def _works(name: str) -> bool:
    found = shutil.which(name)
    return found is not None and not subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode


def _run(command: Path, environ: dict[str, str], *arguments: str) -> float:
    begun = time.monotonic()
    _output(command, environ, *arguments)
    return time.monotonic() - begun


def _output(command: Path, environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([str(command), *arguments], env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command.name} {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout
