"""Nothing acknowledged is lost, and nothing is half there, when a process is killed in the middle of writes.

Four writers make pairs of nodes with a relation, each pair one mutation with an idempotency key. A mutation that got
no answer is sent again with its key. So in the end there must be exactly one whole pair for each acknowledged one.
"""

import http.client
import json
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from neo4j import GraphDatabase

from stratumiops.graph.server.locate import locate

from .conftest import Command, make_command, until

pytestmark = [pytest.mark.own_server, pytest.mark.xdist_group("kill"), pytest.mark.timeout(600)]

MUTATIONS = 1_000
WRITERS = 4
PAIR = """mutation Pair($input: CreateNodesInput!) { createNodes(input: $input) { nodes { id } } }"""


@pytest.fixture(scope="module")
def victim(_files: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = make_command(tmp_path_factory.mktemp("victim"))
    found.up()
    yield found
    found.run("down")


class Writer:
    """Sends mutations until each is acknowledged."""

    def __init__(self, port: int, part: str, place: int) -> None:
        self._port = port
        self._part = part
        self._name = f"{part}-{place}"
        self._connection: http.client.HTTPConnection | None = None
        self.acknowledged: list[list[str]] = []
        self.repeated = 0

    def write(self, count: int) -> None:
        for number in range(count):
            self._acknowledge(f"{self._name}-{number}")

    def _acknowledge(self, key: str) -> None:
        first, second = f"{key}-a", f"{key}-b"
        values = {
            "nodes": [
                {"type": "NOTE", "id": i, "title": i, "content": f"survivor{self._part}"} for i in (first, second)
            ],
            "relations": [{"source": first, "target": second, "relation": "RELATES_TO"}],
            "idempotencyKey": key,
        }
        deadline = time.monotonic() + 120
        while not self._sent(values):
            self.repeated += 1
            assert time.monotonic() < deadline, f"{key} was never acknowledged"
            threading.Event().wait(0.1)
        self.acknowledged.append([first, second])

    def _sent(self, values: dict[str, Any]) -> bool:
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
            body = json.dumps({"query": PAIR, "variables": {"input": values}})
            self._connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            found = json.loads(self._connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            self._connection = None
            return False
        if "errors" in found:
            codes = {error["extensions"]["code"] for error in found["errors"]}
            assert codes <= {"UNAVAILABLE", "TIMEOUT"}, found
            return False
        assert [node["id"] for node in found["data"]["createNodes"]["nodes"]] == [n["id"] for n in values["nodes"]]
        return True


@pytest.mark.parametrize("part", ["api", "neo4j"])
def test_kill_9_loses_nothing_acknowledged_and_leaves_no_half(victim: Command, part: str) -> None:
    writers = [Writer(victim.port, part, place) for place in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        work = [pool.submit(writer.write, MUTATIONS // WRITERS) for writer in writers]
        for share in (0.2, 0.6):
            until(lambda s=share: sum(len(w.acknowledged) for w in writers) >= MUTATIONS * s, 240)  # type: ignore[misc]
            os.kill(int(victim.json("status")[part]["pid"]), signal.SIGKILL)
        for done in work:
            done.result()
    assert sum(writer.repeated for writer in writers) > 0, "the kill was not noticed by any writer"

    expected = {node_id for writer in writers for pair in writer.acknowledged for node_id in pair}
    assert len(expected) == 2 * MUTATIONS
    settings = locate(victim.home)
    with (
        GraphDatabase.driver(settings.uri, auth=(settings.user, settings.password)) as driver,
        driver.session() as session,
    ):
        rows = session.run(
            "MATCH (n {graph: 'default'}) WHERE n.id STARTS WITH $part AND (n:KnowledgeNode OR n:Tombstone) "
            "RETURN n.id AS id, labels(n) AS labels, COUNT { (n)<-[:CONTAINS]-(:Graph) } AS held, "
            "COUNT { (n)-[:RELATES_TO]-() } AS joined, COUNT { (n)-[:HAS_REVISION]->() } AS past",
            part=part,
        ).data()
        told = session.run(
            "MATCH (e:OutboxEvent {graph: 'default'}) WHERE e.op = 'node.created' UNWIND e.ids AS id "
            "WITH id WHERE id STARTS WITH $part RETURN id",
            part=part,
        ).value()
        searchable = session.run(
            "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh() "
            "CALL db.index.fulltext.queryNodes('knowledge_text', $word) YIELD node RETURN node.id",
            word=f"survivor{part}",
        ).value()
    assert Counter(row["id"] for row in rows) == Counter(expected)
    assert Counter(searchable) == Counter(expected)
    assert {(*sorted(row["labels"]), row["held"], row["joined"], row["past"]) for row in rows} == {
        ("BlocksDue", "KnowledgeNode", "Note", 1, 1, 0)
    }
    assert Counter(told) == Counter(expected)
