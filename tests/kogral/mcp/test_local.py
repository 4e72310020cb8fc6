"""The MCP server over a directory of files, without a server: the same tools, as far as files go."""

import asyncio
import sys

from mcp import Client, StdioServerParameters

from .conftest import COMMAND, _environ, called


async def test_an_agent_works_in_a_directory(kogral, tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("KOGRAL_GRAPH", raising=False)
    assert kogral("init", str(tmp_path), "--graph", "files", "--json").status == 0
    parameters = StdioServerParameters(
        command=sys.executable, args=[*COMMAND, "--dir", str(tmp_path / ".kogral")], env=_environ(), cwd=tmp_path
    )
    async with Client(parameters) as session:
        note = await called(
            session, "add_note", title="Why NATS", content="A broker.\n\n- [ ] measure it\n", tags=["nats"]
        )
        made = await called(
            session, "add_decision", title="Use NATS", context="c", decision="A broker.", consequences="q"
        )
        await called(session, "link", source_id=note["id"], target_id=made["id"], relation="explains")
        found = await asyncio.gather(*(called(session, "search", query="broker") for _ in range(5)))
        assert all({hit["id"] for hit in one["hits"]} == {note["id"], made["id"]} for one in found)
        assert all(one["mode"] == "hybrid" for one in found)
        graphs = (await called(session, "list_graphs"))["graphs"]
        assert [(one["name"], one["nodes"], one["current"]) for one in graphs] == [("files", 2, True)]
        assert (await called(session, "get_guidelines", topic=""))["guidelines"] == []
        assert (await called(session, "export", format="json"))["total"] == 2
        assert [one["text"] for one in (await called(session, "find_todos"))["blocks"]] == ["measure it"]
        text = (await session.read_resource("kogral://project/decisions")).contents[0].text
        assert "## Use NATS" in text
    assert len(list((tmp_path / ".kogral" / "notes").glob("*.md"))) == 1
