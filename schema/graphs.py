"""Named graphs, tags, slices for a picture, and what serves all this."""

from collections.abc import Awaitable, Callable

import strawberry
from strawberry import Private

from stratumiops.graph.layout.models import Placed
from stratumiops.schema.enums import NodeType, RelationType
from stratumiops.schema.knowledge import KnowledgeNode
from stratumiops.schema.relations import Relation
from stratumiops.schema.scalars import Date, DateTime


@strawberry.type(description="A graph that another one inherits from.")
class Inheritance:
    """A graph that another one inherits from."""

    graph: str = strawberry.field(description="The name of the inherited graph.")
    priority: int = strawberry.field(description="Of two inherited graphs the higher comes first.")


@strawberry.type(description="A named graph: a project, or what several projects share.")
class Graph:
    """A named graph."""

    name: str = strawberry.field(description="Its name.")
    title: str = strawberry.field(description="What people call it.")
    description: str = strawberry.field(description="What it is for.")
    priority: int = strawberry.field(description="Weight of its guidelines where graphs meet.")
    inherits: list[Inheritance] = strawberry.field(description="What it inherits from, directly.")
    resolved: list[str] = strawberry.field(
        description="Itself and everything that it inherits from, in order of precedence."
    )
    node_count: int = strawberry.field(description="How many nodes it holds, without inherited ones.")
    created_at: DateTime = strawberry.field(description="When it was created.")
    updated_at: DateTime = strawberry.field(description="When it last changed.")
    rev: int = strawberry.field(description="Its revision.")


@strawberry.type(description="A tag and how many nodes have it.")
class TagCount:
    """A tag and how many nodes have it."""

    tag: str = strawberry.field(description="The tag.")
    count: int = strawberry.field(description="How many nodes have it.")


@strawberry.type(description="How many nodes of a type were created in a period.")
class Growth:
    """How many nodes of a type were created in a period."""

    period: Date = strawberry.field(description="The first day of the period.")
    type: NodeType = strawberry.field(description="The type.")
    nodes: int = strawberry.field(description="How many.")


@strawberry.type(description="A node near another one.")
class Neighbour:
    """A node near another one."""

    node: KnowledgeNode = strawberry.field(description="The node.")
    distance: int = strawberry.field(description="How many relations away.")


@strawberry.type(description="A shortest path between two nodes.")
class GraphPath:
    """A shortest path."""

    length: int = strawberry.field(description="How many relations; 0 from a node to itself.")
    nodes: list[KnowledgeNode] = strawberry.field(description="The nodes, in order.")
    relations: list[Relation] = strawberry.field(description="The relations, in order.")


@strawberry.type(description="What the numbers in a slice's columns stand for.")
class SliceDictionary:
    """What the numbers in the columns stand for."""

    type: list[NodeType] = strawberry.field(description="Types of nodes.")
    status: list[str] = strawberry.field(description="Statuses.")
    tag: list[str] = strawberry.field(description="Tags.")
    edge_type: list[RelationType] = strawberry.field(description="Types of relations.")


@strawberry.type(description="Nodes of a slice, in columns of one length.")
class SliceNodes:
    """Nodes of a slice, in columns."""

    id: list[strawberry.ID] = strawberry.field(description="Ids.")
    graph: list[str] = strawberry.field(description="Named graphs.")
    title: list[str] = strawberry.field(description="Titles, cut at 120 characters.")
    type: list[int] = strawberry.field(description="Types: places in `dict.type`.")
    status: list[int | None] = strawberry.field(description="Statuses: places in `dict.status`, or null.")
    tags: list[list[int]] = strawberry.field(description="Tags: places in `dict.tag`.")
    updated: list[DateTime] = strawberry.field(description="When each last changed, to the second.")
    degree: list[int] = strawberry.field(description="How many relations of the slice begin or end at each.")
    placed: Private[Callable[[], Awaitable[Placed]]]

    @strawberry.field(
        description="Where each is, to the right; a relation is about 100 long. Null: not known yet; ask again."
    )
    async def x(self) -> list[int | None]:
        """Where each is, to the right."""
        return (await self.placed()).x

    @strawberry.field(description="Where each is, downwards. Null: not known yet; ask again.")
    async def y(self) -> list[int | None]:
        """Where each is, downwards."""
        return (await self.placed()).y

    @strawberry.field(
        description="The community of each, a number that stays the same when the graph changes a little. Null: it "
        "has no relations, or it is not known yet."
    )
    async def community(self) -> list[int | None]:
        """The community of each."""
        return (await self.placed()).community


