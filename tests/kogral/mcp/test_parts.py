"""The parts on which answers rest: the budget, cursors, changes of blocks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp import Client

from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.ui.mcp import cursor as cursors
from stratumiops.ui.mcp.block_text import changed
from stratumiops.ui.mcp.budget import BYTES_PER_TOKEN, cost, cut, fit
from stratumiops.ui.mcp.server import build
from stratumiops.ui.mcp.settings import ServeSettings


class OlderServer:
    """Answers as a server whose schema has no blocks, no modes of search, and no guidelines that apply."""

    threads = 4

    def execute(self, document: str, variables: Any = None) -> dict[str, Any]:
        for word in ("blocks(", "todos(", "guidelinesFor("):
            if word in document:
                raise BadInput(f"Cannot query field '{word[:-1]}' on type 'Query'.")
        if "mode: HYBRID" in document:
            raise BadInput("Unknown argument 'mode' on field 'Query.search'.")
        return {"search": [], "graphs": []}


async def test_an_older_server_is_used_as_far_as_it_goes() -> None:
    async with Client(build(OlderServer(), ServeSettings(graph="x"))) as session:
        for tool in ("get_blocks", "find_todos"):
            found = await session.call_tool(tool, {})
            assert found.is_error
            assert found.content[0].text.startswith("UNAVAILABLE: What answers here has no ")
        for tool, given in (("search", {"query": "x"}), ("get_guidelines", {"topic": "x"})):
            found = await session.call_tool(tool, given)
            assert "search by words only" in found.structured_content["note"]
        told = await session.call_tool("search", {"query": "x", "semantic": False})
        assert "note" not in told.structured_content


ITEMS = st.lists(st.fixed_dictionaries({"id": st.uuids().map(str), "text": st.text(max_size=3_000)}), max_size=20)


@given(ITEMS, st.integers(200, 2_000))
def test_what_fits_is_a_beginning_within_the_budget(items: list[dict[str, str]], most: int) -> None:
    whole = [dict(item) for item in items]
    found = fit(items, most)
    assert len(found.items) + found.left == len(items)
    assert bool(found.items) == bool(items)
    assert cost(found.items) <= most
    assert [one["id"] for one in found.items] == [one["id"] for one in whole[: len(found.items)]]
    assert found.items[1:] == whole[1 : len(found.items)]
    if found.items and not found.shortened:
        assert found.items[0] == whole[0]


@given(st.text(max_size=2_000), st.integers(10, 500))
def test_a_cut_text_is_a_beginning_and_says_so(text: str, most: int) -> None:
    short = cut(text, most)
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
    assert (cost(short) - 2) * BYTES_PER_TOKEN <= most + 2 * BYTES_PER_TOKEN


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(0, 9) | st.none(), max_size=3))
def test_a_cursor_comes_back_as_it_was(place: dict[str, object]) -> None:
    call = {"t": "search", "q": "x"}
    assert cursors.decode(call, cursors.encode(call, place)) == place
    with pytest.raises(BadInput, match="another call"):
        cursors.decode({"t": "search", "q": "y"}, cursors.encode(call, place))


@pytest.mark.parametrize("cursor", ["", "x", "é", "bm8", "eyJjIjoxfQ", "eyJjIjoiYSIsInAiOiJ4In0", "x" * 10_000])
def test_no_cursor_breaks_the_server(cursor: str) -> None:
    with pytest.raises(BadInput):
        cursors.decode({}, cursor)


LOGSEQ = (
    "- TODO [#A] Buy milk\n  priority:: high\n\t- DONE Buy milk\n- ## LATER Read\n- plain\n-\n```\n- TODO Buy milk\n```"
)
MARKDOWN = "Intro\n\n- [ ] First ^one\n- [x] First\n  1. [ ] Deep\n> - [/] Quoted\n* no task"


@pytest.mark.parametrize(
    ("content", "said", "occurrence", "change", "line"),
    [
        (LOGSEQ, "Buy milk", 0, {"state": "done"}, "- DONE [#A] Buy milk"),
        (LOGSEQ, "Buy milk", 1, {"state": "todo"}, "\t- TODO Buy milk"),
        (LOGSEQ, "Read", 0, {"state": "doing"}, "- ## DOING Read"),
        (LOGSEQ, "plain", 0, {"state": "waiting"}, "- WAITING plain"),
        (LOGSEQ, "plain", 0, {"text": "other"}, "- other"),
        (LOGSEQ, "", 0, {"text": "new"}, "- new"),
        (MARKDOWN, "First", 0, {"state": "done"}, "- [x] First ^one"),
        (MARKDOWN, "First", 0, {"text": "Second"}, "- [ ] Second ^one"),
        (MARKDOWN, "First", 1, {"state": "todo", "text": "Again"}, "- [ ] Again"),
        (MARKDOWN, "Deep", 0, {"state": "cancelled"}, "  1. [-] Deep"),
        (MARKDOWN, "Quoted", 0, {"state": "done"}, "> - [x] Quoted"),
        (MARKDOWN, "no task", 0, {"state": "todo"}, "* TODO no task"),
        (MARKDOWN.replace("\n", "\r\n"), "First", 1, {"state": "todo"}, "- [ ] First\r"),
    ],
)
def test_one_line_changes_and_no_other(content: str, said: str, occurrence: int, change, line: str) -> None:
    before, after = content.split("\n"), changed(content, said, occurrence, **change).split("\n")
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [line]


def test_a_change_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(Conflict):
        changed(LOGSEQ, "Buy milk", 2, state="done")
    with pytest.raises(Conflict):
        changed(LOGSEQ, "gone", 0, state="done")
    with pytest.raises(BadInput, match="one line"):
        changed(LOGSEQ, "plain", 0, text="a\nb")
    with pytest.raises(BadInput, match="checkbox"):
        changed(MARKDOWN, "First", 0, state="waiting")
