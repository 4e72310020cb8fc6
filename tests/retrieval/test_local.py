"""The same searches without a server: memory and folders of markdown, with the same chunks, model and fusion."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stratumiops.graph.adapters.filesystem import FilesystemStorage
from stratumiops.graph.adapters.memory import MemoryStorage
from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.ports import Storage
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import ModelSpec, Provider
from stratumiops.ingest.retrieval.cache import ChunkCache
from stratumiops.ingest.retrieval.local import LocalRetrieval
from stratumiops.ingest.retrieval.models import SearchMode, SearchRequest

NODES = (
    Node(id="rabbit", graph="g", type=NodeType.DECISION, title="Use RabbitMQ as message broker", content="# Why\n\nA"),
    Node(id="nats", graph="g", type=NodeType.DECISION, title="Use NATS as message broker", content="It is lighter."),
    Node(id="cat", graph="g", type=NodeType.NOTE, title="Cats", content="A cat sleeps on the windowsill."),
    Node(id="shares", graph="g", type=NodeType.NOTE, title="Markets", content="Share prices fell on the exchange."),
    Node(id="retry", graph="g", type=NodeType.PATTERN, title="Retries", content="Try again after a failure."),
)
EDGES = (
    Edge(graph="g", source="nats", target="rabbit", relation=RelationType.SUPERSEDES),
    Edge(graph="g", source="nats", target="retry", relation=RelationType.DEPENDS_ON),
)


@pytest.fixture(params=["memory", "files"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    made: Storage = MemoryStorage(("g",)) if request.param == "memory" else FilesystemStorage(tmp_path / "k", "g")
    for node in NODES:
        await made.create_node(node)
    for edge in EDGES:
        await made.create_edge(edge)
    return made


def ask(query: str, mode: SearchMode = SearchMode.HYBRID, **more: object) -> SearchRequest:
    return SearchRequest(query=query, mode=mode, graphs=("g",), visible=("g",), **more)  # type: ignore[arg-type]


async def test_every_mode(storage: Storage, packaged: Models) -> None:
    local = LocalRetrieval(storage, EmbeddingOptions(), packaged)
    for query, mode, first in (
        ("equity losses", SearchMode.SEMANTIC, "shares"),
        ("kitten dozing", SearchMode.HYBRID, "cat"),
        ("exchange", SearchMode.TEXT, "shares"),
    ):
        found = await local.search(ask(query, mode))
        assert found[0].node["id"] == first
        assert found[0].reasons
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    broker = [one.node["id"] for one in await local.search(ask("RabbitMQ message broker"))]
    assert broker.index("nats") < broker.index("rabbit")
    near = await local.search(ask("NATS lighter", SearchMode.TEXT, expand=True))
    assert "retry" in [one.node["id"] for one in near]
    assert len(await local.search(ask("a cat", SearchMode.SEMANTIC, threshold=0.4))) == 1
    assert len(await local.search(ask("a cat", SearchMode.SEMANTIC, mmr=0.3, first=2))) == 2


async def test_filters_are_the_callers(storage: Storage, packaged: Models) -> None:
    def matcher(where: object) -> Callable[[Node], bool]:
        assert where == {"type": {"eq": NodeType.PATTERN}}
        return lambda node: node.type is NodeType.PATTERN

    local = LocalRetrieval(storage, EmbeddingOptions(), packaged, matcher=matcher)
    found = await local.search(ask("cat", where={"type": {"eq": NodeType.PATTERN}}))
    assert [one.node["id"] for one in found] == ["retry"]
    with pytest.raises(BadInput, match="cannot filter"):
        await LocalRetrieval(storage, EmbeddingOptions(), packaged).search(ask("cat", where={"type": {}}))


async def test_what_did_not_change_is_not_embedded_again(storage: Storage, packaged: Models, tmp_path: Path) -> None:
    file = tmp_path / "cache" / "chunks.sqlite"
    await LocalRetrieval(storage, EmbeddingOptions(), packaged, cache=ChunkCache(file)).search(ask("cat"))
    assert (file.parent / ".gitignore").read_text() == "*\n"
    embedded: list[str] = []
    inner = await packaged.get(ModelSpec())

    class Watching(Models):
        async def get(self, spec):  # type: ignore[no-untyped-def]
            return Watched()

    class Watched:
        provider, model, dimensions = inner.provider, inner.model, inner.dimensions
        tokens = staticmethod(inner.tokens)

        def embed(self, text: str) -> list[float]:
            return inner.embed(text)

        def embed_batch(self, texts: list[str]) -> list[list[float]]:
            embedded.extend(texts)
            return inner.embed_batch(texts)

    local = LocalRetrieval(storage, EmbeddingOptions(), Watching(), cache=ChunkCache(file))
    assert (await local.search(ask("kitten")))[0].node["id"] == "cat"
    assert embedded == []
    report = await local.status(["g"])
    assert (report.state, report.chunks) == ("idle", 5)
    chunk = (await local.chunks_by_words("windowsill", [("g", "cat")]))["g", "cat"]
    assert "windowsill" in chunk.text
    file.write_bytes(b"not a database at all" * 100)
    assert (await local.search(ask("kitten")))[0].node["id"] == "cat"
    assert len(embedded) == 5


async def test_a_model_out_of_reach_leaves_words(storage: Storage) -> None:
    spec = ModelSpec(provider=Provider.OLLAMA, url="http://127.0.0.1:9")
    local = LocalRetrieval(storage, EmbeddingOptions(spec=spec), Models())
    found = await local.search(ask("windowsill"))
    assert (found[0].node["id"], found[0].mode) == ("cat", SearchMode.TEXT)
    assert found[0].reasons[0].startswith("by words alone: ollama cannot be reached")
    with pytest.raises(Unavailable):
        await local.search(ask("windowsill", SearchMode.SEMANTIC))
