"""Inputs of the mutations on knowledge."""

from typing import Any

import strawberry
from strawberry import UNSET

from stratumiops.schema.enums import NodeType, RelationType
from stratumiops.schema.scalars import Date, Json


def _optional(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=UNSET, description=description, name=name)


_KEY = "Sending the same input again with the same key gives the first answer and acts once (kept 24 hours)."
_GRAPH = "The named graph."


@strawberry.input(description="What every new node may have.")
class NewNode:
    """What every new node may have."""

    title: str = strawberry.field(description="Its title: one line, 1 to 1,000 characters.")
    content: str | None = _optional("Its text, markdown.")
    tags: list[str] | None = _optional("Its tags, without `#`.")
    aliases: list[str] | None = _optional("Other names that it goes by.")
    status: str | None = _optional("Where it stands.")
    date: Date | None = _optional("The date it carries.")
    metadata: Json | None = _optional("An object of anything else.")
    id: strawberry.ID | None = _optional("Its id; without one the server makes a UUIDv7.")


@strawberry.input(description="What a new node of one type may have.")
class CreateInput(NewNode):
    """What a new node of one type may have."""

    graph: str = strawberry.field(default="default", description=_GRAPH)
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="A new note.")
class CreateNoteInput(CreateInput):
    """A new note."""


@strawberry.input(description="A new decision. Give `content`, or the sections, from which the content is made.")
class CreateDecisionInput(CreateInput):
    """A new decision."""

    context: str | None = _optional("Section: what made a decision necessary.")
    decision: str | None = _optional("Section: what was decided.")
    consequences: str | None = _optional("Section: what follows from it.")
    alternatives: str | None = _optional("Section: what else was considered.")
    deciders: list[str] | None = _optional("Who decided.")


@strawberry.input(description="A new guideline.")
class CreateGuidelineInput(CreateInput):
    """A new guideline."""

    priority: int | None = _optional("Of two guidelines on one topic the higher wins.")
    topic: str | None = _optional("What it is about; without it, its title says so.")
    overrides: list[str] | None = _optional("Guidelines that it takes the place of, by id, title or topic.")


@strawberry.input(description="A new pattern.")
class CreatePatternInput(CreateInput):
    """A new pattern."""


@strawberry.input(description="A new entry of a journal.")
class CreateJournalInput(CreateInput):
    """A new entry of a journal."""


@strawberry.input(description="A new record of a run.")
class CreateExecutionInput(CreateInput):
    """A new record of a run."""

    project: str | None = _optional("The project it was done for.")
    task_type: str | None = _optional("The kind of task.")
    agent_id: str | None = _optional("The agent that did it.")
    duration_ms: int | None = _optional("How long it took, in milliseconds.")
    tokens_used: int | None = _optional("Tokens of a language model, in and out.")
    cost_cents: float | None = _optional("What it cost, in cents.")


@strawberry.input(description="One of many new nodes.")
class NodeInput(NewNode):
    """One of many new nodes."""

    type: NodeType = strawberry.field(description="Its kind.")
    status_raw: str | None = _optional("Decisions: the status as its author wrote it.")
    deciders: list[str] | None = _optional("Decisions: who decided.")
    priority: int | None = _optional("Guidelines: of two on one topic the higher wins.")
    topic: str | None = _optional("Guidelines: what it is about.")
    overrides: list[str] | None = _optional("Guidelines: those that it takes the place of.")
    project: str | None = _optional("Executions: the project.")
    task_type: str | None = _optional("Executions: the kind of task.")
    agent_id: str | None = _optional("Executions: the agent.")
    duration_ms: int | None = _optional("Executions: how long it took, in milliseconds.")
    tokens_used: int | None = _optional("Executions: tokens, in and out.")
    cost_cents: float | None = _optional("Executions: what it cost, in cents.")


@strawberry.input(description="A relation between two nodes of the graph, or of the same input by their ids.")
class RelationInput:
    """A relation between two nodes."""

    source: strawberry.ID = strawberry.field(description="Id of the source.")
    target: strawberry.ID = strawberry.field(description="Id of the target.")
    relation: RelationType = strawberry.field(description="What joins the two.")
    weight: float = strawberry.field(default=1.0, description="How strong it is.")


