"""The dialects, each by a small sample of tests/samples/decisions."""

from pathlib import Path

import pytest

from stratumiops.graph.models import NodeType
from stratumiops.ingest.adr import header, names, status
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.models import DocumentFormat, ParsedDocument

SAMPLES = Path(__file__).parents[1] / "samples"


def _read(path: str, wanted: DocumentFormat = DocumentFormat.ADR) -> ParsedDocument:
    return parse_document(path, (SAMPLES / "decisions" / path).read_bytes(), wanted)


def _parse(text: str, path: str = "0001-x.md") -> ParsedDocument:
    return parse_document(path, text.encode(), DocumentFormat.ADR)


def _typed(document: ParsedDocument) -> list[tuple[str, bool, str, int]]:
    return [
        (link.relation.value, link.reverse, link.target, link.line)
        for link in document.links
        if link.relation != "relates_to"
    ]


@pytest.mark.parametrize(
    ("path", "title", "canonical", "raw", "date", "deciders"),
    [
        ("0001-record-decisions.md", "1. Record architecture decisions", "accepted", "Accepted", "2024-03-01", None),
        (
            "0002-queue-in-the-database.md",
            "2. Keep the queue in the database",
            "superseded",
            "Superceded by 5. Use a broker",
            "2024-03-05",
            None,
        ),
        (
            "0003-log-as-json.md",
            "Log as JSON",
            "accepted",
            "accepted",
            "2024-04-02",
            ["the platform team", "the on-call group"],
        ),
        ("0004-one-folder.md", "Keep records in one folder", "accepted", "accepted", "2024-05-06", ["platform team"]),
        ("0005-use-a-broker.md", "Use a broker", "accepted", "accepted; supersedes ADR-0002", "2024-06-07", None),
        ("0006-table-of-facts.md", "Facts in a table", "proposed", "Proposed", "2024-07-08", ["the web team"]),
        (
            "20240809-slug-names.md",
            "Names by date and slug",
            "accepted",
            "✅ Accepted, supersedes table",
            "2024-08-09",
            None,
        ),
        ("0007-no-status.md", "A decision nobody marked", None, None, None, None),
        ("0010-folder-per-decision/index.md", "One folder a decision", "deprecated", "Deprecated", None, None),
    ],
)
def test_dialects(
    path: str, title: str, canonical: str | None, raw: str | None, date: str | None, deciders: list[str] | None
) -> None:
    found = _read(path)
    assert found.type is NodeType.DECISION
    assert (found.title, found.status, found.date) == (title, canonical, date)
    assert (found.extra.get("status_raw"), found.extra.get("deciders")) == (raw, deciders)
    assert not found.problems


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("0001-record-decisions.md", [("extends", True, "0004-one-folder.md", 9)]),
        ("0002-queue-in-the-database.md", [("supersedes", True, "0005-use-a-broker.md", 7)]),
        (
            "0003-log-as-json.md",
            [
                ("extends", False, "0001-record-decisions.md", 19),
                ("depends_on", False, "0002-queue-in-the-database.md", 20),
            ],
        ),
        ("0004-one-folder.md", []),  # "this supersedes" in prose is prose
        ("0005-use-a-broker.md", [("supersedes", False, "ADR-0002", 2)]),
        ("20240809-slug-names.md", [("supersedes", False, "./0006-table-of-facts.md", 3)]),
        ("0008-broken-link.md", [("supersedes", True, "0099-gone.md", 5)]),
    ],
)
def test_relations_of_the_status_part(path: str, links: list[tuple[str, bool, str, int]]) -> None:
    assert _typed(_read(path)) == links


