"""Blocks in the graph: written with their node, replaced with its text, joined by `finish`, gone with their file."""

import json

import pytest

from stratumiops.graph.store import labels
from stratumiops.graph.store.database import Database
from stratumiops.ingest.logseq.layout import FileNames, Layout
from stratumiops.ingest.models import COUNTED, DocumentFormat
from stratumiops.ingest.reports import SourceDocument

LOGSEQ, OBSIDIAN = DocumentFormat.LOGSEQ, DocumentFormat.OBSIDIAN
ID = "65a0b1c2-1111-4222-8333-00000000000"
A = f"- one #x\n  id:: {ID}1\n\t- TODO two\n\t- two\n- three [[B]]\n"
B = f"- see (({ID}1)) and {{{{embed (({ID}1))}}}}\n- [[A]] (({ID}9))\n"


async def test_blocks_have_places_parents_ids_and_lines(importer) -> None:
    await importer.whole({"pages/A.md": A}, wanted=LOGSEQ)
    one, two, again, three = await importer.blocks()
    assert [(b["order"], b["depth"], b["text"], b["start_line"], b["end_line"]) for b in (one, two, again)] == [
        (0, 0, "one #x", 1, 2),
        (1, 1, "two", 3, 3),
        (2, 1, "two", 4, 4),
    ]
    assert (one["id"], one["own"], one["tags"]) == (f"{ID}1", True, ["x"])
    assert two["parent_id"] == again["parent_id"] == one["id"]
    assert len({one["id"], two["id"], again["id"], three["id"]}) == 4
    assert (two["marker"], two["state"], again.get("state")) == ("TODO", "todo", None)
    rows = await importer.database.read(
        "MATCH (c:Block {graph: $graph})-[:CHILD_OF]->(p:Block)"
        " RETURN c.order AS child, p.order AS parent ORDER BY child",
        {"graph": importer.graph},
    )
    assert [(row["child"], row["parent"]) for row in rows] == [(1, 0), (2, 0)]


async def test_ids_stay_when_lines_move_and_tasks_are_done(importer) -> None:
    await importer.whole({"pages/A.md": A}, wanted=LOGSEQ)
    before = {(b["text"], b["depth"], b.get("marker")): b["id"] for b in await importer.blocks()}
    await importer.whole({"pages/A.md": "- new\n" + A.replace("TODO two", "DONE two")}, wanted=LOGSEQ)
    after = await importer.blocks()
    assert [b["order"] for b in after] == [0, 1, 2, 3, 4]
    ids = [b["id"] for b in after]
    assert ids[1:] == list(before.values())
    assert after[2]["state"] == "done"
    await importer.whole({"pages/A.md": "- three [[B]]\n"}, wanted=LOGSEQ)
    [left] = await importer.blocks()
    assert left["id"] == ids[4]


async def test_references_lead_to_blocks_and_nodes(importer) -> None:
    report = await importer.whole({"pages/A.md": A, "pages/B.md": B}, wanted=LOGSEQ)
    see = f"see (({ID}1)) and {{{{embed (({ID}1))}}}}"
    expected = sorted([("three [[B]]", "pages/B.md"), (see, "one #x"), (f"[[A]] (({ID}9))", "pages/A.md")])
    assert await importer.references() == expected
    assert sorted({(s, t, o) for s, _, t, o in await importer.relations()}) == [
        ("pages/A.md", "pages/B.md", "wikilink"),
        ("pages/B.md", "pages/A.md", "wikilink"),
    ]
    assert [(one.target, one.kind.value, one.line) for one in report.unresolved] == [(f"{ID}9", "block_ref", 2)]
    await importer.whole({"pages/A.md": "- gone\n", "pages/B.md": B}, wanted=LOGSEQ)
    assert await importer.references() == [(f"[[A]] (({ID}9))", "pages/A.md")]
    await importer.whole({"pages/A.md": A, "pages/B.md": B}, wanted=LOGSEQ)
    assert await importer.references() == expected


