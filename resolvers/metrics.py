"""Prometheus metrics of one server; every label has a small, fixed set of values."""

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from stratumiops.resolvers.context import RequestContext

OPERATIONS = ("query", "mutation", "subscription", "unknown")
OUTCOMES = ("ok", "error", "rejected")
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """What `/metrics` shows. Names begin with `stratumiops_`; times are in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        requests = Counter(
            "stratumiops_requests", "GraphQL requests.", ["operation", "outcome"], registry=self.registry
        )
        latency = Histogram(
            "stratumiops_request_seconds",
            "Time from the request's head to the answer's last byte.",
            ["operation"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        cached = Counter(
            "stratumiops_response_cache",
            "Look-ups of the response cache.",
            ["result"],
            registry=self.registry,
        )
        self._requests = {(o, r): requests.labels(o, r) for o in OPERATIONS for r in OUTCOMES}
        self._latency = {o: latency.labels(o) for o in OPERATIONS}
        self._cached = {result: cached.labels(result) for result in ("hit", "miss")}
        self.statements = Counter("stratumiops_statements", "Cypher statements of requests.", registry=self.registry)
        self.events = Counter("stratumiops_events", "Change events fed to subscribers.", registry=self.registry)
        self.event_lag = Gauge(
            "stratumiops_event_lag_seconds",
            "Age of the latest change event when it was fed.",
            registry=self.registry,
        )
        self.subscriptions = Gauge(
            "stratumiops_subscriptions", "Operations running on WebSockets.", registry=self.registry
        )
        self.websockets = Gauge("stratumiops_websockets", "Open WebSockets.", registry=self.registry)
        self.store_up = Gauge("stratumiops_store_up", "1 while Neo4j answers.", registry=self.registry)

        self.embedded = Counter(
            "stratumiops_embedded_chunks", "Parts of texts embedded and written.", registry=self.registry
        )
        self.embedding_waiting = Gauge(
            "stratumiops_embedding_waiting_nodes", "Changed nodes that wait in memory.", registry=self.registry
        )
        self.embedding_problem = Gauge(
            "stratumiops_embedding_problem", "1 while embedding fails and is tried again.", registry=self.registry
        )

    def observe(self, context: "RequestContext", seconds: float) -> None:
        """Count one finished request."""
        operation = context.operation_type if context.operation_type in self._latency else "unknown"
        outcome = context.outcome if context.outcome in OUTCOMES else "error"
        self._requests[operation, outcome].inc()
        self._latency[operation].observe(seconds)
        if context.statements:
            self.statements.inc(context.statements)
        cached = self._cached.get(context.cache)
        if cached is not None:
            cached.inc()

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
