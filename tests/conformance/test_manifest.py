"""The manifests give 1,306 tests, each with what it needs."""

from collections import Counter
from pathlib import Path

import pytest

from conformance.documents import queried_dataset, read_dataset
from conformance.expected import read_expected
from conformance.manifest import (
    ConformanceTest,
    DatasetDocuments,
    ExchangeTest,
    QueryEvaluationTest,
    SyntaxTest,
    UpdateEvaluationTest,
    read_tests,
)
from conformance.suites import suites_root

ROOT = suites_root()

pytestmark = pytest.mark.skipif(ROOT is None, reason="the W3C suites are not here: set TEST_SHARED")


@pytest.fixture(scope="module")
def tests() -> list[ConformanceTest]:
    """Read all tests once."""
    return read_tests(ROOT or Path())


def test_there_are_1306(tests: list[ConformanceTest]) -> None:
    """The three suites apart from entailment have 1,306 tests, each under an IRI of its own."""
    assert Counter(test.suite.split("/")[0] for test in tests) == {"sparql10": 482, "sparql11": 555, "sparql12": 269}
    assert len({test.iri for test in tests}) == 1306


def test_every_file_is_there(tests: list[ConformanceTest]) -> None:
    """Each query, update, datum and result that a manifest names is a file of the suites."""
    for test in tests:
        if isinstance(test, QueryEvaluationTest):
            assert test.query.path.is_file()
            assert test.result.path.is_file()
        elif isinstance(test, UpdateEvaluationTest | SyntaxTest):
            assert test.request.path.is_file()


def test_from_clauses_bring_their_documents(tests: list[ConformanceTest]) -> None:
    """A document that a query names in FROM is in the store under its own IRI."""
    [test] = [test for test in tests if test.iri.endswith("#dawg-dataset-06")]
    assert isinstance(test, QueryEvaluationTest)
    names = [name.rpartition("/")[2] for name, _ in queried_dataset(test).named]
    assert names == ["data-g1.ttl", "data-g2.ttl"]


def test_datasets_can_be_read(tests: list[ConformanceTest]) -> None:
    """Every dataset parses."""
    datasets = {test.dataset for test in tests if isinstance(test, QueryEvaluationTest | UpdateEvaluationTest)}
    assert sum(len(read_dataset(dataset)) for dataset in datasets - {DatasetDocuments()}) > 1000


def test_requests_are_in_order(tests: list[ConformanceTest]) -> None:
    """A Graph Store Protocol test is a sequence of exchanges with what to expect of each."""
    [test] = [test for test in tests if test.iri.endswith("#put_delete_get_delete_indirect")]
    assert isinstance(test, ExchangeTest)
    assert [exchange.method for exchange in test.exchanges] == ["PUT", "DELETE", "GET", "DELETE"]
    assert test.exchanges[2].expected.status_codes == (range(404, 405),)


def test_what_is_listed_is_a_test(tests: list[ConformanceTest]) -> None:
    """``expected.json`` lists tests of the suites only, each with a reason."""
    expected = read_expected()
    assert expected.keys() <= {test.iri for test in tests}
    assert all(reason for _, reason in expected.values())