@strawberry.input(description="Up to 5,000 new nodes and 20,000 relations: all of them, or none.")
class CreateNodesInput:
    """Many new nodes at once."""

    nodes: list[NodeInput] = strawberry.field(description="The nodes.")
    relations: list[RelationInput] | None = _optional("The relations.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="A change of a node. What is left out stays; null clears what may be missing.")
class UpdateNodeInput:
    """A change of a node."""

    id: strawberry.ID = strawberry.field(description="The node's id.")
    rev: int = strawberry.field(description="The revision the change was made from.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    title: str | None = _optional("Its title.")
    content: str | None = _optional("Its text, markdown.")
    tags: list[str] | None = _optional("Its tags, all of them.")
    aliases: list[str] | None = _optional("Its other names, all of them.")
    status: str | None = _optional("Where it stands.")
    date: Date | None = _optional("The date it carries.")
    metadata: Json | None = _optional("All of its metadata.")
    status_raw: str | None = _optional("Decisions: the status as its author wrote it.")
    deciders: list[str] | None = _optional("Decisions: who decided.")
    priority: int | None = _optional("Guidelines: of two on one topic the higher wins.")
    topic: str | None = _optional("Guidelines: what it is about.")
    overrides: list[str] | None = _optional("Guidelines: those that it takes the place of.")
    project: str | None = _optional("Executions: the project.")
    task_type: str | None = _optional("Executions: the kind of task.")
    agent_id: str | None = _optional("Executions: the agent.")
    duration_ms: int | None = _optional("Executions: how long it took, in milliseconds.")
    tokens_used: int | None = _optional("Executions: tokens, in and out.")
    cost_cents: float | None = _optional("Executions: what it cost, in cents.")
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="Which node is to be deleted.")
class DeleteNodeInput:
    """Which node is to be deleted."""

    id: strawberry.ID = strawberry.field(description="The node's id.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    rev: int | None = _optional("Delete only this revision.")
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="Which deleted node is to come back.")
class UndeleteNodeInput:
    """Which deleted node is to come back."""

    id: strawberry.ID = strawberry.field(description="The node's id.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="Two nodes to be joined. Joined already: the weight is changed.")
class LinkNodesInput:
    """Two nodes to be joined."""

    source: strawberry.ID = strawberry.field(description="Id of the source.")
    target: strawberry.ID = strawberry.field(description="Id of the target.")
    relation: RelationType = strawberry.field(description="What joins the two.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    weight: float = strawberry.field(default=1.0, description="How strong it is.")
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="Which relation is to end.")
class UnlinkNodesInput:
    """Which relation is to end."""

    source: strawberry.ID = strawberry.field(description="Id of the source.")
    target: strawberry.ID = strawberry.field(description="Id of the target.")
    relation: RelationType = strawberry.field(description="What joins the two.")
    graph: str = strawberry.field(default="default", description=_GRAPH)
    idempotency_key: str | None = _optional(_KEY)


@strawberry.input(description="A graph to inherit from.")
class InheritanceInput:
    """A graph to inherit from."""

    graph: str = strawberry.field(description="Its name.")
    priority: int = strawberry.field(default=0, description="Of two inherited graphs the higher comes first.")


@strawberry.input(description="A new named graph.")
class CreateGraphInput:
    """A new named graph."""

    name: str = strawberry.field(
        description="Its name: 1 to 64 of a-z, 0-9, dot, dash, underscore; begins and ends with a letter or digit."
    )
    title: str | None = _optional("What people call it.")
    description: str | None = _optional("What it is for.")
    priority: int = strawberry.field(default=100, description="Weight of its guidelines where graphs meet.")
    inherits: list[InheritanceInput] | None = _optional("What it inherits from.")


@strawberry.input(description="A change of a named graph. What is left out stays.")
class UpdateGraphInput:
    """A change of a named graph."""

    name: str = strawberry.field(description="Its name.")
    rev: int = strawberry.field(description="The revision the change was made from.")
    title: str | None = _optional("What people call it.")
    description: str | None = _optional("What it is for.")
    priority: int | None = _optional("Weight of its guidelines where graphs meet.")
    inherits: list[InheritanceInput] | None = _optional("All that it inherits from.")


@strawberry.input(description="Which named graph is to be deleted; it must be empty.")
class DeleteGraphInput:
    """Which named graph is to be deleted."""

    name: str = strawberry.field(description="Its name.")
