"""One change, one statement: what it leaves in the graph, in history and in the outbox."""

from typing import Any

import pytest

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.models import NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.history import revisions
from stratumiops.graph.store.knowledge import KnowledgeWriter

from .conftest import NewEdge, NewNode


async def facts(db: Database, graph: str) -> dict[str, Any]:
    """What is in a graph, counted: live nodes, tombstones, revisions, relations by type, contained nodes."""
    rows = await db.read(
        "MATCH (n {graph: $graph}) WHERE n:KnowledgeNode OR n:Tombstone OR n:Revision "
        "RETURN labels(n) AS labels, n.id AS id, n.rev AS rev ORDER BY id, rev",
        {"graph": graph},
    )
    relations = await db.read(
        "MATCH (s {graph: $graph})-[r]->(t) WHERE NOT t:Revision "
        "RETURN s.id AS source, type(r) AS type, t.id AS target, properties(r) AS properties "
        "ORDER BY source, type, target, r.valid_from",
        {"graph": graph},
    )
    contained = await db.read(
        "MATCH (:Graph {name: $graph})-[:CONTAINS]->(n) RETURN n.id AS id ORDER BY id", {"graph": graph}
    )
    return {
        "live": [row["id"] for row in rows if "KnowledgeNode" in row["labels"]],
        "gone": [row["id"] for row in rows if "Tombstone" in row["labels"]],
        "old": [(row["id"], row["rev"]) for row in rows if "Revision" in row["labels"]],
        "relations": [(row["source"], row["type"], row["target"]) for row in relations],
        "properties": [row["properties"] for row in relations],
        "contained": [row["id"] for row in contained],
        "leftovers": await db.read_one(
            "MATCH (n {graph: $graph}) WHERE n.lock IS NOT NULL RETURN count(n)", {"graph": graph}
        ),
    }


async def events(db: Database, graph: str) -> list[dict[str, Any]]:
    rows = await db.read(
        "MATCH (e:OutboxEvent {graph: $graph}) RETURN e{.op, .ids, .types, .revs, .actor} AS event ORDER BY e.at",
        {"graph": graph},
    )
    return [row["event"] for row in rows]


async def test_create_is_one_statement_with_node_containment_and_event(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    with database.record() as sent:
        ids = await writer.create_nodes(
            [node("adr-1", title="  Use Neo4j ", tags=["#db", " graph", "db"], metadata={"a": [1]})], actor="ada"
        )
    assert ids == ["adr-1"]
    assert len(sent) == 1
    found = (
        await database.read(
            "MATCH (n:KnowledgeNode {graph: $graph}) RETURN n, labels(n) AS labels", {"graph": graph_name}
        )
    )[0]
    assert sorted(found["labels"]) == ["BlocksDue", "Decision", "KnowledgeNode"]
    values = dict(found["n"].items())
    instant = values.pop("created_at")
    assert values.pop("updated_at") == instant
    assert values == {
        "id": "adr-1", "graph": graph_name, "type": "decision", "title": "Use Neo4j", "content": "",
        "tags": ["db", "graph"], "metadata": '{"a":[1]}', "created_by": "ada", "updated_by": "ada", "rev": 1,
    }  # fmt: skip
    assert (await facts(database, graph_name))["contained"] == ["adr-1"]
    assert await events(database, graph_name) == [
        {"op": "node.created", "ids": ["adr-1"], "types": ["decision"], "revs": [1], "actor": "ada"}
    ]


async def test_every_type_gets_its_label(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node(kind.value, type=kind) for kind in NodeType], actor="ada")
    rows = await database.read(
        "MATCH (n:KnowledgeNode {graph: $graph}) RETURN n.id AS id, labels(n) AS labels", {"graph": graph_name}
    )
    assert {row["id"]: sorted(row["labels"]) for row in rows} == {
        kind.value: sorted(["BlocksDue", "KnowledgeNode", kind.label]) for kind in NodeType
    }


