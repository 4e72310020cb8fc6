"""Files into the graph: created, left alone, changed, gone, back again."""

import asyncio

import pytest

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.models import Edge, Node, NodeType, RelationType
from stratumiops.graph.store.database import Database
from stratumiops.ingest.identity import content_hash, node_id
from stratumiops.ingest.models import MAX_DOCUMENT_BYTES, DocumentFormat
from stratumiops.ingest.reports import SourceDocument

DECISIONS = {
    ("0001-record-decisions.md", "RELATES_TO", "README.md", "markdown"),
    ("0003-log-as-json.md", "DEPENDS_ON", "0002-queue-in-the-database.md", "status"),
    ("0003-log-as-json.md", "EXTENDS", "0001-record-decisions.md", "status"),
    ("0004-one-folder.md", "EXTENDS", "0001-record-decisions.md", "status"),
    ("0004-one-folder.md", "RELATES_TO", "0002-queue-in-the-database.md", "markdown"),
    ("0005-use-a-broker.md", "SUPERSEDES", "0002-queue-in-the-database.md", "status"),
    ("0007-no-status.md", "RELATES_TO", "0003-log-as-json.md", "wikilink"),
    ("0010-folder-per-decision/index.md", "RELATES_TO", "0004-one-folder.md", "wikilink"),
    ("20240809-slug-names.md", "SUPERSEDES", "0006-table-of-facts.md", "status"),
    ("README.md", "RELATES_TO", "0001-record-decisions.md", "markdown"),
    ("README.md", "RELATES_TO", "0010-folder-per-decision/index.md", "markdown"),
    ("adr-template.md", "RELATES_TO", "0001-record-decisions.md", "markdown"),
}


async def test_a_folder_becomes_nodes_and_relations(importer, samples) -> None:
    files = samples("decisions")
    outcomes = await importer.outcomes(files, wanted=DocumentFormat.ADR)
    assert set(outcomes.values()) == {"created"}
    report = await importer.finish(list(files))
    assert set(await importer.relations()) == DECISIONS
    assert (report.nodes, report.relations, report.relations_created) == (12, 12, 12)
    assert [(one.path, one.target, one.line) for one in report.unresolved] == [
        ("0008-broken-link.md", "0099-gone.md", 5)
    ]
    node = await importer.node("0003-log-as-json.md")
    assert node["type"] == "decision"
    assert node["status"] == "accepted"
    assert node["deciders"] == ["the platform team", "the on-call group"]
    assert (node["created_by"], node["rev"]) == ("tester", 1)
    assert node["id"] == node_id(importer.graph, "notes", "0003-log-as-json.md")


async def test_a_second_import_touches_nothing_at_all(importer, samples) -> None:
    files = samples("decisions") | {"broken.md": b"---\na: [\n---\n\xff\x00"}
    await importer.whole(files)
    before = await importer.everything()
    assert set((await importer.outcomes(files)).values()) == {"unchanged"}
    report = await importer.finish(list(files))
    assert (report.relations_created, report.relations_ended, report.deleted) == (0, 0, 0)
    assert await importer.everything() == before


async def test_a_changed_file_has_a_revision_and_keeps_its_id(importer) -> None:
    await importer.whole({"a.md": "# One\n\n[[b]]", "b.md": "b"})
    old = await importer.node("a.md")
    assert await importer.outcomes({"a.md": "---\ntype: guideline\n---\n# Two", "b.md": "b"}) == {
        "a.md": "updated",
        "b.md": "unchanged",
    }
    new = await importer.node("a.md")
    assert (new["id"], new["rev"], new["title"], new["type"]) == (old["id"], 2, "Two", "guideline")
    assert new["created_at"] == old["created_at"]
    [row] = await importer.database.read(
        "MATCH (n:Guideline:KnowledgeNode {graph: $graph, path: 'a.md'})-[:HAS_REVISION]->(v)"
        " RETURN v.title AS title, v.rev AS rev, v.change AS change, v.valid_to = n.updated_at AS joined,"
        " labels(n) AS labels",
        {"graph": importer.graph},
    )
    assert (row["title"], row["rev"], row["change"], row["joined"]) == ("One", 1, "updated", True)
    assert set(row["labels"]) == {"KnowledgeNode", "Guideline"}
    report = await importer.finish(["a.md", "b.md"])
    assert (report.relations, report.relations_ended) == (0, 1)
    assert await importer.relations(live=False) == [("a.md", "WAS_RELATES_TO", "b.md", "wikilink")]


