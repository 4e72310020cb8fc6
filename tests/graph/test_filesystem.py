"""The folder of markdown files: what people do to it, crashes, other processes, history."""

import asyncio
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import orjson
import pytest

from stratumiops.graph.adapters import folder, markdown_file
from stratumiops.graph.adapters.filesystem import FilesystemStorage
from stratumiops.graph.adapters.folder import file_name
from stratumiops.graph.errors import Conflict, NotFound, Unavailable
from stratumiops.graph.local.cache import PageCache
from stratumiops.graph.local.rows import row_of
from stratumiops.graph.models import EMBEDDING_DIMENSIONS, Edge, Node, NodeFilter, NodeType, RelationType

GRAPH = "default"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / ".kogral"


@pytest.fixture
def storage(root: Path) -> FilesystemStorage:
    return FilesystemStorage(root, actor="ada")


def node(node_id: str, **values: object) -> Node:
    given = {"type": NodeType.DECISION, "title": f"Title of {node_id}", **values}
    return Node(id=node_id, graph=GRAPH, **given)  # type: ignore[arg-type]


def edge(source: str, target: str, **values: object) -> Edge:
    given = {"relation": RelationType.DEPENDS_ON, **values}
    return Edge(graph=GRAPH, source=source, target=target, **given)  # type: ignore[arg-type]


def write(root: Path, path: str, text: str | bytes) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


async def ids(storage: FilesystemStorage) -> list[str]:
    return [found.id for found in await storage.list_nodes(NodeFilter(graph=GRAPH))]


async def test_a_node_is_a_file_that_people_can_read(storage: FilesystemStorage, root: Path) -> None:
    await storage.create_node(node("adr-0001", title="Use Neo4j: über alles", status="accepted", date="2026-01-31",
                                   tags=("db",), content="## Context\n\nWe need a graph."))  # fmt: skip
    await storage.create_node(node("adr-0002"))
    await storage.create_edge(edge("adr-0001", "adr-0002", origin="api"))
    lines = (root / "decisions" / "adr-0001.md").read_text("utf-8").splitlines()
    assert lines[:8] == [
        "---", "id: adr-0001", "type: decision", "title: 'Use Neo4j: über alles'", "tags:", "- db",
        "status: accepted", "date: '2026-01-31'",
    ]  # fmt: skip
    assert "- type: depends_on" in lines
    assert "  target: adr-0002" in lines
    assert lines[-5:] == ["---", "", "## Context", "", "We need a graph."]
    assert not list(root.rglob("*.tmp"))


def test_every_field_of_a_node_survives_its_file_and_is_remembered(root: Path) -> None:
    values = {
        "id": "a", "graph": GRAPH, "type": NodeType.DECISION, "title": "T", "content": "text\n", "tags": ("x", "y z"),
        "aliases": ("One", "another one"), "status": "accepted", "date": "2026-01-31", "metadata": {"a": [1, None]},
        "path": "docs/a.md", "created_at": "2026-01-01T00:00:00.000001Z", "updated_at": "2026-01-02T00:00:00.000001Z",
        "created_by": "ada", "updated_by": "bob", "rev": 7, "extra": {"status_raw": "Accepted!", "deciders": ["ada"]},
        "embedding": [0.5] * EMBEDDING_DIMENSIONS,
    }  # fmt: skip
    assert set(values) == {each.name for each in fields(Node)}, "a new field: give it a value here"
    page = markdown_file.Page(Node(**values))  # type: ignore[arg-type]
    assert markdown_file.parse(markdown_file.render(page), graph=GRAPH, path="decisions/a.md", changed_at=0.0) == page
    memory, stamp = PageCache(root / "memory.json"), folder.Stamp(10**18, 1, 1)
    memory.keep(1_000, lambda: [("decisions/a.md", stamp, page)])
    assert memory.load() == {"decisions/a.md": (stamp, page)}
    assert set(row_of(page.node)) == {each.name for each in fields(Node)} - {"extra"} | {"status_raw", "deciders"}


@pytest.mark.parametrize("kind", list(NodeType))
async def test_every_type_has_its_folder(storage: FilesystemStorage, root: Path, kind: NodeType) -> None:
    await storage.create_node(node("a", type=kind))
    plural = {"note": "notes", "decision": "decisions", "guideline": "guidelines", "pattern": "patterns"}
    assert (root / {**plural, "journal": "journal", "execution": "executions"}[kind.value] / "a.md").exists()


