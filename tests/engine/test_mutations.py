"""Changes: one statement each, the right errors, roles, keys that make a change happen once, large batches."""

import asyncio
import json
from typing import Any

import pytest

from stratumiops.graph.store.database import Database
from stratumiops.resolvers.context import Role

from .conftest import Answer, Asker

OPERATIONS = {
    "createNote": ("CreateNoteInput", "note { id graph type title content tags status date metadata rev createdBy }"),
    "createDecision": ("CreateDecisionInput", "decision { id title content status statusRaw deciders }"),
    "createGuideline": ("CreateGuidelineInput", "guideline { id priority }"),
    "createPattern": ("CreatePatternInput", "pattern { id __typename }"),
    "createJournal": ("CreateJournalInput", "journal { id date }"),
    "createExecution": (
        "CreateExecutionInput", "execution { id project taskType agentId durationMs tokensUsed costCents }"
    ),
    "createNodes": ("CreateNodesInput", "count nodes { id title type ... on Guideline { priority } relationCount }"),
    "updateNode": ("UpdateNodeInput", "node { id title content tags status date metadata rev updatedBy }"),
    "deleteNode": ("DeleteNodeInput", "id graph rev"),
    "undeleteNode": ("UndeleteNodeInput", "node { id rev title }"),
    "linkNodes": ("LinkNodesInput", "relation { type weight origin validTo source { id } target { id } direction }"),
    "unlinkNodes": ("UnlinkNodesInput", "relation { type weight validTo source { id } target { id } }"),
    "createGraph": ("CreateGraphInput", "graph { name title description priority rev resolved nodeCount }"),
    "updateGraph": ("UpdateGraphInput", "graph { name title rev resolved }"),
    "deleteGraph": ("DeleteGraphInput", "name"),
}  # fmt: skip


class Changer:
    """Changes one graph."""

    def __init__(self, ask: Asker) -> None:
        self.ask = ask
        self.graph = ask.services.registry.names()[0]

    async def answer(self, name: str, /, *, compiled: bool = True, ask: Asker | None = None, **given: Any) -> Answer:
        """The response to a mutation."""
        kind, payload = OPERATIONS[name]
        if not name.endswith("Graph"):
            given = {"graph": self.graph, **given}
        text = f"mutation($i: {kind}!) {{ {name}(input: $i) {{ {payload} }} }}"
        return await (ask or self.ask)(text, {"i": given}, compiled=compiled)

    async def __call__(self, name: str, /, **given: Any) -> Any:
        """The payload of a mutation that works."""
        return (await self.answer(name, **given)).data[name]


@pytest.fixture
async def change(own: Asker) -> Changer:
    """Two nodes, n1 and n2, and a deleted one, gone."""
    changer = Changer(own)
    for node_id in ("n1", "n2", "gone"):
        await changer("createNote", id=node_id, title=f"Title {node_id}", status="open")
    await changer("deleteNode", id="gone")
    return changer


LINK = {"source": "n1", "target": "n2", "relation": "EXPLAINS"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("createNote", {"title": "x"}),
        ("createDecision", {"title": "x", "context": "why", "decision": "that", "deciders": ["a"]}),
        ("createGuideline", {"title": "x", "priority": 3}),
        ("createPattern", {"title": "x", "id": "chosen"}),
        ("createJournal", {"title": "x", "date": "2026-01-31"}),
        ("createExecution", {"title": "x", "durationMs": 3, "costCents": 0.5}),
        ("createNodes", {"nodes": [{"type": "NOTE", "title": str(i)} for i in range(1_000)]}),
        ("updateNode", {"id": "n1", "rev": 1, "title": "y"}),
        ("linkNodes", LINK),
    ],
)
async def test_one_statement(change: Changer, name: str, given: dict[str, Any]) -> None:
    answer = await change.answer(name, **given)
    assert answer.data
    assert answer.context.statements == len(answer.sent) == 1


