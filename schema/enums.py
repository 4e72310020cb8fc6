"""Enumerations. The values are those of the store; every value has a description."""

from enum import Enum, StrEnum
from typing import TypeVar

import strawberry

from stratumiops.graph.models import Direction, NodeType, Period, RelationType
from stratumiops.ingest.retrieval.models import SearchMode

_E = TypeVar("_E", bound=type[Enum])


def described(enum: _E, description: str, values: dict[str, str]) -> _E:
    """The enumeration as a GraphQL type, with a description on it and on every value, by name."""
    strawberry.enum(enum, description=description)
    definition = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values[value.name]
    return enum


described(
    NodeType,
    "The six kinds of knowledge.",
    {
        "NOTE": "Anything worth keeping.",
        "DECISION": "A decision that was taken, with its context and consequences (an ADR).",
        "GUIDELINE": "A standard of the team or the organisation; a higher priority wins.",
        "PATTERN": "A solution that can be used again.",
        "JOURNAL": "What happened on a day.",
        "EXECUTION": "The record of one run of an agent.",
    },
)

described(
    RelationType,
    "The six ways in which a source is joined to a target.",
    {
        "RELATES_TO": "The source mentions the target.",
        "DEPENDS_ON": "The source needs the target.",
        "IMPLEMENTS": "The source puts the target into practice.",
        "EXTENDS": "The source adds to, or amends, the target.",
        "SUPERSEDES": "The source takes the place of the target; it runs from newer to older.",
        "EXPLAINS": "The source explains the target.",
    },
)

described(
    Direction,
    "Which relations of a node are meant.",
    {
        "OUT": "Those in which the node is the source.",
        "IN": "Those in which the node is the target.",
        "BOTH": "Both.",
    },
)


described(
    Period,
    "A stretch of time that is counted as one, in UTC.",
    {"DAY": "A day.", "WEEK": "A week, from Monday on.", "MONTH": "A month."},
)


class NodeOrderField(StrEnum):
    """What nodes are sorted by; the value is the property."""

    ID = "id"
    TITLE = "title"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    DATE = "date"


class SortDirection(StrEnum):
    """Which way."""

    ASC = "ASC"
    DESC = "DESC"


class ChangeOp(StrEnum):
    """What happened to a node or a relation."""

    NODE_CREATED = "node.created"
    NODE_UPDATED = "node.updated"
    NODE_DELETED = "node.deleted"
    NODE_RESTORED = "node.restored"
    RELATION_CREATED = "relation.created"
    RELATION_ENDED = "relation.ended"
    GRAPH_CHANGED = "graph.changed"


class EmbeddingState(StrEnum):
    """What the work on vectors is at."""

    OFF = "off"
    IDLE = "idle"
    EMBEDDING = "embedding"
    REEMBEDDING = "reembedding"
    WAITING = "waiting"


class EndedBy(StrEnum):
    """What ended a state of a node."""

    UPDATED = "updated"
    DELETED = "deleted"


described(
    NodeOrderField,
    "What nodes are sorted by. Nodes without the value come last; ties are broken by id.",
    {
        "ID": "The id; ids made by this server sort by time of creation.",
        "TITLE": "The title, by code point.",
        "CREATED_AT": "When it was created.",
        "UPDATED_AT": "When it last changed.",
        "DATE": "The date that the node carries, such as the day of a decision.",
    },
)
described(SortDirection, "Sort direction.", {"ASC": "Smallest first.", "DESC": "Largest first."})
described(
    ChangeOp,
    "What happened.",
    {
        "NODE_CREATED": "A node was created.",
        "NODE_UPDATED": "A node has a new revision.",
        "NODE_DELETED": "A node was deleted; history keeps it.",
        "NODE_RESTORED": "A deleted node came back.",
        "RELATION_CREATED": "Two nodes were joined; `ids` are source and target.",
        "RELATION_ENDED": "A relation ended; `ids` are source and target.",
        "GRAPH_CHANGED": "A named graph was created, changed or deleted.",
    },
)
described(
    SearchMode,
    "How nodes are looked for.",
    {
        "TEXT": "By their words: stemmed, rarer ones and those in titles and tags weigh more.",
        "SEMANTIC": "By their meaning: the parts of texts nearest to the question.",
        "HYBRID": "Both, joined by rank (reciprocal rank fusion).",
    },
)
described(
    EmbeddingState,
    "What the work on vectors is at.",
    {
        "OFF": "Embeddings are switched off.",
        "IDLE": "Everything is embedded.",
        "EMBEDDING": "Nodes wait for their vectors; searches find those that have them.",
        "REEMBEDDING": "Another model is taking over; until it is done the one before it serves.",
        "WAITING": "Something is wrong, see `problem`; it is tried again.",
    },
)
described(
    EndedBy,
    "What ended a state of a node.",
    {"UPDATED": "The next revision.", "DELETED": "The node was deleted."},
)

__all__ = [
    "ChangeOp",
    "Direction",
    "EmbeddingState",
    "EndedBy",
    "NodeOrderField",
    "NodeType",
    "RelationType",
    "SearchMode",
    "SortDirection",
]