def test_template_and_readme_are_notes() -> None:
    assert _read("adr-template.md").type is NodeType.NOTE
    assert _read("README.md").type is NodeType.NOTE


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("0001-x.md", True),
        ("001.md", True),
        ("12-x.md", False),
        ("ADR057-x.md", True),
        ("adr-5.md", True),
        ("adr_with_words.md", True),
        ("20200101-x.md", True),
        ("2020-01-01-x.md", True),
        ("address-book.md", False),
        ("template.md", False),
        ("ADR000-template.md", False),
        ("adr-template-short.md", False),
        ("template-long.md", False),
        ("0039-use-apache-velocity-as-template-engine.md", True),
        ("README.md", False),
        ("0001-x/README.md", False),
        ("notes.md", False),
    ],
)
def test_decision_names(name: str, decision: bool) -> None:
    assert names.is_decision_name(name) is decision


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("0057-x.md", 57),
        ("ADR057-x.md", 57),
        ("adr-7.md", 7),
        ("20200101-x.md", None),
        ("2020-01-01-x.md", None),
        ("0012-x/index.md", 12),
        ("x.md", None),
    ],
)
def test_decision_numbers(name: str, number: int | None) -> None:
    assert names.number(name) == number


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("Accepted", "accepted"),
        ("**Accepted** 🎉", "accepted"),
        ("✅ approved on Monday", "accepted"),
        ("Pending", "proposed"),
        ("in review", "proposed"),
        ("On hold", "proposed"),
        ("Declined", "rejected"),
        ("Retired", "deprecated"),
        ("replaced by 12", "superseded"),
        ("Obsolete", "superseded"),
        ("superceded", "superseded"),
        ("Accepted, superseded in part by 4", "accepted"),
        ("accepted; supersedes ADR-0045", "accepted"),
        ("implemented by 3", None),
        ("unaccepted", None),
        ("", None),
    ],
)
def test_canonical_status(raw: str, canonical: str | None) -> None:
    assert status.canonical(raw) == canonical


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("# T\n\nStatus: Accepted\n", "Accepted"),
        ("# T\n\n**Status:** Accepted\n", "Accepted"),
        ("# T\n\n**Status**: `Accepted`\n", "Accepted"),
        ("# T\n\n### 🚦 Status\n\n> *Accepted*\n", "Accepted"),
        ("# T\n\n## 1. Status: Draft\n", "Draft"),
        ("Title\n=====\n\nStatus\n------\n\nAccepted\n", "Accepted"),
        ("# T\n\n## Status\n\n<!-- one of … -->\nAccepted\n", "Accepted"),
        ("# T\n\n| Date | Status |\n|---|---|\n| 2024-01-01 | Rejected |\n", "Rejected"),
        ("# T\n\n| Status | Draft |\n|---|---|\n| Date | 2024-01-01 |\n", "Draft"),
        ("# T\n\n## Context\n\nStatus: 200 OK\n", None),
        ("# T\n\n```\nStatus: Accepted\n```\n", None),
    ],
)
def test_where_a_status_stands(text: str, raw: str | None) -> None:
    assert _parse(text).extra.get("status_raw") == raw


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("Superseded by [a](a.md) and [b](b.md)", [("supersedes", True, "a.md"), ("supersedes", True, "b.md")]),
        ("Superseded 2020-01-02 by [a](a.md)", [("supersedes", True, "a.md")]),
        ("Superseded by ADR031 and ADR034", [("supersedes", True, "ADR031"), ("supersedes", True, "ADR034")]),
        ("Superseded by 0005", [("supersedes", True, "0005")]),
        ("superseded by 20201029-superseder", [("supersedes", True, "20201029-superseder")]),
        ("Superseded by\n[a](a.md)", [("supersedes", True, "a.md")]),
        ("Superseded by [a](a.md). The reason is in [b](b.md).", [("supersedes", True, "a.md")]),
        (
            "Supersedes [1. Old. Thing](a.md), amends [b](b.md)",
            [("supersedes", False, "a.md"), ("extends", False, "b.md")],
        ),
        (
            "Accepted\n\nAmended by [a](a.md)\n\nClarifies [b](b.md)",
            [("extends", True, "a.md"), ("explains", False, "b.md")],
        ),
        ("Accepted on 2020-01-02", []),
        ("Accepted, see [a](a.md)", []),
    ],
)
def test_phrases(line: str, targets: list[tuple[str, bool, str]]) -> None:
    found = _parse(f"# T\n\n## Status\n\n{line}\n\n## Context\n\nSuperseded by [no](no.md)\n")
    assert [(kind, reverse, target) for kind, reverse, target, _ in _typed(found)] == targets


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020/1/31", "2020-01-31"),
        ("31.01.2020", "2020-01-31"),
        ("31/01/2020", "2020-01-31"),
        ("01/31/2020", "2020-01-31"),
        ("01/02/2020", None),
        ("31 January 2020", "2020-01-31"),
        ("January 31st, 2020", "2020-01-31"),
        ("2020-02-30", None),
        ("soon", None),
    ],
)
def test_dates(written: str, date: str | None) -> None:
    assert header.parse_date(written) == date


def test_auto_tells_decisions_from_notes_by_content() -> None:
    auto = DocumentFormat.AUTO
    assert parse_document("2024-01-06.md", b"went for a walk", auto).type is NodeType.NOTE
    assert parse_document("100 things I like.md", b"tea", auto).type is NodeType.NOTE
    assert parse_document("adr/use-x.md", b"# X\n\n## Status\n\nAccepted\n", auto).type is NodeType.DECISION
    assert parse_document("use-x.md", b"# X\n\n## Status\n\nAccepted\n", auto).type is NodeType.NOTE
    assert parse_document("0001-x.md", b"# X\n\n## Context\n\n## Decision\n", auto).type is NodeType.DECISION
    markdown = DocumentFormat.MARKDOWN
    assert parse_document("0001-x.md", b"# X\n\n## Status\n\nAccepted\n", markdown).type is NodeType.NOTE
    assert parse_document("x.md", b"---\ntype: decision\n---\n", markdown).type is NodeType.DECISION


def test_a_folder_for_each_type() -> None:
    root = SAMPLES / "kogral"
    found = {
        path.relative_to(root).as_posix(): parse_document(path.relative_to(root).as_posix(), path.read_bytes())
        for path in sorted(root.rglob("*.md"))
    }
    assert {path: document.type.value for path, document in found.items()} == {
        "decisions/use-one-store.md": "decision",
        "guidelines/keep-it-small.md": "guideline",
        "journal/2024-05-17.md": "journal",
        "patterns/retry-with-limits.md": "pattern",
    }
    decision = found["decisions/use-one-store.md"]
    assert decision.node_id == "use-one-store"
    assert [(link.relation.value, link.target) for link in decision.links] == [
        ("implements", "keep-it-small"),
        ("explains", "retry-with-limits"),
    ]
    assert found["guidelines/keep-it-small.md"].extra == {"priority": 50}
    assert found["guidelines/keep-it-small.md"].tags == ("style",)
    assert found["journal/2024-05-17.md"].date == "2024-05-17"
    assert found["patterns/retry-with-limits.md"].tags == ("resilience",)
    assert [link.target for link in found["patterns/retry-with-limits.md"].links] == ["2024-05-17"]
