"""kill -9 in each step: nothing is lost, and the next sync completes what was begun."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stratumiops.graph.store.settings import Neo4jSettings

from .conftest import SOURCE, Pair

A = "# A\n\none\n\ntwo\n\nthree\n"
STEPS = ["compared", "taken", "forgotten", "removed", "placed", "temporary", "replaced", "confirmed", "done"]


async def edit_everything(pair: Pair) -> None:
    """Every kind of change at once, on both sides."""
    pair.put({"file.md": A.replace("one", "FILE"), "both.md": A.replace("one", "FILE"), "new.md": "new\n"})
    pair.put({"conflict.md": A.replace("one", "FILE"), "lost-node.md": A + "FILE\n"})
    for path in ("node.md", "both.md", "lost-file.md"):
        await pair.replace(path, "three", "GRAPH")
    await pair.replace("conflict.md", "one", "GRAPH")
    for path in ("file-gone.md", "lost-file.md"):
        (pair.root / path).unlink()
    for path in ("node-gone.md", "lost-node.md"):
        await pair.delete(path)
    (pair.root / "old-name.md").rename(pair.root / "new-name.md")
    await pair.create(title="Made", content="made\n", id="made")


def killed_at(step: str, pair: Pair, settings: Neo4jSettings) -> None:
    """A sync in a child process, which is killed at its first such step."""
    given = {
        "uri": settings.uri, "user": settings.user, "password": settings.password, "stop": step,
        "folder": str(pair.root), "graph": pair.graph, "source": SOURCE,
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("child.py"))]
    environ = {**os.environ, "PYTHONSAFEPATH": "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(given) + "\n")
        child.stdin.flush()
        assert "stopped\n" in iter(child.stdout.readline, ""), "it went by the step"
        os.kill(child.pid, signal.SIGKILL)


@pytest.mark.parametrize("step", STEPS)
async def test_a_sync_that_is_killed_is_completed_by_the_next(
    pair: Pair, neo4j_settings: Neo4jSettings, step: str
) -> None:
    names = ["file", "node", "both", "conflict", "file-gone", "node-gone", "lost-file", "lost-node", "old-name", "calm"]
    pair.put({f"{name}.md": A + f"{name}\n" * (name == "old-name") for name in names})
    await pair.sync()
    moved = (await pair.nodes())["old-name.md"]["id"]
    await edit_everything(pair)
    killed_at(step, pair, neo4j_settings)

    await pair.once()
    report = await pair.once()
    assert (report.changes, report.errors) == (0, [])
    both = A.replace("one", "FILE").replace("three", "GRAPH")
    conflict = A.replace("one\n", "<<<<<<< file\nFILE\n=======\nGRAPH\n>>>>>>> graph\n")
    wanted = {
        "file.md": A.replace("one", "FILE"), "node.md": A.replace("three", "GRAPH"), "both.md": both, "calm.md": A,
        "conflict.md": conflict, "lost-node.md": A + "FILE\n", "new.md": "new\n", "new-name.md": A + "old-name\n",
    }  # fmt: skip
    files = {path: data.decode() for path, data in pair.files().items()}
    made = files.pop("made.md")
    assert files == wanted
    assert made == "---\nid: made\ntype: note\ntitle: Made\n---\nmade\n"
    nodes = await pair.nodes()
    lost = A.replace("three", "GRAPH")
    contents = wanted | {"lost-file.md": lost, "made.md": "made\n"}
    del contents["lost-node.md"]
    assert {path: node["content"] for path, node in nodes.items()} == contents
    assert nodes["new-name.md"]["id"] == moved
    assert nodes["made.md"]["id"] == "made"
    found = {one["path"]: (one["kind"], one["file"], one["node"]) for one in await pair.conflicts()}
    assert found == {
        "conflict.md": ("CONTENT", A.replace("one", "FILE"), A.replace("one", "GRAPH")),
        "lost-file.md": ("DELETED_FILE", None, lost),
        "lost-node.md": ("DELETED_NODE", A + "FILE\n", None),
    }
