"""The audit in a graph, when the vault or Neo4j is killed in the middle of requests."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from neo4j import GraphDatabase
from tests.ports import unused_port

from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.process import RECORD, ManagedNeo4j
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.graph.store.settings import Neo4jSettings

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .test_audit import until

CLIENTS = 8
MARKER = "a marker secret"
pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("vault-audit-graph")]


class OwnNeo4j:
    """A Neo4j that may be killed."""

    def __init__(self, folder: Path) -> None:
        self._home = Home(folder)
        self._home.prepare()
        settings = replace(ServerSettings.from_env(), aot=AotMode.USE, bolt_port=unused_port())
        self.server = ManagedNeo4j(self._home, settings)

    def start(self) -> None:
        self.server.start()
        self.server.wait_ready(threading.Event().wait)

    def kill(self) -> None:
        os.kill((read_record(self._home.record(RECORD)) or {})["pid"], signal.SIGKILL)
        until(lambda: self.server.poll() is not None)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnNeo4j]:
    found = OwnNeo4j(tmp_path / "neo4j")
    found.start()
    yield found
    found.server.stop()


def begin(server: Server, graph: Neo4jSettings) -> None:
    server.begin()
    server.data("POST", "sys/mounts/kv", json={"type": "kv"})
    options = {"uri": graph.uri, "user": graph.user, "password": graph.password, "write_timeout": "2s"}
    server.data("PUT", "sys/audit/graph", json={"type": "graph", "options": options})


def write_until(server: Server, over: threading.Event, written: list[str], name: str) -> None:
    """Write secrets; those that were acknowledged go to `written`."""
    with httpx.Client(base_url=f"{server.address}/v1/", timeout=60, trust_env=False) as web:
        headers = {"X-Vault-Token": server.root}
        number = 0
        while not over.is_set():
            path = f"kv/{name}-{number}"
            try:
                answer = web.post(path, headers=headers, json={"v": MARKER})
            except httpx.TransportError:
                return
            if answer.is_success:
                written.append(path)
            else:
                assert answer.status_code == 500
                assert MARKER not in answer.text
                over.wait(0.02)
            number += 1


def kept(graph: Neo4jSettings, kind: str) -> set[str]:
    with GraphDatabase.driver(graph.uri, auth=(graph.user, graph.password)) as driver:
        statement = "MATCH (a:VaultAudit {kind: $kind}) WHERE a.path STARTS WITH 'kv/' RETURN properties(a) AS node"
        nodes = [record["node"] for record in driver.execute_query(statement, {"kind": kind}).records]
    assert MARKER not in str(nodes)
    return {node["path"] for node in nodes}


@contextmanager
def clients(server: Server, written: list[str], name: str) -> Iterator[None]:
    """Clients that write at once, as long as the block runs."""
    over = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        try:
            ours = [pool.submit(write_until, server, over, written, f"{name}{number}") for number in range(CLIENTS)]
            yield
        finally:
            over.set()
        for one in ours:
            one.result(60)


def test_kills_of_the_vault_and_of_neo4j_lose_no_line_of_an_answer(tmp_path: Path, own: OwnNeo4j) -> None:
    graph = own.server.connection()
    written: list[str] = []
    with svault(tmp_path / "vault") as server:
        begin(server, graph)
        with clients(server, written, "first"):
            until(lambda: len(written) > 200)
            server.kill()
        shares, root = server.shares, server.root

    with svault(tmp_path / "vault") as server:
        server.shares, server.root = shares, root
        server.unseal()
        assert server.data("POST", "sys/audit-verify/graph")["intact"] is True
        before = len(written)
        with clients(server, written, "second"):
            until(lambda: len(written) > before + 200)
            own.kill()
            assert server.ask("GET", "kv/first0-0").status_code == 500
            assert server.ask("GET", "sys/health").status_code == 500
            refused = len(written)
            own.start()
            until(lambda: server.ask("GET", "kv/first0-0").status_code == 200)
            until(lambda: len(written) > refused + 100)
        assert server.ask("GET", "sys/health").status_code == 200
        found = server.data("POST", "sys/audit-verify/graph")
        assert (found["intact"], found["begins_at"]) == (True, 1), found
        assert set(written) <= kept(graph, "request") & kept(graph, "response")
        assert MARKER not in server.log.read_text()
        assert graph.password not in server.log.read_text()