async def test_bytes_that_say_the_same_make_no_revision(importer) -> None:
    await importer.whole({"a.md": "---\ntitle: A\n---\nx\n"})
    assert await importer.outcomes({"a.md": "---\ntitle:   'A'  # the same\n---\r\nx\r\n"}) == {"a.md": "unchanged"}
    assert (await importer.node("a.md"))["rev"] == 1
    [stored] = await importer.service.imported(importer.graph, "notes", first=10, after=None)
    assert stored.hash == content_hash(b"---\ntitle:   'A'  # the same\n---\r\nx\r\n")


async def test_a_file_that_is_gone_goes_to_history_and_comes_back_whole(importer) -> None:
    files = {"a.md": "[[b]]", "b.md": "# B", "c.md": "[[b]]"}
    await importer.whole(files)
    old = await importer.node("b.md")
    report = await importer.finish(["a.md", "c.md"])
    assert (report.deleted, report.nodes, report.relations, report.unresolved_count) == (1, 2, 0, 2)
    assert await importer.node("b.md") is None
    assert await importer.outcomes({"b.md": "# B again"}) == {"b.md": "restored"}
    report = await importer.finish(list(files))
    new = await importer.node("b.md")
    assert (new["id"], new["title"]) == (old["id"], "B again")
    assert new["rev"] > old["rev"]
    assert report.relations == 2
    assert len(await importer.relations()) == 2


async def test_without_a_list_of_paths_nothing_is_deleted(importer) -> None:
    await importer.whole({"a.md": "a", "b.md": "b"})
    assert (await importer.finish(None)).deleted == 0
    assert (await importer.finish([])).deleted == 2


async def test_a_target_that_comes_later_is_joined_then(importer) -> None:
    await importer.send({"old.md": "---\nsuperseded_by: new\n---\n", "x.md": "[[new]]"})
    assert (await importer.finish(["old.md", "x.md"])).unresolved_count == 2
    await importer.send({"new.md": "# New"})
    report = await importer.finish(["old.md", "x.md", "new.md"])
    assert (report.unresolved_count, report.relations_created) == (0, 2)
    assert ("new.md", "SUPERSEDES", "old.md", "frontmatter") in await importer.relations()


async def test_a_relation_stated_from_both_sides_ends_with_the_last_statement(importer) -> None:
    both = {"a.md": "---\nsupersedes: b\n---\n", "b.md": "---\nsuperseded_by: a\n---\n"}
    assert (await importer.whole(both)).relations == 1
    assert (await importer.whole(both | {"a.md": "no more"})).relations == 1
    assert (await importer.whole({"a.md": "no more", "b.md": "neither"})).relations == 0
    assert await importer.relations() == []


async def test_relations_that_no_file_states_are_left_alone(importer, writer) -> None:
    await importer.whole({"a.md": "a", "b.md": "b [[a]]"})
    a, b = (await importer.node("a.md"))["id"], (await importer.node("b.md"))["id"]
    edge = Edge(graph=importer.graph, source=a, target=b, relation=RelationType.DEPENDS_ON)
    await writer.link(edge, actor="someone")
    report = await importer.whole({"a.md": "a, changed", "b.md": "b"})
    assert report.relations_ended == 1
    assert await importer.relations() == [("a.md", "DEPENDS_ON", "b.md", "api")]


