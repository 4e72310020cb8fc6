"""The rules of lint in plain Python, over everything that a graph holds: slow, and easy to believe."""

import json
import re
from itertools import combinations, groupby
from typing import Any

from stratumiops.graph.models import RelationType
from stratumiops.graph.store.database import Database
from stratumiops.ingest.lint.models import LintCode
from stratumiops.ingest.markdown import mask
from stratumiops.ingest.profiles.signature import ALIKE, signature, similarity

Row = tuple[Any, ...]
"""Code, node, path, line, other node."""

_HOLDING = {relation.name for relation in RelationType}
_FRONT_MATTER = {"FRONT_MATTER_INVALID", "DUPLICATE_KEY", "BAD_ID"}


async def expected(db: Database, graph: str) -> list[Row]:
    """All findings of a graph, in their order."""
    nodes = {
        row["n"]["id"]: row["n"]
        for row in await db.read("MATCH (n:KnowledgeNode {graph: $g}) RETURN properties(n) AS n", {"g": graph})
    }
    edges = {
        (row["s"], row["r"], row["t"])
        for row in await db.read(
            "MATCH (s:KnowledgeNode {graph: $g})-[r]->(t:KnowledgeNode {graph: $g}) "
            "RETURN s.id AS s, type(r) AS r, t.id AS t",
            {"g": graph},
        )
        if row["r"] in _HOLDING
    }
    documents = [
        (row["d"], row["id"])
        for row in await db.read(
            "MATCH (d:Document {graph: $g}) OPTIONAL MATCH (d)<-[:FROM_DOCUMENT]-(n:KnowledgeNode) "
            "RETURN properties(d) AS d, n.id AS id ORDER BY d.source, d.path",
            {"g": graph},
        )
    ]
    found = [*_of_nodes(nodes, edges, documents), *_of_files(documents)]
    order = [code.value for code in LintCode]
    place = {id_: f"{d['source']}/{d['path']}" for d, id_ in documents}
    of_files = {"BROKEN_LINK", "BROKEN_SUPERSEDE", "INVALID_FRONT_MATTER", "FILE_PROBLEM"}
    return sorted(
        found,
        key=lambda row: (order.index(row[0]), place[row[1]] if row[0] in of_files else row[1], row[3] or 0),
    )


def _of_nodes(nodes: dict[str, Any], edges: set[Row], documents: list[Any]) -> list[Row]:
    newer: dict[str, list[str]] = {}
    for source, relation, target in sorted(edges):
        if relation == "SUPERSEDES":
            newer.setdefault(target, []).append(source)
    older = {id_: sorted(t for s, r, t in edges if s == id_ and r == "SUPERSEDES") for id_ in nodes}
    joined = {end for edge in edges for end in (edge[0], edge[2])}
    first_line = {id_: d["body_line"] for d, id_ in documents}
    found: list[Row] = []

    def add(code: str, id_: str, other: str | None = None, line: int | None = None) -> None:
        found.append((code, id_, nodes[id_].get("path"), line, other))

    for id_, node in nodes.items():
        if node["type"] == "decision":
            above = [o for o in newer.get(id_, []) if nodes[o]["type"] == "decision"]
            rejected = [o for o in above if nodes[o].get("status") == "rejected"]
            if rejected:
                add("SUPERSEDED_BY_REJECTED", id_, rejected[0])
            valid = [
                o
                for o in above
                if nodes[o].get("status") in (None, "accepted", "superseded", "deprecated")
                and o not in _reachable(older, id_)
            ]
            if node.get("status") == "accepted" and valid:
                add("SUPERSEDED_BUT_ACCEPTED", id_, valid[0])
            if node.get("status") == "superseded" and id_ not in newer:
                add("SUPERSEDED_WITHOUT_SUCCESSOR", id_)
        if node["type"] == "journal" and not node.get("date"):
            add("JOURNAL_WITHOUT_DATE", id_)
        if node["type"] not in ("journal", "execution") and id_ not in joined:
            add("ORPHAN", id_)
        for line in _conflicts(node["content"]):
            add("CONFLICT_MARKER", id_, None, line + first_line.get(id_, 1) - 1)
    for way in _circles(nodes, older):
        mutual = len(way) == 2 and all(
            nodes[o]["type"] == "decision" and nodes[o].get("status") == "accepted" for o in way
        )
        add("MUTUAL_SUPERSEDE" if mutual else "SUPERSEDE_CYCLE", way[0], way[1 % len(way)])
    found += _doubles(nodes)
    return found


def _conflicts(content: str) -> list[int]:
    masked = mask(content)
    pattern = re.compile(r"^<{7} .*\n(?:.*\n)*?={7}\n(?:.*\n)*?>{7} ", re.MULTILINE)
    return [masked.count("\n", 0, one.start()) + 1 for one in pattern.finditer(masked)]


def _reachable(older: dict[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = list(older[start])
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += older[here]
    return seen


def _circles(nodes: dict[str, Any], older: dict[str, list[str]]) -> list[list[str]]:
    """A shortest circle through each node that comes first on one."""
    found = []
    for start in sorted(nodes):
        ways = [[start, following] for following in older[start] if following > start]
        seen = {way[-1] for way in ways}
        while ways and not any(start in older[way[-1]] for way in ways):
            steps = [(way, far) for way in ways for far in older[way[-1]] if far > start]
            ways = [[*way, far] for way, far in steps if far not in seen and not seen.add(far)]
        closed = [way for way in ways if start in older[way[-1]]]
        if closed:
            found.append(min(closed))
    return found


def _doubles(nodes: dict[str, Any]) -> list[Row]:
    found: list[Row] = []
    titled = sorted((" ".join(n["title"].casefold().split()), i) for i, n in nodes.items() if n["type"] != "execution")
    for _, same in groupby(titled, key=lambda one: one[0]):
        (_, first), *rest = same
        found += [("DUPLICATE_TITLE", i, nodes[i].get("path"), None, first) for _, i in rest]
    signed = {i: s for i, n in sorted(nodes.items()) if (s := signature(n["content"])) is not None}
    best: dict[str, tuple[float, str]] = {}
    for one, other in combinations(sorted(signed), 2):
        alike = similarity(signed[one].hashes, signed[other].hashes)
        if alike >= ALIKE and (other not in best or alike > best[other][0]):
            best[other] = (alike, one)
    return found + [("NEAR_DUPLICATE", i, nodes[i].get("path"), None, other) for i, (_, other) in best.items()]


def _of_files(documents: list[Any]) -> list[Row]:
    found: list[Row] = []
    for document, id_ in documents:
        links = {(k, t, line) for k, t, line, relation, *_ in json.loads(document["links"]) if relation == "supersedes"}
        for line, kind, target, _ in json.loads(document.get("unresolved") or "[]"):
            code = "BROKEN_SUPERSEDE" if (kind, target, line) in links else "BROKEN_LINK"
            found.append((code, id_, document["path"], line, None))
        for kind, line, _ in json.loads(document.get("problems") or "[]"):
            code = "INVALID_FRONT_MATTER" if kind in _FRONT_MATTER else "FILE_PROBLEM"
            found.append((code, id_, document["path"], line, None))
    return found
