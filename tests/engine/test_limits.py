"""What a document may ask for, and what the engine keeps of what it was asked."""

import time
from typing import Any

import pytest

from stratumiops.graph.selection import lucene
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.engine.bounded import Bounded
from stratumiops.resolvers.engine.documents import MAX_DOCUMENT
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import CacheSettings, GraphQLSettings, Settings

from .conftest import Asker
from .world import World

PATIENCE_S = 5
DEEP = "relatesTo { " * 14 + "id" + " }" * 14
NODE = '{ node(id: "n1") { %s } }'


def chain(count: int, body: str) -> str:
    """Fragments F0 … of which each spreads the next as the body says."""
    parts = [f"fragment F{i} on KnowledgeNode {{ {body.replace('NEXT', f'...F{i + 1}')} }}" for i in range(count)]
    return " ".join([NODE % "...F0", *parts, f"fragment F{count} on KnowledgeNode {{ id }}"])


def nested(count: int, inner: dict[str, Any]) -> dict[str, Any]:
    for _ in range(count):
        inner = {"not": inner}
    return inner


@pytest.fixture(scope="module")
def limited(ask: Asker) -> Asker:
    """The same with the limits that users get."""
    return Asker(Engine(schema, Settings()), ask.services)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (NODE % DEEP, "The depth is 16; the limit is 15."),
        ("{ __schema { types { name } }" + (NODE % DEEP)[1:], "The depth is 16"),
        (NODE % " ".join(f"a{i}: id" for i in range(101)), "The number of aliases is 101; the limit is 100."),
        (NODE % ("...A " * 51) + " fragment A on KnowledgeNode { a: id b: id }", "The number of aliases is 102"),
        (NODE % ("title " * 10_000), "more than 10000 tokens"),
        (NODE % ("relatesTo { " * 300 + "id" + " }" * 300), "nested too deeply"),
        ("{ graphs { name } } #" + "x" * MAX_DOCUMENT, f"the limit is {MAX_DOCUMENT}"),
        (NODE % ("relatesTo { id } " * 101), "The number of fields of one name in one place"),
        (chain(200, "NEXT NEXT"), "The number of fields is"),
        (chain(13, " ".join(f"{f}(first: 1) {{ NEXT }}" for f in ("relatesTo", "explains", "extends"))),
         "The number of fields is"),
        ("{ nodes(first: 1000) { nodes { neighbours(first: 250) { id } } } }", "The cost is 252000; the limit"),
        ("{ graphSlice(first: 50000) { truncated } " + " ".join(f"a{i}: graphSlice(first: 50000) {{ truncated }}"
         for i in range(5)) + " }", "The cost is 300000"),
        ('{ search(query: "x") { node { neighbours(first: 1000) { relations(first: 26) { type } } } } }', "The cost"),
    ],
)  # fmt: skip
async def test_documents_over_a_limit(limited: Asker, text: str, message: str) -> None:
    started = time.monotonic()
    answer = await limited(text)
    assert time.monotonic() - started < PATIENCE_S
    assert (answer.status, answer.context.outcome, answer.sent) == (400, "rejected", [])
    assert answer.error["extensions"]["code"] == "TOO_COMPLEX"
    assert message in answer.error["message"]


@pytest.mark.parametrize(
    "text",
    [
        NODE % ("relatesTo(first: 1) { " * 13 + "id" + " }" * 13),
        NODE % " ".join(f"a{i}: id" for i in range(100)),
        NODE % ("title " * 500),
        "{ nodes(first: 1000) { nodes { neighbours(first: 200) { id } } } }",
    ],
)
async def test_documents_within_the_limits(limited: Asker, text: str) -> None:
    assert (await limited(text)).status == 200


async def test_cost_goes_by_the_values_of_variables_and_by_the_fields_own_defaults(limited: Asker) -> None:
    text = "query($n: Int! = 1, $m: Int) { nodes(first: $n) { nodes { neighbours(first: $m) { id } } } }"
    assert (await limited(text, {"n": 1000})).status == 200
    assert (await limited(text, {"n": 1000, "m": 249})).status == 400
    assert (await limited(text, {"m": 1000})).status == 200
    ten = '{ search(query: "cache") { node { neighbours(first: 1000) { relationCount } } } }'
    assert (await limited(ten)).status == 200


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        (nested(11, {}), None),
        (nested(14, {}), "nested deeper than 12"),
        (nested(900, {}), "nested too deep"),
        ({"id": {"in": ["x"] * 1000}}, None),
        ({"id": {"in": ["x"] * 1001}}, "1001 values"),
        ({"or": [{"status": {"isNull": True}}] * 400}, None),
        ({"or": [{"status": {"isNull": True}}] * 600}, "more than 1000 conditions"),
        ({"or": [{"or": [{}] * 40}] * 40}, "more than 1000 conditions"),
    ],
)
async def test_filters_have_limits(ask: Asker, where: dict[str, Any], problem: str | None) -> None:
    for compiled in (True, False):
        answer = await ask("query($w: NodeWhere) { nodes(where: $w, first: 1) { nodes { id } } }", {"w": where},
                           compiled=compiled)  # fmt: skip
        if problem is None:
            assert answer.data
        else:
            assert problem in answer.error["message"]
            assert answer.error["extensions"]["code"] in ("TOO_COMPLEX", "BAD_INPUT")


