"""Why a change of knowledge is refused, in the same words whatever the store is made of."""

from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.models import Edge


def unknown_graph(name: str) -> NotFound:
    """No graph of this name was made."""
    return NotFound(f"There is no graph {name!r}.", hint="Make it with createGraph.", field="graph")


def no_node(graph: str, node_id: str, field: str = "id") -> NotFound:
    """No node of this id ever was."""
    return NotFound(f"There is no node {node_id!r} in graph {graph!r}.", field=field)


def deleted_node(graph: str, node_id: str, at: str) -> NotFound:
    """The node is not there any more."""
    message = f"The node {node_id!r} in graph {graph!r} was deleted at {at}."
    return NotFound(message, hint="Bring it back with undelete.", field="id")


def not_deleted(graph: str, node_id: str) -> Conflict:
    """The node is there."""
    return Conflict(f"The node {node_id!r} in graph {graph!r} is not deleted.", field="id")


def stale(graph: str, node_id: str, found: int, given: int) -> Conflict:
    """The node has another revision than the one that was changed."""
    return Conflict(
        f"The node {node_id!r} in graph {graph!r} has rev {found}, not {given}: someone changed it meanwhile.",
        hint="Read it again and repeat the change on what you find.",
        field="rev",
    )


def other_type(graph: str, node_id: str, found: str, wanted: tuple[str, ...]) -> BadInput:
    """Nodes of its type have no such property."""
    return BadInput(
        f"The node {node_id!r} in graph {graph!r} is a {found}, not a {' or a '.join(wanted)}.",
        hint="A node keeps its type; what its type has no field for fits into metadata.",
    )


def no_relation(edge: Edge) -> NotFound:
    """The two are not joined like that."""
    return NotFound(
        f"There is no relation {edge.relation} from {edge.source!r} to {edge.target!r} in {edge.graph!r}.",
        hint="Look at the relations of the node.",
    )


def taken_id(node_id: str) -> Conflict:
    """A live node has this id."""
    message = f"The change was refused: a node of this id exists in this graph ({node_id!r})."
    return Conflict(message, hint="Give another id, or update the node.", field="id")


def deleted_id(node_id: str) -> Conflict:
    """A deleted node has this id."""
    message = f"The change was refused: a deleted node of this id exists in this graph ({node_id!r})."
    return Conflict(message, hint="Bring it back with undelete, or give another id.", field="id")
