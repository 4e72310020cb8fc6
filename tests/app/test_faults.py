"""The real application while its Neo4j goes away and comes back: UNAVAILABLE, then well again by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
import websockets

from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.bootstrap import application, wire
from stratumiops.resolvers.settings import Settings

DEADLINE_S = 60
READ = {"query": '{ nodes(graph: "default", first: 1) { nodes { id } } }'}
SLOW = {"query": "{ nodes(first: 1000) { nodes { id neighbours(first: 50) { id } } } }"}


class Proxy:
    """Passes bytes to and from Neo4j; `cut` breaks what runs and refuses what comes, `mend` serves again."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.stalled = False

    async def mend(self) -> None:
        self.stalled = False
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        async with asyncio.timeout(DEADLINE_S):
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        except OSError:
            return
        finally:
            self._writers -= {writer, far_writer}
            writer.close()
            far_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.stalled:
                writer.write(data)
                await writer.drain()
        writer.close()


@pytest.fixture
async def proxy(neo4j_settings: Neo4jSettings) -> AsyncIterator[Proxy]:
    address = urlsplit(neo4j_settings.uri)
    proxy = Proxy(address.hostname, address.port)
    await proxy.mend()
    yield proxy
    await proxy.cut()


@pytest.fixture
def api(neo4j_settings, proxy, listening):
    """Serves the application over the proxy: `async with api() as client`."""

    @asynccontextmanager
    async def serve(**sections):
        neo4j = {
            "uri": f"bolt://127.0.0.1:{proxy.port}",
            "user": neo4j_settings.user,
            "password": neo4j_settings.password,
        }
        app = application(wire(Settings(neo4j=neo4j, **sections)))
        async with (
            listening(app) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE_S) as client,
        ):
            yield client

    return serve


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while (await client.get("/ready")).status_code != 200:
            await asyncio.sleep(0.02)


def code(answer: httpx.Response) -> str:
    return answer.json()["errors"][0]["extensions"]["code"]


async def test_the_api_starts_without_neo4j_and_heals(api, proxy):
    await proxy.cut()
    async with api() as client:
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 503
        answer = await client.post("/graphql", json=READ)
        assert answer.status_code == 200
        assert code(answer) == "UNAVAILABLE"
        introspection = await client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
        assert introspection.json()["data"]["__schema"]["queryType"]["name"] == "Query"
        await proxy.mend()
        await until_ready(client)
        assert "errors" not in (await client.post("/graphql", json=READ)).json()


async def test_neo4j_may_go_away_between_and_during_requests(api, proxy):
    async with api(limits={"statement_timeout_s": 5}) as client:
        await until_ready(client)
        for _ in range(2):
            during = asyncio.ensure_future(client.post("/graphql", json=SLOW))
            await asyncio.wait([during], timeout=0.02)
            await proxy.cut()
            answers = [await during, await client.post("/graphql", json=SLOW)]
            for answer in answers:
                assert answer.status_code == 200
                assert "errors" not in answer.json() or code(answer) == "UNAVAILABLE"
            assert code(answers[1]) == "UNAVAILABLE"
            assert (await client.get("/ready")).json()["parts"]["neo4j"]["ok"] is False
            await proxy.mend()
            await until_ready(client)
            assert "errors" not in (await client.post("/graphql", json=SLOW)).json()


async def test_a_change_is_never_acknowledged_while_neo4j_is_away(api, proxy, graph_name):
    create = "mutation C($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }"
    async with api(limits={"statement_timeout_s": 5}) as client:
        await until_ready(client)
        await proxy.cut()
        variables = {"input": {"graph": graph_name, "title": "Lost"}}
        answer = await client.post("/graphql", json={"query": create, "variables": variables})
        assert code(answer) == "UNAVAILABLE"
        await proxy.mend()
        await until_ready(client)
        count = f'{{ notes(graph: "{graph_name}") {{ totalCount }} }}'
        assert (await client.post("/graphql", json={"query": count})).json()["data"]["notes"]["totalCount"] == 0


async def test_a_neo4j_that_stops_answering_is_a_timeout_or_unavailable(api, proxy):
    async with api(limits={"statement_timeout_s": 1}) as client:
        await until_ready(client)
        proxy.stalled = True
        assert (await client.get("/ready")).status_code == 503
        await proxy.cut()
        await proxy.mend()
        await until_ready(client)


async def test_a_subscription_outlives_an_outage_and_loses_nothing(api, proxy, graph_name):
    create = "mutation C($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }"
    query = f'subscription {{ nodeChanged(graph: "{graph_name}") {{ cursor node {{ title }} }} }}'

    async with api(limits={"statement_timeout_s": 5}) as client:
        await until_ready(client)

        async def note(title: str) -> None:
            variables = {"input": {"graph": graph_name, "title": title}}
            answer = await client.post("/graphql", json={"query": create, "variables": variables})
            assert "errors" not in answer.json()

        url = f"ws://{client.base_url.netloc.decode()}/graphql"
        async with websockets.connect(url, subprotocols=["graphql-transport-ws"]) as socket:
            await socket.send('{"type": "connection_init"}')
            await socket.recv()
            subscribe = {"id": "1", "type": "subscribe", "payload": {"query": query}}
            await socket.send(orjson.dumps(subscribe).decode())
            heard: list[str] = []
            listening_to_all = asyncio.ensure_future(hear_titles(socket, heard, last="after"))
            number = 0
            while not heard:  # nobody says when the server has begun to listen
                number += 1
                await note(f"before {number}")
            await proxy.cut()
            await proxy.mend()
            await until_ready(client)
            await note("after")
            async with asyncio.timeout(DEADLINE_S):
                await listening_to_all
    first = int(heard[0].removeprefix("before "))
    assert heard == [f"before {n}" for n in range(first, number + 1)] + ["after"]


async def hear_titles(socket: websockets.ClientConnection, heard: list[str], *, last: str) -> None:
    async for text in socket:
        message = orjson.loads(text)
        assert message["type"] == "next", message
        heard.append(message["payload"]["data"]["nodeChanged"]["node"]["title"])
        if heard[-1] == last:
            return
