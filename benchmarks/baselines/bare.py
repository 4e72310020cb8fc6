"""The limit: a bare Starlette endpoint over hand-written Cypher. No GraphQL, no checks, no authorization.

`POST /op/NAME` takes the operation's variables as JSON and answers what the GraphQL operation answers, in
whatever order of keys. Each statement was written for its operation and for the store's indexes. A write
stores what the API stores: the node, its place in its graph, and the event of the change.
"""

import argparse
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from neo4j import AsyncDriver, AsyncGraphDatabase
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.baselines import connection_from_env
from stratumiops.graph.ids import utc_now, uuid7

Answer = Callable[[AsyncDriver, dict[str, Any]], Awaitable[Any]]
_ANY = "RELATES_TO|DEPENDS_ON|IMPLEMENTS|EXTENDS|SUPERSEDES|EXPLAINS"

NODE = """
MATCH (n:KnowledgeNode {graph: $graph, id: $id})
RETURN n{.id, type: toUpper(n.type), .title, .content, .tags, .status,
  createdAt: n.created_at, updatedAt: n.updated_at, .rev} AS node
"""
FILTERED = """
MATCH (n:KnowledgeNode)
WHERE n.graph = $graph AND n.status = $status AND n.updated_at IS NOT NULL AND n:Decision
WITH n ORDER BY n.graph DESC, n.status DESC, n.updated_at DESC LIMIT 50
RETURN collect(n{.id, .title, .status, .tags, updatedAt: n.updated_at}) AS nodes
"""
RELATIONS = f"""
MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.updated_at < $before
WITH n ORDER BY n.graph DESC, n.updated_at DESC LIMIT 50
CALL (n) {{
  MATCH (n)-[r:{_ANY}]->(t)
  WITH {{type: type(r), weight: r.weight, target: t{{.id, .title, type: toUpper(t.type)}}}} AS relation
  ORDER BY relation.target.id LIMIT 50
  RETURN collect(relation) AS relations
}}
RETURN collect(n{{.id, .title, relations: relations}}) AS nodes
"""
NESTED = """
MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.type = 'decision' AND n.updated_at < $before
WITH n ORDER BY n.graph DESC, n.type DESC, n.updated_at DESC LIMIT 20
CALL (n) {
  MATCH (n)-[:DEPENDS_ON]->(a) WITH a ORDER BY a.id LIMIT 5
  CALL (a) {
    MATCH (a)-[:DEPENDS_ON]->(b) WITH b{.id, .title} AS b ORDER BY b.id LIMIT 5
    RETURN collect(b) AS bs
  }
  RETURN collect(a{.id, .title, dependsOn: bs}) AS xs
}
RETURN collect(n{.id, .title, dependsOn: xs}) AS nodes
"""
CONNECTION = """
MATCH (g:Graph {name: $graph})
CALL () {
  MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.id > ''
  WITH n ORDER BY n.graph, n.id LIMIT 101
  RETURN collect(n{.id, .title, type: toUpper(n.type)}) AS nodes
}
RETURN {nodes: nodes, total: COUNT { (g)-[:CONTAINS]->() }} AS page
"""
SLICE = f"""
MATCH (n:KnowledgeNode) WHERE n.graph = $graph AND n.updated_at IS NOT NULL
WITH n ORDER BY n.graph DESC, n.updated_at DESC LIMIT 2000
WITH collect(n) AS ns
CALL (ns) {{
  UNWIND ns AS s MATCH (s)-[r:{_ANY}]->(t)
  RETURN collect(id(s)) AS sources, collect(id(t)) AS targets, collect(type(r)) AS kinds
}}
RETURN [[n IN ns | id(n)], [n IN ns | n.id], [n IN ns | n.title], [n IN ns | n.type], [n IN ns | n.status],
  sources, targets, kinds] AS columns
"""
CREATE = """
MATCH (g:Graph {name: $graph})
UNWIND $nodes AS properties
CREATE (n:KnowledgeNode:Note) SET n = properties
CREATE (g)-[:CONTAINS]->(n)
WITH collect(n) AS ns
CREATE (:OutboxEvent:OutboxPending {id: $event, at: $at, graph: $graph, op: 'node.created',
  ids: [n IN ns | n.id], types: [n IN ns | n.type], revs: [n IN ns | n.rev], actor: 'local'})
RETURN [n IN ns | n{.id, .title, .tags, .rev}] AS nodes
"""


