"""Positions in slices: the same whoever runs the operation, and nothing of graphs that may not be read."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.layout.files import LayoutFiles
from stratumiops.graph.layout.layouts import Layouts

from .conftest import Answer, Asker
from .world import World

PLACED = """query($g: String, $where: NodeWhere, $at: DateTime, $first: Int = 2000) {
  graphSlice(graph: $g, includeInherited: false, where: $where, asOf: $at, first: $first) {
    layoutVersion layoutPending nodes { id x y community degree } edges { source target }
  }
}"""
DEADLINE_S = 60


@pytest.fixture
async def placing(ask: Asker, tmp_path: Path) -> AsyncIterator[Asker]:
    """Asks services that make positions."""
    layouts = Layouts(LayoutFiles(tmp_path))
    task = asyncio.create_task(layouts.run())
    yield replace(ask, services=replace(ask.services, layouts=layouts))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def settled(ask: Asker, variables: dict[str, Any]) -> Answer:
    """The answer once nothing better is being made."""
    async with asyncio.timeout(DEADLINE_S):
        while (answer := await ask(PLACED, variables)).data["graphSlice"]["layoutPending"]:
            await asyncio.sleep(0.01)
    return answer


async def test_positions_come_later(placing: Asker, world: World) -> None:
    first = (await placing(PLACED, {"g": world.main})).data["graphSlice"]
    count = len(first["nodes"]["id"])
    assert (first["layoutVersion"], first["layoutPending"]) == (None, True)
    assert first["nodes"]["x"] == first["nodes"]["y"] == first["nodes"]["community"] == [None] * count
    found = (await settled(placing, {"g": world.main})).data["graphSlice"]
    nodes = found["nodes"]
    assert len(set(zip(nodes["x"], nodes["y"], strict=True))) == count > 10
    ends = found["edges"]["source"] + found["edges"]["target"]
    assert nodes["degree"] == [ends.count(place) for place in range(count)]
    assert [one is None for one in nodes["community"]] == [degree == 0 for degree in nodes["degree"]]
    assert found["layoutVersion"]


async def test_both_ways_show_the_same(placing: Asker, world: World) -> None:
    text = """query($g: String) {
      a: graphSlice(graph: $g) { version: layoutVersion nodes { __typename y x community } layoutPending
        communities { __typename relations id title } }
      b: graphSlice(first: 5, graph: $g) { nodes { degree id } nodes { x } }
      c: graphSlice(first: 5, graph: $g) { nodeList { id } }
    }"""
    for name in (world.main, world.shared):
        await settled(placing, {"g": name})
    async with asyncio.timeout(DEADLINE_S):
        while True:
            compiled, executed = [await placing(text, {"g": world.main}, compiled=way) for way in (True, False)]
            if compiled.data["a"]["layoutPending"] is False and None not in compiled.data["b"]["nodes"]["x"]:
                break
            await asyncio.sleep(0.01)
    executed = await placing(text, {"g": world.main}, compiled=False)
    compiled = await placing(text, {"g": world.main})
    assert compiled.text == executed.text
    assert len(compiled.sent) == compiled.context.statements == 1


@pytest.mark.parametrize("compiled", [True, False])
async def test_communities_are_those_of_the_nodes(placing: Asker, world: World, *, compiled: bool) -> None:
    text = """query($g: String) {
      graphSlice(graph: $g, includeInherited: false) {
        nodes { title x y community degree } edges { source target }
        communities { id size title x y source target relations }
      }
    }"""
    assert (await placing(text, {"g": world.main}, compiled=compiled)).data["graphSlice"]["communities"]["id"] == []
    await settled(placing, {"g": world.main})
    found = (await placing(text, {"g": world.main}, compiled=compiled)).data["graphSlice"]
    nodes, shown, edges = found["nodes"], found["communities"], found["edges"]
    sizes = Counter(name for name in nodes["community"] if name is not None)
    assert dict(zip(shown["id"], shown["size"], strict=True)) == sizes
    assert shown["size"] == sorted(shown["size"], reverse=True)
    for name, title, x in zip(shown["id"], shown["title"], shown["x"], strict=True):
        members = [place for place, one in enumerate(nodes["community"]) if one == name]
        most = max(nodes["degree"][place] for place in members)
        assert title in [nodes["title"][place] for place in members if nodes["degree"][place] == most]
        assert min(nodes["x"][place] for place in members) <= x <= max(nodes["x"][place] for place in members)
    groups = [(nodes["community"][s], nodes["community"][t]) for s, t in zip(*edges.values(), strict=True)]
    joined = zip(shown["source"], shown["target"], shown["relations"], strict=True)
    counts = {frozenset((shown["id"][s], shown["id"][t])): count for s, t, count in joined}
    assert counts == Counter(frozenset(pair) for pair in groups if pair[0] != pair[1])


async def test_without_positions_nothing_is_laid_out(placing: Asker, world: World) -> None:
    await placing("query($g: String) { graphSlice(graph: $g) { nodes { id degree } truncated } }", {"g": world.main})
    layouts = placing.services.layouts
    assert layouts is not None
    assert layouts.pid is None
    assert (await placing(PLACED, {"g": world.main})).data["graphSlice"]["layoutVersion"] is None


async def test_whoever_sees_less_sees_positions_of_that(placing: Asker, world: World) -> None:
    everything = (await settled(placing, {})).data["graphSlice"]
    part = (await settled(placing.seeing(world.main), {})).data["graphSlice"]
    own = [node["id"] for node in world.nodes if node["graph"] == world.main]
    assert sorted(part["nodes"]["id"]) == sorted(own)
    assert len(everything["nodes"]["id"]) == len(world.nodes)
    assert part["layoutVersion"] != everything["layoutVersion"]


async def test_what_is_new_has_a_place_at_once(placing: Asker, own: Asker) -> None:
    asker = replace(own, services=replace(own.services, layouts=placing.services.layouts))
    [graph] = own.services.registry.names()
    create = """mutation($g: String!, $n: [NodeInput!]!, $r: [RelationInput!]) {
      createNodes(input: {graph: $g, nodes: $n, relations: $r}) { count }
    }"""
    nodes = [{"id": f"n{i}", "type": "NOTE", "title": f"t{i}"} for i in range(6)]
    links = [{"source": f"n{i}", "target": f"n{i + 1}", "relation": "EXPLAINS"} for i in range(5)]
    assert (await asker(create, {"g": graph, "n": nodes, "r": links})).data
    old = (await settled(asker, {"g": graph})).data["graphSlice"]
    link = [{"source": "new", "target": "n2", "relation": "EXPLAINS"}]
    new = {"id": "new", "type": "NOTE", "title": "new"}
    assert (await asker(create, {"g": graph, "n": [new], "r": link})).data
    now = (await asker(PLACED, {"g": graph})).data["graphSlice"]
    assert (now["layoutVersion"], now["layoutPending"]) == (old["layoutVersion"], True)
    assert None not in now["nodes"]["x"]
    places = dict(zip(now["nodes"]["id"], zip(now["nodes"]["x"], now["nodes"]["y"], strict=True), strict=True))
    before = dict(zip(old["nodes"]["id"], zip(old["nodes"]["x"], old["nodes"]["y"], strict=True), strict=True))
    assert before.items() <= places.items()
    assert (await settled(asker, {"g": graph})).data["graphSlice"]["layoutVersion"] != old["layoutVersion"]


async def test_a_change_of_words_moves_nothing(placing: Asker, own: Asker) -> None:
    asker = replace(own, services=replace(own.services, layouts=placing.services.layouts))
    [graph] = own.services.registry.names()
    create = 'mutation($g: String!) { createNote(input: {graph: $g, id: "x", title: "t"}) { note { id } } }'
    assert (await asker(create, {"g": graph})).data
    before = (await settled(asker, {"g": graph})).data
    update = 'mutation($g: String!) { updateNode(input: {graph: $g, id: "x", rev: 1, title: "u"}) { node { id } } }'
    assert (await asker(update, {"g": graph})).data
    assert (await asker(PLACED, {"g": graph})).data == before
