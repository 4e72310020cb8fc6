"""Which guidelines apply: priorities, topics, overriding, and where each came from."""

import itertools
import random
from typing import Any

import pytest

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.guidelines import Candidate, slug, weigh

from .conftest import Project

ASK = """
query($g: String!, $topic: String, $shared: Boolean! = true, $over: Boolean! = false, $first: Int! = 20) {
  guidelinesFor(graph: $g, topic: $topic, includeShared: $shared, includeOverridden: $over, first: $first) {
    guideline { id graph title content } inheritedFrom priority topic score applies
    overriddenBy { id graph } overrides { id graph }
  }
}"""


def guideline(**values: Any) -> dict[str, Any]:
    extra = {name: values.pop(name) for name in ("priority", "topic", "overrides") if name in values}
    return {"type": NodeType.GUIDELINE, "extra": extra, **values}


@pytest.fixture
async def shared(project: Project) -> str:
    """A graph that the project inherits from."""
    name = await project.new_graph("shared")
    registry = project.ask.services.registry
    await registry.update(project.graph, 1, actor="ada", inherits={name: 10})
    return name


async def test_a_project_overrides_what_it_inherits_by_priority(project: Project, shared: str) -> None:
    await project.node("ours", "Naming of tables", content="Singular.", **guideline())
    await project.node("theirs", "naming of Tables!", graph=shared, content="Plural.", **guideline())
    await project.node("other", "Logging", graph=shared, **guideline())
    found = (await project.data(ASK, topic="tables"))["guidelinesFor"]
    assert [one["guideline"]["id"] for one in found] == ["ours"]
    assert (found[0]["priority"], found[0]["inheritedFrom"], found[0]["topic"]) == (150, None, "naming-of-tables")
    assert found[0]["overrides"] == [{"id": "theirs", "graph": shared}]
    all_of_them = (await project.data(ASK, over=True))["guidelinesFor"]
    rows = [(one["guideline"]["id"], one["priority"], one["inheritedFrom"], one["applies"]) for one in all_of_them]
    assert rows[0] == ("ours", 150, None, True)
    assert sorted(rows[1:]) == [("other", 50, shared, True), ("theirs", 50, shared, False)]
    [theirs] = [one for one in all_of_them if one["guideline"]["id"] == "theirs"]
    assert theirs["overriddenBy"] == {"id": "ours", "graph": project.graph}


async def test_a_shared_guideline_of_higher_priority_wins(project: Project, shared: str) -> None:
    await project.node("secrets", "Secrets", **guideline())
    await project.node("secrets", "Secrets in vaults", graph=shared, **guideline(priority=900))
    found = (await project.data(ASK, topic="secrets"))["guidelinesFor"]
    assert [(one["guideline"]["graph"], one["priority"]) for one in found] == [(shared, 900)]
    only_own = (await project.data(ASK, topic="secrets", shared=False))["guidelinesFor"]
    assert [one["guideline"]["graph"] for one in only_own] == [project.graph]


async def test_what_stands_for_an_overridden_match_is_found_with_it(project: Project, shared: str) -> None:
    await project.node("a", "Ours", content="Nothing alike.", **guideline(overrides=["kafka-rules"]))
    await project.node("kafka-rules", "Use of Kafka", graph=shared, content="Partition by key.", **guideline())
    found = (await project.data(ASK, topic="partition"))["guidelinesFor"]
    assert [one["guideline"]["id"] for one in found] == ["a"]
    assert found[0]["score"] > 0


async def test_the_named_topic_counts_though_no_text_has_it(project: Project) -> None:
    await project.node("x", "Small things", **guideline(topic="Code Style"))
    await project.node("y", "Something else", content="style of code", **guideline())
    found = (await project.data(ASK, topic="code style"))["guidelinesFor"]
    assert found[0]["guideline"]["id"] == "x"
    assert len(found) == 2


async def test_superseded_and_deprecated_ones_do_not_apply(project: Project) -> None:
    await project.node("old", "Retries", **guideline(priority=500))
    await project.node("new", "Retries with limits", **guideline())
    await project.link("new", "old", RelationType.SUPERSEDES)
    await project.node("gone", "Logs", status="deprecated", **guideline())
    assert [one["guideline"]["id"] for one in (await project.data(ASK))["guidelinesFor"]] == ["new"]
    found = {one["guideline"]["id"]: one for one in (await project.data(ASK, over=True))["guidelinesFor"]}
    assert found["old"]["overriddenBy"]["id"] == "new"
    assert (found["gone"]["applies"], found["gone"]["overriddenBy"]) == (False, None)


