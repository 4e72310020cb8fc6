"""Filters, orders and pages mean what they say: compared with plain Python over the same nodes."""

import asyncio
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from stratumiops.resolvers.schema import schema

from .conftest import Asker
from .documents import inputs
from .oracle import holds, ordered
from .world import World

GRAPHQL = schema._schema
FIELDS = ("ID", "TITLE", "CREATED_AT", "UPDATED_AT", "DATE")
PAGE = """
query($graph: String, $inherited: Boolean!, $where: NodeWhere, $order: NodeOrder, $first: Int!, $after: String) {
  nodes(graph: $graph, includeInherited: $inherited, where: $where, orderBy: $order, first: $first, after: $after) {
    totalCount nodes { graph id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
LIST = """
query($graph: String, $where: NodeWhere, $order: NodeOrder) {
  nodes(graph: $graph, where: $where, orderBy: $order, first: 100) { totalCount nodes { graph id } }
}"""
EXAMPLES = settings(
    max_examples=80,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def keys(nodes: Any) -> list[tuple[str, str]]:
    return [(node["graph"], node["id"]) for node in nodes]


async def all_pages(ask: Asker, variables: dict[str, Any]) -> list[tuple[str, str]]:
    """Every page, joined; what each says about itself is checked."""
    found: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        page = (await ask(PAGE, {**variables, "after": after})).data["nodes"]
        cursors = [edge["cursor"] for edge in page["edges"]]
        info = page["pageInfo"]
        assert info["hasPreviousPage"] is (after is not None)
        assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
        found += keys(page["nodes"])
        if not info["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        assert len(page["nodes"]) == variables["first"]
        after = info["endCursor"]


def test_filters_and_orders(ask: Asker, world: World, loop: asyncio.AbstractEventLoop) -> None:
    sizes: list[int] = []

    @EXAMPLES
    @given(
        st.sampled_from([world.main, world.extra, None]),
        inputs(GRAPHQL, world, "NodeWhere"),
        st.sampled_from(FIELDS),
        st.sampled_from(["ASC", "DESC"]),
    )
    def compare(graph: str | None, where: dict[str, Any], field: str, direction: str) -> None:
        note(f"{where}")
        variables = {"graph": graph, "where": where, "order": {"field": field, "direction": direction}}
        visible = world.graphs if graph in (None, world.main) else (graph,)
        fitting = [node for node in world.nodes if node["graph"] in visible and holds(where, node)]
        expected = keys(ordered(fitting, field.lower(), direction))
        got = loop.run_until_complete(ask(LIST, variables)).data["nodes"]
        assert keys(got["nodes"]) == expected
        assert got["totalCount"] == len(expected)
        sizes.append(len(expected))

    compare()
    assert len({size for size in sizes if size}) > 5, sizes


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_join_to_the_whole_list(ask: Asker, world: World, field: str, direction: str) -> None:
    order = {"field": field, "direction": direction}
    for graph, inherited in ((None, True), (world.main, True), (world.main, False)):
        visible = world.graphs if inherited else (graph,)
        expected = keys(ordered([n for n in world.nodes if n["graph"] in visible], field.lower(), direction))
        first = Random(field + direction).choice((1, 3, 7))
        variables = {"graph": graph, "inherited": inherited, "order": order, "first": first}
        assert await all_pages(ask, variables) == expected


async def test_pages_of_filtered_lists(ask: Asker, world: World) -> None:
    where = {"or": [{"tags": {"hasAny": ["cache"]}}, {"date": {"isNull": True}}], "not": {"type": {"eq": "NOTE"}}}
    expected = keys(ordered([n for n in world.nodes if holds(where, n)], "date", "DESC"))
    order = {"field": "DATE", "direction": "DESC"}
    for first in (1, 2, 5, 50):
        variables = {"inherited": True, "where": where, "order": order, "first": first}
        assert await all_pages(ask, variables) == expected


async def test_pages_while_nodes_come_and_go(own: Asker) -> None:
    """What is neither added nor removed meanwhile is seen once, equal sort keys or not."""
    [graph] = own.services.registry.names()
    many = [{"type": "NOTE", "title": "Same", "id": f"k{i:02}"} for i in range(20)]
    create = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }"
    await own(create, {"input": {"graph": graph, "nodes": many}})
    order, seen = {"field": "TITLE", "direction": "ASC"}, []
    variables: dict[str, Any] = {"graph": graph, "inherited": False, "order": order, "first": 3}
    while True:
        page = (await own(PAGE, variables)).data["nodes"]
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        variables["after"] = page["pageInfo"]["endCursor"]
        gone, new = page["nodes"][-1]["id"], f"{page['nodes'][0]['id']}-new"
        await own(
            "mutation($i: DeleteNodeInput!) { deleteNode(input: $i) { id } }", {"i": {"graph": graph, "id": gone}}
        )
        await own(create, {"input": {"graph": graph, "nodes": [{"type": "NOTE", "title": "Same", "id": new}]}})
    assert seen == [node["id"] for node in many]
