"""Runs an update evaluation test: load the dataset, send the update, compare the dataset that is left."""

from __future__ import annotations

from conformance.comparison import compare_sets
from conformance.documents import quad_row, read_dataset, text_with_base
from conformance.harness import Harness
from conformance.manifest import UpdateEvaluationTest
from conformance.outcome import ComparisonResult, failed
from conformance.solutions import JSON_TYPE, read_answer
from conformance.terms import Row

WHOLE_DATASET = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def run_update_test(test: UpdateEvaluationTest, harness: Harness) -> ComparisonResult:
    """Send a test's update and compare all graphs; an empty graph is as good as none."""
    harness.loader.load(test.dataset)
    harness.loader.forget()
    response = harness.server.update(text_with_base(test.request))
    if not response.is_success:
        return failed(f"the update was refused: {response.summary()}")
    return compare_sets(map(quad_row, read_dataset(test.result)), stored_quads(harness))


def stored_quads(harness: Harness) -> list[Row]:
    """Ask for every quad of the server."""
    response = harness.server.query(WHOLE_DATASET, JSON_TYPE)
    answer = read_answer(response.body, response.media_type)
    if isinstance(answer, bool):
        raise TypeError("a SELECT query was answered with a boolean")
    return list(answer.rows)
