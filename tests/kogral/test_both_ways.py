"""Every command gives the same with a server and without one."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from .ways import Both, run

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"


@pytest.fixture
def both(server: str, new_graph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Runs commands on a server's graph, and on a directory of the same name."""
    home = tmp_path / "checkout"
    home.mkdir()
    assert run(monkeypatch, "init", str(home), "--graph", new_graph).status == 0
    cache = str(tmp_path / "cache")
    return Both(
        new_graph,
        home / ".kogral",
        lambda *given: run(monkeypatch, *given, STRATUMIOPS_URL=server),
        lambda *given: run(monkeypatch, *given, KOGRAL_DIR=str(home), STRATUMIOPS_CACHE=cache),
    )


@pytest.fixture
def decisions(both: Both) -> Both:
    both("import", str(SAMPLES / "decisions"), "--source", "decisions")
    return both


def test_an_import_and_a_second_one(both: Both) -> None:
    first = both("import", str(SAMPLES / "decisions"))
    assert (first["created"], first["relations_created"], first["unresolved_links"]) == (12, 12, 1)
    second = both("import", str(SAMPLES / "decisions"))
    assert (second["created"], second["updated"], second["unchanged"], second["relations_created"]) == (0, 0, 12, 0)
    assert len(both("list")) == 12