async def test_a_thousand_nodes_are_one_statement_and_more_are_one_transaction(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    with database.record() as sent:
        first = await writer.create_nodes([node(title=f"n {i}") for i in range(1_000)], actor="ada")
    assert len(sent) == 1
    with database.record() as sent:
        second = await writer.create_nodes([node(title=f"m {i}") for i in range(1_001)], actor="ada")
    assert len(sent) == 2
    assert len({*first, *second}) == 2_001
    assert (
        await database.read_one(
            "MATCH (g:Graph {name: $graph}) RETURN COUNT { (g)-[:CONTAINS]->() }", {"graph": graph_name}
        )
        == 2_001
    )
    with pytest.raises(Conflict):
        await writer.create_nodes([*(node(title="x") for _ in range(1_000)), node(first[0])], actor="ada")
    assert len((await facts(database, graph_name))["live"]) == 2_001


async def test_an_id_that_is_taken_is_a_conflict_whether_live_or_deleted(
    writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    with pytest.raises(Conflict, match="a node of this id exists"):
        await writer.create_nodes([node("c"), node("a")], actor="ada")
    await writer.delete_node(graph_name, "b", actor="ada")
    with pytest.raises(Conflict, match="a deleted node of this id exists") as error:
        await writer.create_nodes([node("c"), node("b")], actor="ada")
    assert "undelete" in (error.value.hint or "")
    with pytest.raises(NotFound):
        await writer.delete_node(graph_name, "c", actor="ada")


async def test_an_unknown_graph_is_not_found(writer: KnowledgeWriter, node: NewNode) -> None:
    lost = node("a").__class__(id="a", graph="no-such-graph", type=NodeType.NOTE, title="x")
    with pytest.raises(NotFound, match="no graph 'no-such-graph'") as error:
        await writer.create_nodes([lost], actor="ada")
    assert "createGraph" in (error.value.hint or "")


async def test_update_keeps_the_old_state(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a", status="proposed", embedding=[1.0] * 384)], actor="ada")
    with database.record() as sent:
        change = await writer.update_node(
            graph_name, "a", 1, {"title": "New", "status": None, "deciders": ["x"]}, actor="bob"
        )
    assert len(sent) == 1
    assert (change["rev"], change["deleted_at"]) == (2, None)
    newest, old = await revisions(database, graph_name, "a")
    assert (newest["title"], newest.get("status"), newest["updated_by"], newest["rev"]) == ("New", None, "bob", 2)
    assert (old["title"], old["status"], old["updated_by"], old["rev"]) == ("Title of a", "proposed", "ada", 1)
    assert (old["valid_from"], old["valid_to"], old["change"]) == (
        old["updated_at"], newest["updated_at"], "updated",
    )  # fmt: skip
    assert "embedding" not in old
    assert (await facts(database, graph_name))["leftovers"] == 0


async def test_new_text_drops_the_embedding_of_the_old_text(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a", embedding=[1.0] * 384)], actor="ada")
    embedded = "MATCH (n:KnowledgeNode {graph: $graph, id: 'a'}) RETURN n.embedding IS NOT NULL"
    await writer.update_node(graph_name, "a", 1, {"status": "accepted"}, actor="ada")
    assert await database.read_one(embedded, {"graph": graph_name}) is True
    await writer.update_node(graph_name, "a", 2, {"content": "x", "embedding": [2.0] * 384}, actor="ada")
    assert await database.read_one(embedded, {"graph": graph_name}) is True
    await writer.update_node(graph_name, "a", 3, {"content": "y"}, actor="ada")
    assert await database.read_one(embedded, {"graph": graph_name}) is False


async def test_stale_and_missing_and_deleted_are_told_apart(
    writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    await writer.create_nodes([node("a"), node("n", type=NodeType.NOTE)], actor="ada")
    with pytest.raises(Conflict, match="has rev 1, not 7"):
        await writer.update_node(graph_name, "a", 7, {"title": "x"}, actor="ada")
    with pytest.raises(Conflict, match="has rev 1, not 7"):
        await writer.delete_node(graph_name, "a", 7, actor="ada")
    with pytest.raises(NotFound, match="There is no node 'z'"):
        await writer.update_node(graph_name, "z", 1, {"title": "x"}, actor="ada")
    with pytest.raises(Conflict, match="is not deleted"):
        await writer.undelete_node(graph_name, "a", actor="ada")
    with pytest.raises(BadInput, match="is a note, not a decision"):
        await writer.update_node(graph_name, "n", 1, {"deciders": ["x"]}, actor="ada")
    await writer.delete_node(graph_name, "a", actor="ada")
    with pytest.raises(NotFound, match="was deleted at") as error:
        await writer.update_node(graph_name, "a", 2, {"title": "x"}, actor="ada")
    assert "undelete" in (error.value.hint or "")


async def test_delete_and_undelete(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    await writer.create_nodes([node("a"), node("b"), node("c")], actor="ada")
    await writer.link(edge("a", "b", weight=0.5, origin="wikilink"), actor="ada")
    await writer.link(edge("c", "a", relation=RelationType.SUPERSEDES), actor="ada")
    await writer.link(edge("b", "c"), actor="ada")
    with database.record() as sent:
        gone = await writer.delete_node(graph_name, "a", 1, actor="bob")
    assert len(sent) == 1
    assert gone["rev"] == 2
    assert gone["deleted_at"] is not None
    found = await facts(database, graph_name)
    assert (found["live"], found["gone"], found["old"], found["contained"]) == (
        ["b", "c"], ["a"], [("a", 1)], ["b", "c"],
    )  # fmt: skip
    assert found["relations"] == [("a", "WAS_DEPENDS_ON", "b"), ("b", "DEPENDS_ON", "c"), ("c", "WAS_SUPERSEDES", "a")]
    assert found["properties"][0]["valid_to"] == gone["deleted_at"]

    with database.record() as sent:
        back = await writer.undelete_node(graph_name, "a", 2, actor="eve")
    assert len(sent) == 1
    assert (back["rev"], back["deleted_at"]) == (3, None)
    found = await facts(database, graph_name)
    assert (found["live"], found["gone"], found["contained"]) == (["a", "b", "c"], [], ["a", "b", "c"])
    assert found["relations"] == [
        ("a", "DEPENDS_ON", "b"), ("a", "WAS_DEPENDS_ON", "b"), ("b", "DEPENDS_ON", "c"),
        ("c", "SUPERSEDES", "a"), ("c", "WAS_SUPERSEDES", "a"),
    ]  # fmt: skip
    restored = found["properties"][0]
    assert (restored["weight"], restored["origin"], restored["valid_from"]) == (0.5, "wikilink", back["updated_at"])
    assert [event["op"] for event in await events(database, graph_name)][-2:] == ["node.deleted", "node.restored"]


async def test_relations_come_back_with_the_end_that_returns_last(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    await writer.create_nodes([node("a"), node("b")], [edge("a", "b")], actor="ada")
    for node_id in ("a", "b", "a"):
        if node_id == "a" and (await facts(database, graph_name))["gone"]:
            await writer.undelete_node(graph_name, "a", actor="ada")
        else:
            await writer.delete_node(graph_name, node_id, actor="ada")
    assert (await facts(database, graph_name))["relations"] == [("a", "WAS_DEPENDS_ON", "b")]
    await writer.undelete_node(graph_name, "b", actor="ada")
    assert ("a", "DEPENDS_ON", "b") in (await facts(database, graph_name))["relations"]

    await writer.unlink(edge("a", "b"), actor="ada")
    await writer.delete_node(graph_name, "b", actor="ada")
    await writer.undelete_node(graph_name, "b", actor="ada")
    assert ("a", "DEPENDS_ON", "b") not in (await facts(database, graph_name))["relations"]


@pytest.mark.parametrize(("source", "target"), [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("relation", list(RelationType))
async def test_link_and_unlink(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge,
    relation: RelationType, source: str, target: str,
) -> None:  # fmt: skip
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    with database.record() as sent:
        made = await writer.link(edge(source, target, relation=relation, weight=2), actor="bob")
    assert len(sent) == 1
    assert (made.source, made.target, made.relation, made.weight, made.origin, made.created_by) == (
        source, target, relation, 2.0, "api", "bob",
    )  # fmt: skip
    again = await writer.link(edge(source, target, relation=relation, weight=2), actor="eve")
    assert again == made
    other = await writer.link(edge(source, target, relation=relation, weight=3), actor="eve")
    assert (other.weight, other.created_by) == (3.0, "eve")
    found = await facts(database, graph_name)
    assert found["relations"] == sorted([(source, relation.name, target), (source, relation.ended, target)])
    with database.record() as sent:
        ended = await writer.unlink(edge(source, target, relation=relation), actor="bob")
    assert len(sent) == 1
    assert (ended.relation, ended.weight) == (relation, 3.0)
    assert ended.valid_to is not None
    assert (await facts(database, graph_name))["relations"] == [(source, relation.ended, target)] * 2
    assert [event["op"] for event in await events(database, graph_name)] == [
        "node.created", "relation.created", "relation.created", "relation.ended",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="There is no relation"):
        await writer.unlink(edge(source, target, relation=relation), actor="bob")


async def test_links_to_what_is_not_there(
    writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge, database: Database
) -> None:
    await writer.create_nodes([node("a"), node("b")], actor="ada")
    await writer.delete_node(graph_name, "b", actor="ada")
    with pytest.raises(NotFound, match="There is no node 'z'"):
        await writer.link(edge("a", "z"), actor="ada")
    with pytest.raises(NotFound, match="was deleted"):
        await writer.link(edge("b", "a"), actor="ada")
    with pytest.raises(BadInput, match="joins two nodes"):
        await writer.link(edge("a", "a"), actor="ada")
    with pytest.raises(NotFound, match="'b', 'z'"):
        await writer.create_nodes([node("c")], [edge("c", "a"), edge("c", "z"), edge("b", "c")], actor="ada")
    assert (await facts(database, graph_name))["live"] == ["a"]


async def test_batches_of_relations(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    nodes = [node(f"n{i:03}") for i in range(120)]
    edges = [edge(f"n{i:03}", f"n{i + 1:03}", relation=relation) for i in range(119) for relation in RelationType]
    with database.record() as sent:
        await writer.create_nodes(nodes, [*edges, *edges[:50]], actor="ada")
    assert len(sent) == 1 + len(RelationType)
    assert len((await facts(database, graph_name))["relations"]) == len(edges)
    made = [event for event in await events(database, graph_name) if event["op"] == "relation.created"]
    assert sum(len(event["types"]) for event in made) == len(edges)
    assert all(len(event["ids"]) == 2 * len(event["types"]) for event in made)


async def test_an_idempotency_key_makes_a_change_once(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, edge: NewEdge
) -> None:
    key = f"key-{graph_name}"
    first = await writer.create_nodes([node(title="x"), node("b")], actor="ada", idempotency_key=key)
    assert await writer.create_nodes([node(title="x"), node("b")], actor="ada", idempotency_key=key) == first
    with pytest.raises(Conflict, match="used before with another input"):
        await writer.create_nodes([node(title="y")], actor="ada", idempotency_key=key)
    with pytest.raises(Conflict, match="used before with another input"):
        await writer.delete_node(graph_name, "b", actor="ada", idempotency_key=key)
    change = await writer.update_node(graph_name, "b", 1, {"title": "z"}, actor="ada", idempotency_key=key + "u")
    assert change == await writer.update_node(
        graph_name, "b", 1, {"title": "z"}, actor="ada", idempotency_key=key + "u"
    )
    link = await writer.link(edge("b", first[0]), actor="ada", idempotency_key=key + "l")
    await writer.unlink(edge("b", first[0]), actor="ada", idempotency_key=key + "x")
    assert await writer.link(edge("b", first[0]), actor="ada", idempotency_key=key + "l") == link
    assert (await facts(database, graph_name))["relations"] == [("b", "WAS_DEPENDS_ON", first[0])]
    await database.write("MATCH (i:Idempotency) WHERE i.key STARTS WITH $key DELETE i", {"key": key})


async def test_a_failed_change_leaves_its_key_free(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode
) -> None:
    key = f"key-{graph_name}"
    with pytest.raises(NotFound):
        await writer.update_node(graph_name, "a", 1, {"title": "x"}, actor="ada", idempotency_key=key)
    await writer.create_nodes([node("a")], actor="ada")
    change = await writer.update_node(graph_name, "a", 1, {"title": "x"}, actor="ada", idempotency_key=key)
    assert change["rev"] == 2
    await database.write("MATCH (i:Idempotency {key: $key}) DELETE i", {"key": key})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "b"},
        {"rev": 9},
        {"no_such": 1},
        {"title": None},
        {"title": " "},
        {"priority": 1, "deciders": ["x"]},
    ],
)
async def test_changes_that_no_node_can_take(
    database: Database, writer: KnowledgeWriter, graph_name: str, node: NewNode, changes: dict[str, Any]
) -> None:
    await writer.create_nodes([node("a")], actor="ada")
    with database.record() as sent, pytest.raises(BadInput):
        await writer.update_node(graph_name, "a", 1, changes, actor="ada")
    assert sent == []
    assert (await facts(database, graph_name))["old"] == []
