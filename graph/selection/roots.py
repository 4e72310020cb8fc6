"""Statements that start a read: one node, a page of nodes, a search, what is near, a path, a slice.

Each takes a shape whose scalars are parameters (`shapes.bind`) and a `Projection` of what is to be returned of a
node, and gives the text of a subquery with one row, which it names. `$auth` holds the graphs that may be read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.models import Direction, Period, RelationType
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.temporal import AsOf, Present, Temporal, arrows
from stratumiops.graph.selection.where import conditions, equal_to
from stratumiops.graph.selection.words import FRESH_TEXT, best_by_words

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
SUPERSEDES = (RelationType.SUPERSEDES,)


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


def page(shape: Shape, order: Order, projection: Projection, name: str, *, keys: bool = True, more: bool = True) -> str:
    """`name` = list of nodes, with `keys` each as [node, *`Order.row_key`]; with `more` one beyond `first`."""
    key = order.row_key(order.key("n"), "n.id", "n.graph", many_graphs="graph" not in shape)
    row = f"[{', '.join([projection.expr, *key])}]" if keys else projection.expr
    limit = f"{shape['first']} + 1" if more else shape["first"]
    return f"{_foremost(shape, order, limit)} {projection.calls} RETURN collect({row}) AS {name}"


def _foremost(shape: Shape, order: Order, limit: str) -> str:
    """Binds `n` to the nodes that come first in this order, behind the cursor `after`.

    Of several graphs each gives its first ones: an index gives the order in one graph, never across graphs.
    """
    where, many = shape.get("where"), "graph" not in shape
    parts = conditions(where, "n")
    if shape.get("after"):
        parts += order.after("n", shape["after"], many_graphs=many)
    sorted_ = f"WITH n ORDER BY {order.clause('n', many_graphs=many)} LIMIT {limit}"
    if "as_of" in shape:
        return f"{temporal(shape).all_nodes('n', [in_graphs(shape, 'n'), *parts])} {sorted_}"
    fixed = ("graph", *[p for p in ("status", "type") if equal_to(where, p)][:1])
    indexed = "updated_at" if order.field == "date" else order.field
    graph = "graph" if many else shape["graph"]
    match = Present().all_nodes("n", [f"n.graph = {graph}", *parts, f"n.{indexed} IS NOT NULL"])
    one = f"{match} WITH n ORDER BY {order.clause('n', fixed=fixed, many_graphs=False)} LIMIT {limit}"
    return f"UNWIND {shape['graphs']} AS graph CALL (graph) {{ {one} RETURN n }} {sorted_}" if many else one


def all_nodes(shape: Shape) -> str:
    """Binds `n` to all the nodes that the shape describes, by an index: only with every key in use does it serve."""
    parts = [in_graphs(shape, "n"), *conditions(shape.get("where"), "n"), "n.updated_at IS NOT NULL"]
    return temporal(shape).all_nodes("n", parts)


def total(shape: Shape, name: str) -> str:
    """`name` = how many nodes `page` would go through."""
    if shape.get("where") or "as_of" in shape:
        return f"{all_nodes(shape)} RETURN count(n) AS {name}"
    graphs = f"[{shape['graph']}]" if "graph" in shape else shape["graphs"]
    return (
        f"MATCH (g:Graph) WHERE g.name IN {graphs} RETURN coalesce(sum(COUNT {{ (g)-[:CONTAINS]->() }}), 0) AS {name}"
    )


def search(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list of [score, node, [graph, id] of each node that supersedes it], best first."""
    parts = " AND ".join([in_graphs(shape, "n"), *conditions(shape.get("where"), "n")])
    at = shape.get("as_of")
    if at is None:
        found = best_by_words(shape["index"], shape["query"], parts, shape["first"])
    else:
        found = (
            f"CALL () {{ CALL db.index.fulltext.queryNodes({shape['index']}, {shape['query']}) "
            f"YIELD node AS n, score WHERE score > 0 AND {parts} AND n.updated_at <= {at} RETURN n, score UNION ALL "
            f"CALL db.index.fulltext.queryNodes({shape['past_index']}, {shape['query']}) YIELD node AS n, score "
            f"WHERE score > 0 AND {parts} AND n.valid_from <= {at} AND n.valid_to > {at} RETURN n, score }}"
        )
    newer = temporal(shape).step("n", "newer_r", "newer", SUPERSEDES, Direction.IN, ["newer.graph IN $auth"])
    return (
        f"{FRESH_TEXT}{found} WITH n, score ORDER BY score DESC, n.id, n.graph LIMIT {shape['first']} "
        f"{projection.calls} RETURN collect([score, {projection.expr}, "
        f"COLLECT {{ {newer} RETURN [newer.graph, newer.id] }}, [n.graph, n.id]]) AS {name}"
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


def pattern(shape: Shape, relation: Projection, name: str) -> str:
    """`name` = list of relations `r` from nodes `s` that satisfy `from` to nodes `t` that satisfy `to`."""
    ends = [in_graphs(shape, "t"), *conditions(shape["to"], "t")]
    step = Present().step("n", "r", "t", shape["types"], Direction.OUT, ends)
    return (
        f"{all_nodes({**shape, 'where': shape['from']})} {step} WITH n AS s, r, t "
        f"ORDER BY s.id, t.id, type(r), s.graph, t.graph LIMIT {shape['first']} "
        f"{relation.calls} RETURN collect({relation.expr}) AS {name}"
    )


def _hop(shape: Shape, count: str) -> str:
    types: tuple[RelationType, ...] = shape.get("types") or tuple(RelationType)
    direction: Direction = shape["direction"]
    arrow = arrows(direction, ":" + "|".join(t.name for t in types))
    return f"((){arrow}(x WHERE x.graph IN $auth)){count}"


SLICE_COLUMNS = {
    "id": "n.id",
    "graph": "n.graph",
    "title": "left(n.title, 120)",
    "type": "n.type",
    "status": "n.status",
    "tags": "n.tags",
    "updated": "n.updated_at",
}
"""Columns of a slice's nodes, beside the key by which its relations name them."""


def graph_slice(shape: Shape, name: str, *, columns: Collection[str], edges: bool) -> str:
    """`name` = [[keys, …columns in the order of `SLICE_COLUMNS`], [sources, targets, types]].

    A column that is not asked for is an empty list. With a `focus` the nodes are those around it, nearest first.
    """
    when = temporal(shape)
    wanted = [f"[n IN ns | {value}]" if column in columns else "[]" for column, value in SLICE_COLUMNS.items()]
    text = (
        f"{_around(shape) if 'focus' in shape else _last_changed(shape)} WITH collect(n) AS ns "
        f"WITH ns, [{', '.join(['[n IN ns | id(n)]', *wanted])}] AS columns "
    )
    if not edges:
        return text + f"RETURN [columns, [[], [], []]] AS {name}"
    # Both ends must be among the nodes above, which all lie in graphs that may be read.
    step = when.step("n", "r", "m", shape.get("relations") or (), Direction.OUT, ["true"])
    return (
        text + f"CALL (ns) {{ UNWIND ns AS n {step} WITH id(n) AS a, id(m) AS b, {when.type_of('r')} AS t "
        f"LIMIT {MAX_SLICE_EDGES + 1} RETURN [collect(a), collect(b), collect(t)] AS edges }} "
        f"RETURN [columns, edges] AS {name}"
    )


def _last_changed(shape: Shape) -> str:
    """Binds `n` to the nodes that changed last, one more than `first`."""
    return _foremost(shape, Order("updated_at", "DESC"), f"{shape['first']} + 1")


def _around(shape: Shape) -> str:
    """Binds `n` to the focus and the nodes up to `depth` relations from it, nearest first, one more than `first`."""
    when = temporal(shape)
    start = when.all_nodes("s", [in_graphs(shape, "s"), f"s.id = {shape['focus']}"])
    reach = _reach_then(shape, when) if isinstance(when, AsOf) else _reach(shape)
    parts = "".join(f" AND {part}" for part in conditions(shape.get("where"), "n"))
    shown = f" WHERE d = 0 OR (true{parts})" if parts else ""
    return f"{start} WITH s LIMIT 1 {reach}{shown} WITH n, d ORDER BY d, n.id, n.graph LIMIT {shape['first']} + 1"


def _reach(shape: Shape) -> str:
    """From `s` to each `n` and its distance `d`; in this form Neo4j visits a node once."""
    types = "|".join(kind.name for kind in shape.get("relations") or tuple(RelationType))
    return (
        f"MATCH p = (s)-[:{types}*0..{shape['depth'][0]}]-(n) WHERE all(x IN nodes(p) WHERE {in_graphs(shape, 'x')}) "
        "WITH n, min(length(p)) AS d"
    )


def _reach_then(shape: Shape, when: AsOf) -> str:
    """The same as of an instant, where a step leads through the nodes behind the states: level by level."""
    step = when.step("n", "r", "m", shape.get("relations") or (), Direction.BOTH, [in_graphs(shape, "m")])
    level = (
        "CALL (near) { UNWIND near AS one WITH one[0] AS n, one[1] AS d "
        f"CALL (n) {{ RETURN n AS k, 0 AS e UNION ALL {step} RETURN m AS k, 1 AS e }} "
        "WITH k, min(d + e) AS d RETURN collect([k, d]) AS nearer } WITH nearer AS near "
    )
    return f"WITH [[s, 0]] AS near {level * shape['depth'][0]}UNWIND near AS one WITH one[0] AS n, one[1] AS d"


def history(shape: Shape, projection: Projection, name: str) -> str:
    """`name` = list, for each node or deleted node of this id, of its states `v`, newest first."""
    return (
        f"CALL () {{ MATCH (n:KnowledgeNode) WHERE {in_graphs(shape, 'n')} AND n.id = {shape['id']} RETURN n "
        f"UNION ALL MATCH (n:Tombstone) WHERE {in_graphs(shape, 'n')} AND n.id = {shape['id']} RETURN n }} "
        f"CALL (n) {{ MATCH (n)-[:HAS_REVISION*0..1]->(v) WHERE NOT v:Tombstone "
        f"WITH v ORDER BY v.rev DESC LIMIT {shape['first']} RETURN collect({projection.expr}) AS vs }} "
        f"WITH vs LIMIT 2 RETURN collect(vs) AS {name}"
    )


def tags(shape: Shape, name: str) -> str:
    """`name` = list of [tag, number of nodes], most used first."""
    prefix = f"WHERE tag STARTS WITH {shape['prefix']} " if shape.get("prefix") is not None else ""
    return (
        f"{all_nodes(shape)} UNWIND n.tags AS tag WITH tag {prefix}WITH tag, count(*) AS uses "
        f"ORDER BY uses DESC, tag LIMIT {shape['first']} RETURN collect([tag, uses]) AS {name}"
    )


_PERIODS = {
    Period.DAY: "day",
    Period.WEEK: "toString(date.truncate('week', date(day)))",
    Period.MONTH: "left(day, 7) + '-01'",
}
MAX_GROWTH = 10_000
"""How many counts `growth` gives at the most."""


def growth(shape: Shape, name: str) -> str:
    """`name` = list of [first day of a period, type, number of nodes created in it], the newest period first."""
    [by] = shape["by"]
    return (
        f"{all_nodes(shape)} WITH left(n.created_at, 10) AS day, n.type AS type, count(*) AS some "
        f"WITH {_PERIODS[by]} AS period, type, sum(some) AS nodes ORDER BY period DESC, type LIMIT {MAX_GROWTH} "
        f"RETURN collect([period, type, nodes]) AS {name}"
    )


def graphs(shape: Shape, name: str) -> str:
    """`name` = list of [properties, [[inherited graph, priority] …], number of nodes], by name."""
    return (
        f"MATCH (g:Graph) WHERE g.name IN {shape['names']} "
        "WITH g, COLLECT { MATCH (g)-[i:INHERITS]->(h:Graph) WHERE h.name IN $auth RETURN [h.name, i.priority] "
        "ORDER BY i.priority DESC, h.name } AS inherits, COUNT { (g)-[:CONTAINS]->() } AS nodes "
        f"ORDER BY g.name RETURN collect([properties(g), inherits, nodes]) AS {name}"
    )


def server(shape: Shape, name: str) -> str:
    """`name` = [version of the schema, name of the database, its version, number of nodes in the graphs]."""
    return (
        "CALL dbms.components() YIELD name AS product, versions WITH product, versions[0] AS version LIMIT 1 "
        "OPTIONAL MATCH (v:SchemaVersion) WITH product, version, max(v.version) AS schema "
        f"OPTIONAL MATCH (g:Graph) WHERE g.name IN {shape['names']} "
        "WITH product, version, schema, sum(COUNT { (g)-[:CONTAINS]->() }) AS nodes "
        f"RETURN [schema, product, version, nodes] AS {name}"
    )


def nodes_by_id(shape: Shape, name: str) -> str:
    """`name` = properties of the nodes of a graph with these ids, in no order."""
    return (
        f"MATCH (n:KnowledgeNode) WHERE n.graph = {shape['graph']} AND n.id IN {shape['ids']} "
        f"RETURN collect(properties(n)) AS {name}"
    )


def relation(shape: Shape, name: str) -> str:
    """`name` = the relation of this type from source to target: the one that holds, or that ended last."""
    [kind] = shape["relation"]
    rel = kind.ended if shape["ended"] else kind.name
    return (
        f"MATCH (s:KnowledgeNode {{graph: {shape['graph']}, id: {shape['source']}}})-[r:{rel}]->"
        f"(t:KnowledgeNode {{graph: {shape['graph']}, id: {shape['target']}}}) "
        "WITH s, r, t ORDER BY r.valid_to DESC LIMIT 1 "
        f"RETURN {{type: '{kind.name}', direction: 'OUT', properties: properties(r), source: properties(s), "
        f"target: properties(t)}} AS {name}"
    )
