"""The web app in a real Chromium, on the real API: every spec of ui/web/e2e."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from stratumiops.graph.store.settings import Neo4jSettings

from ..vault.servers import svault  # noqa: TID252 - servers of all tests of the vault
from .conftest import BIN, ROOT, WEB, Api, api_process, ask, node, switch
from .specs import Specs
from .vault import THRESHOLD, fill_vault

SAMPLES = ROOT / "tests" / "samples"
GRAPH = """
mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }
"""
NODES = """
mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }
"""
USE = """
mutation($input: SecretUseInput!) { useSecret(input: $input) { use { id } } }
"""
_MADE = "MATCH (n) WHERE (n.graph STARTS WITH $graph AND NOT n:OutboxEvent) OR (n:Graph AND n.name STARTS WITH $graph)"
DROP = (
    f"{_MADE} WITH n WHERE size(toString(n.content)) > 100000 CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 5 ROWS",
    f"{_MADE} CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF 1000 ROWS",
)
"""Large texts first, a few at a time: a transaction keeps what it deletes in memory."""
UNUSED = "MATCH (secret:Secret) WHERE NOT (secret)--() DELETE secret"

DROP_AUDIT = """
MATCH (d:VaultAuditDevice) WHERE d.path STARTS WITH $graph
OPTIONAL MATCH (a:VaultAudit {device: d.id}) DELETE a, d
"""

MANY = 6_000


@pytest.fixture(scope="module")
def app(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What specs are told: the address of the API, a graph that has something of everything, a folder to import."""
    graph, folder = f"web-{secrets.token_hex(4)}", tmp_path_factory.mktemp("many")
    for number in range(MANY):
        (folder / f"{number}.md").write_text(f"# Note {number}\n\nSee [[Note {number // 2}]].\n")
    roots = {"STRATUMIOPS_INGEST__ROOTS": json.dumps([str(folder)])}
    home = tmp_path_factory.mktemp("web")
    with (
        svault(tmp_path_factory.mktemp("vault") / "home") as vault,
        api_process(neo4j_settings, home, STRATUMIOPS_VAULT__ADDRESS=vault.address, **roots) as origin,
    ):
        try:
            fill_vault(vault)
            fill(origin, graph)
            known = {"APP_URL": origin, "APP_GRAPH": graph, "APP_FOLDER": str(folder)}
            known |= {"APP_VAULT": vault.address, "APP_SHARES": " ".join(vault.shares[:THRESHOLD])}
            yield known | {"APP_NEO4J": json.dumps(_options(neo4j_settings))}
        finally:
            drop(neo4j_settings, graph)


def fill(origin: str, graph: str) -> None:
    """Decisions, notes with tasks and blocks, a journal, guidelines: imported and written."""
    for folder in ("decisions", "logseq"):
        command = [str(BIN / "kogral"), "import", str(SAMPLES / folder), "--graph", graph, "--server", origin]
        done = node(*command)
        assert done.returncode == 0, done.stderr
    note = "Tasks of the shop\n\n- [ ] count the crates ^crates\n- [x] paint the door\n"
    nodes = [
        {"type": "GUIDELINE", "id": "g1", "title": "Errors say what to do", "content": "Always.", "priority": 150},
        {"type": "GUIDELINE", "id": "g2", "title": "Write tests first", "content": "Mostly.", "tags": ["tests"]},
        {"type": "PATTERN", "id": "p1", "title": "Retry with limits", "content": "Three times.", "tags": ["network"]},
        {"type": "JOURNAL", "id": "j1", "title": "2026-11-20", "date": "2026-11-20", "content": "Moved the queue."},
        {"type": "JOURNAL", "id": "j2", "title": "2026-11-21", "date": "2026-11-21", "content": "Looked back."},
        {"type": "NOTE", "id": "n1", "title": "The shop", "content": note, "tags": ["shop"]},
        {"type": "NOTE", "id": "n2", "title": "Orders", "content": "See **the shop**.", "tags": ["shop", "orders"]},
        {"type": "DECISION", "id": "d1", "title": "Keep orders in files", "status": "superseded", "content": "Old."},
        {"type": "DECISION", "id": "d2", "title": "Keep orders in Neo4j", "status": "accepted", "content": "New."},
    ]
    relations = [
        {"source": "n2", "target": "n1", "relation": "RELATES_TO"},
        {"source": "d2", "target": "d1", "relation": "SUPERSEDES"},
        {"source": "p1", "target": "g1", "relation": "IMPLEMENTS"},
        {"source": "n2", "target": "d2", "relation": "DEPENDS_ON"},
    ]
    ask(origin, NODES, input={"graph": graph, "nodes": nodes, "relations": relations})
    for reference, user in {"vault:secret/shop/database#password": "d2", "vault:secret/shop/database": "n2"}.items():
        ask(origin, USE, input={"graph": graph, "node": user, "reference": reference})


