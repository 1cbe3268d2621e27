"""Holds a run against ``expected.json``, which lists by test IRI what is known not to pass, with the reason.

The file has a list per outcome: ``failed``, ``skipped`` and ``passed by value``; each entry gives one reason and the
tests that it holds for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from conformance.outcome import Outcome, Result

EXPECTED = Path(__file__).with_name("expected.json")

Expectations = Mapping[str, tuple[Outcome, str]]


def read_expected(path: Path = EXPECTED) -> dict[str, tuple[Outcome, str]]:
    """Read the listed outcome and its reason for each listed test."""
    expected: dict[str, tuple[Outcome, str]] = {}
    for outcome, groups in json.loads(path.read_text("utf-8")).items():
        for group in groups:
            for test in group["tests"]:
                if test in expected:
                    raise ValueError(f"{path}: {test} is listed twice")
                expected[test] = (Outcome(outcome), group["reason"])
    return expected


def skips(expected: Expectations) -> dict[str, str]:
    """Return the reason for each test that is not to be run."""
    return {test: reason for test, (outcome, reason) in expected.items() if outcome is Outcome.SKIPPED}


def listed_among(results: Iterable[Result], expected: Expectations) -> Expectations:
    """Return what is listed of the tests that were run."""
    run = {result.test for result in results}
    return {test: listed for test, listed in expected.items() if test in run}


def surprises(results: Iterable[Result], expected: Expectations) -> Iterator[str]:
    """Yield what came out otherwise than listed, and what is listed but was not run.

    >>> from conformance.outcome import PASSED
    >>> passed = Result("urn:t", "s", "k", PASSED)
    >>> list(surprises([passed], {"urn:t": (Outcome.FAILED, "numbers are kept by value")}))
    ['<urn:t> passed, but is listed as failed: numbers are kept by value']
    """
    run = set()
    for result in results:
        run.add(result.test)
        listed, reason = expected.get(result.test, (Outcome.PASSED, ""))
        outcome = result.verdict.outcome
        if outcome is not listed and listed is Outcome.PASSED:
            yield f"<{result.test}> {outcome}, and is not listed: {result.verdict.reason}"
        elif outcome is not listed:
            yield f"<{result.test}> {outcome}, but is listed as {listed}: {reason}"
    yield from (f"<{test}> is listed, but there is no such test" for test in expected.keys() - run)
