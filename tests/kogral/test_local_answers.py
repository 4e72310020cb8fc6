"""What a directory answers without a server: blocks, exports, findings, search by meaning. No Neo4j."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stratumiops.ui.cli.kogral.init_command import make

from .ways import Ran, run

KNOWLEDGE = Path(__file__).parents[2].parent / "shared" / "data" / "knowledge"
SAMPLES = Path(__file__).parents[1] / "samples"
TASKS = "# Tasks\n\n- [ ] buy milk #home 📅 2026-01-02\n  - [x] find the shop\n- [/] write ^later\n"


@pytest.fixture
def kogral(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `kogral` on a directory of its own, the graph `own`."""
    make(tmp_path / "home" / ".kogral", "own")
    settings = {"KOGRAL_DIR": str(tmp_path / "home"), "STRATUMIOPS_CACHE": str(tmp_path / "cache")}
    return lambda *given: run(monkeypatch, *given, **settings)


def collection(name: str) -> Path:
    """A folder of real notes; the test is skipped without it."""
    if not KNOWLEDGE.is_dir():
        pytest.skip(f"no collections at {KNOWLEDGE}")
    return KNOWLEDGE / name


def test_blocks_of_a_logseq_graph_are_those_of_its_files(kogral: Callable[..., Ran]) -> None:
    root = collection("logseq-edge")
    expected = json.loads((KNOWLEDGE / "expected-logseq-edge.json").read_text())["counts"]
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
