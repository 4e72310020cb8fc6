"""Real collections of decisions against their ground truth, where it lies beside the repository."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.models import DocumentFormat, ParsedDocument
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, Wanted, stated

SETS = ("adr-gsp", "adr-jabref", "adr-log4brains", "adr-log4brains-tests")
A_DECISION_AFTER_ALL = {"0039-use-apache-velocity-as-template-engine.md"}
"""Decides for a template engine and is none itself, so a decision by the definition in SOURCES.md; the ground truth of
adr-jabref leaves it out because of the word in its name."""


def _read(root: Path, wanted: DocumentFormat) -> dict[str, ParsedDocument]:
    paths = sorted(path for path in root.rglob("*.md"))
    return {
        path.relative_to(root).as_posix(): parse_document(path.relative_to(root).as_posix(), path.read_bytes(), wanted)
        for path in paths
    }


def _expected(knowledge: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((knowledge / f"expected-{name}.json").read_text())
    return found


def _stated(documents: dict[str, ParsedDocument]) -> list[Wanted | Unresolved]:
    index = LinkIndex(Entry(path, path, one.title, one.type is NodeType.DECISION) for path, one in documents.items())
    return [found for path, one in documents.items() for found in stated(index, path, path, one.links)]


def _pairs(found: list[Wanted | Unresolved], relation: RelationType) -> list[list[str]]:
    pairs = {(one.source, one.target) for one in found if isinstance(one, Wanted) and one.relation is relation}
    return [list(pair) for pair in sorted(pairs)]


@pytest.mark.parametrize("name", SETS)
def test_decisions_and_statuses(knowledge: Path, name: str) -> None:
    documents, expected = _read(knowledge / name, DocumentFormat.ADR), _expected(knowledge, name)
    assert len(documents) == expected["counts"]["files"]
    decisions = {
        path: {"raw": one.extra.get("status_raw", ""), "canonical": one.status or ""}
        for path, one in documents.items()
        if one.type is NodeType.DECISION and path not in A_DECISION_AFTER_ALL
    }
    assert decisions == expected["decisions"]
    assert len(decisions) == expected["counts"]["decisions"]
    counted = Counter(one["canonical"] or "none" for one in decisions.values())
    assert dict(counted) == expected["counts"]["status"]


@pytest.mark.parametrize("name", SETS)
def test_relations_of_decisions(knowledge: Path, name: str) -> None:
    expected = _expected(knowledge, name)
    found = _stated(_read(knowledge / name, DocumentFormat.ADR))
    assert _pairs(found, RelationType.SUPERSEDES) == expected["supersedes"]
    assert _pairs(found, RelationType.EXTENDS) == expected["amends"]
    assert len(expected["amends"]) == expected["counts"]["other_links"]
    broken = [[one.path, one.target] for one in found if isinstance(one, Unresolved) and one.kind == "status"]
    assert broken == expected["broken"]


def test_what_is_left_out_is_a_decision(knowledge: Path) -> None:
    [document] = [
        one for path, one in _read(knowledge / "adr-jabref", DocumentFormat.ADR).items() if path in A_DECISION_AFTER_ALL
    ]
    assert document.type is NodeType.DECISION
    assert document.title == "Use Apache Velocity as template engine"


def test_plain_markdown_with_traps(knowledge: Path) -> None:
    expected = _expected(knowledge, "markdown-edge")
    documents = _read(knowledge / "markdown-edge", DocumentFormat.AUTO)
    counts = expected["counts"]
    assert len(documents) == counts["files"]
    with_front_matter = [one for one in documents.values() if one.front_matter_valid is not None]
    assert len(with_front_matter) == counts["frontmatter"]
    assert [one.path for one in with_front_matter if not one.front_matter_valid] == ["yaml-broken.md", "yaml11.md"]
    assert sum(link.kind == "wikilink" for one in documents.values() for link in one.links) == counts["wikilinks"]
    found = _stated(documents)
    assert [[one.source, one.target] for one in found if isinstance(one, Wanted)] == expected["edges"]
    assert not [one for one in found if isinstance(one, Unresolved)]
    assert {one.path: [(p.code, p.line) for p in one.problems] for one in documents.values() if one.problems} == {
        "yaml-broken.md": [("FRONT_MATTER_INVALID", 2)],
        "yaml-duplicate.md": [("DUPLICATE_KEY", 3)],
        "yaml11.md": [("FRONT_MATTER_INVALID", 6)],
    }


@pytest.mark.parametrize("name", ["obsidian-tasks-docs", "obsidian-kepano", "logseq-edge", "logseq-seq2b"])
def test_collections_in_other_formats_are_read_without_an_error(knowledge: Path, name: str) -> None:
    documents = _read(knowledge / name, DocumentFormat.AUTO)
    assert documents
    assert all(problem.severity == "warning" for one in documents.values() for problem in one.problems)
