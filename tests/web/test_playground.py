"""The playground in a real Chromium, on the real API: loads from our origin alone, runs, and watches."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.store.settings import Neo4jSettings

from .conftest import BIN, api_process, ask, node

CREATE = "mutation($input: CreateDecisionInput!) { createDecision(input: $input) { decision { id } } }"


@pytest.fixture
def url(neo4j_settings: Neo4jSettings, graph_name: str, tmp_path: Path) -> Iterator[str]:
    """Address of an API process on a free port, started when the graph is there."""
    del graph_name
    with api_process(neo4j_settings, tmp_path) as origin:
        yield f"{origin}/graphql"


@pytest.fixture
def report(url: str, graph_name: str) -> dict[str, Any]:
    """What a visit of the page came to; see ui/web/e2e/playground.mjs."""
    note = {"graph": graph_name, "title": "Use one graph", "status": "accepted", "date": "2026-11-20"}
    ask(url.removesuffix("/graphql"), CREATE, input=note)
    done = node(str(BIN / "node"), "e2e/playground.mjs", url, graph_name)
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
