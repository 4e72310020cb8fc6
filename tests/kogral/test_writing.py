"""add, edit, delete, undelete: by options, from files, by questions on a terminal, in an editor."""

import json
import os
import stat
from pathlib import Path

import pytest


@pytest.fixture
def graph(client, new_graph) -> str:
    client.execute("mutation($n: String!) { createGraph(input: {name: $n}) { graph { name } } }", {"n": new_graph})
    return str(new_graph)


def editor(tmp_path: Path, script: str) -> str:
    """The command of an editor that does this to the file `$1`."""
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_nodes_of_every_type_by_options(kogral, graph) -> None:
    made = {}
    for kind, more in {
        "note": ("--content", "Text.", "--tag", "a", "--tag", "b"),
        "guideline": ("--content", "Do it.", "--priority", "150"),
        "pattern": ("--content", "Retry.", "--id", "retry"),
        "journal": ("--content", "Moved.", "--date", "2026-03-01"),
    }.items():
        title = () if kind == "journal" else (f"A {kind}",)
        found = kogral("add", kind, *title, *more, "--graph", graph, "--json")
        assert found.status == 0, found.err
        made[kind] = found.json
    assert (made["note"]["tags"], made["pattern"]["id"]) == (["a", "b"], "retry")
    assert (made["journal"]["title"], made["journal"]["date"]) == ("2026-03-01", "2026-03-01")
    assert kogral("show", "A guideline", "--graph", graph, "--json").json["content"] == "Do it.\n"
    text = kogral("add", "note", "Told", "--graph", graph).out
    assert text.startswith("note ")
    assert text.rstrip().endswith(f"in {graph}: Told")


def test_a_decision_has_the_sections_that_were_given(kogral, graph) -> None:
    sections = ("--context", "Polling.", "--decision", "A broker.", "--alternatives", "Redis.")
    made = kogral(
        "add", "decision", "Use NATS", *sections, "--status", "accepted", "--decider", "Ada", "--graph", graph, "--json"
    ).json
    shown = kogral("show", made["id"], "--json").json
    assert shown["content"] == (
        "# Use NATS\n\n## Context\n\nPolling.\n\n## Decision\n\nA broker.\n\n## Alternatives\n\nRedis.\n"
    )
    assert (shown["status"], shown["deciders"]) == ("accepted", ["Ada"])


def test_texts_come_from_files_and_standard_input(kogral, kogral_process, graph, tmp_path) -> None:
    file = tmp_path / "text.md"
    file.write_text("From a file — é\n")
    made = kogral("add", "note", "File", "--content-file", str(file), "--graph", graph, "--json").json
    assert kogral("show", made["id"], "--json").json["content"] == "From a file — é\n"
    piped = kogral_process(f"printf 'piped' | kogral add note Pipe --content-file - --graph {graph} --json")
    assert kogral("show", json.loads(piped.out)["id"], "--json").json["content"] == "piped\n"
    file.write_bytes(b"caf\xe9")
    assert kogral("add", "note", "x", "--content-file", str(file), "--graph", graph).status == 2


def test_a_dry_run_adds_nothing(kogral, graph) -> None:
    found = kogral("add", "note", "Not yet", "--content", "x", "--graph", graph, "--dry-run", "--json")
    assert found.json == {"dry_run": True, "node_type": "note", "graph": graph, "title": "Not yet", "content": "x\n"}
    assert "title: Not yet" in kogral("add", "note", "Not yet", "--graph", graph, "--dry-run").out
    assert kogral("list", "--graph", graph, "--json").json == []


