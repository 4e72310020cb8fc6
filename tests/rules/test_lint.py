"""Findings: each code where it belongs and nowhere else, in pages, and against the rules said in plain Python."""

import random
from typing import Any

import pytest

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.lint.models import LintCode
from stratumiops.ingest.profiles.signature import signature, similarity
from stratumiops.resolvers.context import Role

from .conftest import Project
from .oracle import expected

ASK = """
query($g: String, $codes: [LintCode!], $first: Int! = 1000, $after: String) {
  lint(graph: $g, codes: $codes, first: $first, after: $after) {
    nodes { code severity graph path line message hint fixable node { id title content } other { id } }
    edges { cursor } pageInfo { hasNextPage endCursor }
  }
}"""
FIX = "mutation($input: FixFindingInput!) { fixFinding(input: $input) { node { id status date rev } } }"
TEXT = " ".join(f"word{i}" for i in range(120))


async def findings(project: Project, *codes: LintCode, **variables: Any) -> list[dict[str, Any]]:
    wanted = [code.value for code in codes] or None
    return list((await project.data(ASK, codes=wanted, **variables))["lint"]["nodes"])


async def told(project: Project, *codes: LintCode) -> list[tuple[str, str | None]]:
    """Code and node of each finding."""
    return [(one["code"], one["node"] and one["node"]["id"]) for one in await findings(project, *codes)]


async def test_statuses_that_contradict_relations(project: Project) -> None:
    for node_id, status in (
        ("accepted", "accepted"), ("newer", "accepted"), ("waiting", "accepted"), ("draft", "proposed"),
        ("alone", "superseded"), ("fine", "superseded"), ("hit", "accepted"), ("no", "rejected"),
    ):  # fmt: skip
        await project.decision(node_id, status)
    await project.supersede(("newer", "accepted"), ("draft", "waiting"), ("newer", "fine"), ("no", "hit"))
    assert await told(project) == [
        ("SUPERSEDED_BY_REJECTED", "hit"),
        ("SUPERSEDED_BUT_ACCEPTED", "accepted"),
        ("SUPERSEDED_WITHOUT_SUCCESSOR", "alone"),
        ("ORPHAN", "alone"),
    ]
    [first, second, *_] = await findings(project)
    assert first["message"] == "It is superseded by “no”, which was rejected."
    assert (first["severity"], first["fixable"], second["fixable"]) == ("ERROR", False, True)
    assert second["other"] == {"id": "newer"}


