"""Exports: byte for byte what was imported, nothing beside it, and the same graph when it is imported again."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratumiops.graph.errors import NotFound
from stratumiops.ingest.identity import content_hash
from stratumiops.ingest.reading import Reading
from stratumiops.ingest.sync.export import exported
from stratumiops.ingest.sync.state import Held

from .conftest import Pair

NAMES = [
    "markdown-edge", "adr-gsp", "adr-jabref", "adr-log4brains", "adr-log4brains-tests", "logseq-arc42", "logseq-edge",
    "logseq-seq2b", "obsidian-kepano", "obsidian-tasks-docs",
]  # fmt: skip
_GRAPH = """
query ($graph: String!) {
  nodes(graph: $graph, first: 300) {
    nodes { title type content tags status date path metadata relations(first: 200) { type node { path } } }
  }
}"""


async def shape(pair: Pair) -> list[Any]:
    """The graph without ids: what must be the same after an export and an import elsewhere."""
    nodes = (await pair.ask(_GRAPH, graph=pair.graph))["nodes"]["nodes"]
    for node in nodes:
        node["relations"] = sorted((one["type"], one["node"]["path"]) for one in node["relations"])
    return sorted(nodes, key=lambda node: node["path"])


@pytest.mark.parametrize("name", NAMES)
async def test_a_set_comes_back_byte_for_byte(
    pair: Pair, services: Any, fresh_graph: Callable[[], Any], knowledge: Path, tmp_path: Path, name: str
) -> None:
    shutil.copytree(knowledge / name, pair.root, dirs_exist_ok=True, copy_function=shutil.copyfile)
    report = await pair.once()
    assert report.imported > 0
    assert report.errors == []
    assert (await pair.once()).changes == 0
    out = tmp_path / "out"
    done = await pair.export(out)
    assert (done.errors, done.unsaid, done.new) == ([], [], 0)
    again = Pair(pair.api, out, pair.graph)
    notes = {path: data for path, data in pair.files().items() if path in again.files()}
    assert again.files() == notes
    assert len(notes) == report.imported == done.written
    assert (await again.once()).changes == 0, "a sync of the export is a no-op"
    async with fresh_graph() as other:
        await services.registry.load()
        second = Pair(pair.api, out, other)
        assert (await second.once()).imported == report.imported
        assert await shape(second) == await shape(pair)


async def test_a_change_in_the_graph_changes_only_its_lines(pair: Pair, tmp_path: Path) -> None:
    pair.put({"a.md": b"---\r\nt: [x]\r\n---\r\n# A\r\none\xff\r\ntwo\r\n", "b.md": "b"})
    await pair.sync()
    await pair.replace("a.md", "two", "TWO")
    await pair.export(tmp_path / "out")
    wanted = {"a.md": b"---\r\nt: [x]\r\n---\r\n# A\r\none\xff\r\nTWO\r\n", "b.md": b"b"}
    assert Pair(pair.api, tmp_path / "out", pair.graph).files() == wanted


async def test_nodes_without_files_get_some_and_deleted_ones_none(pair: Pair, tmp_path: Path) -> None:
    pair.put({"a.md": "a", "b.md": "b"})
    await pair.sync()
    await pair.delete("a.md")
    await pair.create(title="New", content="new\n", id="n1")
    await pair.create(title="new", content="newer\n", id="n2")
    report = await pair.export(tmp_path / "out")
    assert (report.written, report.new) == (3, 2)
    files = Pair(pair.api, tmp_path / "out", pair.graph).files()
    assert set(files) == {"b.md", "new.md", "new-2.md"}
    assert files["new.md"] == b"---\nid: n1\ntype: note\ntitle: New\n---\nnew\n"


async def test_what_is_there_is_not_overwritten_without_force(pair: Pair, tmp_path: Path) -> None:
    pair.put({"a.md": "a", "b.md": "b", "sub/c.md": "c"})
    await pair.sync()
    out = tmp_path / "out"
    (out / "elsewhere").mkdir(parents=True)
    (out / "a.md").write_text("mine")
    (out / "b.md").write_text("b")
    (out / "sub").symlink_to(out / "elsewhere")
    report = await pair.export(out)
    assert {(one["path"], one["code"]) for one in report.errors} == {("a.md", "DIFFERS"), ("sub/c.md", "SYMLINK")}
    assert (report.written, report.unchanged, (out / "a.md").read_text()) == (0, 1, "mine")
    assert list((out / "elsewhere").iterdir()) == []
    assert (await pair.export(out, dry_run=True, force=True)).written == 1
    assert (out / "a.md").read_text() == "mine"
    assert (await pair.export(out, force=True)).written == 1
    assert (out / "a.md").read_text() == "a"


async def test_graphs_and_sources_that_are_none(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no source other"):
        await pair.export(tmp_path / "out", source="other")
    pair.graph = "no-such-graph"
    with pytest.raises(NotFound, match="no graph"):
        await pair.export(tmp_path / "out")


async def test_pages_are_bounded_in_bytes(pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from stratumiops.ingest.sync import export

    monkeypatch.setattr(export, "PAGE_BYTES", 5_000)
    pair.put({f"{n}.md": f"{n}" * 2_000 for n in range(9)} | {"large.md": "x" * 20_000})
    await pair.sync()
    assert (await pair.export(tmp_path / "out")).written == 10
    assert Pair(pair.api, tmp_path / "out", pair.graph).files() == pair.files()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=80) | st.lists(st.sampled_from([
        b"---\n", b"title: x\n", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\r", b"- a\n", b"# H\n", b"a: [\n", b"\x00",
        b"\xff\xfe", b"k:: v\n", b"```\n", b"\xe2\x80\xa8",
    ]), max_size=20).map(b"".join),
    st.sampled_from(["a.md", "0001-x.md", "journals/2024_01_02.md"]),
)  # fmt: skip
def test_import_and_export_are_the_identity_on_bytes(data: bytes, path: str) -> None:
    from stratumiops.graph.store.records import node_from, node_properties
    from stratumiops.graph.validation import check_node
    from stratumiops.ingest.records import new_node

    said = Reading().parse(path, data)
    stored = new_node("g", said.node_id or "n", said, "2024-01-01T00:00:00.000000Z", "me")
    node = check_node(node_from(stored))
    assert node_properties(node, stored["updated_at"], "me") == stored
    for rev in (1, None):
        held = Held(path, content_hash(data), Reading(), data, None, node, node if rev is None else None, rev)
        found = exported(held)
        assert (found.data, found.changed, found.unsaid) == (data, False, ())
