"""A running platform: what it says of itself, and how it gets over crashes."""

import http.client
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import orphans

from .conftest import Command, until

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("platform")]


def graphql(port: int, query: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps({"query": query})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    found: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def pid(platform: Command, part: str) -> int:
    return int(platform.json("status")[part]["pid"])


def kill(platform: Command, part: str) -> int:
    victim = pid(platform, part)
    os.kill(victim, signal.SIGKILL)
    return victim


def ready(platform: Command) -> bool:
    found = json.loads(platform.start("status", "--json").communicate()[0])
    return bool(found["ready"])


def test_status_names_every_part(platform: Command) -> None:
    found = platform.json("status")
    assert found["ready"] is True
    assert found["home"] == str(platform.home)
    assert "vault" not in found
    assert found["api"]["address"] == f"http://127.0.0.1:{platform.port}"
    for part in ("supervisor", "neo4j", "api"):
        assert found[part]["state"] == "ready"
        assert found[part]["memory_mb"] > 0
        assert found[part]["since"].endswith("Z")
    table = platform.run("status")
    assert str(found["neo4j"]["pid"]) in table


def test_the_api_answers_queries(platform: Command) -> None:
    assert graphql(platform.port, "{ __typename }") == {"data": {"__typename": "Query"}}


def test_a_second_up_says_who_holds_the_home(platform: Command) -> None:
    for arguments in (("up",), ("up", "--detach")):
        said = platform.run(*arguments, status=4)
        found = platform.json("status")["supervisor"]
        assert f"is held by process {found['pid']} since {found['since']}" in said
        assert f"http://127.0.0.1:{platform.port}" in said
        assert "stratumiops down --home" in said


def test_doctor_finds_all_well(platform: Command) -> None:
    found = platform.json("doctor")
    assert found["ok"] is True
    checks = {check["name"]: check for check in found["checks"]}
    assert len(checks) >= 15
    assert checks["neo4j"]["found"].startswith("2026.08.1 community")
    assert checks["api"]["verdict"] == "fine"
    assert "all is well" in platform.run("doctor")


def test_logs_can_be_read(platform: Command) -> None:
    assert "starting Neo4j and the API" in platform.run("logs", "supervisor")
    assert "serving" in platform.run("logs", "api", "-n", "500")
    assert "Started." in platform.run("logs", "database")


def test_a_killed_api_is_started_again(platform: Command) -> None:
    before = kill(platform, "api")
    until(lambda: ready(platform))
    assert pid(platform, "api") != before
    assert "the API was ended by SIGKILL; starting it again now" in platform.log("supervisor")
    assert "the API is ready again" in platform.log("supervisor")


def test_a_killed_neo4j_is_started_again_with_its_data(platform: Command) -> None:
    made = graphql(platform.port, 'mutation { createNote(input: {title: "kept"}) { note { id } } }')
    note = made["data"]["createNote"]["note"]["id"]
    before = kill(platform, "neo4j")
    until(lambda: ready(platform) and pid(platform, "neo4j") != before, 120)
    query = f'{{ node(id: "{note}") {{ title }} }}'
    until(lambda: graphql(platform.port, query).get("data"))
    assert graphql(platform.port, query) == {"data": {"node": {"title": "kept"}}}
    assert "Neo4j was ended by SIGKILL" in platform.log("supervisor")


def test_after_the_supervisor_was_killed_the_next_up_recovers(platform: Command) -> None:
    before = platform.json("status")
    os.kill(before["supervisor"]["pid"], signal.SIGKILL)
    platform.up()
    after = platform.json("status")
    assert after["ready"] is True
    assert {after[part]["pid"] for part in ("supervisor", "neo4j", "api")}.isdisjoint(
        {before[part]["pid"] for part in ("supervisor", "neo4j", "api")}
    )
    assert len(orphans(Home(platform.home))) == 1  # the new one only


def test_backup_and_restore_through_the_command(platform: Command) -> None:
    made = graphql(platform.port, 'mutation { createNote(input: {title: "saved"}) { note { id } } }')
    query = f'{{ node(id: "{made["data"]["createNote"]["note"]["id"]}") {{ title }} }}'
    file = platform.home.parent / "graph.backup"
    saved = platform.json("backup", str(file))
    assert saved["nodes"] > 1
    assert "has content" in platform.run("restore", str(file), status=4)
    graphql(platform.port, 'mutation { createNote(input: {title: "later"}) { note { id } } }')
    restored = platform.json("restore", str(file), "--replace")
    assert (restored["nodes"], restored["sha256"]) == (saved["nodes"], saved["sha256"])
    # the API noticed the restore, refused to answer from half a graph, and takes up the new one by itself
    until(lambda: graphql(platform.port, query) == {"data": {"node": {"title": "saved"}}})
    file.write_bytes(file.read_bytes()[:-20])
    assert "is damaged" in platform.run("restore", str(file), "--replace", status=2)
    assert graphql(platform.port, query) == {"data": {"node": {"title": "saved"}}}


def test_down_stops_the_api_before_neo4j_and_in_time(platform: Command) -> None:
    stopped = platform.json("down")
    assert stopped["seconds"] < 10
    assert stopped["left_over"] == []
    lines = platform.log("supervisor").splitlines()
    assert [line.split(" ", 1)[1].split(" in ")[0] for line in lines[-3:]] == [
        "the API stopped",
        "Neo4j stopped",
        "stopped",
    ]
    assert platform.json("status", status=6)["ready"] is False
    assert "nothing is running" in platform.run("down")
    platform.up()


def test_decisions_are_loaded_once(platform: Command, tmp_path: Path) -> None:
    record = "# 1. Use one graph\n\n## Status\n\nAccepted\n\n## Context\n\nMany stores.\n"
    (tmp_path / "0001-use-one-graph.md").write_text(record)
    (tmp_path / "0002-use-two.md").write_text(record.replace("1. Use one", "2. Use another"))
    platform.run("down")
    first = platform.up("--load-decisions", str(tmp_path))
    assert "as the graph 'stratumiops': 2 nodes" in first
    assert "(2 created, 0 updated, 0 unchanged)" in first
    query = '{ decisions(graph: "stratumiops") { nodes { title status } } }'
    found = graphql(platform.port, query)["data"]["decisions"]["nodes"]
    assert {node["title"].split(". ")[-1] for node in found} == {"Use one graph", "Use another graph"}
    platform.run("down")
    assert "(0 created, 0 updated, 2 unchanged)" in platform.up("--load-decisions", str(tmp_path))