async def test_a_block_of_another_page_joins_the_pages(importer) -> None:
    await importer.whole({"pages/A.md": A, "pages/C.md": f"- (({ID}1))\n"}, wanted=LOGSEQ)
    assert await importer.relations() == [("pages/C.md", "RELATES_TO", "pages/A.md", "block_ref")]


async def test_one_id_on_two_pages_is_ambiguous_but_for_the_page_itself(importer) -> None:
    twice = f"- x\n  id:: {ID}1\n- (({ID}1))\n"
    files = {"pages/A.md": twice, "pages/B.md": twice, "pages/C.md": f"- (({ID}1))\n"}
    report = await importer.whole(files, wanted=LOGSEQ)
    assert [(one.path, one.reason.value) for one in report.unresolved] == [("pages/C.md", "ambiguous")]
    assert await importer.references() == [(f"(({ID}1))", "x")] * 2


async def test_what_is_unresolved_is_kept_with_the_document(importer) -> None:
    await importer.whole({"pages/A.md": A, "pages/B.md": B}, wanted=LOGSEQ)
    assert json.loads((await importer.document("pages/B.md"))["unresolved"]) == [[2, "block_ref", f"{ID}9", "missing"]]
    assert "unresolved" not in await importer.document("pages/A.md")
    await importer.whole({"pages/B.md": B}, wanted=LOGSEQ)
    assert len(json.loads((await importer.document("pages/B.md"))["unresolved"])) == 4


async def test_counts_are_summed_over_all_files_unchanged_ones_too(importer) -> None:
    report = await importer.whole({"pages/A.md": A, "pages/B.md": B}, wanted=LOGSEQ)
    assert report.counts == dict.fromkeys(COUNTED, 0) | {
        "pages": 2, "blocks": 6, "wikilinks": 2, "block_refs": 3, "embeds": 1, "properties": 1, "tags": 1, "tasks": 1,
    }  # fmt: skip
    await importer.send({"pages/B.md": "- x\n"}, wanted=LOGSEQ)
    assert (await importer.finish(None)).counts["blocks"] == 5
    assert (await importer.finish(["pages/A.md"])).counts["blocks"] == 4


async def test_blocks_go_with_their_file_and_come_back_with_it(importer, writer) -> None:
    files = {"pages/A.md": A, "pages/B.md": B}
    await importer.whole(files, wanted=LOGSEQ)
    ids = [b["id"] for b in await importer.blocks("pages/A.md")]
    await importer.finish(["pages/B.md"])
    assert await importer.blocks("pages/A.md") == []
    await importer.whole(files, wanted=LOGSEQ)
    assert [b["id"] for b in await importer.blocks("pages/A.md")] == ids
    assert len(await importer.references()) == 3


async def test_a_file_with_another_id_leaves_no_blocks_behind(importer) -> None:
    await importer.whole({"a.md": "---\nid: one\n---\n- [ ] task\n"})
    await importer.whole({"a.md": "---\nid: two\n---\n- [ ] task\n"})
    assert [b["node_id"] for b in await importer.blocks()] == ["two"]
    assert await importer.outcomes({"b.md": "---\nid: two\n---\n- [ ] task\n"}, removed=["a.md"]) == {"b.md": "updated"}
    await importer.finish(["b.md"])
    assert [(b["node_id"], b["path"]) for b in await importer.blocks()] == [("two", "b.md")]


async def test_a_second_import_only_reads(importer, database: Database) -> None:
    files = {f"pages/{n}.md": f"- TODO [[{(n + 1) % 50}]]\n\t- b\n\t  id:: {ID[:-2]}{n:03}\n" for n in range(50)}
    with database.record() as sent:
        await importer.whole(files, wanted=LOGSEQ)
    assert len(sent) <= 11
    with database.record() as sent:
        await importer.whole(files, wanted=LOGSEQ)
    assert {one.mode for one in sent} == {"READ"}


