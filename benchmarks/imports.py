"""Bulk import: `kogral import` of many small files, beside a bare UNWIND of the rows they come to."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neo4j import Driver

from benchmarks.dataset import SEED, WORDS, make_graph
from stratumiops.graph.ids import utc_now

BIN = Path(sys.executable).parent
GRAPH = "bench-import"
FIRST_GRAPH = "bench-import-first"
BARE_GRAPH = "bench-import-bare"
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """Files, relations and seconds.

    `first_s`: the first import that a Neo4j ever sees, whose statements Java has yet to compile; `seconds`: the same
    into another graph after it; `again_s`: once more, with nothing changed.
    """

    files: int
    relations: int
    first_s: float
    seconds: float
    again_s: float
    bare_s: float

    @property
    def per_second(self) -> float:
        """Files a second, parsing and writing, the command's own start included."""
        return self.files / self.seconds


@dataclass(frozen=True, slots=True)
class File:
    """A note with front matter and links to three others."""

    name: str
    title: str
    tags: list[str]
    body: str
    links: list[str]

    def markdown(self) -> str:
        """The whole file."""
        links = " ".join(f"See [[{name}]]." for name in self.links)
        tags = ", ".join(self.tags)
        return f"---\ntitle: {self.title}\ntags: [{tags}]\n---\n\n# {self.title}\n\n{self.body}\n\n{links}\n"


def files(count: int) -> list[File]:
    """So many notes, always the same."""
    random_ = random.Random(SEED)
    names = [f"note-{number:05}" for number in range(count)]
    return [
        File(
            name,
            f"{' '.join(random_.choices(WORDS, k=5)).capitalize()} {number}",
            random_.sample(WORDS, k=3),
            " ".join(random_.choices(WORDS, k=60)),
            [names[other] for other in random_.sample(range(count), k=3) if other != number],
        )
        for number, name in enumerate(names)
    ]


def write(notes: list[File], folder: Path) -> None:
    """The notes as files of a folder."""
    for note in notes:
        (folder / f"{note.name}.md").write_text(note.markdown(), encoding="utf-8")


def measure(driver: Driver, port: int, count: int) -> ImportFigures:
    """Import `count` new files through the API on this port, again, and bare.

    Raises:
        RuntimeError: an import failed, or did not make one node a file.
    """
    notes = files(count)
    with tempfile.TemporaryDirectory(prefix="stratumiops-bench-files-") as folder:
        write(notes, Path(folder))
        first_s, _ = _import(port, folder, FIRST_GRAPH)
        seconds, report = _import(port, folder, GRAPH)
        if report["created"] != count:
            raise RuntimeError(f"{count} files made {report['created']} nodes: {report}")
        again_s, _ = _import(port, folder, GRAPH)
    bare_s = _bare(driver, notes)
    return ImportFigures(count, int(report["relations"]), first_s, seconds, again_s, bare_s)


def _import(port: int, folder: str, graph: str) -> tuple[float, dict[str, Any]]:
    command = [str(BIN / "kogral"), "import", folder, "--graph", graph, "--json"]
    command += ["--server", f"http://127.0.0.1:{port}"]
    begun = time.monotonic()
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"kogral import ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-500:]}")
    return time.monotonic() - begun, json.loads(done.stdout)


def _bare(driver: Driver, notes: list[File]) -> float:
    """The same nodes and relations by UNWIND: no parsing, no ids, no history, no events."""
    now = utc_now()
    make_graph(driver, BARE_GRAPH)
    nodes = [
        {
            "id": file.name,
            "graph": BARE_GRAPH,
            "type": "note",
            "title": file.title,
            "content": file.body,
            "tags": file.tags,
            "metadata": "{}",
            "path": f"{file.name}.md",
            "created_at": now,
            "updated_at": now,
            "created_by": "bench",
            "updated_by": "bench",
            "rev": 1,
        }
        for file in notes
    ]
    links = [{"source": file.name, "target": name} for file in notes for name in file.links]
    begun = time.monotonic()
    for place in range(0, len(nodes), _BATCH):
        driver.execute_query(_NODES, rows=nodes[place : place + _BATCH], graph=BARE_GRAPH)
    for place in range(0, len(links), _BATCH):
        driver.execute_query(_LINKS, rows=links[place : place + _BATCH], graph=BARE_GRAPH, now=now)
    return time.monotonic() - begun


_NODES = """
MATCH (g:Graph {name: $graph})
UNWIND $rows AS row
CREATE (n:KnowledgeNode:Note) SET n = row
CREATE (g)-[:CONTAINS]->(n)
CREATE (d:Document {graph: $graph, source: 'bench', path: row.path, hash: row.id, size: 1, imported_at: row.created_at})
CREATE (n)-[:FROM_DOCUMENT]->(d)
"""
_LINKS = """
UNWIND $rows AS row
MATCH (s:KnowledgeNode {graph: $graph, id: row.source})
MATCH (t:KnowledgeNode {graph: $graph, id: row.target})
CREATE (s)-[r:RELATES_TO {weight: 1.0, origin: 'wikilink', created_by: 'bench'}]->(t)
SET r.valid_from = $now, r.recorded_at = $now
"""