async def test_every_value_arrives(change: Changer) -> None:
    given = {
        "id": "all", "title": "  Title ", "content": "# Text\n", "tags": ["#a", "b", "a"], "status": "open",
        "date": "2026-01-31", "metadata": {"camelCase": [1, {"x": None}], "ü": "🎉"},
    }  # fmt: skip
    for compiled, node_id in ((True, "all"), (False, "all2")):
        answer = await change.answer("createNote", compiled=compiled, **{**given, "id": node_id})
        assert answer.data["createNote"]["note"] == {
            **given, "id": node_id, "graph": change.graph, "type": "NOTE", "title": "Title", "tags": ["a", "b"],
            "rev": 1, "createdBy": "local",
        }  # fmt: skip
    decision = (await change("createDecision", title="D", context="c", decision="d", consequences="e"))["decision"]
    assert decision["content"] == "# D\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Consequences\n\ne\n"
    run = {"project": "p", "taskType": "t", "agentId": "a", "durationMs": 1, "tokensUsed": 2, "costCents": 3.5}
    created = (await change("createExecution", title="E", **run))["execution"]
    assert {key: created[key] for key in run} == run


async def test_payloads_show_what_the_change_made(change: Changer) -> None:
    text = """mutation($g: String!) {
      made: updateNode(input: {graph: $g, id: "n1", rev: 1, title: "New"}) {
        __typename n: node { ...N ... on Note { history { rev title endedBy } } relationCount neighbours { id } }
      }
    } fragment N on KnowledgeNode { id t: title rev }"""
    await change("linkNodes", **LINK)
    assert (await change.ask(text, {"g": change.graph})).data == {
        "made": {
            "__typename": "NodePayload",
            "n": {
                "id": "n1",
                "t": "New",
                "rev": 2,
                "history": [
                    {"rev": 2, "title": "New", "endedBy": None},
                    {"rev": 1, "title": "Title n1", "endedBy": "UPDATED"},
                ],
                "relationCount": 1,
                "neighbours": [{"id": "n2"}],
            },
        }
    }


async def test_null_clears_and_absence_keeps(change: Changer) -> None:
    first = (await change("updateNode", id="n1", rev=1, date="2026-01-01", tags=["x"], metadata={"a": 1}))["node"]
    assert (first["status"], first["date"], first["tags"], first["metadata"]) == ("open", "2026-01-01", ["x"], {"a": 1})
    second = (await change("updateNode", id="n1", rev=2, status=None, date=None))["node"]
    assert (second["status"], second["date"], second["tags"]) == (None, None, ["x"])
    third = (await change("updateNode", id="n1", rev=3, tags=[], metadata={}, content=""))["node"]
    assert (third["tags"], third["metadata"], third["content"], third["title"]) == ([], {}, "", "Title n1")


# ---- errors