async def test_errors_are_told_up_to_a_number(limited: Asker) -> None:
    unknown = await limited("{ " + " ".join(f"nope{i}" for i in range(3_000)) + " }")
    assert (unknown.status, len(unknown.body["errors"])) == (400, 21)
    wrong = {"w": {"or": [{"status": {"isNull": "no"}}] * 3_000}}
    values = await limited("query($w: NodeWhere) { nodes(where: $w) { totalCount } }", wrong)
    assert (values.status, len(values.body["errors"])) == (400, 21)
    assert {error["extensions"]["code"] for error in values.body["errors"]} == {"BAD_INPUT"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "Unexpected <EOF>"),
        ("{", "Expected Name"),
        ("query A { graphs { name } } query B { graphs { name } }", "Must provide operation name"),
        ("fragment A on Graph { name }", "never used"),
        ("{ node }", "must have a selection"),
        (
            '{ node(id: "1") { ...A } } fragment A on KnowledgeNode { ...B } fragment B on KnowledgeNode { ...A }',
            "itself",
        ),
        ("{ nodes(first: 99999999999) { totalCount } }", "32-bit"),
        ("query($x: Int!) { nodes(first: $x) { totalCount } }", "to be provided"),
        ('{ nodes(asOf: "yesterday") { totalCount } }', "DateTime cannot be"),
        ('{ nodes(asOf: "2026-01-01T00:00:00") { totalCount } }', "time zone"),
        ('{ nodes(where: {date: {eq: "1.1.2026"}}) { totalCount } }', "YYYY-MM-DD"),
        ('{ node(id: "\\uD800") { id } }', "Unicode"),
        ('{ node(id: "1") { `x`: id } }', "Unexpected character"),
    ],
)
async def test_malformed_documents(ask: Asker, text: str, part: str) -> None:
    answer = await ask(text)
    assert (answer.status, answer.sent) == (400, [])
    assert part in answer.body["errors"][0]["message"]
    assert answer.body["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_operations_are_chosen_by_name(ask: Asker, world: World) -> None:
    text = "query A { graphs { name } } query B { __typename }"
    assert (await ask(text, operation_name="B")).data == {"__typename": "Query"}
    assert len((await ask(text, operation_name="A")).data["graphs"]) == len(world.graphs)
    assert "Unknown operation named 'C'" in (await ask(text, operation_name="C")).error["message"]


async def test_introspection_can_be_switched_off(ask: Asker) -> None:
    closed = Asker(Engine(schema, Settings(graphql=GraphQLSettings(introspection=False))), ask.services)
    for text in ("{ __schema { types { name } } }", '{ a: __type(name: "Note") { name } }',
                 "{ ...F } fragment F on Query { __schema { queryType { name } } }"):  # fmt: skip
        assert (await closed(text)).error["extensions"]["code"] == "FORBIDDEN"
    assert (await closed("{ __typename }")).data == {"__typename": "Query"}


async def test_mutations_and_subscriptions_go_their_own_ways(ask: Asker) -> None:
    mutation = await ask('mutation { deleteGraph(input: {name: "x"}) { name } }', allow_mutation=False)
    assert (mutation.status, mutation.sent) == (405, [])
    subscription = await ask("subscription { nodeChanged { op } }")
    assert subscription.status == 400
    assert "WebSocket" in subscription.error["message"]


async def test_memory_for_documents_and_plans_is_bounded(ask: Asker) -> None:
    engine = Engine(schema, Settings(cache=CacheSettings(documents=10, response_bytes=0)))
    asker = Asker(engine, ask.services)
    for i in range(40):
        assert (await asker(f'{{ node(id: "{i}") {{ id }} }}')).data
        assert (await asker(f"{{ nope{i} }}")).status == 400
        await asker("{ graphs { name } } #" + f"{i}" * 2_000)
    documents = engine._documents._known
    assert len(documents) <= 10
    assert documents.weight <= 10_000
    where = "query($w: NodeWhere) { nodes(where: $w, first: 1) { nodes { id } } }"
    plans = engine._plans = Bounded(5)
    for i in range(1, 12):
        assert (await asker(where, {"w": {"or": [{}] * i}})).data
    assert len(plans) == 5


def test_memory_for_words_is_bounded() -> None:
    lucene._stem.cache_clear()
    for i in range(100):
        assert lucene.stem("W" * 1_000 + str(i)) == "w" * 1_000 + str(i)
    assert lucene._stem.cache_info().currsize == 0
    assert lucene.stem("Running") == "run"


def test_what_was_used_last_stays() -> None:
    memory: Bounded[str, int] = Bounded(10)
    for name in "abc":
        memory.put(name, 1, 3)
    assert memory.get("a") == 1
    memory.put("d", 1, 4)
    assert ("a" in memory, "b" in memory, "c" in memory, "d" in memory) == (True, False, True, True)
    memory.put("a", 2, 1)
    assert (memory.get("a"), memory.weight, len(memory)) == (2, 8, 3)
    memory.put("huge", 1, 11)
    assert (len(memory), memory.weight) == (0, 0)
