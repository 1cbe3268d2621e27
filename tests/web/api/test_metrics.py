import math
import os

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.domain.errors import BudgetError
from kg.locales import Message
from kg.store.errors import budget
from kg.web.api.metrics import Gauge, Metrics
from kg.workers import Instrumentation


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Read the text back: each sample by its name and the values of its labels."""
    families = text_string_to_metric_families(metrics.serialize().decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_all_that_was_counted_is_told() -> None:
    """Requests by endpoint and status, queries by outcome, exits of workers, and what is read on demand."""
    metrics = Metrics()
    instrumentation = Instrumentation(metrics.row)
    with instrumentation.query():
        pass
    with pytest.raises(BudgetError), instrumentation.query():
        raise budget("seconds", Message("budget.seconds"))
    instrumentation.worker_exited("nesting")
    for _ in range(3):
        metrics.request("/sparql", 200)
    version = Gauge("kg_version", "The version", lambda: 7, is_common=True)
    metrics.observe((Gauge("kg_workers", "Workers", lambda: 4), version), lambda: 2)
    told = samples(metrics)
    assert told["kg_requests_total", "sparql", "200"] == 3
    assert told["kg_queries_total", "answered"] == told["kg_queries_total", "budget"] == 1
    assert told["kg_worker_exits_total", "nesting"] == 1
    assert told["kg_query_seconds_bucket", "+Inf"] == told["kg_query_seconds_count",] == 2
    assert told["kg_hot_hits_total",] == 2
    assert (told["kg_workers",], told["kg_version",]) == (4, 7)


def test_a_histogram_adds_up() -> None:
    """Each bound counts all that took no longer; the last is infinite."""
    metrics = Metrics()
    for _ in range(3):
        with Instrumentation(metrics.row).query():
            pass
    told = {sample: value for sample, value in samples(metrics).items() if sample[0] == "kg_query_seconds_bucket"}
    counts = [value for _, value in sorted(told.items(), key=lambda pair: float(pair[0][1]))]
    assert max(float(bound) for _, bound in told) == math.inf
    assert counts == sorted(counts)
    assert counts[-1] == 3


def test_every_process_tells_of_all() -> None:
    """What another process counted and published is part of the answer; what it does ends with it."""
    metrics = Metrics(processes=2)
    workers = Gauge("kg_workers", "Workers", lambda: 2)
    child = os.fork()
    if child == 0:
        metrics.observe((workers,), lambda: 5)
        metrics.request("/sparql", 200)
        os._exit(0)
    os.waitpid(child, 0)
    metrics.observe((workers,), lambda: 1)
    metrics.request("/sparql", 200)
    told = samples(metrics)
    assert told["kg_requests_total", "sparql", "200"] == 2
    assert told["kg_hot_hits_total",] == 6
    assert told["kg_workers",] == 2
