"""Suggestions: found in what changed, once, kept when decided, and nothing is written before a person accepts."""

import random
from typing import Any

import pytest

from stratumiops.graph.models import NodeType
from stratumiops.ingest.suggest import refresh as refreshing
from stratumiops.ingest.suggest.mentions import NameIndex, quote
from stratumiops.ingest.suggest.ports import Similar
from stratumiops.ingest.suggest.refresh import Refresh
from stratumiops.ingest.suggest.terms import distinctive
from stratumiops.resolvers.context import Role

from .conftest import Project

ASK = """
query($g: String, $node: ID, $state: SuggestionState! = OPEN, $first: Int! = 100, $after: String) {
  suggestions(graph: $g, node: $node, state: $state, first: $first, after: $after) {
    nodes {
      id kind score why quote relation tag state decidedBy source { id title } target { id }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
REFRESH = """
mutation($input: RefreshSuggestionsInput!) {
  refreshSuggestions(input: $input) { scanned remaining created withdrawn refused }
}"""
ACCEPT = """
mutation($input: DecideSuggestionInput!) {
  acceptSuggestion(input: $input) { suggestion { state decidedBy } }
}"""
DISMISS = ACCEPT.replace("acceptSuggestion", "dismissSuggestion")
RELATIONS = "query($g: String, $id: ID!) { node(graph: $g, id: $id) { relations { type origin node { id } } } }"


async def refresh(project: Project, **values: Any) -> dict[str, int]:
    answer = await project.ask(REFRESH, {"input": {"graph": project.graph, **values}})
    return dict(answer.data["refreshSuggestions"])


async def found(project: Project, **variables: Any) -> list[dict[str, Any]]:
    return list((await project.data(ASK, **variables))["suggestions"]["nodes"])


async def pairs(project: Project, **variables: Any) -> set[tuple[str, str, str]]:
    return {(one["kind"], one["source"]["id"], one["target"]["id"]) for one in await found(project, **variables)}


async def change(project: Project, node_id: str, rev: int, **values: Any) -> None:
    await project.ask.services.writer.update_node(project.graph, node_id, rev, values, actor="ada")


async def test_names_in_texts_are_suggested_and_follow_every_change(project: Project) -> None:
    await project.node("queue", "Message Queue", metadata={"aliases": ["Job Runner"]})
    await project.node("a", content="We use a message\nqueue here. The message queue is fast.")
    await project.node("b", content="Linked: [[Message Queue]]. In code: `message queue`.")
    await project.node("c", content="The job runner, again.")
    first = await refresh(project)
    assert first == {"scanned": 4, "remaining": 0, "created": 2, "withdrawn": 0, "refused": 0}
    assert await pairs(project) == {("MENTION", "a", "queue"), ("MENTION", "c", "queue")}
    [one] = await found(project, node="a")
    assert (one["relation"], one["why"]) == ("RELATES_TO", "Its text mentions “Message Queue” 2 times.")
    assert one["quote"] == "We use a message"
    assert await refresh(project) == {"scanned": 0, "remaining": 0, "created": 0, "withdrawn": 0, "refused": 0}
    await change(project, "a", 1, content="Nothing.")
    await project.node("new", "Fast Lane")
    await change(project, "c", 1, content="The job runner in the fast lane.")
    done = await refresh(project)
    assert (done["created"], done["withdrawn"]) == (1, 1)
    assert await pairs(project) == {("MENTION", "c", "queue"), ("MENTION", "c", "new")}


async def test_a_new_name_is_looked_for_in_texts_that_did_not_change(project: Project) -> None:
    await project.node("old", content="All about event sourcing.")
    await project.node("far", content="Something else.")
    await refresh(project)
    await project.node("late", "Event sourcing")
    assert (await refresh(project))["scanned"] == 2
    assert await pairs(project) == {("MENTION", "old", "late")}
    await change(project, "late", 1, title="CQRS")
    await refresh(project)
    await change(project, "late", 2, title="Something else")
    await refresh(project)
    assert await pairs(project) >= {("MENTION", "far", "late")}


async def test_many_new_names_at_once_are_looked_for_everywhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "_FEW_CHANGED", 3)
    await project.node("old", content="Topic number seven is here.")
    await refresh(project)
    for name in ("one", "two", "three", "four", "seven"):
        await project.node(name, f"Topic number {name}")
    assert (await refresh(project))["scanned"] == 6
    assert await pairs(project) == {("MENTION", "old", "seven")}


async def test_accepting_joins_the_nodes_and_dismissing_is_remembered(project: Project) -> None:
    await project.node("queue", "Message Queue")
    await project.node("a", content="A message queue.")
    await project.node("b", content="No message queue.")
    await refresh(project)
    by_source = {one["source"]["id"]: one["id"] for one in await found(project)}
    yes = {"input": {"graph": project.graph, "id": by_source["a"]}}
    no = {"input": {"graph": project.graph, "id": by_source["b"]}}
    person = project.ask.acting(Role.DEVELOPER, "grace")
    for _ in range(2):
        answer = (await person(ACCEPT, yes)).data["acceptSuggestion"]["suggestion"]
        assert answer == {"state": "ACCEPTED", "decidedBy": "grace"}
        assert (await person(DISMISS, no)).data["dismissSuggestion"]["suggestion"]["state"] == "DISMISSED"
    relations = (await project.data(RELATIONS, id="a"))["node"]["relations"]
    assert relations == [{"type": "RELATES_TO", "origin": "suggestion", "node": {"id": "queue"}}]
    assert (await person(DISMISS, yes)).error["extensions"]["code"] == "CONFLICT"
    assert (await person(ACCEPT, no)).error["extensions"]["code"] == "CONFLICT"
    await change(project, "b", 1, content="Still no message queue.")
    assert (await refresh(project))["created"] == 0
    assert await found(project) == []
    assert {one["source"]["id"] for one in await found(project, state="DISMISSED")} == {"b"}
    unknown = await person(ACCEPT, {"input": {"graph": project.graph, "id": "x"}})
    assert (unknown.error["extensions"]["code"], unknown.error["extensions"]["field"]) == ("NOT_FOUND", "input.id")
    viewer = project.ask.acting(Role.VIEWER)
    for document, variables in ((ACCEPT, yes), (REFRESH, {"input": {"graph": project.graph}})):
        assert (await viewer(document, variables)).error["extensions"]["code"] == "FORBIDDEN"


async def test_what_was_joined_or_deleted_meanwhile_is_not_shown_and_not_accepted(project: Project) -> None:
    await project.node("queue", "Message Queue")
    for name in "ab":
        await project.node(name, content="A message queue.")
    await refresh(project)
    by_source = {one["source"]["id"]: one["id"] for one in await found(project)}
    await project.link("queue", "a")
    await project.ask.services.writer.delete_node(project.graph, "b", actor="ada")
    assert await found(project) == []
    gone = await project.ask(ACCEPT, {"input": {"graph": project.graph, "id": by_source["b"]}})
    assert gone.error["extensions"]["code"] == "NOT_FOUND"
    await project.ask.services.writer.undelete_node(project.graph, "b", actor="ada")
    assert await pairs(project) == {("MENTION", "b", "queue")}


async def test_similar_texts_are_suggested_once_for_a_pair(project: Project) -> None:
    body = "Kubernetes operators reconcile custom resources; controllers watch etcd and retry reconciliation"
    other = "Gardening tomatoes needs sunlight, compost, watering cans, patience and sheltered greenhouse corners"
    await project.node("k1", "Operators", content=body, tags=("kubernetes",))
    await project.node("k2", "Controllers", content=body.replace("retry", "requeue failed"), tags=("kubernetes",))
    await project.node("t", "Garden", content=other)
    await project.node("run", "Operators run", type=NodeType.EXECUTION, content=body)
    await refresh(project)
    similar = [one for one in await found(project) if one["kind"] == "SIMILAR"]
    assert len(similar) == 1
    assert {similar[0]["source"]["id"], similar[0]["target"]["id"]} == {"k1", "k2"}
    assert 0 < similar[0]["score"] <= 1


async def test_another_way_of_finding_similar_nodes_can_be_put_in(project: Project) -> None:
    class ByMeaning:
        async def similar(self, graph: str, nodes: Any) -> dict[str, list[Similar]]:
            return {"a": [Similar("b", "b", 0.9), Similar("c", "c", 0.1)]}

    for name in "abc":
        await project.node(name)
    await Refresh(project.db, ByMeaning()).run(project.graph, 10)
    assert await pairs(project) == {("SIMILAR", "a", "b")}


async def test_it_goes_on_where_it_stopped_and_pages_have_everything_once(project: Project) -> None:
    await project.node("queue", "Message Queue")
    for i in range(25):
        await project.node(f"n{i:02}", content=f"Message queue {i}. " + ("Message queue. " if i % 2 else ""))
    left = [(await refresh(project, limit=10))["remaining"] for _ in range(3)]
    assert left == [16, 6, 0]
    whole = [one["id"] for one in await found(project)]
    assert len(whole) == 25
    paged: list[str] = []
    after = None
    while True:
        page = (await project.data(ASK, first=7, after=after))["suggestions"]
        paged += [one["id"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert paged == whole
    answer = await project.ask(ASK, {"g": project.graph})
    assert len(answer.sent) == 1
    other = await project.new_graph("other")
    assert (await project.viewer(other)(ASK, {})).data["suggestions"]["nodes"] == []
    for values in ({"limit": 0}, {"limit": 3_000}, {"limit": 51, "useModel": True}):
        bad = await project.ask(REFRESH, {"input": {"graph": project.graph, **values}})
        assert bad.error["extensions"]["field"] == "input.limit"
    missing = await project.ask(REFRESH, {"input": {"graph": f"{project.prefix}-none"}})
    assert missing.error["extensions"]["code"] == "NOT_FOUND"


# ---- names in texts


def test_names_of_one_word_count_as_written_and_longer_names_win() -> None:
    index = NameIndex(
        [("go", ["Go"]), ("golang", ["Golang"]), ("mq", ["Message Queue"]), ("fast", ["Fast Message Queue"]),
         ("dup1", ["Twice Named"]), ("dup2", ["twice named"]), ("day", ["2026 01 01"]), ("i", ["Index"])]
    )  # fmt: skip
    found_ = index.find(
        "go on with Golang, not golang. A fast message-queue; Message Queue! Twice named. Index", but="x"
    )
    assert {node_id: one.count for node_id, one in found_.items()} == {"golang": 1, "fast": 1, "mq": 1}
    assert index.find("Golang", but="golang") == {}
    assert index.find("`Golang` [Golang](x.md) [[Golang]] https://example.org/Golang", but="x") == {}


def test_names_are_found_as_by_trying_each() -> None:
    random_ = random.Random(1)
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    for _ in range(200):
        names = {" ".join(random_.choices(words, k=random_.randrange(2, 4))) for _ in range(6)}
        text = [random_.choice(words) for _ in range(40)]
        index = NameIndex((name, [name]) for name in names)
        wanted: dict[str, int] = {}
        at = 0
        while at < len(text):
            here = [name for name in names if text[at : at + len(name.split())] == name.split()]
            longest = max(here, key=len, default=None)
            if longest:
                wanted[longest] = wanted.get(longest, 0) + 1
            at += len(longest.split()) if longest else 1
        assert {name: one.count for name, one in index.find(" ".join(text), but="").items()} == wanted


def test_a_quote_is_one_line_and_short() -> None:
    text = "first\n" + "x " * 200 + "HERE " + "y " * 200 + "\nlast"
    said = quote(text, text.index("HERE"))
    assert "HERE" in said
    assert "\n" not in said
    assert len(said) <= 162


def test_distinctive_words_leave_out_what_every_text_has() -> None:
    body = "Redis redis should would because eviction eviction policies memory `coded` [[linked]]"
    assert distinctive("Use of Redis", ["cache"], f"{body} cluster") == [
        "redis", "cache", "eviction", "cluster", "memory", "policies",
    ]  # fmt: skip
    assert distinctive("Use of Redis", ["cache"], "too little") == []