async def _read(driver: AsyncDriver, text: str, values: dict[str, Any]) -> Any:
    async with driver.session(database="neo4j", default_access_mode="READ") as session:
        record = await (await session.run(text, values)).single()
    return record[0] if record else None


async def _node(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    return {"node": await _read(driver, NODE, values)}


async def _filtered(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    return {"decisions": {"nodes": await _read(driver, FILTERED, values)}}


async def _relations(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    return {"nodes": {"nodes": await _read(driver, RELATIONS, values)}}


async def _nested(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    return {"decisions": {"nodes": await _read(driver, NESTED, values)}}


async def _connection(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    page = await _read(driver, CONNECTION, values)
    found = page["nodes"]
    edges = [{"cursor": base64.b64encode(n["id"].encode()).decode(), "node": n} for n in found[:100]]
    info = {"hasNextPage": len(found) > 100, "endCursor": edges[-1]["cursor"] if edges else None}
    return {"nodes": {"totalCount": page["total"], "pageInfo": info, "edges": edges}}


async def _slice(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    keys, ids, titles, types, statuses, sources, targets, kinds = await _read(driver, SLICE, values)
    id_of = dict(zip(keys, ids, strict=True))
    nodes = [
        {"id": i, "title": title, "type": kind.upper(), "status": status}
        for i, title, kind, status in zip(ids, titles, types, statuses, strict=True)
    ]
    edges = [
        {"source": id_of[s], "target": id_of[t], "type": kind}
        for s, t, kind in zip(sources, targets, kinds, strict=True)
        if t in id_of
    ]
    return {"graphSlice": {"nodeList": nodes, "edgeList": edges}}


async def _create(driver: AsyncDriver, graph: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    now = utc_now()
    fixed = {"graph": graph, "type": "note", "metadata": "{}", "rev": 1, "created_at": now, "updated_at": now}
    fixed |= {"created_by": "local", "updated_by": "local"}
    nodes = [
        fixed | {"id": uuid7(), "title": node["title"], "content": node["content"], "tags": node["tags"]}
        for node in given
    ]
    values = {"graph": graph, "nodes": nodes, "event": uuid7(), "at": now}
    async with driver.session(database="neo4j") as session:
        record = await (await session.run(CREATE, values)).single(strict=True)
    return list(record[0])


async def _create_one(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    given = values["input"]
    (node,) = await _create(driver, given["graph"], [given])
    return {"createNote": {"note": node}}


async def _create_many(driver: AsyncDriver, values: dict[str, Any]) -> Any:
    given = values["input"]
    nodes = await _create(driver, given["graph"], given["nodes"])
    return {"createNodes": {"count": len(nodes), "nodes": [{"id": n["id"], "title": n["title"]} for n in nodes]}}


OPERATIONS: dict[str, Answer] = {
    "node": _node,
    "filtered": _filtered,
    "relations": _relations,
    "nested": _nested,
    "connection": _connection,
    "slice": _slice,
    "create_one": _create_one,
    "create_many": _create_many,
}
STATEMENTS = {
    "node": NODE,
    "filtered": FILTERED,
    "relations": RELATIONS,
    "nested": NESTED,
    "connection": CONNECTION,
    "slice": SLICE,
}
"""The read statements, by operation, for their db hits."""


def application() -> Starlette:
    """The endpoint; connects to the store that the environment names."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        uri, auth = connection_from_env()
        async with AsyncGraphDatabase.driver(
            uri, auth=auth, telemetry_disabled=True, notifications_min_severity="OFF"
        ) as driver:
            app.state.driver = driver
            yield

    async def operate(request: Request) -> Response:
        answer = OPERATIONS[request.path_params["name"]]
        data = await answer(request.app.state.driver, orjson.loads(await request.body()))
        return Response(orjson.dumps({"data": data}), media_type="application/json")

    return Starlette(routes=[Route("/op/{name}", operate, methods=["POST"])], lifespan=lifespan)


def main() -> None:
    """Serve on 127.0.0.1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(application(), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