def test_own_templates_and_the_projects_graph(kogral, graph, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    templates = tmp_path / ".kogral" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / ".kogral" / "config.toml").write_text(f'[graph]\nname = "{graph}"\n')
    (templates / "note.md.j2").write_text("> {{ title }} in {{ graph }}, {{ tags|join('+') }}\n\n{{ content }}")
    made = kogral("add", "note", "Mine", "--content", "body", "--tag", "x", "--tag", "y", "--json").json
    assert made["graph"] == graph
    content = kogral("show", made["id"], "--json").json["content"]
    assert content == f"> Mine in {graph}, x+y\n\nbody\n"
    for bad, words in (
        ("{% if %}", "line 1"),
        ("{{ nothing_like_it }}", "nothing_like_it"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
    ):
        (templates / "note.md.j2").write_text(bad)
        found = kogral("add", "note", "Mine", "--content", "body")
        assert (found.status, words in found.err) == (2, True), found.err


def test_what_is_missing_is_asked_for_on_a_terminal(kogral, kogral_terminal, graph) -> None:
    answers = [
        ("Title", "Use NATS\n"),
        ("Tags", "messaging, #queues\n"),
        ("Context", "Polling is slow.\nVery.\n\n"),
        ("Decision", "A broker.\n\n"),
        ("Consequences", "\n"),
        ("Alternatives", "\n"),
        ("Status", "accepted\n"),
    ]
    found = kogral_terminal(["add", "decision", "--graph", graph], answers)
    assert found.status == 0, found.out
    [made] = kogral("list", "--graph", graph, "--json").json
    assert (made["title"], made["status"], made["tags"]) == ("Use NATS", "accepted", ["messaging", "queues"])
    content = kogral("show", made["id"], "--json").json["content"]
    assert content == "# Use NATS\n\n## Context\n\nPolling is slow.\nVery.\n\n## Decision\n\nA broker.\n"
    asked = kogral_terminal(["add", "note", "Plain", "--graph", graph], [("Tags", "\n"), ("Text", "a\nb\n\n")])
    assert asked.status == 0, asked.out
    assert kogral("show", "Plain", "--graph", graph, "--json").json["content"] == "a\nb\n"


def test_a_text_is_written_in_the_editor(kogral, kogral_terminal, graph, tmp_path) -> None:
    command = editor(tmp_path, 'grep -q "## Context" "$1" && echo "Written." >> "$1"')
    found = kogral_terminal(["add", "decision", "Use NATS", "--edit", "--graph", graph], EDITOR=command)
    assert found.status == 0, found.out
    content = kogral("show", "Use NATS", "--graph", graph, "--json").json["content"]
    assert "<!-- What made a decision necessary? -->" in content
    assert content.endswith("Written.\n")
    empty = kogral_terminal(["add", "note", "None", "--edit", "--graph", graph], EDITOR=editor(tmp_path, ': > "$1"'))
    assert (empty.status, "nothing was added" in empty.out) == (2, True)
    failed = kogral_terminal(["add", "note", "None", "--edit", "--graph", graph], EDITOR=editor(tmp_path, "exit 3"))
    assert (failed.status, "status 3" in failed.out) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("add", "note"), 2, "needs a title"),
        (("add", "note", "x", "--content", "a", "--content-file", "b"), 2, "Give one of them"),
        (("add", "note", "x", "--content-file", "/nowhere"), 3, "no file"),
        (("add", "note", "x", "--graph", "no-such-graph-here"), 3, "no-such-graph-here"),
        (("add", "note", "x", "--date", "tomorrow"), 2, "date"),
        (("add", "note", "x", "--edit"), 2, "needs a terminal"),
        (("edit", "nothing-of-this-name", "--title", "x"), 3, "No node has the id"),
        (("delete", "nothing-of-this-name", "--yes"), 3, "No node has the id"),
        (("undelete", "nothing-of-this-name"), 3, "ever had, the id"),
    ],
)
def test_mistakes_are_named(kogral, arguments, status: int, words: str) -> None:
    found = kogral(*arguments)
    assert (found.status, words in found.err) == (status, True), found.err
    assert "Traceback" not in found.err


@pytest.fixture
def note(kogral, graph) -> str:
    made = kogral("add", "note", "Old", "--content", "one\ntwo\nthree", "--tag", "a", "--graph", graph, "--json").json
    return str(made["id"])


