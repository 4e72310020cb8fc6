"""The knowledge model: six kinds of nodes, six relations, and what is known of their past.

Plain data, no I/O. Instants are text in the stored form of `ids.format_instant`; dates are `YYYY-MM-DD`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class NodeType(StrEnum):
    """The kind of a knowledge node; the value is what is stored, `.label` the Neo4j label."""

    NOTE = "note"
    DECISION = "decision"
    GUIDELINE = "guideline"
    PATTERN = "pattern"
    JOURNAL = "journal"
    EXECUTION = "execution"

    @property
    def label(self) -> str:
        """The label beside `KnowledgeNode`: `Note`, `Decision` …"""
        return self.value.capitalize()


class RelationType(StrEnum):
    """How two nodes are joined; the value is what is stored and spoken, the name the Neo4j type."""

    RELATES_TO = "relates_to"
    DEPENDS_ON = "depends_on"
    IMPLEMENTS = "implements"
    EXTENDS = "extends"
    SUPERSEDES = "supersedes"
    EXPLAINS = "explains"

    @property
    def ended(self) -> str:
        """The Neo4j type of a relation of this kind that has ended; only `asOf` reads look at it."""
        return f"WAS_{self.name}"


class Period(StrEnum):
    """A stretch of time that is counted as one."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Direction(StrEnum):
    """Seen from a node: relations that leave it, that reach it, or either."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


class DecisionStatus(StrEnum):
    """Canonical status of a decision."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEPRECATED = "deprecated"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One knowledge node.

    `extra` holds what only some types have (guideline: `priority topic overrides`; execution: `project task_type
    agent_id duration_ms tokens_used cost_cents`; decision: `status_raw deciders`), by stored property name.
    `embedding` is a vector of the store's dimension, or None.
    """

    id: str
    graph: str
    type: NodeType
    title: str
    content: str = ""
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    status: str | None = None
    date: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    path: str | None = None
    created_at: str = ""
    updated_at: str = ""
    created_by: str = ""
    updated_by: str = ""
    rev: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)
    embedding: Sequence[float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One relation, directed from source to target. `valid_to` is None while it holds."""

    graph: str
    source: str
    target: str
    relation: RelationType
    weight: float = 1.0
    origin: str = "api"
    valid_from: str = ""
    valid_to: str | None = None
    recorded_at: str = ""
    created_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFilter:
    """What `list_nodes` selects; every part that is given must hold.

    `tags_any`: at least one of them; `tags_all`: all of them. `limit` is at most 1,000.
    """

    graph: str
    types: tuple[NodeType, ...] = ()
    statuses: tuple[str, ...] = ()
    tags_any: tuple[str, ...] = ()
    tags_all: tuple[str, ...] = ()
    updated_after: str | None = None
    limit: int = 100
    after_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A search hit: higher scores are better; scores of different queries do not compare."""

    node: Node
    score: float


EXTRA_FIELDS: dict[NodeType, tuple[str, ...]] = {
    NodeType.NOTE: (),
    NodeType.DECISION: ("status_raw", "deciders"),
    NodeType.GUIDELINE: ("priority", "topic", "overrides"),
    NodeType.PATTERN: (),
    NodeType.JOURNAL: (),
    NodeType.EXECUTION: ("project", "task_type", "agent_id", "duration_ms", "tokens_used", "cost_cents"),
}
"""Stored properties that only nodes of a type have."""

MAX_TITLE = 1_000
MAX_CONTENT = 10_000_000
MAX_TAGS = 200
MAX_TAG = 200
MAX_ID = 300
MAX_METADATA = 100_000
"""Sizes in characters (`MAX_METADATA`: of its JSON text); larger input is refused with BAD_INPUT."""

EMBEDDING_DIMENSIONS = 384
"""Length of every embedding: that of the vector index."""
