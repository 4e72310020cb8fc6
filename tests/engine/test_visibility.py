"""Whoever sees one graph sees nothing of the others: not by way of relations, walks, counts, searches or errors."""

import json
from typing import Any

import pytest

from stratumiops.resolvers.context import Role

from .conftest import Asker
from .world import World

EVERYWHERE = """
query($at: DateTime) {
  nodes(first: 100, asOf: $at) {
    totalCount
    nodes {
      ...All relationCount neighbours(first: 100) { ...All relationCount relatesTo { id } }
      relations(first: 100) { source { ...All } target { ...All } node { ...All } }
      supersedes { ...All } explains(direction: IN) { ...All } dependsOn(direction: BOTH) { ...All }
    }
  }
  search(query: "cache redis queue shared changed twin", first: 100, asOf: $at) { node { ...All } highlights { text } }
  graphSlice(asOf: $at) { nodes { id graph title } edges { source target } edgeList { source target } truncated }
}
fragment All on KnowledgeNode { id graph title }
"""
HIDDEN_IDS = [f"n{i}" for i in range(22, 40)]


@pytest.fixture
def viewer(ask: Asker, world: World) -> Asker:
    return ask.seeing(world.main)


def assert_unseen(world: World, *parts: Any) -> None:
    text = json.dumps(parts)
    assert world.shared not in text
    assert world.extra not in text
    assert "Shared and changed" not in text
    assert not [node_id for node_id in HIDDEN_IDS if f'"{node_id}"' in text]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("past", [False, True])
async def test_nothing_of_other_graphs(viewer: Asker, world: World, *, compiled: bool, past: bool) -> None:
    at = [*world.states][-1] if past else None
    found = (await viewer(EVERYWHERE, {"at": at}, compiled=compiled)).data
    assert_unseen(world, found)
    own = [node for node in world.nodes if node["graph"] == world.main]
    [*_, now] = world.states.values()
    assert found["nodes"]["totalCount"] == len(found["nodes"]["nodes"]) == len(own)
    for node in found["nodes"]["nodes"]:
        links = [link for link in now.relations if (world.main, node["id"]) in (link[0], link[2])]
        inside = [link for link in links if link[0][0] == link[2][0] == world.main]
        assert node["relationCount"] == len(node["relations"]) == len(inside)


@pytest.mark.parametrize("compiled", [True, False])
async def test_walks_do_not_pass_through_them(viewer: Asker, ask: Asker, world: World, *, compiled: bool) -> None:
    near = 'query($g: String) { neighbours(id: "n2", graph: $g, depth: 8, first: 1000) { node { id graph } } }'
    assert_unseen(world, (await viewer(near, {"g": world.main}, compiled=compiled)).data)
    around = 'query($g: String) { graphSlice(focus: "n2", graph: $g, depth: 8) { nodes { id graph } } }'
    assert_unseen(world, (await viewer(around, {"g": world.main}, compiled=compiled)).data)
    path = 'query($g: String, $to: ID!) { path(from: "n2", to: $to, graph: $g) { nodes { id graph } } }'
    answer = await viewer(path, {"g": world.main, "to": "n33"}, compiled=compiled)
    assert answer.data == {"path": None}
    assert (await ask(path, {"g": world.main, "to": "n33"}, compiled=compiled)).data["path"] is not None


async def test_unseen_graphs_are_like_graphs_that_are_not_there(viewer: Asker, world: World) -> None:
    for root in ("nodes(graph: $g) { totalCount }", 'node(id: "n23", graph: $g) { id }', "tags(graph: $g) { tag }",
                 'search(query: "cache", graph: $g) { score }', 'history(id: "n23", graph: $g) { rev }',
                 'neighbours(id: "n23", graph: $g) { distance }', "graphSlice(graph: $g) { truncated }",
                 'path(from: "n23", to: "n24", graph: $g) { length }'):  # fmt: skip
        text = f"query($g: String) {{ {root} }}"
        unseen = await viewer(text, {"g": world.shared})
        missing = await viewer(text, {"g": "not-there"})
        assert unseen.error["extensions"] == missing.error["extensions"]
        assert unseen.error["extensions"]["code"] == "NOT_FOUND"
        assert unseen.text.replace(world.shared, "not-there") == missing.text


@pytest.mark.parametrize("compiled", [True, False])
async def test_unseen_nodes_are_like_nodes_that_are_not_there(viewer: Asker, world: World, *, compiled: bool) -> None:
    for root in ("node(id: $id) { id }", "history(id: $id) { rev }", "neighbours(id: $id) { distance }",
                 "path(from: $id, to: $id) { length }", "graphSlice(focus: $id) { nodes { id } }"):  # fmt: skip
        text = f"query($id: ID!) {{ {root} }}"
        for unseen, missing in (("n23", "nowhere"), ("n33", "nowhere")):
            answers = [await viewer(text, {"id": each}, compiled=compiled) for each in (unseen, missing)]
            assert answers[0].text.replace(unseen, missing) == answers[1].text