async def test_files_by_hand_need_nothing(storage: FilesystemStorage, root: Path) -> None:
    write(root, "decisions/0001-use-git.md", "# Use git\n\nBecause.\n")
    write(root, "notes/sub/deep.md", "no heading at all")
    write(
        root,
        "journal/2026-01-31.md",
        "---\ntags: [a, 1, '#b']\ndate: 2026-01-31\nmood: good\nsince: 2026-01-01\n---\nText\n",
    )
    write(root, "guidelines/empty.md", "")
    write(root, "guidelines/odd.md", "---\npriority: high\n---\n")
    write(root, "patterns/windows.md", b"\xef\xbb\xbf---\r\ntitle: CR LF\r\ntype: Note\r\n---\r\nbody\r\n")
    write(root, "notes/rule.md", "---\n\nafter a rule\n")
    assert await ids(storage) == ["0001-use-git", "2026-01-31", "deep", "empty", "odd", "rule", "windows"]
    found = {each.id: each for each in await storage.list_nodes(NodeFilter(graph=GRAPH))}
    assert (found["0001-use-git"].title, found["0001-use-git"].type) == ("Use git", NodeType.DECISION)
    assert found["0001-use-git"].content == "# Use git\n\nBecause."
    assert (found["deep"].title, found["deep"].path) == ("deep", "notes/sub/deep.md")
    day = found["2026-01-31"]
    assert (day.type, day.tags, day.date) == (NodeType.JOURNAL, ("a", "1", "b"), "2026-01-31")
    assert (found["odd"].extra, found["odd"].metadata) == ({}, {"priority": "high"})
    assert day.metadata == {"mood": "good", "since": "2026-01-01"}
    assert (found["windows"].title, found["windows"].type, found["windows"].content) == (
        "CR LF", NodeType.NOTE, "body\r",
    )  # fmt: skip
    assert await storage.problems() == []


async def test_relations_by_hand(storage: FilesystemStorage, root: Path) -> None:
    write(root, "notes/a.md", "---\nrelations:\n  depends_on: [b, c]\n  extends: b\n---\n")
    write(root, "notes/b.md", "---\nrelations:\n- {type: explains, target: c, weight: 2}\n- implements: a\n---\n")
    write(root, "notes/c.md", "---\nrelations:\n- {type: extends, target: nobody}\n---\n")
    found = [(e.source, e.relation.value, e.target, e.weight) for e in await storage.get_edges(GRAPH, "b")]
    assert found == [
        ("a", "depends_on", "b", 1.0), ("a", "extends", "b", 1.0),
        ("b", "implements", "a", 1.0), ("b", "explains", "c", 2.0),
    ]  # fmt: skip
    assert [e.target for e in await storage.get_edges(GRAPH, "c")] == ["c", "c"]
    await storage.delete_edge(GRAPH, "a", "b", RelationType.EXTENDS)
    assert len(await FilesystemStorage(root).get_edges(GRAPH, "b")) == 3


async def test_an_edit_by_hand_is_seen_and_kept_in_history(storage: FilesystemStorage, root: Path) -> None:
    await storage.create_node(node("a", content="one"))
    file = root / "decisions" / "a.md"
    file.write_text(file.read_text().replace("one", "two, by hand"))
    found = await storage.get_node(GRAPH, "a")
    assert found is not None
    assert found.content == "two, by hand"
    await storage.update_node(node("a", content="three"))
    assert "two, by hand" in (root / ".history" / "a" / "1.md").read_text()
    moved = root / "decisions" / "old" / "renamed.md"
    moved.parent.mkdir()
    file.rename(moved)
    again = await storage.get_node(GRAPH, "a")
    assert again is not None
    assert again.path == "decisions/old/renamed.md"
    await storage.update_node(replace(again, content="four"))
    assert moved.read_text().endswith("four\n")
    moved.unlink()
    assert await storage.get_node(GRAPH, "a") is None


BROKEN = {
    "notes/latin.md": (b"caf\xe9", "no UTF-8"),
    "notes/yaml.md": (b"---\na: [1\n---\n", "no YAML in line"),
    "notes/list.md": (b"---\n- a\n---\n", "no mapping"),
    "notes/type.md": (b"---\ntype: poem\n---\n", "expected one of"),
    "notes/edge.md": (b"---\nrelations: [{type: loves, target: b}]\n---\n", "relation that is none"),
    "notes/edge2.md": (b"---\nrelations: [b]\n---\n", "relation that is none"),
    "notes/self.md": (b"---\nrelations: {extends: self}\n---\n", "joins two nodes"),
    "notes/date.md": (b"---\ndate: soon\n---\n", "is no date"),
    "notes/nul.md": (b"a\0b", "no text"),
    "notes/vector.md": (b"---\nembedding: '!!'\n---\n", "embedding"),
    "notes/evil.md": (b"---\na: !!python/object/apply:os.system [id]\n---\n", "no YAML"),
    "notes/deep.md": (b"---\na: " + b"[" * 3_000 + b"\n---\n", "YAML"),
    "notes/stamp.md": (b"---\nupdated_at: never\n---\n", "no instant"),
}


