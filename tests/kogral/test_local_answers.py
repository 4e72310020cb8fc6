"""What a directory answers without a server: blocks, exports, findings, search by meaning. No Neo4j."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stratumiops.ui.cli.kogral.init_command import make

from .ways import Ran, run

SAMPLES = Path(__file__).parents[1] / "samples"
TASKS = "# Tasks\n\n- [ ] buy milk #home 📅 2026-01-02\n  - [x] find the shop\n- [/] write ^later\n"


@pytest.fixture
def kogral(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `kogral` on a directory of its own, the graph `own`, with vectors."""
    monkeypatch.setenv("STRATUMIOPS_EMBEDDINGS__ENABLED", "true")
    make(tmp_path / "home" / ".kogral", "own")
    settings = {"KOGRAL_DIR": str(tmp_path / "home"), "STRATUMIOPS_CACHE": str(tmp_path / "cache")}
    return lambda *given: run(monkeypatch, *given, **settings)


def test_blocks_of_a_logseq_graph_are_those_of_its_files(kogral: Callable[..., Ran], knowledge: Path) -> None:
    root = knowledge / "logseq-edge"
    expected = json.loads((knowledge / "expected-logseq-edge.json").read_text())["counts"]
    assert kogral("import", str(root), "--source", "s").status == 0
    blocks = kogral("blocks", "--limit", "1000", "--json").json
    assert sum(1 for row in blocks if row["text"]) in (expected["blocks"], expected["blocks"] - 1)
    assert len(kogral("todos", "--json").json) == expected["tasks"]
    assert [(row["path"], row["order"]) for row in blocks] == sorted((row["path"], row["order"]) for row in blocks)
    for row in blocks:
        line = (root / row["path"]).read_bytes().decode("utf-8-sig").splitlines()[row["start_line"] - 1]
        assert row["text"].split("\n")[0].split(" ")[0] in line


def test_a_node_that_links_itself_is_still_there(kogral: Callable[..., Ran], notes: Callable[..., Path]) -> None:
    kogral("import", str(notes({"a.md": "# A\n\n[[A]] and [[b]]", "b.md": "# B"})), "--source", "s")
    found = kogral("list", "--json")
    assert len(found.json) == 2
    assert "holds no node" not in found.err


def test_tasks_of_files_by_hand_and_of_nodes(kogral: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "home" / ".kogral" / "notes").mkdir(exist_ok=True)
    (tmp_path / "home" / ".kogral" / "notes" / "tasks.md").write_text(TASKS)
    kogral("add", "note", "Other", "--content", "- [ ] call back")
    found = kogral("todos", "--json").json
    assert {(row["text"].split(" ")[0], row["state"]) for row in found} == {
        ("buy", "todo"), ("find", "done"), ("write", "doing"), ("call", "todo")
    }  # fmt: skip
    assert [row["text"][:8] for row in kogral("todos", "--tag", "HOME", "--json").json] == ["buy milk"]
    assert [row["start_line"] for row in kogral("todos", "--state", "doing", "--json").json] == [5]
    assert len(kogral("blocks", "--text", "SHOP", "--json").json) == 1


@pytest.mark.parametrize(
    ("name", "form"), [("markdown-edge", "markdown"), ("logseq-edge", "logseq"), ("adr-jabref", "markdown")]
)
def test_an_export_gives_back_every_byte(
    kogral: Callable[..., Ran], knowledge: Path, tmp_path: Path, name: str, form: str
) -> None:
    root, out = knowledge / name, tmp_path / "out"
    kogral("import", str(root), "--source", "s")
    report = kogral("export", form, "--out", str(out), "--json")
    assert (report.status, report.json["errors"]) == (0, [])
    written = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(written) == report.json["files"] > 0
    assert written == {path: (root / path).read_bytes() for path in written}
    again = kogral("export", form, "--out", str(out), "--json").json
    assert (again["written"], again["unchanged"]) == (0, report.json["files"])


def test_an_export_has_the_lines_that_changed_and_files_by_hand_as_they_are(
    kogral: Callable[..., Ran], notes: Callable[..., Path], tmp_path: Path
) -> None:
    root, out = (
        notes({"a.md": "---\ntitle:   'A'\ntags: [x]\n---\n\n# A\n\none  \ntwo\n", "b.md": b"caf\xe9"}),
        tmp_path / "out",
    )
    kogral("import", str(root), "--source", "s")
    mine = tmp_path / "home" / ".kogral" / "notes" / "mine.md"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("---\nid:   mine\n---\n# Mine\n")
    assert kogral("edit", "a.md", "--add-tag", "y").status == 0, kogral("edit", "--help").out
    kogral("add", "note", "New", "--content", "x")
    assert kogral("export", "markdown", "--out", str(out)).status == 0
    before, after = (root / "a.md").read_text().splitlines(), (out / "a.md").read_text().splitlines()
    assert [line for line in after if line not in before] == ["tags: [x, y]"]
    assert (out / "b.md").read_bytes() == b"caf\xe9"
    assert (out / "notes" / "mine.md").read_bytes() == mine.read_bytes()
    assert (out / "new.md").is_file()


