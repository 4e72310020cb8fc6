"""Health, metrics, logs and traces."""

import asyncio
import io
import json
import logging
import subprocess
import sys

import pytest
import structlog

from stratumiops.graph.errors import Conflict, Unavailable
from stratumiops.resolvers.connection import StoreConnection
from stratumiops.resolvers.logs import configure_logging, redact, redact_text
from stratumiops.resolvers.settings import LoggingSettings, TelemetrySettings
from stratumiops.resolvers.tracing import Tracing, tracing

DEADLINE_S = 20


@pytest.fixture
def json_logs():
    """Parsed log lines so far; the configuration goes when the test ends."""
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure_logging(LoggingSettings(format="json"), stream, final=False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_health_says_that_the_process_lives(client):
    answer = await client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


async def test_ready_tells_each_part(served, client):
    assert (await client.get("/ready")).json() == {
        "status": "not ready",
        "parts": {"neo4j": {"ok": False, "detail": "the server is starting"}},
    }
    await served.services.connection.open()
    answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    served.services.db.failure = Unavailable("Neo4j does not answer")
    answer = await client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"]["neo4j"] == {"ok": False, "detail": "Neo4j does not answer"}


async def test_a_half_restored_graph_is_not_ready(served, client):
    await served.services.connection.open()
    served.services.db.restoring = "x.backup"
    answer = await client.get("/ready")
    assert answer.status_code == 503
    assert "x.backup" in answer.json()["parts"]["restore"]["detail"]


def test_a_suspended_store_refuses_until_it_is_resumed():
    connection = StoreConnection({})
    connection.resume()
    connection.check()
    connection.suspend(Unavailable("the graph is being restored"))
    with pytest.raises(Unavailable, match="being restored"):
        connection.check()
    connection.resume()
    connection.check()


async def test_the_store_is_opened_again_and_again(monkeypatch):
    monkeypatch.setattr("stratumiops.resolvers.connection._FIRST_DELAY_S", 0.001)
    failures = [Unavailable("no answer"), Conflict("the graph is newer than this code", hint="update")]
    calls = []

    async def connect() -> None:
        calls.append("connect")
        if len(calls) == 1:
            raise failures[0]

    async def migrate() -> None:
        calls.append("migrate")
        if len(calls) == 3:
            raise failures[1]

    connection = StoreConnection({"neo4j": connect, "schema": migrate})
    with pytest.raises(Unavailable, match="starting"):
        connection.check()
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.gather(connection.open(), connection.ready())
    connection.check()
    assert calls == ["connect", "connect", "migrate", "connect", "migrate"]
    assert connection.done == {"neo4j", "schema"}


async def test_a_step_that_fails_is_the_reason_for_unavailable():
    async def connect() -> None:
        raise Conflict("the graph has version 9, this code knows 3", hint="update the code")

    connection = StoreConnection({"neo4j": connect})
    assert not await connection._attempt()
    with pytest.raises(Unavailable, match="version 9") as caught:
        connection.check()
    assert caught.value.hint == "update the code"


async def test_requests_are_counted_by_operation_and_outcome(served, client):
    for query, times in (("{ hello }", 2), ("mutation { touch }", 1), ("{ conflict }", 1), ("{", 1)):
        for _ in range(times):
            await client.post("/graphql", json={"query": query})
    await client.get("/graphql", headers={"accept": "image/png"})
    metrics = served.services.metrics.registry
    counts = {
        (operation, outcome): metrics.get_sample_value(
            "stratumiops_requests_total", {"operation": operation, "outcome": outcome}
        )
        for operation in ("query", "mutation", "unknown")
        for outcome in ("ok", "error", "rejected")
    }
    assert {key: count for key, count in counts.items() if count} == {
        ("query", "ok"): 2,
        ("mutation", "ok"): 1,
        ("query", "error"): 1,
        ("unknown", "rejected"): 2,
    }
    assert metrics.get_sample_value("stratumiops_request_seconds_count", {"operation": "query"}) == 3


async def test_the_labels_of_metrics_do_not_grow(client):
    before = (await client.get("/metrics")).text
    for number in range(20):
        query = f"query Name{number} {{ a{number}: hello }}"
        await client.post("/graphql", json={"query": query, "operationName": f"Name{number}"})
        await client.get(f"/nothing-{number}")
    after = (await client.get("/metrics")).text
    assert before.count("\n") == after.count("\n")
    assert "Name1" not in after
    named = [line for line in after.splitlines() if not line.startswith(("#", "process_"))]
    assert all(line.startswith("stratumiops_") for line in named)


async def test_each_request_is_one_line_with_its_id(json_logs, build):
    async with build().client() as client:
        headers = {"x-request-id": "id-1"}
        await client.post("/graphql", json={"query": "query A { hello }"}, headers=headers)
    (line,) = json_logs()
    assert line["event"] == "request"
    assert line["level"] == "info"
    assert (line["request_id"], line["status"], line["outcome"]) == ("id-1", 200, "ok")
    assert line["principal"] == "local"
    assert line["time"].endswith("Z")


@pytest.mark.parametrize(("which", "count"), [("all", 2), ("failed", 1), ("none", 0)])
async def test_the_setting_chooses_which_requests_are_logged(json_logs, build, which, count):
    async with build(logging={"requests": which}).client() as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        await client.post("/graphql", json={"query": "{"})
    assert len([line for line in json_logs() if line["event"] == "request"]) == count


async def test_a_bug_is_logged_with_its_traceback_and_id(json_logs, client):
    await client.post("/graphql", json={"query": "{ bug }"}, headers={"x-request-id": "id-2"})
    (line,) = [line for line in json_logs() if line["event"] == "internal error"]
    assert line["request_id"] == "id-2"
    assert "ZeroDivisionError: secret detail" in line["exception"]


async def test_the_standard_library_logs_in_the_same_form(json_logs):
    logging.getLogger("some.library").warning("cannot reach bolt://neo4j:hush@host:7687")
    (line,) = json_logs()
    assert line["event"] == "cannot reach bolt://neo4j:[redacted]@host:7687"
    assert (line["logger"], line["level"]) == ("some.library", "warning")


def test_secrets_are_blanked():
    event = {
        "password": "a",
        "neo4j_password": "b",
        "Authorization": "Bearer c",
        "note": "sent Bearer d to http://u:e@h/",
        "nested": {"api_key": "f", "kept": "g"},
        "tokens_used": 7,
    }
    assert redact(None, "info", event) == {
        "password": "[redacted]",
        "neo4j_password": "[redacted]",
        "Authorization": "[redacted]",
        "note": "sent Bearer [redacted] to http://u:[redacted]@h/",
        "nested": {"api_key": "[redacted]", "kept": "g"},
        "tokens_used": 7,
    }
    assert redact_text("plain text") == "plain text"


def test_without_an_endpoint_nothing_of_opentelemetry_is_made(monkeypatch):
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert tracing(TelemetrySettings()) is None


def test_the_standard_variable_names_the_endpoint(monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    made = tracing(TelemetrySettings())
    assert isinstance(made, Tracing)
    made.close()


async def test_a_request_continues_the_callers_trace(build):
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans = InMemorySpanExporter()
    served = build()
    served.app._tracing = Tracing(TelemetrySettings(), SimpleSpanProcessor(spans))
    trace = "0af7651916cd43dd8448eb211c80319c"
    async with served.client(traceparent=f"00-{trace}-b7ad6b7169203331-01") as client:
        await client.post("/graphql", json={"query": "{ hello }"}, headers={"x-request-id": "id-3"})
        await client.post("/graphql", json={"query": "{ crash }"})
    ok, failed = spans.get_finished_spans()
    assert ok.name == "graphql query"
    assert format(ok.context.trace_id, "032x") == trace
    assert ok.attributes["stratumiops.request_id"] == "id-3"
    assert not failed.status.is_ok


def test_a_traceback_on_a_terminal_shows_no_variables():
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure_logging(LoggingSettings(format="console"), stream, final=False)
    try:
        token = "marked" + "-4242"
        try:
            int("no number" * bool(token))
        except ValueError:
            structlog.get_logger("x").exception("went wrong")
        logging.getLogger("y").error("went wrong", exc_info=ZeroDivisionError("there"))
    finally:
        structlog.reset_defaults()
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
    assert "ZeroDivisionError" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "marked-4242" not in stream.getvalue()


def test_a_bug_in_a_command_is_told_on_standard_error_without_variables():
    script = (
        "from stratumiops.resolvers.errors import internal\n"
        "def fails():\n    token = 'marked' + '-4242'\n    return 1 / (len(token) - 11)\n"
        "try:\n    fails()\nexcept ZeroDivisionError as error:\n    internal(error, 'id-4')\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == ""
    assert "internal error" in ended.stderr
    assert "id-4" in ended.stderr
    assert "ZeroDivisionError: division by zero" in ended.stderr
    assert "marked-4242" not in ended.stderr
    assert "\x1b" not in ended.stderr
