"""Reading the graph as of an instant shows what was there at that instant."""

from collections import deque
from typing import Any

import pytest

from .conftest import Asker
from .oracle import holds, ordered
from .world import State, World

NODES = """
query($graph: String, $at: DateTime, $where: NodeWhere, $order: NodeOrder) {
  nodes(graph: $graph, asOf: $at, where: $where, orderBy: $order, first: 100) {
    totalCount
    nodes {
      graph id title rev tags status date metadata relationCount
      relations(first: 100) { type source { graph id } target { graph id } validFrom validTo }
      neighbours(first: 100) { graph id rev }
      history { rev }
    }
  }
}"""
AROUND = """
query($g: String, $at: DateTime) { graphSlice(focus: "n2", graph: $g, depth: 3, asOf: $at) { nodes { id graph } } }
"""
SLICE = """
query($at: DateTime) {
  graphSlice(asOf: $at) { asOf truncated nodes { graph id } edges { source target type } dict { edgeType } }
}"""
NEAR = """
query($g: String, $at: DateTime) {
  neighbours(id: "n2", graph: $g, depth: 3, asOf: $at, first: 1000) { distance node { graph id } }
}"""
PATH = """
query($g: String, $to: ID!, $at: DateTime) {
  path(from: "n2", to: $to, graph: $g, asOf: $at) {
    length nodes { graph id } relations { type source { graph id } target { graph id } direction node { id } }
  }
}"""
CLEAN = ("graph", "id", "title", "rev", "tags", "status", "date")
Key = tuple[str, str]


def links_of(state: State, key: Key) -> set[tuple[Key, str, Key]]:
    return {link for link in state.relations if key in (link[0], link[2])}


def moments(world: World) -> list[str]:
    return list(world.states)


@pytest.mark.parametrize("place", range(5))
async def test_nodes_and_what_hangs_on_them(ask: Asker, world: World, place: int) -> None:
    at = moments(world)[place]
    state = world.states[at]
    expected = ordered(state.nodes.values(), "title", "ASC")
    got = (await ask(NODES, {"at": at, "order": {"field": "TITLE", "direction": "ASC"}})).data["nodes"]
    assert got["totalCount"] == len(expected)
    assert [[n[name] for name in CLEAN] for n in got["nodes"]] == [[n.get(name) for name in CLEAN] for n in expected]
    for node in got["nodes"]:
        key = (node["graph"], node["id"])
        links = links_of(state, key)
        shown = {((r["source"]["graph"], r["source"]["id"]), r["type"], (r["target"]["graph"], r["target"]["id"]))
                 for r in node["relations"]}  # fmt: skip
        assert shown == links
        assert len(node["relations"]) == node["relationCount"] == len(links)
        assert all(r["validFrom"] <= at < (r["validTo"] or "9") for r in node["relations"])
        near = {end for link in links for end in (link[0], link[2])} - {key}
        assert [(n["graph"], n["id"]) for n in node["neighbours"]] == sorted(near, key=lambda k: (k[1], k[0]))
        assert all(n["rev"] == state.nodes[n["graph"], n["id"]]["rev"] for n in node["neighbours"])
        revs = [revision["rev"] for revision in node["history"]]
        assert node["rev"] in revs
        assert revs == sorted(set(revs), reverse=True)


@pytest.mark.parametrize("place", range(5))
async def test_filters_look_at_the_state_of_then(ask: Asker, world: World, place: int) -> None:
    at = moments(world)[place]
    for where in ({"title": {"contains": "ewe"}}, {"status": {"isNull": True}}, {"not": {"tags": {"hasAny": ["new"]}}}):
        expected = ordered((n for n in world.states[at].nodes.values() if holds(where, n)), "updated_at", "DESC")
        got = (await ask(NODES, {"at": at, "where": where})).data["nodes"]["nodes"]
        assert [(n["graph"], n["id"]) for n in got] == [(n["graph"], n["id"]) for n in expected]


@pytest.mark.parametrize("place", range(1, 5))
async def test_slice_of_then(ask: Asker, world: World, place: int) -> None:
    at = moments(world)[place]
    state = world.states[at]
    found = (await ask(SLICE, {"at": at})).data["graphSlice"]
    assert (found["asOf"], found["truncated"]) == (at, False)
    keys = list(zip(found["nodes"]["graph"], found["nodes"]["id"], strict=True))
    assert keys == [(n["graph"], n["id"]) for n in ordered(state.nodes.values(), "updated_at", "DESC")]
    kinds = found["dict"]["edgeType"]
    edges = zip(*(found["edges"][name] for name in ("source", "type", "target")), strict=True)
    shown = [(keys[source], kinds[kind], keys[target]) for source, kind, target in edges]
    assert len(shown) == len(set(shown))
    assert set(shown) == state.relations


def distances(state: State, start: Key, allowed: set[str]) -> dict[Key, int]:
    found, todo = {start: 0}, deque([start])
    while todo:
        key = todo.popleft()
        for link in links_of(state, key):
            for end in (link[0], link[2]):
                if end not in found and end[0] in allowed:
                    found[end] = found[key] + 1
                    todo.append(end)
    return found


