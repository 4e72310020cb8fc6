"""A platform that `stratumiops up` started, for the page that says so, and a folder to run its blocks in."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.ports import unused_port

from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.settings import ServerSettings

from .blocks import ROOT

BIN = Path(sys.executable).parent
NODE = ROOT / "tests" / "conformance" / "node"
STEP_S = 240
_KEPT = {"STRATUMIOPS_CACHE", "STRATUMIOPS_MAVEN"}


@dataclass(frozen=True)
class Reader:
    """Someone who follows the page: a folder, an environment, and the address that stands for the page's."""

    folder: Path
    environ: dict[str, str]
    origin: str

    def run(self, *command: str | Path) -> str:
        """What a command prints; fails when its exit status is not 0."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=STEP_S, check=False
        )
        assert done.returncode == 0, f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A running platform with this project's decisions; it is stopped at the end."""
    files = ServerSettings.from_env()
    ensure_jars(JarCache.of(files), files.maven)
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / ".kogral", folder / ".kogral")
    shutil.copytree(ROOT / "tests" / "samples" / "decisions", folder / "docs" / "adr")
    shutil.copytree(ROOT / "tests" / "samples" / "logseq", folder / "my-logseq")
    port, bolt = (unused_port() for _ in range(2))
    origin = f"http://127.0.0.1:{port}"
    mine = {
        name: value for name, value in os.environ.items() if not name.startswith(("STRATUMIOPS_", "NEO4J_", "KOGRAL_"))
    }
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environ = mine | kept | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONSAFEPATH": "1",
        "NO_COLOR": "1",
        "STRATUMIOPS_HOME": str(folder / "home"),
        "STRATUMIOPS_SERVER__PORT": str(port),
        "STRATUMIOPS_BOLT_PORT": str(bolt),
        "STRATUMIOPS_AOT": "use",
        "STRATUMIOPS_URL": origin,
    }  # fmt: skip
    found = Reader(folder, environ, origin)
    try:
        found.run("stratumiops", "up", "--detach", "--load-decisions", ".kogral")
        yield found
    finally:
        found.run("stratumiops", "down")


@pytest.fixture(scope="session")
def javascript_packages() -> Path:
    """The folder with urql and graphql-ws, installed from the lock of the conformance tests."""
    wanted = hashlib.sha256((NODE / "package-lock.json").read_bytes()).hexdigest()
    modules = NODE / "node_modules"
    stamp = modules / ".lock.sha256"
    environ = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    with (NODE / ".gitignore").open("rb") as lock:  # the lock that the conformance tests take as well
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            subprocess.run([BIN / "npm", "ci", "--silent"], cwd=NODE, env=environ, check=True, timeout=STEP_S)
            stamp.write_text(wanted)
    return modules
