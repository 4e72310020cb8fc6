"""What hangs on nodes, for many nodes in one statement: the executor's way, a field at a time."""

from collections.abc import Mapping
from typing import Any

from stratumiops.graph.models import Direction
from stratumiops.graph.selection.order import Order
from stratumiops.graph.selection.roots import temporal
from stratumiops.graph.selection.where import conditions

Shape = Mapping[str, Any]

RELATION = "{type: %s, direction: %s, properties: properties(r), source: properties(%s), target: properties(%s)}"
"""A row of a relation."""
REVISION = "{properties: properties(v), past: v:Revision}"
"""A row of a state."""


def batched(shape: Shape, collect: str) -> str:
    """A statement over `$keys` ([graph, id] each): its value is a list of [graph, id, `value` of `collect`]."""
    match = temporal(shape).all_nodes("n", ["n.graph = key[0]", "n.id = key[1]"])
    match = match.replace("CALL () {", "CALL (key) {", 1)
    return f"UNWIND $keys AS key {match} {collect} RETURN collect([n.graph, n.id, value])"


def related(shape: Shape) -> str:
    """`value` = the nodes at the other end of relations of `n`, each once."""
    where = ["m.graph IN $auth", *conditions(shape.get("where"), "m")]
    step = temporal(shape).step("n", "r", "m", shape["types"], shape["direction"], where)
    order = Order(*shape["order"]).clause("m")
    return (
        f"CALL (n) {{ {step} WITH DISTINCT m ORDER BY {order} LIMIT {shape['first']} "
        "RETURN collect(properties(m)) AS value }"
    )


def relations(shape: Shape) -> str:
    """`value` = relations of `n` as `RELATION`."""
    when = temporal(shape)
    direction: Direction = shape["direction"]
    step = when.step("n", "r", "m", shape["types"], direction, ["m.graph IN $auth"])
    # A relation of a node to itself goes the way that was asked for.
    leaves = "false" if direction is Direction.IN else when.same("n", "startNode(r)")
    row = RELATION % (when.type_of("r"), "way", "s", "t")
    return (
        f"CALL (n) {{ {step} WITH r, m, CASE WHEN {leaves} THEN n ELSE m END AS s, "
        f"CASE WHEN {leaves} THEN m ELSE n END AS t, CASE WHEN {leaves} THEN 'OUT' ELSE 'IN' END AS way "
        f"ORDER BY m.id, m.graph, {when.type_of('r')}, way, r.valid_from LIMIT {shape['first']} "
        f"RETURN collect({row}) AS value }}"
    )


def relation_count(shape: Shape) -> str:
    """`value` = how many relations `n` has."""
    step = temporal(shape).step("n", "r", "m", shape["types"], shape["direction"], ["m.graph IN $auth"])
    return f"CALL (n) {{ {step} RETURN count(r) AS value }}"


def history(shape: Shape) -> str:
    """`value` = states of `n` as `REVISION`, newest first."""
    return (
        "CALL (n) { MATCH (n)<-[:HAS_REVISION*0..1]-(e) WHERE NOT e:Revision "
        "MATCH (e)-[:HAS_REVISION*0..1]->(v) WHERE NOT v:Tombstone WITH v "
        f"ORDER BY v.rev DESC LIMIT {shape['first']} RETURN collect({REVISION}) AS value }}"
    )
