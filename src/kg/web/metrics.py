"""What an operator watches, in the Prometheus text format; no Flask.

Counting costs the doors next to nothing: plain numbers are kept, and put into words only when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)

from kg.store.tally import Tally
from kg.web.commit_tally import CommitTally

MEDIA_TYPE = "text/plain; version=0.0.4"

_DOORS = frozenset(
    {
        *("", "sparql", "graphs", "id", "page", "data", "downloads", "ontology", "shapes", "dataset", ".well-known"),
        *("assets", "search", "quality", "history", "conformance", "problems"),
        *("healthz", "readyz", "metrics", "openapi.json", "robots.txt", "sitemap.xml"),
        *("audit", "backup", "timemap"),
    }
)


@dataclass(frozen=True)
class Gauge:
    """A number that is read when it is asked for."""

    name: str
    what: str
    read: Callable[[], float]


@dataclass(eq=False)
class Metrics:
    """What is known of a server: of its requests, its queries, and what else it hands over to be read."""

    requests: Mapping[tuple[str, int], int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    hot_hits: Callable[[], int] = int
    gauges: tuple[Gauge, ...] = ()
    commits: CommitTally = field(default_factory=CommitTally)

    def written(self) -> bytes:
        """Write all of it (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        requests = CounterMetricFamily("kg_requests", "Requests by door and status", labels=("door", "status"))
        for (door, status), count in sorted(self.requests.items()):
            requests.add_metric((door, str(status)), count)
        queries = CounterMetricFamily("kg_queries", "Queries that were evaluated, by outcome", labels=("outcome",))
        for outcome, count in self.tally.outcomes().items():
            queries.add_metric((outcome,), count)
        seconds = HistogramMetricFamily("kg_query_seconds", "How long queries took, waiting included")
        buckets = [("+Inf" if bound == float("inf") else str(bound), count) for bound, count in self.tally.by_seconds()]
        seconds.add_metric((), buckets, self.tally.seconds)
        hits = CounterMetricFamily("kg_hot_hits", "Requests answered with an answer that was kept", self.hot_hits())
        yield from (requests, queries, seconds, hits)
        yield from self._commits()
        yield from (GaugeMetricFamily(gauge.name, gauge.what, gauge.read()) for gauge in self.gauges)

    def _commits(self) -> Iterator[Metric]:
        tally = self.commits
        counted = CounterMetricFamily("kg_commits", "Commits by outcome", labels=("outcome",))
        for outcome, count in sorted(tally.outcomes.items()):
            counted.add_metric((outcome,), count)
        total = sum(tally.outcomes.values())
        yield counted
        yield SummaryMetricFamily("kg_commit_seconds", "How long commits took with validation", total, tally.seconds)
        yield SummaryMetricFamily(
            "kg_validation_seconds", "How long validation took", tally.validations, tally.validation_seconds
        )


def door_of(path: str) -> str:
    """Return the first segment of a path where there is a door of that name, else ``other``.

    >>> door_of("/sparql"), door_of("/"), door_of("/conformance.ttl"), door_of("/wp-login.php")
    ('sparql', '', 'conformance', 'other')
    """
    segment = path[1:].partition("/")[0]
    if segment in _DOORS:
        return segment
    stem = segment.partition(".")[0]
    return stem if stem and stem in _DOORS else "other"
