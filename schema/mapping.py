"""How a field of the schema is found in the graph, for the compiler of whole operations.

A mapping stands in `strawberry.field(metadata={MAPPING: …})`. A plain attribute without one is the property of
its python name. A field with a resolver and without a mapping is not compiled: its operation runs on the executor.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from stratumiops.graph.models import NodeType, RelationType

MAPPING = "graph"
"""The key of a mapping in a field's metadata."""


class Edge(Enum):
    """Which part of a relation a field shows; see `schema.relations.Relation`."""

    TYPE = "type"
    DIRECTION = "direction"
    SOURCE = "source"
    TARGET = "target"
    NODE = "node"


@dataclass(frozen=True, slots=True)
class JsonText:
    """A property that holds JSON text and is shown as JSON."""

    name: str


@dataclass(frozen=True, slots=True)
class MaybeList:
    """A property that holds a list, or is not there, which shows as an empty one."""

    name: str


@dataclass(frozen=True, slots=True)
class Related:
    """Nodes at the other end of relations; None: of any type, or of the argument `types`."""

    relation: RelationType | None = None


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations themselves."""


@dataclass(frozen=True, slots=True)
class RelationCount:
    """How many relations there are."""


@dataclass(frozen=True, slots=True)
class History:
    """States of a node, newest first."""


@dataclass(frozen=True, slots=True)
class RevisionValue:
    """A value of a revision that the current state keeps under another name, or not at all."""

    name: str
    current: str | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A root field that the compiler knows by this name."""

    name: str
    argument: Any = None


@dataclass(frozen=True, slots=True)
class Write:
    """A mutation whose answer is read back by the statement that makes the change.

    `payload`: the field of the payload that shows what was written.
    """

    name: str
    payload: str
    kind: NodeType | None = None


def mapped(mapping: object) -> dict[str, object]:
    """The metadata of a field that carries this mapping."""
    return {MAPPING: mapping}
