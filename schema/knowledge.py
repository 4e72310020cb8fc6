"""The six kinds of knowledge behind one interface."""

from typing import TYPE_CHECKING, Annotated, Any, cast

import orjson
import strawberry
from strawberry import UNSET, Info, Private

from stratumiops.graph import models
from stratumiops.schema.arguments import Directed, First, OrderBy, Types, Where
from stratumiops.schema.enums import Direction, NodeType
from stratumiops.schema.mapping import History, JsonText, MaybeList, Related, RelationCount, Relations, mapped
from stratumiops.schema.scalars import Date, DateTime, Json

if TYPE_CHECKING:
    from stratumiops.schema.relations import Relation, Revision
    from stratumiops.schema.vault.uses import SecretUse

RelationList = list[Annotated["Relation", strawberry.lazy("stratumiops.schema.relations")]]
UseList = list[Annotated["SecretUse", strawberry.lazy("stratumiops.schema.vault.uses")]]
RevisionList = list[Annotated["Revision", strawberry.lazy("stratumiops.schema.relations")]]


def _related(relation: models.RelationType, description: str) -> Any:
    """A field of the nodes joined by one type of relation."""

    async def resolve(
        self: "KnowledgeNode",
        info: Info[Any, Any],
        direction: Directed = Direction.OUT,
        where: Where = UNSET,
        order_by: OrderBy = UNSET,
        first: First = 50,
    ) -> list["KnowledgeNode"]:
        return await info.context.reader.related(  # type: ignore[no-any-return]
            self, types=[relation], direction=direction, where=where, order_by=order_by, first=first
        )

    return strawberry.field(resolver=resolve, description=description, metadata=mapped(Related(relation)))


@strawberry.interface(description="A piece of knowledge: what every kind of node has.")
class KnowledgeNode:
    """A piece of knowledge."""

    id: strawberry.ID = strawberry.field(description="Identifies the node in its graph.")
    graph: str = strawberry.field(description="The named graph it belongs to.")
    type: NodeType = strawberry.field(description="Its kind.")
    title: str = strawberry.field(description="Its title, one line.")
    content: str = strawberry.field(description="Its text, markdown.")
    tags: list[str] = strawberry.field(description="Its tags, without `#`.")
    aliases: list[str] = strawberry.field(
        description="Other names that it goes by.", metadata=mapped(MaybeList("aliases"))
    )
    status: str | None = strawberry.field(
        description="Where it stands, in lower case. Decisions: proposed, accepted, rejected, deprecated or superseded."
    )
    date: Date | None = strawberry.field(description="The date it carries, such as the day of the decision.")
    metadata: Json = strawberry.field(
        description="Whatever else its author wrote about it, such as other front matter.",
        metadata=mapped(JsonText("metadata")),
    )
    path: str | None = strawberry.field(description="The file it came from, relative to what was imported.")
    created_at: DateTime = strawberry.field(description="When it was created.")
    updated_at: DateTime = strawberry.field(description="When it last changed.")
    created_by: str = strawberry.field(description="Who created it.")
    updated_by: str = strawberry.field(description="Who changed it last.")
    rev: int = strawberry.field(
        description="Its revision, 1 at first. A change must name the revision it was made from."
    )
    as_of: Private[str | None] = None

    @strawberry.field(description="Its relations, in order of the other end's id.", metadata=mapped(Relations()))
    async def relations(
        self,
        info: Info[Any, Any],
        types: Types = UNSET,
        direction: Directed = Direction.BOTH,
        first: First = 50,
    ) -> RelationList:
        """Its relations."""
        return await info.context.reader.relations(  # type: ignore[no-any-return]
            self, types=types, direction=direction, first=first
        )

    @strawberry.field(description="How many relations it has.", metadata=mapped(RelationCount()))
    async def relation_count(
        self, info: Info[Any, Any], types: Types = UNSET, direction: Directed = Direction.BOTH
    ) -> int:
        """How many relations it has."""
        return await info.context.reader.relation_count(  # type: ignore[no-any-return]
            self, types=types, direction=direction
        )

    @strawberry.field(
        description="The nodes it is joined to, each once, whatever the relation.", metadata=mapped(Related())
    )
    async def neighbours(
        self,
        info: Info[Any, Any],
        types: Types = UNSET,
        direction: Directed = Direction.BOTH,
        where: Where = UNSET,
        order_by: OrderBy = UNSET,
        first: First = 50,
    ) -> list["KnowledgeNode"]:
        """The nodes it is joined to."""
        return await info.context.reader.related(  # type: ignore[no-any-return]
            self, types=types, direction=direction, where=where, order_by=order_by, first=first
        )

    relates_to: list["KnowledgeNode"] = _related(
        models.RelationType.RELATES_TO, "What it mentions; IN: what mentions it."
    )
    depends_on: list["KnowledgeNode"] = _related(models.RelationType.DEPENDS_ON, "What it needs; IN: what needs it.")
    implements: list["KnowledgeNode"] = _related(
        models.RelationType.IMPLEMENTS, "What it puts into practice; IN: what puts it into practice."
    )
    extends: list["KnowledgeNode"] = _related(models.RelationType.EXTENDS, "What it adds to; IN: what adds to it.")
    supersedes: list["KnowledgeNode"] = _related(
        models.RelationType.SUPERSEDES, "What it takes the place of; IN: what takes its place."
    )
    explains: list["KnowledgeNode"] = _related(models.RelationType.EXPLAINS, "What it explains; IN: what explains it.")

    @strawberry.field(description="Its states, newest first; the first is the current one.", metadata=mapped(History()))
    async def history(self, info: Info[Any, Any], first: First = 50) -> RevisionList:
        """Its states."""
        return await info.context.reader.history(self, first=first)  # type: ignore[no-any-return]

    @strawberry.field(
        description="The secrets of the vault that it uses at present, also where it is shown as it was; newest use "
        "first. Where they are, not what they are."
    )
    async def uses_secrets(self, info: Info[Any, Any], first: First = 50) -> UseList:
        """The secrets that it uses."""
        return await info.context.secret_uses.of_node(self, first=first)  # type: ignore[no-any-return]


