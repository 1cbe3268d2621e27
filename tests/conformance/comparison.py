"""Compares an answer with the expected one: equal term by term, equal by value, or neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from conformance.isomorphism import are_isomorphic
from conformance.outcome import PASSED, ComparisonResult, Outcome, failed
from conformance.solutions import Answer, Solutions
from conformance.terms import Row, value_of

SHOWN_ROWS = 6


def compare_answers(expected: Answer, actual: Answer, *, lax_cardinality: bool = False) -> ComparisonResult:
    """Compare two booleans or two solution sequences."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return PASSED if expected is actual else failed(f"expected {show(expected)}, got {show(actual)}")
    if set(expected.variables) != set(actual.variables):
        return failed(f"expected the variables {expected.variables}, got {actual.variables}")
    places = [actual.variables.index(variable) for variable in expected.variables]
    rows = [tuple(row[place] for place in places) for row in actual.rows]
    if lax_cardinality:
        return compare_lax(expected.rows, rows)
    return compare_rows(expected.rows, rows, is_ordered=expected.is_ordered)


def compare_rows(expected: Sequence[Row], actual: Sequence[Row], *, is_ordered: bool = False) -> ComparisonResult:
    """Compare two multisets of rows, or two sequences."""
    if are_isomorphic(expected, actual, is_ordered=is_ordered):
        return PASSED
    if are_isomorphic(values(expected), values(actual), is_ordered=is_ordered):
        return ComparisonResult(Outcome.BY_VALUE, f"equal by value only: {difference(expected, actual)}")
    return failed(difference(expected, actual))


def compare_lax(expected: Sequence[Row], actual: Sequence[Row]) -> ComparisonResult:
    """Compare what REDUCED may answer: each row at least once, and at most as often as expected."""
    wanted, found = Counter(expected), Counter(actual)
    is_right = wanted.keys() == found.keys() and all(found[row] <= wanted[row] for row in found)
    return PASSED if is_right else failed(difference(expected, actual))


def compare_sets(expected: Iterable[Row], actual: Iterable[Row]) -> ComparisonResult:
    """Compare two graphs or datasets: sets of triples or quads."""
    return compare_rows(list(dict.fromkeys(expected)), list(dict.fromkeys(actual)))


def values(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with each literal as its value."""
    return [tuple(value_of(term) for term in row) for row in rows]


def difference(expected: Sequence[Row], actual: Sequence[Row]) -> str:
    """Say in one line what is missing and what is too much."""
    wanted, found = Counter(map(show_row, expected)), Counter(map(show_row, actual))
    missing, extra = list((wanted - found).elements()), list((found - wanted).elements())
    if not missing and not extra:
        return f"the same {len(expected)} rows in another order"
    return (
        f"of {len(expected)} rows expected, missing {shorten(missing)}; of {len(actual)} got, too much {shorten(extra)}"
    )


def shorten(rows: list[str]) -> str:
    """Return the first rows as text."""
    more = f" and {len(rows) - SHOWN_ROWS} more" if len(rows) > SHOWN_ROWS else ""
    return (" | ".join(rows[:SHOWN_ROWS]) or "nothing") + more


def show_row(row: Row) -> str:
    """Return a row as text, each blank node as ``_:``."""
    return "(" + " ".join("_:" if str(term).startswith("_:") else str(term or "unbound") for term in row) + ")"


def show(answer: Answer) -> str:
    """Return an answer in a few words."""
    return f"{len(answer.rows)} solutions" if isinstance(answer, Solutions) else str(answer).lower()
