"""compose.yaml cannot be run without Docker; what it says is held against the code, and its API is started."""

import hashlib
import http.client
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.ports import unused_port

from stratumiops.graph.server.home import Home
from stratumiops.graph.server.jars import NEO4J_VERSION
from stratumiops.graph.server.settings import MemorySize
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.configuration import load_settings

from .conftest import clean_environment, until

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


def test_it_runs_the_neo4j_of_this_release(services: dict[str, Any]) -> None:
    assert services["neo4j"]["image"] == f"neo4j:{NEO4J_VERSION}-community"
    assert "ports" not in services["neo4j"]


def test_neo4j_gets_the_settings_of_the_managed_one(services: dict[str, Any], tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.write_conf(17_000, MemorySize.MEDIUM)
    ours = dict(line.split("=", 1) for line in (home.conf / "neo4j.conf").read_text().splitlines()[1:])
    theirs = {
        re.sub(r"(?<!_)_(?!_)", ".", name.removeprefix("NEO4J_")).replace("__", "_"): value
        for name, value in services["neo4j"]["environment"].items()
        if name != "NEO4J_AUTH"
    }
    shared = theirs.keys() & ours.keys()
    assert {name: theirs[name] for name in shared} == {name: ours[name] for name in shared}
    assert theirs.keys() - shared == {"server.memory.heap.initial_size", "server.memory.heap.max_size"}


def test_the_api_is_beyond_loopback_only_with_tokens(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("STRATUMIOPS_")]:
        monkeypatch.delenv(name)
    for name, value in services["api"]["environment"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert load_settings(tmp_path).auth.token_file == Path("/run/secrets/tokens")
    assert services["api"]["ports"] == ["127.0.0.1:8001:8001"]


def test_the_image_starts_the_api_as_an_unprivileged_user() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert text.index("USER stratumiops") < text.index('CMD ["python", "-m", "stratumiops.resolvers"')
    assert "--require-hashes" in text


def status(port: int, path: str, token: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request("POST" if path == "/graphql" else "GET", path, '{"query": "{__typename}"}', headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_its_command_serves_whoever_has_a_token(tmp_path: Path, neo4j_settings: Neo4jSettings) -> None:
    tokens = tmp_path / "tokens.toml"
    digest = hashlib.sha256(b"a-token").hexdigest()
    tokens.write_text(f'[[token]]\nname = "me"\nrole = "admin"\nsha256 = "{digest}"\n')
    port = unused_port()
    environ = clean_environment() | {
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
        "STRATUMIOPS_AUTH__TOKEN_FILE": str(tokens),
        "STRATUMIOPS_LOGGING__FORMAT": "json",
    }
    command = [sys.executable, "-m", "stratumiops.resolvers", "--host", "0.0.0.0", "--port", str(port)]
    process = subprocess.Popen([*command, "--home", str(tmp_path)], env=environ, cwd=tmp_path)
    try:
        until(lambda: status(port, "/ready") == 200)
        assert status(port, "/graphql") == 401
        assert status(port, "/graphql", "a-token") == 200
    finally:
        process.terminate()
        process.wait(30)
