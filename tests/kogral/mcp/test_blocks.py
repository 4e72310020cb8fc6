"""The block tools against a server that keeps blocks."""

from pathlib import Path

import pytest

from .conftest import called, refused

SCHEMA = (Path(__file__).parents[3] / "schema" / "schema.graphql").read_text()
pytestmark = pytest.mark.skipif("type Block " not in SCHEMA, reason="this server keeps no blocks")
PAGE = """\
- TODO [#A] Buy milk #shop
  price:: 2
  - DONE Buy milk
- TODO Buy milk
- plain
"""


async def test_blocks_are_found_and_changed(stdio, kogral, known_graph, notes) -> None:
    tasks = "- [ ] Box one ^b1\n- [x] Box two\n"
    root = notes({"logseq/pages/list.md": PAGE, "logseq/logseq/config.edn": "{}", "vault/tasks.md": tasks})
    for folder in ("logseq", "vault"):
        assert kogral("import", str(root / folder), "--graph", known_graph).status == 0
    async with stdio() as session:
        blocks = (await called(session, "get_blocks", tag="shop"))["blocks"]
        assert [(one["text"], one["state"], one["properties"]) for one in blocks] == [
            ("Buy milk #shop", "todo", {"price": "2"})
        ]
        todos = (await called(session, "find_todos"))["blocks"]
        assert sorted(one["text"] for one in todos) == ["Box one", "Buy milk", "Buy milk #shop"]
        done = (await called(session, "find_todos", state="done", fields=["text"]))["blocks"]
        assert sorted(one["text"] for one in done) == ["Box two", "Buy milk"]
        page = await called(session, "get_blocks", limit=1)
        assert page["next_cursor"]
        plain = next(one for one in todos if one["text"] == "Buy milk")
        changed = await called(
            session, "update_block", node_id=plain["node_id"], block_id=plain["id"], state="done", text="Bought"
        )
        assert changed["line"] == "- DONE Bought"
        node = kogral("show", plain["node_id"], "--graph", known_graph, "--json").json
        assert node["content"] == PAGE.replace("- TODO Buy milk\n", "- DONE Bought\n")
        box = next(one for one in todos if one["text"] == "Box one")
        changed = await called(session, "update_block", node_id=box["node_id"], block_id=box["id"], state="done")
        assert changed["line"] == "- [x] Box one ^b1"
        again = await called(session, "update_block", node_id=box["node_id"], block_id=box["id"], state="done")
        assert again["rev"] == changed["rev"]
        done = (await called(session, "find_todos", state="done", fields=["text"]))["blocks"]
        assert sorted(one["text"] for one in done) == ["Bought", "Box one", "Box two", "Buy milk"]
        added = await called(session, "add_note", title="Loose", content="- [ ] Without a file #shop\n", tags=[])
        loose = (await called(session, "find_todos", tag="shop", state="todo"))["blocks"]
        assert [one["text"] for one in loose if one["node_id"] == added["id"]] == ["Without a file #shop"]
        said = await refused(session, "update_block", node_id=box["node_id"], block_id="nothing", state="done")
        assert "has no block 'nothing'" in said