def drop(settings: Neo4jSettings, graph: str) -> None:
    """Remove what was made but its events, a part at a time."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(settings.uri, auth=(settings.user, settings.password)) as driver:
        driver.execute_query(DROP_AUDIT, graph=graph)
        with driver.session() as session:
            for statement in DROP:
                session.run(statement, graph=graph).consume()
        driver.execute_query(UNUSED)


def _options(settings: Neo4jSettings) -> dict[str, str]:
    """The server as the vault is told of it: for an audit device, and for users that it makes."""
    return {"uri": settings.uri, "user": settings.user, "password": settings.password}


@pytest.fixture(scope="module")
def specs(app: dict[str, str], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Specs:
    """Runs the chosen specs."""
    chosen = [item.callspec.params["spec"] for item in request.session.items if item.originalname == "test_spec"]
    return Specs(chosen, tmp_path_factory.mktemp("specs"), app)


@pytest.mark.node
@pytest.mark.timeout(3_600)
@pytest.mark.xdist_group("web-app")
@pytest.mark.parametrize("spec", sorted(path.name for path in (WEB / "e2e").glob("*.spec.ts")))
def test_spec(specs: Specs, spec: str) -> None:
    failures = specs.failures(spec)
    assert not failures, failures


@pytest.mark.node
def test_signing_in(neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    token = secrets.token_urlsafe(24)
    known = f'[[token]]\nname = "reader"\nrole = "viewer"\nsha256 = "{hashlib.sha256(token.encode()).hexdigest()}"\n'
    (tmp_path / "tokens.toml").write_text(known)
    (tmp_path / "tokens.toml").chmod(0o600)
    more = {"STRATUMIOPS_AUTH__TOKEN_FILE": str(tmp_path / "tokens.toml")}
    with api_process(neo4j_settings, tmp_path, **more) as origin:
        done = node(str(BIN / "npx"), "playwright", "test", "signin.alone.ts", APP_URL=origin, APP_TOKEN=token)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.node
def test_restart(neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    api, graph = Api(neo4j_settings, tmp_path, {}), f"restart-{secrets.token_hex(4)}"
    api.start()
    try:
        with switch({"/stop": api.stop, "/start": api.start}) as control:
            command = (str(BIN / "npx"), "playwright", "test", "restart.alone.ts")
            done = node(*command, APP_URL=api.origin, APP_GRAPH=graph, APP_CONTROL=control)
    finally:
        api.stop()
        drop(neo4j_settings, graph)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.node
def test_a_vault_from_nothing(neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "bare").mkdir()
    with (
        svault(tmp_path / "vault") as vault,
        api_process(neo4j_settings, tmp_path / "bare") as bare,
        api_process(neo4j_settings, tmp_path / "web", STRATUMIOPS_VAULT__ADDRESS=vault.address) as origin,
        switch({"/stop": vault.stop}) as control,
    ):
        known = {"APP_URL": origin, "APP_BARE": bare, "APP_VAULT": vault.address, "APP_CONTROL": control}
        done = node(str(BIN / "npx"), "playwright", "test", "vaultStart.alone.ts", **known)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.node
def test_units() -> None:
    done = node(str(BIN / "npx"), "vitest", "run")
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"


@pytest.mark.node
def test_code_is_clean() -> None:
    done = node(str(BIN / "npx"), "biome", "ci", ".")
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
