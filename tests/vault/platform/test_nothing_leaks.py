"""A marked token and a marked value go through everything, and are nowhere afterwards but with who sent them."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.ports import unused_port

from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.settings import TelemetrySettings
from stratumiops.resolvers.tracing import Tracing
from stratumiops.resolvers.vault.caller import caller_of

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique

DEADLINE_S = 60
TOKEN = "marked-TOKEN-4242424242424242"
VALUE = "marked-VALUE-4242424242424242"
EVERYTHING = """{ vaultStatus { state token { policies } } mounts { path } leaseCounts { path count }
  secrets(mount: "secret") { nodes { path versions { version } uses { key } } } leases { nodes { id ttl } }
  certificates(mount: "pki") { nodes { serial revokedAt } } vaultPolicies { name text version }
  vaultAuditDevices { path } vaultAudit { nodes { id } } graphs { name }
  vaultAccess(input: {operation: READ, path: "secret/data/x"}) { why } }"""
WRONG = '{ secrets(mount: "no-such-mount") { nodes { path } } }'


@pytest.fixture(scope="module", params=["json", "console"])
def process(
    vault: Server,
    neo4j_settings: Neo4jSettings,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[str, Path, int]]:
    """The platform as a process of its own: its address, its folder, its id."""
    home = tmp_path_factory.mktemp("platform")
    port = unused_port()
    environ = {
        **os.environ, "NEO4J_URI": neo4j_settings.uri, "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password, "STRATUMIOPS_VAULT__ADDRESS": vault.address,
        "STRATUMIOPS_LOGGING__FORMAT": request.param, "STRATUMIOPS_LOGGING__LEVEL": "debug",
    }  # fmt: skip
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
    with (home / "api.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=home, env=environ, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/ready", started, home / "api.log")
        yield address, home, started.pid
    finally:
        started.terminate()
        started.wait(DEADLINE_S)


def _wait(url: str, started: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and started.poll() is None:
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            threading.Event().wait(0.05)
    pytest.fail(f"the API is not ready\n{log.read_text()}")


@pytest.fixture(scope="module")
def token(vault: Server) -> str:
    """A root token whose text is known and found again."""
    made = vault.ask("POST", "auth/token/create", json={"id": TOKEN, "policies": ["root"]})
    assert made.is_success or "exists" in made.text, made.text
    return TOKEN


async def test_a_process_keeps_nothing(
    process: tuple[str, Path, int], token: str, vault: Server, database: Database
) -> None:
    address, home, pid = process
    headers = {"X-Vault-Token": token}
    path = unique("marked")
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as web:
        for _ in range(2):
            for query in (EVERYTHING, WRONG, "{ mounts { nope } }"):
                answer = await web.post("/graphql", json={"query": query}, headers=headers)
                assert TOKEN not in answer.text
                assert ("errors" in answer.json()) is (query != EVERYTHING)
        answer = await web.post("/graphql", json={"query": EVERYTHING})
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        put = await web.put(f"/vault/v1/secret/data/{path}", json={"data": {"password": VALUE}}, headers=headers)
        assert put.status_code == 200
        assert VALUE in (await web.get(f"/vault/v1/secret/data/{path}", headers=headers)).text
        assert (await web.put("/vault/v1/sys/unseal", json={"key": VALUE}, headers=headers)).status_code == 400
        assert (await web.get(f"/vault/v1/sys/{VALUE}", headers=headers)).status_code == 404
        answer = await web.post("/graphql", json={"query": EVERYTHING}, headers=headers)
        metrics = (await web.get("/metrics")).text
    files = {file: file.read_text(errors="replace") for file in home.rglob("*") if file.is_file()}
    log = files[home / "api.log"]
    assert log.count("vault") >= 3
    shown = [*files.values(), metrics, answer.text, Path(f"/proc/{pid}/cmdline").read_text()]
    shown += [str(row) for row in await database.read("MATCH (n) RETURN properties(n) AS held")]
    for mark in (TOKEN, VALUE):
        assert not [text for text in shown if mark in text]


async def test_an_answer_is_not_kept_for_others(ask: Asker, api: Asker, token: str) -> None:
    query = "{ graphs { name } vaultStatus { token { policies } } }"
    for _ in range(3):
        assert (await api.by(token)(query)).data["vaultStatus"]["token"]["policies"] == ["root"]
        assert (await api(query)).data["vaultStatus"]["token"] is None
        assert (await api.by("hvs.other")(query)).data["vaultStatus"]["token"] is None


async def test_traces_and_texts_of_a_request(ask: Asker, token: str) -> None:
    exporter = InMemorySpanExporter()
    tracing = Tracing(TelemetrySettings(), SimpleSpanProcessor(exporter))
    context = RequestContext("request-1", ask.principal, ask.services, caller_of(token, "team"))
    with tracing.request({b"x-vault-token": token.encode()}, context):
        await ask.by(token)(EVERYTHING)
    [span] = exporter.get_finished_spans()
    assert TOKEN not in span.to_json()
    assert TOKEN not in repr(context) + str(context.vault)
    tracing.close()


async def test_errors_do_not_repeat_it(api: Asker) -> None:
    for token in ("hvs." + VALUE, VALUE * 400, VALUE + "\r\nX-Other: 1"):
        answer = await api.by(token)("{ mounts { path } }")
        assert answer.code == "UNAUTHENTICATED"
        assert VALUE not in answer.text
