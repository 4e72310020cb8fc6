"""Conditions on nodes and their order, in plain Python: what `graph.selection` says in Cypher, over `Node`."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stratumiops.graph.models import Node
from stratumiops.graph.selection.order import NULLABLE, Order

Where = Mapping[str, Any]

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda value, given: bool(value == given),
    "ne": lambda value, given: bool(value != given),
    "in": lambda value, given: value is not None and value in given,
    "contains": lambda value, given: value is not None and given in value,
    "starts_with": lambda value, given: value is not None and value.startswith(given),
    "ends_with": lambda value, given: value is not None and value.endswith(given),
    "gt": lambda value, given: value is not None and value > given,
    "gte": lambda value, given: value is not None and value >= given,
    "lt": lambda value, given: value is not None and value < given,
    "lte": lambda value, given: value is not None and value <= given,
    "is_null": lambda value, given: (value is None) is given,
    "has_any": lambda value, given: not set(given).isdisjoint(value),
    "has_all": lambda value, given: set(given).issubset(value),
    "has_none": lambda value, given: set(given).isdisjoint(value),
}
_ABOUT_NULL: Final = ("eq", "ne")


def holds(where: Where | None, node: Node) -> bool:
    """Whether the node satisfies all conditions; null conditions are none, but for `eq` and `ne`."""
    return all(_condition(name, given, node) for name, given in (where or {}).items() if given is not None)


def _condition(name: str, given: Any, node: Node) -> bool:
    match name:
        case "and":
            return all(holds(item, node) for item in given)
        case "or":
            return any(holds(item, node) for item in given)
        case "not":
            return not holds(given, node)
    value = getattr(node, name)
    return all(
        _OPERATORS[operator](value, operand)
        for operator, operand in given.items()
        if operand is not None or operator in _ABOUT_NULL
    )


def sort_value(order: Order, node: Node) -> str:
    """What a node is sorted by; never None."""
    value = getattr(node, order.field)
    if value is None:
        return NULLABLE[order.field][order.direction].strip("'")
    return str(value)


def sort_key(order: Order, *, many_graphs: bool = True) -> Callable[[Node], tuple[str, ...]]:
    """The key of a total order: the value, the id, and the graph where there are several."""

    def key(node: Node) -> tuple[str, ...]:
        tail = (node.id, node.graph) if many_graphs else (node.id,)
        return tail if order.field == "id" else (sort_value(order, node), *tail)

    return key


def beyond(order: Order, cursor: Where, *, many_graphs: bool) -> Callable[[Node], bool]:
    """Whether a node comes after a cursor."""
    key = sort_key(order, many_graphs=many_graphs)
    tail = (cursor["id"], cursor["graph"]) if many_graphs else (cursor["id"],)
    mark = tail if order.field == "id" else (cursor["value"], *tail)
    return (lambda node: key(node) > mark) if order.direction == "ASC" else (lambda node: key(node) < mark)
