"""Root fields that say what there is."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

import stratumiops
from stratumiops.graph.models import NodeType, Period
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of, graphs_of, reading
from stratumiops.resolvers.knowledge.reader import Reader, arguments
from stratumiops.schema.arguments import AsOf, First, GraphName, Inherited, Where
from stratumiops.schema.graphs import Graph, Growth, Inheritance, ServerInfo, TagCount
from stratumiops.schema.scalars import Date


async def graphs_named(reader: Reader, names: Sequence[str]) -> list[Graph]:
    """The named graphs of these names, by name."""
    return [_graph(reader, *row) for row in await reader.reads.graphs(names)]


def _graph(reader: Reader, held: dict[str, Any], inherits: list[tuple[str, int]], nodes: int) -> Graph:
    name = held["name"]
    return Graph(
        name=name,
        title=held.get("title") or name,
        description=held.get("description") or "",
        priority=held.get("priority", 100),
        inherits=[Inheritance(graph=graph, priority=priority) for graph, priority in inherits],
        resolved=list(reader.scope.graphs(name, inherited=True)),
        node_count=nodes,
        created_at=held["created_at"],
        updated_at=held["updated_at"],
        rev=held.get("rev", 1),
    )


@strawberry.type
class CatalogueQuery:
    """Root fields that say what there is."""

    @strawberry.field(description="The named graphs that you may read, by name.")
    async def graphs(self, info: Info) -> list[Graph]:
        """The named graphs that you may read."""
        reader = info.context.reader
        return await graphs_named(reader, reader.scope.visible)

    @strawberry.field(description="The named graph of this name, if you may read it.")
    async def graph(
        self, info: Info, name: Annotated[str, strawberry.argument(description="Its name.")]
    ) -> Graph | None:
        """The named graph of this name."""
        reader = info.context.reader
        found = await graphs_named(reader, reader.scope.known(name))
        return found[0] if found else None

    @strawberry.field(description="Tags and how many nodes have them, most used first.")
    async def tags(
        self,
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        prefix: Annotated[str | None, strawberry.argument(description="Only tags that begin so.")] = UNSET,
        first: First = 100,
        as_of: AsOf = UNSET,
    ) -> list[TagCount]:
        """Tags and how many nodes have them."""
        reader = info.context.reader
        given = arguments(graph=graph, include_inherited=include_inherited, first=first)
        described = graphs_of(given, reader.scope) | {"first": first_of(given, reader.scope)}
        described |= {k: v for k, v in arguments(prefix=prefix, as_of=as_of).items() if v is not None}
        return [TagCount(tag=tag, count=uses) for tag, uses in await reader.reads.tags(described)]

    @strawberry.field(
        description="How the graph grew: nodes that are there, by the period in which they were created and by type; "
        "oldest first, the newest 10,000 counts. Periods in which nothing was created are left out."
    )
    async def graph_growth(
        self,
        info: Info,
        graph: GraphName = UNSET,
        include_inherited: Inherited = True,
        by: Annotated[Period, strawberry.argument(description="How long a period is.")] = Period.MONTH,
        where: Where = UNSET,
    ) -> list[Growth]:
        """How the graph grew."""
        reader = info.context.reader
        given = arguments(graph=graph, include_inherited=include_inherited, where=where)
        described = reading(given, reader.scope) | {"by": (by,)}
        found = await reader.reads.growth(described)
        in_order = sorted(found, key=lambda row: row[0])
        return [Growth(period=Date(period), type=NodeType(kind), nodes=nodes) for period, kind, nodes in in_order]

    @strawberry.field(description="What serves this API, its limits, and who you are to it.")
    async def server_info(self, info: Info) -> ServerInfo:
        """What serves this API."""
        reader, principal = info.context.reader, info.context.principal
        limits = info.context.services.settings.limits
        visible = reader.scope.visible
        schema, product, version, nodes = await reader.reads.server(visible)
        return ServerInfo(
            version=stratumiops.__version__,
            schema_version=schema or 0,
            database=f"{product} {version}",
            graphs=len(visible),
            nodes=nodes,
            max_page_size=limits.max_page_size,
            max_depth=limits.max_depth,
            max_cost=limits.max_cost,
            principal=principal.name,
            role=principal.role.value,
        )