async def test_files_that_cannot_be_read_are_told_and_never_overwritten(storage: FilesystemStorage, root: Path) -> None:
    for path, (data, _) in BROKEN.items():
        write(root, path, data)
    write(root, "notes/good.md", "fine")
    assert await ids(storage) == ["good"]
    problems = await storage.problems()
    assert len(problems) == len(BROKEN)
    for path, (_, why) in BROKEN.items():
        assert any(problem.startswith(path) and why in problem for problem in problems), (path, problems)
    with pytest.raises(Conflict, match="is there already and is no UTF-8"):
        await storage.create_node(node("latin", type=NodeType.NOTE))
    assert (root / "notes/latin.md").read_bytes() == b"caf\xe9"
    write(root, "notes/latin.md", "mended")
    assert await ids(storage) == ["good", "latin"]


async def test_of_two_files_with_one_id_the_first_counts(storage: FilesystemStorage, root: Path) -> None:
    write(root, "notes/a.md", "---\nid: x\n---\nfirst")
    second = write(root, "notes/b.md", "---\nid: x\n---\nsecond")
    found = await storage.get_node(GRAPH, "x")
    assert found is not None
    assert found.content == "first"
    assert await storage.problems() == ["notes/b.md has the id 'x', as notes/a.md has."]
    (root / "notes/a.md").unlink()
    found = await storage.get_node(GRAPH, "x")
    assert found is not None
    assert (found.content, await storage.problems()) == ("second", [])
    second.unlink()
    assert await ids(storage) == []


async def test_links_and_hidden_files_are_left_alone(storage: FilesystemStorage, root: Path, tmp_path: Path) -> None:
    secret = write(tmp_path, "outside/secret.md", "secret")
    write(root, "notes/.hidden.md", "hidden")
    write(root, "notes/.git/x.md", "hidden")
    (root / "notes/link.md").symlink_to(secret)
    (root / "notes/linked").symlink_to(secret.parent)
    write(root, "notes/fine.md", "fine")
    assert await ids(storage) == ["fine"]


@pytest.mark.parametrize(
    "node_id",
    ["../../escape", "/etc/passwd", "a/b/c", "..", ".", ".hidden", "con", "NUL", "aux.txt", "a" * 300, "Ä", "a b",
     "a.", "A", "日本語", "-x", "`id`", "$(id)", "a:b", 'a"b', "a?*<>|"],
)  # fmt: skip
async def test_ids_cannot_leave_the_folder(storage: FilesystemStorage, root: Path, node_id: str) -> None:
    await storage.create_node(node(node_id))
    await storage.create_node(node("b"))
    await storage.create_edge(edge("b", node_id))
    await storage.update_node(node(node_id, title="x"))
    files = {path.relative_to(root.parent).as_posix() for path in root.parent.rglob("*") if path.is_file()}
    assert all(path.startswith((".kogral/decisions/", ".kogral/.history/")) for path in files)
    assert len([path for path in files if path.startswith(".kogral/decisions/")]) == 2
    assert file_name(node_id) == file_name(node_id).lower()
    found = await FilesystemStorage(root).get_node(GRAPH, node_id)
    assert found is not None
    assert found.title == "x"
    await storage.delete_node(GRAPH, node_id)
    assert await FilesystemStorage(root).get_node(GRAPH, node_id) is None


async def test_ids_that_differ_only_in_case_have_files_of_their_own(storage: FilesystemStorage) -> None:
    for name in ("readme", "README", "Readme"):
        await storage.create_node(node(name))
    assert len({file_name(name).lower() for name in ("readme", "README", "Readme")}) == 3
    assert await ids(storage) == ["README", "Readme", "readme"]


