"""`sys/metrics`: what has been done, for Prometheus."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Raw, Request, Response

_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


class Standing(Protocol):
    """What gauges ask."""

    @property
    def sealed(self) -> bool:
        """Whether it is sealed."""

    @property
    def problems(self) -> list[str]:
        """What is wrong."""


class Metrics:
    """Counters of one vault. No label holds a path, a token or a name that a client chose."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "svault_request_seconds", "Requests by operation.", ["operation"], registry=self._registry, buckets=_BUCKETS
        )
        self._by_operation: dict[str, Any] = {}
        self._leases = Counter("svault_leases", "What happened to leases.", ["event"], registry=self._registry)
        self._unsealed = Gauge("svault_unsealed", "1: open, 0: sealed.", registry=self._registry)
        self._problems = Gauge("svault_problems", "How many things are wrong.", registry=self._registry)

    @contextmanager
    def timed(self, request: Request) -> Iterator[None]:
        """Count a request."""
        name, begun = request.operation.value, time.perf_counter()
        try:
            yield
        finally:
            known = self._by_operation.get(name)
            if known is None:
                known = self._by_operation[name] = self._requests.labels(name)
            known.observe(time.perf_counter() - begun)

    def lease(self, event: str, path: str) -> None:
        """Something happened to a lease."""
        del path
        self._leases.labels(event).inc()

    def text(self, standing: Standing) -> bytes:
        """Prometheus' text."""
        self._unsealed.set(0 if standing.sealed else 1)
        self._problems.set(len(standing.problems))
        return generate_latest(self._registry)


class Measured(Standing, Protocol):
    """A vault with metrics."""

    metrics: Metrics


class MetricRoutes:
    """The metrics for who has a token."""

    def __init__(self, vault: Measured) -> None:
        self._vault = vault

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("metrics", read=self._read)

    async def _read(self, request: Request, match: Match) -> Response:
        text = self._vault.metrics.text(self._vault)
        if Fields(request.data).text("format") not in ("", "prometheus"):
            return Response({"text": text.decode()})
        return Response(raw=Raw(text, _TEXT))
