"""Conditions on nodes, as Cypher predicates over parameters."""

from collections.abc import Callable, Mapping
from typing import Any

from stratumiops.graph.models import NodeType
from stratumiops.graph.selection.shapes import Ref

Shape = Mapping[str, Any]


def _ne(value: str, ref: Any) -> str:
    return f"({value} IS NULL OR {value} <> {ref})" if ref is not None else f"{value} IS NOT NULL"


_OPERATORS: dict[str, Callable[[str, Any], str]] = {
    "eq": lambda value, ref: f"{value} = {ref}" if ref is not None else f"{value} IS NULL",
    "ne": _ne,
    "in": lambda value, ref: f"{value} IN {ref}",
    "contains": lambda value, ref: f"{value} CONTAINS {ref}",
    "starts_with": lambda value, ref: f"{value} STARTS WITH {ref}",
    "ends_with": lambda value, ref: f"{value} ENDS WITH {ref}",
    "gt": lambda value, ref: f"{value} > {ref}",
    "gte": lambda value, ref: f"{value} >= {ref}",
    "lt": lambda value, ref: f"{value} < {ref}",
    "lte": lambda value, ref: f"{value} <= {ref}",
    "is_null": lambda value, flag: f"{value} IS NULL" if flag else f"{value} IS NOT NULL",
    "has_any": lambda value, ref: f"any(x IN {ref} WHERE x IN {value})",
    "has_all": lambda value, ref: f"all(x IN {ref} WHERE x IN {value})",
    "has_none": lambda value, ref: f"none(x IN {ref} WHERE x IN {value})",
}
_ABOUT_NULL = ("eq", "ne")
_MAY_MISS = ("aliases",)
"""Lists that are not stored when they are empty."""


def conditions(where: Shape | None, var: str) -> list[str]:
    """Predicates that must all hold for the node or revision bound to `var`; null conditions are no conditions."""
    parts: list[str] = []
    for name, condition in (where or {}).items():
        if condition is None:
            continue
        if name in ("and", "or"):
            parts.append(_joined(name, [_all(item, var) for item in condition]))
        elif name == "not":
            parts.append(f"NOT {_all(condition, var)}")
        else:
            value = f"coalesce({var}.{name}, [])" if name in _MAY_MISS else f"{var}.{name}"
            parts.extend(_property(value, condition))
    return parts


def _joined(word: str, parts: list[str]) -> str:
    if not parts:
        return "true" if word == "and" else "false"
    return f"({f' {word.upper()} '.join(parts)})"


def _all(where: Shape, var: str) -> str:
    """One predicate that is never null, so that NOT and OR mean what they say about missing values."""
    parts = conditions(where, var)
    return f"coalesce({' AND '.join(parts)}, false)" if parts else "true"


def _property(value: str, condition: Shape) -> list[str]:
    return [
        _OPERATORS[operator](value, _literal(ref))
        for operator, ref in condition.items()
        if ref is not None or operator in _ABOUT_NULL
    ]


def _literal(value: Any) -> Any:
    """Types of nodes are part of the text; they come from an enum, never from the user."""
    if isinstance(value, NodeType):
        return f"'{value.value}'"
    if isinstance(value, tuple):
        return "[" + ", ".join(f"'{NodeType(item).value}'" for item in value) + "]"
    return value


def equal_to(where: Shape | None, name: str) -> Ref | str | None:
    """What the conditions say that a property equals, when they do so on the top level."""
    condition = (where or {}).get(name)
    if condition is None or condition.get("eq") is None:
        return None
    literal = _literal(condition["eq"])
    return literal if isinstance(literal, Ref | str) else None
