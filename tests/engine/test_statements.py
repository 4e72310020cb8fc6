"""One operation is one statement, its work does not grow with the graph, and no value is ever part of its text."""

import importlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stratumiops.graph.ids import uuid7
from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.selection.order import Order, cursors
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.schema import schema

from .conftest import Answer, Asker, served
from .world import ODD_TITLES, OwnGraphs, World, dropped

SMALL, LARGE = 120, 480
_SPREAD = """
MATCH (n:KnowledgeNode {graph: $graph}) WITH n ORDER BY n.id
WITH collect(n) AS ns UNWIND range(0, size(ns) - 1) AS i
WITH ns[i] AS n, '2026-03-01T00:00:00.' + right('00000' + toString(i), 6) + 'Z' AS at
SET n.updated_at = at, n.created_at = at
"""


@dataclass(frozen=True, slots=True)
class Scale:
    """The same graph in two sizes, each inherited by another one of its size."""

    ask: Asker
    small: str
    large: str

    def graphs(self, name: str) -> tuple[str, str]:
        return name, f"{name}-heir"


@pytest.fixture(scope="module")
async def scale(database: Database) -> AsyncIterator[Scale]:
    prefix = f"test-{secrets.token_hex(4)}"
    registry = OwnGraphs(database, prefix)
    await registry.load()
    services = await served(database, registry)
    found = Scale(Asker(Engine(schema, services.settings), services), f"{prefix}-small", f"{prefix}-large")
    try:
        for name, count in ((found.small, SMALL), (found.large, LARGE)):
            for graph, parents in zip(found.graphs(name), ({}, {name: 1}), strict=True):
                await registry.create(graph, actor="builder", inherits=parents)
                await _fill(services.writer, graph, count)
                await database.write(_SPREAD, {"graph": graph})
        await database.write("CALL db.prepareForReplanning()", past_gate=True)
        yield found
    finally:
        await dropped(database, prefix)


async def _fill(writer: KnowledgeWriter, graph: str, count: int) -> None:
    nodes = [
        Node(
            id=f"k{i:04}",
            graph=graph,
            type=list(NodeType)[i % 6],
            title=f"Title {i * 7 % count:04}",
            content="A body with words.",
            tags=(f"tag{i % 5}",),
            status=("accepted", "proposed", None)[i % 3],
            date=f"2026-01-{1 + i % 28:02}" if i % 2 else None,
        )
        for i in range(count)
    ]
    edges = [
        Edge(graph=graph, source=nodes[i].id, target=nodes[(i * (k + 3) + k + 1) % count].id, relation=kind)
        for i in range(count)
        for k, kind in enumerate((RelationType.DEPENDS_ON, RelationType.EXPLAINS, RelationType.RELATES_TO))
        if (i * (k + 3) + k + 1) % count != i
    ]
    await writer.create_nodes(nodes, edges, actor="builder")


async def hits(database: Database, answer: Answer) -> int:
    """Database hits of the one statement of an answer."""
    [sent] = answer.sent
    return await database.profile(sent.text, sent.params)


async def operators(database: Database, answer: Answer) -> set[str]:
    """The kinds of steps in the plan of an answer's statement."""
    [sent] = answer.sent

    def walk(plan: dict[str, Any]) -> set[str]:
        return {plan["operatorType"].partition("@")[0]}.union(*map(walk, plan.get("children", ())))

    return walk(await database.explain(sent.text, sent.params))


SCANS = {"AllNodesScan", "NodeByLabelScan", "PartitionedNodeByLabelScan", "PartitionedAllNodesScan"}

STEADY = {
    "node": ('node(id: "k0005", graph: $g) { id title content metadata }', 6),
    "node of the past": ('node(id: "k0005", graph: $g, asOf: "2026-06-01T00:00:00Z") { id title }', 12),
    "last changed": ("nodes(graph: $g, first: 20) { nodes { id title } }", 90),
    "first changed": ("nodes(graph: $g, first: 20, orderBy: {direction: ASC}) { nodes { id title } }", 90),
    "by title": ("nodes(graph: $g, first: 20, orderBy: {field: TITLE}) { nodes { id title } }", 90),
    "by creation": ("nodes(graph: $g, first: 20, orderBy: {field: CREATED_AT}) { nodes { id title } }", 90),
    "by id, and how many": (
        "nodes(graph: $g, first: 20, orderBy: {field: ID, direction: ASC}) { totalCount edges { cursor node { id } } }",
        90,
    ),
    "of a status": ('nodes(graph: $g, first: 20, where: {status: {eq: "accepted"}}) { nodes { id } }', 90),
    "of a type": ("decisions(graph: $g, first: 20) { nodes { id title } }", 90),
    "some by id": ('nodes(graph: $g, where: {id: {in: ["k0001", "k0002"]}}) { nodes { id title } }', 20),
    "of a path": ('nodes(graph: $g, where: {path: {eq: "a.md"}}) { nodes { id title } }', 5),
    "of two graphs": ("nodes(graph: $h, first: 20) { nodes { id title } pageInfo { endCursor } totalCount }", 220),
    "of two graphs by title": ("nodes(graph: $h, first: 20, orderBy: {field: TITLE}) { nodes { id } }", 200),
    "of a type in all": ("decisions(first: 20) { nodes { id } }", 200),
    "with relations": ("nodes(graph: $g, first: 5) { nodes { id relations(first: 5) { type target { id } } } }", 420),
    "neighbours": ('neighbours(id: "k0005", graph: $g) { distance node { id } }', 90),
    "history": ('history(id: "k0005", graph: $g) { rev title }', 12),
    "slice": ("graphSlice(graph: $g, first: 20) { nodeList { id title } edgeList { source target } }", 600),
    "slice of all": ("graphSlice(first: 20) { nodeList { id title } edgeList { source target } }", 800),
}
"""Operations whose work depends on what they show, not on how much there is: fields, and the hits they may take."""


