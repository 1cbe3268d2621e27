"""What became of the queries: how many had which outcome, and how long they took."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate

from kg.errors import KgError

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))


class Tally:
    """Counts queries by outcome (``answered``, ``dropped``, or the name of a problem) and by their time."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds = 0.0
        self._outcomes: Counter[str] = Counter()
        self._by_bound: Counter[float] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def query(self) -> Iterator[None]:
        """Count a query that is evaluated in this block."""
        begun = time.perf_counter()
        outcome = "dropped"
        try:
            yield
            outcome = "answered"
        except KgError as error:
            outcome = error.problem
            raise
        finally:
            self._count(outcome, time.perf_counter() - begun)

    def _count(self, outcome: str, seconds: float) -> None:
        bound = _BOUNDS[bisect_left(_BOUNDS, seconds)]
        with self._lock:
            self._outcomes[outcome] += 1
            self._by_bound[bound] += 1
            self.seconds += seconds

    def outcomes(self) -> dict[str, int]:
        """Return how many queries had which outcome."""
        with self._lock:
            return dict(sorted(self._outcomes.items()))

    def by_seconds(self) -> list[tuple[float, int]]:
        """Return, for each bound, how many queries took no longer (seconds); the last bound is infinite."""
        with self._lock:
            return list(zip(_BOUNDS, accumulate(self._by_bound[bound] for bound in _BOUNDS), strict=True))