async def test_ids_of_front_matter_are_kept_and_must_differ(importer) -> None:
    found = await importer.send({"a.md": "---\nid: same\n---\nA", "b.md": "---\nid: same\n---\nB", "c.md": "C"})
    assert {path: one.outcome.value for path, one in found.items()} == {
        "a.md": "created",
        "b.md": "failed",
        "c.md": "created",
    }
    [problem] = found["b.md"].problems
    assert (problem.code, problem.severity) == ("DUPLICATE_ID", "error")
    assert "a.md" in problem.message
    assert "b.md" in problem.message
    later = await importer.send({"d.md": "---\nid: same\n---\nD"})
    assert "a.md" in later["d.md"].problems[0].message
    other = await importer.send({"a.md": "---\nid: same\n---\nA"}, source="elsewhere")
    assert "a.md of the source notes" in other["a.md"].problems[0].message


async def test_a_file_that_moved_keeps_its_id(importer) -> None:
    await importer.whole({"a.md": "---\nid: me\n---\nA", "b.md": "[[a]]"})
    assert await importer.outcomes({"sub/a.md": "---\nid: me\n---\nA"}, removed=["a.md"]) == {"sub/a.md": "updated"}
    report = await importer.finish(["sub/a.md", "b.md"])
    assert (report.deleted, report.nodes, report.relations) == (0, 2, 1)
    assert (await importer.node("sub/a.md"))["id"] == "me"


async def test_ids_may_be_swapped_in_one_import(importer) -> None:
    await importer.whole({"a.md": "---\nid: one\n---\nA", "b.md": "---\nid: two\n---\nB"})
    swapped = {"a.md": "---\nid: two\n---\nA", "b.md": "---\nid: three\n---\nB"}
    assert "failed" not in (await importer.outcomes(swapped)).values()
    await importer.finish(["a.md", "b.md"])
    assert ((await importer.node("a.md"))["id"], (await importer.node("b.md"))["id"]) == ("two", "three")


async def test_the_same_node_is_found_when_documents_were_lost(importer) -> None:
    await importer.whole({"a.md": "A", "b.md": "B"})
    await importer.database.write("MATCH (d:Document {graph: $graph}) DETACH DELETE d", {"graph": importer.graph})
    assert await importer.outcomes({"a.md": "A", "b.md": "B, changed"}) == {"a.md": "unchanged", "b.md": "updated"}
    assert ((await importer.node("a.md"))["rev"], (await importer.node("b.md"))["rev"]) == (1, 2)


async def test_a_node_that_the_api_deleted_comes_back_only_with_a_change(importer, writer) -> None:
    await importer.whole({"a.md": "A"})
    node = await importer.node("a.md")
    await writer.delete_node(importer.graph, node["id"], actor="someone")
    assert await importer.outcomes({"a.md": "A"}) == {"a.md": "unchanged"}
    assert await importer.node("a.md") is None
    assert await importer.outcomes({"a.md": "A, changed"}) == {"a.md": "restored"}
    assert (await importer.node("a.md"))["content"] == "A, changed"


async def test_bad_files_do_not_hold_up_the_others(importer) -> None:
    found = await importer.send(
        {
            "good.md": "good",
            "/absolute.md": "x",
            "../outside.md": "x",
            "line\nbreak.md": "x",
            "huge.md": b"x" * (MAX_DOCUMENT_BYTES + 1),
            "latin.md": "caf\xe9".encode("latin-1"),
            "empty.md": "",
        }
    )
    assert {path: one.outcome.value for path, one in found.items()} == {
        "good.md": "created",
        "/absolute.md": "failed",
        "../outside.md": "failed",
        "line\nbreak.md": "failed",
        "huge.md": "failed",
        "latin.md": "created",
        "empty.md": "created",
    }
    assert [one.problems[0].code for one in found.values() if one.problems] == [
        "BAD_PATH",
        "BAD_PATH",
        "BAD_PATH",
        "TOO_LARGE",
        "INVALID_ENCODING",
    ]
    assert (await importer.node("latin.md"))["content"] == "caf\ufffd"
    assert (await importer.node("empty.md"))["title"] == "empty"


