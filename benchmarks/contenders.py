"""The servers under test: how each is started, and how an operation is asked of it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.operations import Operation, Variables
from benchmarks.server import RunningNeo4j

PEER = Path(__file__).parent / "peer-neo4j-graphql"
READY_S = 90.0
_PORT = 18600


@dataclass(frozen=True, slots=True)
class Contender:
    """A kind of server. `ask` gives path and body of the request for an operation with these variables."""

    name: str
    title: str
    command: Callable[[RunningNeo4j, int], list[str]]
    ask: Callable[[Operation, Variables], tuple[str, Any]]
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A contender that listens."""

    contender: Contender
    port: int
    pid: int

    def path(self, operation: Operation) -> str:
        """Where its requests go."""
        return self.contender.ask(operation, operation.variables[0])[0]

    def bodies(self, operation: Operation) -> list[str]:
        """The bodies of its requests, one for each set of variables."""
        return [json.dumps(self.contender.ask(operation, values)[1]) for values in operation.variables]

    def data(self, operation: Operation, values: Variables) -> Any:
        """The answer's data.

        Raises:
            RuntimeError: the answer has errors.
        """
        path, body = self.contender.ask(operation, values)
        answer = post(self.port, path, body)
        if answer.get("errors") or "data" not in answer:
            raise RuntimeError(f"{self.contender.name}, {operation.name}: {str(answer)[:800]}")
        return answer["data"]


def post(port: int, path: str, body: Any) -> Any:
    """POST JSON to a local server; the answer as JSON, whatever the status."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"content-type": "application/json", "accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        return {"errors": [{"message": f"{error.code}: {error.read().decode('utf-8', 'replace')[:800]}"}]}


def _module(name: str, *, home: bool = False) -> Callable[[RunningNeo4j, int], list[str]]:
    def command(neo4j: RunningNeo4j, port: int) -> list[str]:
        where = ["--host", "127.0.0.1", "--home", str(neo4j.home)] if home else []
        return [sys.executable, "-m", name, "--port", str(port), *where]

    return command


def node_binary() -> str:
    """The node program itself; the one on PATH may be a Python script that starts it.

    Raises:
        RuntimeError: there is no node.
    """
    found = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise RuntimeError("node is missing; `make install` brings it")
    return subprocess.run([found, "-p", "process.execPath"], check=True, capture_output=True, text=True).stdout.strip()


def _graphql(path: str) -> Callable[[Operation, Variables], tuple[str, Any]]:
    def ask(operation: Operation, values: Variables) -> tuple[str, Any]:
        return path, {"query": operation.document, "variables": values}

    return ask


def _ask_peer(operation: Operation, values: Variables) -> tuple[str, Any]:
    document, variables = operation.peer_request(values)
    return "/graphql", {"query": document, "variables": variables}


_API = _module("stratumiops.resolvers", home=True)
_NO_VECTORS = {"STRATUMIOPS_EMBEDDINGS__ENABLED": "false"}
"""The others make none either; what vectors cost is measured by itself."""

CONTENDERS = (
    Contender(
        "ours",
        "StratumIOps, its response cache switched off",
        _API,
        _graphql("/graphql"),
        {"STRATUMIOPS_CACHE__RESPONSE_BYTES": "0", **_NO_VECTORS},
    ),
    Contender(
        "bare",
        "bare Starlette + Cypher (limit)",
        _module("benchmarks.baselines.bare"),
        lambda operation, values: (f"/op/{operation.name}", values),
    ),
    Contender(
        "dataloaders",
        "strawberry + DataLoaders",
        _module("benchmarks.baselines.dataloaders"),
        _graphql("/graphql/"),
    ),
    Contender(
        "peer",
        "@neo4j/graphql 7 on Yoga",
        lambda _neo4j, _port: [node_binary(), str(PEER / "server.mjs")],
        _ask_peer,
    ),
)
CACHED = Contender(
    "cached", "StratumIOps with its response cache, without vectors", _API, _graphql("/graphql"), _NO_VECTORS
)
"""Measured apart: the comparison above is of work, not of answers kept."""


def install_peer() -> None:
    """Install the peer's packages when its lock has changed since."""
    stamp = PEER / "node_modules" / ".package-lock.json"
    lock = PEER / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run(["npm", "ci", "--silent"], cwd=PEER, check=True, env={**os.environ, "PATH": path})


@contextmanager
def started(
    names: Sequence[str], neo4j: RunningNeo4j, probe: Operation, *, record: bool = False
) -> Iterator[list[Running]]:
    """Start the named contenders, wait until each answers the probe, and stop them at the end."""
    with ExitStack() as stack:
        running = []
        for place, contender in enumerate(c for c in (*CONTENDERS, CACHED) if c.name in names):
            running.append(_start(stack, contender, neo4j, _PORT + place, record=record))
        for one in running:
            _await_ready(one, probe, neo4j.home / f"{one.contender.name}.log")
        yield running


def _start(stack: ExitStack, contender: Contender, neo4j: RunningNeo4j, port: int, *, record: bool) -> Running:
    settings = neo4j.settings
    environ = {
        **os.environ,
        "NEO4J_URI": settings.uri,
        "NEO4J_USER": settings.user,
        "NEO4J_PASSWORD": settings.password,
        "NODE_ENV": "production",
        "PORT": str(port),
        "RECORD": "1" if record else "",
        **contender.environ,
    }
    log = stack.enter_context((neo4j.home / f"{contender.name}.log").open("wb"))
    process = subprocess.Popen(contender.command(neo4j, port), env=environ, stdout=log, stderr=log)
    stack.callback(_stop, process)
    return Running(contender, port, process.pid)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_ready(running: Running, probe: Operation, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            running.data(probe, probe.variables[0])
        except (OSError, RuntimeError) as error:
            if time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{running.contender.name} did not become ready: {error}\n{tail}") from error
            time.sleep(0.2)
        else:
            return
