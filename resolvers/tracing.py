"""OpenTelemetry traces: a span for each request and statement; nothing is imported without an endpoint."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import stratumiops
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.context import RequestContext
from stratumiops.resolvers.settings import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Tracer

Params = dict[str, Any]


class Tracing:
    """Makes spans and sends them; a W3C `traceparent` header continues the caller's trace."""

    def __init__(self, settings: TelemetrySettings, processor: "SpanProcessor") -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        resource = Resource.create({"service.name": settings.service_name, "service.version": stratumiops.__version__})
        sampler = ParentBased(TraceIdRatioBased(settings.sample_ratio))
        self._provider = TracerProvider(resource=resource, sampler=sampler)
        self._provider.add_span_processor(processor)
        self.tracer: Tracer = self._provider.get_tracer("stratumiops", stratumiops.__version__)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, headers: Mapping[bytes, bytes], context: RequestContext) -> Iterator[None]:
        """The span of one GraphQL request; named after the operation's type, never after user input."""
        from opentelemetry.trace import SpanKind, StatusCode

        carrier = {"traceparent": headers.get(b"traceparent", b"").decode("latin-1")}
        parent = self._propagator.extract(carrier)
        with self.tracer.start_as_current_span("graphql", context=parent, kind=SpanKind.SERVER) as span:
            yield
            span.update_name(f"graphql {context.operation_type}")
            span.set_attribute("graphql.operation.type", context.operation_type)
            span.set_attribute("graphql.operation.name", context.operation_name or "")
            span.set_attribute("stratumiops.request_id", context.request_id)
            if context.outcome == "error":
                span.set_status(StatusCode.ERROR)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class TracedDatabase(Database):
    """A `Database` that makes a span of each statement; the text has no values in it, so it is shown."""

    def __init__(self, settings: Neo4jSettings, tracing: Tracing) -> None:
        super().__init__(settings)
        self._tracing = tracing

    async def _value(self, text: str, params: Params, timeout_s: float | None) -> Any | None:
        with self._span(text, "read"):
            return await super()._value(text, params, timeout_s)

    async def _rows(self, text: str, params: Params, mode: str, timeout_s: float | None) -> list[dict[str, Any]]:
        with self._span(text, mode.lower()):
            return await super()._rows(text, params, mode, timeout_s)

    @contextmanager
    def _span(self, text: str, mode: str) -> Iterator[None]:
        from opentelemetry.trace import SpanKind

        attributes = {"db.system.name": "neo4j", "db.operation.name": mode, "db.query.text": text}
        with self._tracing.tracer.start_as_current_span(f"neo4j {mode}", kind=SpanKind.CLIENT, attributes=attributes):
            yield


def tracing(settings: TelemetrySettings) -> Tracing | None:
    """Traces to the endpoint of the settings or `OTEL_EXPORTER_OTLP_ENDPOINT`; None without one."""
    endpoint = settings.endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    return Tracing(settings, BatchSpanProcessor(exporter))
