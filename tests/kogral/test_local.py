"""The command on a directory of files, without a server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ports import unused_port

from stratumiops.graph.errors import BadInput, Conflict, NotFound, StratumError, Unavailable
from stratumiops.graph.local.library import Library
from stratumiops.ui.cli.kogral import choice
from stratumiops.ui.cli.kogral.init_command import make
from stratumiops.ui.cli.local_client import LocalClient

from .ways import Ran, run

SAMPLES = Path(__file__).parents[1] / "samples"
CREATE = "mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id rev updatedAt path } } }"
UPDATE = "mutation($input: UpdateNodeInput!) { updateNode(input: $input) { node { rev title updatedAt } } }"
DELETE = "mutation($input: DeleteNodeInput!) { deleteNode(input: $input) { id rev deletedAt } }"
UNDELETE = "mutation($input: UndeleteNodeInput!) { undeleteNode(input: $input) { node { rev title updatedAt } } }"
LINK = "mutation($input: LinkNodesInput!) { linkNodes(input: $input) { relation { weight validFrom } } }"
READ = """
query($id: ID!, $at: DateTime) {
  node(id: $id, asOf: $at) { title rev relations { type validFrom node { id } } history { rev endedBy } }
}"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is remembered of directories goes with the test."""
    monkeypatch.setenv("STRATUMIOPS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """The default address is one where nobody listens."""
    monkeypatch.setattr(choice, "DEFAULT_SERVER", f"http://127.0.0.1:{unused_port()}")
    return choice.DEFAULT_SERVER


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a directory that is the graph `own`."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    make(folder / ".kogral", "own")
    return folder


@pytest.fixture
def kogral(home: Path, nobody: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `kogral` in that folder."""
    monkeypatch.chdir(home)
    return lambda *given, **environ: run(monkeypatch, *given, **environ)


@pytest.fixture
def api(home: Path) -> Iterator[LocalClient]:
    """A client of that directory."""
    with LocalClient(home / ".kogral") as client:
        yield client


def write(root: Path, path: str, text: str | bytes) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


# ---- which one


@pytest.mark.parametrize(
    ("server", "directory", "said", "chosen"),
    [
        ("http://127.0.0.1:9", None, (True, True), "server"),
        (None, "own", (True, True), "directory"),
        ("http://127.0.0.1:9", "own", (False, True), "directory"),
        ("http://127.0.0.1:9", "own", (True, False), "server"),
        ("http://127.0.0.1:9", "own", (False, False), "server"),
    ],
)
def test_what_is_named_counts(
    home: Path, nobody: str, server: str | None, directory: str | None, said: tuple[bool, bool], chosen: str
) -> None:
    place = str(home) if directory else None
    found = choice.choose(server, place, server_said=said[0], directory_said=said[1])
    assert (found.server, found.directory) == ((server, None) if chosen == "server" else (None, home / ".kogral"))
    assert found.note == ""


def test_two_options_exclude_each_other(kogral: Callable[..., Ran], home: Path) -> None:
    found = kogral("list", "--server", "http://127.0.0.1:9", "--dir", str(home))
    assert (found.status, "exclude each other" in found.err) == (2, True)
    assert kogral("list", "--dir", str(home), STRATUMIOPS_URL="http://127.0.0.1:9").status == 0
    assert kogral("list", "--server", "http://127.0.0.1:9", KOGRAL_DIR=str(home)).status == 6


def test_the_nearest_directory_upwards(kogral: Callable[..., Ran], home: Path, monkeypatch: Any) -> None:
    deep = home / "src" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    found = kogral("graphs", "--json")
    assert [one["name"] for one in found.json] == ["own"]
    assert str(home / ".kogral") in found.err
    make(deep / ".kogral", "deeper")
    assert [one["name"] for one in kogral("graphs", "--json").json] == ["deeper"]


def test_the_settings_are_those_of_the_directory_that_is_named(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a folder that has a `.kogral` of its own."""
    here = tmp_path / "here"
    here.mkdir()
    make(here / ".kogral", "another")
    monkeypatch.chdir(here)
    (home / ".kogral" / "templates").mkdir()
    (home / ".kogral" / "templates" / "note.md.j2").write_text("From the template.")
    made = run(monkeypatch, "add", "note", "Seen", "--content", "x", "--dir", str(home), "--json").json
    assert made["graph"] == "own"
    assert "From the template." in run(monkeypatch, "show", "Seen", "--dir", str(home)).out
    assert run(monkeypatch, "add", "note", "Here", "--content", "x", "--dir", ".", "--json").json["graph"] == "another"


def test_nothing_at_all_names_the_ways(tmp_path: Path, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(monkeypatch, "list")
    assert found.status == 6
    for way in ("stratumiops up", "--server", "--dir", "kogral init"):
        assert way in found.err
    assert run(monkeypatch, "list", "--dir", str(tmp_path / "nowhere")).status == 3
    assert run(monkeypatch, "list", "--json", "--dir", str(tmp_path)).json["error"]["code"] == "NOT_FOUND"


def test_looking_for_a_server_that_is_not_there_takes_no_time(nobody: str) -> None:
    began = time.perf_counter()
    assert not choice.answers(nobody)
    assert time.perf_counter() - began < 0.3


@pytest.mark.parametrize(("answer", "is_one"), [
    (b'HTTP/1.0 200 OK\r\n\r\n{"status":"ok","version":"1"}', True),
    (b"HTTP/1.0 404 Not Found\r\n\r\nsomething else", False),
    (b"", False),
])  # fmt: skip
def test_only_a_server_of_ours_counts(answer: bytes, is_one: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4_096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert choice.answers(f"http://127.0.0.1:{listening.getsockname()[1]}") is is_one
        thread.join()


def test_a_server_goes_before_a_directory_and_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setattr(choice, "answers", lambda _: True)
    found = choice.choose(None, None)
    assert found.server == choice.DEFAULT_SERVER
    assert str(home / ".kogral") in found.note
    monkeypatch.chdir("/")
    assert choice.choose(None, None).note == ""


# ---- init


def test_init_makes_a_directory_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = run(monkeypatch, "init", "My Project", "--title", 'A "title"', "--json").json
    assert (first["graph"], first["created"]) == ("my-project", True)
    root = tmp_path / "My Project" / ".kogral"
    assert first["directory"] == str(root)
    config = (root / "config.toml").read_text()
    for section in ("graph", "inheritance", "storage", "embeddings", "templates", "query", "mcp", "sync"):
        assert f"[{section}]" in config
    assert 'title = "A \\"title\\""' in config
    assert "/.history/" in (root / ".gitignore").read_text()
    (root / "notes").rmdir()
    (root / "config.toml").write_text(config + "\n# mine\n")
    again = run(monkeypatch, "init", "My Project", "--json").json
    assert (again["created"], again["files"]) == (True, ["notes/"])
    assert (root / "config.toml").read_text().endswith("# mine\n")
    assert run(monkeypatch, "init", "My Project", "--json").json["created"] is False
    assert run(monkeypatch, "init", "My Project", "--graph", "other").status == 2
    assert run(monkeypatch, "init", "--graph", "No Name!").status == 2
    assert not (tmp_path / ".kogral").exists()
    (tmp_path / "file").write_text("")
    assert run(monkeypatch, "init", "file").status == 2


def test_every_commented_setting_is_a_setting(home: Path) -> None:
    config = home / ".kogral" / "config.toml"
    config.write_text("\n".join(line.removeprefix("# ") for line in config.read_text().splitlines()[3:]))
    assert Library.open(home / ".kogral").own.config.query.max_results == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[grahp]\n", "graph"),
        ("[graph]\nnaem = 'x'\n", "name"),
        ("[graph]\nname = 'No Name'\n", "no name of a graph"),
        ("[query]\nmax_results = 0\n", "query.max_results"),
        ("graph = 1\n", "[graph]"),
        ("[graph\n", "no TOML"),
        ("[storage]\nprimary = 'neo4j'\n", "storage.primary"),
    ],
)
def test_a_wrong_config_is_told(kogral: Callable[..., Ran], home: Path, text: str, words: str) -> None:
    (home / ".kogral" / "config.toml").write_text(text)
    found = kogral("list")
    assert (found.status, words in found.err, "config.toml" in found.err) == (2, True, True), found.err


# ---- what is in it


def test_files_that_people_write_are_nodes_and_broken_ones_are_told(kogral: Callable[..., Ran], home: Path) -> None:
    root = home / ".kogral"
    write(root, "decisions/0001-use-git.md", "---\nstatus: accepted\n---\n# Use git\n\nBecause.\n")
    write(root, "notes/broken.md", "---\na: [1\n---\n")
    (root / "notes" / "linked.md").symlink_to(write(home, "outside.md", "secret"))
    (root / "patterns").rmdir()
    (root / "patterns").symlink_to(home)
    found = kogral("list", "--json")
    assert [(row["id"], row["status"], row["path"]) for row in found.json] == [
        ("0001-use-git", "accepted", "decisions/0001-use-git.md")
    ]
    for part in (
        "notes/broken.md has front matter that is no YAML",
        "notes/linked.md is a symbolic link",
        "patterns is",
    ):
        assert part in found.err
    assert kogral("search", "secret", "--json").json == []


def test_many_broken_files_do_not_flood(kogral: Callable[..., Ran], home: Path) -> None:
    for i in range(50):
        write(home, f".kogral/notes/{i}.md", b"\xff")
    found = kogral("list", "--json")
    assert (found.json, found.err.count("is no UTF-8")) == ([], 20)
    assert "and 30 more files" in found.err


def test_an_import_into_itself_is_refused(kogral: Callable[..., Ran], home: Path) -> None:
    found = kogral("import", ".kogral/decisions")
    assert (found.status, "is in the directory" in found.err) == (2, True)


def test_a_second_graph_is_refused_with_what_to_do(kogral: Callable[..., Ran]) -> None:
    found = kogral("import", str(SAMPLES / "decisions"), "--graph", "other")
    assert found.status == 2
    for part in ("'own'", "kogral init", "stratumiops up"):
        assert part in found.err


def test_what_only_a_server_can_do_says_so(api: LocalClient) -> None:
    with pytest.raises(Unavailable, match="needs a server"):
        api.execute("subscription { nodeChanged { id } }")
    for document, name in (
        ('mutation { updateGraph(input: {name: "own", rev: 1, title: "x"}) { graph { name } } }', "config.toml"),
        ('mutation { deleteGraph(input: {name: "own"}) { name } }', "directory"),
    ):
        with pytest.raises(BadInput) as raised:
            api.execute(document)
        assert name in f"{raised.value} {raised.value.hint}"
    assert api.execute("{ serverInfo { database graphs principal role } }")["serverInfo"] == {
        "database": "markdown files 1", "graphs": 1, "principal": "local", "role": "admin",
    }  # fmt: skip


def test_a_node_through_its_life(api: LocalClient, home: Path) -> None:
    made = api.execute(CREATE, {"input": {"id": "a", "title": "One"}})["createNote"]["note"]
    assert (made["rev"], made["path"]) == (1, "notes/a.md")
    api.execute(CREATE, {"input": {"id": "b", "title": "B"}})
    joined = api.execute(LINK, {"input": {"source": "b", "target": "a", "relation": "EXTENDS", "graph": "own"}})
    joined = joined["linkNodes"]["relation"]["validFrom"]
    two = api.execute(UPDATE, {"input": {"id": "a", "rev": 1, "title": "Two"}})["updateNode"]["node"]
    with pytest.raises(Conflict) as raised:
        api.execute(UPDATE, {"input": {"id": "a", "rev": 1, "title": "Lost"}})
    assert raised.value.field == "input.rev"
    api.execute(DELETE, {"input": {"id": "a", "rev": 2}})
    assert not (home / ".kogral/notes/a.md").exists()
    assert api.execute(READ, {"id": "a"})["node"] is None
    assert api.execute(READ, {"id": "b"})["node"]["relations"] == []
    for action, kind in ((UPDATE, NotFound), (CREATE, Conflict)):
        given = {"id": "a", "title": "x"} | ({"rev": 3} if action == UPDATE else {})
        with pytest.raises(kind):
            api.execute(action, {"input": given})
    back = api.execute(UNDELETE, {"input": {"id": "a"}})["undeleteNode"]["node"]
    assert (back["rev"], back["title"]) == (4, "Two")
    now = api.execute(READ, {"id": "a"})["node"]
    assert now["history"] == [
        {"rev": 4, "endedBy": None}, {"rev": 2, "endedBy": "DELETED"}, {"rev": 1, "endedBy": "UPDATED"},
    ]  # fmt: skip
    [relation] = now["relations"]
    assert relation["validFrom"] == back["updatedAt"] > joined
    then = api.execute(READ, {"id": "a", "at": two["updatedAt"]})["node"]
    assert (then["title"], [one["validFrom"] for one in then["relations"]]) == ("Two", [joined])
    assert api.execute(READ, {"id": "a", "at": joined})["node"]["title"] == "One"
    assert api.execute(READ, {"id": "a", "at": "2020-01-01T00:00:00Z"})["node"] is None


def test_a_key_acts_once(api: LocalClient) -> None:
    given = {"title": "Once", "idempotencyKey": "k"}
    first = api.execute(CREATE, {"input": given})
    assert api.execute(CREATE, {"input": given}) == first
    with pytest.raises(Conflict, match="used before"):
        api.execute(CREATE, {"input": {**given, "title": "Twice"}})
    assert api.execute("{ nodes { totalCount } }")["nodes"]["totalCount"] == 1


def test_edits_by_hand_are_seen_and_kept(api: LocalClient, home: Path) -> None:
    file = write(home, ".kogral/decisions/0001-x.md", "# X\n\nby hand\n")
    assert api.execute(READ, {"id": "0001-x"})["node"]["title"] == "X"
    api.execute(UPDATE, {"input": {"id": "0001-x", "rev": 1, "title": "Y"}})
    assert "by hand" in file.read_text()
    text = file.read_text().replace("by hand", "by hand again")
    file.write_text(text)
    found = api.execute('{ node(id: "0001-x") { content history { rev type title content } } }')["node"]
    assert "by hand again" in found["content"]
    assert [(one["rev"], one["type"], one["title"]) for one in found["history"]] == [
        (2, "DECISION", "Y"), (1, "DECISION", "X"),
    ]  # fmt: skip


# ---- what is shared


def test_shared_directories_are_read_too(tmp_path: Path, home: Path, kogral: Callable[..., Ran]) -> None:
    shared, more = tmp_path / "shared", tmp_path / "more"
    for place, name in ((shared, "shared"), (more, "more")):
        make(place, name)
        write(place, f"guidelines/{name}-rule.md", f"# Rule of {name}\n")
    write(home, ".kogral/guidelines/own-rule.md", "# Rule of own\n")
    config = home / ".kogral" / "config.toml"
    config.write_text(f'[graph]\nname = "own"\n[inheritance]\nbase = ["../../shared", "{more}"]\npriority = 150\n')
    (more / "config.toml").write_text('[graph]\nname = "more"\n[inheritance]\nbase = "../shared"\n')
    assert {row["graph"] for row in kogral("search", "rule", "--json").json} == {"own", "shared", "more"}
    assert [row["id"] for row in kogral("list", "--graph", "shared", "--json").json] == ["shared-rule"]
    graphs = {one["name"]: one for one in kogral("graphs", "--json").json}
    assert [one["graph"] for one in graphs["own"]["inherits"]] == ["shared", "more"]
    config.write_text(config.read_text() + "[query]\ncross_graph = false\n")
    assert {row["graph"] for row in kogral("search", "rule", "--json").json} == {"own"}
    (shared / "config.toml").write_text('[graph]\nname = "own"\n')
    assert (kogral("list").status, "both the graph 'own'" in kogral("list").err) == (4, True)


def test_a_shared_directory_that_is_gone_is_told(home: Path, kogral: Callable[..., Ran]) -> None:
    config = home / ".kogral" / "config.toml"
    config.write_text('[graph]\nname = "own"\n[inheritance]\nbase = ["../nowhere", "."]\n')
    found = kogral("list", "--json")
    assert (found.status, found.json, "inherits from ../nowhere, which is no directory" in found.err) == (0, [], True)


# ---- safety


def test_names_from_outside_stay_inside(home: Path, api: LocalClient, kogral: Callable[..., Ran]) -> None:
    for node_id in ("../../escape", "/etc/passwd", ".history", "a/../../b"):
        api.execute(CREATE, {"input": {"id": node_id, "title": "x", "idempotencyKey": f"../{node_id}"}})
        api.execute(DELETE, {"input": {"id": node_id}})
    kogral("import", str(SAMPLES / "decisions"), "--source", "con")
    assert {path.name for path in home.iterdir()} == {".kogral"}
    plan = [{"do": "write", "path": "../../stolen", "from": "0"}]
    for path in ("../../stolen", "/tmp/stolen", "notes/../../stolen", "link/stolen"):
        stage = home / ".kogral/.history/.commit"
        stage.mkdir(parents=True)
        (home / ".kogral" / "link").unlink(missing_ok=True)
        (home / ".kogral" / "link").symlink_to(home)
        (stage / "0").write_text("stolen")
        (stage / "plan.json").write_text(json.dumps([{**plan[0], "path": path}]))
        assert kogral("list").status == 0
        assert not stage.exists()
        assert not list(home.glob("**/stolen"))
        assert not Path("/tmp/stolen").exists()


@pytest.mark.parametrize("name", [".history", "notes"])
def test_nothing_is_written_through_a_link(home: Path, tmp_path: Path, api: LocalClient, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = home / ".kogral" / name
    if place.exists():
        place.rmdir()
    place.symlink_to(elsewhere)
    with pytest.raises(Conflict, match="symbolic link"):
        api.execute(CREATE, {"input": {"id": "a", "title": "x"}})
    assert list(elsewhere.iterdir()) == []


_DIES = """
import os, shutil, signal, sys
from pathlib import Path
from stratumiops.resolvers import local
from stratumiops.ingest.local import service
from stratumiops.ui.cli.local_client import LocalClient

def counted(call):
    def dying(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)
    return dying

root, copies, document = Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.read()
for step in range(1, 100):
    place = copies / str(step)
    shutil.copytree(root, place)
    child = os.fork()
    if child == 0:
        left = step
        os.fsync, os.unlink = counted(os.fsync), counted(os.unlink)
        Path.replace, Path.unlink, Path.mkdir = counted(Path.replace), counted(Path.unlink), counted(Path.mkdir)
        with LocalClient(place) as api:
            api.execute(document)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, flush=True)
    if status == 0:
        break
"""
_WORKS = {
    "create": 'mutation { createNodes(input: {graph: "own", nodes: [{id: "x", type: NOTE, title: "X"}, '
    '{id: "y", type: NOTE, title: "Y"}], relations: [{source: "x", target: "a", relation: EXTENDS}]}) { count } }',
    "update": 'mutation { updateNode(input: {id: "a", rev: 1, title: "Two"}) { node { rev } } }',
    "delete": 'mutation { deleteNode(input: {id: "a"}) { rev } }',
    "undelete": 'mutation { undeleteNode(input: {id: "gone"}) { node { rev } } }',
    "link": 'mutation { linkNodes(input: {source: "a", target: "b", relation: EXTENDS, weight: 2}) '
    "{ relation { weight } } }",
    "import": 'mutation { importDocuments(input: {graph: "own", source: "s", documents: '
    '[{path: "1.md", content: "# 1"}, {path: "2.md", content: "# 2"}]}) { created } }',
}
_ALL = """{
  nodes(first: 100, orderBy: {field: ID, direction: ASC}) {
    nodes { id rev title relations { type weight node { id } } history { rev endedBy } }
  }
  importedDocuments(graph: "own", source: "s") { path }
}"""


def _settled(root: Path) -> Any:
    with LocalClient(root) as api:
        found = api.execute(_ALL)
    assert not (root / ".history" / ".commit" / "plan.json").exists()
    assert Library.open(root).problems() == []
    return found


@pytest.mark.parametrize("work", list(_WORKS))
def test_a_change_killed_at_any_step_is_whole_or_not_there(home: Path, tmp_path: Path, work: str) -> None:
    root = home / ".kogral"
    with LocalClient(root) as api:
        for name in ("a", "b", "gone"):
            api.execute(CREATE, {"input": {"id": name, "title": name}})
        api.execute(LINK, {"input": {"source": "a", "target": "b", "relation": "EXTENDS"}})
        api.execute(DELETE, {"input": {"id": "gone"}})
    before = _settled(root)
    copies = tmp_path / "copies"
    copies.mkdir()
    done = subprocess.run(
        [sys.executable, "-P", "-c", _DIES, str(root), str(copies)], input=_WORKS[work], text=True, check=True,
        capture_output=True, timeout=240,
    )  # fmt: skip
    ends = [int(line) for line in done.stdout.split()]
    assert ends == [-signal.SIGKILL] * (len(ends) - 1) + [0]
    assert len(ends) > 10
    seen = []
    for step in range(1, len(ends) + 1):
        place = copies / str(step)
        seen.append(_settled(place) == before)
        with LocalClient(place) as api:  # the directory is as good as before
            api.execute(CREATE, {"input": {"title": "later"}})
        assert not (place / ".history" / ".commit").exists()
    assert seen[0] is True
    assert seen[-1] is False
    assert seen == sorted(seen, reverse=True), "once decided, a change stays"


_WRITER = """
import sys
from pathlib import Path
from stratumiops.graph.errors import Conflict
from stratumiops.ui.cli.local_client import LocalClient
root, name = Path(sys.argv[1]), sys.argv[2]
with LocalClient(root) as api:
    sys.stdin.readline()
    for i in range(15):
        api.execute(
            "mutation($t: String!) { createNote(input: {title: $t}) { note { id } } }", {"t": f"{name} {i}"}
        )
        while True:
            rev = api.execute('{ node(id: "shared") { rev } }')["node"]["rev"]
            try:
                api.execute(
                    'mutation($r: Int!, $t: String!) '
                    '{ updateNode(input: {id: "shared", rev: $r, title: $t}) { node { rev } } }',
                    {"r": rev, "t": f"{name} {i}"},
                )
                break
            except Conflict:
                continue
"""


def test_two_processes_at_once_lose_nothing(home: Path, api: LocalClient) -> None:
    api.execute(CREATE, {"input": {"id": "shared", "title": "shared"}})
    writers = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", _WRITER, str(home / ".kogral"), name], stdin=subprocess.PIPE, text=True
        )
        for name in ("ada", "bob")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.wait(120) for writer in writers] == [0, 0]
    found = api.execute('{ nodes { totalCount } node(id: "shared") { rev history(first: 100) { rev } } }')
    assert found["nodes"]["totalCount"] == 31
    assert (found["node"]["rev"], len(found["node"]["history"])) == (31, 31)


def test_a_writer_that_hangs_is_told(home: Path, api: LocalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    from stratumiops.graph.adapters import folder

    monkeypatch.setattr(folder.locked.__wrapped__, "__defaults__", (0.05,))
    lock = write(home, ".kogral/.history/lock", "")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match="Another process"):
            api.execute(CREATE, {"input": {"title": "x"}})
    api.execute(CREATE, {"input": {"title": "x"}})


# ---- what is remembered


def test_what_was_read_is_remembered_and_never_trusted_too_far(home: Path, cache: Path) -> None:
    root = home / ".kogral"
    for i in range(300):
        file = write(root, f"notes/n{i}.md", f"# Title {i}\n")
        os.utime(file, ns=(10**18, 10**18))
    document = "{ nodes(first: 1000, orderBy: {field: ID}) { nodes { id title } } }"
    with LocalClient(root) as api:
        first = api.execute(document)
    [remembered] = (cache / "kogral").iterdir()
    assert remembered.stat().st_mode & 0o077 == 0
    with LocalClient(root) as api:
        assert api.execute(document) == first
    write(root, "notes/n7.md", "# Changed\n")
    (root / "notes/n8.md").unlink()
    with LocalClient(root) as api:
        titles = {node["id"]: node["title"] for node in api.execute(document)["nodes"]["nodes"]}
    assert (titles["n7"], "n8" in titles, len(titles)) == ("Changed", False, 299)
    for damage in (b"", b"{}", b'{"format":1,"version":"0.1.0","files":[[1]]}', b"\xff", remembered.read_bytes()[:-9]):
        remembered.write_bytes(damage)
        with LocalClient(root) as api:
            assert len(api.execute(document)["nodes"]["nodes"]) == 299


def test_a_directory_that_may_not_be_written_can_be_read(home: Path, api: LocalClient) -> None:
    write(home, ".kogral/notes/a.md", "# A\n")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    assert len(api.execute(_ALL)["nodes"]["nodes"]) == 1
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_no_server_is_loaded(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from stratumiops.ui.cli.local_client import LocalClient\n"
        f"with LocalClient(Path({str(home / '.kogral')!r})) as api: api.execute('{{ nodes {{ totalCount }} }}')\n"
        "heavy = {'fastapi', 'uvicorn', 'httpx', 'rich', 'structlog', 'llama_index', 'litellm'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_errors_have_their_exit_status(kogral: Callable[..., Ran]) -> None:
    assert kogral("show", "nothing").status == 3
    assert issubclass(NotFound, StratumError)
    found = kogral("show", "nothing", "--json")
    assert found.json["error"]["code"] == "NOT_FOUND"
