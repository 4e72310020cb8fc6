"""An API process over the shared database, for what runs in a browser, and a graph with something of everything."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from stratumiops.graph.store.settings import Neo4jSettings

ROOT = Path(__file__).parents[2]
WEB = ROOT / "ui" / "web"
BIN = Path(sys.executable).parent
DEADLINE_S = 120


@contextmanager
def api_process(settings: Neo4jSettings, home: Path, **more: str) -> Iterator[str]:
    """An API on a free port; its address without a path. `more`: variables of its environment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = os.environ | {
        "NEO4J_URI": settings.uri,
        "NEO4J_USER": settings.user,
        "NEO4J_PASSWORD": settings.password,
        **more,
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
    with (home / "api.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=log)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ready", process, home / "api.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the API did not become ready:\n{log.read_text()[-2000:]}")


def ask(origin: str, query: str, **variables: Any) -> Any:
    """The data of one request."""
    answer = httpx.post(f"{origin}/graphql", json={"query": query, "variables": variables}, timeout=60).json()
    assert "errors" not in answer, answer
    return answer["data"]


def node(*command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of the web folder, with the Node of the virtual environment first."""
    known = os.environ | environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, cwd=WEB, env=known, capture_output=True, text=True, check=False, timeout=1_200)
