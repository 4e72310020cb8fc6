"""`kogral search` and `kogral ask` against a server that embeds, from the import to the answer."""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ports import unused_port

from stratumiops.graph.store.settings import Neo4jSettings

from .servers import Provider as Server
from .servers import provider

pytestmark = pytest.mark.xdist_group("retrieval-server")
DEADLINE_S = 90
FILES = {
    "0001-rabbit.md": "# 1. Use RabbitMQ\n\n## Status\n\nSuperseded by [2](0002-nats.md)\n\n## Decision\n\nA broker.\n",
    "0002-nats.md": "# 2. Use NATS\n\n## Status\n\nAccepted\n\n## Decision\n\nA lighter message broker.\n",
    "cats.md": "# Cats\n\nA cat sleeps on the warm windowsill.\n",
    "markets.md": "# Markets\n\nShare prices fell sharply on the stock exchange.\n",
}


@dataclass(frozen=True)
class Running:
    """A server over one graph, and the language model it asks."""

    url: str
    graph: str
    model: Server

    def kogral(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stratumiops.ui.cli.kogral", *arguments],
            env=os.environ | {"STRATUMIOPS_URL": self.url, "PYTHONSAFEPATH": "1", "KOGRAL_GRAPH": self.graph},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        done = self.kogral(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def graphql(self, query: str, **variables: Any) -> Any:
        answer = httpx.post(f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=60)
        return answer.json()


@pytest.fixture(scope="module")
def running(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("api")
    graph, port = f"test-{secrets.token_hex(6)}", unused_port()
    with provider() as model, (home / "api.log").open("wb") as log:
        environ = os.environ | {
            "NEO4J_URI": neo4j_settings.uri,
            "NEO4J_USER": neo4j_settings.user,
            "NEO4J_PASSWORD": neo4j_settings.password,
            "PYTHONSAFEPATH": "1",
            "ASK_KEY": "secret-key",
            "STRATUMIOPS_EMBEDDINGS__ENABLED": "true",
            "STRATUMIOPS_EMBEDDINGS__GRAPHS": json.dumps([graph]),
            "STRATUMIOPS_EMBEDDINGS__INDEX": f"t{secrets.token_hex(5)}",
            "STRATUMIOPS_ASK__MODEL": "openai/tiny",
            "STRATUMIOPS_ASK__URL": f"{model.url}/v1",
            "STRATUMIOPS_ASK__API_KEY": "env:ASK_KEY",
        }
        command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(home)]
        api = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        made = Running(f"http://127.0.0.1:{port}", graph, model)
        try:
            _await_ready(api, made.url)
            notes = home / "notes"
            for name, text in FILES.items():
                notes.mkdir(exist_ok=True)
                (notes / name).write_text(text)
            assert made.json("import", str(notes), "--graph", graph)["created"] == len(FILES)
            yield made
        finally:
            api.terminate()
            api.wait(DEADLINE_S)
            _forget(neo4j_settings, graph, environ["STRATUMIOPS_EMBEDDINGS__INDEX"])
            text = (home / "api.log").read_text()
            assert "secret-key" not in text
            assert "Traceback" not in text, text


def _forget(settings: Neo4jSettings, graph: str, family: str) -> None:
    """Remove what the server made."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(settings.uri, auth=(settings.user, settings.password)) as driver:
        for label in ("KnowledgeNode", "Tombstone", "Revision", "Document", "OutboxEvent", "Chunk"):
            driver.execute_query(f"MATCH (n:{label} {{graph: $graph}}) DETACH DELETE n", graph=graph)
        driver.execute_query("MATCH (g:Graph {name: $graph}) DETACH DELETE g", graph=graph)
        driver.execute_query("MATCH (e:EmbeddingIndex {family: $family}) DELETE e", family=family)
        driver.execute_query("MATCH (l:EmbeddingLease {name: $family}) DELETE l", family=family)
        driver.execute_query(f"DROP INDEX {family}_1 IF EXISTS")


def _await_ready(api: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and api.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            threading.Event().wait(0.05)
    raise AssertionError("the API did not get ready")


def test_every_mode_finds_right_after_an_import(running: Running) -> None:
    found = running.json("search", "equity losses", "--mode", "semantic")
    assert found[0]["path"] == "markets.md"
    assert {"id", "title", "node_type", "score", "path"} <= set(found[0])
    assert (found[0]["mode"], found[0]["chunk"]["similarity"] > 0.2) == ("semantic", True)
    assert running.json("search", "equity losses", "--semantic")[0]["id"] == found[0]["id"]
    hybrid = running.json("search", "kitten on the windowsill", "--mode", "hybrid", "--limit", "2")
    assert len(hybrid) == 2
    assert hybrid[0]["path"] == "cats.md"
    assert [one["path"] for one in running.json("search", "windowsill")] == ["cats.md"]


@pytest.mark.parametrize("mode", ["text", "semantic", "hybrid"])
def test_a_superseded_decision_stands_below_its_successor(running: Running, mode: str) -> None:
    found = running.json("search", "RabbitMQ broker", "--mode", mode, "--explain")
    paths = [one["path"] for one in found]
    assert paths.index("0002-nats.md") < paths.index("0001-rabbit.md")
    rabbit = found[paths.index("0001-rabbit.md")]
    assert rabbit["superseded_by"] == [found[paths.index("0002-nats.md")]["id"]]
    assert any(one.startswith("superseded by") for one in rabbit["explanation"]["reasons"])


def test_a_file_of_queries(running: Running, tmp_path: Path) -> None:
    lines = [{"id": 1, "query": "cat"}, {"id": "b", "query": "***"}, {"id": "c", "query": "share prices"}]
    file = tmp_path / "queries.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    done = running.kogral("search", "--batch", str(file), "--mode", "hybrid", "--limit", "1")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in told] == [1, "b", "c"]
    assert [[hit["path"] for hit in one["hits"]] for one in told] == [["cats.md"], [], ["markets.md"]]
    piped = running.kogral("search", "--batch", "-", stdin='{"id": 1, "query": "cat"}\n')
    assert json.loads(piped.stdout)["hits"][0]["path"] == "cats.md"
    file.write_text('{"id": 1}\n')
    bad = running.kogral("search", "--batch", str(file))
    assert (bad.returncode, "line 1: expected one object" in bad.stderr) == (2, True)
    assert running.kogral("search").returncode == 2


def test_an_answer_with_its_sources(running: Running) -> None:
    running.model.answer = lambda body: "It fell [1]." if "Share prices" in body["messages"][1]["content"] else "?"
    told = running.json("ask", "What happened to share prices?")
    assert told["text"] == "It fell [1]."
    [citation] = told["citations"]
    assert (citation["number"], citation["path"], citation["start_line"]) == (1, "markets.md", 1)
    shown = running.kogral("ask", "What happened to share prices?")
    assert shown.stdout.splitlines()[0] == "It fell [1]."
    assert "[1] Markets  markets.md:1-3" in shown.stdout


def test_the_status_and_the_metrics(running: Running) -> None:
    running.json("search", "cat", "--semantic")
    status = running.graphql(
        "query($g: String) { embeddingStatus(graph: $g) { state model dimensions chunks pending provider problem } }",
        g=running.graph,
    )["data"]["embeddingStatus"]
    assert status == {
        "state": "IDLE",
        "model": "all-MiniLM-L6-v2",
        "dimensions": 384,
        "chunks": 4,
        "pending": 0,
        "provider": "onnx",
        "problem": None,
    }
    metrics = httpx.get(f"{running.url}/metrics").text
    assert "stratumiops_embedded_chunks_total 4.0" in metrics
    assert "stratumiops_embedding_problem 0.0" in metrics


def test_graphql_explains_and_refuses(running: Running) -> None:
    query = """query($q: String!, $graph: String!, $mode: SearchMode!, $explain: Boolean!) {
      search(query: $q, graph: $graph, mode: $mode, explain: $explain, first: 1) {
        path mode chunk { text heading startLine endLine similarity } explanation { semanticRank reasons }
      }
    }"""
    for mode in ("TEXT", "SEMANTIC", "HYBRID"):
        [hit] = running.graphql(query, q="windowsill cat", graph=running.graph, mode=mode, explain=True)["data"][
            "search"
        ]
        assert (hit["path"], hit["mode"]) == ("cats.md", mode)
        assert "windowsill" in hit["chunk"]["text"]
        assert (hit["explanation"]["semanticRank"] is None) == (mode == "TEXT")
        [hit] = running.graphql(query, q="windowsill cat", graph=running.graph, mode=mode, explain=False)["data"][
            "search"
        ]
        assert hit["explanation"] is None
    past = running.graphql('{ search(query: "x", mode: HYBRID, asOf: "2026-01-01T00:00:00Z") { score } }')
    assert past["errors"][0]["extensions"] == {
        "code": "BAD_INPUT",
        "field": "asOf",
        "hint": "use the mode TEXT without expand, mmr and rerank",
    }
    many = running.graphql('{ search(query: "x", mode: HYBRID, first: 101) { score } }')
    assert many["errors"][0]["extensions"]["code"] == "BAD_INPUT"


# ---- LlamaIndex


def test_the_llamaindex_retriever(running: Running) -> None:
    from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

    from stratumiops.ingest.llama import KogralRetriever
    from stratumiops.ui.cli.client import Client

    running.json("search", "cat", "--semantic")
    with Client(running.url) as client:
        found = KogralRetriever(client, graph=running.graph, first=2).retrieve("equity losses")
        assert len(found) == 2
        best = found[0]
        assert (best.node.metadata["path"], best.node.metadata["type"]) == ("markets.md", "note")
        assert "Share prices" in best.node.get_content()
        assert best.score is not None
        assert found[0].node.node_id != found[1].node.node_id
        decisions = KogralRetriever(client, graph=running.graph, where={"type": {"eq": "DECISION"}})
        assert {one.node.metadata["type"] for one in decisions.retrieve("broker")} == {"decision"}
    assert get_response_synthesizer is not None
    assert ResponseMode.COMPACT


def test_the_llamaindex_property_graph_store(running: Running) -> None:
    from llama_index.core.graph_stores.types import ChunkNode, EntityNode, Relation
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores.types import VectorStoreQuery

    from stratumiops.graph.errors import BadInput
    from stratumiops.ingest.llama import KogralPropertyGraphStore
    from stratumiops.ui.cli.client import Client

    with Client(running.url) as client:
        store = KogralPropertyGraphStore(client, running.graph)
        ada = EntityNode(name="Ada", label="person", properties={"born": 1815})
        engine = EntityNode(name="Engine", label="machine")
        text = ChunkNode(text="Ada wrote of the engine.", id_="chunk-1", properties={"page": 7})
        store.upsert_nodes([ada, engine, text])
        store.upsert_nodes([ada])
        store.upsert_relations(
            [
                Relation(label="WROTE_ABOUT", source_id="Ada", target_id="Engine", properties={"year": 1843}),
                Relation(label="EXPLAINS", source_id="chunk-1", target_id="Engine"),
                Relation(label="KNOWS", source_id="Ada", target_id="Charles"),
            ]
        )
        assert store.get(ids=["Ada"]) == [ada]
        assert store.get(ids=["chunk-1"]) == [text]
        assert store.get(properties={"born": 1815}) == [ada]
        assert [one.id for one in store.get(ids=["Charles", "nobody"])] == ["Charles"]
        [(source, relation, target)] = store.get_triplets(["Ada"], relation_names=["WROTE_ABOUT"])
        assert (source, target) == (ada, engine)
        assert relation.properties == {"weight": 1.0, "year": 1843}
        around = store.get_rel_map([engine], depth=2)
        assert {(one[0].id, one[1].label, one[2].id) for one in around} == {
            ("Ada", "WROTE_ABOUT", "Engine"),
            ("chunk-1", "EXPLAINS", "Engine"),
            ("Ada", "KNOWS", "Charles"),
        }
        assert len(store.get_rel_map([engine], depth=1)) == 2
        store.upsert_llama_nodes([TextNode(id_="llama-1", text="A text of LlamaIndex.", metadata={"a": 1})])
        [back] = store.get_llama_nodes(["llama-1"])
        assert (back.get_content(), back.metadata["a"]) == ("A text of LlamaIndex.", 1)
        nodes, scores = store.vector_query(VectorStoreQuery(query_str="Ada engine", similarity_top_k=2))
        assert len(nodes) == len(scores) == 2
        store.delete(relation_names=["KNOWS"])
        assert [one[1].label for one in store.get_triplets(["Ada"])] == ["WROTE_ABOUT"]
        store.delete(entity_names=["Ada"])
        assert store.get(ids=["Ada"]) == []
        store.upsert_nodes([ada])
        assert store.get(ids=["Ada"]) == [ada]
        for refused in (
            lambda: store.structured_query("MATCH (n) RETURN n"),
            lambda: store.vector_query(VectorStoreQuery()),
        ):
            with pytest.raises(BadInput):
                refused()
        store.delete(ids=["Ada", "Engine", "Charles", "chunk-1", "llama-1"])
