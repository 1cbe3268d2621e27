"""What came out of a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The four ways a test can end."""

    PASSED = "passed"
    BY_VALUE = "passed by value"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class ComparisonResult:
    """An outcome with its reason, which is empty only for what passed."""

    outcome: Outcome
    reason: str = ""

    @property
    def is_pass(self) -> bool:
        """Whether the test counts as passed."""
        return self.outcome in {Outcome.PASSED, Outcome.BY_VALUE}


@dataclass(frozen=True)
class Result:
    """The verdict on one test; for a failure also the last request and the response to it."""

    test: str
    suite: str
    kind: str
    verdict: ComparisonResult
    request: str = ""
    response: str = ""


PASSED = ComparisonResult(Outcome.PASSED)


def failed(reason: str) -> ComparisonResult:
    """Return a failure."""
    return ComparisonResult(Outcome.FAILED, reason)


def skipped(reason: str) -> ComparisonResult:
    """Return a skip."""
    return ComparisonResult(Outcome.SKIPPED, reason)
