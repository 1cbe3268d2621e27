"""One request's time with one worker: quick if it can be, slow if it must be, and ended whatever happens."""

from __future__ import annotations

import time

from kg.errors import BudgetError
from kg.store.birth import Process
from kg.store.cancellation import Cancellation
from kg.store.death import cause_of_death, displaced
from kg.store.lanes import LongUse, Pace, Place
from kg.store.refusals import budget
from kg.store.stock import Stock
from kg.store.wire import Json, error_from_message

_MOST_KEPT = 16 * 2**20
_SOONEST_SECONDS = 0.005


class Turn:
    """A worker in a place of a lane. Begin with ``send``; end with ``quick_reply``, or else with ``reply``."""

    def __init__(self, stock: Stock, place: Place, process: Process, pace: Pace) -> None:
        """Take a place and a worker, and how long it may be fast."""
        self.process = process
        self._stock = stock
        self._place = place
        self._pace = pace
        self._is_change = False
        self._is_alive = True
        self._is_displaced = False
        self._is_buried = False
        self._begun = 0.0
        self._used_before = 0.0
        self._use = LongUse(self._used, self._displace)

    def send(self, message: Json, body: bytes = b"") -> None:
        """Send the request; a worker that died is noticed at the reply."""
        self._is_change = message["do"] == "change"
        self._begun = time.monotonic()
        self._stock.bring(self.process, message["oxigraph"])
        self._used_before = self.process.processor_seconds()
        try:
            self.process.ask(message, body)
        except EOFError:
            self._is_alive = False

    def fast_seconds_left(self) -> float:
        """Return for how long it stays in the fast lane before it is looked at again; 0 when it must go, or went."""
        used, taken = self._used(), time.monotonic() - self._begun
        left = self._pace.left(used, taken, is_starved=self.process.is_starved())
        if left and used >= self._pace.crowded and self._place.step_aside(self._use):
            self._give_way()
            return 0.0
        return left and min(max(left, _SOONEST_SECONDS), self._pace.crowded)

    def _used(self) -> float:
        return self.process.processor_seconds() - self._used_before

    def quick_reply(self, most_bytes: int) -> tuple[Json, bytes] | None:
        """Return a reply that is there, or None for one that only ``reply`` can wait for: late, large, or never.

        :raises KgError: the reply is an error
        """
        if self._is_change or not self._is_alive or not self._place.is_fast:
            return None
        try:
            reply = self.process.reply_within(most_bytes)
        except EOFError:
            self._is_alive = False
            return None
        if reply is None:
            return None
        self._stock.give_back(self.process)
        self._place.leave()
        return _checked(reply)

    def reply(self, seconds: float, cancellation: Cancellation) -> tuple[Json, bytes]:
        """Wait for the reply so many seconds from the beginning, first in the fast lane, then in the slow one.

        :raises BudgetError: a budget is used up
        :raises WorkerLostError: the worker died of nothing that the query did
        :raises KgError: the reply is an error
        """
        reply = None
        try:
            with cancellation.ending(self._end):
                reply = self._waited(self._begun + seconds, cancellation)
            return _checked(reply)
        except EOFError as error:
            self._place.settle()
            if self._is_displaced:
                raise displaced() from error
            status = 0 if cancellation.is_set else self._bury()
            raise cause_of_death(status, is_cancelled=cancellation.is_set) from error
        finally:
            self._part(reply)
            self._place.leave()

    def abandon(self) -> None:
        """End it without a reply, for nobody waits for one."""
        self._part(None)
        self._place.leave()

    def _bury(self) -> int:
        self._is_buried = True
        return self._stock.bury(self.process, replaced=self._is_replaced)

    def _part(self, reply: tuple[Json, bytes] | None) -> None:
        """Let go of the worker: it can be used again, or is spent."""
        self._place.settle()
        if self._is_buried:
            return
        if reply is None or not self._place.is_fast or len(reply[1]) > _MOST_KEPT:
            self._stock.dispose(self.process, replaced=self._is_replaced)
        elif self._is_change:
            self._stock.keep_changer(self.process)
        else:
            self._stock.give_back(self.process)

    @property
    def _is_replaced(self) -> bool:
        """Whether another worker was born in the place of this one already."""
        return self._is_change or not self._place.is_fast

    def _end(self) -> None:
        self.process.kill()
        self._place.wake()

    def _waited(self, deadline: float, cancellation: Cancellation) -> tuple[Json, bytes]:
        if not self._is_alive:
            raise EOFError
        if not self._answers_while_fast(deadline):
            self._slow_down(deadline, cancellation)
            if not self.process.answers_within(deadline - time.monotonic()):
                raise _late()
        return self.process.reply()

    def _answers_while_fast(self, deadline: float) -> bool:
        left = self._pace.crowded if self._place.is_fast else 0.0
        while left and not self.process.answers_within(min(left, deadline - time.monotonic())):
            left = self.fast_seconds_left() if time.monotonic() < deadline else 0.0
        return self.process.answers_within(0)

    def _slow_down(self, deadline: float, cancellation: Cancellation) -> None:
        """Go on in the slow lane, behind all others; stand still until there is a place in it."""
        if time.monotonic() >= deadline:
            raise _late()
        if self._place.is_fast:
            self._place.leave_fast_lane(self._use)
            self._give_way()
        if self._place.enter_slow_lane(0):
            return
        self.process.pause()
        self._stand_still(deadline, cancellation)
        self.process.resume()

    def _give_way(self) -> None:
        if not self._is_change:
            self._stock.replace()
        self.process.yield_to_others()

    def _stand_still(self, deadline: float, cancellation: Cancellation) -> None:
        def is_over() -> bool:
            return self._is_displaced or cancellation.is_set

        if self._place.enter_slow_lane(deadline - time.monotonic(), is_over):
            return
        if is_over():
            raise EOFError
        raise _late()

    def _displace(self) -> None:
        self._is_displaced = True
        self._end()


def _late() -> BudgetError:
    return budget("seconds", "허용된 시간 안에 끝나지 않았습니다.", "The query did not end within its time.")


def _checked(reply: tuple[Json, bytes]) -> tuple[Json, bytes]:
    if "error" in reply[0]:
        raise error_from_message(reply[0])
    return reply