def test_findings(kogral: Callable[..., Ran], notes: Callable[..., Path], tmp_path: Path) -> None:
    long = " ".join(f"word{i}" for i in range(60))
    root = notes({
        "0001-a.md": "# 1. A\n\n## Status\n\nAccepted\n\nSupersedes [B](0002-b.md)\n\n"
        "## Context\n\nx\n\n## Decision\n\nx\n",
        "0002-b.md": "# 2. B\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n",
        "broken.md": "---\ntitle: [\n---\n[[nowhere]]", "same.md": "# Same", "same2.md": "# SAME",
        "near.md": f"# N1\n\n{long}", "near2.md": f"# N2\n\n{long} more",
        "mark.md": "# M\n\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n",
    })  # fmt: skip
    kogral("import", str(root), "--source", "s")
    (tmp_path / "home" / ".kogral" / "notes" / "mine.md").write_text("# Mine\n\n[[no such note]]\n")
    found = kogral("lint", "--json")
    codes = {(one["code"], one["path"], one["line"]) for one in found.json if one["code"] != "ORPHAN"}
    assert codes >= {
        ("CONFLICT_MARKER", "mark.md", 3), ("SUPERSEDED_BUT_ACCEPTED", "0002-b.md", None),
        ("BROKEN_LINK", "broken.md", 4), ("BROKEN_LINK", "notes/mine.md", 3),
    }  # fmt: skip
    assert {code for code, _, _ in codes} >= {"DUPLICATE_TITLE", "NEAR_DUPLICATE", "INVALID_FRONT_MATTER"}
    assert any(one["code"] == "ORPHAN" and one["path"] == "same.md" for one in found.json)
    fixed = kogral("lint", "--fix", "--json")
    assert "Traceback" not in fixed.err
    assert "SUPERSEDED_BUT_ACCEPTED" not in {one["code"] for one in kogral("lint", "--json").json}


def test_guidelines(kogral: Callable[..., Ran]) -> None:
    kogral(
        "add", "guideline", "Errors say what to do", "--priority", "200", "--content", "Say what to do.", "--id", "a"
    )
    kogral("add", "guideline", "Errors say what to do", "--priority", "10", "--content", "Say nothing.", "--id", "b")
    kogral("add", "guideline", "Small files", "--content", "Keep them short.", "--id", "c")
    assert [one["id"] for one in kogral("guidelines", "--json").json] == ["a", "c"]
    assert [one["id"] for one in kogral("guidelines", "short files", "--json").json] == ["c"]


def test_search_by_meaning_and_by_both(kogral: Callable[..., Ran], tmp_path: Path) -> None:
    kogral("import", str(SAMPLES / "decisions"), "--source", "s")
    for mode in ("semantic", "hybrid"):
        found = kogral("search", "asynchronous messages between services", "--mode", mode, "--json")
        assert found.status == 0, found
        assert "0005-use-a-broker.md" in [hit["path"] for hit in found.json[:3]]
    kept = tmp_path / "home" / ".kogral" / ".history" / "vectors.sqlite"
    assert kept.stat().st_size > 0
    kept.write_bytes(b"damaged")
    assert kogral("search", "asynchronous messages between services", "--mode", "semantic", "--json").status == 0
    noted = kogral("search", "broker", "--mode", "hybrid", "--type", "note", "--json").json
    assert {hit["node_type"] for hit in noted} <= {"note"}


def test_vectors_are_not_written_through_a_link(kogral: Callable[..., Ran], tmp_path: Path) -> None:
    kogral("add", "note", "Brokers", "--content", "Messages go through a queue.")
    outside = tmp_path / "outside"
    (tmp_path / "home" / ".kogral" / ".history").mkdir(exist_ok=True)
    (tmp_path / "home" / ".kogral" / ".history" / "vectors.sqlite").symlink_to(outside)
    assert len(kogral("search", "queue", "--mode", "semantic", "--json").json) == 1
    assert not outside.exists()


@pytest.mark.parametrize(
    "command", [("conflicts",), ("suggest",), ("ask", "what"), ("sync", str(SAMPLES / "decisions"))]
)
def test_what_only_a_server_can_do_says_so(kogral: Callable[..., Ran], command: tuple[str, ...]) -> None:
    ran = kogral(*command)
    assert ran.status != 0
    lines = ran.err.strip().splitlines()
    assert lines[0] == f"error: `kogral {command[0]}` needs a server; this is a directory of files."
    assert lines[1].strip() == "hint: Start one with `stratumiops up`, or name one with --server."
    assert len(lines) == 2


def test_aliases_stay(kogral: Callable[..., Ran], notes: Callable[..., Path]) -> None:
    kogral("import", str(notes({"a.md": "---\naliases: [First, Second]\n---\n# A"})), "--source", "s")
    assert kogral("show", "a.md", "--json").json["aliases"] == ["First", "Second"]
    kogral("edit", "a.md", "--add-tag", "x")
    assert kogral("show", "a.md", "--json").json["aliases"] == ["First", "Second"]
