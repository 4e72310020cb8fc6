"""log, diff, as-of, stats, pictures, pager, completion."""

import shutil
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.ui.cli.kogral.picture.layers import positions

COMMAND = Path(sys.executable).with_name("kogral")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def graph(client, new_graph) -> str:
    client.execute("mutation($n: String!) { createGraph(input: {name: $n}) { graph { name } } }", {"n": new_graph})
    return str(new_graph)


@pytest.fixture
def note(kogral, graph) -> str:
    made = kogral("add", "note", "Old", "--content", "one\ntwo\nthree\n", "--graph", graph, "--json").json
    kogral("edit", made["id"], "--content", "one\n2\nthree\nfour\n", "--status", "draft")
    kogral("edit", made["id"], "--title", "New")
    return str(made["id"])


def test_log_says_what_changed(kogral, note, graph) -> None:
    states = kogral("log", note, "--json").json
    assert [(one["rev"], one["changes"]) for one in states] == [
        (3, ["title"]),
        (2, ["status – → draft", "content +2 −1"]),
        (1, ["created"]),
    ]
    assert [one["rev"] for one in kogral("log", "New", "-n", "2", "--graph", graph, "--json").json] == [3, 2]
    kogral("delete", note, "--yes")
    text = kogral("log", note).out
    assert "; deleted 20" in text
    kogral("undelete", note)
    assert kogral("log", note, "-n", "1", "--json").json[0]["changes"] == ["restored"]
    assert kogral("log", "nothing-of-this-name").status == 3


def test_diff_between_revisions(kogral, note) -> None:
    last = kogral("diff", note).out
    assert "-title: Old\n+title: New\n" in last
    whole = kogral("diff", note, "1", "3", "--json").json
    assert (whole["old"], whole["new"]) == (1, 3)
    assert {"-two", "+2", "+four", "+status: draft"} <= set(whole["diff"])
    assert kogral("diff", note, "2", "2").err.strip() == "No difference."
    missing = kogral("diff", note, "7")
    assert (missing.status, "There are 1, 2, 3" in missing.err) == (3, True)


def test_as_of_lists_and_shows(kogral, note, graph) -> None:
    states = {one["rev"]: one for one in kogral("log", note, "--json").json}
    then = states[1]["valid_from"]
    assert kogral("as-of", then, note, "--json").json["content"] == "one\ntwo\nthree\n"
    assert kogral("as-of", then, "Old", "--graph", graph, "--json").json["rev"] == 1
    assert kogral("as-of", then, "New", "--graph", graph).status == 3
    assert [one["title"] for one in kogral("as-of", then, "--graph", graph, "--json").json] == ["Old"]
    before = (datetime.fromisoformat(then) - timedelta(seconds=1)).isoformat()
    assert kogral("as-of", before, "--graph", graph, "--json").json == []
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert [one["rev"] for one in kogral("as-of", tomorrow, "--graph", graph, "--json").json] == [3]
    bad = kogral("as-of", "the other day")
    assert (bad.status, "2026-03-01" in bad.err) == (2, True)


def test_stats_count(kogral, note, graph) -> None:
    kogral("add", "decision", "A", "--status", "accepted", "--tag", "x", "--graph", graph)
    kogral("add", "decision", "B", "--tag", "x", "--tag", "y", "--graph", graph)
    kogral("add", "decision", "C", "--status", "weird", "--graph", graph)
    found = kogral("stats", "--graph", graph, "--json").json
    assert found["nodes"] == 4
    assert (found["types"]["note"], found["types"]["decision"]) == (1, 3)
    assert (found["decisions"]["accepted"], found["decisions"]["unset"], found["decisions"]["other"]) == (1, 1, 1)
    assert found["graphs"] == {graph: 4}
    assert found["tags"] == {"x": 2, "y": 1}
    assert "tag\tx\t2\n" in kogral("stats", "--graph", graph).out


def test_a_picture_is_svg_and_the_same_each_time(kogral, graph) -> None:
    for name in ("a", "b", "c", "lone"):
        title = f"{name} <&> \x07 with a title that is much too long for one line of a box, or for two of them"
        kogral("add", "decision", title.replace("\x07", ""), "--id", name, "--status", "superseded", "--graph", graph)
    for source, target in (("a", "b"), ("b", "c"), ("c", "a")):
        kogral("link", source, target, "supersedes", "--graph", graph)
    text = kogral("graph", "--graph", graph, "--format", "svg").out
    assert text == kogral("graph", "--graph", graph, "--format", "svg").out
    root = ET.fromstring(text)
    assert len(root.findall(f"{SVG}g")) == 4
    assert len(root.findall(f"{SVG}path")) == 3
    assert {one.get("id") for one in root.findall(f"{SVG}g")} == {"a", "b", "c", "lone"}
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for box in root.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x", -1)) <= width
        assert 0 <= float(box.get("y", -1)) <= height


NAMES = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=14)


@given(
    NAMES.flatmap(lambda names: st.tuples(st.just(names), st.lists(st.tuples(*[st.sampled_from(names or ["x"])] * 2))))
)
def test_no_two_nodes_stand_in_one_place(drawn) -> None:
    names, edges = drawn
    found = positions(names, edges)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    assert found == positions(names, list(reversed(edges)))


def test_relations_run_from_left_to_right() -> None:
    found = positions(["d", "c", "b", "a"], [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")])
    assert [found[name][0] for name in "abc"] == [0, 1, 2]
    assert found["d"][0] == 1


def test_a_large_graph_is_laid_out_at_once() -> None:
    names = [str(number) for number in range(20_000)]
    edges = [(str(number), str((number * 7) % 20_000)) for number in range(20_000)]
    assert len(positions(names, edges)) == 20_000


@pytest.mark.skipif(shutil.which("less") is None, reason="no less")
def test_long_output_goes_through_the_pager(kogral, kogral_terminal, note, tmp_path) -> None:
    kogral("edit", note, "--content", "\n".join(f"line {number}" for number in range(200)))
    shown = kogral_terminal(["show", note], [("line 10", "q")], PAGER="less -RX")
    assert shown.status == 0
    assert "line 199" not in shown.out
    whole = kogral_terminal(["show", note], PAGER="cat")
    assert "line 199" in whole.out
    assert "\x1b[1mNew" in whole.out
    plain = kogral_terminal(["show", note], PAGER="", NO_COLOR="1")
    assert "\x1b[3" not in plain.out


def test_a_diff_is_coloured_on_a_terminal_only(kogral_terminal, note) -> None:
    assert "\x1b[32m+" in kogral_terminal(["diff", note, "1", "2"], PAGER="cat").out
    assert "\x1b[32m" not in kogral_terminal(["diff", note, "1", "2"], PAGER="cat", NO_COLOR="1").out


def test_the_shell_completes_commands_graphs_and_nodes(kogral_process, note, graph) -> None:
    def completed(line: str, **environ: str):
        asked = f'_KOGRAL_COMPLETE=complete_zsh _TYPER_COMPLETE_ARGS="{line}"'
        return kogral_process(f"{asked} {COMMAND}", **environ)

    assert '"as-of"' in completed("kogral as").out
    assert graph in completed(f"kogral list --graph {graph[:8]}").out
    assert '"New"' in completed("kogral show Ne").out
    assert note in completed(f"kogral show {note[:30]}").out
    away = completed("kogral list --graph x", STRATUMIOPS_URL="http://127.0.0.1:9")
    assert (away.out.strip(), away.err) == ("_files", "")  # the shell falls back to files
