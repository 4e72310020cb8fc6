"""What the types' own fields ask of the server. The resolvers put an implementation into the request's context."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from stratumiops.graph.models import Direction, RelationType
    from stratumiops.schema.filters import NodeOrder, NodeWhere
    from stratumiops.schema.knowledge import KnowledgeNode
    from stratumiops.schema.relations import Relation, Revision


class KnowledgeReader(Protocol):
    """Reads around one node, as of the instant at which that node was read."""

    async def related(
        self,
        node: "KnowledgeNode",
        *,
        types: "list[RelationType] | None",
        direction: "Direction",
        where: "NodeWhere | None",
        order_by: "NodeOrder | None",
        first: int,
    ) -> "list[KnowledgeNode]":
        """Nodes at the other end of the node's relations."""

    async def relations(
        self, node: "KnowledgeNode", *, types: "list[RelationType] | None", direction: "Direction", first: int
    ) -> "list[Relation]":
        """The node's relations, in order of the other end's id."""

    async def relation_count(
        self, node: "KnowledgeNode", *, types: "list[RelationType] | None", direction: "Direction"
    ) -> int:
        """How many relations the node has."""

    async def history(self, node: "KnowledgeNode", *, first: int) -> "list[Revision]":
        """The node's states, newest first."""
