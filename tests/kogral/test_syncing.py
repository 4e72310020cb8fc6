"""`kogral sync`, `conflicts` and `export` as their user calls them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from graphql import build_schema, parse, validate

from stratumiops.resolvers.export import schema_text
from stratumiops.ui.cli.kogral import documents
from stratumiops.ui.cli.kogral.init_command import make

A = "# A\n\none\n\ntwo\n\nthree\n"
SYNCED = {
    *("imported", "written", "merged", "renamed", "deleted_nodes", "deleted_files", "unchanged", "conflicts", "errors"),
}


def change(kogral: Callable[..., Any], client: Any, graph: str, path: str, old: str, new: str) -> None:
    """Change a node as the API does."""
    node = kogral("show", path, "--graph", graph, "--json").json
    mutation = "mutation ($input: UpdateNodeInput!) { updateNode(input: $input) { node { rev } } }"
    content = node["content"].replace(old, new)
    client.execute(mutation, {"input": {"graph": graph, "id": node["id"], "rev": node["rev"], "content": content}})


def test_a_project_is_synced_without_saying_more(kogral, new_graph, tmp_path, monkeypatch) -> None:
    make(tmp_path / ".kogral", new_graph)
    (tmp_path / ".kogral" / "notes" / "a.md").write_text("# A\n\none\n")
    monkeypatch.chdir(tmp_path)
    refused = kogral("sync", "--json")
    assert (refused.status, refused.json["error"]["field"]) == (2, "path")
    assert "storage.secondary" in refused.json["error"]["hint"]
    assert kogral("config", "set", "storage.secondary", "server").status == 0
    done = kogral("sync", "--json").json
    assert (done["graph"], done["imported"], done["errors"]) == (new_graph, 1, [])


def test_searches_follow_the_project(kogral, new_graph, notes, tmp_path, monkeypatch) -> None:
    root = notes({f"{name}.md": f"# Zebra {name}\n" for name in "abc"})
    assert kogral("sync", str(root), "--graph", new_graph).status == 0
    make(tmp_path / ".kogral", new_graph)
    monkeypatch.chdir(tmp_path)
    assert kogral("config", "set", "query.max_results", "2").status == 0
    assert len(kogral("search", "zebra", "--graph", new_graph, "--json").json) == 2
    assert len(kogral("search", "zebra", "--graph", new_graph, "--limit", "3", "--json").json) == 3


def test_a_folder_is_synced_both_ways(kogral, client, new_graph, notes) -> None:
    root = notes({"a.md": A, "b.md": "b"})
    first = kogral("sync", str(root), "--graph", new_graph, "--json")
    assert first.status == 0, first.err
    assert set(first.json) >= SYNCED
    assert (first.json["graph_created"], first.json["imported"], first.json["files"]) == (True, 2, 2)
    change(kogral, client, new_graph, "a.md", "three", "GRAPH")
    (root / "a.md").write_text(A.replace("one", "FILE"))
    foretold = kogral("sync", str(root), "--graph", new_graph, "--dry-run")
    assert "would be imported 0" in foretold.out
    done = kogral("sync", str(root), "--graph", new_graph, "--json").json
    assert (done["merged"], done["written"], done["conflicts"], done["errors"]) == (1, 1, [], [])
    assert (root / "a.md").read_text() == A.replace("one", "FILE").replace("three", "GRAPH")
    again = kogral("sync", str(root), "--graph", new_graph)
    assert again.out.splitlines()[1] == "  imported 0, written 0, merged 0, renamed 0"


def test_a_conflict_is_listed_and_resolved(kogral, client, new_graph, notes) -> None:
    root = notes({"a.md": A})
    kogral("sync", str(root), "--graph", new_graph)
    change(kogral, client, new_graph, "a.md", "one", "GRAPH")
    (root / "a.md").write_text(A.replace("one", "FILE"))
    done = kogral("sync", str(root), "--graph", new_graph)
    assert (done.status, "(content)" in done.out, "kogral conflicts resolve" in done.out) == (0, True, True)
    [listed] = kogral("conflicts", "--graph", new_graph, "--json").json
    assert (listed["path"], listed["kind"], listed["base"]) == ("a.md", "content", A)
    row = kogral("conflicts", "--graph", new_graph).out.split("\t")
    assert row[:3] == [listed["id"], "content", "a.md"]
    resolved = kogral("conflicts", "resolve", listed["id"], "--keep", "graph")
    assert (resolved.status, resolved.out) == (0, "resolved: a.md (content), kept: graph\n")
    assert kogral("conflicts", "--graph", new_graph, "--json").json == []
    assert kogral("sync", str(root), "--graph", new_graph, "--json").json["written"] == 1
    assert (root / "a.md").read_text() == A.replace("one", "GRAPH")
    gone = kogral("conflicts", "resolve", listed["id"], "--keep", "file", "--json")
    assert (gone.status, gone.json["error"]["code"]) == (3, "NOT_FOUND")


def test_an_import_is_restored_byte_for_byte(kogral, new_graph, notes, tmp_path: Path) -> None:
    files = {"a.md": b"---\na: [\n---\r\nb\xff\x00", "sub/b.md": b"\xef\xbb\xbf# B\r\n", "c.md": b""}
    kogral("import", str(notes(files)), "--graph", new_graph)
    out = tmp_path / "out"
    done = kogral("export", "markdown", "--graph", new_graph, "--out", str(out), "--json")
    assert (done.status, done.json["written"], done.json["errors"]) == (0, 3, [])
    assert {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*")} == files
    assert [path for path in out.rglob("*") if path.is_file()].__len__() == 3
    (out / "c.md").write_text("mine")
    refused = kogral("export", "logseq", "--graph", new_graph, "--out", str(out))
    assert (refused.status, "c.md: is there already" in refused.err) == (1, True)
    assert kogral("export", "markdown", "--graph", new_graph, "--out", str(out), "--force").status == 0
    assert (out / "c.md").read_bytes() == b""


def test_nodes_and_relations_as_one_object(kogral, new_graph, notes, tmp_path: Path) -> None:
    kogral("import", str(notes({"a.md": "# A\n\n[[b]] \x85 é", "sub/b.md": "# B\n"})), "--graph", new_graph)
    out = tmp_path / "out"
    done = kogral("export", "json", "--graph", new_graph, "--out", str(out), "--json")
    assert done.json == {
        "graph": new_graph, "out": str(out / f"{new_graph}.json"), "dry_run": False, "nodes": 2, "relations": 1,
    }  # fmt: skip
    [written] = out.iterdir()
    found = json.loads(written.read_text())
    nodes = {node["path"]: node for node in found["nodes"]}
    assert set(nodes) == {"a.md", "sub/b.md"}
    assert set(nodes["a.md"]) == {"id", "title", "node_type", "path", "status", "content"}
    assert found["relations"] == [
        {"source": nodes["a.md"]["id"], "target": nodes["sub/b.md"]["id"], "relation": "relates_to"}
    ]
    printed = kogral("export", "yaml", "--graph", new_graph)
    assert yaml.safe_load(printed.out) == found
    assert json.loads(kogral("export", "json", "--graph", new_graph).out) == found
    again = kogral("export", "json", "--graph", new_graph, "--out", str(out))
    assert (again.status, "is there already" in again.err) == (4, True)


def test_what_is_missing_is_said(kogral, new_graph, tmp_path: Path) -> None:
    assert kogral("sync", str(tmp_path / "gone"), "--graph", new_graph).status == 3
    assert "--out DIR" in kogral("export", "markdown", "--graph", new_graph).err
    assert kogral("export", "markdown", "--graph", new_graph, "--out", str(tmp_path / "o")).status == 3


def test_every_operation_is_a_fixed_text_that_fits_the_schema() -> None:
    schema = build_schema(schema_text())
    texts = [text for name, text in vars(documents).items() if name.isupper() and not name.startswith("_")]
    assert len(texts) > 20
    for text in texts:
        assert validate(schema, parse(text)) == [], text
