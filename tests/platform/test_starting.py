"""Starts that cannot work, starts with a server of the user's own, and stops at any moment."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ports import unused_port

from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import ManagedNeo4j, orphans
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.graph.store.settings import Neo4jSettings

from .conftest import Command, until

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("platform-start")]


def test_a_taken_port_is_named_before_anything_is_started(command: Command) -> None:
    with socket.create_server(("127.0.0.1", command.port)):
        said = command.run("up", "--port", str(command.port), status=4)
    assert f"port {command.port} on 127.0.0.1 is taken by" in said
    assert f"(pid {os.getpid()})" in said
    assert not (command.home / "neo4j" / "data" / "databases").exists()


def test_a_wrong_setting_is_named(command: Command) -> None:
    said = command.run("up", status=2, STRATUMIOPS_AOT="yes")
    assert "STRATUMIOPS_AOT is 'yes'; expected one of auto, use, off" in said


def test_an_incomplete_cache_without_network_says_what_to_do(command: Command, tmp_path: Path) -> None:
    said = command.run(
        "up", status=6, STRATUMIOPS_CACHE=str(tmp_path / "cache"), STRATUMIOPS_MAVEN="http://127.0.0.1:9"
    )
    assert "237 of the 237 files of Neo4j are still missing" in said
    assert "STRATUMIOPS_MAVEN" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(command: Command, number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "note.md").write_text("# A note")
    folder = str(tmp_path / "decisions")
    process = command.start("up", "--port", str(command.port), "--load-decisions", folder)
    assert process.stdout
    lines: list[str] = []
    while not (lines and lines[-1].startswith("  data")):
        line = process.stdout.readline()
        assert line, process.communicate()
        lines.append(line)
    assert any(f"http://127.0.0.1:{command.port}/graphql" in line for line in lines)
    assert any(f"loaded {folder} as the graph 'stratumiops': 1 nodes" in line for line in lines)
    process.send_signal(number)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert [line.split(" in ")[0] for line in out.splitlines()] == [
        "the API stopped",
        "Neo4j stopped",
        "stopped",
    ]
    assert orphans(Home(command.home)) == []


def test_a_signal_while_starting_leaves_nothing_behind(command: Command) -> None:
    process = command.start("up", "--port", str(command.port))
    until(lambda: orphans(Home(command.home)))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    until(lambda: not orphans(Home(command.home)))
    assert list((command.home / "run").glob("*.json")) == []


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[Neo4jSettings]:
    """A Neo4j that belongs to no platform."""
    home = Home(tmp_path / "other")
    home.prepare()
    settings = replace(ServerSettings.from_env(), aot=AotMode.USE, bolt_port=unused_port())
    server = ManagedNeo4j(home, settings)
    server.start()
    server.wait_ready(threading.Event().wait)
    yield server.connection()
    server.stop()


def test_a_server_of_the_users_own_is_used_and_none_started(command: Command, other_server: Neo4jSettings) -> None:
    own = {
        "NEO4J_URI": other_server.uri,
        "NEO4J_USER": other_server.user,
        "NEO4J_PASSWORD": other_server.password,
    }
    command.up(**own)
    found = command.json("status", **own)
    assert found["neo4j"]["state"] == "external"
    assert found["neo4j"]["address"] == other_server.uri
    assert found["ready"] is True
    assert orphans(Home(command.home)) == []
    assert command.json("doctor", **own)["ok"] is True
    written = [path for path in command.home.rglob("*") if path.is_file()]
    assert all(other_server.password not in path.read_text(errors="replace") for path in written)


def test_an_api_that_cannot_start_ends_the_start_with_its_reason(command: Command) -> None:
    (command.home).mkdir()
    (command.home / "stratumiops.toml").write_text("[auth]\ntoken_file = '/nowhere/tokens.toml'\n")
    said = command.run("up", "--port", str(command.port), status=6)
    assert "the API ended with status" in said
    assert "/nowhere/tokens.toml" in said
    assert orphans(Home(command.home)) == []


def test_orphans_of_a_killed_supervisor_are_ended_by_down(command: Command) -> None:
    command.up()
    before = command.json("status")
    os.kill(before["supervisor"]["pid"], signal.SIGKILL)
    command.run("down")
    assert orphans(Home(command.home)) == []
    assert command.json("status", status=6)["neo4j"]["state"] == "stopped"
