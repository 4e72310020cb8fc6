"""Logseq graphs in step: page properties, blocks, names of new pages."""

PAGE = (
    "title:: Über X\ntags:: a, [[b c]]\nkind:: old\n\n- TODO one #t\n"
    "\tid:: 64d0a0a0-0000-4000-8000-000000000001\n- two\n"
)
CONFIG = "{:file/name-format :triple-lowbar}"


async def test_page_properties_are_edited_where_they_stand(pair) -> None:
    pair.put({"pages/a.md": PAGE, "logseq/config.edn": CONFIG, "journals/2024_01_02.md": "- x\n"})
    assert (await pair.sync()).imported == 2
    node = (await pair.nodes())["pages/a.md"]
    assert (node["title"], node["metadata"]["kind"]) == ("Über X", "old")
    await pair.change("pages/a.md", tags=["a", "b c", "t", "new"], metadata={**node["metadata"], "kind": "new", "n": 5})
    await pair.replace("pages/a.md", "- two", "- TWO")
    report = await pair.sync()
    assert (report.unsaid, report.written) == ([], 1)
    assert pair.text("pages/a.md") == (
        "title:: Über X\ntags:: a, b c, new\nkind:: new\nn:: 5\n\n- TODO one #t\n"
        "\tid:: 64d0a0a0-0000-4000-8000-000000000001\n- TWO\n"
    )
    blocks = await pair.ask("query ($g: String) { blocks(graph: $g) { nodes { text } } }", g=pair.graph)
    assert "TWO" in {one["text"] for one in blocks["blocks"]["nodes"]}


async def test_new_pages_are_named_as_the_graph_does_and_merged_by_block(pair) -> None:
    pair.put({"pages/a.md": PAGE, "logseq/config.edn": CONFIG})
    await pair.sync()
    await pair.create(title="One/Two?", content="- text\n", tags=["x"])
    report = await pair.sync()
    assert report.unsaid == []
    assert "pages/One___Two%3F.md" in pair.files()
    assert pair.text("pages/One___Two%3F.md") == "tags:: x\n\n- text\n"
    pair.put({"pages/a.md": PAGE.replace("one", "FILE")})
    await pair.replace("pages/a.md", "TODO one", "DONE one")
    assert len((await pair.sync()).conflicts) == 1
    assert "<<<<<<< file\n- TODO FILE" in pair.text("pages/a.md")
