import math

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.errors import BudgetError
from kg.store.refusals import budget
from kg.workers.tally import Tally
from kg.web.metrics import Gauge, Metrics


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Read the text back: each sample by its name and the values of its labels."""
    families = text_string_to_metric_families(metrics.written().decode())
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_all_that_was_counted_is_told() -> None:
    """Requests by door and status, queries by outcome, and what is read on demand."""
    tally = Tally()
    with tally.query():
        pass
    with pytest.raises(BudgetError), tally.query():
        raise budget("seconds", "", "")
    told = samples(Metrics({("sparql", 200): 3}, tally, lambda: 2, (Gauge("kg_version", "The version", lambda: 7),)))
    assert told["kg_requests_total", "sparql", "200"] == 3
    assert told["kg_queries_total", "answered"] == told["kg_queries_total", "budget"] == 1
    assert told["kg_query_seconds_bucket", "+Inf"] == told["kg_query_seconds_count",] == 2
    assert told["kg_hot_hits_total",] == 2
    assert told["kg_version",] == 7


def test_a_histogram_adds_up() -> None:
    """Each bound counts all that took no longer; the last is infinite."""
    tally = Tally()
    for _ in range(3):
        with tally.query():
            pass
    counts = tally.by_seconds()
    assert counts[-1] == (math.inf, 3)
    assert [count for _, count in counts] == sorted(count for _, count in counts)