@pytest.mark.parametrize("place", [1, 2, 3, 4, None])
@pytest.mark.parametrize("sight", [3, 1])
async def test_walks(ask: Asker, world: World, place: int | None, sight: int) -> None:
    """Neighbours and paths, now and then, for somebody who sees all and for somebody who sees one graph."""
    at = moments(world)[place] if place is not None else None
    state = world.states[at or moments(world)[-1]]
    who = ask if sight == 3 else ask.seeing(world.main)
    far = distances(state, (world.main, "n2"), set(world.graphs[:sight]))
    got = (await who(NEAR, {"g": world.main, "at": at})).data["neighbours"]
    expected = sorted((d, key[1], key[0]) for key, d in far.items() if 0 < d <= 3)
    assert [(n["distance"], n["node"]["id"], n["node"]["graph"]) for n in got] == expected
    shown = (await who(AROUND, {"g": world.main, "at": at})).data["graphSlice"]["nodes"]
    around = sorted((d, key[1], key[0]) for key, d in far.items() if d <= 3)
    assert list(zip(shown["id"], shown["graph"], strict=True)) == [key[1:] for key in around]
    ends = [key for key in state.nodes if key[1] != "twin" and key[0] in world.graphs[:sight]]
    for graph, node_id in ends[::4]:
        found: Any = (await who(PATH, {"g": world.main, "to": node_id, "at": at})).data["path"]
        if (graph, node_id) not in far or far[graph, node_id] > 6:
            assert found is None
            continue
        assert found["length"] == far[graph, node_id] == len(found["relations"]) == len(found["nodes"]) - 1
        nodes = [(n["graph"], n["id"]) for n in found["nodes"]]
        assert (nodes[0], nodes[-1]) == ((world.main, "n2"), (graph, node_id))
        for a, b, relation in zip(nodes, nodes[1:], found["relations"], strict=False):
            ends_of = [(relation[end]["graph"], relation[end]["id"]) for end in ("source", "target")]
            assert sorted(ends_of) == sorted((a, b))
            assert (ends_of[0], relation["type"], ends_of[1]) in state.relations
            assert (relation["direction"], relation["node"]["id"]) == ("OUT", relation["target"]["id"])


async def test_search_of_then(ask: Asker, world: World) -> None:
    text = 'query($at: DateTime) { search(query: "newer newest back", asOf: $at) { node { id rev } } }'
    before, changed, deleted, now = moments(world)[1:]
    found = {}
    for at in (before, changed, deleted, now, None):
        hits = (await ask(text, {"at": at})).data["search"]
        found[at] = sorted((hit["node"]["id"], hit["node"]["rev"]) for hit in hits)
    assert found == {
        before: [],
        changed: [("n1", 3)],
        deleted: [("n1", 3)],
        now: [("n1", 3), ("n12", 4)],
        None: [("n1", 3), ("n12", 4)],
    }


async def test_tags_of_then(ask: Asker, world: World) -> None:
    text = "query($g: String!, $at: DateTime) { tags(graph: $g, includeInherited: false, asOf: $at) { tag count } }"
    for at, state in world.states.items():
        counts: dict[str, int] = {}
        for node in state.nodes.values():
            for tag in node["tags"] if node["graph"] == world.main else ():
                counts[tag] = counts.get(tag, 0) + 1
        expected = [{"tag": t, "count": c} for t, c in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
        assert (await ask(text, {"g": world.main, "at": at})).data["tags"] == expected


async def test_one_node_through_time(ask: Asker, world: World) -> None:
    text = """query($g: String!, $at: DateTime) {
      node(id: "n1", graph: $g, asOf: $at) {
        title rev status history { rev title validFrom validTo endedBy }
      }
    }"""
    created, changed = moments(world)[1:3]
    first = (await ask(text, {"g": world.main, "at": created})).data["node"]
    last = (await ask(text, {"g": world.main, "at": changed})).data["node"]
    assert (first["rev"], first["status"], last["rev"], last["title"], last["status"]) == (
        1, "proposed", 3, "Newer title", None,
    )  # fmt: skip
    assert first["history"] == last["history"]
    assert [(s["rev"], s["endedBy"]) for s in last["history"]] == [(3, None), (2, "UPDATED"), (1, "UPDATED")]
    newest, *older = last["history"]
    assert newest["validTo"] is None
    assert [s["validTo"] for s in older] == [s["validFrom"] for s in last["history"][:-1]]


async def test_history_of_deleted_and_restored_nodes(ask: Asker, world: World) -> None:
    text = """query($g: String!, $id: ID!) {
      history(id: $id, graph: $g) { rev title endedBy }
      node(id: $id, graph: $g) { id }
    }"""
    deleted = (await ask(text, {"g": world.main, "id": "n9"})).data
    assert deleted["node"] is None
    assert [(s["rev"], s["endedBy"]) for s in deleted["history"]] == [(1, "DELETED")]
    restored = (await ask(text, {"g": world.main, "id": "n12"})).data
    assert restored["node"] == {"id": "n12"}
    states = [(s["rev"], s["endedBy"], s["title"]) for s in restored["history"]]
    assert [s[:2] for s in states] == [(4, None), (3, "UPDATED"), (1, "DELETED")]
    assert states[0][2] == "Back again"
