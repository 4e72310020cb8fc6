"""The playground in a real Chromium, on the real API: loads from our origin alone, runs, and watches."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stratumiops.graph.store.settings import Neo4jSettings

ROOT = Path(__file__).parents[2]
WEB = ROOT / "ui" / "web"
BIN = Path(sys.executable).parent
DEADLINE_S = 120

CREATE = "mutation($input: CreateDecisionInput!) { createDecision(input: $input) { decision { id } } }"


@pytest.fixture
def url(neo4j_settings: Neo4jSettings, graph_name: str, tmp_path: Path) -> Iterator[str]:
    """Address of an API process on a free port, started when the graph is there."""
    home = tmp_path
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = os.environ | {
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
    with (home / "api.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=log)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/ready", process, home / "api.log")
        yield f"http://127.0.0.1:{port}/graphql"
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


@pytest.fixture
def report(url: str, graph_name: str) -> dict[str, Any]:
    """What a visit of the page came to; see ui/web/e2e/playground.mjs."""
    note = {"graph": graph_name, "title": "Use one graph", "status": "accepted", "date": "2026-11-20"}
    answer = httpx.post(url, json={"query": CREATE, "variables": {"input": note}}).json()
    assert "errors" not in answer, answer
    environ = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [str(BIN / "node"), "e2e/playground.mjs", url, graph_name]
    done = subprocess.run(
        command, cwd=WEB, env=environ, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.node
def test_playground_works_from_our_origin_alone(report: dict[str, Any], url: str) -> None:
    origin = url.removesuffix("/graphql")
    assert report["console"] == []
    assert report["offOrigin"] == []
    assert report["violations"] == []
    assert report["failed"] == []
    assert "script-src 'self'" in report["policy"]
    assert report["workers"]
    assert all(worker.startswith(f"{origin}/playground/assets/") for worker in report["workers"])
    assert report["title"] == "StratumIOps playground"
    assert report["tabs"][0] == "AcceptedDecisions"
    assert report["mistakes"] == []
    assert "Use one graph" in report["first"]
    assert report["socket"] == f"{origin.replace('http', 'ws')}/graphql"
    assert "Seen by the playground" in report["event"]
    assert report["schema"] == "schema.graphql"
