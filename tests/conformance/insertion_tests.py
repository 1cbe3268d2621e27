"""Runs a query evaluation test as an update, ``INSERT { … } WHERE { … }``, and reads its solutions back."""

from __future__ import annotations

from dataclasses import replace

from conformance.comparison import compare_answers
from conformance.documents import queried_dataset, text_with_base
from conformance.federation import ENDPOINT_NAME
from conformance.harness import Harness
from conformance.loading import Rewriting
from conformance.manifest import ConformanceTest, QueryEvaluationTest
from conformance.outcome import ComparisonResult, failed
from conformance.query_tests import read_expected
from conformance.solutions import JSON_TYPE, Solutions, read_answer
from metamorphic.insertion import SCRATCH, as_insertion, is_selection, read_solutions
from metamorphic.tokens import tokenize

KIND = "QueryEvaluationTest as INSERT … WHERE"
WRITTEN = f"SELECT ?s ?p ?o {{ GRAPH <{SCRATCH}> {{ ?s ?p ?o }} }}"


def is_insertable(test: ConformanceTest) -> bool:
    """Tell whether a test selects solutions, and its expected answer has whole terms, which CSV has not."""
    if not isinstance(test, QueryEvaluationTest) or test.result.path.suffix == ".csv":
        return False
    return is_selection(tokenize(text_with_base(test.query)))


def run_insertion_test(test: QueryEvaluationTest, harness: Harness) -> ComparisonResult:
    """Write what a test's query selects into a scratch graph, read it back and compare; a graph has no order."""
    is_federated = bool(test.services or ENDPOINT_NAME.search(text_with_base(test.query)))
    rewrite = harness.endpoints.rewrite if is_federated else str
    if is_federated:
        harness.endpoints.serve(test.services)
    harness.loader.load(queried_dataset(test), rewrite, "federated" if is_federated else "")
    expected = read_expected(test.result, rewrite)
    if not isinstance(expected, Solutions):
        return failed("the expected answer has no solutions")
    response = harness.server.update(insertion(test, expected, rewrite))
    if not response.is_success:
        return failed(f"the update was refused: {response.summary()}")
    written = read_written(harness, expected)
    return compare_answers(replace(expected, is_ordered=False), written, lax_cardinality=test.lax_cardinality)


def insertion(test: QueryEvaluationTest, expected: Solutions, rewrite: Rewriting) -> str:
    """Return the update for a test's query, behind one that removes what the test before it wrote."""
    tokens = tokenize(rewrite(text_with_base(test.query)))
    return as_insertion(tokens, expected.variables, before=f"DROP SILENT GRAPH <{SCRATCH}> ;")


def read_written(harness: Harness, expected: Solutions) -> Solutions:
    """Read the solutions back from the scratch graph."""
    response = harness.server.query(WRITTEN, JSON_TYPE)
    answer = read_answer(response.body, response.media_type)
    rows = answer.rows if isinstance(answer, Solutions) else ()
    return read_solutions(rows, expected.variables)
