"""A real API in a process of its own, and the `kogral` command as its user calls it."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.ports import unused_port

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ui.cli.client import Client
from stratumiops.ui.cli.kogral import main

DEADLINE_S = 60
SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="session")
def server(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an API over the test's Neo4j."""
    home = tmp_path_factory.mktemp("api")
    port = unused_port()
    environ = os.environ | {
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
        "PYTHONSAFEPATH": "1",
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "api.log").open("wb") as log:
        api = subprocess.Popen([*command, "--home", str(home)], env=environ, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(api, url, home / "api.log")
            yield url
        finally:
            api.terminate()
            api.wait(DEADLINE_S)


def _wait_until_ready(api: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if api.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            threading.Event().wait(0.05)
    raise AssertionError(f"the API did not get ready: {log.read_text()[-2_000:]}")


@pytest.fixture
async def new_graph(database: Database, graph_name: str) -> str:
    """The name of a graph that does not exist yet; what a test makes of it goes when the test ends."""
    await database.write("MATCH (g:Graph {name: $graph}) DETACH DELETE g", {"graph": graph_name})
    return graph_name


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def kogral(server: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `kogral` with these arguments against the server, here; `kogral_process` runs it as its user does."""

    def run(*arguments: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        status: Any = 0
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("STRATUMIOPS_URL", server)
            patch.setenv("COLUMNS", "100")
            patch.setattr(sys, "argv", ["kogral", *arguments])
            try:
                main()
            except SystemExit as left:
                status = left.code or 0
        return Ran(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def kogral_process(server: str) -> Callable[..., Ran]:
    """Runs a shell line in which `kogral` is the command."""

    def run(line: str, **environ: str) -> Ran:
        script = f'kogral() {{ "{sys.executable}" -m stratumiops.ui.cli.kogral "$@"; }}\nset -o pipefail\n{line}'
        done = subprocess.run(
            ["bash", "-c", script],
            env={**os.environ, "STRATUMIOPS_URL": server, "PYTHONSAFEPATH": "1", **environ},
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def kogral_terminal(server: str, tmp_path: Path) -> Callable[..., Ran]:
    """Runs `kogral` on a terminal: each answer is typed once what stands before it has been shown.

    `kogral_terminal(["add", "note"], [("Title", "A note")])`; `out` is all that the terminal showed.
    """

    def run(arguments: list[str], answers: list[tuple[str, str]] = (), **environ: str) -> Ran:  # type: ignore[assignment]
        child, terminal = pty.fork()
        if child == 0:
            more = {"STRATUMIOPS_URL": server, "PYTHONSAFEPATH": "1", "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
            os.chdir(tmp_path)
            command = [sys.executable, "-m", "stratumiops.ui.cli.kogral", *arguments]
            os.execve(sys.executable, command, {**os.environ, **more, **environ})
        try:
            shown = _talk(terminal, answers)
        finally:
            os.close(terminal)
        _, status = os.waitpid(child, 0)
        return Ran(os.waitstatus_to_exitcode(status), shown, "")

    return run


def _talk(terminal: int, answers: list[tuple[str, str]]) -> str:
    """Type the answers, each after its question; all that was shown until the program ended."""
    shown, seen, waiting = "", 0, list(answers)
    deadline = time.monotonic() + DEADLINE_S
    while True:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"no answer within {DEADLINE_S} s: {shown}"
        try:
            data = os.read(terminal, 65_536)
        except OSError:  # the program has ended
            data = b""
        if not data:
            assert not waiting, f"never asked for {waiting}: {shown}"
            return shown
        shown += data.decode("utf-8", "replace")
        while waiting and waiting[0][0] in shown[seen:]:
            question, answer = waiting.pop(0)
            seen = shown.index(question, seen) + len(question)
            os.write(terminal, answer.encode())


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    """A client of the server."""
    with Client(server) as api:
        yield api


@pytest.fixture
def notes(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes files under a new folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "notes"
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode() if isinstance(text, str) else text)
        return root

    return write
