"""What came out is written down the same way every time, and held against what is listed."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from conformance.earl import Product, earl_report
from conformance.expected import read_expected, surprises
from conformance.outcome import PASSED, ComparisonResult, Outcome, Result, failed
from conformance.report import totals

EARL = "http://www.w3.org/ns/earl#"

RESULTS = [
    Result("http://example.org/b", "s/one", "QueryEvaluationTest", failed('it "said"\nno')),
    Result("http://example.org/a", "s/two", "QueryEvaluationTest", PASSED),
    Result("http://example.org/c", "s/two", "QueryEvaluationTest", ComparisonResult(Outcome.BY_VALUE, "01 is 1")),
]

LISTED = {"http://example.org/b": (Outcome.FAILED, "known"), "http://example.org/c": (Outcome.FAILED, "no")}


def report(results: list[Result]) -> str:
    """Write a report."""
    product = Product("http://example.org/product", "Product", "1.0")
    return earl_report(results, product, "", "http://example.org/runner", LISTED)


def test_the_report_is_turtle_with_an_assertion_per_test() -> None:
    """Equal by value counts as passed, and says so in its description."""
    quads = list(parse(report(RESULTS), format=RdfFormat.TURTLE))
    outcomes = sorted(str(quad.object) for quad in quads if quad.predicate == NamedNode(f"{EARL}outcome"))
    assert outcomes == [f"<{EARL}failed>", f"<{EARL}passed>", f"<{EARL}passed>"]


def test_a_reason_is_the_listed_one_where_it_came_out_as_listed() -> None:
    """What was listed otherwise keeps the reason of the run; without a date there is no time in it."""
    quads = parse(report(RESULTS), format=RdfFormat.TURTLE)
    terms = [quad.object.value for quad in quads if isinstance(quad.object, Literal)]
    assert {"known", "01 is 1"} <= set(terms)
    assert not [term for term in terms if "said" in term or "2026" in term]


def test_the_report_does_not_depend_on_the_order_of_the_run() -> None:
    """The same results give the same bytes."""
    assert report(RESULTS) == report(RESULTS[::-1])


def test_totals_count_by_value_as_passed() -> None:
    """The last line is the total."""
    assert list(totals(RESULTS))[-1].split() == ["total", "3", "2", "1", "1", "0"]


def test_only_surprises_are_told() -> None:
    """A listed failure that fails is no news; one that passes is, and so is a failure that is not listed."""
    listed = {"http://example.org/b": (Outcome.FAILED, "known"), "http://example.org/a": (Outcome.FAILED, "known")}
    told = list(surprises(RESULTS, listed))
    assert [line.split("> ")[0] for line in told] == ["<http://example.org/a", "<http://example.org/c"]


def test_a_test_is_listed_once(tmp_path: Path) -> None:
    """Two reasons for one test are one too many."""
    path = tmp_path / "expected.json"
    path.write_text('{"failed": [{"reason": "r", "tests": ["urn:a", "urn:a"]}]}', "utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_expected(path)
