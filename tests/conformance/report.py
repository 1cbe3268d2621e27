"""Tells what came out of a run: totals per suite, each failure, and the same as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.outcome import Outcome, Result


def totals(results: Sequence[Result]) -> Iterator[str]:
    """Yield a line per suite, then the total: tests, passed, of these by value only, failed, skipped."""
    width = max(len(suite) for suite in ["suite", *(result.suite for result in results)])
    yield f"{'suite':{width}}  tests  passed  (by value)  failed  skipped"
    suites = sorted({result.suite for result in results})
    for suite in suites:
        yield line(suite, [result for result in results if result.suite == suite], width)
    yield line("total", results, width)


def total(name: str, results: Sequence[Result]) -> str:
    """Return a sentence with the counts of some results.

    >>> from conformance.outcome import PASSED
    >>> total("twice", [Result("urn:t", "s", "k", PASSED)])
    'twice: 1 of 1 passed, 0 by value'
    """
    outcomes = Counter(result.verdict.outcome for result in results)
    passed = outcomes[Outcome.PASSED] + outcomes[Outcome.BY_VALUE]
    return f"{name}: {passed} of {len(results)} passed, {outcomes[Outcome.BY_VALUE]} by value"


def line(name: str, results: Sequence[Result], width: int) -> str:
    """Return one line of the table."""
    outcomes = Counter(result.verdict.outcome for result in results)
    passed = outcomes[Outcome.PASSED] + outcomes[Outcome.BY_VALUE]
    counts = (
        f"{len(results):5}  {passed:6}  {outcomes[Outcome.BY_VALUE]:10}  "
        f"{outcomes[Outcome.FAILED]:6}  {outcomes[Outcome.SKIPPED]:7}"
    )
    return f"{name:{width}}  {counts}"


def failures(results: Sequence[Result]) -> Iterator[str]:
    """Yield each failure and skip with its reason."""
    for result in results:
        if not result.verdict.is_pass:
            yield f"{result.verdict.outcome} <{result.test}> {result.verdict.reason}"


def as_json(results: Sequence[Result]) -> str:
    """Return all results, ordered by test IRI; request and response only where a test failed."""
    entries = [
        {
            "test": result.test,
            "suite": result.suite,
            "kind": result.kind,
            "outcome": str(result.verdict.outcome),
            "reason": result.verdict.reason,
            "request": result.request,
            "response": result.response,
        }
        for result in sorted(results, key=lambda result: result.test)
    ]
    kept = [{name: value for name, value in entry.items() if value} for entry in entries]
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
