"""An API process over the shared database, for what runs in a browser, and a graph with something of everything."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from tests.ports import unused_port

from stratumiops.graph.store.settings import Neo4jSettings

ROOT = Path(__file__).parents[2]
WEB = ROOT / "ui" / "web"
BIN = Path(sys.executable).parent
DEADLINE_S = 120


class Api:
    """An API process on a free port, which stays its own when it is stopped and started again."""

    def __init__(self, settings: Neo4jSettings, home: Path, more: dict[str, str]) -> None:
        """`more`: variables of its environment."""
        port = unused_port()
        self.origin = f"http://127.0.0.1:{port}"
        self._home = home
        self._command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
        self._environ = os.environ | {
            "NEO4J_URI": settings.uri,
            "NEO4J_USER": settings.user,
            "NEO4J_PASSWORD": settings.password,
            **more,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        path = self._home / "api.log"
        with path.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=self._home, env=self._environ, stdout=log, stderr=log)
        _wait_until_ready(f"{self.origin}/ready", self._process, path)

    def stop(self) -> None:
        """Stop it, and wait until it has gone."""
        if self._process:
            self._process.terminate()
            self._process.wait(DEADLINE_S)


@contextmanager
def api_process(settings: Neo4jSettings, home: Path, **more: str) -> Iterator[str]:
    """An API on a free port; its address without a path. `more`: variables of its environment."""
    api = Api(settings, home, more)
    try:
        api.start()
        yield api.origin
    finally:
        api.stop()


@contextmanager
def switch(actions: Mapping[str, Callable[[], object]]) -> Iterator[str]:
    """An address at which a POST to a path does what the path names, such as to stop a server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            actions[self.path]()
            self.send_response(204)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


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


def node(*command: str, timeout_s: float = 1_200, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of the web folder, with the Node of the virtual environment first."""
    known = os.environ | environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, cwd=WEB, env=known, capture_output=True, text=True, check=False, timeout=timeout_s)