LONG = "x" * 1_001
ERRORS: list[tuple[str, dict[str, Any], str, str | None, bool]] = [
    # mutation, input, code, field, whether a hint says what to do
    ("createNote", {"title": "x", "graph": "nowhere"}, "NOT_FOUND", "input.graph", True),
    ("createNote", {"title": "x", "id": "n1"}, "CONFLICT", None, True),
    ("createNote", {"title": "x", "id": "gone"}, "CONFLICT", None, True),
    ("createNote", {"title": "   "}, "BAD_INPUT", "input.title", False),
    ("createNote", {"title": LONG}, "BAD_INPUT", "input.title", False),
    ("createNote", {"title": "two\nlines"}, "BAD_INPUT", "input.title", False),
    ("createNote", {"title": "x", "content": "y" * 10_000_001}, "BAD_INPUT", "input.content", False),
    ("createNote", {"title": "x", "tags": ["t" * 201]}, "BAD_INPUT", "input.tags", False),
    ("createNote", {"title": "x", "tags": [f"t{i}" for i in range(201)]}, "BAD_INPUT", "input.tags", False),
    ("createNote", {"title": "x", "metadata": {"k": "v" * 100_001}}, "BAD_INPUT", "input.metadata", False),
    ("createNote", {"title": "x", "metadata": [1]}, "BAD_INPUT", "input.metadata", True),
    ("createNote", {"title": "x", "metadata": "text"}, "BAD_INPUT", "input.metadata", True),
    ("createNote", {"title": "x", "id": "i" * 301}, "BAD_INPUT", "input.id", False),
    ("createNote", {"title": "x", "graph": "Not A Name"}, "BAD_INPUT", "input.graph", True),
    ("createDecision", {"title": "x", "content": "c", "context": "d"}, "BAD_INPUT", "input.content", True),
    ("createNodes", {"nodes": []}, "BAD_INPUT", "input.nodes", True),
    ("createNodes", {"nodes": [{"type": "NOTE", "title": "x", "taskType": "t"}]}, "BAD_INPUT", "input.taskType", False),
    ("createNodes", {"nodes": [{"type": "NOTE", "title": "x", "id": "n1"}]}, "CONFLICT", None, True),
    ("createNodes", {"nodes": [{"type": "NOTE", "title": "x", "id": "a"}] * 2}, "CONFLICT", None, True),
    ("createNodes", {"nodes": [{"type": "NOTE", "title": "x"}], "relations": [{**LINK, "target": "no"}]},
     "NOT_FOUND", None, False),
    ("updateNode", {"id": "n1", "rev": 7, "title": "x"}, "CONFLICT", "input.rev", True),
    ("updateNode", {"id": "nope", "rev": 1, "title": "x"}, "NOT_FOUND", "input.id", False),
    ("updateNode", {"id": "gone", "rev": 2, "title": "x"}, "NOT_FOUND", "input.id", True),
    ("updateNode", {"id": "n1", "rev": 1}, "BAD_INPUT", "input", True),
    ("updateNode", {"id": "n1", "rev": 1, "title": None}, "BAD_INPUT", "input.title", True),
    ("updateNode", {"id": "n1", "rev": 1, "title": LONG}, "BAD_INPUT", "input.title", False),
    ("updateNode", {"id": "n1", "rev": 1, "priority": 3}, "BAD_INPUT", None, True),
    ("updateNode", {"id": "n1", "rev": 1, "graph": "nowhere", "title": "x"}, "NOT_FOUND", "input.graph", True),
    ("deleteNode", {"id": "nope"}, "NOT_FOUND", "input.id", False),
    ("deleteNode", {"id": "gone"}, "NOT_FOUND", "input.id", True),
    ("deleteNode", {"id": "n1", "rev": 4}, "CONFLICT", "input.rev", True),
    ("undeleteNode", {"id": "n1"}, "CONFLICT", "input.id", False),
    ("undeleteNode", {"id": "nope"}, "NOT_FOUND", "input.id", False),
    ("linkNodes", {**LINK, "target": "n1"}, "BAD_INPUT", "input.target", True),
    ("linkNodes", {**LINK, "target": "nope"}, "NOT_FOUND", "input.id", False),
    ("linkNodes", {**LINK, "source": "gone"}, "NOT_FOUND", "input.id", True),
    ("unlinkNodes", LINK, "NOT_FOUND", None, True),
    ("createGraph", {"name": "Not A Name"}, "BAD_INPUT", "input.graph", True),
    ("updateGraph", {"name": "nowhere", "rev": 1, "title": "x"}, "NOT_FOUND", "input.graph", True),
    ("deleteGraph", {"name": "default"}, "BAD_INPUT", "input.graph", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "code", "field", "hinted"), ERRORS)
