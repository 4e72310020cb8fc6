"""What the rules store fits the declared model of labels."""

from typing import Any

from stratumiops.graph.store import labels
from stratumiops.ingest.jobs.store import Jobs
from stratumiops.ingest.lint.models import LintCode
from stratumiops.ingest.lint.service import Lint
from stratumiops.ingest.suggest.models import SuggestionState
from stratumiops.ingest.suggest.refresh import Refresh
from stratumiops.ingest.suggest.service import Suggestions

from .conftest import Project

MODEL = labels.declared()
TEXT = " ".join(f"word{i}" for i in range(60))
CONFLICT = "<<<<<<< a\n=======\n>>>>>>> b\n"


async def test_every_node_that_the_rules_leave_is_declared(project: Project) -> None:
    await project.import_files(
        {"a.md": f"# Message Queue\n\n{TEXT}\n{CONFLICT}", "b.md": "# B\n\nA message queue. [[x]]"}
    )
    await project.node("c", content="Message queue, too.")
    await Lint(project.db).page([project.graph], list(LintCode), auth=[project.graph], first=10)
    await Refresh(project.db).run(project.graph, 10)
    service = Suggestions(project.db)
    first, _ = await service.page([project.graph], auth=[project.graph], state=SuggestionState.OPEN, first=10)
    await service.accept(project.graph, first.suggestion["id"], actor="ada")
    jobs = Jobs(project.db)
    job = await jobs.create(project.graph, "notes", "/srv/notes", "auto", actor="ada")
    assert await jobs.claim("me", ["/srv/notes"]) is not None
    await jobs.note(job.id, "me", {"error": "none", "finished_at": "2026"})
    rows = await project.db.read(
        "MATCH (n {graph: $g}) WHERE n:TextProfile OR n:Suggestion OR n:ImportJob OR n:Document "
        "OPTIONAL MATCH (n)-[r]->() RETURN labels(n) AS labels, properties(n) AS node, type(r) AS type, "
        "properties(r) AS relation",
        {"g": project.graph},
    )
    assert {row["labels"][0] for row in rows} == {"TextProfile", "Suggestion", "ImportJob", "Document"}
    used: dict[str, set[str]] = {}
    for row in rows:
        [label] = row["labels"]
        assert disagreements(labels.properties(MODEL[label]), row["node"]) == [], row
        used.setdefault(label, set()).update(row["node"])
        if row["type"] is not None:
            assert row["relation"] == {}
            assert row["type"] in labels.relations(MODEL[label])
    assert {"hashes", "bands", "markers", "scanned_rev"} <= used["TextProfile"]
    assert {"unresolved", "body_line"} <= used["Document"]
    assert {"decided_by", "quote"} <= used["Suggestion"]


def disagreements(declared: dict[str, Any], stored: dict[str, Any]) -> list[str]:
    found = [f"{name} is not declared" for name in stored if name not in declared]
    found += [f"{name} is missing" for name, kind in declared.items() if kind.required and name not in stored]
    found += [
        f"{name} is {stored[name]!r}"
        for name in declared.keys() & stored.keys()
        if not fits(declared[name], stored[name])
    ]
    return found


def fits(kind: Any, value: Any) -> bool:
    inflated = kind.inflate(value, None)
    return bool(inflated == value) and (type(inflated) is type(value) or isinstance(inflated, float))
