"""The command from outside: a real process against a real API."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from stratumiops.ui.cli.kogral import app

SAMPLES = Path(__file__).parents[1] / "samples"
REPORT = {
    *("files", "nodes", "relations", "unresolved_links", "skipped", "errors"),
    *("created", "updated", "deleted", "unchanged"),
}


def _fingerprint(root: Path) -> dict[str, tuple[int, int, str]]:
    return {
        path.relative_to(root).as_posix(): (
            path.stat().st_mtime_ns,
            path.stat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_folder_is_imported_once_and_then_left_alone(kogral, new_graph) -> None:
    root = SAMPLES / "decisions"
    before = _fingerprint(root)
    first = kogral("import", str(root), "--graph", new_graph, "--json")
    assert first.status == 0, first.err
    assert first.json["graph_created"]
    assert all(isinstance(first.json[name], int) for name in REPORT)
    assert {name: first.json[name] for name in ("files", "nodes", "relations", "unresolved_links", "created")} == {
        "files": 12,
        "nodes": 12,
        "relations": 12,
        "unresolved_links": 1,
        "created": 12,
    }
    second = kogral("import", str(root), "--graph", new_graph, "--json").json
    assert (second["created"], second["updated"], second["deleted"], second["unchanged"]) == (0, 0, 0, 12)
    assert (second["nodes"], second["relations"]) == (12, 12)
    assert not second["graph_created"]
    assert _fingerprint(root) == before


@pytest.mark.parametrize("name", ["adr-gsp", "adr-jabref", "adr-log4brains", "adr-log4brains-tests"])
def test_real_collections_have_their_expected_decisions(kogral, new_graph, knowledge: Path, name: str) -> None:
    """One real decision of adr-jabref is missing in its ground truth, see tests/ingest/test_expected.py."""
    expected = json.loads((knowledge / f"expected-{name}.json").read_text())
    report = kogral("import", str(knowledge / name), "--graph", new_graph, "--json").json
    assert report["files"] == expected["counts"]["files"]
    rows = kogral("list", "--graph", new_graph, "--type", "decision", "--limit", "500", "--json").json
    found = {row["path"]: row["status"] or "" for row in rows}
    found.pop("0039-use-apache-velocity-as-template-engine.md", None)
    assert found == {path: one["canonical"] for path, one in expected["decisions"].items()}
    drawn = kogral("graph", "--graph", new_graph, "--format", "json", "--relation", "supersedes").json
    paths = {row["id"]: row["path"] for row in rows}
    pairs = [[paths[one["source"]], paths[one["target"]]] for one in drawn["relations"]]
    assert sorted(pairs) == expected["supersedes"]
    again = kogral("import", str(knowledge / name), "--graph", new_graph, "--json").json
    assert (again["created"], again["updated"], again["deleted"]) == (0, 0, 0)


def test_a_dry_run_says_the_same_and_changes_nothing(kogral, new_graph, notes) -> None:
    root = notes({"a.md": "[[b]] [[gone]]", "b.md": "b", "c.md": "c"})
    would = kogral("import", str(root), "--graph", new_graph, "--dry-run", "--json").json
    assert would["dry_run"]
    assert would["graph_created"]
    did = kogral("import", str(root), "--graph", new_graph, "--json").json
    same = ("files", "nodes", "relations", "unresolved_links", "created", "updated", "deleted", "unchanged")
    assert {name: would[name] for name in same} == {name: did[name] for name in same}
    (root / "a.md").write_text("changed")
    (root / "b.md").unlink()
    would = kogral("import", str(root), "--graph", new_graph, "--dry-run", "--json").json
    did = kogral("import", str(root), "--graph", new_graph, "--json").json
    assert {name: would[name] for name in same} == {name: did[name] for name in same}
    assert (did["updated"], did["deleted"], did["unchanged"]) == (1, 1, 1)


def test_a_dry_run_needs_no_server(kogral, notes) -> None:
    root = notes({"a.md": "a"})
    found = kogral("import", str(root), "--dry-run", "--json", "--server", "http://127.0.0.1:9")
    assert found.status == 0
    assert (found.json["created"], found.json["compared"]) == (1, False)


def test_what_cannot_be_imported_is_named_and_the_rest_goes_in(kogral, new_graph, notes) -> None:
    root = notes(
        {
            "a.md": "---\nid: same\n---\n",
            "b.md": "---\nid: same\n---\n",
            "broken.md": "---\ntitle: [\n---\nbody",
            "latin.md": b"caf\xe9",
            "notes.org": "* org",
            ".hidden/x.md": "x",
            "sub/c.md": "c",
        }
    )
    (root / "link.md").symlink_to(root / "sub" / "c.md")
    (root / "linked").symlink_to(root / "sub")
    (root / b"caf\xe9.md".decode("utf-8", "surrogateescape")).write_text("x")
    found = kogral("import", str(root), "--graph", new_graph, "--json")
    assert found.status == 1
    report = found.json
    assert (report["files"], report["nodes"], report["errors"], report["skipped"]) == (5, 4, 2, 3)
    codes = {(one["path"], one["code"], one["severity"]) for one in report["problems"]}
    assert codes == {
        ("b.md", "DUPLICATE_ID", "error"),
        ("broken.md", "FRONT_MATTER_INVALID", "warning"),
        ("latin.md", "INVALID_ENCODING", "warning"),
        ("notes.org", "OTHER_FORMAT", "warning"),
        ("link.md", "SYMLINK", "warning"),
        ("linked", "SYMLINK", "warning"),
        ("caf?.md", "BAD_NAME", "error"),
    }
    assert kogral("import", str(root), "--graph", new_graph).err.count("a.md") >= 1


def test_the_source_name_keeps_nodes_when_the_folder_moves(kogral, new_graph, notes, tmp_path) -> None:
    root = notes({"a.md": "a"})
    kogral("import", str(root), "--graph", new_graph, "--source", "docs")
    moved = tmp_path / "elsewhere"
    root.rename(moved)
    found = kogral("import", str(moved), "--graph", new_graph, "--source", "docs", "--json").json
    assert (found["created"], found["unchanged"], found["source"]) == (0, 1, "docs")


def test_one_file_alone_deletes_nothing(kogral, new_graph, notes) -> None:
    root = notes({"a.md": "a", "b.md": "b"})
    kogral("import", str(root), "--graph", new_graph)
    (root / "b.md").write_text("changed")
    found = kogral("import", str(root / "b.md"), "--graph", new_graph, "--json").json
    assert (found["files"], found["updated"], found["deleted"], found["nodes"]) == (1, 1, 0, 2)


@pytest.fixture
def decisions(kogral, new_graph) -> str:
    assert kogral("import", str(SAMPLES / "decisions"), "--graph", new_graph).status == 0
    return str(new_graph)


def test_list_filters(kogral, decisions) -> None:
    rows = kogral("list", "--graph", decisions, "--type", "decision", "--status", "superseded", "--json").json
    assert {row["path"] for row in rows} == {"0002-queue-in-the-database.md", "0008-broken-link.md"}
    assert set(rows[0]) >= {"id", "title", "node_type", "graph", "status", "date", "tags", "path", "rev"}
    tagged = kogral("list", "--graph", decisions, "--tag", "naming").out
    assert tagged.count("\n") == 1
    assert tagged.split("\t")[1:4] == ["decision", "accepted", "2024-08-09"]
    assert len(kogral("list", "--graph", decisions, "--limit", "3", "--json").json) == 3


def test_search_ranks_and_filters(kogral, decisions) -> None:
    hits = kogral("search", "broker", "--graph", decisions, "--json").json
    assert hits[0]["title"] == "Use a broker"
    assert hits[0]["score"] > 0
    assert kogral("search", "broker", "--graph", decisions, "--type", "note", "--json").json == []
    odd = kogral("search", 'AND +( "x~ \\', "--graph", decisions, "--json")
    assert odd.status == 0, odd.err


def test_show_by_path_title_and_id(kogral, decisions) -> None:
    by_path = kogral("show", "0005-use-a-broker.md", "--graph", decisions, "--json").json
    assert by_path["status_raw"] == "accepted; supersedes ADR-0002"
    [relation] = by_path["relations"]
    assert (relation["relation"], relation["direction"]) == ("supersedes", "out")
    assert kogral("show", "Use a broker", "--graph", decisions, "--json").json == by_path
    text = kogral("show", by_path["id"]).out
    assert "→ supersedes" in text
    assert "Polling costs too much." in text
    assert "\x1b" not in text


def test_link_and_unlink(kogral, decisions) -> None:
    ends = ("0007-no-status.md", "0001-record-decisions.md", "depends_on")
    made = kogral("link", *ends, "--graph", decisions, "--weight", "0.5", "--json").json
    assert (made["relation"], made["weight"], made["valid_to"]) == ("depends_on", 0.5, None)
    assert kogral("import", str(SAMPLES / "decisions"), "--graph", decisions, "--json").json["relations_ended"] == 0
    ended = kogral("unlink", *ends, "--graph", decisions)
    assert ended.status == 0
    assert ended.out.startswith("no longer: A decision nobody marked depends_on")
    assert kogral("unlink", *ends, "--graph", decisions).status == 3


def test_graph_as_dot(kogral, decisions) -> None:
    dot = kogral("graph", "--graph", decisions).out
    assert dot.startswith("digraph ")
    assert dot.rstrip().endswith("}")
    assert dot.count(" -> ") == 12
    assert 'label="supersedes"' in dot
    assert 'label="{short title}"' in dot


def test_graphs(kogral, decisions) -> None:
    assert {"name": decisions, "nodes": 12} in [
        {"name": one["name"], "nodes": one["nodes"]} for one in kogral("graphs", "--json").json
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("show", "nothing-of-this-name"), 3, "No node has the id, path or title"),
        (("import", "/nowhere/at/all"), 3, "There is no file or folder"),
        (("import", __file__), 2, "no markdown file"),
        (("list", "--type", "nonsense"), 2, "nonsense"),
        (("list", "--server", "http://127.0.0.1:9"), 6, "stratumiops up"),
        (("list", "--server", "nonsense"), 2, "no server address"),
        (("import", str(SAMPLES), "--graph", "No Such Name!"), 2, "name"),
        (("import", str(SAMPLES), "--source", "../x"), 2, "source name"),
    ],
)
def test_errors_say_what_to_do(kogral, arguments: tuple[str, ...], status: int, words: str) -> None:
    found = kogral(*arguments)
    assert (found.status, words in found.err) == (status, True), found.err
    assert "Traceback" not in found.err
    if arguments[1] != "--type":  # a mistake in the arguments themselves is told by the parser, in words
        as_json = kogral(*arguments, "--json")
        assert as_json.status == status
        assert words in json.dumps(as_json.json["error"])


def test_the_command_in_a_pipe(kogral_process, decisions) -> None:
    found = kogral_process(f"kogral graph --graph {decisions} | head -n 1; kogral show nothing --json; echo $?")
    lines = found.out.splitlines()
    assert lines[0].startswith("digraph")
    assert json.loads(lines[1])["error"]["code"] == "NOT_FOUND"
    assert lines[2] == "3"
    assert found.err == ""


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from stratumiops.ui.cli.kogral import app;"
        " heavy = {'rich', 'httpx', 'yaml', 'orjson', 'strawberry', 'neo4j', 'graphql', 'pydantic', 'frontmatter'};"
        " print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def _commands(group: Any, *names: str) -> Iterator[tuple[str, ...]]:
    """Every command by its words, groups of commands too."""
    yield names
    for name, command in getattr(group, "commands", {}).items():
        yield from _commands(command, *names, name)


@pytest.mark.parametrize("command", list(_commands(typer.main.get_command(app))), ids=" ".join)
def test_every_help_has_examples(kogral, command: tuple[str, ...]) -> None:
    found = kogral(*command, "--help")
    assert found.status == 0
    assert "Examples:" in found.out
    assert "\x08" not in found.out
