"""Subscriptions over the real store: memory stays flat, statements are traced."""

import asyncio
import gc
import tracemalloc

import orjson
import websockets

from stratumiops.resolvers.bootstrap import application, wire
from stratumiops.resolvers.settings import Settings, TelemetrySettings
from stratumiops.resolvers.tracing import TracedDatabase, Tracing

DEADLINE_S = 120
GROWTH_BYTES = 1_000_000  # 1,000 bytes each; a subscription that stays takes some 20,000


def settings(neo4j_settings) -> Settings:
    neo4j = {"uri": neo4j_settings.uri, "user": neo4j_settings.user, "password": neo4j_settings.password}
    return Settings(neo4j=neo4j)


async def open_and_drop(url: str, graph: str, services, *, connections: int, each: int) -> None:
    """Open subscriptions until all listen, then drop the sockets without a word."""
    query = f'subscription {{ nodeChanged(graph: "{graph}") {{ cursor }} }}'
    sockets = []
    for _ in range(connections):
        socket = await websockets.connect(url, subprotocols=["graphql-transport-ws"], compression=None)
        sockets.append(socket)
        await socket.send('{"type": "connection_init"}')
        await socket.recv()
        for number in range(each):
            message = {"id": str(number), "type": "subscribe", "payload": {"query": query}}
            await socket.send(orjson.dumps(message).decode())
    async with asyncio.timeout(DEADLINE_S):
        while services.events.listeners < connections * each:
            await asyncio.sleep(0.01)
    for socket in sockets:
        socket.transport.abort()
    async with asyncio.timeout(DEADLINE_S):
        while services.events.listeners:
            await asyncio.sleep(0.01)
        for socket in sockets:
            await socket.wait_closed()


async def test_memory_is_flat_over_a_thousand_subscriptions(neo4j_settings, graph_name, listening):
    services = wire(settings(neo4j_settings))
    async with listening(application(services)) as port:
        async with asyncio.timeout(DEADLINE_S):
            await services.connection.ready()
        url = f"ws://127.0.0.1:{port}/graphql"
        await services.registry.load()
        tracemalloc.start()
        for _ in range(2):  # tables of the event loop and pools grow to their size
            await open_and_drop(url, graph_name, services, connections=4, each=50)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            await open_and_drop(url, graph_name, services, connections=4, each=50)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
    assert grown < GROWTH_BYTES, f"grew by {grown:,} bytes"


async def test_each_statement_is_a_span_below_its_request(neo4j_settings, listening):
    import httpx
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans = InMemorySpanExporter()
    traces = Tracing(TelemetrySettings(), SimpleSpanProcessor(spans))
    services = wire(settings(neo4j_settings), tracing=traces)
    assert isinstance(services.db, TracedDatabase)
    async with listening(application(services, traces)) as port, httpx.AsyncClient() as client:
        async with asyncio.timeout(DEADLINE_S):
            await services.connection.ready()
        spans.clear()
        query = '{ nodes(graph: "default", first: 1) { nodes { id } } }'
        answer = await client.post(f"http://127.0.0.1:{port}/graphql", json={"query": query})
        assert "errors" not in answer.json()
    finished = spans.get_finished_spans()
    (request,) = [span for span in finished if span.name == "graphql query"]
    (statement,) = [span for span in finished if span.parent and span.parent.span_id == request.context.span_id]
    assert statement.name == "neo4j read"
    assert statement.attributes["db.system.name"] == "neo4j"
    assert "MATCH" in statement.attributes["db.query.text"]
    assert "default" not in statement.attributes["db.query.text"]
