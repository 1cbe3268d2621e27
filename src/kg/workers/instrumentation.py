"""Counters of query outcomes, query times, commits, validations and worker exits."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager

from kg.domain import KgError
from kg.workers.counters import Counters, Key, Row

BUCKET_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
_BUCKETS = tuple(map(str, BUCKET_BOUNDS))


def _problems(branch: type[KgError]) -> Iterator[str]:
    for smaller in branch.__subclasses__():
        yield from _problems(smaller) if smaller.__subclasses__() else [smaller.problem]


INSTRUMENTED_KEYS: tuple[Key, ...] = (
    *(("queries", outcome) for outcome in ("answered", "dropped", *_problems(KgError))),
    *(("query_seconds", str(bound)) for bound in BUCKET_BOUNDS),
    *(("worker_exits", cause) for cause in ("nesting", "memory", "lost")),
    ("query_seconds_sum",),
    *(("commits", outcome) for outcome in ("committed", "failed", *_problems(KgError))),
    *((name,) for name in ("commit_seconds", "validations", "validation_seconds")),
)
"""The keys of all counters below."""


class Instrumentation:
    """Counts queries by outcome (``answered``, ``dropped``, or the name of a problem) and by time."""

    def __init__(self, row: Row | None = None) -> None:
        """Count in this row of a table that has ``INSTRUMENTED_KEYS``."""
        self._row = row or Counters(INSTRUMENTED_KEYS).claim()

    @contextmanager
    def query(self) -> Iterator[None]:
        """Count the query evaluated in this block."""
        begun = time.perf_counter()
        outcome = "dropped"
        try:
            yield
            outcome = "answered"
        except KgError as error:
            outcome = error.problem
            raise
        finally:
            self.count(outcome, time.perf_counter() - begun)

    def count(self, outcome: str, seconds: float) -> None:
        """Count a query that took so many seconds."""
        self._row.add(("queries", outcome))
        self._row.add(("query_seconds", _BUCKETS[bisect_left(BUCKET_BOUNDS, seconds)]))
        if seconds:
            self._row.add(("query_seconds_sum",), seconds)

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Count the commit made in this block, from waiting for the lock to the fsync."""
        begun = time.perf_counter()
        outcome = "failed"
        try:
            yield
            outcome = "committed"
        except KgError as error:
            outcome = error.problem
            raise
        finally:
            self._row.add(("commits", outcome))
            self._row.add(("commit_seconds",), time.perf_counter() - begun)

    @contextmanager
    def validation(self) -> Iterator[None]:
        """Count the validation awaited in this block."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._row.add(("validations",))
            self._row.add(("validation_seconds",), time.perf_counter() - begun)

    def worker_exited(self, cause: str) -> None:
        """Count a worker that exited without being killed by the scheduler."""
        self._row.add(("worker_exits", cause))