@pytest.mark.parametrize("name", STEADY)
async def test_work_that_does_not_grow(database: Database, scale: Scale, name: str) -> None:
    fields, budget = STEADY[name]
    declared = " ".join(f"${v}: String" for v in "gh" if f"${v}" in fields)
    text = f"query({declared}) {{ {fields} }}" if declared else f"{{ {fields} }}"
    found = []
    for size in (scale.small, scale.large):
        graph, heir = scale.graphs(size)
        answer = await scale.ask.seeing(graph, heir)(text, {"g": graph, "h": heir})
        assert answer.data
        found.append(await hits(database, answer))
    assert max(found) <= budget, found
    assert found[1] <= found[0] * 1.5 + 10, found
    assert not await operators(database, answer) & SCANS


GROWING = {
    "by date": "nodes(graph: $g, first: 20, orderBy: {field: DATE}) { nodes { id } }",
    "filtered and counted": 'nodes(graph: $g, first: 5, where: {title: {contains: "1"}}) { totalCount }',
    "of then": 'nodes(graph: $g, first: 5, asOf: "2026-06-01T00:00:00Z") { nodes { id } }',
    "tags": "tags(graph: $g) { tag count }",
}
"""Operations that look at every node of the graph, and at none of any other."""


@pytest.mark.parametrize("name", GROWING)
async def test_work_that_grows_with_the_graph_alone(database: Database, scale: Scale, name: str) -> None:
    text = f"query($g: String) {{ {GROWING[name]} }}"
    for graph, count in ((scale.small, SMALL), (scale.large, LARGE)):
        answer = await scale.ask(text, {"g": graph})
        assert answer.data
        assert await hits(database, answer) <= 12 * count
        assert not await operators(database, answer) & SCANS


# ---- the operations of the benchmark


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2]))
        yield importlib.import_module("benchmarks.operations")


BENCHMARK = {"NODE": 12, "FILTERED": 330, "RELATIONS": 2_000, "NESTED": 2_600, "CONNECTION": 330, "SLICE": 11_500}
"""The hits each may take on the larger graph: 480 nodes and as many as 1,440 relations."""


@pytest.mark.parametrize("name", BENCHMARK)
async def test_reads_of_the_benchmark(database: Database, scale: Scale, benchmark: ModuleType, name: str) -> None:
    values = {"graph": scale.large, "id": "k0007", "status": "accepted", "before": "2026-03-01T00:00:01Z"}
    text = getattr(benchmark, name)
    answer = await scale.ask(text, {key: value for key, value in values.items() if f"${key}:" in text})
    assert answer.data
    assert answer.context.statements == len(answer.sent) == 1
    assert await hits(database, answer) <= BENCHMARK[name]
    assert not await operators(database, answer) & SCANS


@pytest.mark.parametrize(("name", "nodes", "most"), [("CREATE_ONE", 1, 40), ("CREATE_MANY", 100, 2_500)])
async def test_writes_of_the_benchmark(
    database: Database, own: Asker, benchmark: ModuleType, name: str, nodes: int, most: int
) -> None:
    [graph] = own.services.registry.names()
    node = {"title": "New", "content": "text", "tags": ["a", "b"]}
    given = node if nodes == 1 else {"nodes": [{"type": "NOTE", **node}] * nodes}
    answer = await own(getattr(benchmark, name), {"input": {"graph": graph, **given}})
    assert answer.data
    assert answer.context.statements == len(answer.sent) == 1
    [sent] = answer.sent
    sent.params["event_id"] = uuid7()
    for node_properties in sent.params["nodes"]:
        node_properties["id"] = uuid7()
    assert await hits(database, answer) <= most
    assert not await operators(database, answer) & SCANS


# ---- every root field is one statement


