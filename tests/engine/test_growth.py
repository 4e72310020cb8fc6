"""How a graph grew: counts by period and type."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from stratumiops.graph.store.database import Database

from .conftest import Asker
from .test_local_answers import Both, both  # noqa: F401 - a fixture
from .world import World

GROWTH = """query($g: String, $by: Period! = DAY, $where: NodeWhere) {
  graphGrowth(graph: $g, by: $by, where: $where) { period type nodes }
}"""
DAYS = ("2024-12-30", "2024-12-31", "2025-01-01", "2025-01-05", "2025-01-06", "2026-02-28", "2026-02-28")
_AGED = "UNWIND $days AS row MATCH (n:KnowledgeNode {graph: $g, id: row.id}) SET n.created_at = row.at"


def first_day(day: str, by: str) -> str:
    if by == "WEEK":
        found = date.fromisoformat(day)
        return str(found - timedelta(days=found.weekday()))
    return {"DAY": day, "MONTH": f"{day[:7]}-01"}[by]


@pytest.fixture
async def aged(own: Asker, database: Database) -> list[tuple[str, str]]:
    """Days and types of nodes that were created over years."""
    [graph] = own.services.registry.names()
    kinds = ("NOTE", "DECISION", "NOTE", "NOTE", "JOURNAL", "NOTE", "NOTE")
    nodes = [{"id": f"n{i}", "type": kind, "title": f"t{i}"} for i, kind in enumerate(kinds)]
    create = "mutation($i: CreateNodesInput!) { createNodes(input: $i) { count } }"
    assert (await own(create, {"i": {"graph": graph, "nodes": nodes}})).data
    days = [{"id": f"n{i}", "at": f"{day}T23:59:59.999999Z"} for i, day in enumerate(DAYS)]
    await database.write(_AGED, {"g": graph, "days": days})
    return list(zip(DAYS, kinds, strict=True))


@pytest.mark.parametrize("by", ["DAY", "WEEK", "MONTH"])
async def test_counts_are_those_of_the_nodes(own: Asker, aged: list[tuple[str, str]], by: str) -> None:
    [graph] = own.services.registry.names()
    answer = await own(GROWTH, {"g": graph, "by": by})
    found = [(row["period"], row["type"], row["nodes"]) for row in answer.data["graphGrowth"]]
    counts = Counter((first_day(day, by), kind) for day, kind in aged)
    assert sorted(found) == sorted((*key, count) for key, count in counts.items())
    assert [period for period, _, _ in found] == sorted(period for period, _, _ in found)
    assert len(answer.sent) == 1


async def test_conditions_hold(own: Asker, aged: list[tuple[str, str]]) -> None:
    [graph] = own.services.registry.names()
    where = {"type": {"eq": "DECISION"}}
    found = (await own(GROWTH, {"g": graph, "where": where})).data["graphGrowth"]
    assert found == [{"period": day, "type": kind, "nodes": 1} for day, kind in aged if kind == "DECISION"]


async def test_nothing_of_graphs_that_may_not_be_read(ask: Asker, world: World) -> None:
    def total(answer: Any) -> int:
        return sum(row["nodes"] for row in answer.data["graphGrowth"])

    own = [node for node in world.nodes if node["graph"] == world.main]
    assert total(await ask(GROWTH)) == len(world.nodes)
    assert total(await ask.seeing(world.main)(GROWTH)) == len(own)
    assert total(await ask.seeing(world.main)(GROWTH, {"g": world.main})) == len(own)
    assert (await ask.seeing(world.main)(GROWTH, {"g": world.shared})).error["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("by", ["DAY", "WEEK", "MONTH"])
async def test_a_directory_says_the_same(both: Both, by: str) -> None:  # noqa: F811
    expected = (await both.neo4j(GROWTH, {"by": by})).body
    _, text = await both.local(GROWTH, {"by": by})
    assert json.loads(text) == expected
