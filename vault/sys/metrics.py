"""`sys/metrics`: what has been done, for Prometheus."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Operation, Raw, Request, Response

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


class RequestTimes(Collector):
    """A histogram for each operation, on one loop: without the locks that the library's own has for each request."""

    def __init__(self) -> None:
        self._counts = {operation: [0] * (len(_BUCKETS) + 1) for operation in Operation}
        self._sums = dict.fromkeys(Operation, 0.0)

    def observe(self, operation: Operation, seconds: float) -> None:
        """Count a request."""
        self._counts[operation][bisect_left(_BUCKETS, seconds)] += 1
        self._sums[operation] += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """For the registry."""
        family = HistogramMetricFamily("svault_request_seconds", "Requests by operation.", labels=["operation"])
        for operation, counts in self._counts.items():
            if any(counts):
                bounds = [*(str(float(bound)) for bound in _BUCKETS), "+Inf"]
                buckets = list(zip(bounds, accumulate(counts), strict=True))
                family.add_metric([operation.value], buckets, self._sums[operation])
        yield family


class Metrics:
    """Counters of one vault. No label holds a path, a token or a name that a client chose."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = RequestTimes()
        self._registry.register(self._requests)
        self._leases = Counter("svault_leases", "What happened to leases.", ["event"], registry=self._registry)
        self._unsealed = Gauge("svault_unsealed", "1: open, 0: sealed.", registry=self._registry)
        self._problems = Gauge("svault_problems", "How many things are wrong.", registry=self._registry)

    def request(self, operation: Operation, seconds: float) -> None:
        """A request took so long; the operation is the one that it came as."""
        self._requests.observe(operation, seconds)

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
        yield Route("metrics", read=self._read, answers={200: _TEXT})

    async def _read(self, request: Request, match: Match) -> Response:
        text = self._vault.metrics.text(self._vault)
        if Fields(request.data).text("format") not in ("", "prometheus"):
            return Response({"text": text.decode()})
        return Response(raw=Raw(text, _TEXT))