async def test_cycles_are_told_once_and_two_accepted_ones_apart(project: Project) -> None:
    for node_id in "abcde":
        await project.decision(node_id, "accepted" if node_id in "de" else "superseded")
    await project.supersede(("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "d"))
    cycle, mutual = await findings(project)
    assert (cycle["code"], cycle["node"]["id"], mutual["code"], mutual["node"]["id"]) == (
        "SUPERSEDE_CYCLE", "a", "MUTUAL_SUPERSEDE", "d",
    )  # fmt: skip
    assert cycle["message"] == "Decisions supersede each other in a circle: “a” → “b” → “c” → “a”."


async def test_files_with_links_and_front_matter_that_are_wrong(project: Project) -> None:
    await project.import_files(
        {
            "0001-a.md": "---\nstatus: superseded by ADR-9\n---\n# A\n\n[[b]] and [[gone]]\n\n[x](missing.md)\n",
            "b.md": "---\ntitle: a: b\n---\ntext [[0001-a]]\n",
            "c.md": "text [[b]]\x00\n",
        }
    )
    found = await findings(project, LintCode.BROKEN_SUPERSEDE, LintCode.BROKEN_LINK)
    assert [(one["code"], one["path"], one["line"], one["message"]) for one in found] == [
        (
            "BROKEN_SUPERSEDE", "0001-a.md", 2,
            "A decision that supersedes or is superseded is named as “ADR-9”: nothing answers to it.",
        ),
        ("BROKEN_LINK", "0001-a.md", 6, "A link names “gone”: nothing answers to it."),
        ("BROKEN_LINK", "0001-a.md", 8, "A link names “missing.md”: nothing answers to it."),
    ]  # fmt: skip
    rest = await findings(project, LintCode.INVALID_FRONT_MATTER, LintCode.FILE_PROBLEM)
    assert [(one["code"], one["path"], one["node"]["title"]) for one in rest] == [
        ("INVALID_FRONT_MATTER", "b.md", "b"),
        ("FILE_PROBLEM", "c.md", "c"),
    ]
    await project.import_files({"0001-a.md": "---\nstatus: proposed\n---\n[[b]]\n", "b.md": "[[0001-a]]\n"})
    assert await findings(project) == []


async def test_a_conflict_that_was_left_is_told_with_its_line_and_not_in_code(project: Project) -> None:
    conflict = "<<<<<<< ours\none\n=======\ntwo\n>>>>>>> theirs\n"
    await project.import_files(
        {
            "a.md": f"---\ntags: [x]\n---\n# A\n\n[[b]]\n{conflict}",
            "b.md": f"[[a]]\n\n```\n{conflict}```\n\n<<<<<<< only this\n",
        }
    )
    [found] = await findings(project)
    assert (found["code"], found["path"], found["line"], found["severity"]) == ("CONFLICT_MARKER", "a.md", 7, "ERROR")


async def test_titles_texts_dates_and_what_stands_alone(project: Project) -> None:
    await project.node("a", "Same  Title", content=TEXT)
    await project.node("b", "same title", content=TEXT.replace("word7 ", "other "))
    await project.node("c", "Else", content=TEXT[: len(TEXT) // 2])
    await project.node("d", "Day", type=NodeType.JOURNAL)
    await project.node("e", "2026-02-03", type=NodeType.JOURNAL)
    await project.node("run1", "Run", type=NodeType.EXECUTION)
    await project.node("run2", "Run", type=NodeType.EXECUTION)
    assert await told(project) == [
        ("JOURNAL_WITHOUT_DATE", "d"),
        ("JOURNAL_WITHOUT_DATE", "e"),
        ("DUPLICATE_TITLE", "b"),
        ("NEAR_DUPLICATE", "b"),
        *(("ORPHAN", node_id) for node_id in "abc"),
    ]
    by_code = {(one["code"], one["node"]["id"]): one for one in await findings(project)}
    assert [by_code["JOURNAL_WITHOUT_DATE", node_id]["fixable"] for node_id in "de"] == [False, True]
    assert by_code["NEAR_DUPLICATE", "b"]["other"] == {"id": "a"}
    await project.ask.services.writer.update_node(project.graph, "b", 1, {"title": "B", "content": "new"}, actor="ada")
    assert not {"DUPLICATE_TITLE", "NEAR_DUPLICATE"} & {code for code, _ in await told(project)}
    await project.ask.services.writer.delete_node(project.graph, "a", actor="ada")
    await project.ask.services.writer.undelete_node(project.graph, "a", actor="ada")
    assert ("ORPHAN", "a") in await told(project)


async def test_a_finding_that_is_safe_to_correct_is_corrected_as_a_revision(project: Project) -> None:
    await project.decision("old", "accepted", extra={"status_raw": "Accepted"})
    await project.decision("new", "accepted")
    await project.supersede(("new", "old"))
    await project.node("day", "2026-02-03 Tuesday", type=NodeType.JOURNAL)
    await project.node("day2", "Some day", type=NodeType.JOURNAL)
    asked = {"code": "SUPERSEDED_BUT_ACCEPTED", "node": "old", "graph": project.graph}
    fixed = (await project.ask(FIX, {"input": asked})).data["fixFinding"]["node"]
    assert (fixed["status"], fixed["rev"]) == ("superseded", 2)
    again = await project.ask(FIX, {"input": asked})
    assert (again.error["extensions"]["code"], again.error["extensions"]["field"]) == ("NOT_FOUND", "input.node")
    dated = {"code": "JOURNAL_WITHOUT_DATE", "node": "day", "graph": project.graph}
    assert (await project.ask(FIX, {"input": dated})).data["fixFinding"]["node"]["date"] == "2026-02-03"
    for bad in ({**dated, "node": "day2"}, {**dated, "code": "ORPHAN", "node": "day2"}):
        assert (await project.ask(FIX, {"input": bad})).error["extensions"]["code"] == "BAD_INPUT"
    viewer = project.ask.seeing(project.graph, role=Role.VIEWER)
    assert (await viewer(FIX, {"input": asked})).error["extensions"]["code"] == "FORBIDDEN"


async def test_other_graphs_are_not_looked_at_and_other_ends_only_when_they_may_be_read(project: Project) -> None:
    other = await project.new_graph("other")
    await project.node("theirs", graph=other, type=NodeType.JOURNAL)
    await project.decision("mine", "accepted")
    assert await told(project) == [("ORPHAN", "mine")]
    answer = await project.viewer(project.graph)(ASK, {"codes": ["JOURNAL_WITHOUT_DATE", "ORPHAN"]})
    assert [one["node"]["id"] for one in answer.data["lint"]["nodes"]] == ["mine"]
    everywhere = await project.ask(ASK, {"codes": ["JOURNAL_WITHOUT_DATE", "ORPHAN"]})
    assert [one["node"]["id"] for one in everywhere.data["lint"]["nodes"]] == ["theirs", "mine"]
    refused = await project.viewer(other)(ASK, {"g": project.graph})
    assert refused.error["extensions"]["code"] == "NOT_FOUND"
    assert (await project.ask(ASK, {"after": "x"})).error["extensions"]["field"] == "after"


# ---- all rules together, against the oracle


async def whole(project: Project, first: int) -> list[tuple[Any, ...]]:
    """All findings, in pages of this size."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await project.data(ASK, first=first, after=after))["lint"]
        assert len(page["nodes"]) <= first
        assert len(page["edges"]) == len(page["nodes"])
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return [
                (
                    one["code"],
                    one["node"] and one["node"]["id"],
                    one["path"],
                    one["line"],
                    one["other"] and one["other"]["id"],
                )
                for one in found
            ]
        assert page["pageInfo"]["endCursor"] != after
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("seed", range(4))
async def test_findings_are_those_of_the_rules_in_plain_python(project: Project, seed: int) -> None:
    random_ = random.Random(seed)
    files = {f"{kind}/{i}.md": _file(random_, kind, i) for i in range(12) for kind in ("notes", "journal", "decisions")}
    await project.import_files(files)
    for i in range(14):
        status = random_.choice(("accepted", "accepted", "superseded", "rejected", "proposed", None))
        title, body = f"T{random_.randrange(6)}", " ".join(TEXT.split()[: random_.choice((10, 100, 118, 120))])
        kind = NodeType.DECISION if i < 9 else random_.choice(list(NodeType))
        await project.node(f"d{i:02}", title, type=kind, status=status, content=body)
    for _ in range(12):
        one, other = random_.sample(range(14), 2)
        await project.link(
            f"d{one:02}", f"d{other:02}", random_.choice((RelationType.SUPERSEDES, RelationType.EXTENDS))
        )
    wanted = await expected(project.db, project.graph)
    assert len({code for code, *_ in wanted}) >= 6
    exact = [row for row in wanted if row[0] != "NEAR_DUPLICATE"]
    found = await whole(project, 1_000)
    assert [row for row in found if row[0] != "NEAR_DUPLICATE"] == exact
    for first in (1, 2, 7):
        assert await whole(project, first) == found
    near, all_near = ({row[1] for row in rows if row[0] == "NEAR_DUPLICATE"} for rows in (found, wanted))
    assert near <= all_near
    assert len(near) >= 0.9 * len(all_near)


def _file(random_: random.Random, kind: str, i: int) -> str:
    front = random_.choice(
        ("", "---\ntitle: a: b\n---\n", "---\nstatus: superseded by ADR-99\n---\n", "---\na: 1\na: 2\n---\n")
    )
    links = "".join(f"[[{random_.choice(('0', '3', 'none', 'never'))}]]\n\n" for _ in range(random_.randrange(4)))
    marker = "<<<<<<< a\n=======\n>>>>>>> b\n" if random_.random() < 0.15 else ""
    return f"{front}# {kind} {random_.choice((i, 'same'))}\n\n{links}{marker}{TEXT if random_.random() < 0.2 else ''}"


# ---- signatures


def test_signatures_estimate_how_alike_texts_are() -> None:
    random_ = random.Random(3)
    words = [f"w{random_.randrange(5_000)}" for _ in range(600)]
    whole_text = signature(" ".join(words))
    assert whole_text is not None
    for changed in (0, 6, 30, 120):
        other = list(words)
        for place in random_.sample(range(600), changed):
            other[place] = "other"
        estimate = signature(" ".join(other))
        assert estimate is not None
        one, two = (_shingles(text) for text in (words, other))
        assert similarity(whole_text.hashes, estimate.hashes) == pytest.approx(len(one & two) / len(one | two), abs=0.2)


def _shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def test_a_signature_is_the_same_for_ever() -> None:
    found = signature(TEXT)
    assert found is not None
    assert (found.hashes[:3], found.bands[:2]) == (
        (24662135, 8922778, 7070647),
        (597572990, 2257914276),
    )
    assert signature("too short") is None


def test_every_code_has_a_hint() -> None:
    assert all(isinstance(code.hint, str) and code.hint for code in LintCode)
