"""`graphql-transport-ws`, message by message and close code by close code."""

import asyncio
import hashlib
import json
from contextlib import asynccontextmanager

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

PROTOCOL = "graphql-transport-ws"
DEADLINE_S = 20
FOREVER = {"query": "subscription { forever }"}


class Client:
    """Speaks JSON over one socket."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, object]:
        async with asyncio.timeout(DEADLINE_S):
            return json.loads(await self.connection.recv())

    async def closed(self) -> tuple[int, str]:
        """Code and reason, whatever is still to be read before."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closed:
            return closed.rcvd.code, closed.rcvd.reason

    async def ack(self, **payload: object) -> "Client":
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}
        return self

    async def subscribe(self, key: str, **payload: object) -> None:
        await self.say(type="subscribe", id=key, payload=payload)


@pytest.fixture
def connect(build, listening):
    """Connects a client to an application of its own: `async with connect(limits=…) as (client, …)`."""

    @asynccontextmanager
    async def open_one(subprotocols=(PROTOCOL,), headers=None, **sections):
        served = build(**sections)
        async with (
            listening(served.app) as port,
            websockets.connect(
                f"ws://127.0.0.1:{port}/graphql",
                subprotocols=subprotocols,
                additional_headers=headers,
                compression=None,
            ) as connection,
        ):
            yield Client(connection), served.services

    return open_one


async def until(condition) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_subscription_sends_each_result_and_completes(connect):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("1", query="subscription ($n: Int!) { count(to: $n) }", variables={"n": 2})
        assert await client.hear() == {"id": "1", "type": "next", "payload": {"data": {"count": "0"}}}
        assert await client.hear() == {"id": "1", "type": "next", "payload": {"data": {"count": "1"}}}
        assert await client.hear() == {"id": "1", "type": "complete"}


@pytest.mark.parametrize("query", ["{ hello }", "mutation { touch }"])
async def test_queries_and_mutations_answer_once(connect, query):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("q", query=query)
        assert "data" in (await client.hear())["payload"]
        assert await client.hear() == {"id": "q", "type": "complete"}


@pytest.mark.parametrize("query", ["{", "{ nothing }", "subscription { nothing }", "subscription { count }"])
async def test_documents_that_cannot_run_are_one_error(connect, query):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("1", query=query)
        answer = await client.hear()
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert answer["payload"][0]["extensions"]["code"] == "BAD_INPUT"
        await client.subscribe("1", query="{ hello }")
        assert (await client.hear())["type"] == "next"


@pytest.mark.parametrize("payload", [{}, {"query": 1}, {"query": "{ hello }", "variables": []}])
async def test_wrong_parameters_are_one_error(connect, payload):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("1", **payload)
        assert (await client.hear())["type"] == "error"


async def test_errors_of_fields_travel_in_next(connect):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("1", query="{ conflict }")
        assert (await client.hear())["payload"]["errors"][0]["extensions"]["code"] == "CONFLICT"


async def test_bugs_are_an_error_with_a_correlation_id(connect):
    async with connect(headers={"x-request-id": "socket-1"}) as (client, _):
        await client.ack()
        await client.subscribe("1", query="{ crash }")
        error = (await client.hear())["payload"][0]
        assert error["extensions"] == {"code": "INTERNAL", "correlationId": "socket-1.1"}


async def test_pings_are_answered_before_and_after_the_handshake(connect):
    async with connect() as (client, _):
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}
        await client.say(type="pong", payload={"any": 1})
        await client.ack()
        await client.say(type="ping", payload={"any": 1})
        assert await client.hear() == {"type": "pong"}


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        '"text"',
        b"binary",
        '{"type": "unknown"}',
        "{}",
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {}}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "connection_init", "payload": []}',
    ],
)
async def test_malformed_messages_close_with_4400(connect, message):
    async with connect() as (client, _):
        await client.connection.send(message)
        code, reason = await client.closed()
        assert code == 4400
        assert reason


async def test_subscribing_before_the_handshake_closes_with_4401(connect):
    async with connect() as (client, _):
        await client.subscribe("1", query="{ hello }")
        assert await client.closed() == (4401, "Unauthorized")


async def test_another_subprotocol_closes_with_4406(connect):
    for subprotocols in (None, ("graphql-ws",)):
        async with connect(subprotocols=subprotocols) as (client, _):
            assert (await client.closed())[0] == 4406


async def test_a_silent_client_is_closed_with_4408(connect):
    async with connect(limits={"connection_init_s": 0.05}) as (client, _):
        assert await client.closed() == (4408, "Connection initialisation timeout")


async def test_the_handshake_stops_the_timer(connect):
    async with connect(limits={"connection_init_s": 0.2}) as (client, _):
        await client.ack()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await client.connection.recv()
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}