@pytest.mark.parametrize("name", ["adr-jabref", "adr-log4brains-tests", "markdown-edge", "obsidian-kepano"])
def test_real_collections(both: Both, knowledge: Path, name: str) -> None:
    both("import", str(knowledge / name), "--source", name)
    rows = both("list", "--limit", "1000")
    assert rows
    for row in rows[:: max(1, len(rows) // 5)]:
        both("show", row["id"])
    assert sorted_graph(both)
    both("import", str(knowledge / name), "--source", name)


def sorted_graph(both: Both) -> list[tuple[str, str, str]]:
    """The relations that both draw."""
    given = ("graph", "--format", "json", "--limit", "5000", "--graph", both.graph)
    server, local = both.server(*given).json, both.local(*given).json
    edges = [sorted((e["source"], e["relation"], e["target"]) for e in found["relations"]) for found in (server, local)]
    assert edges[0] == edges[1]
    assert local["nodes"] == server["nodes"]
    return edges[0]


def test_files_that_change_go_and_come_back(both: Both, notes: Callable[..., Path]) -> None:
    root = notes({"a.md": "# A\n\n[[b]] [[gone]]", "b.md": "---\nid: b\ntags: [x]\n---\n# B", "c.md": "[[a]] [[b]]"})
    assert both("import", str(root))["created"] == 3
    (root / "a.md").write_text("---\ntype: guideline\npriority: 5\n---\n# A, changed\n\n[[c]]")
    (root / "b.md").unlink()
    would = both("import", str(root), "--dry-run")
    did = both("import", str(root))
    assert (did["updated"], did["deleted"], did["relations_ended"], did["unresolved_links"]) == (1, 1, 0, 1)
    assert (would["updated"], would["deleted"]) == (1, 1)
    assert len(both("list")) == 2
    assert both("show", "a.md")["rev"] == 2
    (root / "b.md").write_text("---\nid: b\n---\n# B again")
    back = both("import", str(root))
    assert (back["created"], back["relations_created"]) == (1, 0)
    whole = both("show", "b")
    assert (whole["rev"], len(whole["relations"])) == (4, 1)
    (root / "b.md").rename(root / "moved.md")
    moved = both("import", str(root))
    assert (moved["created"], moved["updated"], moved["deleted"]) == (0, 1, 0)
    assert sorted_graph(both)


def test_what_cannot_be_imported(both: Both, notes: Callable[..., Path]) -> None:
    root = notes({
        "a.md": "---\nid: same\n---\n", "b.md": "---\nid: same\n---\n", "broken.md": "---\ntitle: [\n---\nbody",
        "latin.md": b"caf\xe9", "nul.md": b"a\0b", "crlf.md": b"\xef\xbb\xbf---\r\ntitle: X\r\n---\r\nline\r\n",
        "odd.md": "---\nid: ../../escape\ntags: ['a: b', '\u2028']\n---\n\u2028 'quotes' \"and\" \\ slashes",
    })  # fmt: skip
    found = both("import", str(root))
    assert found["errors"] == 1
    for name in ("latin.md", "nul.md", "crlf.md", "odd.md", "broken.md"):
        both("show", name)
    assert {path.name for path in both.directory.parent.iterdir()} == {".kogral"}


def test_list(decisions: Both) -> None:
    assert len(decisions("list")) == 12
    assert len(decisions("list", "--limit", "5")) == 5
    for given in (("--type", "decision"), ("--type", "note", "--type", "decision"), ("--status", "superseded"),
                  ("--tag", "naming"), ("--type", "pattern"), ("--tag", "naming", "--status", "accepted")):  # fmt: skip
        decisions("list", *given)
    assert decisions.text("list").count("\n") == 12


@pytest.mark.parametrize(
    "words", ["broker", "queue database", '"one folder"', "record*", "decisions -broker", "the", "ünknown", "JSON"]
)
def test_search(decisions: Both, words: str) -> None:
    given = ("search", words, "--graph", decisions.graph, "--limit", "100", "--json")
    server, local = decisions.server(*given).json, decisions.local(*given).json
    assert {hit["id"] for hit in local} == {hit["id"] for hit in server}
    if words in ("broker", "JSON", '"one folder"'):
        assert local[0]["id"] == server[0]["id"]
    assert all(hit["score"] > 0 for hit in local)


def test_search_errors(decisions: Both) -> None:
    assert decisions.fails("search", "***") == (2, "BAD_INPUT")
    assert decisions.fails("search", "x" * 1_001) == (2, "BAD_INPUT")


def test_show(decisions: Both) -> None:
    by_path = decisions("show", "0005-use-a-broker.md")
    assert decisions("show", by_path["id"]) == decisions("show", "Use a broker") == by_path
    assert "→ supersedes" in decisions.text("show", "0005-use-a-broker.md")
    assert decisions.fails("show", "nothing") == (3, "NOT_FOUND")


def test_other_names(decisions: Both) -> None:
    both = decisions
    names = ("--alias", "Backoff", "--alias", "RPOL")
    for way in (both.server, both.local):
        made = way("add", "note", "Retry policy", "--id", "retry", "--content", "x", *names, "--graph", both.graph)
        assert made.status == 0, made.err
    hits = [way("search", "backoff", "--graph", both.graph, "--json").json for way in (both.server, both.local)]
    assert [[hit["id"] for hit in found] for found in hits] == [["retry"], ["retry"]]
    assert all("Backoff, RPOL" in way("show", "RPOL", "--graph", both.graph).out for way in (both.server, both.local))
    for way in (both.server, both.local):
        assert (
            way("edit", "retry", "--remove-alias", "RPOL", "--add-alias", "Wait and see", "--graph", both.graph).status
            == 0
        )
    hits = [way("search", '"wait and see"', "--graph", both.graph, "--json").json for way in (both.server, both.local)]
    assert [[hit["id"] for hit in found] for found in hits] == [["retry"], ["retry"]]
    assert both("search", "rpol") == []
    assert "-aliases: Backoff, RPOL\n+aliases: Backoff, Wait and see\n" in both.text("diff", "retry", "1", "2")
    assert both.fails("edit", "retry", "--add-alias", "two\nlines") == (2, "BAD_INPUT")


def test_link_and_unlink(decisions: Both) -> None:
    ends = ("0007-no-status.md", "0001-record-decisions.md", "depends_on")
    assert decisions("link", *ends, "--weight", "0.5")["weight"] == 0.5
    assert decisions("link", *ends, "--weight", "0.5")["weight"] == 0.5
    assert decisions("link", *ends, "--weight", "2")["weight"] == 2.0
    assert len(decisions("show", ends[0])["relations"]) == 2
    assert decisions("import", str(SAMPLES / "decisions"), "--source", "decisions")["relations_ended"] == 0
    assert decisions("unlink", *ends)["valid_to"]
    assert decisions.fails("unlink", *ends) == (3, "NOT_FOUND")
    assert decisions.fails("link", ends[0], ends[0], "extends") == (2, "BAD_INPUT")
    assert decisions.fails("link", ends[0], "nowhere", "extends") == (3, "NOT_FOUND")


def test_graph(decisions: Both) -> None:
    assert len(sorted_graph(decisions)) == 12
    for given in (("--relation", "supersedes"), ("--type", "note"), ("--limit", "3")):
        server, local = (
            way("graph", "--graph", decisions.graph, *given) for way in (decisions.server, decisions.local)
        )
        assert sorted(local.out.splitlines()) == sorted(server.out.splitlines())
        assert ("Not all of it" in local.err) == ("Not all of it" in server.err)


def test_graphs(decisions: Both) -> None:
    local = decisions.local("graphs", "--json").json
    [mine] = [one for one in decisions.server("graphs", "--json").json if one["name"] == decisions.graph]
    assert [{**one, "updated_at": ""} for one in local] == [{**mine, "updated_at": ""}]


def test_unknown_graphs(decisions: Both) -> None:
    for given in (("list",), ("search", "x"), ("show", "x"), ("graph",)):
        server, local = (way(*given, "--graph", "no-such-graph") for way in (decisions.server, decisions.local))
        assert local.status == server.status == 3


def test_a_directory_by_hand_reads_as_its_import_does(
    both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This project's own decisions, and files with every kind of link."""
    root = tmp_path / "by-hand" / ".kogral"
    shutil.copytree(ROOT / ".kogral", root)
    (root / "config.toml").write_text(f'[graph]\nname = "{both.graph}"\n')
    for path, text in {
        "notes/a.md": "---\nid: a\n---\n# A\n\n[[B]], [c](../decisions/0100-c.md), [[adr-0003-one-graph]] #tagged",
        "notes/b.md": "---\nid: b\naliases: [x]\ntags: one, two\nmood: good\n---\n# B\n\n![[a]]",
        "decisions/0100-c.md": "---\nid: c\n---\n# C\n\nDate: 2026-01-02\n\n## Status\n\n"
        "Accepted. Supersedes [D](0101-d.md)\n\n## Context\n\n## Decision\n",
        "decisions/0101-d.md": "---\nid: d\n---\n# D\n\n## Status\n\nSuperseded by ADR-0100\n",
    }.items():
        (root / path).write_text(text)
    assert both.server("import", str(root), "--graph", both.graph).status == 0
    local = partial(run, monkeypatch, KOGRAL_DIR=str(root))
    seen = ("id", "title", "node_type", "status", "date", "tags", "path")
    given = ("list", "--limit", "500", "--graph", both.graph, "--json")
    rows = [{row["id"]: [row[name] for name in seen] for row in way(*given).json} for way in (both.server, local)]
    assert rows[1] == rows[0]
    given = ("graph", "--graph", both.graph, "--format", "json")
    edges = [
        sorted((one["source"], one["relation"], one["target"]) for one in way(*given).json["relations"])
        for way in (both.server, local)
    ]
    assert edges[1] == edges[0]
    assert {("c", "supersedes", "d"), ("a", "relates_to", "b")} <= set(edges[1])
    for node_id in ("c", "adr-0022-keyset-cursors"):
        shown = [way("show", node_id, "--graph", both.graph, "--json").json for way in (both.server, local)]
        kept = ("metadata", "deciders", "status_raw", "content")
        assert [str(shown[1][name]).strip() for name in kept] == [str(shown[0][name]).strip() for name in kept]
    # A change through the API keeps what the files stated, and a relation that was ended stays so.
    assert local("unlink", "a", "b", "relates_to").status == 0
    assert local("link", "d", "a", "explains").status == 0
    after = {(e["source"], e["relation"], e["target"]) for e in local(*given).json["relations"]}
    assert after == {*edges[1], ("d", "explains", "a")} - {("a", "relates_to", "b")}


def test_without_a_graph_a_directory_is_meant_as_a_whole(decisions: Both) -> None:
    assert len(decisions.local("list", "--json").json) == 12
    ends = ("0007-no-status.md", "0001-record-decisions.md", "extends")
    assert decisions.local("link", *ends, "--json").status == 0
    report = decisions.local("import", str(SAMPLES / "decisions"), "--source", "decisions", "--json").json
    assert (report["graph"], report["unchanged"]) == (decisions.graph, 12)


BLOCKS = {
    "a.md": "---\nid: a\ntags: [x]\n---\n# A\n\n- [ ] buy #home/kitchen 📅 2026-01-02\n"
    "  - [x] find [[b]]\n\nText ^one\n",
    "b.md": "# B\n\n- [/] write to [[a#^one]]\n- [-] no more #home\n\n[[B]] [[a#^none]]\n",
}


@pytest.mark.parametrize("name", ["own", "logseq-edge", "obsidian-tasks-docs"])
def test_blocks_and_tasks(both: Both, notes: Callable[..., Path], knowledge: Path, name: str) -> None:
    root = notes(BLOCKS) if name == "own" else knowledge / name
    both("import", str(root), "--source", "s")
    blocks = both("blocks", "--limit", "1000")
    assert blocks
    tasks = both("todos", "--limit", "1000")
    assert {row["id"] for row in tasks} <= {row["id"] for row in blocks}
    both("blocks", "--node", blocks[0]["node_id"])
    both("blocks", "--text", "A", "--limit", "7")
    for given in (("--state", "doing"), ("--open",), ("--tag", "HOME"), ("--due", "2026-06-01"), ("--priority", "a")):
        both("todos", *given)
    assert sorted_graph(both)


def test_blocks_follow_what_was_changed_in_the_graph(both: Both, notes: Callable[..., Path], tmp_path: Path) -> None:
    root = notes(BLOCKS)
    both("import", str(root), "--source", "s")
    assert [row["text"] for row in both("todos", "--node", "a", "--open")] == ["buy #home/kitchen 📅 2026-01-02"]
    text = tmp_path / "text"
    text.write_text("# A\n\n- [x] buy #home/kitchen\n  - [x] find [[b]]\n- [ ] sell [[b]]\n\nText ^one\n")
    both("edit", "a", "--content-file", str(text))
    assert [(row["text"], row["start_line"]) for row in both("todos", "--node", "a", "--open")] == [("sell [[b]]", 9)]
    assert len(both("blocks", "--node", "a")) == 4
    both("delete", "a", "--yes")
    assert both.fails("todos", "--node", "a")[1] == "NOT_FOUND"
    both("undelete", "a")
    assert len(both("blocks", "--node", "a")) == 4
    (root / "a.md").write_text(BLOCKS["a.md"].replace("[ ] buy", "[x] buy").replace("[x] find", "[ ] find"))
    both("import", str(root), "--source", "s")
    assert [row["text"] for row in both("todos", "--node", "a", "--open")] == ["find [[b]]"]


def test_exports(decisions: Both, tmp_path: Path) -> None:
    decisions("edit", "0007-no-status.md", "--add-tag", "new")
    for way in (decisions.server, decisions.local):
        given = ("add", "note", "Without a file", "--content", "text", "--graph", decisions.graph)
        assert way(*given).status == 0
    written = []
    for name, way in (("server", decisions.server), ("local", decisions.local)):
        out = tmp_path / name
        ran = way("export", "markdown", "--graph", decisions.graph, "--out", str(out))
        assert ran.status == 0, ran
        files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        assert files.pop("without-a-file.md")  # its id differs
        written.append((files, ran.out))
    assert written[1] == written[0]
    assert written[0][0]["0001-record-decisions.md"] == (SAMPLES / "decisions/0001-record-decisions.md").read_bytes()
    for form in ("json", "yaml"):
        server, local = (
            way("export", form, "--graph", decisions.graph).out for way in (decisions.server, decisions.local)
        )
        assert len(local.splitlines()) == len(server.splitlines()) > 0


def test_findings(both: Both, notes: Callable[..., Path]) -> None:
    long = " ".join(f"word{i}" for i in range(60))
    root = notes({
        "0001-a.md": "# 1. A\n\n## Status\n\nAccepted\n\nSupersedes [B](0002-b.md)\n\n## Context\n\n## Decision\n",
        "0002-b.md": "# 2. B\n\n## Status\n\nAccepted\n\nSupersedes [A](0001-a.md)\n\n## Context\n\n## Decision\n",
        "0003-c.md": "# 3. C\n\n## Status\n\nRejected\n\nSupersedes [D](0004-d.md)\n\n## Context\n\n## Decision\n",
        "0004-d.md": "# 4. D\n\n## Status\n\nSuperseded by [no](0099-no.md)\n\n## Context\n\n## Decision\n",
        "broken.md": "---\ntitle: [\n---\n[[nowhere]]", "same.md": "# Same", "same2.md": "# SAME",
        "near.md": f"# N1\n\n{long}", "near2.md": f"# N2\n\n{long} more", "near3.md": f"# N3\n\n{long} or less",
        "mark.md": "---\nx: y\n---\n# M\n\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n",
    })  # fmt: skip
    both("import", str(root), "--source", "s")
    found = both("lint")
    assert {"CONFLICT_MARKER", "MUTUAL_SUPERSEDE", "NEAR_DUPLICATE", "DUPLICATE_TITLE", "BROKEN_LINK", "ORPHAN"} <= {
        one["code"] for one in found
    }
    both("lint", "--code", "ORPHAN")


def test_findings_of_decisions(decisions: Both) -> None:
    assert decisions("lint")


ASKED = ((), ("short files",), ("--overridden",))


def test_guidelines(decisions: Both) -> None:
    for title, more in {
        "Say what to do": ("--priority", "200", "--content", "Errors say it.", "--id", "a"),
        "say what to do": ("--priority", "10", "--content", "Errors say no word.", "--id", "b"),
        "Small files": ("--content", "Keep them short.", "--id", "c"),
    }.items():
        for way in (decisions.server, decisions.local):
            assert way("add", "guideline", title, *more, "--graph", decisions.graph).status == 0
    listed = [
        [[one["id"] for one in way("guidelines", *given, "--graph", decisions.graph, "--json").json] for given in ASKED]
        for way in (decisions.server, decisions.local)
    ]
    assert listed[1] == listed[0]
    assert listed[0] == [["a", "c"], ["c"], ["a", "c", "b"]]


def test_search_by_meaning_where_vectors_are_off(decisions: Both) -> None:
    assert decisions.fails("search", "broker", "--mode", "semantic")[1] == "UNAVAILABLE"
    given = ("search", "broker", "--mode", "hybrid", "--graph", decisions.graph, "--json")
    server, local = decisions.server(*given).json, decisions.local(*given).json
    assert [hit["id"] for hit in local] == [hit["id"] for hit in server]
