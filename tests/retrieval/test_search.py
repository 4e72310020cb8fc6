"""Searches by words, meaning and both: what is found, in which order, and why."""

import pytest

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.selection.hybrid import Halves, hits
from stratumiops.ingest.embedding.models import Models
from stratumiops.ingest.fusion import reciprocal_rank_fusion
from stratumiops.ingest.retrieval.models import SearchMode, SearchRequest
from stratumiops.ingest.retrieval.neo4j import Neo4jRetrieval
from stratumiops.ingest.retrieval.weights import SENTENCE_WEIGHT, text_weight

from .conftest import Lab

SEMANTIC, HYBRID, TEXT = SearchMode.SEMANTIC, SearchMode.HYBRID, SearchMode.TEXT


@pytest.fixture
async def filled(lab: Lab) -> Lab:
    """Decisions about a broker and some other notes, embedded."""
    await lab.create(
        lab.node(
            "rabbit",
            "Use RabbitMQ as message broker",
            "# Use RabbitMQ\n\n## Context\n\nServices must talk to each other.\n\n## Decision\n\nWe use RabbitMQ.",
            NodeType.DECISION,
            status="superseded",
            path="adr/0001.md",
        ),
        lab.node(
            "nats",
            "Use NATS for messaging between services",
            "We replace the broker with NATS, which is lighter to run.",
            NodeType.DECISION,
            status="accepted",
            tags=("messaging",),
        ),
        lab.node("cat", "About cats", "A cat sleeps on the warm windowsill all day."),
        lab.node("shares", "Markets", "Share prices fell sharply on the stock exchange."),
        lab.node("retry", "Retries", "Try again with growing pauses after a network failure.", NodeType.PATTERN),
        lab.node("twin", "Cat facts", "A cat sleeps on the warm windowsill all day long."),
        edges=(
            lab.edge("nats", "rabbit", RelationType.SUPERSEDES),
            lab.edge("nats", "retry", RelationType.DEPENDS_ON),
        ),
    )
    async with lab.running():
        await lab.embedded()
    return lab


async def test_meaning_finds_what_no_word_says(filled: Lab) -> None:
    [first, *_] = await filled.search("equity losses", SEMANTIC)
    assert first.node["id"] == "shares"
    assert (first.semantic_rank, first.text_rank, first.mode) == (1, None, SEMANTIC)
    assert first.chunk is not None
    assert "Share prices" in first.chunk.text
    assert first.similarity == pytest.approx(first.chunk.similarity, abs=1e-6)
    assert first.score == pytest.approx((1 + (first.similarity or 0)) / 2)
    assert first.node["embedding"] is None


@pytest.mark.parametrize("query", ["kitten windowsill exchange", "is there a kitten on the windowsill?"])
async def test_hybrid_is_the_fusion_of_both_halves(filled: Lab, query: str) -> None:
    more = {"first": 20, "where": {"not": {"id": {"eq": "rabbit"}}}}  # its successor would be lifted above it
    both = await filled.search(query, HYBRID, **more)
    text = [one.node["id"] for one in sorted(both, key=lambda one: one.text_rank or 99) if one.text_rank]
    meaning = [one.node["id"] for one in sorted(both, key=lambda one: one.semantic_rank or 99) if one.semantic_rank]
    assert meaning == await filled.ids(query, SEMANTIC, **more)
    assert text == [hit.node["id"] for hit in await filled.search(query, TEXT, **more)]
    fused = reciprocal_rank_fusion({"text": text, "semantic": meaning}, weights={"text": text_weight(query)})
    assert {one.node["id"]: one.score for one in both} == pytest.approx({k: f.score for k, f in fused.items()})
    assert [one.score for one in both] == sorted((one.score for one in both), reverse=True)


async def test_a_hybrid_search_is_one_statement(filled: Lab) -> None:
    await filled.search("cat")
    retrieval = filled.retrieval
    await retrieval.serving()
    with filled.database.record() as sent:
        graphs = (filled.graph,)
        await retrieval.search(SearchRequest(query="cat", graphs=graphs, visible=graphs, expand=True, mmr=0.5))
    assert len([one for one in sent if "Outbox" not in one.text]) == 1  # the feed beside it looks for events


async def test_a_superseded_decision_stands_below_its_successor_and_says_so(filled: Lab) -> None:
    for mode in (TEXT, SEMANTIC, HYBRID):
        found = await filled.search("RabbitMQ message broker decision", mode)
        order = [one.node["id"] for one in found]
        assert order.index("nats") < order.index("rabbit"), mode
        rabbit = found[order.index("rabbit")]
        assert [one["id"] for one in rabbit.successors] == ["nats"]
        assert "superseded by Use NATS for messaging between services" in rabbit.reasons
        scores = [one.score for one in found]
        assert scores == sorted(scores, reverse=True)


async def test_filters(filled: Lab) -> None:
    decisions = {"type": {"eq": NodeType.DECISION}}
    assert set(await filled.ids("anything at all", SEMANTIC, where=decisions)) == {"rabbit", "nats"}
    either = {"type": {"in": (NodeType.DECISION, NodeType.PATTERN)}}
    assert set(await filled.ids("anything at all", SEMANTIC, where=either)) == {"rabbit", "nats", "retry"}
    assert await filled.ids("anything", SEMANTIC, where={**decisions, "status": {"eq": "accepted"}}) == ["nats"]
    assert await filled.ids("broker", HYBRID, where={"tags": {"has_any": ["messaging"]}}) == ["nats"]
    assert await filled.ids("broker", HYBRID, where={"path": {"starts_with": "adr/"}}) == ["rabbit"]


