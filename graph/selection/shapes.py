"""Splits a description into its shape, which decides the text, and its values, which become parameters."""

from enum import Enum
from typing import Any

from stratumiops.graph.errors import TooComplex

MAX_DEPTH = 12
"""How deep conditions may be nested."""

MAX_VALUES = 1_000
"""How many values a list of values, and how many conditions a description may hold."""


class Ref(str):
    """The name of a parameter as it stands in Cypher, `$a0_3`."""

    __slots__ = ()


def bind(value: Any, prefix: str, values: dict[str, Any], depth: int = 0) -> Any:
    """The shape of a value; its scalars and lists of scalars go to `values` under `prefix_0`, `prefix_1` …

    Enums, tuples, booleans, empty lists and None belong to the shape: they decide the text.

    Raises:
        TooComplex: nested deeper than `MAX_DEPTH`, or more than `MAX_VALUES` values.
    """
    if isinstance(value, dict):
        if depth > MAX_DEPTH:
            raise TooComplex(f"conditions are nested deeper than {MAX_DEPTH}", hint="make `where` flatter")
        return {key: bind(item, prefix, values, depth + 1) for key, item in value.items()}
    if value is None or isinstance(value, Enum | tuple | bool):
        return value
    if isinstance(value, list):
        if len(value) > MAX_VALUES:
            raise TooComplex(f"a list has {len(value)} values; {MAX_VALUES} are the limit")
        if not value or isinstance(value[0], dict):
            if _size(value) > MAX_VALUES:
                raise TooComplex(f"more than {MAX_VALUES} conditions", hint="use `in` and `hasAny` with lists")
            return [bind(item, prefix, values, depth + 1) for item in value]
    name = f"{prefix}_{len(values)}"
    if len(values) > MAX_VALUES:
        raise TooComplex(f"more than {MAX_VALUES} conditions")
    values[name] = value
    return Ref(f"${name}")


def _size(value: Any) -> int:
    """How many conditions a value holds."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 0


def frozen(shape: Any) -> Any:
    """The shape as something hashable: equal for equal text."""
    if isinstance(shape, dict):
        return tuple((key, frozen(item)) for key, item in shape.items())
    if isinstance(shape, list):
        return tuple(frozen(item) for item in shape)
    return shape
