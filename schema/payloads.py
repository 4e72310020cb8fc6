"""What mutations and the subscription answer."""

from collections.abc import Awaitable, Callable

import strawberry
from strawberry import Private

from stratumiops.schema.enums import ChangeOp, NodeType, RelationType
from stratumiops.schema.graphs import Graph
from stratumiops.schema.knowledge import (
    Decision,
    Execution,
    Guideline,
    Journal,
    KnowledgeNode,
    Note,
    Pattern,
)
from stratumiops.schema.relations import Relation
from stratumiops.schema.scalars import DateTime


@strawberry.type(description="The new note.")
class CreateNotePayload:
    """The new note."""

    note: Note = strawberry.field(description="The new note.")


@strawberry.type(description="The new decision.")
class CreateDecisionPayload:
    """The new decision."""

    decision: Decision = strawberry.field(description="The new decision.")


@strawberry.type(description="The new guideline.")
class CreateGuidelinePayload:
    """The new guideline."""

    guideline: Guideline = strawberry.field(description="The new guideline.")


@strawberry.type(description="The new pattern.")
class CreatePatternPayload:
    """The new pattern."""

    pattern: Pattern = strawberry.field(description="The new pattern.")


@strawberry.type(description="The new entry.")
class CreateJournalPayload:
    """The new entry."""

    journal: Journal = strawberry.field(description="The new entry.")


@strawberry.type(description="The new record.")
class CreateExecutionPayload:
    """The new record."""

    execution: Execution = strawberry.field(description="The new record.")


@strawberry.type(description="The new nodes.")
class CreateNodesPayload:
    """The new nodes."""

    nodes: list[KnowledgeNode] = strawberry.field(description="The new nodes, in the order of the input.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="The node as it is now.")
class NodePayload:
    """The node as it is now."""

    node: KnowledgeNode = strawberry.field(description="The node.")


@strawberry.type(description="What was deleted.")
class DeleteNodePayload:
    """What was deleted."""

    id: strawberry.ID = strawberry.field(description="The node's id.")
    graph: str = strawberry.field(description="Its graph.")
    rev: int = strawberry.field(description="The revision that its deletion made.")
    deleted_at: DateTime = strawberry.field(description="When.")


@strawberry.type(description="The relation.")
class RelationPayload:
    """The relation."""

    relation: Relation = strawberry.field(description="The relation; an ended one has `validTo`.")


@strawberry.type(description="The named graph.")
class GraphPayload:
    """The named graph."""

    graph: Graph = strawberry.field(description="The named graph.")


@strawberry.type(description="The name of the deleted graph.")
class DeleteGraphPayload:
    """The name of the deleted graph."""

    name: str = strawberry.field(description="Its name.")


@strawberry.type(description="One committed change.")
class NodeChange:
    """One committed change."""

    cursor: str = strawberry.field(description="Its place in the sequence of changes, for `after`.")
    op: ChangeOp = strawberry.field(description="What happened.")
    at: DateTime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who did it.")
    graph: str = strawberry.field(description="In which graph.")
    id: strawberry.ID = strawberry.field(description="The node; of a relation, its source.")
    type: NodeType | None = strawberry.field(description="The node's kind; null for relations.")
    rev: int | None = strawberry.field(description="The node's revision; null for relations.")
    target: strawberry.ID | None = strawberry.field(description="Of a relation, its target.")
    relation: RelationType | None = strawberry.field(description="Of a relation, its type.")
    find: Private[Callable[[], Awaitable[KnowledgeNode | None]]]

    @strawberry.field(
        description="The node as it is when this is sent, which may be later than the change; null when deleted."
    )
    async def node(self) -> KnowledgeNode | None:
        """The node as it is when this is sent."""
        return await self.find()