async def test_history_keeps_every_state_and_the_deletion(storage: FilesystemStorage, root: Path) -> None:
    await storage.create_node(node("a", content="one"))
    await storage.create_node(node("b"))
    await storage.update_node(node("a", content="two"))
    await storage.create_edge(edge("a", "b"))
    await storage.create_edge(edge("a", "b", weight=3.0))
    await storage.delete_edge(GRAPH, "a", "b", RelationType.DEPENDS_ON)
    await storage.delete_node(GRAPH, "a")
    history = root / ".history" / "a"
    assert sorted(path.name for path in history.iterdir()) == ["1.md", "2.md", "deleted.json", "relations.jsonl"]
    assert (history / "1.md").read_text().endswith("one\n")
    assert (history / "2.md").read_text().endswith("two\n")
    ended = [orjson.loads(line) for line in (history / "relations.jsonl").read_bytes().splitlines()]
    assert [(e["type"], e["target"], e["weight"], e["ended_by"]) for e in ended] == [
        ("depends_on", "b", 1.0, "ada"), ("depends_on", "b", 3.0, "ada"),
    ]  # fmt: skip
    assert all(e["valid_from"] <= e["valid_to"] for e in ended)
    fact = orjson.loads((history / "deleted.json").read_bytes())
    assert (fact["id"], fact["rev"], fact["deleted_by"]) == ("a", 3, "ada")


async def test_a_deleted_file_that_git_brings_back_is_live(storage: FilesystemStorage, root: Path) -> None:
    await storage.create_node(node("a"))
    await storage.create_node(node("b"))
    await storage.create_edge(edge("b", "a"))
    data = (root / "decisions/a.md").read_bytes()
    await storage.delete_node(GRAPH, "a")
    assert await storage.get_edges(GRAPH, "b") == []
    write(root, "decisions/a.md", data)
    assert await storage.get_node(GRAPH, "a") is not None
    assert len(await storage.get_edges(GRAPH, "b")) == 1
    await storage.update_node(node("a", title="back"))
    await storage.delete_node(GRAPH, "a")
    with pytest.raises(NotFound):
        await storage.delete_node(GRAPH, "a")


async def test_a_write_that_fails_leaves_the_old_file(
    storage: FilesystemStorage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.create_node(node("a", content="old"))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(folder.os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left on device"):
            await storage.update_node(node("a", content="new"))
    found = await storage.get_node(GRAPH, "a")
    assert found is not None
    assert (found.content, found.rev) == ("old", 1)
    assert not list(root.rglob("*.tmp"))
    assert (await storage.update_node(node("a", content="new"))).rev == 2


async def test_only_changed_files_are_read_again(
    storage: FilesystemStorage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(20):
        write(root, f"notes/n{i}.md", f"text {i}")
    assert len(await ids(storage)) == 20
    read: list[str] = []
    parse = markdown_file.parse

    def counted(data: bytes, *, path: str, **rest: object) -> markdown_file.Page:
        read.append(path)
        return parse(data, path=path, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr("stratumiops.graph.local.tree.parse", counted)
    write(root, "notes/n3.md", "changed text")
    assert len(await ids(storage)) == 20
    await storage.search(GRAPH, "changed", 5)
    await storage.get_node(GRAPH, "n4")
    assert read == ["notes/n3.md"]


_WRITER = """
import asyncio, sys
from pathlib import Path
from stratumiops.graph.adapters.filesystem import FilesystemStorage
from stratumiops.graph.errors import Conflict
from stratumiops.graph.models import Edge, Node, NodeType, RelationType

async def main(root, name):
    storage = FilesystemStorage(Path(root), actor=name)
    sys.stdin.readline()
    for i in range(25):
        await storage.create_node(Node(id=f"{name}-{i}", graph="default", type=NodeType.NOTE, title="t"))
        await storage.create_edge(
            Edge(graph="default", source="shared", target=f"{name}-{i}", relation=RelationType.EXTENDS)
        )
        while True:
            known = await storage.get_node("default", "shared")
            try:
                await storage.update_node(
                    Node(id="shared", graph="default", type=NodeType.NOTE, title="t", rev=known.rev)
                )
                break
            except Conflict:
                continue

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


async def test_two_processes_write_at_once_and_lose_nothing(storage: FilesystemStorage, root: Path) -> None:
    await storage.create_node(node("shared", type=NodeType.NOTE))
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(root), name], stdin=subprocess.PIPE, text=True)
        for name in ("ada", "bob")
    ]
    await asyncio.gather(*(asyncio.to_thread(writer.communicate, "go\n", 120) for writer in writers))
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(await ids(storage)) == 51
    shared = await storage.get_node(GRAPH, "shared")
    assert shared is not None
    assert shared.rev == 51
    assert len(await storage.get_edges(GRAPH, "shared")) == 50
    assert len(list((root / ".history" / "shared").iterdir())) == 50