async def test_other_graphs_are_not_seen(filled: Lab) -> None:

    for mode in (SEMANTIC, HYBRID, TEXT):
        request = SearchRequest(query="cat", mode=mode, graphs=("elsewhere",), visible=("elsewhere",), expand=True)
        assert await filled.retrieval.search(request) == []


async def test_a_threshold_cuts_what_is_far(filled: Lab) -> None:
    assert set(await filled.ids("a cat asleep", SEMANTIC, threshold=0.5)) == {"twin", "cat"}
    assert await filled.ids("a cat asleep", SEMANTIC, threshold=0.999) == []
    assert "shares" in await filled.ids("stock", HYBRID, threshold=0.999)


async def test_neighbours_take_part(filled: Lab) -> None:
    where = {"id": {"in": ["nats", "retry", "shares"]}}
    plain = await filled.search("messaging between services", TEXT, where=where)
    assert [one.node["id"] for one in plain] == ["nats"]
    found = await filled.search("messaging between services", TEXT, where=where, expand=True)
    assert [one.node["id"] for one in found] == ["nats", "retry"]
    assert found[1].graph_rank == 1
    assert found[1].reasons == ["number 1 among the neighbours of the best hits"]


async def test_diversity_parts_twins(filled: Lab) -> None:
    alike = await filled.ids("the cat sleeps on the windowsill", SEMANTIC, first=2)
    assert set(alike) == {"cat", "twin"}
    different = await filled.ids("the cat sleeps on the windowsill", SEMANTIC, first=2, mmr=0.2)
    assert len(set(different) & {"cat", "twin"}) == 1


class Backwards:
    """A cross-encoder that likes short passages."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, query: str, passages: list[str]) -> list[float]:
        self.read += passages
        return [-float(len(passage)) for passage in passages]


async def test_a_cross_encoder_reorders_unless_the_ranking_is_clear(filled: Lab) -> None:

    encoder = Backwards()
    retrieval = Neo4jRetrieval(filled.database, filled.options, filled.models, reranker=encoder)
    graphs = (filled.graph,)
    found = await retrieval.search(
        SearchRequest(query="a cat on the windowsill", graphs=graphs, visible=graphs, rerank=True, first=2)
    )
    assert len(found) == 2
    assert len(encoder.read) > 2
    assert all(one.rerank_score is not None for one in found)
    encoder.read.clear()
    where = {"id": {"in": ["shares"]}}
    found = await retrieval.search(
        SearchRequest(query="Share prices", graphs=graphs, visible=graphs, rerank=True, where=where)
    )
    assert encoder.read == []
    assert "not reranked: the ranking is clear" in found[0].reasons


async def test_best_chunks_by_words(filled: Lab) -> None:
    found = await filled.retrieval.chunks_by_words("services talk", [(filled.graph, "rabbit"), (filled.graph, "none")])
    assert list(found) == [(filled.graph, "rabbit")]
    assert "talk to each other" in found[filled.graph, "rabbit"].text


@pytest.mark.parametrize(
    "nasty",
    ["') DETACH DELETE n //", "$auth", "{graph: 'x'}", "title:[* TO *]", '"unclosed', "x^9999 ~ && || !", "🎉 a"],
)
async def test_values_never_become_text(filled: Lab, nasty: str) -> None:
    with filled.database.record() as sent:
        await filled.search(nasty, HYBRID, where={"title": {"ne": nasty}})
        await filled.search("plain", HYBRID, where={"title": {"ne": "plain"}})
    texts = [one.text for one in sent if "SEARCH c IN" in one.text]
    assert len(texts) == 2
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"threshold": 2.0}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"mmr": -0.1}, "mmr"),
        ({"mode": TEXT, "mmr": 0.5}, "mmr"),
        ({"mode": TEXT, "threshold": 0.5}, "threshold"),
        ({"rerank": True}, "rerank"),
        ({"query": "***"}, "query"),
    ],
)
async def test_what_cannot_be_asked(lab: Lab, more: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as error:
        await lab.search(**{"query": "x", **more})  # type: ignore[arg-type]
    assert error.value.field == field


async def test_before_anything_is_embedded_words_find_and_meaning_says_why_not(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats"))
    [hit] = await lab.search("cats")
    assert (hit.mode, hit.reasons[0]) == (TEXT, "by words alone: nothing has been embedded yet")
    with pytest.raises(Unavailable, match="nothing has been embedded yet"):
        await lab.search("cats", SEMANTIC)


async def test_the_same_question_is_embedded_once(filled: Lab) -> None:
    class Counting(Models):
        asked = 0

        async def get(self, spec):  # type: ignore[no-untyped-def]
            self.asked += 1
            return await super().get(spec)

    models = Counting()
    retrieval = Neo4jRetrieval(filled.database, filled.options, models)

    request = SearchRequest(query="again and again", graphs=(filled.graph,), visible=(filled.graph,))
    await retrieval.search(request)
    await retrieval.search(request)
    assert models.asked == 1


@pytest.mark.parametrize(
    ("query", "weight"),
    [
        ("message broker", 1.0),
        ("use of NATS", 1.0),
        ("how do services talk to each other", SENTENCE_WEIGHT),
        ("broker?", SENTENCE_WEIGHT),
        ('"what is it"', 1.0),
        ("what is it -not", 1.0),
    ],
)
def test_words_count_less_in_a_sentence(query: str, weight: float) -> None:
    assert text_weight(query) == weight


def test_texts_of_statements_have_no_holes() -> None:
    names = ("graph", "index", "query", "pool", "first", "rrf_k", "text_weight")
    shape = {name: f"${name}" for name in names}
    assert hits(shape, Halves(text=True, index=None, expand=True)).startswith("CYPHER 25 CALL ()")