async def test_relations_say_where_they_stand_and_go_on_to_hold_when_that_changes(importer) -> None:
    async def places() -> list[tuple[str, int, str]]:
        rows = await importer.database.read(
            "MATCH ({graph: $graph})-[r:RELATES_TO|SUPERSEDES]->()"
            " RETURN r.path AS path, r.line AS line, r.valid_from AS since ORDER BY path",
            {"graph": importer.graph},
        )
        return [(row["path"], row["line"], row["since"]) for row in rows]

    files = {"a.md": "x\n\n[[b]]\n", "b.md": "---\ntitle: B\nsuperseded_by: c\n---\n", "c.md": "c"}
    await importer.whole(files)
    first = await places()
    assert [one[:2] for one in first] == [("a.md", 3), ("b.md", 3)]
    report = await importer.whole(files | {"a.md": "[[b]]\n"})
    assert await places() == [("a.md", 1, first[0][2]), first[1]]
    assert (report.relations_created, report.relations_ended) == (0, 0)


async def test_a_note_that_links_to_itself(importer, writer) -> None:
    await importer.whole({"A.md": "[[A]] [[#head]]\n"}, wanted=OBSIDIAN)
    assert await importer.relations() == [("A.md", "RELATES_TO", "A.md", "wikilink")]
    node = await importer.node("A.md")
    await writer.delete_node(importer.graph, node["id"], actor="me")
    assert await importer.relations() == []
    await writer.undelete_node(importer.graph, node["id"], actor="me")
    assert await importer.relations() == [("A.md", "RELATES_TO", "A.md", "wikilink")]


async def test_a_layout_that_changes_reads_files_anew(importer) -> None:
    async def send(layout: Layout) -> str:
        document = SourceDocument("pages/a___b.md", b"- x\n", LOGSEQ, layout)
        [result] = await importer.service.import_documents(importer.graph, "notes", [document], actor="me")
        return f"{result.outcome.value} {result.title}"

    assert await send(Layout()) == "created a___b"
    assert await send(Layout(hidden=("x",))) == "unchanged a___b"
    assert await send(Layout(file_names=FileNames.TRIPLE_LOWBAR)) == "updated a/b"


async def test_a_status_that_a_file_no_longer_gives_is_gone(importer) -> None:
    await importer.whole({"a.md": "---\nstatus: draft\ndate: 2024-01-02\naliases: [x]\n---\n"})
    assert (await importer.node("a.md"))["aliases"] == ["x"]
    await importer.whole({"a.md": "nothing"})
    assert not {"status", "date", "aliases"} & set(await importer.node("a.md"))


@pytest.mark.parametrize("wanted", [OBSIDIAN, DocumentFormat.AUTO])
async def test_blocks_of_other_markdown(importer, wanted: DocumentFormat) -> None:
    files = {"a.md": "- [ ] do\n\nText. ^p\n", "b.md": "![[a#^p]] and\n\n- [x] [[a#^p]] ^p\n"}
    report = await importer.whole(files, wanted=wanted)
    assert [(b["id"] == "p", b["text"]) for b in await importer.blocks()] == [
        (False, "do"),
        (True, "Text."),
        (True, "[[a#^p]]"),
    ]
    assert await importer.references() == [("[[a#^p]]", "Text.")]
    assert report.unresolved == []


async def test_stored_blocks_fit_the_declared_model(importer) -> None:
    await importer.whole(
        {"pages/A.md": A + "- TODO [#A] x\n  SCHEDULED: <2024-02-01 Thu>\n", "pages/B.md": B}, wanted=LOGSEQ
    )
    declared = labels.properties(labels.declared()["Block"])
    for block in await importer.blocks():
        assert set(block) <= set(declared)
        assert {name for name, kind in declared.items() if kind.required} <= set(block)
    rows = await importer.database.read(
        "MATCH (:Block {graph: $graph})-[r]->() RETURN DISTINCT type(r) AS type, properties(r) AS held",
        {"graph": importer.graph},
    )
    assert {row["type"] for row in rows} == set(labels.relations(labels.declared()["Block"]))
    assert all(row["held"] == {} for row in rows)
