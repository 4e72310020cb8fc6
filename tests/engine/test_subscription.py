"""The subscription: every change once and in order, filters, nodes however asked for, going on after a break."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

import pytest

from stratumiops.graph.errors import StratumError
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine import GraphQLRequest

from .conftest import Asker

DEADLINE_S = 20
PLAIN = """
subscription($g: String, $types: [NodeType!], $ids: [ID!], $after: String) {
  nodeChanged(graph: $g, types: $types, ids: $ids, after: $after) {
    cursor op at actor graph id type rev target relation
  }
}"""
CREATE = "mutation($i: CreateNodesInput!) { createNodes(input: $i) { nodes { id } } }"


@pytest.fixture
async def changing(own: Asker) -> AsyncIterator[Asker]:
    """With events being read."""
    tail = asyncio.create_task(own.services.events.run())
    try:
        yield own
    finally:
        tail.cancel()
        with suppress(asyncio.CancelledError):
            await tail


class Listening:
    """One subscription."""

    def __init__(self, responses: Any) -> None:
        self._responses = responses

    async def take(self, count: int) -> list[dict[str, Any]]:
        """So many changes."""
        async with asyncio.timeout(DEADLINE_S):
            bodies = [json.loads((await anext(self._responses)).body) for _ in range(count)]
        assert not [body for body in bodies if "errors" in body], bodies
        return [body["data"]["nodeChanged"] for body in bodies]


@asynccontextmanager
async def listening(ask: Asker, text: str = PLAIN, **variables: Any) -> AsyncIterator[Listening]:
    """A subscription that has begun: changes made in the block are told."""
    responses = ask.engine.subscribe(GraphQLRequest(text, variables), ask.context())
    async with aclosing(responses):
        if "after" not in variables:
            variables["after"] = str(await ask.services.events._synchronised())
        yield Listening(responses)


async def create(ask: Asker, count: int, *, prefix: str = "s", kind: str = "NOTE") -> None:
    [graph] = ask.services.registry.names()
    nodes = [{"type": kind, "title": f"T{i}", "id": f"{prefix}{i}"} for i in range(count)]
    assert (await ask(CREATE, {"i": {"graph": graph, "nodes": nodes}})).data


async def test_every_change_once_and_in_order(changing: Asker) -> None:
    [graph] = changing.services.registry.names()
    run = changing.acting(Role.DEVELOPER, "dora")
    link = {"graph": graph, "source": "s0", "target": "s1", "relation": "EXPLAINS"}
    async with listening(changing, g=graph) as changes:
        await create(run, 2)
        for text, given in (
            ("mutation($i: LinkNodesInput!) { linkNodes(input: $i) { relation { type } } }", link),
            ("mutation($i: UnlinkNodesInput!) { unlinkNodes(input: $i) { relation { type } } }", link),
            ("mutation($i: UpdateNodeInput!) { updateNode(input: $i) { node { id } } }",
             {"graph": graph, "id": "s0", "rev": 1, "title": "U"}),
            ("mutation($i: DeleteNodeInput!) { deleteNode(input: $i) { id } }", {"graph": graph, "id": "s0"}),
            ("mutation($i: UndeleteNodeInput!) { undeleteNode(input: $i) { node { id } } }",
             {"graph": graph, "id": "s0"}),
        ):  # fmt: skip
            assert (await run(text, {"i": given})).data
        told = await changes.take(7)
    assert [(c["op"], c["id"], c["rev"], c["type"], c["target"], c["relation"]) for c in told] == [
        ("NODE_CREATED", "s0", 1, "NOTE", None, None),
        ("NODE_CREATED", "s1", 1, "NOTE", None, None),
        ("RELATION_CREATED", "s0", None, None, "s1", "EXPLAINS"),
        ("RELATION_ENDED", "s0", None, None, "s1", "EXPLAINS"),
        ("NODE_UPDATED", "s0", 2, "NOTE", None, None),
        ("NODE_DELETED", "s0", 3, "NOTE", None, None),
        ("NODE_RESTORED", "s0", 4, "NOTE", None, None),
    ]
    assert {(c["actor"], c["graph"]) for c in told} == {("dora", graph)}
    assert len({c["cursor"] for c in told}) == 7
    assert [c["at"] for c in told] == sorted(c["at"] for c in told)


async def test_going_on_after_any_change_even_within_a_batch(changing: Asker) -> None:
    [graph] = changing.services.registry.names()
    async with listening(changing, g=graph) as changes:
        await create(changing, 3, prefix="a")
        await create(changing, 2, prefix="b")
        told = await changes.take(5)
    for place, change in enumerate(told):
        async with listening(changing, g=graph, after=change["cursor"]) as rest:
            assert await rest.take(4 - place) == told[place + 1 :]


async def test_filters(changing: Asker) -> None:
    [graph] = changing.services.registry.names()
    link = "mutation($i: LinkNodesInput!) { linkNodes(input: $i) { relation { type } } }"
    async with (
        listening(changing, g=graph, types=["DECISION"]) as decisions,
        listening(changing, g=graph, ids=["s1"]) as one,
        listening(changing.seeing(graph)) as everything,
        listening(changing.seeing("elsewhere")) as nothing,
    ):
        await create(changing, 3)
        await create(changing, 1, prefix="d", kind="DECISION")
        for source, target in (("s0", "s2"), ("s0", "s1")):
            given = {"graph": graph, "source": source, "target": target, "relation": "EXTENDS"}
            assert (await changing(link, {"i": given})).data
        assert [c["id"] for c in await decisions.take(1)] == ["d0"]
        assert [(c["id"], c["target"]) for c in await one.take(2)] == [("s1", None), ("s0", "s1")]
        assert [c["id"] for c in await everything.take(6)] == ["s0", "s1", "s2", "d0", "s0", "s0"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anext(nothing._responses)


@pytest.mark.parametrize(
    "selection",
    [
        "node { id title rev }",
        "...on NodeChange { node { ...All } }",
        "...F",
        "node { id } ...F",
        "node @include(if: true) { id title rev }",
    ],
)
async def test_nodes_however_they_are_asked_for(changing: Asker, selection: str) -> None:
    [graph] = changing.services.registry.names()
    text = f"subscription($g: String, $after: String) {{ nodeChanged(graph: $g, after: $after) {{ op {selection} }} }}"
    if "...F" in selection:
        text += " fragment F on NodeChange { node { ...All } }"
    if "...All" in text:
        text += " fragment All on KnowledgeNode { id title rev }"
    async with listening(changing, text, g=graph) as changes:
        await create(changing, 2)
        gone = "mutation($i: DeleteNodeInput!) { deleteNode(input: $i) { id } }"
        told = await changes.take(2)
        assert (await changing(gone, {"i": {"graph": graph, "id": "s1"}})).data
        [deleted] = await changes.take(1)
    assert [c["node"] for c in told] == [{"id": f"s{i}", "title": f"T{i}", "rev": 1} for i in (0, 1)]
    assert deleted == {"op": "NODE_DELETED", "node": None}


async def test_nodes_of_a_batch_are_read_together(changing: Asker) -> None:
    [graph] = changing.services.registry.names()
    text = """subscription($g: String, $after: String) {
      nodeChanged(graph: $g, after: $after) { a: node { id } b: node { title } }
    }"""
    async with listening(changing, text, g=graph) as changes:
        await create(changing, 600)
        with changing.services.db.record() as sent:
            told = await changes.take(600)
    assert [c["a"]["id"] for c in told] == [f"s{i}" for i in range(600)]
    assert len([s for s in sent if "n.id IN" in s.text]) == 2


@pytest.mark.parametrize(
    ("variables", "code", "field"),
    [
        ({"after": "x"}, "BAD_INPUT", "after"),
        ({"after": "9" * 5_000}, "BAD_INPUT", "after"),
        ({"after": "999999999999"}, "BAD_INPUT", "after"),
        ({"g": "not-there"}, "NOT_FOUND", "graph"),
    ],
)
async def test_wrong_arguments(changing: Asker, variables: dict[str, Any], code: str, field: str) -> None:
    responses = changing.engine.subscribe(GraphQLRequest(PLAIN, variables), changing.context())
    async with aclosing(responses):
        with pytest.raises(StratumError) as raised:
            await anext(responses)
    assert (raised.value.code, raised.value.field) == (code, field)


async def test_wrong_documents(changing: Asker) -> None:
    responses = changing.engine.subscribe(GraphQLRequest("subscription { nope }"), changing.context())
    [response] = [response async for response in responses]
    assert response.status == 400
    assert json.loads(response.body)["errors"][0]["extensions"]["code"] == "BAD_INPUT"