def test_edit_changes_what_is_named_and_nothing_else(kogral, note, tmp_path) -> None:
    file = tmp_path / "new.md"
    file.write_text("one\n2\nthree\n")
    changed = kogral(
        "edit", note, "--title", "New", "--status", "draft", "--add-tag", "b", "--remove-tag", "a",
        "--content-file", str(file), "--json",
    ).json  # fmt: skip
    assert (changed["title"], changed["status"], changed["tags"], changed["rev"]) == ("New", "draft", ["b"], 2)
    cleared = kogral("edit", note, "--status", "", "--tag", "c", "--json").json
    assert (cleared["status"], cleared["tags"], cleared["rev"]) == (None, ["c"], 3)
    same = kogral("edit", note, "--title", "New")
    assert (same.status, "nothing was changed" in same.err) == (0, True)
    assert kogral("show", note, "--json").json["rev"] == 3
    assert kogral("edit", note).status == 2


def test_a_dry_run_shows_the_difference(kogral, note) -> None:
    found = kogral("edit", note, "--content", "one\n2\nthree\n", "--dry-run").out
    assert "-two\n" in found
    assert "+2\n" in found
    assert kogral("show", note, "--json").json["rev"] == 1


def test_a_conflict_keeps_the_text_and_tells_how_to_go_on(kogral, note) -> None:
    kogral("edit", note, "--content", "theirs")
    found = kogral("edit", note, "--content", "mine", "--rev", "1")
    assert found.status == 4
    assert "revision 2 by now; yours was made from 1" in found.err
    assert f"kogral diff {note} 1 2" in found.err
    kept = Path(next(word for word in found.err.replace(";", " ").split() if word.endswith("-Old.md")))
    assert kept.read_text() == "mine"
    again = kogral("edit", note, "--content-file", str(kept), "--rev", "2", "--json")
    assert again.json["rev"] == 3
    kept.unlink()


def test_somebody_is_faster_while_the_editor_is_open(kogral, kogral_terminal, note, client, graph, tmp_path) -> None:
    ready, go = tmp_path / "ready", tmp_path / "go"
    os.mkfifo(ready)
    os.mkfifo(go)
    command = editor(tmp_path, f'echo mine > "$1"; echo > {ready}; read x < {go}')
    import threading

    def other() -> None:
        ready.read_text()
        given = {"graph": graph, "id": note, "rev": 1, "content": "theirs"}
        client.execute("mutation($i: UpdateNodeInput!) { updateNode(input: $i) { node { rev } } }", {"i": given})
        go.write_text("\n")

    thread = threading.Thread(target=other)
    thread.start()
    found = kogral_terminal(["edit", note], VISUAL=command)
    thread.join()
    assert (found.status, "your text is in" in found.out) == (4, True), found.out
    assert kogral("show", note, "--json").json["content"] == "theirs"


def test_delete_asks_and_undelete_brings_back(kogral, kogral_terminal, note) -> None:
    assert "Give --yes" in kogral("delete", note).err
    assert kogral("delete", note, "--dry-run").out.startswith("would delete the note 'Old'")
    kept = kogral_terminal(["delete", note], [("[y/N]", "n\n")])
    assert (kept.status, "nothing was deleted" in kept.out) == (1, True)
    gone = kogral_terminal(["delete", note], [("[y/N]", "y\n")])
    assert (gone.status, f"kogral undelete {note}" in gone.out) == (0, True)
    assert kogral("show", note).status == 3
    assert kogral("undelete", note, "--dry-run").out.startswith("would bring back 'Old'")
    assert kogral("show", note).status == 3
    assert kogral("undelete", note, "--json").json["rev"] == 3
    assert kogral("undelete", note).status == 4
    assert kogral("delete", note, "--yes", "--rev", "1").status == 4
    assert kogral("delete", note, "--yes", "--json").json["id"] == note
