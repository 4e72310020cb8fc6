"""Clients that others wrote work unmodified: gql for Python; urql and graphql-ws for JavaScript."""

import asyncio

import httpx
import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

DEADLINE_S = 60

QUERY = """query { serverInfo { version } }"""
CREATE = """mutation Create($input: CreateNoteInput!) { createNote(input: $input) { note { id title rev } } }"""


def changed(graph: str) -> str:
    return f"""subscription {{ nodeChanged(graph: "{graph}") {{ op cursor id node {{ title }} }} }}"""


@pytest.fixture
async def known_graph(api_url: str, graph_name: str) -> str:
    """A graph made by another process, once the API has taken it up."""
    query = f"""{{ graph(name: "{graph_name}") {{ name }} }}"""
    async with httpx.AsyncClient() as client, asyncio.timeout(DEADLINE_S):
        while (await client.post(api_url, json={"query": query})).json()["data"]["graph"] is None:
            await asyncio.sleep(0.05)
    return graph_name


async def test_gql_queries_with_the_schema_it_fetched(api_url, known_graph):
    transport = HTTPXAsyncTransport(api_url)
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        assert (await session.execute(gql(QUERY)))["serverInfo"]["version"]
        variables = {"input": {"graph": known_graph, "title": "By gql"}}
        create = gql(CREATE)
        create.variable_values = variables
        created = await session.execute(create)
        assert created["createNote"]["note"]["rev"] == 1


async def test_gql_subscribes_and_sees_a_change(api_url, known_graph):
    ws = api_url.replace("http", "ws", 1)
    async with (
        Client(transport=WebsocketsTransport(ws)) as listener,
        Client(transport=HTTPXAsyncTransport(api_url)) as writer,
        asyncio.timeout(DEADLINE_S),
    ):
        create = gql(CREATE)
        create.variable_values = {"input": {"graph": known_graph, "title": "By gql"}}
        stream = listener.subscribe(gql(changed(known_graph)))
        event = asyncio.ensure_future(anext(stream))
        while not event.done():  # it is not told when the server has begun to listen: write until it is seen
            await writer.execute(create)
            await asyncio.wait([event], timeout=0.1)
        change = event.result()["nodeChanged"]
        assert change["op"] == "NODE_CREATED"
        assert change["node"]["title"] == "By gql"
        await stream.aclose()


@pytest.mark.node
@pytest.mark.timeout(600)
async def test_urql_and_graphql_ws_query_change_and_subscribe(api_url, known_graph, run_node):
    got = await run_node(
        "clients.mjs",
        stdin={
            "url": api_url,
            "query": QUERY,
            "mutation": CREATE,
            "variables": {"input": {"graph": known_graph, "title": "By urql"}},
            "subscription": changed(known_graph),
        },
    )
    for name in ("query", "get", "mutation", "subscription"):
        assert "error" not in got[name], got
    assert got["query"]["data"] == got["get"]["data"]
    assert got["mutation"]["data"]["createNote"]["note"]["title"] == "By urql"
    assert got["subscription"]["data"]["nodeChanged"]["node"]["title"] == "By urql"
