"""The contract of a store of knowledge, kept by all three: Neo4j, a folder of markdown, memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratumiops.graph.adapters.filesystem import FilesystemStorage
from stratumiops.graph.adapters.memory import MemoryStorage
from stratumiops.graph.adapters.neo4j import Neo4jStorage
from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import parse_instant
from stratumiops.graph.models import (
    EMBEDDING_DIMENSIONS,
    MAX_CONTENT,
    MAX_ID,
    MAX_TAG,
    MAX_TAGS,
    MAX_TITLE,
    Edge,
    Node,
    NodeFilter,
    NodeType,
    RelationType,
)
from stratumiops.graph.ports import Storage
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import NewEdge, NewNode

EASY = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=["memory", "filesystem", "neo4j"])
def storage(
    request: pytest.FixtureRequest, tmp_path: Path, graph_name: str, database: Database, writer: KnowledgeWriter
) -> Storage:
    stores: dict[str, Storage] = {
        "memory": MemoryStorage([graph_name], actor="ada"),
        "filesystem": FilesystemStorage(tmp_path / ".kogral", graph_name, actor="ada"),
        "neo4j": Neo4jStorage(database, writer, actor="ada"),
    }
    return stores[request.param]


def vector(*head: float) -> list[float]:
    return [*head, *[0.0] * (EMBEDDING_DIMENSIONS - len(head))]


def given_part(node: Node) -> Node:
    """A node without what a store decides."""
    return replace(node, created_at="", updated_at="", created_by="", updated_by="", rev=1, path=None)


async def test_create_and_get(storage: Storage, graph_name: str, node: NewNode) -> None:
    whole = node(
        "adr-1", title="  Use Neo4j  ", content="# One\r\n\r\ntwo\n", tags=("#db", "graph", "db", " "),
        status="accepted", date="2026-01-31", metadata={"a": {"b": [1, 2.5, None, "x"]}, "date": "2026-01-31"},
        extra={"status_raw": "Accepted!", "deciders": ["ada", "bob"]}, embedding=vector(1.0, 0.5),
    )  # fmt: skip
    assert await storage.create_node(whole) == "adr-1"
    found = await storage.get_node(graph_name, "adr-1")
    assert found is not None
    assert given_part(found) == replace(whole, title="Use Neo4j", tags=("db", "graph"))
    assert (found.rev, found.created_by, found.updated_by) == (1, "ada", "ada")
    assert found.created_at == found.updated_at
    assert parse_instant(found.created_at).tzinfo is not None
    assert await storage.get_node(graph_name, "adr-2") is None
    assert await storage.get_node("no-such-graph", "adr-1") is None


async def test_origin_of_a_node_is_kept(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(node("a", created_at="2020-05-01T10:00:00+02:00", created_by="eve"))
    found = await storage.get_node(graph_name, "a")
    assert found is not None
    assert (found.created_at, found.created_by, found.updated_by) == ("2020-05-01T08:00:00.000000Z", "eve", "ada")
    assert found.updated_at > found.created_at


@pytest.mark.parametrize("kind", list(NodeType))
async def test_all_types(storage: Storage, graph_name: str, node: NewNode, kind: NodeType) -> None:
    extra: dict[NodeType, dict[str, Any]] = {
        NodeType.GUIDELINE: {"priority": -3},
        NodeType.EXECUTION: {"project": "p", "duration_ms": 1 << 40, "cost_cents": 12.5, "agent_id": "a1"},
    }
    given_node = node("a", type=kind, extra=extra.get(kind, {}))
    await storage.create_node(given_node)
    found = await storage.get_node(graph_name, "a")
    assert found is not None
    assert given_part(found) == given_node


async def test_an_id_is_used_once(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(node("a"))
    with pytest.raises(Conflict):
        await storage.create_node(node("a", type=NodeType.NOTE))
    await storage.delete_node(graph_name, "a")
    with pytest.raises(Conflict, match="deleted"):
        await storage.create_node(node("a"))
    assert await storage.get_node(graph_name, "a") is None


async def test_an_unknown_graph_is_not_found(storage: Storage, node: NewNode) -> None:
    with pytest.raises(NotFound):
        await storage.create_node(replace(node("a"), graph="no-such-graph"))
    with pytest.raises(NotFound):
        await storage.delete_node("no-such-graph", "a")
    where = NodeFilter(graph="no-such-graph")
    assert await storage.list_nodes(where) == []
    assert await storage.get_edges("no-such-graph", "a") == []
    assert await storage.search("no-such-graph", "word", 5) == []
    assert await storage.semantic_search("no-such-graph", vector(1.0), 5) == []


async def test_update_replaces_all_but_the_origin(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(
        node("a", status="proposed", extra={"deciders": ["x"]}, metadata={"k": 1}, embedding=vector(1.0))
    )
    first = await storage.get_node(graph_name, "a")
    assert first is not None
    changed = await storage.update_node(replace(node("a", title="New", tags=("t",)), rev=1))
    assert (changed.rev, changed.title, changed.tags, changed.status) == (2, "New", ("t",), None)
    assert (changed.extra, changed.metadata, changed.embedding) == ({}, {}, None)
    assert (changed.created_at, changed.created_by) == (first.created_at, first.created_by)
    assert changed.updated_at >= first.updated_at
    assert await storage.get_node(graph_name, "a") == changed


async def test_update_refuses_what_it_must(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(node("a"))
    await storage.update_node(node("a", title="2"))
    with pytest.raises(Conflict, match="rev 2, not 1"):
        await storage.update_node(node("a", title="3"))
    with pytest.raises(BadInput):
        await storage.update_node(node("a", type=NodeType.NOTE, rev=2))
    with pytest.raises(NotFound):
        await storage.update_node(node("b"))
    await storage.delete_node(graph_name, "a")
    with pytest.raises(NotFound):
        await storage.update_node(node("a", rev=3))
    with pytest.raises(NotFound):
        await storage.delete_node(graph_name, "a")


async def test_list(storage: Storage, graph_name: str, node: NewNode) -> None:
    nodes = [
        node("b", tags=("x", "y"), status="accepted"),
        node("a", tags=("x",), status="proposed"),
        node("c", type=NodeType.NOTE, tags=("y", "z")),
        node("B", type=NodeType.PATTERN, status="accepted"),
        node("ä", type=NodeType.NOTE),
        node("𝕏", type=NodeType.NOTE),
        node("\uffee", type=NodeType.NOTE),
    ]
    for each in nodes:
        await storage.create_node(each)

    async def ids(**where: Any) -> list[str]:
        return [found.id for found in await storage.list_nodes(NodeFilter(graph=graph_name, **where))]

    assert await ids() == ["B", "a", "b", "c", "ä", "\uffee", "𝕏"]
    assert await ids(limit=2) == ["B", "a"]
    assert await ids(limit=2, after_id="a") == ["b", "c"]
    assert await ids(after_id="𝕏") == []
    assert await ids(types=(NodeType.DECISION,)) == ["a", "b"]
    assert await ids(types=(NodeType.DECISION, NodeType.PATTERN)) == ["B", "a", "b"]
    assert await ids(statuses=("accepted",)) == ["B", "b"]
    assert await ids(tags_any=("x", "z")) == ["a", "b", "c"]
    assert await ids(tags_all=("x", "y")) == ["b"]
    assert await ids(tags_all=("x",), statuses=("proposed",)) == ["a"]
    b = await storage.get_node(graph_name, "b")
    assert b is not None
    assert "b" not in await ids(updated_after=b.updated_at)
    await storage.delete_node(graph_name, "a")
    assert "a" not in await ids()
    for limit in (0, 1_001):
        with pytest.raises(BadInput):
            await ids(limit=limit)


async def test_edges(storage: Storage, graph_name: str, node: NewNode, edge: NewEdge) -> None:
    for name in "abc":
        await storage.create_node(node(name))
    made = await storage.create_edge(edge("a", "b", weight=0.5, origin="wikilink"))
    assert (made.weight, made.origin, made.created_by, made.valid_to) == (0.5, "wikilink", "ada", None)
    assert made.valid_from == made.recorded_at != ""
    other = await storage.create_edge(edge("a", "b", relation=RelationType.EXTENDS))
    back = await storage.create_edge(edge("c", "a"))
    assert await storage.get_edges(graph_name, "a") == [made, other, back]
    assert await storage.get_edges(graph_name, "b") == [made, other]
    assert await storage.get_edges(graph_name, "z") == []
    await storage.delete_edge(graph_name, "a", "b", RelationType.DEPENDS_ON)
    assert await storage.get_edges(graph_name, "a") == [other, back]
    a = await storage.get_node(graph_name, "a")
    assert a is not None
    assert a.rev == 1


async def test_joining_again_changes_weight_and_origin(
    storage: Storage, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    for name in "ab":
        await storage.create_node(node(name))
    first = await storage.create_edge(edge("a", "b"))
    assert await storage.create_edge(edge("a", "b")) == first
    second = await storage.create_edge(edge("a", "b", weight=2.0))
    assert (second.weight, second.valid_from >= first.valid_from) == (2.0, True)
    third = await storage.create_edge(edge("a", "b", weight=2.0, origin="agent"))
    assert await storage.get_edges(graph_name, "b") == [third]


async def test_edges_refuse_what_they_must(storage: Storage, graph_name: str, node: NewNode, edge: NewEdge) -> None:
    for name in "abc":
        await storage.create_node(node(name))
    await storage.delete_node(graph_name, "c")
    for source, target in (("a", "z"), ("z", "a"), ("a", "c"), ("c", "a")):
        with pytest.raises(NotFound):
            await storage.create_edge(edge(source, target))
        with pytest.raises(NotFound):
            await storage.delete_edge(graph_name, source, target, RelationType.DEPENDS_ON)
    for wrong in (edge("a", "a"), edge("a", "b", weight=float("nan")), edge("a", "b", origin="")):
        with pytest.raises(BadInput):
            await storage.create_edge(wrong)
    await storage.create_edge(edge("a", "b"))
    with pytest.raises(NotFound):
        await storage.delete_edge(graph_name, "b", "a", RelationType.DEPENDS_ON)
    with pytest.raises(NotFound):
        await storage.delete_edge(graph_name, "a", "b", RelationType.EXPLAINS)


async def test_deleting_a_node_takes_its_edges_along(
    storage: Storage, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    for name in "abc":
        await storage.create_node(node(name))
    for source, target in (("a", "b"), ("b", "a"), ("b", "c")):
        await storage.create_edge(edge(source, target))
    await storage.delete_node(graph_name, "a")
    assert [(e.source, e.target) for e in await storage.get_edges(graph_name, "b")] == [("b", "c")]
    assert await storage.get_edges(graph_name, "a") == []


async def test_search_ranks_stems_and_ignores_stop_words(storage: Storage, graph_name: str, node: NewNode) -> None:
    texts = {
        "title": node("title", title="Caching of queries", content="Nothing else."),
        "body": node("body", title="Other", content="We cache the answers of the database."),
        "tag": node("tag", title="Third", tags=("caches",)),
        "none": node("none", title="Unrelated", content="Bread and butter."),
    }
    for each in texts.values():
        await storage.create_node(each)
    hits = await storage.search(graph_name, "cached", 10)
    assert {hit.node.id for hit in hits} == {"title", "body", "tag"}
    assert hits[0].node.id in ("title", "tag")
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    assert [hit.node.id for hit in await storage.search(graph_name, "queries butter", 1)] != []
    assert await storage.search(graph_name, "the and of", 10) == []
    assert await storage.search(graph_name, "zebra", 10) == []
    assert {h.node.id for h in await storage.search(graph_name, "cache -database", 9)} == {"title", "tag"}
    assert {h.node.id for h in await storage.search(graph_name, "quer*", 9)} == {"title"}
    whole = await storage.get_node(graph_name, "none")
    assert (await storage.search(graph_name, "BREAD", 1))[0].node == whole


async def test_search_follows_changes(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(node("a", content="apples"))
    await storage.create_node(node("b", content="pears"))
    assert [hit.node.id for hit in await storage.search(graph_name, "apple", 5)] == ["a"]
    await storage.update_node(node("a", content="plums"))
    assert await storage.search(graph_name, "apple", 5) == []
    assert [hit.node.id for hit in await storage.search(graph_name, "plum", 5)] == ["a"]
    await storage.delete_node(graph_name, "a")
    assert await storage.search(graph_name, "plum", 5) == []


@pytest.mark.parametrize("query", ["", "   ", "***", "-word", "x" * 1_001])
async def test_a_query_without_words_is_refused(storage: Storage, graph_name: str, query: str) -> None:
    with pytest.raises(BadInput):
        await storage.search(graph_name, query, 5)


HOSTILE = [
    "title:secret OR *:*", 'a") DETACH DELETE n //', "'; MATCH (n) DETACH DELETE n; //", "(((", "a AND OR NOT b",
    "[a TO b]", "a~2^4", "\\", "\\u0027 OR 1=1", "{{7*7}}", "${env:HOME}", "../../etc/passwd", "-- x", "/a.*/",
    "*a", "a:b:c", "`n`", "word\twith\ttabs",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
async def test_text_that_looks_like_code_is_text(
    storage: Storage, graph_name: str, node: NewNode, edge: NewEdge, text: str
) -> None:
    line = text.replace("\t", " ").strip()
    await storage.create_node(node("bystander"))
    given_node = node(line, title=line, content=text, tags=(line,), status=line, metadata={text: text})
    await storage.create_node(given_node)
    found = await storage.get_node(graph_name, line)
    assert found is not None
    expected = tuple(tag for tag in (line.lstrip("#"),) if tag)
    assert given_part(found) == replace(given_node, tags=expected)
    await storage.create_edge(edge(line, "bystander", origin=line))
    assert [e.origin for e in await storage.get_edges(graph_name, line)] == [line]
    if any(character.isalnum() for character in text) and not text.startswith("-"):
        hits = await storage.search(graph_name, text, 10)
        assert line in {hit.node.id for hit in hits} or hits == []
    assert await storage.list_nodes(NodeFilter(graph=graph_name, statuses=(line,), tags_any=expected)) == [found]
    assert await storage.get_node(graph_name, "bystander") is not None


async def test_semantic_search(storage: Storage, graph_name: str, node: NewNode) -> None:
    for name, head in {"a": (1.0, 0.0), "b": (1.0, 1.0), "c": (-1.0, 0.0)}.items():
        await storage.create_node(node(name, embedding=vector(*head)))
    await storage.create_node(node("without"))
    hits = await storage.semantic_search(graph_name, vector(2.0), 10)
    assert [hit.node.id for hit in hits] == ["a", "b", "c"]
    assert [hit.score for hit in hits] == pytest.approx([1.0, (1 + 2**-0.5) / 2, 0.0], abs=1e-6)
    assert [hit.node.id for hit in await storage.semantic_search(graph_name, vector(2.0), 1)] == ["a"]
    await storage.delete_node(graph_name, "a")
    assert [hit.node.id for hit in await storage.semantic_search(graph_name, vector(2.0), 2)] == ["b", "c"]
    for wrong in ([1.0] * 3, vector(0.0), vector(float("nan")), vector(float("inf"))):
        with pytest.raises(BadInput):
            await storage.semantic_search(graph_name, wrong, 2)
        with pytest.raises(BadInput):
            await storage.create_node(node("wrong", embedding=wrong))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("id", {"node_id": ""}), ("id", {"node_id": " a"}), ("id", {"node_id": "a\nb"}),
    ("id", {"node_id": "x" * (MAX_ID + 1)}), ("title", {"title": "  "}), ("title", {"title": "a\nb"}),
    ("title", {"title": "x" * (MAX_TITLE + 1)}), ("title", {"title": "\0"}), ("title", {"title": "\ud800"}),
    ("content", {"content": "x" * (MAX_CONTENT + 1)}), ("content", {"content": "a\0b"}),
    ("tags", {"tags": [f"t{i}" for i in range(MAX_TAGS + 1)]}), ("tags", {"tags": ["x" * (MAX_TAG + 1)]}),
    ("tags", {"tags": ["a\nb"]}), ("date", {"date": "yesterday"}), ("date", {"date": "2026-02-30"}),
    ("metadata", {"metadata": {"a": {1, 2}}}), ("metadata", {"metadata": {"a": "x" * 100_001}}),
    ("metadata", {"metadata": {"a": "\0"}}), ("metadata", {"metadata": {"n": 1 << 70}}),
    ("priority", {"extra": {"priority": 1}}), ("deciders", {"extra": {"deciders": [1]}}),
    ("status_raw", {"extra": {"status_raw": 1}}),
    ("priority", {"type": NodeType.GUIDELINE, "extra": {"priority": "high"}}),
    ("duration_ms", {"type": NodeType.EXECUTION, "extra": {"duration_ms": 1.5}}),
    ("tokens_used", {"type": NodeType.EXECUTION, "extra": {"tokens_used": True}}),
    ("cost_cents", {"type": NodeType.EXECUTION, "extra": {"cost_cents": float("nan")}}),
    ("createdAt", {"created_at": "now"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "values"), WRONG)
async def test_values_outside_the_limits_are_refused(
    storage: Storage, graph_name: str, node: NewNode, field: str, values: dict[str, Any]
) -> None:
    wrong = node(**{"node_id": "a", **values})
    with pytest.raises(BadInput) as error:
        await storage.create_node(wrong)
    assert error.value.field == field
    assert len(error.value.message) < 400
    assert await storage.list_nodes(NodeFilter(graph=graph_name)) == []


async def test_the_largest_values_fit(storage: Storage, graph_name: str, node: NewNode) -> None:
    largest = node(
        "i" * MAX_ID, title="t" * MAX_TITLE, content="c" * 1_000_000,
        tags=[f"{i:0{MAX_TAG}}" for i in range(MAX_TAGS)], metadata={"a": "x" * 99_000},
    )  # fmt: skip
    await storage.create_node(largest)
    found = await storage.get_node(graph_name, largest.id)
    assert found is not None
    assert given_part(found) == replace(largest, tags=tuple(largest.tags))


async def test_of_updates_at_once_one_wins(storage: Storage, graph_name: str, node: NewNode) -> None:
    await storage.create_node(node("a"))
    found = await asyncio.gather(
        *(storage.update_node(node("a", title=f"t{i}")) for i in range(8)), return_exceptions=True
    )
    assert sum(isinstance(each, Node) for each in found) == 1
    assert sum(isinstance(each, Conflict) for each in found) == 7
    winner = next(each for each in found if isinstance(each, Node))
    assert await storage.get_node(graph_name, "a") == winner


async def test_of_creations_and_deletions_at_once_one_wins(storage: Storage, graph_name: str, node: NewNode) -> None:
    created = await asyncio.gather(*(storage.create_node(node("a")) for _ in range(6)), return_exceptions=True)
    assert sum(each == "a" for each in created) == 1
    deleted = await asyncio.gather(*(storage.delete_node(graph_name, "a") for _ in range(6)), return_exceptions=True)
    assert sum(each is None for each in deleted) == 1


async def test_edges_made_at_once_are_all_there(
    storage: Storage, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    names = [f"n{i}" for i in range(6)]
    await asyncio.gather(*(storage.create_node(node(name)) for name in names))
    pairs = [(s, t) for s in names for t in names if s != t]
    await asyncio.gather(*(storage.create_edge(edge(s, t)) for s, t in pairs))
    seen: Sequence[Edge] = await storage.get_edges(graph_name, "n0")
    assert len(seen) == 10


LINE = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"), min_size=1, max_size=60
).filter(lambda text: text.strip() == text != "")
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=300)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | TEXT
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@EASY
@given(
    node_id=LINE, title=LINE, content=TEXT, status=st.none() | LINE,
    tags=st.lists(LINE.filter(lambda tag: not tag.startswith("#")), max_size=5, unique=True),
    metadata=st.dictionaries(TEXT, JSON, max_size=4),
    deciders=st.lists(TEXT, min_size=1, max_size=3), kind=st.sampled_from(NodeType),
)  # fmt: skip
async def test_any_text_comes_back_as_it_was(
    storage: Storage, graph_name: str, node_id: str, title: str, content: str, status: str | None,
    tags: list[str], metadata: dict[str, Any], deciders: list[str], kind: NodeType,
) -> None:  # fmt: skip
    extra = {"deciders": deciders} if kind is NodeType.DECISION else {}
    given_node = Node(
        id=node_id, graph=graph_name, type=kind, title=title, content=content, tags=tuple(tags),
        status=status, metadata=metadata, extra=extra,
    )  # fmt: skip
    known = await storage.get_node(graph_name, node_id)
    if known is None:
        await storage.create_node(given_node)
    else:
        given_node = replace(given_node, type=known.type, rev=known.rev, extra={})
        await storage.update_node(given_node)
    found = await storage.get_node(graph_name, node_id)
    assert found is not None
    assert given_part(found) == replace(given_node, rev=1)
    assert found in await storage.list_nodes(NodeFilter(graph=graph_name, limit=1_000))
