"""MCP servers as their users start them, and the SDK's own client for them."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from stratumiops.ui.cli.client import Client as Api

DEADLINE_S = 60
COMMAND = ["-m", "stratumiops.ui.cli.kogral", "serve"]
TOKEN = "a-token-for-these-tests"
Session = Callable[..., AbstractAsyncContextManager[Client]]


def _environ(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("KOGRAL_", "STRATUMIOPS_"))}
    return {**mine, "PYTHONSAFEPATH": "1", **more}


@pytest.fixture
def known_graph(client: Api, new_graph: str) -> str:
    """A new named graph, made by the API."""
    client.execute(
        "mutation($n: String!) { createGraph(input: {name: $n}) { graph { name } } }",
        {"n": new_graph},
    )
    return new_graph


@pytest.fixture
def stdio(server: str, known_graph: str, tmp_path: Path) -> Session:
    """A session over stdio with a server for the test's graph: `async with stdio("--only", "search") as client`."""

    @asynccontextmanager
    async def connect(*arguments: str, mode: str = "auto", url: str = server) -> AsyncIterator[Client]:
        parameters = StdioServerParameters(
            command=sys.executable,
            args=[*COMMAND, "--server", url, "--graph", known_graph, *arguments],
            env=_environ(),
            cwd=tmp_path,
        )
        async with Client(parameters, mode=mode, read_timeout_seconds=DEADLINE_S) as client:
            yield client

    return connect


@dataclass(frozen=True)
class Serving:
    """A running HTTP server."""

    url: str
    said: str
    process: subprocess.Popen[str]


@pytest.fixture
def serve(server: str, known_graph: str, tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """Starts servers over HTTP: `serve("--port", "8123", KOGRAL_MCP_TOKEN="…")`."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environ: str) -> Serving:
        process = subprocess.Popen(
            [sys.executable, *COMMAND, "--transport", "http", "--server", server, "--graph", known_graph, *arguments],
            env=_environ(STRATUMIOPS_HOME=str(tmp_path / "home"), **environ),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stderr is not None
        ready, _, _ = select.select([process.stderr], [], [], DEADLINE_S)
        said = process.stderr.readline() if ready else ""
        url = re.match(r"(http://\S+),", said)
        assert url, said + (process.stderr.read() if process.poll() is not None else "")
        _wait(url[1])
        return Serving(url[1], said, process)

    yield start
    for process in running:
        process.terminate()
        process.wait(DEADLINE_S)
        assert process.stderr is not None
        process.stderr.close()


def _wait(url: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            assert time.monotonic() < deadline
            select.select([], [], [], 0.05)
        else:
            return


@asynccontextmanager
async def over_http(url: str, token: str | None = TOKEN, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=DEADLINE_S) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode, read_timeout_seconds=DEADLINE_S) as client,
    ):
        yield client


async def called(client: Client, name: str, **arguments: Any) -> Any:
    """The structured result of a tool that has to work."""
    found = await client.call_tool(name, arguments)
    assert not found.is_error, found.content
    return found.structured_content


async def refused(client: Client, name: str, **arguments: Any) -> str:
    """What a tool says that has to fail, as a result and not as a protocol error."""
    found = await client.call_tool(name, arguments)
    assert found.is_error, found.structured_content
    text: str = found.content[0].text
    assert "Traceback" not in text
    assert "pydantic" not in text
    return text


Called = Callable[..., Awaitable[Any]]