@strawberry.type(description="Anything worth keeping.")
class Note(KnowledgeNode):
    """Anything worth keeping."""


@strawberry.type(description="A decision that was taken, with its context and consequences (an ADR).")
class Decision(KnowledgeNode):
    """A decision that was taken."""

    status_raw: str | None = strawberry.field(description="The status as its author wrote it.")
    deciders: list[str] | None = strawberry.field(description="Who decided.")


@strawberry.type(description="A standard of the team or the organisation.")
class Guideline(KnowledgeNode):
    """A standard."""

    priority: int | None = strawberry.field(description="Of two guidelines on one topic the higher wins.")
    topic: str | None = strawberry.field(description="What it is about; without it, its title says so.")
    overrides: list[str] | None = strawberry.field(
        description="Guidelines that it takes the place of, by id, title or topic."
    )


@strawberry.type(description="A solution that can be used again.")
class Pattern(KnowledgeNode):
    """A solution that can be used again."""


@strawberry.type(description="What happened on a day; `date` says which.")
class Journal(KnowledgeNode):
    """What happened on a day."""


@strawberry.type(description="The record of one run of an agent.")
class Execution(KnowledgeNode):
    """The record of one run."""

    project: str | None = strawberry.field(description="The project it was done for.")
    task_type: str | None = strawberry.field(description="The kind of task.")
    agent_id: str | None = strawberry.field(description="The agent that did it.")
    duration_ms: int | None = strawberry.field(description="How long it took, in milliseconds.")
    tokens_used: int | None = strawberry.field(description="Tokens of a language model, in and out.")
    cost_cents: float | None = strawberry.field(description="What it cost, in cents; null when unknown.")


NODE_TYPES: dict[models.NodeType, type[KnowledgeNode]] = {
    models.NodeType.NOTE: Note,
    models.NodeType.DECISION: Decision,
    models.NodeType.GUIDELINE: Guideline,
    models.NodeType.PATTERN: Pattern,
    models.NodeType.JOURNAL: Journal,
    models.NodeType.EXECUTION: Execution,
}
"""The GraphQL type of each kind of node."""

_COMMON = tuple(
    f.python_name
    for f in KnowledgeNode.__strawberry_definition__.fields  # type: ignore[attr-defined]
    if f.base_resolver is None
)


def node_of(properties: dict[str, Any], as_of: str | None = None) -> KnowledgeNode:
    """The node with these stored properties; `as_of` is handed on to what is read from it."""
    kind = models.NodeType(properties["type"])
    values = {name: properties.get(name) for name in _COMMON}
    values.update({name: properties.get(name) for name in models.EXTRA_FIELDS[kind]})
    values["type"] = kind
    values["aliases"] = values["aliases"] or []
    values["metadata"] = orjson.Fragment(properties["metadata"] or "{}")
    make: Any = NODE_TYPES[kind]
    return cast("KnowledgeNode", make(**values, as_of=as_of))