async def test_errors(
    change: Changer, name: str, given: dict[str, Any], code: str, field: str | None, *, hinted: bool
) -> None:
    answers = [await change.answer(name, compiled=compiled, **given) for compiled in (True, False)]
    error = answers[0].error
    assert (error["extensions"]["code"], error["extensions"].get("field")) == (code, field), error
    assert ("hint" in error["extensions"]) is hinted, error
    assert error["path"] == [name]
    assert error["locations"]
    assert error["message"]
    assert answers[0].body["data"] is None
    assert answers[0].status == 200
    assert answers[0].text == answers[1].text
    left = (await change.ask("query($g: String) { nodes(graph: $g) { nodes { id rev } } }", {"g": change.graph})).data
    assert sorted((n["id"], n["rev"]) for n in left["nodes"]["nodes"]) == [("n1", 1), ("n2", 1)]


@pytest.mark.parametrize(
    "given",
    [
        {"title": 1},
        {},
        {"title": "x", "nope": 1},
        {"title": None},
        {"title": "x", "date": "31.1.2026"},
        {"title": "x", "tags": [None]},
    ],
)
async def test_inputs_that_do_not_fit_the_schema(change: Changer, given: dict[str, Any]) -> None:
    answer = await change.answer("createNote", **given)
    assert (answer.status, answer.sent) == (400, [])
    assert {error["extensions"]["code"] for error in answer.body["errors"]} == {"BAD_INPUT"}


async def test_errors_name_the_alias(change: Changer) -> None:
    text = (
        'mutation($g: String!) { mine: updateNode(input: {graph: $g, id: "n1", rev: 9, title: "x"}) { node { id } } }'
    )
    assert (await change.ask(text, {"g": change.graph})).error["path"] == ["mine"]


async def test_graphs_and_their_inheritance(change: Changer) -> None:
    parent, child = change.graph, f"{change.graph}-child"
    made = (await change("createGraph", name=child, inherits=[{"graph": parent, "priority": 3}]))["graph"]
    assert (made["resolved"], made["nodeCount"], made["rev"]) == ([child, parent], 0, 1)
    circle = await change.answer("updateGraph", name=parent, rev=1, inherits=[{"graph": child}])
    assert (circle.error["extensions"]["code"], circle.error["extensions"]["field"]) == ("BAD_INPUT", "input.inherits")
    taken = await change.answer("createGraph", name=child)
    assert taken.error["extensions"]["code"] == "CONFLICT"
    stale = await change.answer("updateGraph", name=child, rev=9, title="x")
    assert (stale.error["extensions"]["code"], stale.error["extensions"]["field"]) == ("CONFLICT", "input.rev")
    held = await change.answer("deleteGraph", name=parent)
    assert held.error["extensions"]["code"] == "CONFLICT"
    alone = (await change("updateGraph", name=child, rev=1, inherits=[], title="Alone"))["graph"]
    assert (alone["resolved"], alone["title"], alone["rev"]) == ([child], "Alone", 2)
    assert await change("deleteGraph", name=child) == {"name": child}


# ---- roles


@pytest.mark.parametrize("name", OPERATIONS)
async def test_roles(change: Changer, name: str) -> None:
    given: dict[str, Any] = {
        "createNodes": {"nodes": [{"type": "NOTE", "title": "x"}]}, "updateNode": {"id": "n1", "rev": 1, "title": "x"},
        "deleteNode": {"id": "n1"}, "undeleteNode": {"id": "gone"}, "linkNodes": LINK, "unlinkNodes": LINK,
        "createGraph": {"name": f"{change.graph}-x"}, "updateGraph": {"name": change.graph, "rev": 1, "title": "x"},
        "deleteGraph": {"name": change.graph},
    }.get(name, {"title": "x"})  # fmt: skip
    if name == "unlinkNodes":
        await change("linkNodes", **LINK)
    if name == "deleteGraph":
        for node_id in ("n1", "n2"):
            await change("deleteNode", id=node_id)
    roles = [Role.VIEWER, Role.DEVELOPER, Role.ADMIN]
    allowed = Role.ADMIN if name.endswith("Graph") else Role.DEVELOPER
    for role in roles[: roles.index(allowed)]:
        for compiled in (True, False):
            refused = await change.answer(name, compiled=compiled, ask=change.ask.acting(role), **given)
            assert (refused.error["extensions"]["code"], refused.sent) == ("FORBIDDEN", [])
            assert allowed.value in refused.error["message"]
            assert refused.error["path"] == [name]
    done = await change.answer(name, ask=change.ask.acting(allowed, "dora"), **given)
    assert done.data


