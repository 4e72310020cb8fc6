"""What filters, orders and pages mean, in plain Python."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Node = Mapping[str, Any]

_PROPERTIES = {"createdAt": "created_at", "updatedAt": "updated_at", "createdBy": "created_by"}
_ABOUT_TEXT: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, given: value == given,
    "ne": lambda value, given: value != given,
    "isNull": lambda value, given: (value is None) is given,
    "in": lambda value, given: value in given,
    "contains": lambda value, given: value is not None and given in value,
    "startsWith": lambda value, given: value is not None and value.startswith(given),
    "endsWith": lambda value, given: value is not None and value.endswith(given),
    "gt": lambda value, given: value is not None and value > given,
    "gte": lambda value, given: value is not None and value >= given,
    "lt": lambda value, given: value is not None and value < given,
    "lte": lambda value, given: value is not None and value <= given,
    "hasAny": lambda value, given: bool(set(value) & set(given)),
    "hasAll": lambda value, given: set(given) <= set(value),
    "hasNone": lambda value, given: not set(value) & set(given),
}


def holds(where: Mapping[str, Any] | None, node: Node) -> bool:
    """Whether the node satisfies the conditions; a condition that is null is none, but for `eq` and `ne`."""
    return all(_condition(name, given, node) for name, given in (where or {}).items() if given is not None)


def _condition(name: str, given: Any, node: Node) -> bool:
    match name:
        case "and":
            return all(holds(item, node) for item in given)
        case "or":
            return any(holds(item, node) for item in given)
        case "not":
            return not holds(given, node)
    value = node.get(_PROPERTIES.get(name, name))
    if name == "aliases":
        value = value or []
    if name == "type":
        value = value.upper() if value else value
    return all(
        _ABOUT_TEXT[operator](value, operand)
        for operator, operand in given.items()
        if operand is not None or operator in ("eq", "ne")
    )


def ordered(nodes: Iterable[Node], field: str, direction: str) -> list[Node]:
    """Sorted by the field, then by id, then by graph; without the field last."""
    backwards = direction == "DESC"  # `sorted` keeps the order of equals, reversed or not
    by = sorted(nodes, key=lambda n: (n["id"], n["graph"]), reverse=backwards)
    present = sorted((n for n in by if n.get(field) is not None), key=lambda n: n[field], reverse=backwards)
    return present + [n for n in by if n.get(field) is None]