async def test_a_file_that_the_database_refuses_is_singled_out(importer) -> None:
    """A path longer than an index key can be is refused by the store; the other files are written."""
    path = "\U0001f4a5" * 900 + "/" + "é" * 90 + ".md"
    huge = {f"{n}.md": f"# {n}" for n in range(7)} | {path: "---\nid: " + "\U0001f4a5" * 290 + "\n---\nx"}
    outcomes = await importer.outcomes(huge)
    assert set(outcomes.values()) <= {"created", "failed"}
    assert [outcomes[f"{n}.md"] for n in range(7)] == ["created"] * 7


async def test_cypher_and_lucene_looking_text_is_text(importer) -> None:
    nasty = "'}) DETACH DELETE n // +*~?:\\ $graph `x` {{y}}"
    await importer.whole({"x.md": f"# {nasty}\n\n{nasty}", "it's {a} $path.md": nasty})
    assert (await importer.node("x.md"))["title"] == nasty
    assert (await importer.node("it's {a} $path.md"))["content"] == nasty


async def test_what_is_refused_as_a_whole(importer) -> None:
    with pytest.raises(NotFound, match="no graph nowhere"):
        await importer.service.import_documents("nowhere", "s", [SourceDocument("a.md", b"")], actor="x")
    with pytest.raises(NotFound):
        await importer.service.finish("nowhere", "s", actor="x")
    with pytest.raises(BadInput, match="source name"):
        await importer.send({}, source="../x")
    with pytest.raises(BadInput, match="1,000 documents"):
        await importer.send({f"{n}.md": "" for n in range(1_001)})
    with pytest.raises(BadInput, match="5,000"):
        await importer.service.imported(importer.graph, "notes", first=5_001, after=None)


async def test_importers_at_the_same_time_write_each_file_once(importer) -> None:
    files = {f"{n:03}.md": f"---\nid: id-{n}\n---\n# {n} [[{(n + 1) % 60:03}]]" for n in range(60)}
    found = await asyncio.gather(*(importer.outcomes(files) for _ in range(3)))
    for path in files:
        assert sorted(one[path] for one in found) == ["created", "unchanged", "unchanged"]
    reports = await asyncio.gather(*(importer.finish(list(files)) for _ in range(3)))
    assert {one.relations for one in reports} == {60}
    assert len(await importer.relations()) == 60
    assert (await importer.node("000.md"))["rev"] == 1


async def test_a_batch_is_one_event_of_each_kind(importer) -> None:
    files = {f"{n}.md": f"[[{(n + 1) % 5}]]" for n in range(5)}
    await importer.whole(files)
    assert await importer.events() == [("node.created", 5), ("relation.created", 10)]
    await importer.whole({f"{n}.md": "changed" for n in range(4)})
    assert (await importer.events())[2:] == [("node.updated", 4), ("node.deleted", 1), ("relation.ended", 6)]


async def test_few_statements_for_many_files(importer, database: Database) -> None:
    files = {f"{n}.md": f"# {n}\n\n[[{n + 1}]]" for n in range(300)}
    with database.record() as sent:
        await importer.send(files)
        await importer.finish(list(files))
    assert len(sent) <= 9
    with database.record() as sent:
        await importer.send(files)
        await importer.finish(list(files))
    assert {one.mode for one in sent} == {"READ"}
    assert len(sent) <= 6


async def test_relations_to_nodes_of_other_sources_by_id(importer, writer) -> None:
    node = Node(id="made-by-api", graph=importer.graph, type=NodeType.NOTE, title="Elsewhere")
    await writer.create_nodes([node], actor="api")
    report = await importer.whole({"a.md": "---\ndepends_on: made-by-api\n---\n"})
    assert (report.relations, report.unresolved_count) == (1, 0)
    assert (await importer.whole({"a.md": "nothing"})).relations_ended == 1
