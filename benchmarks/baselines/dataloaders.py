"""Plain strawberry as its documentation shows it: typed resolvers, one DataLoader for each kind of relation.

The same documents as the API's, for the fields that the eight operations use.
"""

import argparse
import base64
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

import strawberry
import uvicorn
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.types import Info

from benchmarks.baselines import connection_from_env, loaders
from stratumiops.graph.ids import format_instant, parse_instant, utc_now


@strawberry.enum
class NodeType(StrEnum):
    NOTE = "note"
    DECISION = "decision"
    GUIDELINE = "guideline"
    PATTERN = "pattern"
    JOURNAL = "journal"
    EXECUTION = "execution"


@strawberry.enum
class Direction(StrEnum):
    OUT = "OUT"
    IN = "IN"
    BOTH = "BOTH"


@strawberry.enum
class SortDirection(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum
class NodeOrderField(StrEnum):
    ID = "id"
    UPDATED_AT = "updated_at"


@strawberry.input
class NodeOrder:
    field: NodeOrderField = NodeOrderField.UPDATED_AT
    direction: SortDirection = SortDirection.DESC


@strawberry.input
class StringFilter:
    eq: str | None = None


@strawberry.input
class DateTimeFilter:
    lt: datetime | None = None


@strawberry.input
class NodeWhere:
    status: StringFilter | None = None
    updated_at: DateTimeFilter | None = None


@strawberry.type
class KnowledgeNode:
    id: strawberry.ID
    graph: str
    type: NodeType
    title: str
    content: str
    tags: list[str]
    status: str | None
    created_at: datetime
    updated_at: datetime
    rev: int

    @strawberry.field
    async def relations(self, info: Info, direction: Direction = Direction.OUT, first: int = 50) -> list["Relation"]:
        rows = await info.context["relations"].load((self.graph, self.id))
        return [Relation(type=row["type"], weight=row["weight"], target=node_of(row["target"])) for row in rows[:first]]

    @strawberry.field
    async def depends_on(self, info: Info, order_by: NodeOrder | None = None, first: int = 50) -> list["KnowledgeNode"]:
        rows = await info.context["depends_on"].load((self.graph, self.id, first))
        return [node_of(row) for row in rows]


@strawberry.type
class Relation:
    type: str
    weight: float
    target: KnowledgeNode


def node_of(row: Any) -> KnowledgeNode:
    return KnowledgeNode(
        id=row["id"],
        graph=row["graph"],
        type=NodeType(row["type"]),
        title=row["title"],
        content=row["content"],
        tags=row["tags"],
        status=row.get("status"),
        created_at=parse_instant(row["created_at"]),
        updated_at=parse_instant(row["updated_at"]),
        rev=row["rev"],
    )


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge:
    cursor: str
    node: KnowledgeNode


@strawberry.type
class Connection:
    nodes: list[KnowledgeNode]
    page_info: PageInfo
    graph: strawberry.Private[str]

    @strawberry.field
    def edges(self) -> list[Edge]:
        return [Edge(cursor=_cursor(node), node=node) for node in self.nodes]

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        rows = await query(
            info, "MATCH (n:KnowledgeNode) WHERE n.graph = $graph RETURN count(n) AS total", graph=self.graph
        )
        return int(rows[0]["total"])


def _cursor(node: KnowledgeNode) -> str:
    return base64.b64encode(node.id.encode()).decode()


@strawberry.type
class SliceNode:
    id: strawberry.ID
    title: str
    type: NodeType
    status: str | None


@strawberry.type
class SliceEdge:
    source: strawberry.ID
    target: strawberry.ID
    type: str


@strawberry.type
class GraphSlice:
    node_list: list[SliceNode]
    edge_list: list[SliceEdge]


async def query(info: Info, text: str, **values: Any) -> list[Any]:
    async def work(transaction: AsyncManagedTransaction) -> list[Any]:
        return [record async for record in await transaction.run(text, values)]

    driver: AsyncDriver = info.context["driver"]
    async with driver.session() as session:
        return await session.execute_read(work)


async def page(
    info: Info, label: str, *, graph: str, where: NodeWhere | None, order_by: NodeOrder | None, first: int
) -> Connection:
    order = order_by or NodeOrder()
    conditions, values = ["n.graph = $graph"], {"graph": graph, "limit": first + 1}
    if where and where.status:
        conditions.append("n.status = $status")
        values["status"] = where.status.eq
    if where and where.updated_at and where.updated_at.lt:
        conditions.append("n.updated_at < $before")
        values["before"] = format_instant(where.updated_at.lt)
    rows = await query(
        info,
        f"MATCH (n:{label}) WHERE {' AND '.join(conditions)}"
        f" RETURN n ORDER BY n.{order.field.value} {order.direction.value} LIMIT $limit",
        **values,
    )
    nodes = [node_of(row["n"]) for row in rows[:first]]
    end = _cursor(nodes[-1]) if nodes else None
    return Connection(nodes=nodes, page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end), graph=graph)


