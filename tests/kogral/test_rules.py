"""`kogral guidelines`, `lint` and `suggest`, from outside."""

import json

FILES = {
    "guidelines/naming.md": "---\nid: naming\npriority: 160\n---\n# Naming of tables\n\nSingular names.\n",
    "decisions/0001-use-rabbitmq.md": "---\nid: rabbit\nstatus: accepted\n---\n# Use RabbitMQ\n\n[[nowhere]]\n",
    "decisions/0002-use-nats.md": "---\nid: nats\nstatus: accepted\nsupersedes: rabbit\n---\n# Use NATS\n\nOne.\n",
    "notes/day.md": "---\nid: day\n---\n# Day\n\nWe use NATS here, and the naming of tables is fine.\n",
}


def test_guidelines_say_where_they_come_from(kogral, new_graph, notes) -> None:
    kogral("import", str(notes(FILES)), "--graph", new_graph)
    [one] = kogral("guidelines", "tables", "--graph", new_graph, "--json").json
    assert {name: one[name] for name in ("id", "priority", "inherited_from", "topic", "applies")} == {
        "id": "naming",
        "priority": 160,
        "inherited_from": None,
        "topic": "naming-of-tables",
        "applies": True,
    }
    assert "Singular" in one["content"]
    assert kogral("guidelines", "--graph", new_graph).out.split("\t")[:2] == ["160", "naming"]
    assert kogral("guidelines", "--graph", "no-such-graph").status == 3


def test_lint_lists_findings_and_fails_on_errors_only(kogral, new_graph, notes) -> None:
    root = notes(FILES)
    kogral("import", str(root), "--graph", new_graph)
    ran = kogral("lint", "--graph", new_graph, "--json")
    assert ran.status == 0
    assert [(one["code"], one["path"], one["line"]) for one in ran.json] == [
        ("SUPERSEDED_BUT_ACCEPTED", "decisions/0001-use-rabbitmq.md", None),
        ("BROKEN_LINK", "decisions/0001-use-rabbitmq.md", 7),
        ("ORPHAN", "notes/day.md", None),
        ("ORPHAN", "guidelines/naming.md", None),
    ]
    assert {"code", "path", "message", "severity", "line", "node", "hint"} <= ran.json[0].keys()
    only = kogral("lint", "--graph", new_graph, "--code", "broken_link")
    wanted = "decisions/0001-use-rabbitmq.md:7: warning BROKEN_LINK A link names “nowhere”: nothing answers to it.\n"
    assert only.out == wanted
    assert only.err.strip() == "1 warning"
    (root / "decisions/0002-use-nats.md").write_text(FILES["decisions/0002-use-nats.md"].replace("rabbit", "none"))
    kogral("import", str(root), "--graph", new_graph)
    broken = kogral("lint", "--graph", new_graph)
    assert broken.status == 1
    assert "decisions/0002-use-nats.md:4: error BROKEN_SUPERSEDE" in broken.out
    assert kogral("lint", "--code", "NONSENSE").status == 2


def test_lint_corrects_what_is_safe_and_says_so_before(kogral, new_graph, notes) -> None:
    kogral("import", str(notes(FILES)), "--graph", new_graph)
    would = kogral("lint", "--graph", new_graph, "--fix", "--dry-run")
    assert "[would be fixed]" in would.out
    assert kogral("show", "rabbit", "--graph", new_graph, "--json").json["status"] == "accepted"
    did = kogral("lint", "--graph", new_graph, "--fix", "--json").json
    assert [one["code"] for one in did if one["fixed"]] == ["SUPERSEDED_BUT_ACCEPTED"]
    shown = kogral("show", "rabbit", "--graph", new_graph, "--json").json
    assert (shown["status"], shown["rev"]) == ("superseded", 2)
    assert "SUPERSEDED_BUT_ACCEPTED" not in kogral("lint", "--graph", new_graph).out


def test_suggestions_are_listed_accepted_and_dismissed(kogral, new_graph, notes) -> None:
    kogral("import", str(notes(FILES)), "--graph", new_graph)
    assert kogral("suggest", "--graph", new_graph, "--json").json == []
    ran = kogral("suggest", "--graph", new_graph, "--refresh", "--json")
    assert {(one["source"]["id"], one["target"]["id"], one["kind"]) for one in ran.json} == {
        ("day", "nats", "mention"),
        ("day", "naming", "mention"),
    }
    first, second = (one["id"] for one in ran.json)
    done = kogral("suggest", "--graph", new_graph, "--accept", first, "--dismiss", second)
    assert done.status == 0
    assert [line.partition(":")[0] for line in done.out.splitlines()] == ["accepted", "dismissed"]
    assert kogral("suggest", "--graph", new_graph, "--refresh", "--json").json == []
    relations = kogral("show", "day", "--graph", new_graph, "--json").json["relations"]
    assert [one["origin"] for one in relations] == ["suggestion"]
    failed = kogral("suggest", "--graph", new_graph, "--accept", "none", "--json")
    assert (failed.status, json.loads(failed.out)["error"]["code"]) == (3, "NOT_FOUND")
    no_model = kogral("suggest", "--graph", new_graph, "--model")
    assert (no_model.status, "suggest.model" in no_model.err) == (2, True)
