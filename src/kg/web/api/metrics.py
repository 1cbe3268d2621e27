"""Metrics in the Prometheus text format; no Flask.

Counting is cheap for the endpoints: numbers are serialized only when they are scraped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from kg.workers import BUCKET_BOUNDS, INSTRUMENTED_KEYS, Counters, Instrumentation, Row

MEDIA_TYPE = "text/plain; version=0.0.4"

_ENDPOINTS = frozenset(
    {
        *("", "sparql", "graphs", "id", "page", "data", "downloads", "ontology", "shapes", "dataset", ".well-known"),
        *("assets", "search", "quality", "history", "conformance", "problems"),
        *("healthz", "readyz", "metrics", "openapi.json", "robots.txt", "sitemap.xml"),
        *("audit", "backup", "timemap"),
    }
)
_REQUESTS = [("requests", endpoint, str(status.value)) for endpoint in (*_ENDPOINTS, "other") for status in HTTPStatus]
_PUBLISHED = [
    ("gauges", f"kg_{name}")
    for name in ("requests_at_work", "queries_waiting", "workers", "hot_bytes", "body_bytes", "memory_bytes")
]
_COUNTED = (
    ("requests", "Requests by endpoint and status", ("endpoint", "status")),
    ("queries", "Queries that were evaluated, by outcome", ("outcome",)),
    ("worker_exits", "Workers that exited by themselves, by cause", ("cause",)),
    ("commits", "Commits by outcome", ("outcome",)),
)


@dataclass(frozen=True)
class Gauge:
    """A number of this process or, where it is ``common``, of all: read when it is asked for."""

    name: str
    what: str
    read: Callable[[], float]
    is_common: bool = False


class Metrics:
    """Counts what this process does, and tells what all serving processes did and do.

    What others do now is what they published last.
    """

    def __init__(self, processes: int = 1) -> None:
        """Make room for so many processes, and for as many that replace them while they end."""
        self._counters = Counters([*INSTRUMENTED_KEYS, *_REQUESTS, *_PUBLISHED, ("hot_hits",)], 2 * processes)
        self._row: Row | None = None
        self._hits = 0
        self._gauges: tuple[Gauge, ...] = ()
        self._hot_hits: Callable[[], int] = int

    @property
    def row(self) -> Row:
        """The row of this process, which begins to count with the first use."""
        self._row = self._row or self._counters.claim()
        return self._row

    @property
    def instrumentation(self) -> Instrumentation:
        """Counts queries, commits and workers in the row of this process."""
        return Instrumentation(self.row)

    def observe(self, gauges: tuple[Gauge, ...], hot_hits: Callable[[], int]) -> None:
        """Say what is to be read of this process."""
        self._gauges, self._hot_hits = gauges, hot_hits
        self.publish()

    def request(self, path: str, status: int) -> None:
        """Count a request that was answered."""
        self.row.add(("requests", endpoint_of(path), str(status)))

    def publish(self) -> None:
        """Let the other processes see what this one does now."""
        hits = self._hot_hits()
        self.row.add(("hot_hits",), hits - self._hits)
        self._hits = hits
        for gauge in self._gauges:
            if not gauge.is_common:
                self.row.set(("gauges", gauge.name), gauge.read())

    def serialize(self) -> bytes:
        """Write all of it (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        self.publish()
        counters = self._counters
        for name, what, labels in _COUNTED:
            family = CounterMetricFamily(f"kg_{name}", what, labels=labels)
            for key, total in sorted(counters.totals(name).items()):
                family.add_metric(key, total)
            yield family
        seconds = HistogramMetricFamily("kg_query_seconds", "How long queries took, waiting included")
        counts = accumulate(counters.total(("query_seconds", str(bound))) for bound in BUCKET_BOUNDS)
        names = ("+Inf" if bound == float("inf") else str(bound) for bound in BUCKET_BOUNDS)
        seconds.add_metric((), list(zip(names, counts, strict=True)), counters.total(("query_seconds_sum",)))
        yield seconds
        yield CounterMetricFamily(
            "kg_hot_hits", "Requests answered with an answer that was kept", counters.total(("hot_hits",))
        )
        commits = sum(counters.totals("commits").values())
        for name, what, count in (
            ("commit", "How long commits took with validation", commits),
            ("validation", "How long validation took", counters.total(("validations",))),
        ):
            yield SummaryMetricFamily(f"kg_{name}_seconds", what, int(count), counters.total((f"{name}_seconds",)))
        for gauge in self._gauges:
            value = gauge.read() if gauge.is_common else counters.present(("gauges", gauge.name))
            yield GaugeMetricFamily(gauge.name, gauge.what, value)


def endpoint_of(path: str) -> str:
    """Return the first segment of a path if it is an endpoint, else ``other``.

    >>> endpoint_of("/sparql"), endpoint_of("/"), endpoint_of("/conformance.ttl"), endpoint_of("/wp-login.php")
    ('sparql', '', 'conformance', 'other')
    """
    segment = path[1:].partition("/")[0]
    if segment in _ENDPOINTS:
        return segment
    stem = segment.partition(".")[0]
    return stem if stem and stem in _ENDPOINTS else "other"