@strawberry.type
class Query:
    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID, graph: str) -> KnowledgeNode | None:  # noqa: A002
        rows = await query(info, "MATCH (n:KnowledgeNode {graph: $graph, id: $id}) RETURN n", graph=graph, id=id)
        return node_of(rows[0]["n"]) if rows else None

    @strawberry.field
    async def nodes(
        self,
        info: Info,
        graph: str,
        where: NodeWhere | None = None,
        order_by: NodeOrder | None = None,
        first: int = 50,
    ) -> Connection:
        return await page(info, "KnowledgeNode", graph=graph, where=where, order_by=order_by, first=first)

    @strawberry.field
    async def decisions(
        self,
        info: Info,
        graph: str,
        where: NodeWhere | None = None,
        order_by: NodeOrder | None = None,
        first: int = 50,
    ) -> Connection:
        return await page(info, "KnowledgeNode:Decision", graph=graph, where=where, order_by=order_by, first=first)

    @strawberry.field
    async def graph_slice(self, info: Info, graph: str, first: int = 2000) -> GraphSlice:
        rows = await query(
            info,
            "MATCH (n:KnowledgeNode) WHERE n.graph = $graph RETURN n ORDER BY n.updated_at DESC LIMIT $first",
            graph=graph,
            first=first,
        )
        ids = [row["n"]["id"] for row in rows]
        edges = await query(info, loaders.EDGES_AMONG, graph=graph, ids=ids)
        return GraphSlice(
            node_list=[
                SliceNode(
                    id=row["n"]["id"],
                    title=row["n"]["title"],
                    type=NodeType(row["n"]["type"]),
                    status=row["n"].get("status"),
                )
                for row in rows
            ],
            edge_list=[SliceEdge(source=e["source"], target=e["target"], type=e["type"]) for e in edges],
        )


@strawberry.input
class CreateNoteInput:
    graph: str
    title: str
    content: str
    tags: list[str]


@strawberry.input
class NodeInput:
    type: NodeType
    title: str
    content: str
    tags: list[str]


@strawberry.input
class CreateNodesInput:
    graph: str
    nodes: list[NodeInput]


@strawberry.type
class CreateNotePayload:
    note: KnowledgeNode


@strawberry.type
class CreateNodesPayload:
    count: int
    nodes: list[KnowledgeNode]


async def create(info: Info, graph: str, given: Sequence[CreateNoteInput | NodeInput]) -> list[KnowledgeNode]:
    now = utc_now()
    rows = [
        {
            "id": str(uuid.uuid4()),
            "graph": graph,
            "type": "note",
            "title": node.title,
            "content": node.content,
            "tags": node.tags,
            "metadata": "{}",
            "created_at": now,
            "updated_at": now,
            "created_by": "local",
            "updated_by": "local",
            "rev": 1,
        }
        for node in given
    ]

    async def work(transaction: AsyncManagedTransaction) -> list[Any]:
        result = await transaction.run(loaders.CREATE, graph=graph, rows=rows, event=str(uuid.uuid4()), at=now)
        return [record["n"] async for record in result]

    driver: AsyncDriver = info.context["driver"]
    async with driver.session() as session:
        return [node_of(row) for row in await session.execute_write(work)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def create_note(self, info: Info, input: CreateNoteInput) -> CreateNotePayload:  # noqa: A002
        (note,) = await create(info, input.graph, [input])
        return CreateNotePayload(note=note)

    @strawberry.mutation
    async def create_nodes(self, info: Info, input: CreateNodesInput) -> CreateNodesPayload:  # noqa: A002
        nodes = await create(info, input.graph, input.nodes)
        return CreateNodesPayload(count=len(nodes), nodes=nodes)


class Endpoint(GraphQL[Any, Any]):
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        driver = request.app.state.driver
        return {
            "driver": driver,
            "relations": DataLoader(load_fn=loaders.Relations(driver)),
            "depends_on": DataLoader(load_fn=loaders.DependsOn(driver)),
        }


def application() -> Starlette:
    """The endpoint at /graphql; connects to the store that the environment names."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        uri, auth = connection_from_env()
        async with AsyncGraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver:
            app.state.driver = driver
            yield

    endpoint = Endpoint(strawberry.Schema(Query, Mutation))
    return Starlette(routes=[Mount("/graphql", endpoint)], lifespan=lifespan)


def main() -> None:
    """Serve on 127.0.0.1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(application(), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
