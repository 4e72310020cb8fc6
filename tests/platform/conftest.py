"""The `stratumiops` command as a process, in homes and on ports of these tests' own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.ports import unused_port

from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.settings import ServerSettings

_KEPT = ("STRATUMIOPS_CACHE", "STRATUMIOPS_MAVEN")


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Return as soon as the condition holds; fail after its time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        threading.Event().wait(0.05)


def clean_environment() -> dict[str, str]:
    """This environment without settings of the person who runs the tests."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not name.startswith(("STRATUMIOPS_", "NEO4J_"))
    }
    return found | {"STRATUMIOPS_AOT": "use", "PYTHONSAFEPATH": "1"}


def _hear_interrupts() -> None:
    """A shell that runs the tests in the background has Ctrl-C ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Command:
    """Runs `stratumiops` for one home; `port` is for its API."""

    home: Path
    port: int
    environ: dict[str, str]

    def start(self, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "stratumiops.ui.cli.platform", *arguments, "--home", str(self.home)],
            env=self.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home.parent,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - it only sets a signal's disposition
        )

    def run(self, *arguments: str, status: int = 0, **environ: str) -> str:
        """Its standard output and error together; fails when the exit status is another one."""
        process = self.start(*arguments, **environ)
        out, err = process.communicate(timeout=240)
        assert process.returncode == status, f"{arguments}: {process.returncode}\n{out}\n{err}"
        return out + err

    def json(self, *arguments: str, status: int = 0, **environ: str) -> dict[str, Any]:
        found = json.loads(self.run(*arguments, "--json", status=status, **environ))
        assert isinstance(found, dict)
        return found

    def up(self, *more: str, **environ: str) -> str:
        return self.run("up", "--detach", "--port", str(self.port), *more, **environ)

    def log(self, name: str) -> str:
        return (self.home / "logs" / f"{name}.log").read_text()


@pytest.fixture(scope="session")
def _files() -> None:
    settings = ServerSettings.from_env()
    ensure_jars(JarCache.of(settings), settings.maven)


def make_command(folder: Path) -> Command:
    environ = clean_environment() | {"STRATUMIOPS_BOLT_PORT": str(unused_port())}
    return Command(folder / "home", unused_port(), environ)


@pytest.fixture
def command(_files: None, tmp_path: Path) -> Iterator[Command]:
    """A home that was never started; what a test starts in it is stopped."""
    found = make_command(tmp_path)
    yield found
    found.run("down")


@pytest.fixture(scope="module")
def platform(_files: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A platform that runs in the background for the tests of a module."""
    found = make_command(tmp_path_factory.mktemp("platform"))
    found.up()
    yield found
    found.run("down")
