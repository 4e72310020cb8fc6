"""A search by words finds what going through everything that the index has finds, in the same order."""

import secrets

import pytest

from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.selection.words import FRESH_TEXT, best_by_words
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import FreshGraph

FIRST = 3
SEEN = 4 * FIRST + 200
"""How many the index is asked for at first."""
ROWS = "RETURN collect([n.graph, n.id])"
ORDER = "WITH n, score ORDER BY score DESC, n.id, n.graph"
ALL = (
    f"{FRESH_TEXT}CALL db.index.fulltext.queryNodes('knowledge_text', $query) YIELD node AS n, score "
    f"WHERE n.graph = $graph {ORDER} LIMIT $first {ROWS}"
)
BEST = FRESH_TEXT + best_by_words("'knowledge_text'", "$query", "n.graph = $graph", "$first") + f"{ORDER} {ROWS}"


@pytest.mark.parametrize("others", [0, SEEN - 10, SEEN, SEEN + 60], ids=["alone", "few", "as many", "more"])
async def test_what_is_far_behind_others_is_found(
    database: Database, writer: KnowledgeWriter, graph_name: str, fresh_graph: FreshGraph, others: int
) -> None:
    word = f"w{secrets.token_hex(6)}"
    async with fresh_graph() as other:
        before = [_note(other, f"o{place}", f"{word} {word}") for place in range(others)]
        mine = [_note(graph_name, f"n{place}", f"Something {'long ' * place}about {word}") for place in range(5)]
        for nodes in filter(None, (before, mine)):
            await writer.create_nodes(nodes, actor="ada")
        found = await _both(database, graph_name, word)
    assert [row[1] for row in found] == ["n0", "n1", "n2"]


async def test_of_equal_scores_the_smallest_ids_come_first(
    database: Database, writer: KnowledgeWriter, graph_name: str
) -> None:
    word = f"w{secrets.token_hex(6)}"
    places = [f"n{place:04}" for place in range(SEEN + 50)]
    await writer.create_nodes([_note(graph_name, place, word) for place in reversed(places)], actor="ada")
    found = await _both(database, graph_name, word)
    assert [row[1] for row in found] == places[:FIRST]


async def test_nothing_is_found(database: Database, graph_name: str) -> None:
    assert await _both(database, graph_name, f"w{secrets.token_hex(6)}") == []


async def test_few_are_looked_at_where_few_are_enough(
    database: Database, writer: KnowledgeWriter, graph_name: str
) -> None:
    word = f"w{secrets.token_hex(6)}"
    nodes = [_note(graph_name, f"n{place}", f"{word} {'x ' * (place % 400)}") for place in range(3 * SEEN)]
    await writer.create_nodes(nodes, actor="ada")
    params = {"query": word, "graph": graph_name, "first": FIRST}
    assert await database.profile(BEST, params) < await database.profile(ALL, params) / 2


def _note(graph: str, node_id: str, title: str) -> Node:
    return Node(id=node_id, graph=graph, type=NodeType.NOTE, title=title)


async def _both(database: Database, graph: str, word: str) -> list[list[object]]:
    params = {"query": word, "graph": graph, "first": FIRST}
    everything, best = await database.read_one(ALL, params), await database.read_one(BEST, params)
    assert best == everything
    return list(best)
