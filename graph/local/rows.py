"""Nodes and relations as maps of their stored properties, which is how reads answer."""

from stratumiops.graph.local.past import State
from stratumiops.graph.models import Direction, Edge, Node
from stratumiops.graph.selection.answers import RelationRow, RevisionRow, Row
from stratumiops.graph.store.records import properties_of


def row_of(node: Node) -> Row:
    """The properties of a node that it has."""
    return properties_of(node)


def relation_row(edge: Edge, direction: Direction, source: Node, target: Node) -> RelationRow:
    """A relation with the nodes at its ends, seen from one of them."""
    held = {
        "weight": edge.weight,
        "origin": edge.origin,
        "valid_from": edge.valid_from,
        "valid_to": edge.valid_to,
        "recorded_at": edge.recorded_at,
        "created_by": edge.created_by,
    }
    return {
        "type": edge.relation.name,
        "direction": direction.name,
        "properties": {name: value for name, value in held.items() if value is not None},
        "source": row_of(source),
        "target": row_of(target),
    }


def state_row(state: State) -> RevisionRow:
    """A state of a node, and whether it is past."""
    held = row_of(state.node)
    if state.change is None:
        return {"properties": held, "past": False}
    held |= {"valid_from": state.node.updated_at, "valid_to": state.valid_to, "change": state.change}
    return {"properties": held, "past": True}