async def test_an_id_in_use_closes_with_4409(connect):
    async with connect() as (client, _):
        await client.ack()
        await client.subscribe("7", **FOREVER)
        await client.subscribe("7", query="{ hello }")
        assert await client.closed() == (4409, "Subscriber for 7 already exists")


async def test_a_second_handshake_closes_with_4429(connect):
    async with connect() as (client, _):
        await client.ack()
        await client.say(type="connection_init")
        assert await client.closed() == (4429, "Too many initialisation requests")


async def test_complete_stops_a_subscription_and_frees_its_id(connect):
    async with connect() as (client, services):
        await client.ack()
        for _ in range(3):
            await client.subscribe("1", **FOREVER)
            assert (await client.hear())["type"] == "next"
            assert services.open_streams == 1
            await client.say(type="complete", id="1")
            await until(lambda: services.open_streams == 0)
        await client.say(type="complete", id="never seen")
        await client.say(type="ping")
        assert await client.hear() == {"type": "pong"}


@pytest.mark.parametrize("abrupt", [True, False])
async def test_a_client_that_goes_leaves_nothing_behind(connect, abrupt):
    async with connect() as (client, services):
        await client.ack()
        for key in "abc":
            await client.subscribe(key, **FOREVER)
            await client.hear()
        assert services.open_streams == 3
        if abrupt:
            client.connection.transport.abort()
        else:
            await client.connection.close()
        await until(lambda: services.open_streams == 0)
        assert b"stratumiops_subscriptions 0.0" in services.metrics.exposition()
        assert b"stratumiops_websockets 0.0" in services.metrics.exposition()


async def test_one_operation_too_many_is_an_error_and_the_rest_go_on(connect):
    async with connect(limits={"max_subscriptions": 2}) as (client, services):
        await client.ack()
        for key in "ab":
            await client.subscribe(key, **FOREVER)
            await client.hear()
        await client.subscribe("c", **FOREVER)
        answer = await client.hear()
        assert (answer["id"], answer["type"]) == ("c", "error")
        assert answer["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert services.open_streams == 2


async def test_one_connection_too_many_is_told_to_come_again(connect):
    async with connect(limits={"max_connections": 1}) as (client, _):
        await client.ack()
        host, port = client.connection.remote_address
        async with websockets.connect(f"ws://{host}:{port}/graphql", subprotocols=[PROTOCOL]) as second:
            assert (await Client(second).closed())[0] == 1013


async def test_a_slow_consumer_is_dropped_with_1013(connect):
    """The client reads nothing until the server's patience ends, then what is there."""
    async with connect(limits={"slow_consumer_s": 0.3}) as (client, services):
        await client.ack()
        await client.subscribe("1", query="subscription { count(to: 100000, size: 65536) }")
        await until(lambda: _dropped(services))
        code, reason = await client.closed()
        assert code == 1013
        assert reason.startswith("Slow consumer")


def _dropped(services) -> bool:
    return b"stratumiops_subscriptions 0.0" in services.metrics.exposition() and _requests(services) > 0


def _requests(services) -> float:
    return services.metrics.registry.get_sample_value(
        "stratumiops_request_seconds_count", {"operation": "subscription"}
    )


@pytest.fixture
def tokens(tmp_path):
    path = tmp_path / "tokens.toml"
    digest = hashlib.sha256(b"one").hexdigest()
    path.write_text(f'[[token]]\nname = "ci"\nsha256 = "{digest}"\nrole = "viewer"\n')
    return {"token_file": path}


@pytest.mark.parametrize("key", ["Authorization", "authorization"])
async def test_a_token_may_come_in_the_payload(connect, tokens, key):
    async with connect(auth=tokens) as (client, _):
        await client.ack(**{key: "Bearer one"})
        await client.subscribe("1", query="{ whoami }")
        assert (await client.hear())["payload"] == {"data": {"whoami": "ci"}}


async def test_a_token_may_come_in_the_header(connect, tokens):
    async with connect(auth=tokens, headers={"authorization": "Bearer one"}) as (client, _):
        await client.ack()


async def test_no_or_a_wrong_token_closes_with_4403(connect, tokens):
    for payload in ({}, {"authorization": "Bearer two"}, {"authorization": 1}):
        async with connect(auth=tokens) as (client, _):
            await client.say(type="connection_init", payload=payload)
            assert (await client.closed())[0] == 4403


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
async def test_pages_of_others_get_no_socket(connect, headers):
    with pytest.raises(InvalidStatus) as caught:
        async with connect(headers=headers):
            pytest.fail("the handshake succeeded")
    assert caught.value.response.status_code == 403


async def test_other_paths_have_no_socket(build, listening):
    async with listening(build().app) as port:
        with pytest.raises(InvalidStatus):
            await websockets.connect(f"ws://127.0.0.1:{port}/elsewhere", subprotocols=[PROTOCOL])
