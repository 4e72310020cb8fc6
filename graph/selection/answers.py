"""What reads answer: maps of stored properties."""

from typing import Any, TypedDict

Row = dict[str, Any]
"""The stored properties of a node or a graph, by name."""


class RelationRow(TypedDict):
    """A relation: the names of its type and direction, its properties, and those of the nodes at its ends."""

    type: str
    direction: str
    properties: Row
    source: Row
    target: Row


class RevisionRow(TypedDict):
    """A state of a node, and whether it is past; a past one has `valid_from`, `valid_to` and `change` too."""

    properties: Row
    past: bool
