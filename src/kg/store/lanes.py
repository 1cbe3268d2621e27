"""The two lanes that queries run in, the queue before them, and the one between them."""

from __future__ import annotations

import threading

from kg.store.refusals import budget


class Lanes:
    """Counts who may run: so many in the fast lane and in the slow one, so many waiting before either."""

    def __init__(self, *, fast: int, slow: int, queue: int, paused: int) -> None:
        """Open the lanes, empty."""
        self.fast = threading.Semaphore(fast)
        self.slow = threading.Semaphore(slow)
        self.long = threading.Semaphore(slow + paused)
        self._queue = threading.Semaphore(fast + queue)
        self._lock = threading.Lock()
        self.waiting = 0

    def enter(self, seconds: float) -> Place:
        """Wait for a place in the fast lane.

        :raises BudgetError: the queue is full, or the turn did not come in time
        """
        if not self._queue.acquire(blocking=False):
            raise budget("queue", "기다리는 질의가 너무 많습니다.", "Too many queries are waiting.")
        self._count(1)
        try:
            if not self.fast.acquire(timeout=seconds):
                raise budget("queue", "제때 차례가 오지 않았습니다.", "The query's turn did not come in time.")
        finally:
            self._count(-1)
            self._queue.release()
        return Place(self)

    def _count(self, more: int) -> None:
        with self._lock:
            self.waiting += more

    def enter_now(self) -> Place | None:
        """Take a place in the fast lane if there is one."""
        return Place(self) if self.fast.acquire(blocking=False) else None


class Place:
    """A place in a lane, to be left once."""

    def __init__(self, lanes: Lanes) -> None:
        """Begin in the fast lane, which the one who enters has taken."""
        self._lanes = lanes
        self._held = [lanes.fast]

    @property
    def is_fast(self) -> bool:
        """Whether the place is still in the fast lane."""
        return self._lanes.fast in self._held

    def leave_fast_lane(self) -> None:
        """Make room in the fast lane, to wait for the slow one.

        :raises BudgetError: too many are there already
        """
        if not self._lanes.long.acquire(blocking=False):
            raise budget(
                "slow queries", "오래 걸리는 질의가 한도에 찼습니다.", "As many long queries as may be are under way."
            )
        self._held = [self._lanes.long]
        self._lanes.fast.release()

    def enter_slow_lane(self, seconds: float) -> bool:
        """Wait so long for a place in the slow lane; tell whether there was one."""
        entered = self._lanes.slow.acquire(timeout=max(seconds, 0))
        if entered:
            self._held.append(self._lanes.slow)
        return entered

    def leave(self) -> None:
        """Make room for another."""
        while self._held:
            self._held.pop().release()
