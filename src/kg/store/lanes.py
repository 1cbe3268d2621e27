"""The two lanes that queries run in, and the queue before them."""

from __future__ import annotations

import threading

from kg.errors import BudgetError
from kg.store.refusals import budget


class Lanes:
    """Counts who may run: so many in the fast lane, so many in the slow one, so many waiting."""

    def __init__(self, *, fast: int, slow: int, queue: int) -> None:
        """Open the lanes, empty."""
        self._fast = threading.Semaphore(fast)
        self._slow = threading.Semaphore(slow)
        self._queue = threading.Semaphore(fast + queue)

    def enter(self, seconds: float) -> Place:
        """Wait for a place in the fast lane.

        :raises BudgetError: the queue is full, or the turn did not come in time
        """
        if not self._queue.acquire(blocking=False):
            raise budget("queue", "기다리는 질의가 너무 많습니다.", "Too many queries are waiting.")
        try:
            if not self._fast.acquire(timeout=seconds):
                raise budget("queue", "차례가 오지 않았습니다.", "The query's turn did not come in time.")
        finally:
            self._queue.release()
        return Place(self._fast, self._slow)


class Place:
    """A place in a lane, to be left once."""

    def __init__(self, fast: threading.Semaphore, slow: threading.Semaphore) -> None:
        """Begin in the fast lane."""
        self._fast = fast
        self._slow = slow
        self.is_slow = False

    def slow_down(self) -> None:
        """Move to the slow lane, making room in the fast one.

        :raises BudgetError: the slow lane is full
        """
        if not self._slow.acquire(blocking=False):
            raise full_slow_lane()
        self.is_slow = True
        self._fast.release()

    def leave(self) -> None:
        """Make room for another."""
        (self._slow if self.is_slow else self._fast).release()


def full_slow_lane() -> BudgetError:
    """Return the error for a long query while as many as may run do."""
    return budget("slow queries", "오래 걸리는 질의가 이미 많습니다.", "As many long queries as may run are running.")
