"""Statements that start a read: one node, a page of nodes, a search, what is near, a path, a slice.

Each takes a shape whose scalars are parameters (`shapes.bind`) and a `Projection` of what is to be returned of a
node, and gives the text of a subquery with one row, which it names. `$auth` holds the graphs that may be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.models import Direction, RelationType
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.temporal import AsOf, Present, Temporal, arrows
from stratumiops.graph.selection.where import conditions, equal_to

Shape = Mapping[str, Any]

MAX_SLICE_EDGES = 100_000
"""How many relations a slice holds at the most."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What is returned of the node or relation bound to a variable: subqueries first, then an expression."""

    calls: str
    expr: str


WHOLE = Projection("", "properties(n)")
"""Every property of the node bound to `n`."""


def in_graphs(shape: Shape, var: str) -> str:
    """Predicate: the node lies in the graph, or in one of the graphs, of the shape."""
    return f"{var}.graph = {shape['graph']}" if "graph" in shape else f"{var}.graph IN {shape['graphs']}"


def temporal(shape: Shape) -> Temporal:
    """The instant that the shape asks for."""
    at = shape.get("as_of")
    return AsOf(at) if at is not None else Present()


def node(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list of the node with this id, in each graph that has one (at most two)."""
    match = temporal(shape).all_nodes("n", [in_graphs(shape, "n"), f"n.id = {shape['id']}"])
    return f"{match} WITH n LIMIT 2 {projection.calls} RETURN collect({projection.expr}) AS {name}"


def page(shape: Shape, order: Order, projection: Projection, name: str, *, keys: bool) -> str:
    """`name` = list of up to `first` + 1 nodes; with `keys` each is [sort value, id, graph, node]."""
    many = "graph" not in shape
    where = shape.get("where")
    parts = [in_graphs(shape, "n"), *conditions(where, "n")]
    fixed: tuple[str, ...] = ()
    if not many and "as_of" not in shape:
        fixed = ("graph",) + next(((p,) for p in ("status", "type") if equal_to(where, p)), ())
        parts.append(f"n.{order.field} IS NOT NULL" if order.field not in ("date", "id") else "true")
    if shape.get("after"):
        parts += order.after("n", shape["after"], many_graphs=many)
    match = temporal(shape).all_nodes("n", [p for p in parts if p != "true"])
    row = f"[{order.key('n')}, n.id, n.graph, {projection.expr}]" if keys else projection.expr
    return (
        f"{match} WITH n ORDER BY {order.clause('n', fixed=fixed, many_graphs=many)} LIMIT {shape['first']} + 1 "
        f"{projection.calls} RETURN collect({row}) AS {name}"
    )


def total(shape: Shape, name: str) -> str:
    """`name` = how many nodes `page` would go through."""
    where = conditions(shape.get("where"), "n")
    if where or "as_of" in shape:
        match = temporal(shape).all_nodes("n", [in_graphs(shape, "n"), *where])
        return f"{match} RETURN count(n) AS {name}"
    graphs = f"[{shape['graph']}]" if "graph" in shape else shape["graphs"]
    return (
        f"MATCH (g:Graph) WHERE g.name IN {graphs} "
        f"RETURN coalesce(sum(COUNT {{ (g)-[:CONTAINS]->() }}), 0) AS {name}"
    )


def search(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list of [score, node], best first."""
    parts = " AND ".join([in_graphs(shape, "n"), *conditions(shape.get("where"), "n")])
    found = (
        f"CALL db.index.fulltext.queryNodes('knowledge_text', {shape['query']}) YIELD node AS n, score "
        f"WHERE {parts}"
    )
    at = shape.get("as_of")
    if at is not None:
        found = (
            f"CALL () {{ {found} AND n.updated_at <= {at} RETURN n, score UNION ALL "
            f"CALL db.index.fulltext.queryNodes('revision_text', {shape['query']}) YIELD node AS n, score "
            f"WHERE {parts} AND n.valid_from <= {at} AND n.valid_to > {at} RETURN n, score }}"
        )
    return (
        f"{found} WITH n, score ORDER BY score DESC, n.id, n.graph LIMIT {shape['first']} "
        f"{projection.calls} RETURN collect([score, {projection.expr}]) AS {name}"
    )


def near(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list of [distance, node] around a node, nearest first; one shortest path each. Present only."""
    hop = _hop(shape, "{1," + str(int(shape["depth"][0])) + "}")
    parts = "".join(f" AND {p}" for p in conditions(shape.get("where"), "n"))
    return (
        f"MATCH (s:KnowledgeNode) WHERE {in_graphs(shape, 's')} AND s.id = {shape['id']} WITH s LIMIT 1 "
        f"MATCH p = ANY SHORTEST (s){hop}(n) WHERE n <> s{parts} "
        f"WITH n, length(p) AS d ORDER BY d, n.id, n.graph LIMIT {shape['first']} "
        f"{projection.calls} RETURN collect([d, {projection.expr}]) AS {name}"
    )


def path(shape: Shape, projection: Projection, relation: Projection, name: str) -> str:
    """`name` = list of one [nodes, relations], or of none. `n` is each node, `r` each relation. Present only."""
    hop = _hop(shape, "{0," + str(int(shape["max_depth"][0])) + "}")
    return (
        f"MATCH (s:KnowledgeNode), (t:KnowledgeNode) WHERE {in_graphs(shape, 's')} AND s.id = {shape['from']} "
        f"AND {in_graphs(shape, 't')} AND t.id = {shape['to']} WITH s, t LIMIT 1 "
        f"MATCH p = ANY SHORTEST (s){hop}(t) "
        f"CALL (p) {{ UNWIND range(0, length(p)) AS i WITH nodes(p)[i] AS n, i {projection.calls} "
        f"WITH i, {projection.expr} AS row ORDER BY i RETURN collect(row) AS ns }} "
        f"CALL (p) {{ UNWIND CASE WHEN length(p) = 0 THEN [] ELSE range(0, length(p) - 1) END AS i "
        f"WITH relationships(p)[i] AS r, i WITH r, i, startNode(r) AS s, endNode(r) AS t {relation.calls} "
        f"WITH i, {relation.expr} AS row ORDER BY i RETURN collect(row) AS rs }} "
        f"RETURN collect([ns, rs]) AS {name}"
    )


def _hop(shape: Shape, count: str) -> str:
    types: tuple[RelationType, ...] = shape.get("types") or tuple(RelationType)
    direction: Direction = shape["direction"]
    arrow = arrows(direction, ":" + "|".join(t.name for t in types))
    return f"((){arrow}(x WHERE x.graph IN $auth)){count}"


def graph_slice(shape: Shape, name: str, *, edges: bool) -> str:
    """`name` = [[key, id, graph, title, type, status, tags, updated_at], …columns], [sources, targets, types]]."""
    when = temporal(shape)
    order = Order("updated_at", "DESC")
    many = "graph" not in shape
    fixed = () if many or "as_of" in shape else ("graph",)
    parts = [in_graphs(shape, "n"), *conditions(shape.get("where"), "n")]
    if fixed:
        parts.append("n.updated_at IS NOT NULL")
    nodes = (
        f"{when.all_nodes('n', parts)} WITH n "
        f"ORDER BY {order.clause('n', fixed=fixed, many_graphs=many)} LIMIT {shape['first']} + 1 "
        "WITH collect(n) AS ns "
    )
    columns = ", ".join(
        f"collect({value})"
        for value in (
            "id(n)", "n.id", "n.graph", "left(n.title, 120)", "n.type", "coalesce(n.status, '')", "n.tags",
            "n.updated_at",
        )
    )  # fmt: skip
    text = nodes + f"CALL (ns) {{ UNWIND ns AS n RETURN [{columns}] AS columns }} "
    if not edges:
        return text + f"RETURN [columns, [[], [], []]] AS {name}"
    step = when.step("n", "r", "m", shape.get("relations") or (), Direction.OUT, ["m.graph IN $auth"])
    return (
        text + f"CALL (ns) {{ UNWIND ns AS n {step} WITH id(n) AS a, id(m) AS b, {when.type_of('r')} AS t "
        f"LIMIT {MAX_SLICE_EDGES + 1} RETURN [collect(a), collect(b), collect(t)] AS edges }} "
        f"RETURN [columns, edges] AS {name}"
    )


def history(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list, for each node or deleted node of this id, of its states `v`, newest first."""
    return (
        f"CALL () {{ MATCH (n:KnowledgeNode) WHERE {in_graphs(shape, 'n')} AND n.id = {shape['id']} RETURN n "
        f"UNION ALL MATCH (n:Tombstone) WHERE {in_graphs(shape, 'n')} AND n.id = {shape['id']} RETURN n }} "
        f"CALL (n) {{ MATCH (n)-[:HAS_REVISION*0..1]->(v) WHERE NOT v:Tombstone "
        f"WITH v ORDER BY v.rev DESC LIMIT {shape['first']} RETURN collect({projection.expr}) AS vs }} "
        f"WITH vs LIMIT 2 RETURN collect(vs) AS {name}"
    )
