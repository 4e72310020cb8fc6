"""Node.js with the packages of `node/package-lock.json`, and the API as a process of its own."""

import asyncio
import fcntl
import hashlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from stratumiops.graph.store.settings import Neo4jSettings

FOLDER = Path(__file__).parent / "node"
BIN = Path(sys.executable).parent
DEADLINE_S = 120
INSTALL_S = 540
"""How long the packages may take; tests that install them have ten minutes."""

RunNode = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with the packages installed, once for a lock file and all test processes."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    modules = FOLDER / "node_modules"
    stamp = modules / ".lock.sha256"
    with (FOLDER / ".gitignore").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            subprocess.run(
                [BIN / "npm", "ci", "--silent"], cwd=FOLDER, env=_environment(), check=True, timeout=INSTALL_S
            )
            stamp.write_text(wanted)
    return FOLDER


@pytest.fixture(scope="session")
def run_node(node_modules: Path) -> RunNode:
    """Runs a script of the folder: `await run_node("audits.mjs", url)`; gives what it printed as JSON."""

    async def run(script: str, *arguments: str, stdin: object = None) -> Any:
        process = await asyncio.create_subprocess_exec(
            BIN / "node",
            script,
            *arguments,
            cwd=node_modules,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(DEADLINE_S):
                out, err = await process.communicate(json.dumps(stdin).encode())
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, err.decode()
        return json.loads(out)

    return run


@dataclass(frozen=True)
class Api:
    """A running API process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="session")
def api(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """`python -m stratumiops.resolvers` on a free port, ready."""
    home = tmp_path_factory.mktemp("home")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = _environment() | {
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
    log = home / "api.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=out, stderr=out)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ready", process, log)
        yield Api(f"http://127.0.0.1:{port}/graphql", process, log)
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


@pytest.fixture(scope="session")
def api_url(api: Api) -> str:
    """Address of the GraphQL endpoint."""
    return api.url


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    answer = "no answer"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answer = httpx.get(url).text
        except httpx.TransportError as error:
            answer = repr(error)
        else:
            if '"status":"ready"' in answer:
                return
        select.select([], [], [], 0.05)
    pytest.fail(f"the API is not ready: {answer}\n{log.read_text()}")


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
