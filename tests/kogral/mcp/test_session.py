"""A client session through every tool, resource and prompt, over both transports, against a real server."""

import json

import pytest
import yaml

from .conftest import TOKEN, called, over_http, refused

TOOLS = [
    "search", "add_note", "add_decision", "link", "get_guidelines", "list_graphs", "export", "get_blocks",
    "find_todos", "update_block",
]  # fmt: skip
RESOURCES = [
    "kogral://project/notes", "kogral://project/decisions", "kogral://project/guidelines",
    "kogral://project/patterns", "kogral://shared/guidelines", "kogral://shared/patterns",
]  # fmt: skip
SPEC = {
    "search": ({"query", "node_type", "limit", "project", "semantic", "threshold"}, {"query"}),
    "add_note": ({"title", "content", "tags"}, {"title", "content", "tags"}),
    "add_decision": ({"title", "context", "decision", "consequences"},) * 2,
    "link": ({"source_id", "target_id", "relation"},) * 2,
    "get_guidelines": ({"topic", "include_shared"}, {"topic"}),
    "list_graphs": (set(), set()),
    "export": ({"format", "filter"}, {"format"}),
}
MORE = {"fields", "cursor", "max_tokens"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_every_tool_resource_and_prompt(
    transport, mode, stdio, serve, unused_tcp_port, known_graph, client
) -> None:
    """By each transport, with today's protocol and with the one that begins with a handshake."""
    client.execute(
        """mutation($g: String!) { createGuideline(input: {graph: $g, title: "Brokers", content: "Prefer NATS.",
           priority: 150}) { guideline { id } } }""",
        {"g": known_graph},
    )
    if transport == "stdio":
        connecting = stdio(mode=mode)
    else:
        connecting = over_http(serve("--port", str(unused_tcp_port), KOGRAL_MCP_TOKEN=TOKEN).url, mode=mode)
    async with connecting as session:
        await _tools(session, known_graph)
        await _resources(session)
        await _prompts(session)


async def _tools(session, graph: str) -> None:
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    assert list(tools) == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.annotations.title
        assert tool.annotations.read_only_hint == (
            tool.name not in {"add_note", "add_decision", "link", "update_block"}
        )
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["type"] == "object"
    graphs = (await called(session, "list_graphs"))["graphs"]
    assert [one["name"] for one in graphs if one["current"]] == [graph]
    note = await called(session, "add_note", title="Why NATS", content="A **broker** that is small.", tags=["nats"])
    made = await called(
        session, "add_decision", title="Use NATS", context="Polling.", decision="A broker.", consequences="A server."
    )
    assert (made["status"], made["graph"], made["rev"]) == ("proposed", graph, 1)
    joined = await called(session, "link", source_id=note["id"], target_id=made["id"], relation="explains")
    assert (joined["source_title"], joined["target_title"]) == ("Why NATS", "Use NATS")
    found = await called(session, "search", query="broker", node_type="decision")
    assert [hit["id"] for hit in found["hits"]] == [made["id"]]
    rules = await called(session, "get_guidelines", topic="brokers")
    assert [(one["title"], one["priority"], one["shared"]) for one in rules["guidelines"]] == [("Brokers", 150, False)]
    assert rules["guidelines"][0]["content"] == "Prefer NATS."
    for form, read in (("json", json.loads), ("yaml", yaml.safe_load)):
        exported = await called(session, "export", format=form, filter={"ids": [made["id"]]})
        [node] = read(exported["text"])["nodes"]
        assert (node["title"], node["relations"][0]["relation"], exported["total"]) == ("Use NATS", "explains", 1)
    text = (await session.call_tool("export", {"format": "markdown", "filter": {"node_type": "note"}})).content[0].text
    assert text.startswith("---\nid: ")
    assert f"explains:\n- {made['id']}\n---\n# Why NATS\n\nA **broker**" in text


async def _resources(session) -> None:
    assert [str(one.uri) for one in (await session.list_resources()).resources] == RESOURCES
    texts = {uri: (await session.read_resource(uri)).contents[0] for uri in RESOURCES}
    assert {one.mime_type for one in texts.values()} == {"text/markdown"}
    assert "## Use NATS" in texts["kogral://project/decisions"].text
    assert "Prefer NATS." in texts["kogral://project/guidelines"].text
    assert "None yet." in texts["kogral://shared/patterns"].text


async def _prompts(session) -> None:
    assert [one.name for one in (await session.list_prompts()).prompts] == ["summarize_project", "find_related"]
    summary = (await session.get_prompt("summarize_project", {})).messages[0].content.text
    assert "1 decisions, 1 guidelines" in summary
    assert "Use NATS" in summary
    related = (await session.get_prompt("find_related", {"topic": "broker"})).messages[0].content.text
    assert "Use NATS (decision, proposed" in related
    node_id = (await called(session, "search", query="Why NATS", node_type="note"))["hits"][0]["id"]
    related = (await session.get_prompt("find_related", {"topic": node_id})).messages[0].content.text
    assert "explains → Use NATS" in related


async def test_tools_have_exactly_the_parameters_of_the_specification(stdio) -> None:
    async with stdio() as session:
        tools = {tool.name: tool.input_schema for tool in (await session.list_tools()).tools}
    for name, (parameters, required) in SPEC.items():
        assert set(tools[name].get("properties", {})) - MORE == parameters, name
        assert set(tools[name].get("required", ())) == required, name
    assert tools["search"]["properties"]["limit"]["default"] == 10
    assert tools["search"]["properties"]["threshold"]["default"] == 0.4
    assert tools["search"]["properties"]["semantic"]["default"] is True
    assert tools["get_guidelines"]["properties"]["include_shared"]["default"] is True
    assert tools["export"]["properties"]["format"]["enum"] == ["markdown", "json", "yaml"]


BAD = [
    ("search", {}, "query: field required"),
    ("search", {"query": ""}, "at least 1 character"),
    ("search", {"query": "x", "limit": 0}, "limit"),
    ("search", {"query": "x", "limitt": 5}, "did you mean limit?"),
    ("search", {"query": "x", "node_type": "nots"}, "node_type"),
    ("search", {"query": "x", "fields": ["body"]}, "fields"),
    ("search", {"query": "x", "cursor": "nonsense"}, "none of this server"),
    ("search", {"query": "x", "max_tokens": 1}, "max_tokens"),
    ("search", {"query": "x", "project": "no-such-graph"}, "no-such-graph"),
    ("add_note", {"title": "a\nb", "content": "", "tags": []}, "line breaks"),
    ("add_note", {"title": "a", "content": "", "tags": "x"}, "tags"),
    ("link", {"source_id": "x", "target_id": "y", "relation": "relates_to"}, "No node has the id 'x'"),
    ("link", {"source_id": "x", "target_id": "y", "relation": "likes"}, "relation"),
    ("export", {"format": "xml"}, "format"),
    ("export", {"format": "json", "filter": {"color": "red"}}, "filter.color"),
    ("export", {"format": "json", "filter": {"updated_after": "yesterday"}}, "BAD_INPUT"),
    ("update_block", {"node_id": "x", "block_id": "y"}, "Nothing is to be changed"),
    ("update_block", {"node_id": "x", "block_id": "y", "state": "done"}, "No node has the id 'x'"),
    ("get_blocks", {"value": "x"}, "needs its property"),
    ("no_such_tool", {}, "use one of search, add_note"),
]


async def test_bad_input_is_a_result_that_says_what_to_do(stdio) -> None:
    async with stdio() as session:
        for tool, arguments, words in BAD:
            said = await refused(session, tool, **arguments)
            assert words in said, (tool, arguments)
            assert "What to do:" in said, (tool, arguments)


async def test_a_server_that_is_away_is_a_result_too(stdio) -> None:
    async with stdio(url="http://127.0.0.1:9") as session:
        assert "UNAVAILABLE: No server answers" in await refused(session, "search", query="x")
        assert "stratumiops up" in await refused(session, "list_graphs")
        with pytest.raises(Exception, match="UNAVAILABLE"):
            await session.read_resource("kogral://project/notes")
        with pytest.raises(Exception, match="UNAVAILABLE"):
            await session.get_prompt("summarize_project", {})


async def test_a_cursor_goes_on_and_is_good_for_its_call_only(stdio) -> None:
    async with stdio() as session:
        for number in range(7):
            await called(session, "add_note", title=f"Broker {number}", content="x", tags=[])
        seen, cursor = [], None
        while True:
            page = await called(session, "search", query="broker", limit=3, cursor=cursor)
            seen += [hit["id"] for hit in page["hits"]]
            cursor = page.get("next_cursor")
            if cursor is None:
                break
            assert "belongs to another call" in await refused(session, "search", query="other", cursor=cursor)
        assert len(seen) == len(set(seen)) == 7


async def test_fields_are_those_that_were_asked_for(stdio) -> None:
    async with stdio() as session:
        await called(session, "add_note", title="Broker", content="text", tags=["a"])
        [hit] = (await called(session, "search", query="broker", fields=["title", "content", "tags"]))["hits"]
        assert hit == {"id": hit["id"], "title": "Broker", "content": "text", "tags": ["a"]}


async def test_exports_and_graphs_show_the_fields_that_were_asked_for(stdio, known_graph) -> None:
    async with stdio() as session:
        note = await called(session, "add_note", title="Broker", content="text", tags=["a"])
        found = await called(session, "export", format="json", fields=["tags"])
        assert json.loads(found["text"])["nodes"] == [{"id": note["id"], "title": "Broker", "tags": ["a"]}]
        graphs = (await called(session, "list_graphs", fields=["current"]))["graphs"]
        assert {"name": known_graph, "current": True} in graphs


async def test_a_long_text_is_given_in_parts_within_the_budget(stdio) -> None:
    text = "".join(f'{number}: a "quoted" line — with … signs\n' for number in range(2_000))
    async with stdio() as session:
        note = await called(session, "add_note", title="Long", content=text, tags=[])
        await called(session, "add_note", title="After", content="short", tags=[])
        found = await session.call_tool("search", {"query": "quoted", "fields": ["content"], "max_tokens": 500})
        assert len(found.content[0].text.encode()) <= 500 * 3
        assert f'filter={{"ids": ["{note["id"]}"]}}' in found.structured_content["note"]
        for form in ("markdown", "json", "yaml"):
            parts, cursor = [], None
            while True:
                arguments = {"format": form, "max_tokens": 3_000, **({"cursor": cursor} if cursor else {})}
                page = await session.call_tool("export", arguments)
                assert len(page.content[0].text.encode()) <= 3_000 * 3 + 300
                parts.append(page.structured_content["text"])
                cursor = page.structured_content.get("next_cursor")
                if cursor is None:
                    break
            assert len(parts) > 5
            if form == "json":
                nodes = [node for part in parts for node in json.loads(part)["nodes"]]
                assert "".join(node["content"] for node in nodes if node["id"] == note["id"]) == text
                assert nodes[-1]["title"] == "After"


async def test_a_text_that_changes_while_it_is_read_is_a_conflict(stdio, client, known_graph) -> None:
    async with stdio() as session:
        note = await called(session, "add_note", title="Long", content="word " * 5_000, tags=[])
        page = await called(session, "export", format="markdown", max_tokens=500)
        update = {"graph": known_graph, "id": note["id"], "rev": 1, "content": "new"}
        client.execute("mutation($i: UpdateNodeInput!) { updateNode(input: $i) { node { rev } } }", {"i": update})
        said = await refused(session, "export", format="markdown", max_tokens=500, cursor=page["next_cursor"])
        assert said.startswith("CONFLICT")


async def test_resources_page_and_show_single_nodes(stdio) -> None:
    async with stdio("--max-tokens", "500") as session:
        notes = [
            await called(session, "add_note", title=f"Note {number}", content="text " * 50, tags=[])
            for number in range(6)
        ]
        seen, uri = "", "kogral://project/notes"
        for _ in range(10):
            text = (await session.read_resource(uri)).contents[0].text
            seen += text
            if "[There is more: read " not in text:
                break
            uri = text.rpartition("read ")[2].rstrip("]\n")
        assert all(seen.count(f"## Note {number}\n") == 1 for number in range(6))
        one = (await session.read_resource(f"kogral://node/{notes[0]['graph']}/{notes[0]['id']}")).contents[0].text
        assert one.startswith("## Note 0")
        with pytest.raises(Exception, match="NOT_FOUND"):
            await session.read_resource(f"kogral://node/{notes[0]['graph']}/nothing")
        with pytest.raises(Exception, match="no resource kogral://shared/notes"):
            await session.read_resource("kogral://shared/notes?cursor=x")


async def test_a_projects_guideline_overrides_the_shared_one(stdio, client, known_graph, fresh_graph) -> None:
    make = "mutation($i: CreateGuidelineInput!) { createGuideline(input: $i) { guideline { id } } }"
    async with fresh_graph() as shared:
        _wait_for_graph(client, shared)
        inherit = {"name": known_graph, "rev": 1, "inherits": [{"graph": shared, "priority": 50}]}
        client.execute("mutation($i: UpdateGraphInput!) { updateGraph(input: $i) { graph { name } } }", {"i": inherit})
        for graph, title, priority in (
            (shared, "Brokers", 50), (shared, "Broker logs", 50), (known_graph, "Brokers", 150),
        ):  # fmt: skip
            client.execute(make, {"i": {"graph": graph, "title": title, "content": graph, "priority": priority}})
        async with stdio() as session:
            found = (await called(session, "get_guidelines", topic="brokers"))["guidelines"]
            assert [(one["title"], one["shared"]) for one in found] == [("Brokers", False), ("Broker logs", True)]
            assert found[0]["overrides"] == [shared]
            own = (await called(session, "get_guidelines", topic="", include_shared=False))["guidelines"]
            assert [one["graph"] for one in own] == [known_graph]
            text = (await session.read_resource("kogral://shared/guidelines")).contents[0].text
            assert "## Broker logs" in text
        client.execute(
            "mutation($i: UpdateGraphInput!) { updateGraph(input: $i) { graph { name } } }",
            {"i": {"name": known_graph, "rev": 2, "inherits": []}},
        )


def _wait_for_graph(client, name: str) -> None:
    import threading
    import time

    deadline = time.monotonic() + 60
    while client.execute("query($n: String!) { graph(name: $n) { name } }", {"n": name})["graph"] is None:
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


async def test_tools_can_be_switched_off(stdio, tmp_path) -> None:
    async with stdio("--without", "add_note", "--without", "export") as session:
        assert [one.name for one in (await session.list_tools()).tools] == [
            name for name in TOOLS if name not in {"add_note", "export"}
        ]
        assert "there is no tool 'export'" in await refused(session, "export", format="json")
    async with stdio("--only", "search") as session:
        assert [one.name for one in (await session.list_tools()).tools] == ["search"]
    (tmp_path / ".kogral").mkdir()
    (tmp_path / ".kogral" / "config.toml").write_text("[mcp]\nmax_tokens = 300\n[mcp.tools]\nlink = false\n")
    async with stdio() as session:
        assert "link" not in [one.name for one in (await session.list_tools()).tools]


async def test_completion_knows_graphs_and_kinds(stdio, known_graph) -> None:
    from mcp_types import PromptReference, ResourceTemplateReference

    async with stdio() as session:
        found = await session.complete(
            PromptReference(name="summarize_project"), {"name": "project", "value": known_graph[:9]}
        )
        assert known_graph in found.completion.values
        template = ResourceTemplateReference(uri="kogral://{scope}/{kind}{?cursor}")
        found = await session.complete(template, {"name": "kind", "value": "p"})
        assert found.completion.values == ["patterns"]
