"""Patterns: relations between nodes of some kind and nodes of another kind."""

import json
from typing import Any

import pytest

from .conftest import Asker
from .test_local_answers import Both, both  # noqa: F401 - a fixture
from .world import World

PATTERN = """query($g: String, $from: PatternEnd!, $to: PatternEnd!, $relation: RelationType, $first: Int! = 1000) {
  matchPattern(graph: $g, from: $from, to: $to, relation: $relation, first: $first) {
    type source { id graph type tags } target { id graph type status } weight
  }
}"""
PATTERNS: list[dict[str, Any]] = [
    {"from": {}, "to": {}},
    {"from": {"type": "NOTE"}, "to": {"type": "DECISION"}},
    {"from": {"tag": "cache"}, "to": {}, "relation": "EXPLAINS"},
    {"from": {}, "to": {"status": "accepted"}, "relation": "RELATES_TO"},
    {"from": {"type": "DECISION", "status": None}, "to": {"tag": "no-such-tag"}},
]


def fits(node: dict[str, Any], end: dict[str, Any]) -> bool:
    given = {name: value for name, value in end.items() if value is not None}
    return (
        given.get("type", "").lower() in ("", node["type"])
        and ("tag" not in given or given["tag"] in node["tags"])
        and ("status" not in given or given["status"] == node.get("status"))
    )


@pytest.mark.parametrize("given", PATTERNS)
@pytest.mark.parametrize("sight", [3, 1])
async def test_found_is_what_fits(ask: Asker, world: World, given: dict[str, Any], sight: int) -> None:
    who = ask if sight == 3 else ask.seeing(world.main)
    answer = await who(PATTERN, given)
    found = [
        ((row["source"]["graph"], row["source"]["id"]), row["type"], (row["target"]["graph"], row["target"]["id"]))
        for row in answer.data["matchPattern"]
    ]
    [*_, now] = world.states.values()
    visible = set(world.graphs[:sight])
    expected = {
        (source, kind, target)
        for source, kind, target in now.relations
        if {source[0], target[0]} <= visible
        and given.get("relation") in (None, kind)
        and fits(now.nodes[source], given["from"])
        and fits(now.nodes[target], given["to"])
    }
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert [(s[1], t[1], kind) for s, kind, t in found] == sorted((s[1], t[1], kind) for s, kind, t in found)
    assert len(answer.sent) == 1


async def test_limits_and_bad_input(ask: Asker, world: World) -> None:
    everything = {"from": {}, "to": {}}
    assert len((await ask(PATTERN, {**everything, "first": 3})).data["matchPattern"]) == 3
    for first in (0, 1001):
        told = (await ask(PATTERN, {**everything, "first": first})).error["extensions"]
        assert (told["code"], told["field"]) == ("BAD_INPUT", "first")
    unseen = await ask.seeing(world.main)(PATTERN, {**everything, "g": world.shared})
    assert unseen.error["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("given", PATTERNS)
async def test_a_directory_finds_the_same(both: Both, given: dict[str, Any]) -> None:  # noqa: F811
    expected = (await both.neo4j(PATTERN, given)).body
    _, text = await both.local(PATTERN, given)
    assert json.loads(text) == expected