async def test_it_is_one_statement_that_stays_in_what_may_be_read(project: Project, shared: str) -> None:
    await project.node("ours", "Naming", **guideline())
    await project.node("theirs", "Naming", graph=shared, **guideline(priority=900))
    answer = await project.viewer(project.graph)(ASK, {"g": project.graph, "over": True})
    assert len(answer.sent) == 1
    assert [one["guideline"]["id"] for one in answer.data["guidelinesFor"]] == ["ours"]
    refused = await project.viewer(shared)(ASK, {"g": project.graph})
    assert refused.error["extensions"]["code"] == "NOT_FOUND"


async def test_bad_arguments_are_told(project: Project) -> None:
    for values, field in (({"first": 0}, "first"), ({"topic": "!!!"}, "query")):
        answer = await project.ask(ASK, {"g": project.graph, **values})
        assert answer.error["extensions"] == {**answer.error["extensions"], "code": "BAD_INPUT", "field": field}


async def test_front_matter_names_topic_and_overrides(project: Project) -> None:
    text = "---\ntype: guideline\ntopic: Tests\noverrides: [shared-tests, '[[guidelines/other]]']\n---\n# T\n"
    await project.import_files({"guidelines/t.md": text})
    query = "query($g: String!) { guidelines(graph: $g) { nodes { topic overrides metadata } } }"
    [node] = (await project.data(query))["guidelines"]["nodes"]
    assert node == {"topic": "Tests", "overrides": ["shared-tests", "[[guidelines/other]]"], "metadata": {}}


# ---- the rule itself


def candidate(graph: str, node_id: str, title: str = "t", **values: Any) -> Candidate:
    return Candidate(graph=graph, id=node_id, title=title, updated_at=values.pop("at", "2026"), **values)


def outcome(*candidates: Candidate, graphs: tuple[str, ...] = ("p", "s")) -> dict[str, Any]:
    found = weigh(graphs, dict.fromkeys(graphs, 100), candidates)
    return {one.candidate.id: one.applies for one in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Naming: of tables", "naming of  TABLES"), ("Ünïcode", "ünïcode"), ("ﬁle names", "file_names")],
)
def test_topics_are_compared_by_their_letters(one: str, other: str) -> None:
    assert slug(one) == slug(other)


def test_of_equals_who_names_the_other_wins_then_the_nearer_then_the_newer() -> None:
    named = outcome(candidate("p", "a", at="2027"), candidate("p", "b", "t", at="2025", overrides=("a",)))
    assert named == {"a": False, "b": True}
    near = outcome(candidate("s", "far", priority=7, at="2027"), candidate("p", "near", priority=7, at="2025"))
    assert near == {"far": False, "near": True}
    assert outcome(candidate("p", "old", at="2025"), candidate("p", "new", at="2026")) == {"old": False, "new": True}


def test_who_is_overridden_overrides_nobody() -> None:
    found = outcome(
        candidate("p", "top", "x"), candidate("s", "mid", "x", overrides=("low",)), candidate("s", "low", "y")
    )
    assert found == {"top": True, "mid": False, "low": True}


def test_naming_several_does_not_make_them_one_topic() -> None:
    found = outcome(
        candidate("s", "big", "big", priority=900),
        candidate("p", "mine", "mine", overrides=("big", "small")),
        candidate("s", "small", "small"),
        candidate("s", "apart", "apart"),
    )
    assert found == {"big": True, "mine": True, "small": False, "apart": True}


def test_the_order_in_which_they_come_does_not_matter_and_each_topic_keeps_one() -> None:
    random_ = random.Random(5)
    for _ in range(200):
        some = [
            candidate(
                random_.choice("ps"),
                f"g{i}",
                f"topic {random_.randrange(3)}",
                priority=random_.choice((None, 50, 60)),
                overrides=tuple(f"g{random_.randrange(6)}" for _ in range(random_.randrange(2))),
                at=f"20{i:02}",
            )
            for i in range(6)
        ]
        wanted = outcome(*some)
        for shuffled in itertools.islice(itertools.permutations(some), 0, 720, 97):
            assert outcome(*shuffled) == wanted
        winners = [one for one in weigh(("p", "s"), {"p": 100, "s": 100}, some) if one.applies]
        assert len({one.topic for one in winners}) == len(winners)
        assert any(one.applies for one in weigh(("p", "s"), {"p": 100, "s": 100}, some))
