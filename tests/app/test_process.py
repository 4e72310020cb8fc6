"""`python -m stratumiops.resolvers`: what it refuses, how it stops, how much memory it takes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from tests.ports import unused_port

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.__main__ import main

DEADLINE_S = 60
IDLE_BYTES = 200 * 1024 * 1024


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("STRATUMIOPS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stratumiops.resolvers.__main__.configure_logging", lambda _settings: None)


def test_an_open_address_is_refused_before_anything_listens(capsys):
    assert main(["--host", "0.0.0.0"]) == 2
    said = capsys.readouterr().err
    assert "refusing to listen on 0.0.0.0" in said
    assert "auth.token_file" in said


def test_a_wrong_setting_ends_with_status_2(capsys, monkeypatch):
    monkeypatch.setenv("STRATUMIOPS_SERVER__PROT", "1")
    assert main([]) == 2
    assert "did you mean STRATUMIOPS_SERVER__PORT?" in capsys.readouterr().err


def test_without_any_neo4j_the_reason_is_said(capsys, monkeypatch, tmp_path):
    monkeypatch.delenv("NEO4J_URI", raising=False)
    assert main(["--home", str(tmp_path / "empty")]) == 6
    assert "stratumiops up" in capsys.readouterr().err


@pytest.fixture
def process(neo4j_settings: Neo4jSettings, tmp_path: Path):
    """A ready process with its address and its log."""
    port = unused_port()
    environment = {
        **os.environ,
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password or "",
        "STRATUMIOPS_LOGGING__LEVEL": "debug",
    }
    log = tmp_path / "api.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(tmp_path)]
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: _is_ready(url), running)
        yield running, url, log
    finally:
        running.kill()
        running.wait(DEADLINE_S)


def wait_for(condition, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert running.poll() is None, "the process ended"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready").is_success
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_with_sockets_open(process, number):
    running, url, log = process
    idle = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))
    with idle:
        started = time.monotonic()
        running.send_signal(number)
        assert running.wait(DEADLINE_S) == 0
        assert time.monotonic() - started < 6
    assert '"event":"stopped"' in log.read_text()


def test_it_is_small_when_idle_and_says_no_secrets(process, neo4j_settings):
    running, url, log = process
    answer = httpx.post(f"{url}/graphql", json={"query": "{ serverInfo { version } }"})
    assert "errors" not in answer.json()
    assert psutil.Process(running.pid).memory_info().rss < IDLE_BYTES
    deadline = time.monotonic() + DEADLINE_S
    while '"event":"request"' not in (said := log.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)  # it is written behind the answer
    assert neo4j_settings.password not in said
    assert len(re.findall('"event":"request"', said)) == 1
