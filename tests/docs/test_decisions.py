"""This project's own decisions: in form, and imported by its own importer without a complaint."""

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ports import unused_port

from stratumiops.graph.models import DecisionStatus, NodeType
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.document import parse_document
from stratumiops.ui.cli.client import Client
from stratumiops.ui.cli.kogral.importing import import_folder
from stratumiops.ui.cli.kogral.report import ImportReport

from .blocks import ROOT

KOGRAL = ROOT / ".kogral"
FILES = sorted(path.relative_to(KOGRAL).as_posix() for path in KOGRAL.rglob("*.md"))
DECISIONS = [path for path in FILES if path.startswith("decisions/")]
FOLDERS = {
    "decisions": NodeType.DECISION,
    "guidelines": NodeType.GUIDELINE,
    "patterns": NodeType.PATTERN,
    "notes": NodeType.NOTE,
}
DEADLINE_S = 120


@pytest.mark.parametrize("path", FILES)
def test_a_file_reads_as_what_its_folder_says(path: str) -> None:
    found = parse_document(path, (KOGRAL / path).read_bytes())
    folder, _, name = path.partition("/")
    assert found.problems == ()
    assert found.type is FOLDERS[folder]
    assert found.tags
    prefix = "adr" if folder == "decisions" else folder.removesuffix("s")
    assert found.node_id == f"{prefix}-{name.removesuffix('.md')}"


@pytest.mark.parametrize("path", DECISIONS)
def test_a_decision_has_status_date_and_sections(path: str) -> None:
    found = parse_document(path, (KOGRAL / path).read_bytes())
    assert found.status in set(DecisionStatus)
    assert found.date
    assert re.findall(r"^## (.+)$", found.content, re.M) == ["Context", "Decision", "Consequences", "Alternatives"]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.removeprefix("decisions/")[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 18


@pytest.fixture(scope="module")
def api(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an API process on a free port."""
    home = tmp_path_factory.mktemp("home")
    port = unused_port()
    environ = {
        "PYTHONSAFEPATH": "1",
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
    with (home / "api.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=log)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/ready", process, home / "api.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.05)
    pytest.fail(f"the API is not ready\n{log.read_text()}")


@pytest.fixture
def client(api: str, graph_name: str) -> Iterator[Client]:
    """A client of an API that knows the test's graph, which another process made."""
    with Client(api) as found:
        deadline = time.monotonic() + DEADLINE_S
        while found.execute("query($n: String!) { graph(name: $n) { name } }", {"n": graph_name})["graph"] is None:
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        yield found


@pytest.fixture
def imported(client: Client, graph_name: str, tmp_path: Path) -> ImportReport:
    """What importing a copy of the folder came to."""
    folder = shutil.copytree(KOGRAL, tmp_path / ".kogral")
    return import_folder(client, folder, graph=graph_name, format="auto", source="kogral")


def test_all_of_it_is_imported_and_every_link_leads_somewhere(imported: ImportReport) -> None:
    assert imported.problems == []
    assert imported.unresolved == []
    assert (imported.errors, imported.skipped, imported.unresolved_links) == (0, 0, 0)
    assert imported.files == imported.created == imported.nodes == len(FILES)
    assert imported.relations >= len(DECISIONS)


def test_it_can_be_asked(imported: ImportReport, client: Client, graph_name: str) -> None:
    asked: dict[str, Any] = client.execute(
        """query($graph: String!) {
          decisions(graph: $graph, first: 100) { totalCount nodes { id status relationCount } }
          node(id: "adr-0002-a-database-for-each-system", graph: $graph) { supersedes(direction: IN) { id } }
          guidelines(graph: $graph) { nodes { priority } }
          path(from: "adr-0016-self-hosted-playground", to: "adr-0003-one-graph", graph: $graph) { length }
          search(query: "write lock", graph: $graph, first: 5) { node { id } }
        }""",
        {"graph": graph_name},
    )
    assert asked["decisions"]["totalCount"] == len(DECISIONS)
    assert all(
        node["relationCount"] or node["id"] == "adr-0001-record-decisions" for node in asked["decisions"]["nodes"]
    )
    assert asked["node"]["supersedes"] == [{"id": "adr-0003-one-graph"}]
    assert all(node["priority"] for node in asked["guidelines"]["nodes"])
    assert asked["path"]["length"] > 1
    assert "adr-0009-lock-then-compare" in {hit["node"]["id"] for hit in asked["search"]}


def test_examples_of_the_playground_name_what_is_there() -> None:
    examples = (ROOT / "ui" / "web" / "src" / "playground" / "examples.ts").read_text()
    named = re.findall(r'(?:from|to|id): "([\w-]+)"', examples)
    ids = {parse_document(path, (KOGRAL / path).read_bytes()).node_id for path in FILES}
    assert named
    assert {name for name in named if not name.startswith("hello-")} <= ids, "those that begin so the examples make"
