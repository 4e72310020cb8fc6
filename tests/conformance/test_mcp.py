"""The official conformance runner of the Model Context Protocol, all of its server scenarios that apply.

Scenarios that are left out, and why: those of extensions that we do not offer (`tasks-*`, `sep-2640-skills-*`).
The real server runs those that need no tools of their own; the others call tools, resources and prompts by fixed
names, which `mcp_fixture.py` has behind the same server class and the same HTTP transport.
"""

import asyncio
import json
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from stratumiops.ui.cli.client import Client
from stratumiops.ui.mcp.http import Listening, application
from stratumiops.ui.mcp.server import KnowledgeServer, build
from stratumiops.ui.mcp.settings import ServeSettings

from .mcp_fixture import Events, build_fixture

pytestmark = [
    pytest.mark.node,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning"),
]
BIN = Path(sys.executable).parent
DEADLINE_S = 300
VERSIONS = ("2025-06-18", "2025-11-25", "2026-07-28")
NOT_OFFERED = ("tasks-", "sep-2640-")
REAL = {
    "server-initialize",
    "server-session-lifecycle",
    "ping",
    "completion-complete",
    "tools-list",
    "resources-list",
    "sep-2164-resource-not-found",
    "prompts-list",
    "dns-rebinding-protection",
    "caching",
    "http-header-validation",
    "server-sse-multiple-streams",
    "input-required-result-unsupported-methods",
}
"""Scenarios that ask nothing of a server but that it is one."""


@contextmanager
def listening(server: KnowledgeServer) -> Iterator[str]:
    """Serve over HTTP in a thread; the address of the endpoint."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    place = Listening(port=port)
    config = uvicorn.Config(application(server, place, event_store=Events()), port=port, log_config=None)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started:
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    try:
        yield place.url
    finally:
        running.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def fixture_url() -> Iterator[str]:
    with listening(build_fixture()) as url:
        yield url


@pytest.fixture(scope="module")
def real_url(api_url: str) -> Iterator[str]:
    with Client(api_url) as client, listening(build(client, ServeSettings(graph="default"))) as url:
        yield url


async def run(folder: Path, *arguments: str) -> str:
    """What the runner prints. It reads and fetches nothing but the address it is given."""
    process = await asyncio.create_subprocess_exec(
        BIN / "node",
        folder / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return out.decode()


async def scenarios(folder: Path) -> dict[str, set[str]]:
    """Every server scenario of the runner, with the versions of the protocol that it is for."""
    listed = re.findall(r"^ +- ([\w-]+) \[([^\]]+)\]$", await run(folder, "list", "--server"), re.M)
    return {name: set(versions.split(",")) for name, versions in listed}


def failures(folder: Path) -> dict[str, list[str]]:
    """Checks that failed or warned, by scenario."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("server-*/checks.json")):
        name = re.sub(r"^server-|-\d{4}-\d\d-\d\dT.*$", "", path.parent.name)
        for check in json.loads(path.read_text()):
            if check["status"] in {"FAILURE", "WARNING"}:
                found.setdefault(name, []).append(f"{check['id']}: {check.get('errorMessage')}")
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_scenario_passes_on_the_fixture(fixture_url, node_modules, tmp_path, version: str) -> None:
    known = await scenarios(node_modules)
    out = await run(
        node_modules, "server", "--url", fixture_url, "--suite", "all", "--spec-version", version, "-o", str(tmp_path)
    )
    assert failures(tmp_path) == {}
    ran = set(re.findall(r"^✓ ([\w-]+):", out, re.M))
    expected = {name for name, versions in known.items() if version in versions and not name.startswith(NOT_OFFERED)}
    assert expected <= ran, out
    assert len(expected) > 20


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_real_server_passes_what_needs_no_fixture(real_url, node_modules, tmp_path, version: str) -> None:
    known = await scenarios(node_modules)
    names = sorted(name for name in REAL if version in known[name])
    for name in names:
        where = ("--spec-version", version, "-o", str(tmp_path))
        await run(node_modules, "server", "--url", real_url, "--scenario", name, *where)
    assert failures(tmp_path) == {}
    assert len(list(tmp_path.glob("server-*/checks.json"))) == len(names) >= 5
