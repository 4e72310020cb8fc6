"""Relations between nodes, and the past states of a node."""

import strawberry

from stratumiops.schema.enums import Direction, EndedBy, NodeType, RelationType
from stratumiops.schema.knowledge import KnowledgeNode
from stratumiops.schema.mapping import Edge, MaybeList, RevisionValue, mapped
from stratumiops.schema.scalars import Date, DateTime


@strawberry.type(description="One relation, from a source to a target.")
class Relation:
    """One relation."""

    type: RelationType = strawberry.field(description="What joins the two.", metadata=mapped(Edge.TYPE))
    weight: float = strawberry.field(description="How strong it is; 1 unless somebody said otherwise.")
    origin: str = strawberry.field(description="Where it comes from: api, wikilink, link, frontmatter, status, agent …")
    valid_from: DateTime = strawberry.field(description="Since when it holds.")
    valid_to: DateTime | None = strawberry.field(description="When it ended; null while it holds.")
    recorded_at: DateTime = strawberry.field(description="When it was recorded.")
    created_by: str = strawberry.field(description="Who recorded it.")
    path: str | None = strawberry.field(description="The file that states it, relative to what was imported.")
    line: int | None = strawberry.field(description="The line of that file, from 1.")
    direction: Direction = strawberry.field(
        description="OUT or IN, seen from the node it was reached from (OUT where there is none).",
        metadata=mapped(Edge.DIRECTION),
    )
    source: KnowledgeNode = strawberry.field(description="Where it starts.", metadata=mapped(Edge.SOURCE))
    target: KnowledgeNode = strawberry.field(description="Where it ends.", metadata=mapped(Edge.TARGET))
    node: KnowledgeNode = strawberry.field(
        description="The other end, seen from the node it was reached from (the target where there is none).",
        metadata=mapped(Edge.NODE),
    )


@strawberry.type(description="One state of a node.")
class Revision:
    """One state of a node."""

    id: strawberry.ID = strawberry.field(description="The node's id.")
    graph: str = strawberry.field(description="The node's graph.")
    rev: int = strawberry.field(description="Its number; 1 is the first.")
    type: NodeType = strawberry.field(description="The node's kind then.")
    title: str = strawberry.field(description="Its title then.")
    content: str = strawberry.field(description="Its text then.")
    tags: list[str] = strawberry.field(description="Its tags then.")
    aliases: list[str] = strawberry.field(description="Its other names then.", metadata=mapped(MaybeList("aliases")))
    status: str | None = strawberry.field(description="Its status then.")
    date: Date | None = strawberry.field(description="The date it carried then.")
    updated_by: str = strawberry.field(description="Who made this state.")
    valid_from: DateTime = strawberry.field(
        description="Since when it was so.", metadata=mapped(RevisionValue("valid_from", "updated_at"))
    )
    valid_to: DateTime | None = strawberry.field(
        description="When it ended; null: it is so now.", metadata=mapped(RevisionValue("valid_to"))
    )
    ended_by: EndedBy | None = strawberry.field(
        description="What ended it; null: it is so now.", metadata=mapped(RevisionValue("change"))
    )
