"""The device `graph`, over a real Neo4j."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.audit.graph.options import read
from stratumiops.vault.errors import BadRequest, Internal, PermissionDenied
from stratumiops.vault.policies.verdict import Reason, Verdict
from stratumiops.vault.request import Auth, Response

from .proxy import Proxy, proxy
from .records import MOUNT, SECRETS, exchange, request, running, system, view

DEADLINE_S = 60
_NODES = "MATCH (a:VaultAudit {device: $device}) RETURN properties(a) AS node ORDER BY a.seq"
_DROP = "MATCH (n) WHERE (n:VaultAudit AND n.device = $device) OR (n:VaultAuditDevice AND n.id = $device) DELETE n"


class Graph:
    """What the tests see and do in the graph beside the device."""

    def __init__(self, settings: Neo4jSettings, driver: AsyncDriver) -> None:
        self.settings = settings
        self._driver = driver
        self.devices: set[str] = set()

    async def enable(self, broker: AuditBroker, uri: str = "", **options: str) -> None:
        known = {"uri": uri or self.settings.uri, "user": self.settings.user, "password": self.settings.password}
        await broker.enable("g", "graph", options=known | options)
        self.devices |= {one.uuid for one in broker.devices() if one.path == "g/"}

    async def run(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        found = await self._driver.execute_query(statement, parameters)
        return [record.data() for record in found.records]

    async def nodes(self, broker: AuditBroker) -> list[dict[str, Any]]:
        return [row["node"] for row in await self.run(_NODES, device=broker.devices()[0].uuid)]


@pytest.fixture
async def graph(neo4j_settings: Neo4jSettings) -> AsyncIterator[Graph]:
    auth = (neo4j_settings.user, neo4j_settings.password)
    async with AsyncGraphDatabase.driver(neo4j_settings.uri, auth=auth) as driver:
        found = Graph(neo4j_settings, driver)
        yield found
        for device in found.devices:
            await found.run(_DROP, device=device)


@pytest.fixture
async def network(neo4j_settings: Neo4jSettings) -> AsyncIterator[Proxy]:
    async with proxy(neo4j_settings.uri) as found:
        yield found


async def test_nodes_say_who_asked_for_what_and_no_value(graph: Graph) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        await exchange(broker)
        refused = Verdict(False, ("deny",), Reason("deny", "acl", "path", 1))
        made = await broker.request(request(2), mount=MOUNT, verdict=refused, error=str(PermissionDenied()))
        await broker.response(made, None, error="permission denied")
        await exchange(broker, 3, remote_address="\ud800\x00ü", data={"deep": ["s3cret"]})
        started, asked, answered, denied, *_ = await graph.nodes(broker)
        every = str(await graph.nodes(broker))
        assert (await broker.verify("g")).intact
        assert asked["accessor"] == broker.hash("g", "accessor-1")
    assert (started["kind"], started["operation"], started["path"]) == ("chain", "started", "sys/audit/g")
    assert (asked["kind"], answered["kind"]) == ("request", "response")
    assert asked["at"] <= answered["at"]
    shown = {name: asked[name] for name in ("operation", "path", "mount", "mount_type", "namespace", "policies")}
    assert shown == {
        "operation": "update", "path": "secret/data/a", "mount": "secret/", "mount_type": "kv", "namespace": "",
        "policies": ["default", "ops"],
    }  # fmt: skip
    assert (asked["display_name"], asked["remote_address"], asked["allowed"]) == ("token-x", "10.0.0.1", True)
    assert (denied["allowed"], denied["error"]) == (False, "permission denied")
    assert not any(secret in every for secret in SECRETS)
    assert "password" not in every


async def test_a_login_names_who_got_in_and_no_token(graph: Graph) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        made = await broker.request(request(token=None, path="auth/userpass/login/ann", mount=""))
        auth = Auth(client_token="hvs.made", accessor="acc", display_name="userpass-ann", policies=("default",))
        await broker.response(made, Response(auth=auth))
        _, asked, answered = await graph.nodes(broker)
    assert "display_name" not in asked
    assert (answered["display_name"], answered["policies"]) == ("userpass-ann", ["default"])
    assert "hvs.made" not in str(answered)


async def test_long_paths_are_cut_and_stop_nothing(graph: Graph) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        await asyncio.gather(*(exchange(broker, number, path="ü" * length) for number, length in ((1, 9_000), (2, 5))))
        paths = [node["path"] for node in await graph.nodes(broker) if node["kind"] == "request"]
        assert sorted(map(len, paths)) == [12, 1_500]
        assert (await broker.verify("g")).intact


async def test_many_lines_go_in_few_transactions(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        caplog.set_level(logging.DEBUG, "neo4j")
        await asyncio.gather(*(exchange(broker, number) for number in range(2_000)))
        caplog.set_level(logging.WARNING, "neo4j")
        transactions = sum("RUN" in one.message and "UNWIND $nodes" in one.message for one in caplog.records)
        assert 2 <= transactions <= 20
        numbers = [node["seq"] for node in await graph.nodes(broker)]
        assert numbers == list(range(1, 4_002))
        report = await broker.verify("g")
        assert (report.intact, report.lines, report.begins_at) == (True, 4_001, 1)


@pytest.mark.parametrize(
    ("harm", "line", "why"),
    [
        ("SET a.path = 'secret/other'", 3, "it was changed"),
        ("SET a.extra = 1", 3, "it was changed"),
        ("REMOVE a.accessor", 3, "it was changed"),
        ("SET a.hash = 'x'", 3, "it is not a node of this log"),
        ("DELETE a", 4, "lines are missing before it"),
        ("SET a.seq = 9", 4, "lines are missing before it"),
        ("WITH properties(a) AS p CREATE (b:VaultAudit) SET b = p", 3, "it is repeated or out of order"),
        ("MATCH (b:VaultAudit {device: a.device}) WHERE b.seq < 4 DELETE b", 4, "too young to have been deleted"),
        ("MATCH (b:VaultAudit {device: a.device}) WHERE b.seq > 3 DELETE b", 0, "the last 2 lines are missing"),
        ("MATCH (b:VaultAudit {device: a.device}) DELETE b", 0, "the last 5 lines are missing"),
    ],
)
async def test_what_was_tampered_with_is_found(graph: Graph, harm: str, line: int, why: str) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        await exchange(broker)
        await exchange(broker)
        statement = f"MATCH (a:VaultAudit {{device: $device, seq: 3}}) WITH a {harm}"
        await graph.run(statement, device=broker.devices()[0].uuid)
        found = await system(broker).write("audit-verify/g")
    assert found["intact"] is False
    assert (found["first_bad"]["file"], found["first_bad"]["line"]) == ("graph", line)
    assert why in found["first_bad"]["why"]


async def test_it_fails_closed_and_comes_back(graph: Graph, network: Proxy) -> None:
    async with running(view()) as broker:
        await graph.enable(broker, network.uri, write_timeout="1s")
        await exchange(broker)
        await network.down()
        for _ in range(3):
            with pytest.raises(Internal):
                await broker.request(request())
        assert broker.failing
        assert broker.status()["g/"] == {"failing": True, "lines": 3}
        await network.up()
        await _recovered(broker)
        assert not broker.failing
        network.hold()
        with pytest.raises(Internal):
            await asyncio.wait_for(broker.request(request()), DEADLINE_S)
        begun = time.monotonic()
        for _ in range(50):  # nobody waits for a graph that is known to hang
            with pytest.raises(Internal):
                await broker.request(request())
        assert time.monotonic() - begun < 10
        network.release()
        await _recovered(broker)
        report = await broker.verify("g")
    assert report.intact
    assert report.lines >= 5


async def _recovered(broker: AuditBroker) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            try:
                return await exchange(broker)
            except Internal:
                await asyncio.sleep(0.05)


async def test_a_graph_that_hangs_holds_up_no_request_that_a_file_has(
    graph: Graph, network: Proxy, tmp_path: Path
) -> None:
    async with running(view()) as broker:
        await broker.enable("f", "file", options={"file_path": str(tmp_path / "f")})
        await graph.enable(broker, network.uri, write_timeout="1s")
        network.hold()
        await exchange(broker)
        begun = time.monotonic()
        for number in range(50):
            await exchange(broker, number)
        assert time.monotonic() - begun < 10
        assert broker.status()["g/"]["failing"]
        assert not broker.failing


async def test_a_connection_that_broke_fails_no_request(graph: Graph, network: Proxy) -> None:
    async with running(view()) as broker:
        await graph.enable(broker, network.uri)
        await exchange(broker)
        await network.down()
        await network.up()
        await exchange(broker)
        assert (await broker.verify("g")).lines == 5


async def test_an_answer_that_was_lost_writes_nothing_twice(graph: Graph, network: Proxy) -> None:
    async with running(view()) as broker:
        await graph.enable(broker, network.uri)
        await exchange(broker)
        network.loses_answer_to = b"CREATE (a:VaultAudit)"
        await asyncio.gather(*(exchange(broker, number) for number in range(20)))
        assert network.loses_answer_to == b""
        asked = [node["request_id"] for node in await graph.nodes(broker) if node["kind"] == "request"]
        report = await broker.verify("g")
    assert len(asked) == 21
    assert (report.intact, report.lines) == (True, 43)


async def test_it_goes_on_although_its_head_was_not_kept(graph: Graph) -> None:
    kept = view()
    async with running(kept) as first:
        await graph.enable(first)
        head = f"heads/{first.devices()[0].uuid}"
        await exchange(first)
        assert (await kept.read(head) or {})["seq"] == 1  # nothing was kept since, as after a kill
        async with running(kept) as second:
            await exchange(second)
            report = await second.verify("g")
            nodes = await graph.nodes(second)
        assert (report.intact, report.lines) == (True, 5)
        assert [node["kind"] for node in nodes].count("chain") == 1


async def test_a_graph_that_was_emptied_goes_on_and_is_found(graph: Graph) -> None:
    kept = view()
    async with running(kept) as broker:
        await graph.enable(broker)
        await exchange(broker)
        device = broker.devices()[0].uuid
    await graph.run(_DROP, device=device)
    async with running(kept) as broker:
        assert not broker.failing
        await exchange(broker)
        first = (await graph.nodes(broker))[0]
        assert (first["operation"], first["seq"]) == ("continued", 4)
        report = await broker.verify("g")
    assert "too young" in report.why


async def test_old_nodes_are_deleted_and_that_is_no_tampering(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stratumiops.vault.audit.graph.device.PRUNE_EVERY_S", 0.05)
    async with running(view()) as broker:
        await graph.enable(broker, keep="1s")
        await asyncio.gather(*(exchange(broker, number) for number in range(600)))
        async with asyncio.timeout(DEADLINE_S):
            while len(await graph.nodes(broker)) > 1:
                await asyncio.sleep(0.05)
        await exchange(broker)
        report = await broker.verify("g")
    assert report.intact
    assert report.begins_at >= 1_201
    assert report.begins_at + report.lines == 1_204  # a slow machine may have deleted more of them


async def test_newest_first_and_by_path_are_read_from_indexes(graph: Graph) -> None:
    async with running(view()) as broker:
        await graph.enable(broker)
        await exchange(broker)
    plans = [
        await _operators(graph, statement)
        for statement in (
            "MATCH (a:VaultAudit) WHERE a.at < 'z' RETURN a.id ORDER BY a.at DESC LIMIT 50",
            "MATCH (a:VaultAudit) USING INDEX SEEK a:VaultAudit(path, at) WHERE a.path STARTS WITH 'x' AND a.at < 'z'"
            " RETURN a.id LIMIT 50",
        )
    ]
    for plan in plans:
        assert any("IndexSeek" in one for one in plan), plan
        assert not any("Sort" in one or "Top" in one for one in plan), plan


async def _operators(graph: Graph, statement: str) -> list[str]:
    async with AsyncGraphDatabase.driver(
        graph.settings.uri, auth=(graph.settings.user, graph.settings.password)
    ) as driver:
        await driver.execute_query("CALL db.awaitIndexes(60)")
        plan: Any = (await driver.execute_query(f"EXPLAIN {statement}")).summary.plan

    def names(one: dict[str, Any]) -> list[str]:
        return [one["operatorType"], *(name for child in one.get("children", ()) for name in names(child))]

    return names(plan)


async def test_the_password_is_shown_nowhere(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    secret = graph.settings.password
    async with running(view()) as broker:
        await graph.enable(broker)
        listed = await system(broker).read("audit")
        assert listed is not None
        assert set(listed["g/"]["options"]) == {"uri", "user"}
        assert secret not in repr(broker.devices())
        await broker.disable("g")
        with pytest.raises(BadRequest) as refused:
            await broker.enable("h", "graph", options={"uri": graph.settings.uri, "password": "not-it-at-all"})
        assert "Unauthorized" in str(refused.value)
        assert "not-it-at-all" not in str(refused.value) + caplog.text
        assert secret not in caplog.text
        assert broker.devices() == []


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"uri": "http://x"}, "bolt:// or neo4j://"),
        ({"uri": "bolt://neo4j:hidden@x"}, "without user or password"),
        ({"uri": "bolt://"}, "with a host"),
        ({"uri": "bolt://[x"}, "with a host"),
        ({"pasword": "hidden"}, "did you mean password?"),
        ({"log_raw": "true"}, "unknown option 'log_raw'"),
        ({"keep": "soon"}, "keep"),
        ({"write_timeout": "1h"}, "1 to 60 seconds"),
        ({"uri": "bolt://127.0.0.1:9"}, "does not answer"),
        ({}, "no variable NEO4J_URI"),
    ],
)
async def test_what_is_refused(options: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_URI", raising=False)
    async with running(view()) as broker:
        with pytest.raises(BadRequest) as refused:
            await broker.enable("g", "graph", options=options)
        assert why in str(refused.value)
        assert "hidden" not in str(refused.value)
        assert broker.devices() == []


async def test_a_server_that_is_no_neo4j_is_refused(unused_tcp_port_factory: Callable[[], int]) -> None:
    port = unused_tcp_port_factory()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(20)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port), running(view()) as broker:
        with pytest.raises(BadRequest, match="does not answer"):
            await broker.enable("g", "graph", options={"uri": f"bolt://127.0.0.1:{port}"})


def test_the_environment_is_used_where_nothing_was_given_and_for_no_other_address() -> None:
    env = {"NEO4J_URI": "bolt://here:1", "NEO4J_USER": "ann", "NEO4J_PASSWORD": "theirs"}
    found = read({}).target(env)
    assert (found.uri, found.user, found.password, found.database) == ("bolt://here:1", "ann", "theirs", "neo4j")
    other = read({"uri": "bolt://elsewhere:1"}).target(env)
    assert (other.user, other.password) == ("neo4j", "")
    assert "theirs" not in repr(found)