async def test_an_id_in_two_graphs(ask: Asker, viewer: Asker, world: World) -> None:
    for root in ("node(id: $id) { id }", "history(id: $id) { rev }", "neighbours(id: $id) { distance }",
                 "graphSlice(focus: $id) { truncated }",
                 'path(from: $id, to: "n1") { length }', 'path(from: "n1", to: $id) { length }'):  # fmt: skip
        text = f"query($id: ID!) {{ {root} }}"
        for compiled in (True, False):
            error = (await ask(text, {"id": "twin"}, compiled=compiled)).error
            assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_INPUT", "graph")
            assert error["path"] == [root.partition("(")[0]]
            assert "errors" not in (await viewer(text, {"id": "twin"}, compiled=compiled)).body


async def test_catalogue(viewer: Asker, ask: Asker, world: World) -> None:
    text = """query($g: String!) {
      graphs { name inherits { graph priority } resolved nodeCount }
      graph(name: $g) { name }
      tags { tag count } serverInfo { graphs nodes }
    }"""
    found = (await viewer(text, {"g": world.shared})).data
    assert_unseen(world, found)
    own = [node for node in world.nodes if node["graph"] == world.main]
    assert found["graphs"] == [{"name": world.main, "inherits": [], "resolved": [world.main], "nodeCount": len(own)}]
    assert found["graph"] is None
    assert found["serverInfo"] == {"graphs": 1, "nodes": len(own)}
    assert sum(t["count"] for t in found["tags"]) == sum(len(node["tags"]) for node in own)
    everything = (await ask(text, {"g": world.shared})).data
    main = next(graph for graph in everything["graphs"] if graph["name"] == world.main)
    assert [i["graph"] for i in main["inherits"]] == [world.shared, world.extra]
    assert main["resolved"] == list(world.graphs)


async def test_changes_elsewhere_are_refused(ask: Asker, world: World) -> None:
    developer = ask.seeing(world.main, role=Role.DEVELOPER)
    for operation, given in (
        ("createNote(input: $i) { note { id } }", "CreateNoteInput!"),
        ("updateNode(input: $i) { node { id } }", "UpdateNodeInput!"),
        ("deleteNode(input: $i) { id }", "DeleteNodeInput!"),
        ("undeleteNode(input: $i) { node { id } }", "UndeleteNodeInput!"),
        ("linkNodes(input: $i) { relation { type } }", "LinkNodesInput!"),
        ("unlinkNodes(input: $i) { relation { type } }", "UnlinkNodesInput!"),
        ("createNodes(input: $i) { count }", "CreateNodesInput!"),
    ):
        link = {"source": "n23", "target": "n24", "relation": "EXPLAINS"}
        values: dict[str, Any] = {
            "createNote": {"title": "x"}, "updateNode": {"id": "n23", "rev": 1, "title": "x"},
            "deleteNode": {"id": "n23"}, "undeleteNode": {"id": "n23"}, "linkNodes": link, "unlinkNodes": link,
            "createNodes": {"nodes": [{"type": "NOTE", "title": "x"}]},
        }[operation.partition("(")[0]]  # fmt: skip
        text = f"mutation($i: {given}) {{ {operation} }}"
        answers = [await developer(text, {"i": {**values, "graph": graph}}) for graph in (world.shared, "not-there")]
        assert [a.error["extensions"]["code"] for a in answers] == ["FORBIDDEN", "FORBIDDEN"]
        assert answers[0].text.replace(world.shared, "not-there") == answers[1].text


async def test_payloads_of_changes_show_only_what_may_be_seen(database: Any, own: Asker) -> None:
    [graph] = own.services.registry.names()
    other = f"{graph}-other"
    await own.services.registry.create(other, actor="builder")
    for name in (graph, other):
        text = 'mutation($g: String!) { createNote(input: {graph: $g, id: "x", title: "t"}) { note { id } } }'
        assert (await own(text, {"g": name})).data
    joined = "MATCH (a {graph: $a, id: 'x'}), (b {graph: $b, id: 'x'}) CREATE (a)-[:EXPLAINS {weight: 1.0}]->(b)"
    await database.write(joined, {"a": graph, "b": other})
    text = """mutation($g: String!) {
      updateNode(input: {graph: $g, id: "x", rev: 1, title: "u"}) {
        node { id relationCount explains { graph } relations { target { graph } } }
      }
    }"""
    developer = own.seeing(graph, role=Role.DEVELOPER)
    shown = (await developer(text, {"g": graph})).data["updateNode"]["node"]
    assert shown == {"id": "x", "relationCount": 0, "explains": [], "relations": []}
