"""Root fields that read knowledge."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from stratumiops.graph.layout.models import Placed
from stratumiops.graph.models import Direction, NodeType, RelationType
from stratumiops.graph.selection.order import Order, cursors
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import pattern, require, the_one
from stratumiops.resolvers.engine.slices import COLUMNS, OBJECTS, SliceColumns, columns_of, positions_of
from stratumiops.resolvers.knowledge.reader import Reader, arguments, once, relation_of, revision_of
from stratumiops.resolvers.knowledge.walk import neighbours_as_of, path_as_of
from stratumiops.schema.arguments import (
    After,
    AsOf,
    Directed,
    First,
    GraphName,
    Inherited,
    NodeId,
    OrderBy,
    Types,
    Where,
)
from stratumiops.schema.connections import Connection, Edge, page_info
from stratumiops.schema.filters import PatternEnd
from stratumiops.schema.graphs import (
    GraphPath,
    GraphSlice,
    Neighbour,
    SliceCommunities,
    SliceDictionary,
    SliceEdge,
    SliceEdges,
    SliceNode,
    SliceNodes,
)
from stratumiops.schema.knowledge import (
    Decision,
    Execution,
    Guideline,
    Journal,
    KnowledgeNode,
    Note,
    Pattern,
    node_of,
)
from stratumiops.schema.mapping import Root, mapped
from stratumiops.schema.relations import Relation, Revision
from stratumiops.schema.scalars import DateTime

Focus = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only this node and those up to `depth` relations from it in the graphs that are read, nearest "
        "first. It is shown whatever `where` says, and nodes that `where` leaves out are walked through."
    ),
]
Hops = Annotated[int, strawberry.argument(description="How many relations away at the most, 1 to 8.")]


async def page(reader: Reader, kind: NodeType | None, given: Mapping[str, Any]) -> Connection[Any]:
    """A page of nodes, of one type or of all."""
    described = reader.describe(Root("page", kind), dict(given))
    order = Order(*described["order"])
    found = await reader.reads.page(described)
    rows, cursor = found[: described["first"]], cursors(order, described.get("graph"))
    nodes = [node_of(row[0], described.get("as_of")) for row in rows]
    marks = [cursor(row[1:]) for row in rows]
    return Connection(
        edges=[Edge(cursor=c, node=n) for c, n in zip(marks, nodes, strict=True)],
        nodes=nodes,
        page_info=page_info(marks, more=len(found) > len(rows), after="after" in described),
        count=partial(reader.reads.total, described),
    )


def _list_of(kind: NodeType | None, node_type: type[KnowledgeNode], what: str) -> Any:
    async def resolve(
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        where: Where = UNSET,
        order_by: OrderBy = UNSET,
        first: First = 50,
        after: After = UNSET,
        as_of: AsOf = UNSET,
    ) -> Any:
        given = arguments(
            graph=graph, include_inherited=include_inherited, where=where, order_by=order_by, first=first,
            after=after, as_of=as_of,
        )  # fmt: skip
        return await page(info.context.reader, kind, given)

    resolve.__annotations__["return"] = Connection[node_type]  # type: ignore[valid-type]
    return strawberry.field(
        resolver=resolve,
        description=f"{what}, last changed first unless `orderBy` says otherwise.",
        metadata=mapped(Root("page", kind)),
    )


@strawberry.type
class KnowledgeQuery:
    """Root fields that read knowledge."""

    @strawberry.field(
        description="The node with this id. Where several graphs have one, say in which.",
        metadata=mapped(Root("node")),
    )
    async def node(self, info: Info, id: NodeId, graph: GraphName = UNSET, as_of: AsOf = UNSET) -> KnowledgeNode | None:
        """The node with this id."""
        reader = info.context.reader
        described = reader.describe(Root("node"), arguments(id=id, graph=graph, as_of=as_of))
        properties = the_one(await reader.reads.node(described), id)
        return node_of(properties, described.get("as_of")) if properties else None

    nodes: Connection[KnowledgeNode] = _list_of(None, KnowledgeNode, "Nodes of all types")
    notes: Connection[Note] = _list_of(NodeType.NOTE, Note, "Notes")
    decisions: Connection[Decision] = _list_of(NodeType.DECISION, Decision, "Decisions")
    guidelines: Connection[Guideline] = _list_of(NodeType.GUIDELINE, Guideline, "Guidelines")
    patterns: Connection[Pattern] = _list_of(NodeType.PATTERN, Pattern, "Patterns")
    journals: Connection[Journal] = _list_of(NodeType.JOURNAL, Journal, "Entries of the journal")
    executions: Connection[Execution] = _list_of(NodeType.EXECUTION, Execution, "Records of agents' runs")

    @strawberry.field(description="Nodes around a node, nearest first, each once.", metadata=mapped(Root("neighbours")))
    async def neighbours(
        self,
        info: Info,
        id: NodeId,
        graph: GraphName = UNSET,
        depth: Hops = 1,
        types: Types = UNSET,
        direction: Directed = Direction.BOTH,
        where: Where = UNSET,
        first: First = 100,
        as_of: AsOf = UNSET,
    ) -> list[Neighbour]:
        """Nodes around a node."""
        reader = info.context.reader
        given = arguments(
            id=id, graph=graph, depth=depth, types=types, direction=direction, where=where, first=first,
            as_of=as_of,
        )  # fmt: skip
        described = reader.describe(Root("neighbours"), given)
        start = require(the_one(await reader.reads.node(described), id), id)
        if "as_of" in described:
            return await neighbours_as_of(reader, start, described)
        rows = await reader.reads.near(described)
        return [Neighbour(node=node_of(row), distance=distance) for distance, row in rows]

    @strawberry.field(
        description="A shortest path between two nodes; null when there is none.",
        metadata=mapped(Root("path")),
    )
    async def path(
        self,
        info: Info,
        from_: Annotated[strawberry.ID, strawberry.argument(name="from", description="Where it starts.")],
        to: Annotated[strawberry.ID, strawberry.argument(description="Where it ends.")],
        graph: GraphName = UNSET,
        max_depth: Hops = 6,
        relations: Types = UNSET,
        direction: Directed = Direction.BOTH,
        as_of: AsOf = UNSET,
    ) -> GraphPath | None:
        """A shortest path."""
        reader = info.context.reader
        given = arguments(
            from_=from_, to=to, graph=graph, max_depth=max_depth, relations=relations, direction=direction,
            as_of=as_of,
        )  # fmt: skip
        described = reader.describe(Root("path"), given)
        start, end = await _end(reader, described, from_), await _end(reader, described, to)
        if start is None or end is None:
            return None
        if "as_of" in described:
            return await path_as_of(reader, start, end, described)
        found = await reader.reads.path(described)
        if found is None:
            return None
        nodes, links = [node_of(row) for row in found[0]], [relation_of(row) for row in found[1]]
        return GraphPath(length=len(links), nodes=nodes, relations=links)

    @strawberry.field(
        description="Relations between nodes of some kind and nodes of another kind, by the ids of their ends: such as "
        "notes that explain a decision which was accepted."
    )
    async def match_pattern(
        self,
        info: Info,
        from_: Annotated[PatternEnd, strawberry.argument(name="from", description="Which nodes they begin at.")],
        to: Annotated[PatternEnd, strawberry.argument(description="Which nodes they end at.")],
        relation: Annotated[
            RelationType | None, strawberry.argument(description="Of which type they are; without it, of any.")
        ] = UNSET,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        first: First = 100,
    ) -> list[Relation]:
        """Relations between nodes of some kind and nodes of another kind."""
        reader = info.context.reader
        given = arguments(
            from_=from_, to=to, relation=relation, graph=graph, include_inherited=include_inherited, first=first
        )
        return [relation_of(row) for row in await reader.reads.pattern(pattern(given, reader.scope))]

    @strawberry.field(
        description="Part of a graph for a picture: the nodes last changed and the relations among them.",
        metadata=mapped(Root("graph_slice")),
    )
    async def graph_slice(
        self,
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        where: Where = UNSET,
        relations: Types = UNSET,
        first: Annotated[int, strawberry.argument(description="How many nodes, 1 to 50,000.")] = 2_000,
        as_of: AsOf = UNSET,
        focus: Focus = UNSET,
        depth: Hops = 1,
    ) -> GraphSlice:
        """Part of a graph for a picture."""
        reader = info.context.reader
        given = arguments(
            graph=graph, include_inherited=include_inherited, where=where, relations=relations, first=first,
            as_of=as_of, focus=focus, depth=depth,
        )  # fmt: skip
        described = reader.describe(Root("graph_slice"), given)
        if "focus" in described:
            start = await reader.reads.node({**described, "id": described["focus"]})
            require(the_one(start, described["focus"]), described["focus"], "focus")
        columns = columns_of(await reader.reads.graph_slice(described), described)
        services = info.context.services
        return _slice(columns, once(lambda: positions_of(columns, described, services.layouts)))

    @strawberry.field(description="States of a node, deleted or not, newest first.", metadata=mapped(Root("history")))
    async def history(self, info: Info, id: NodeId, graph: GraphName = UNSET, first: First = 50) -> list[Revision]:
        """States of a node."""
        reader = info.context.reader
        described = reader.describe(Root("history"), arguments(id=id, graph=graph, first=first))
        found = await reader.reads.history(described)
        return [revision_of(row) for row in require(the_one(found, id), id)]


async def _end(reader: Reader, described: Mapping[str, Any], node_id: str) -> KnowledgeNode | None:
    """One end of a path."""
    properties = the_one(await reader.reads.node({**described, "id": node_id}), node_id)
    return node_of(properties, described.get("as_of")) if properties else None


def _slice(columns: SliceColumns, placed: Callable[[], Awaitable[Placed]]) -> GraphSlice:
    """The slice as objects of the schema; the executor picks from them."""
    parts = {name: {key: get(columns) for key, get in fields.items()} for name, fields in COLUMNS.items()}
    nodes = {key: get(columns) for key, get in OBJECTS["nodeList"].items()}
    edges = {key: get(columns) for key, get in OBJECTS["edgeList"].items()}
    coded = parts["dict"]

    async def grouped() -> SliceCommunities:
        columns.placed = await placed()
        return SliceCommunities(**columns.communities._asdict())

    return GraphSlice(
        dict=SliceDictionary(
            type=[NodeType[n] for n in coded["type"]],
            status=coded["status"],
            tag=coded["tag"],
            edge_type=[RelationType[n] for n in coded["edgeType"]],
        ),
        nodes=SliceNodes(**parts["nodes"], placed=placed),
        edges=SliceEdges(**parts["edges"]),
        node_list=[
            SliceNode(id=i, title=t, type=NodeType[k], status=s)
            for i, t, k, s in zip(nodes["id"], nodes["title"], nodes["type"], nodes["status"], strict=True)
        ],
        edge_list=[
            SliceEdge(source=s, target=t, type=RelationType[k])
            for s, t, k in zip(edges["source"], edges["target"], edges["type"], strict=True)
        ],
        as_of=DateTime(columns.as_of) if columns.as_of else None,
        truncated=columns.truncated,
        placed=placed,
        grouped=grouped,
    )
