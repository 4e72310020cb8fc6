"""Arguments that many fields share, described once."""

from typing import Annotated

import strawberry

from stratumiops.schema.enums import Direction, RelationType
from stratumiops.schema.filters import NodeOrder, NodeWhere
from stratumiops.schema.scalars import DateTime


def _arg(description: str, name: str | None = None) -> object:
    return strawberry.argument(description=description, name=name)


First = Annotated[int, _arg("How many at the most, 1 to 1,000.")]
After = Annotated[str | None, _arg("Go on after this cursor.")]
GraphName = Annotated[str | None, _arg("The named graph; without it, all graphs that you may read.")]
Inherited = Annotated[bool, _arg("Also what the graph inherits from other graphs.")]
Where = Annotated[NodeWhere | None, _arg("Which nodes; without it, all.")]
OrderBy = Annotated[NodeOrder | None, _arg("How they are sorted.")]
AsOf = Annotated[DateTime | None, _arg("Read the graph as it was at this instant.")]
NodeId = Annotated[strawberry.ID, _arg("The node's id.")]
Directed = Annotated[Direction, _arg("Which relations, seen from the node.")]
Types = Annotated[list[RelationType] | None, _arg("Relations of these types only.")]
