"""Runs a query evaluation test: load the dataset, ask the query, compare the answer."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from conformance.comparison import compare_answers, compare_sets
from conformance.documents import quad_row, queried_dataset, text_with_base, triple_rows
from conformance.federation import ENDPOINT_NAME
from conformance.harness import Harness
from conformance.loading import Rewriting
from conformance.manifest import Document, QueryEvaluationTest
from conformance.outcome import ComparisonResult, failed
from conformance.result_set import read_result_set
from conformance.server import Response
from conformance.solutions import CSV_TYPE, JSON_TYPE, TSV_TYPE, XML_TYPE, Answer, read_answer
from conformance.terms import Row

TURTLE_TYPE = "text/turtle"
RESULT_TYPES = {".srx": XML_TYPE, ".srj": JSON_TYPE, ".csv": CSV_TYPE, ".tsv": TSV_TYPE}


def run_query_test(test: QueryEvaluationTest, harness: Harness) -> ComparisonResult:
    """Ask a test's query in the form that its expected answer has."""
    query = text_with_base(test.query)
    is_federated = bool(test.services or ENDPOINT_NAME.search(query))
    rewrite = harness.endpoints.rewrite if is_federated else str
    if is_federated:
        harness.endpoints.serve(test.services)
    harness.loader.load(queried_dataset(test), rewrite, "federated" if is_federated else "")
    expected = read_expected(test.result, rewrite)
    accept = accepted_type(test.result, expected)
    response = harness.server.query(rewrite(query), accept)
    if not response.is_success:
        return failed(f"the query was refused: {response.summary()}")
    if response.media_type != accept:
        return failed(f"{accept} was asked for, the answer is {response.media_type}")
    if isinstance(expected, list):
        return compare_sets(expected, read_graph(response, test.query.iri))
    return compare_answers(expected, read_answer(response.body, accept), lax_cardinality=test.lax_cardinality)


def read_expected(result: Document, rewrite: Rewriting) -> Answer | list[Row]:
    """Read the expected answer: solutions, a boolean, or the triples of a graph."""
    if result.path.suffix in RESULT_TYPES:
        text = rewrite(result.path.read_text("utf-8"))
        return read_answer(text.encode(), RESULT_TYPES[result.path.suffix])
    rows = triple_rows(result)
    answer = read_result_set(rows)
    return rows if answer is None else answer


def accepted_type(result: Document, expected: Answer | list[Row]) -> str:
    """Return the form to ask for: that of the expected answer, or one that can say as much."""
    if result.path.suffix in RESULT_TYPES:
        return RESULT_TYPES[result.path.suffix]
    return TURTLE_TYPE if isinstance(expected, list) else JSON_TYPE


def read_graph(response: Response, base_iri: str) -> list[Row]:
    """Read a response in Turtle."""
    return [quad_row(quad)[:3] for quad in parse(response.body, format=RdfFormat.TURTLE, base_iri=base_iri)]
