"""Files and graph edited in every combination, and brought into step again."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.ingest.folder.writing import write

from .conftest import Pair

A = "# A\n\none\n\ntwo\n\nthree\n"
FILE, GRAPH = "<<<<<<< file\n", ">>>>>>> graph\n"


async def test_new_files_become_nodes_and_a_second_sync_does_nothing(synced) -> None:
    pair = await synced({"a.md": A, "sub/b.md": "[[a]]"})
    assert set(await pair.nodes()) == {"a.md", "sub/b.md"}
    report = await pair.once()
    assert (report.unchanged, report.changes, report.files) == (2, 0, 2)


async def test_a_changed_file_changes_its_node(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "ONE")})
    assert (await pair.sync()).imported == 1
    node = (await pair.nodes())["a.md"]
    assert ("ONE" in node["content"], node["rev"]) == (True, 2)


async def test_a_changed_node_changes_only_its_lines_in_the_file(synced) -> None:
    data = b"\xef\xbb\xbf---\r\ntitle: 'A'  # mine\r\ntags:\r\n  - x\r\n---\r\none  \r\ntwo \xff\nlast"
    pair = await synced({"a.md": data})
    await pair.replace("a.md", "one  ", "ONE")
    await pair.change("a.md", title="B", tags=["x", "y"])
    report = await pair.sync()
    assert (report.written, report.imported, report.merged) == (1, 0, 0)
    wanted = data.replace(b"'A'", b"'B'").replace(b"  - x\r\n", b"  - x\r\n  - y\r\n").replace(b"one  ", b"ONE")
    assert pair.files() == {"a.md": wanted}


async def test_changes_of_different_lines_are_merged_into_both(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "three", "GRAPH")
    report = await pair.sync()
    assert (report.merged, report.written, report.conflicts) == (1, 1, [])
    wanted = A.replace("one", "FILE").replace("three", "GRAPH")
    assert pair.text("a.md") == wanted
    assert (await pair.nodes())["a.md"]["content"] == wanted


async def test_line_ends_and_front_matter_bytes_survive_a_merge(synced) -> None:
    data = b"\xef\xbb\xbf---\r\nk:   v   # kept\r\nt: [a,b]\r\n---\r\n# A\r\n\r\none\r\ntwo\r\nthree\r\n"
    pair = await synced({"a.md": data})
    pair.put({"a.md": data.replace(b"one", b"FILE")})
    await pair.replace("a.md", "three", "GRAPH")
    await pair.sync()
    assert pair.files()["a.md"] == data.replace(b"one", b"FILE").replace(b"three", b"GRAPH")


async def test_a_field_here_and_a_line_there(synced) -> None:
    pair = await synced({"0001-a.md": "# A\n\nDate: 2020-01-01\n\n## Status\n\nProposed\n\n## Context\n\nc\n"})
    pair.put({"0001-a.md": pair.text("0001-a.md").replace("\nc\n", "\nC\n")})
    await pair.change("0001-a.md", status="accepted", date="2021-02-03")
    assert (await pair.sync()).merged == 1
    assert pair.text("0001-a.md") == "# A\n\nDate: 2021-02-03\n\n## Status\n\nAccepted\n\n## Context\n\nC\n"
    node = (await pair.nodes())["0001-a.md"]
    assert (node["status"], node["date"], node["content"]) == ("accepted", "2021-02-03", pair.text("0001-a.md"))


async def test_the_same_change_on_both_sides_is_one(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "ONE")})
    await pair.replace("a.md", "one", "ONE")
    report = await pair.sync()
    assert (report.imported, report.written, report.merged, report.conflicts) == (0, 0, 0, [])
    assert pair.text("a.md") == A.replace("one", "ONE")


async def test_a_true_conflict_keeps_both_sides_and_stays_listed(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "one", "GRAPH")
    report = await pair.sync()
    both = A.replace("one\n", f"{FILE}FILE\n=======\nGRAPH\n{GRAPH}")
    assert pair.text("a.md") == both
    assert (await pair.nodes())["a.md"]["content"] == both
    [conflict] = await pair.conflicts()
    assert (conflict["kind"], conflict["path"], conflict["base"]) == ("CONTENT", "a.md", A)
    assert conflict["file"] == A.replace("one", "FILE")
    assert conflict["node"] == A.replace("one", "GRAPH")
    [listed] = report.conflicts
    assert listed["id"] == conflict["id"]
    assert listed["kind"] == "content"
    assert (await pair.once()).conflicts == [listed]


@pytest.mark.parametrize(
    ("keep", "line"), [("FILE", "FILE\n"), ("GRAPH", "GRAPH\n"), ("BOTH", "FILE\nGRAPH\n"), ("TEXT", "else\n")]
)
async def test_a_conflict_is_resolved_in_graphql(synced, keep: str, line: str) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE").replace("three", "kept")})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.sync()
    wanted = A.replace("one\n", line).replace("three", "kept")
    await pair.resolve(keep, wanted if keep == "TEXT" else None)
    assert await pair.conflicts() == []
    assert (await pair.nodes())["a.md"]["content"] == wanted
    report = await pair.sync()
    assert (report.written, report.conflicts) == (1, [])
    assert pair.text("a.md") == wanted


async def test_a_conflict_is_resolved_in_an_editor(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.sync()
    pair.put({"a.md": pair.text("a.md").replace("two", "also")})
    assert len((await pair.sync()).conflicts) == 1, "the marks are still there"
    pair.put({"a.md": A.replace("one", "decided")})
    assert (await pair.sync()).conflicts == []
    assert (await pair.nodes())["a.md"]["content"] == A.replace("one", "decided")


async def test_a_conflict_that_an_import_overran_is_over(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.sync()
    pair.put({"a.md": A})
    document = {"path": "a.md", "content": A}
    mutation = "mutation ($input: ImportDocumentsInput!) { importDocuments(input: $input) { updated } }"
    await pair.ask(mutation, input={"graph": pair.graph, "source": "notes", "documents": [document]})
    assert len(await pair.conflicts()) == 1
    assert (await pair.sync()).conflicts == []
    finish = "mutation ($input: FinishImportInput!) { finishImport(input: $input) { deleted } }"
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.sync()
    await pair.ask(finish, input={"graph": pair.graph, "source": "notes", "keep": []})
    assert await pair.conflicts() == []


async def test_a_conflict_is_resolved_by_changing_the_node(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"a.md": A.replace("one", "FILE")})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.sync()
    await pair.change("a.md", content=A.replace("one", "decided"))
    assert (await pair.sync()).conflicts == []
    assert pair.text("a.md") == A.replace("one", "decided")


async def test_a_conflict_in_front_matter_leaves_valid_yaml(synced) -> None:
    pair = await synced({"a.md": "---\ntitle: A\nk: v\n---\nx\n"})
    pair.put({"a.md": "---\ntitle: F\nk: v\n---\nx\n"})
    await pair.change("a.md", title="G")
    assert len((await pair.sync()).conflicts) == 1
    assert pair.text("a.md") == f"---\n# {FILE}title: F\n# =======\n# title: G\n# {GRAPH}k: v\n---\nx\n"
    node = (await pair.nodes())["a.md"]
    assert (node["title"], node["metadata"]) == ("F", {"k": "v"})
    await pair.resolve("GRAPH")
    await pair.sync()
    assert pair.text("a.md") == "---\ntitle: G\nk: v\n---\nx\n"
    assert (await pair.nodes())["a.md"]["title"] == "G"


async def test_in_an_outline_blocks_are_merged_and_a_block_is_the_unit_of_conflict(synced) -> None:
    page = "type:: x\n\n- one\n  more\n- two\n\t- sub\n"
    pair = await synced({"p.md": page})
    pair.put({"p.md": page.replace("one", "ONE")})
    await pair.replace("p.md", "sub", "SUB")
    assert (await pair.sync()).conflicts == []
    assert pair.text("p.md") == page.replace("one", "ONE").replace("sub", "SUB")
    pair.put({"p.md": pair.text("p.md").replace("ONE", "FILE")})
    await pair.replace("p.md", "more", "GRAPH")
    assert len((await pair.sync()).conflicts) == 1
    assert f"{FILE}- FILE\n  more\n=======\n- ONE\n  GRAPH\n{GRAPH}- two\n" in pair.text("p.md")


async def test_a_pure_rename_keeps_the_id(synced) -> None:
    pair = await synced({"a.md": A, "b.md": "[[a]]", "empty.md": "", "e/empty.md": ""})
    before = await pair.nodes()
    (pair.root / "sub").mkdir()
    (pair.root / "a.md").rename(pair.root / "sub" / "renamed.md")
    (pair.root / "empty.md").rename(pair.root / "sub" / "empty.md")
    report = await pair.sync()
    assert (report.renamed, report.imported, report.deleted_nodes) == (2, 0, 0)
    after = await pair.nodes()
    assert set(after) == {"sub/renamed.md", "b.md", "sub/empty.md", "e/empty.md"}
    assert after["sub/renamed.md"]["id"] == before["a.md"]["id"]
    assert after["sub/empty.md"]["id"] == before["empty.md"]["id"]
    assert after["e/empty.md"]["id"] == before["e/empty.md"]["id"]


async def test_a_renamed_file_whose_node_changed_gets_the_change_at_its_new_place(synced) -> None:
    pair = await synced({"a.md": A})
    node = (await pair.nodes())["a.md"]
    await pair.replace("a.md", "one", "GRAPH")
    (pair.root / "a.md").rename(pair.root / "b.md")
    report = await pair.sync()
    assert (report.renamed, report.written) == (1, 1)
    assert pair.files() == {"b.md": A.replace("one", "GRAPH").encode()}
    assert (await pair.nodes())["b.md"]["id"] == node["id"]


async def test_a_file_renamed_and_edited_keeps_its_id_when_it_carries_one(synced) -> None:
    pair = await synced({"a.md": "---\nid: me\n---\n# A\n", "c.md": A})
    (pair.root / "a.md").unlink()
    (pair.root / "c.md").unlink()
    pair.put({"b.md": "---\nid: me\n---\n# B\n", "d.md": A + "more\n"})
    report = await pair.sync()
    assert (report.imported, report.renamed, report.deleted_nodes, report.errors) == (1, 1, 1, [])
    nodes = await pair.nodes()
    assert set(nodes) == {"b.md", "d.md"}
    assert nodes["b.md"]["id"] == "me"


async def test_a_file_renamed_and_edited_that_carries_its_id_is_merged_with_its_changed_node(synced) -> None:
    text = f"---\nid: me\n---\n{A}"
    pair = await synced({"a.md": text})
    await pair.replace("a.md", "one", "GRAPH")
    (pair.root / "a.md").unlink()
    pair.put({"b.md": text.replace("three", "FILE")})
    report = await pair.sync()
    assert (report.renamed, report.written, report.conflicts) == (1, 1, [])
    assert pair.files() == {"b.md": text.replace("three", "FILE").replace("one", "GRAPH").encode()}
    assert (await pair.nodes())["b.md"]["id"] == "me"


async def test_a_deleted_file_takes_its_node_to_history(synced) -> None:
    pair = await synced({"a.md": A, "b.md": "b"})
    node = (await pair.nodes())["a.md"]
    (pair.root / "a.md").unlink()
    assert (await pair.sync()).deleted_nodes == 1
    assert set(await pair.nodes()) == {"b.md"}
    history = await pair.ask(
        "query ($g: String, $id: ID!) { history(graph: $g, id: $id) { endedBy } }", g=pair.graph, id=node["id"]
    )
    assert history["history"][0]["endedBy"] == "DELETED"
    pair.put({"a.md": A})
    await pair.sync()
    assert (await pair.nodes())["a.md"]["id"] == node["id"]


async def test_a_deleted_node_takes_its_file_along(synced) -> None:
    pair = await synced({"a.md": A, "b.md": "b"})
    await pair.delete("a.md")
    assert (await pair.sync()).deleted_files == 1
    assert set(pair.files()) == {"b.md"}


async def test_what_both_sides_deleted_is_gone(synced) -> None:
    pair = await synced({"a.md": A, "b.md": "b"})
    await pair.delete("a.md")
    (pair.root / "a.md").unlink()
    report = await pair.sync()
    assert (report.deleted_files, report.deleted_nodes, report.conflicts, report.errors) == (0, 0, [], [])
    assert (set(pair.files()), set(await pair.nodes())) == ({"b.md"}, {"b.md"})


@pytest.mark.parametrize("keep", ["FILE", "GRAPH", "BOTH", "TEXT"])
async def test_a_file_deleted_whose_node_changed_is_a_conflict(synced, keep: str) -> None:
    pair = await synced({"a.md": A})
    await pair.replace("a.md", "one", "GRAPH")
    (pair.root / "a.md").unlink()
    report = await pair.sync()
    assert [one["kind"] for one in report.conflicts] == ["deleted_file"]
    assert (pair.files(), set(await pair.nodes())) == ({}, {"a.md"})
    [conflict] = await pair.conflicts()
    assert (conflict["file"], conflict["node"]) == (None, A.replace("one", "GRAPH"))
    await pair.resolve(keep, A.replace("one", "TEXT") if keep == "TEXT" else None)
    report = await pair.sync()
    assert report.conflicts == []
    if keep == "FILE":
        assert (pair.files(), await pair.nodes()) == ({}, {})
    else:
        wanted = A.replace("one", "TEXT" if keep == "TEXT" else "GRAPH")
        assert pair.files() == {"a.md": wanted.encode()}
        assert (await pair.nodes())["a.md"]["content"] == wanted


async def test_a_file_that_comes_back_ends_the_conflict_of_its_deletion(synced) -> None:
    pair = await synced({"a.md": A})
    await pair.replace("a.md", "one", "GRAPH")
    (pair.root / "a.md").unlink()
    await pair.sync()
    pair.put({"a.md": A.replace("three", "FILE")})
    assert (await pair.sync()).conflicts == []
    assert pair.text("a.md") == A.replace("one", "GRAPH").replace("three", "FILE")


@pytest.mark.parametrize("keep", ["FILE", "GRAPH", "BOTH", "TEXT"])
async def test_a_node_deleted_whose_file_changed_is_a_conflict(synced, keep: str) -> None:
    pair = await synced({"a.md": A})
    node = (await pair.nodes())["a.md"]
    await pair.delete("a.md")
    pair.put({"a.md": A.replace("one", "FILE")})
    report = await pair.sync()
    assert [one["kind"] for one in report.conflicts] == ["deleted_node"]
    assert (set(pair.files()), await pair.nodes()) == ({"a.md"}, {})
    await pair.resolve(keep, A.replace("one", "TEXT") if keep == "TEXT" else None)
    report = await pair.sync()
    assert report.conflicts == []
    if keep == "GRAPH":
        assert (report.deleted_files, pair.files(), await pair.nodes()) == (1, {}, {})
    else:
        wanted = A.replace("one", "TEXT" if keep == "TEXT" else "FILE")
        assert pair.text("a.md") == wanted
        found = (await pair.nodes())["a.md"]
        assert (found["id"], found["content"]) == (node["id"], wanted)


async def test_a_node_made_in_the_graph_gets_a_file(pair: Pair) -> None:
    node_id = await pair.create(title="Über: alles?", content="# Über: alles?\n\ntext\n", tags=["t"], metadata={"k": 1})
    report = await pair.sync()
    assert (report.written, report.imported) == (1, 0)
    [(path, data)] = pair.files().items()
    assert path == "notes/über-alles.md"
    assert data.decode() == f"---\nid: {node_id}\ntype: note\ntags: [t]\nk: 1\n---\n# Über: alles?\n\ntext\n"
    assert (await pair.nodes())[path]["id"] == node_id


async def test_new_nodes_are_put_beside_others_of_their_type_and_never_over_a_file(synced) -> None:
    pair = await synced({"mine/x.md": "x", "mine/y.md": "y", "mine/idea.md": "an idea"})
    await pair.create(title="Idea", content="new")
    await pair.create(title="idea", content="newer")
    (pair.root / "mine" / "idea-2.md").symlink_to(pair.root / "mine" / "x.md")
    assert (await pair.once()).written == 2
    assert pair.text("mine/idea.md") == "an idea"
    assert {"mine/idea-3.md", "mine/idea-4.md"} <= set(pair.files())


async def test_new_on_both_sides(synced) -> None:
    pair = await synced({"a.md": A})
    pair.put({"b.md": "# B\n"})
    await pair.create(title="C", content="c")
    report = await pair.sync()
    assert (report.imported, report.written) == (1, 1)
    assert set(pair.files()) == {"a.md", "b.md", "c.md"}
    assert len(await pair.nodes()) == 3


async def test_both_made_the_same_node(pair: Pair) -> None:
    await pair.create(id="me", title="T", content="# T\n\nshared\n\ngraph\n")
    pair.put({"t.md": "---\nid: me\n---\n# T\n\nshared\n\nfile\n"})
    report = await pair.sync()
    assert [one["kind"] for one in report.conflicts] == ["content"]
    text = pair.text("t.md")
    assert "file\n" in text
    assert "graph\n" in text
    assert text.count("shared") == 1
    assert set(await pair.nodes()) == {"t.md"}


async def test_with_several_sources_new_nodes_are_left_unless_they_are_asked_for(synced, tmp_path: Path) -> None:
    pair = await synced({"a.md": A})
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.md").write_text("b")
    second = Pair(pair.api, other, pair.graph)
    await pair.create(title="C", content="c")
    from stratumiops.ingest.folder.sync import sync_folder

    report = await asyncio.to_thread(sync_folder, second.api, other, graph=pair.graph, source="other")
    assert (report.imported, report.written, report.unfiled) == (1, 0, 1)
    report = await pair.once()
    assert (report.written, report.unfiled) == (0, 1)
    assert (await pair.once(adopt=True)).written == 1
    assert "c.md" in pair.files()


async def test_a_file_that_changes_while_it_is_synced_is_not_written_over(synced) -> None:
    pair = await synced({"a.md": A})
    await pair.replace("a.md", "one", "GRAPH")

    def edit(step: str) -> None:
        if step == "temporary":
            pair.put({"a.md": A.replace("three", "FILE")})

    report = await pair.once(step=edit)
    assert [one["code"] for one in report.errors] == ["CHANGED_MEANWHILE"]
    assert pair.files() == {"a.md": A.replace("three", "FILE").encode()}
    await pair.sync()
    assert pair.text("a.md") == A.replace("three", "FILE").replace("one", "GRAPH")


async def test_a_node_that_changes_while_its_file_is_written_is_written_again(synced) -> None:
    pair = await synced({"a.md": A})
    await pair.replace("a.md", "one", "GRAPH")
    loop = asyncio.get_running_loop()

    def edit(step: str) -> None:
        if step == "replaced":
            asyncio.run_coroutine_threadsafe(pair.replace("a.md", "two", "LATER"), loop).result()

    assert (await pair.once(step=edit)).errors == []
    assert pair.text("a.md") == A.replace("one", "GRAPH")
    assert (await pair.sync()).written == 1
    assert pair.text("a.md") == A.replace("one", "GRAPH").replace("two", "LATER")


async def test_two_syncs_at_once_come_to_the_same(synced) -> None:
    pair = await synced({f"{n}.md": A for n in range(20)})
    for number in range(20):
        await pair.replace(f"{number}.md", "one", "GRAPH")
        pair.put({f"{number}.md": A.replace("three", "FILE")})
    reports = await asyncio.gather(pair.once(), pair.once())
    assert sum(report.merged for report in reports) == 20
    assert [report.errors for report in reports] == [[], []]
    await pair.sync()
    wanted = A.replace("three", "FILE").replace("one", "GRAPH").encode()
    assert set(pair.files().values()) == {wanted}


async def test_a_file_that_vanishes_is_an_error_and_its_node_stays(synced, monkeypatch: pytest.MonkeyPatch) -> None:
    from stratumiops.ingest.folder import sync

    pair = await synced({"a.md": A, "b.md": "b"})
    real = sync.read_note

    def vanish(root: Path, path: str) -> Any:
        (root / "a.md").unlink(missing_ok=True)
        return real(root, path)

    monkeypatch.setattr(sync, "read_note", vanish)
    report = await pair.once()
    assert [(one["path"], one["code"]) for one in report.errors] == [("a.md", "VANISHED")]
    assert set(await pair.nodes()) == {"a.md", "b.md"}


async def test_a_read_only_file_is_told_and_left(synced) -> None:
    pair = await synced({"a.md": A, "b.md": A})
    await pair.replace("a.md", "one", "GRAPH")
    await pair.replace("b.md", "one", "GRAPH")
    (pair.root / "a.md").chmod(0o444)
    report = await pair.once()
    assert [(one["path"], one["code"]) for one in report.errors] == [("a.md", "READ_ONLY")]
    assert (pair.text("a.md"), pair.text("b.md")) == (A, A.replace("one", "GRAPH"))
    (pair.root / "a.md").chmod(0o640)
    await pair.sync()
    assert pair.text("a.md") == A.replace("one", "GRAPH")
    assert (pair.root / "a.md").stat().st_mode & 0o777 == 0o640


async def test_symbolic_links_are_neither_followed_nor_taken_for_deletions(synced, tmp_path: Path) -> None:
    pair = await synced({"a.md": A, "sub/b.md": A})
    outside = tmp_path / "outside"
    (pair.root / "sub").rename(outside)
    (pair.root / "sub").symlink_to(outside)
    (pair.root / "a.md").rename(tmp_path / "a.md")
    (pair.root / "a.md").symlink_to(tmp_path / "a.md")
    await pair.replace("a.md", "one", "GRAPH")
    await pair.replace("sub/b.md", "one", "GRAPH")
    report = await pair.once()
    assert {one["code"] for one in report.errors} == {"SYMLINK"}
    assert set(await pair.nodes()) == {"a.md", "sub/b.md"}
    assert ((outside / "b.md").read_text(), (tmp_path / "a.md").read_text()) == (A, A)


@pytest.mark.parametrize("path", ["../x.md", "/x.md", "a/../../x.md", "a//b.md", "link/x.md", "file.md/x.md"])
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "file.md").write_text("f")
    (root / "link").symlink_to(tmp_path)
    problem = write(root, path, b"x", "")
    assert problem is not None
    assert sorted(found.name for found in tmp_path.iterdir()) == ["root"]


async def test_a_dry_run_says_what_would_be_done_and_does_nothing(synced) -> None:
    pair = await synced({"a.md": A, "b.md": A + "b", "c.md": A + "c", "d.md": A + "d"})
    pair.put({"a.md": "changed", "new.md": "new"})
    await pair.replace("b.md", "one", "GRAPH")
    (pair.root / "c.md").unlink()
    await pair.delete("d.md")
    await pair.create(title="N", content="n")
    before = (pair.files(), await pair.nodes())
    report = await pair.once(dry_run=True)
    assert (report.imported, report.written, report.deleted_nodes, report.deleted_files) == (2, 2, 1, 1)
    assert (pair.files(), await pair.nodes()) == before
    done = await pair.sync()
    assert (done.imported, done.written, done.deleted_nodes, done.deleted_files) == (2, 2, 1, 1)


async def test_a_deleted_node_that_came_back_changes_no_file(synced) -> None:
    pair = await synced({"a.md": A})
    node = (await pair.nodes())["a.md"]
    await pair.delete("a.md")
    undelete = "mutation ($input: UndeleteNodeInput!) { undeleteNode(input: $input) { node { id } } }"
    await pair.ask(undelete, input={"graph": pair.graph, "id": node["id"]})
    stamp = (pair.root / "a.md").stat().st_mtime_ns
    assert (await pair.sync()).written == 0
    assert (pair.root / "a.md").stat().st_mtime_ns == stamp


async def test_what_a_file_cannot_say_is_told_and_stays_in_the_graph(synced) -> None:
    pair = await synced({"a.md": "---\nbroken: [\n---\ntext #here\n"})
    await pair.change("a.md", tags=[], metadata={"k": "v"})
    await pair.replace("a.md", "text", "TEXT")
    report = await pair.sync()
    assert report.unsaid == [{"path": "a.md", "fields": ["tags", "metadata.k"]}]
    assert pair.text("a.md") == "---\nbroken: [\n---\nTEXT #here\n"
    node = (await pair.nodes())["a.md"]
    assert (node["tags"], node["metadata"]) == ([], {"k": "v"})


async def test_relations_follow_what_the_graph_wrote(synced) -> None:
    pair = await synced({"a.md": "a", "b.md": "b"})
    await pair.change("a.md", content="a [[b]]")
    await pair.sync()
    found = await pair.ask(
        "query ($g: String, $id: ID!) { node(graph: $g, id: $id) { relations { type node { path } } } }",
        g=pair.graph, id=(await pair.nodes())["a.md"]["id"],
    )  # fmt: skip
    assert found["node"]["relations"] == [{"type": "RELATES_TO", "node": {"path": "b.md"}}]


async def test_a_folder_that_is_none(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await Pair(pair.api, tmp_path / "gone", pair.graph).once()
    (tmp_path / "file.md").write_text("x")
    with pytest.raises(BadInput):
        await Pair(pair.api, tmp_path / "file.md", pair.graph).once()


async def test_documents_imported_before_bytes_were_kept(synced) -> None:
    pair = await synced({"a.md": A, "b.md": A + "b"})
    db = pair.api._services.db  # type: ignore[attr-defined]
    await db.write("MATCH (d:Document {graph: $graph}) REMOVE d.bytes, d.node_rev", {"graph": pair.graph})
    await pair.replace("b.md", "one", "GRAPH")
    report = await pair.sync()
    assert report.errors == []
    assert pair.text("b.md") == (A + "b").replace("one", "GRAPH")
    rows = await db.read("MATCH (d:Document {graph: $graph}) RETURN d.bytes IS NULL AS missing", {"graph": pair.graph})
    assert [row["missing"] for row in rows] == [False, False]