async def test_changes_are_signed(change: Changer) -> None:
    dora = change.ask.acting(Role.DEVELOPER, "dora")
    created = await change.answer("createNote", ask=dora, title="x")
    assert created.data["createNote"]["note"]["createdBy"] == "dora"
    updated = await change.answer("updateNode", ask=dora, id="n1", rev=1, title="x")
    assert updated.data["updateNode"]["node"]["updatedBy"] == "dora"


# ---- once


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("createNote", {"title": "once"}),
        (
            "createNodes",
            {"nodes": [{"type": "NOTE", "title": "a"}, {"type": "GUIDELINE", "title": "b", "priority": 2}]},
        ),
        ("updateNode", {"id": "n1", "rev": 1, "title": "once"}),
        ("deleteNode", {"id": "n1"}),
        ("undeleteNode", {"id": "gone"}),
        ("linkNodes", LINK),
    ],
)
async def test_a_key_makes_it_happen_once(change: Changer, name: str, given: dict[str, Any]) -> None:
    key = f"key-{change.graph}"
    events = "MATCH (e:OutboxEvent {graph: $g}) RETURN count(e)"
    before = await change.ask.services.db.read_one(events, {"g": change.graph})
    answers = await asyncio.gather(*(change.answer(name, idempotencyKey=key, **given) for _ in range(3)))
    answers.append(await change.answer(name, idempotencyKey=key, **given))
    assert len({answer.text for answer in answers}) == 1, [answer.text for answer in answers]
    assert answers[0].data
    assert await change.ask.services.db.read_one(events, {"g": change.graph}) == before + 1
    other = await change.answer(name, idempotencyKey=key, **{**given, **_different(name)})
    assert (other.error["extensions"]["code"], other.error["extensions"]["field"]) == (
        "CONFLICT",
        "input.idempotencyKey",
    )


def _different(name: str) -> dict[str, Any]:
    return {
        "createNote": {"title": "other"}, "createNodes": {"nodes": [{"type": "NOTE", "title": "c"}]},
        "updateNode": {"title": "other"}, "deleteNode": {"id": "n2"}, "undeleteNode": {"id": "n2"},
        "linkNodes": {"weight": 0.5},
    }[name]  # fmt: skip


async def test_a_used_key_after_what_it_made_is_gone(change: Changer) -> None:
    key = f"key-{change.graph}"
    made = (await change("createNote", title="once", idempotencyKey=key))["note"]["id"]
    await change("deleteNode", id=made)
    again = await change.answer("createNote", title="once", idempotencyKey=key)
    assert (again.error["extensions"]["code"], again.error["path"]) == ("NOT_FOUND", ["createNote"])
    await change("linkNodes", **LINK, idempotencyKey=f"{key}-2")
    await change("unlinkNodes", **LINK)
    gone = await change.answer("linkNodes", **LINK, idempotencyKey=f"{key}-2")
    assert (gone.error["extensions"]["code"], gone.error["path"]) == ("NOT_FOUND", ["linkNodes"])


async def test_keys_belong_to_their_principals(change: Changer) -> None:
    key = f"key-{change.graph}"
    ids = set()
    for name in ("dora", "eve"):
        ask = change.ask.acting(Role.DEVELOPER, name)
        answer = await change.answer("createNote", ask=ask, title="x", idempotencyKey=key)
        ids.add(answer.data["createNote"]["note"]["id"])
    assert len(ids) == 2