@strawberry.type(description="Relations of a slice, in columns of one length.")
class SliceEdges:
    """Relations of a slice, in columns."""

    source: list[int] = strawberry.field(description="Sources: places in the node columns.")
    target: list[int] = strawberry.field(description="Targets: places in the node columns.")
    type: list[int] = strawberry.field(description="Types: places in `dict.edgeType`.")


@strawberry.type(
    description="Communities of a slice's nodes, in columns of one length, the largest first; and what joins them, in "
    "three more columns of another length. Empty while there are no positions."
)
class SliceCommunities:
    """Communities of a slice's nodes, in columns."""

    id: list[int] = strawberry.field(description="Their numbers, as in `nodes.community`.")
    size: list[int] = strawberry.field(description="How many nodes each has.")
    title: list[str] = strawberry.field(description="The title of the node in each that has most relations.")
    x: list[int] = strawberry.field(description="Where the middle of each is, to the right.")
    y: list[int] = strawberry.field(description="Where the middle of each is, downwards.")
    source: list[int] = strawberry.field(description="Of two that are joined, the place of the larger.")
    target: list[int] = strawberry.field(description="Of two that are joined, the place of the other.")
    relations: list[int] = strawberry.field(description="How many relations join the two, in both directions.")


@strawberry.type(description="A node of a slice, as an object.")
class SliceNode:
    """A node of a slice."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    title: str = strawberry.field(description="Its title, cut at 120 characters.")
    type: NodeType = strawberry.field(description="Its kind.")
    status: str | None = strawberry.field(description="Its status.")


@strawberry.type(description="A relation of a slice, as an object.")
class SliceEdge:
    """A relation of a slice."""

    source: strawberry.ID = strawberry.field(description="Id of its source.")
    target: strawberry.ID = strawberry.field(description="Id of its target.")
    type: RelationType = strawberry.field(description="What joins the two.")


@strawberry.type(
    description="Part of a graph for a picture: the nodes last changed, and the relations among them. Columns with "
    "dictionaries are the light form (`nodes`, `edges`, `dict`); `nodeList` and `edgeList` are the same as objects."
)
class GraphSlice:
    """Part of a graph for a picture."""

    dict: SliceDictionary = strawberry.field(description="What the numbers in the columns stand for.")
    nodes: SliceNodes = strawberry.field(description="The nodes, in columns.")
    edges: SliceEdges = strawberry.field(description="The relations, in columns.")
    node_list: list[SliceNode] = strawberry.field(description="The nodes, as objects.")
    edge_list: list[SliceEdge] = strawberry.field(description="The relations, as objects.")
    as_of: DateTime | None = strawberry.field(description="The instant it shows; null: now.")
    truncated: bool = strawberry.field(description="There is more than `first` nodes or 100,000 relations.")
    placed: Private[Callable[[], Awaitable[Placed]]]
    grouped: Private[Callable[[], Awaitable[SliceCommunities]]]

    @strawberry.field(description="Communities of the nodes, for a picture from afar.")
    async def communities(self) -> SliceCommunities:
        """Communities of the nodes."""
        return await self.grouped()

    @strawberry.field(
        description="Version of the positions; it changes when nodes that had a position get another. Null: there are "
        "no positions yet."
    )
    async def layout_version(self) -> str | None:
        """Version of the positions."""
        return (await self.placed()).version

    @strawberry.field(
        description="Positions, or better ones, are being made: ask again in a second. Until then nodes that are new "
        "stand beside their neighbours."
    )
    async def layout_pending(self) -> bool:
        """Positions, or better ones, are being made."""
        return (await self.placed()).pending


@strawberry.type(description="What serves this API.")
class ServerInfo:
    """What serves this API."""

    version: str = strawberry.field(description="Version of StratumIOps.")
    schema_version: int = strawberry.field(description="Version of the graph's schema.")
    database: str = strawberry.field(description="Name and version of the database.")
    graphs: int = strawberry.field(description="How many named graphs you may read.")
    nodes: int = strawberry.field(description="How many nodes they hold.")
    max_page_size: int = strawberry.field(description="The largest `first`.")
    max_depth: int = strawberry.field(description="How deep an operation may be.")
    max_cost: int = strawberry.field(description="The largest cost of an operation.")
    principal: str = strawberry.field(description="Who you are.")
    role: str = strawberry.field(description="What you may do: admin, developer or viewer.")
