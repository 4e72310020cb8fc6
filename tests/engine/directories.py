"""The world of Neo4j written as directories of files, with every instant as it is there."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from stratumiops.graph.adapters.folder import file_name
from stratumiops.graph.adapters.markdown_file import Page, render
from stratumiops.graph.local.past import FOLDER_OF, ended_fact
from stratumiops.graph.models import Edge, Node
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.records import edge_from, node_from

_NODES = """
MATCH (n) WHERE n.graph = $graph AND (n:KnowledgeNode OR n:Tombstone)
RETURN properties(n) AS node, COLLECT { MATCH (n)-[:HAS_REVISION]->(v) RETURN properties(v) } AS past
"""
_RELATIONS = """
MATCH (s {graph: $graph})-[r]->(t {graph: $graph}) WHERE r.valid_from IS NOT NULL
RETURN s.id AS source, t.id AS target, type(r) AS type, properties(r) AS relation
ORDER BY source, target, replace(type, 'WAS_', ''), r.valid_from
"""


async def write_directory(db: Database, graph: str, root: Path, bases: Iterable[Path] = ()) -> None:
    """Write a graph as a directory that inherits from others."""
    listed = ", ".join(f'"{base}"' for base in bases)
    _write(root / "config.toml", f'[graph]\nname = "{graph}"\n[inheritance]\nbase = [{listed}]\n'.encode())
    returns: dict[str, set[str]] = {}
    for row in await db.read(_NODES, {"graph": graph}):
        returns[row["node"]["id"]] = _restored(root, row["node"], row["past"])
    edges = _joined([(row, edge_from(graph, row)) for row in await db.read(_RELATIONS, {"graph": graph})], returns)
    leaving: dict[str, list[Edge]] = {}
    for edge, ended_by in edges:
        if edge.valid_to is None or ended_by.startswith("delete:"):
            leaving.setdefault(edge.source, []).append(replace(edge, valid_to=None))
        else:
            with (_history(root, edge.source) / "relations.jsonl").open("ab") as file:
                file.write(ended_fact(edge, edge.valid_to, ended_by) + b"\n")
    for row in await db.read(_NODES, {"graph": graph}):
        _node(root, row["node"], row["past"], leaving)


def _restored(root: Path, node: dict[str, Any], past: list[dict[str, Any]]) -> set[str]:
    """Note the deletions of a node that were undone; the instants of its returns."""
    _history(root, node["id"]).mkdir(parents=True, exist_ok=True)
    starts = {state["rev"]: (state["valid_from"], state["updated_by"]) for state in past}
    starts.setdefault(node["rev"], (node["updated_at"], node["updated_by"]))
    found = set()
    for state in past:
        if state["change"] == "deleted" and state["rev"] + 2 in starts:
            at, by = starts[state["rev"] + 2]
            found.add(at)
            fact = {
                "id": node["id"], "rev": state["rev"] + 1, "deleted_at": state["valid_to"], "deleted_by": "grace",
                "restored_at": at, "restored_by": by,
            }  # fmt: skip
            with (root / ".history" / "restored.jsonl").open("ab") as file:
                file.write(orjson.dumps(fact) + b"\n")
    return found


def _joined(rows: list[tuple[dict[str, Any], Edge]], returns: dict[str, set[str]]) -> list[tuple[Edge, str]]:
    """Relations that a deletion interrupted as one, which is how files have them."""
    found: list[tuple[Edge, str]] = []
    for row, edge in rows:
        before, by = found[-1] if found else (edge, "")
        same = (before.source, before.target, before.relation) == (edge.source, edge.target, edge.relation)
        again = edge.valid_from in returns[edge.source] | returns[edge.target]
        ended_by = row["relation"].get("ended_by") or ""
        if found and same and by.startswith("delete:") and again:
            found[-1] = replace(before, valid_to=edge.valid_to), ended_by
        else:
            found.append((edge, ended_by))
    return found


def _node(root: Path, node: dict[str, Any], past: list[dict[str, Any]], leaving: dict[str, list[Edge]]) -> None:
    edges = tuple(leaving.get(node["id"], ()))
    folder = _history(root, node["id"])
    for state in past:
        kept = replace(node_from(state), updated_at=state["valid_from"])
        _write(folder / f"{state['rev']}.md", _rendered(kept, edges))
    if "deleted_at" in node:
        fact = {name: node[name] for name in ("id", "rev", "deleted_at", "deleted_by")}
        _write(folder / "deleted.json", orjson.dumps(fact))
    else:
        live = node_from(node)
        _write(root / FOLDER_OF[live.type] / f"{file_name(live.id)}.md", _rendered(live, edges))


def _rendered(node: Node, edges: tuple[Edge, ...]) -> bytes:
    """The file of a node; one that came from no file says so."""
    data = render(Page(node, edges))
    return data if node.path is not None else data.replace(b"---\n", b"---\npath: ''\n", 1)


def _history(root: Path, node_id: str) -> Path:
    return root / ".history" / file_name(node_id)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