@pytest.mark.parametrize(
    "field",
    [
        'node(id: "n1", graph: $g) { id history { rev } relationCount }', "nodes(graph: $g) { totalCount }",
        "notes { totalCount nodes { id } }", "decisions { nodes { supersedes { id } } }", "guidelines { nodes { id } }",
        "patterns { nodes { id } }", "journals { nodes { id } }", "executions { nodes { id } }",
        'search(query: "cache") { score highlights { text } node { id } }',
        'neighbours(id: "n1", graph: $g) { distance node { neighbours { id } } }',
        'path(from: "n1", to: "n2", graph: $g) { length nodes { id } relations { type } }',
        "graphSlice { truncated nodes { id } }", 'history(id: "n1", graph: $g) { rev }',
        "graphs { name nodeCount }", "graph(name: $g) { name }", "tags { tag count }", "serverInfo { version nodes }",
        'a: nodes(graph: $g) { nodes { id } } b: node(id: "n2") { id } c: graphSlice { truncated }',
    ],
)  # fmt: skip
async def test_every_operation_is_one_statement(ask: Asker, world: World, field: str) -> None:
    head = ("query($g: String!)" if "graph(name" in field else "query($g: String)") if "$g" in field else "query"
    answer = await ask(f"{head} {{ {field} }}", {"g": world.main})
    assert answer.data
    assert len(answer.sent) == 1


# ---- values are parameters

NASTY = (
    *ODD_TITLES,
    "') DETACH DELETE n //",
    "$auth",
    "\\u0027 OR true",
    "a\nb",
    "{graph: 'x'}",
    "]->(n) RETURN n",
    "*",
    "title:[* TO *]",
    '"unclosed',
    "a AND (b OR",
    "x^9999999 ~ && || ! { } [ ]",
)
EVERYWHERE = """
query($id: ID!, $text: String!, $after: String, $list: [String!]) {
  node(id: $id) { id }
  a: nodes(where: {title: {eq: $text}, content: {contains: $text}, path: {startsWith: $text}}) { nodes { id } }
  b: nodes(where: {tags: {hasAny: $list, hasNone: $list}, or: [{createdBy: {in: $list}}]}, after: $after) {
    nodes { id relatesTo(where: {status: {ne: $text}}) { id } }
  }
}"""


@pytest.mark.parametrize("nasty", NASTY)
async def test_values_never_become_text(ask: Asker, world: World, nasty: str) -> None:
    cursor = cursors(Order("updated_at", "DESC"), None)([nasty, nasty, nasty])
    seen = []
    for value, after in ((nasty, cursor), ("plain", cursors(Order("updated_at", "DESC"), None)(["a", "b", "c"]))):
        variables = {"id": value, "text": value, "after": after, "list": [value, "x"]}
        answer = await ask(EVERYWHERE, variables)
        assert answer.context.statements == 1
        assert "errors" not in answer.body or answer.error["extensions"]["code"] == "BAD_INPUT"
        seen.append(answer.sent[0].text)
    assert seen[0] == seen[1]
    wrong = await ask("query($g: String) { nodes(graph: $g) { totalCount } }", {"g": nasty})
    assert (wrong.error["extensions"]["code"], wrong.sent) == ("NOT_FOUND", [])


@pytest.mark.parametrize("nasty", NASTY)
async def test_searches_for_anything(ask: Asker, world: World, nasty: str) -> None:
    text = "query($q: String!) { search(query: $q, first: 3) { node { id title } highlights { text ranges } } }"
    answer = await ask(text, {"q": nasty})
    if any(character.isalnum() for character in nasty):
        assert answer.data["search"] is not None
        plain = await ask(text, {"q": "plain"})
        assert plain.sent[0].text == answer.sent[0].text
        assert plain.context.statements == 1
    else:
        assert answer.error["extensions"] == {
            "code": "BAD_INPUT", "field": "query", "hint": "give at least one word of letters or digits",
        }  # fmt: skip


async def test_titles_are_found_by_their_own_words(ask: Asker, world: World) -> None:
    text = "query($q: String!) { search(query: $q, first: 50) { node { title } } }"
    titles = [node["title"] for node in world.nodes if node["title"] in ODD_TITLES and len(node["title"]) > 1]
    assert len(titles) > 6
    for title in titles:
        found = (await ask(text, {"q": title})).data["search"]
        assert title in [hit["node"]["title"] for hit in found]


async def test_literals_and_variables_share_one_text(ask: Asker, world: World) -> None:
    """Also aliases and the names of fragments are no part of it."""
    texts = {
        (await ask(text, variables)).sent[0].text
        for text, variables in (
            ('{ nodes(where: {title: {eq: "x"}}, first: 3) { nodes { id title } } }', {}),
            ('{ nodes(where: {title: {eq: "other"}}, first: 7) { nodes { a: id RETURN1: title } } }', {}),
            ("query Q($t: String, $n: Int!) { nodes(where: {title: {eq: $t}}, first: $n) { nodes { id title } } }",
             {"t": "z", "n": 9}),
            ("query($w: NodeWhere) { r: nodes(where: $w) { nodes { ...F } } } fragment F on KnowledgeNode { id title }",
             {"w": {"title": {"eq": "y"}}}),
        )
    }  # fmt: skip
    assert len(texts) == 1


async def test_the_text_depends_on_no_graph_and_no_principal(ask: Asker, world: World) -> None:
    text = "query($g: String) { nodes(graph: $g, includeInherited: false) { nodes { id neighbours { id } } } }"
    askers = [ask, ask.seeing(world.main), ask.seeing(world.main, world.extra)]
    texts = {(await who(text, {"g": world.main})).sent[0].text for who in askers}
    texts.add((await ask(text, {"g": world.extra})).sent[0].text)
    assert len(texts) == 1