# ---- many


async def test_five_thousand_nodes_and_their_relations(change: Changer) -> None:
    nodes = [{"type": ("NOTE", "DECISION")[i % 2], "title": f"T{i}", "id": f"b{i}"} for i in range(5_000)]
    relations = [{"source": f"b{i}", "target": f"b{i + 1}", "relation": "EXTENDS"} for i in range(4_999)]
    answer = await change.answer("createNodes", nodes=nodes, relations=relations)
    made = answer.data["createNodes"]
    assert (made["count"], [n["title"] for n in made["nodes"]]) == (5_000, [n["title"] for n in nodes])
    assert [n["relationCount"] for n in made["nodes"]] == [1, *[2] * 4_998, 1]
    assert len(answer.sent) < 40
    too_many = await change.answer("createNodes", nodes=[{"type": "NOTE", "title": "x"}] * 5_001)
    assert (too_many.error["extensions"]["code"], too_many.error["extensions"]["field"]) == ("BAD_INPUT", "input.nodes")


async def test_all_or_none(change: Changer) -> None:
    nodes = [{"type": "NOTE", "title": f"T{i}"} for i in range(1_500)] + [{"type": "NOTE", "title": "x", "id": "n1"}]
    answer = await change.answer("createNodes", nodes=nodes)
    assert answer.error["extensions"]["code"] == "CONFLICT"
    count = "query($g: String) { nodes(graph: $g) { totalCount } }"
    assert (await change.ask(count, {"g": change.graph})).data == {"nodes": {"totalCount": 2}}


async def test_several_mutations_run_in_order(change: Changer) -> None:
    text = """mutation($g: String!) {
      a: updateNode(input: {graph: $g, id: "n1", rev: 1, title: "second"}) { node { rev title } }
      b: updateNode(input: {graph: $g, id: "n1", rev: 2, title: "third"}) { node { rev title } }
      c: linkNodes(input: {graph: $g, source: "n1", target: "n2", relation: EXPLAINS}) { relation { source { rev } } }
    }"""
    assert (await change.ask(text, {"g": change.graph})).data == {
        "a": {"node": {"rev": 2, "title": "second"}},
        "b": {"node": {"rev": 3, "title": "third"}},
        "c": {"relation": {"source": {"rev": 3}}},
    }


@pytest.mark.parametrize("root", ["createNote(input: $i) @skip(if: true) { note { id } }", "...M"])
async def test_mutations_in_other_clothes(change: Changer, root: str) -> None:
    text = f"mutation($i: CreateNoteInput!) {{ {root} }}"
    if root == "...M":
        text += " fragment M on Mutation { createNote(input: $i) { note { title } } }"
    else:
        text = text.replace("{ note { id } }", "{ note { id } } __typename")
    answer = await change.ask(text, {"i": {"graph": change.graph, "title": "x"}})
    expected = {"createNote": {"note": {"title": "x"}}} if root == "...M" else {"__typename": "Mutation"}
    assert answer.data == expected


async def test_what_cannot_be_shown_does_not_hide_that_it_was_done(change: Changer, database: Database) -> None:
    await change("linkNodes", **LINK)
    await database.write("MATCH (n:KnowledgeNode {graph: $g, id: 'n2'}) REMOVE n.title", {"g": change.graph})
    text = """mutation($g: String!) {
      updateNode(input: {graph: $g, id: "n1", rev: 1, title: "New"}) { node { neighbours { title } } }
    }"""
    answer = await change.ask(text, {"g": change.graph})
    assert answer.error["extensions"]["code"] == "INTERNAL"
    assert answer.error["path"][0] == "updateNode"
    found = await change.ask('query($g: String) { node(id: "n1", graph: $g) { rev } }', {"g": change.graph})
    assert json.loads(found.text) == {"data": {"node": {"rev": 2}}}
