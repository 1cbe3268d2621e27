"""The two lanes that queries run in, the queue before them, and the one between them.

A query is fast by the processor time it used, not by the clock: on a busy machine an ordinary query takes long and uses
little. Where all places for long queries are taken, one that used much makes way for one that used little.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from kg.errors import BudgetError
from kg.store.refusals import budget

_MUCH_MORE = 10
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Pace:
    """How long a query is fast: seconds of the processor, and seconds of the clock while it has to wait for that.

    Where others wait for its place, one that used ``crowded`` seconds of the processor steps aside if there is room.
    """

    processor: float = 0.05
    clock: float = 2.0
    crowded: float = 0.02

    def left(self, used: float, taken: float, *, is_starved: bool) -> float:
        """Return for how long a query stays fast that used and took so many seconds, before it is looked at again.

        One that uses less than it could, and is not starved of the processor, waits for something else.

        >>> Pace(0.05, 2).left(0.01, 0.5, is_starved=True)
        0.04
        >>> Pace(0.05, 2).left(0.01, 0.5, is_starved=False)
        0.0
        """
        if used >= self.processor or taken >= self.clock:
            return 0.0
        if taken >= self.processor and not is_starved:
            return 0.0
        return min(self.processor - used, self.clock - taken)


class Lanes:
    """Counts who may run: so many in the fast lane and in the slow one, so many waiting before either."""

    def __init__(self, *, fast: int, slow: int, queue: int, paused: int) -> None:
        """Open the lanes, empty."""
        self.fast = threading.Semaphore(fast)
        self.changing = threading.Semaphore(1)
        self.long = threading.Semaphore(slow + paused)
        self.slow_left = slow
        self.turn = threading.Condition()
        self.users: dict[Place, LongUse] = {}
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
                raise _too_late()
        finally:
            self._count(-1)
            self._queue.release()
        return Place(self, self.fast)

    def enter_to_change(self, seconds: float) -> Place:
        """Wait for the one place that is kept for changes, which so take none from queries.

        :raises BudgetError: the turn did not come in time
        """
        if not self.changing.acquire(timeout=seconds):
            raise _too_late()
        return Place(self, self.changing)

    def _count(self, more: int) -> None:
        with self._lock:
            self.waiting += more

    def enter_now(self) -> Place | None:
        """Take a place in the fast lane if there is one."""
        return Place(self, self.fast) if self.fast.acquire(blocking=False) else None

    @property
    def is_crowded(self) -> bool:
        """Whether all places of the fast lane are taken."""
        is_free = self.fast.acquire(blocking=False)
        if is_free:
            self.fast.release()
        return not is_free

    def enter_long(self, use: LongUse) -> bool:
        """Take a place among the long ones, of one that used much more if need be; tell whether there was one."""
        return self.long.acquire(blocking=False) or (
            self._displace(use.used() * _MUCH_MORE) and self.long.acquire(timeout=_PATIENCE_SECONDS)
        )

    def _displace(self, least: float) -> bool:
        """End the long query that used most, if it used so many seconds of the processor."""
        with self.turn:
            used = [(use.used(), place) for place, use in self.users.items()]
            most, place = max(used, key=lambda entry: entry[0], default=(0.0, None))
            if place is None or most < least:
                return False
            self.users.pop(place).end()
        return True


@dataclass(frozen=True)
class LongUse:
    """What the lanes must know of a long query: the seconds of the processor it used, and how it is ended."""

    used: Callable[[], float]
    end: Callable[[], None]


class Place:
    """A place in a lane, to be left once."""

    def __init__(self, lanes: Lanes, taken: threading.Semaphore) -> None:
        """Begin in the fast lane, in the place that the one who enters has taken."""
        self._lanes = lanes
        self._taken = taken
        self._is_long = False
        self._is_slow = False
        self._is_left = False

    @property
    def is_fast(self) -> bool:
        """Whether the place is still in the fast lane."""
        return not self._is_long

    def step_aside(self, use: LongUse) -> bool:
        """Leave the fast lane where others may wait for it, and there is room elsewhere; tell whether that was so."""
        frees = self._taken is self._lanes.fast
        is_wanted = frees and self._lanes.is_crowded and self._lanes.long.acquire(blocking=False)
        if is_wanted:
            self._move(use)
        return is_wanted

    def leave_fast_lane(self, use: LongUse) -> None:
        """Make room in the fast lane, to wait for the slow one.

        :raises BudgetError: too many are there already
        """
        if not self._lanes.enter_long(use):
            raise budget(
                "slow queries", "오래 걸리는 질의가 한도에 찼습니다.", "As many long queries as may be are under way."
            )
        self._move(use)

    def _move(self, use: LongUse) -> None:
        with self._lanes.turn:
            self._lanes.users[self] = use
        self._is_long = True
        self._taken.release()

    def enter_slow_lane(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Wait so long for a place in the slow lane, or until it is over; tell whether there was one."""
        lanes = self._lanes
        with lanes.turn:
            lanes.turn.wait_for(lambda: lanes.slow_left > 0 or is_over(), timeout=max(seconds, 0))
            self._is_slow = lanes.slow_left > 0 and not is_over()
            lanes.slow_left -= self._is_slow
        return self._is_slow

    def wake(self) -> None:
        """Have those who wait for the slow lane see whether it is over for them."""
        with self._lanes.turn:
            self._lanes.turn.notify_all()

    def settle(self) -> None:
        """Have nobody end the query any more."""
        with self._lanes.turn:
            self._lanes.users.pop(self, None)

    def leave(self) -> None:
        """Make room for another."""
        if self._is_left:
            return
        self._is_left = True
        if not self._is_long:
            self._taken.release()
            return
        self.settle()
        with self._lanes.turn:
            self._lanes.slow_left += self._is_slow
            self._lanes.turn.notify_all()
        self._lanes.long.release()


def _too_late() -> BudgetError:
    return budget("queue", "제때 차례가 오지 않았습니다.", "The turn did not come in time.")
