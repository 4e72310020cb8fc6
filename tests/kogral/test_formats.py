"""Logseq graphs and Obsidian vaults through the command, small ones of our own and real ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from stratumiops.ingest.models import COUNTED

SAMPLES = Path(__file__).parents[1] / "samples"
SETS = {
    "logseq-edge": "logseq",
    "logseq-arc42": "logseq",
    "logseq-seq2b": "logseq",
    "obsidian-tasks-docs": "obsidian",
    "obsidian-kepano": "obsidian",
    "markdown-edge": "auto",
}


@pytest.mark.parametrize(("name", "found"), SETS.items())
def test_a_real_collection_has_its_expected_counts_and_edges(
    kogral, new_graph, knowledge: Path, name: str, found: str
) -> None:
    expected = json.loads((knowledge / f"expected-{name}.json").read_text())
    first = kogral("import", str(knowledge / name), "--graph", new_graph, "--json").json
    assert (first["format"], first["errors"]) == (found, 0)
    wanted = {key: expected["counts"][key] for key in ("files", *COUNTED) if key in expected["counts"]}
    if "journals" not in wanted:
        wanted["journals"] = 0
    if "blocks" not in wanted:
        del first["blocks"]
    assert {key: first[key] for key in wanted} == wanted
    rows = kogral("list", "--graph", new_graph, "--limit", "1000", "--json").json
    paths = {row["id"]: row["path"] for row in rows}
    assert len(paths) == expected["counts"]["files"]
    drawn = kogral("graph", "--graph", new_graph, "--format", "json").json["relations"]
    edges = {(paths[one["source"]], paths[one["target"]]) for one in drawn}
    assert {tuple(edge) for edge in expected["edges"]} <= edges
    again = kogral("import", str(knowledge / name), "--graph", new_graph, "--json").json
    assert (again["created"], again["updated"], again["deleted"]) == (0, 0, 0)
    assert (again["relations_created"], again["relations_ended"]) == (0, 0)
    assert again["unchanged"] == again["files"]
    same = (*wanted, "nodes", "relations", "unresolved_links", "unresolved", "skipped")
    assert {key: again[key] for key in same} == {key: first[key] for key in same}
    would = kogral("import", str(knowledge / name), "--graph", new_graph, "--dry-run", "--json").json
    assert {key: would[key] for key in same if key != "unresolved"} == {
        key: first[key] for key in same if key != "unresolved"
    }


def test_unresolved_links_of_a_real_graph(kogral, new_graph, knowledge: Path) -> None:
    expected = json.loads((knowledge / "expected-logseq-edge.json").read_text())["counts"]
    report = kogral("import", str(knowledge / "logseq-edge"), "--graph", new_graph, "--json").json
    kinds = [one["kind"] for one in report["unresolved"]]
    assert kinds.count("block_ref") == expected["block_refs_unresolved"]
    assert len(kinds) - kinds.count("block_ref") == expected["wikilinks_unresolved"]
    assert [one["path"] for one in report["problems"] if one["code"] == "HIDDEN"] == ["archive/hidden.md"]


@pytest.fixture
def garden(kogral, new_graph) -> tuple[str, dict[str, Any]]:
    """The graph that holds the Logseq sample, and what its import answered."""
    done = kogral("import", str(SAMPLES / "logseq"), "--graph", new_graph, "--json")
    assert done.status == 0, done.err
    return new_graph, done.json


def test_a_logseq_graph(kogral, garden) -> None:
    graph, report = garden
    assert report["format"] == "logseq"
    assert {name: report[name] for name in ("files", *COUNTED)} == {
        "files": 4, "pages": 3, "journals": 1, "blocks": 11, "wikilinks": 11, "block_refs": 3, "embeds": 1,
        "properties": 9, "tags": 3, "aliases": 2, "tasks": 6,
    }  # fmt: skip
    assert [(one["code"], one["path"]) for one in report["problems"]] == [
        ("HIDDEN", "drafts/idea.md"),
        ("HIDDEN", "pages/secret.md"),
    ]
    assert [(one["line"], one["target"], one["kind"]) for one in report["unresolved"]] == [
        (1, "Person", "frontmatter"),
        (11, "Seed box", "wikilink"),
        (6, "Nowhere", "wikilink"),
        (6, "6611aa00-0000-4000-8000-0000000000ff", "block_ref"),
    ]
    rows = {row["path"]: row for row in kogral("list", "--graph", graph, "--json").json}
    journal = rows["journals/2024_04_02.md"]
    assert (journal["title"], journal["node_type"], journal["date"]) == (
        "Tuesday, April 2nd, 2024",
        "journal",
        "2024-04-02",
    )
    shown = kogral("show", "Green place", "--graph", graph, "--json").json
    assert (shown["title"], shown["aliases"], shown["tags"]) == (
        "Garden",
        ["Plot", "Green place"],
        ["outdoors", "Home/Hobbies", "garden", "spring"],
    )
    assert shown["metadata"] == {"owner": "[[Ada]]", "beds": 4, "shared": True}
    assert "aliases:  Plot, Green place" in kogral("show", "Plot", "--graph", graph).out
    out = {(one["title"], one["origin"]) for one in shown["relations"] if one["direction"] == "out"}
    assert out == {
        ("Ada", "frontmatter"),
        ("Home/Hobbies", "frontmatter"),
        ("Tuesday, April 2nd, 2024", "wikilink"),
        ("Garden", "wikilink"),
    }


def test_blocks_and_todos_of_a_logseq_graph(kogral, garden) -> None:
    graph, _ = garden
    todos = kogral("todos", "--graph", graph, "--json").json
    assert [(one["marker"], one["state"], one["priority"], one["text"]) for one in todos] == [
        ("NOW", "doing", None, "water the [[Plot]]"),
        ("TODO", "todo", "A", "sow beans #spring"),
        ("DONE", "done", None, "prune roses"),
        ("LATER", "todo", None, "repot the fig"),
        ("WAITING", "waiting", None, "for [[Garden]] tools"),
        ("CANCELED", "cancelled", None, "greenhouse"),
    ]
    beans = todos[1]
    assert (beans["scheduled"], beans["start_line"], beans["end_line"], beans["depth"]) == (
        "2024-04-02T09:30",
        9,
        11,
        1,
    )
    assert beans["parent"] == "6611aa00-0000-4000-8000-000000000001"
    assert beans["properties"] == {"tool": "rake, [[Seed box]]"}
    assert len(kogral("todos", "--graph", graph, "--open", "--json").json) == 4
    assert len(kogral("todos", "--graph", graph, "--state", "done", "--state", "cancelled", "--json").json) == 2
    assert [one["text"] for one in kogral("todos", "--graph", graph, "--due", "2024-04-30", "--json").json] == [
        "sow beans #spring"
    ]
    table = kogral("todos", "--graph", graph, "--priority", "a").out
    assert table == "todo\tA\t2024-04-02T09:30\tsow beans #spring\tpages/Garden.md:9\n"

    def texts(*options: str) -> list[str]:
        return [one["text"] for one in kogral("blocks", "--graph", graph, *options, "--json").json]

    assert len(texts()) == 12
    assert texts("--text", "not a bullet") == ['```sh\necho "[[not a link]] #nottag"\n- not a bullet\n```']
    assert len(texts("--limit", "3")) == 3
    assert texts("--tag", "Spring") == ["sow beans #spring"]
    assert texts("--tag", "home") == [
        "[label]([[Green Place]]) and #[[Home/Hobbies]]\n\na second paragraph of the block"
    ]
    assert texts("--property", "tool") == texts("--property", "TOOL=seed BOX") == ["sow beans #spring"]
    assert texts("--property", "tool=hammer") == []
    assert texts("--marker", "LATER") == texts("--text", "the FIG") == ["repot the fig"]
    assert texts("--node", "Home/Hobbies", "--state", "waiting") == ["for [[Garden]] tools"]
    assert kogral("blocks", "--graph", graph, "--node", "nothing").status == 3


def test_an_obsidian_vault(kogral, new_graph) -> None:
    done = kogral("import", str(SAMPLES / "vault"), "--graph", new_graph, "--json")
    report = done.json
    assert report["format"] == "obsidian"
    assert {name: report[name] for name in ("files", *COUNTED)} == {
        "files": 3, "pages": 3, "journals": 0, "blocks": 7, "wikilinks": 8, "block_refs": 3, "embeds": 2,
        "properties": 6, "tags": 1, "aliases": 2, "tasks": 5,
    }  # fmt: skip
    assert [(one["path"], one["line"], one["target"]) for one in report["unresolved"]] == [
        ("People.md", 5, "Tool shed"),
        ("People.md", 5, "Shed#^gone"),
    ]
    shed = kogral("show", "Tool shed", "--graph", new_graph, "--json").json
    assert (shed["title"], shed["aliases"]) == ("Shed project", ["Shed", "Tool shed"])
    assert shed["metadata"] == {"started": "2024-03-01", "budget": 250.5, "done": False, "owner": "[[People]]"}
    todos = kogral("todos", "--graph", new_graph, "--json").json
    assert [(one["text"], one["marker"], one["state"], one["deadline"], one["priority"]) for one in todos] == [
        ("called [[people]] about ![[Shed#^paint]]", "[x]", "done", None, None),
        ("what now", "[?]", "todo", None, None),
        ("buy boards 📅 2024-04-03 ⏫", "[ ]", "todo", "2024-04-03", "high"),
        ("measure #build/wall", "[x]", "done", None, None),
        ("paint", "[/]", "doing", None, None),
    ]
    blocks = kogral("blocks", "--graph", new_graph, "--node", "Shed project", "--json").json
    named = {one["id"]: (one["start_line"], one["end_line"]) for one in blocks if len(one["id"]) < 30}
    assert named == {"paint": (17, 17), "roof": (19, 19), "prices": (21, 25)}
