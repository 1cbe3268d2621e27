"""One request's time with one worker: quick if it can be, slow if it must be, and ended whatever happens."""

from __future__ import annotations

import os
import signal
import time

from kg.errors import BudgetError
from kg.store.birth import Process
from kg.store.cancellation import Cancellation
from kg.store.lanes import Place
from kg.store.refusals import budget
from kg.store.stock import Stock
from kg.store.wire import Json, error_from_message

_MOST_KEPT = 16 * 2**20


class Turn:
    """A worker in a place of a lane. Begin with ``send``; end with ``quick_reply``, or else with ``reply``."""

    def __init__(self, stock: Stock, place: Place, process: Process) -> None:
        """Take a place and a worker."""
        self.process = process
        self._stock = stock
        self._place = place
        self._is_change = False
        self._is_alive = True

    def send(self, message: Json, body: bytes = b"") -> None:
        """Send the request; a worker that died is noticed at the reply."""
        self._is_change = message["do"] == "change"
        try:
            self.process.ask(message, body)
        except EOFError:
            self._is_alive = False

    def quick_reply(self, most_bytes: int) -> tuple[Json, bytes] | None:
        """Return a reply that is there, or None for one that only ``reply`` can wait for: late, large, or never.

        :raises KgError: the reply is an error
        """
        if self._is_change or not self._is_alive:
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

    def reply(self, fast_seconds: float, seconds: float, cancellation: Cancellation) -> tuple[Json, bytes]:
        """Wait for the reply, first in the fast lane, then in the slow one.

        :raises BudgetError: a budget is used up
        :raises KgError: the reply is an error
        """
        reply = None
        status = 0
        try:
            with cancellation.ending(self.process.kill):
                reply = self._waited(fast_seconds, seconds)
        except EOFError:
            pass
        finally:
            if reply is None or self._is_change or not self._place.is_fast or len(reply[1]) > _MOST_KEPT:
                status = self._stock.bury(self.process, replaced=not self._place.is_fast)
            else:
                self._stock.give_back(self.process)
            self._place.leave()
        if reply is None:
            raise _cause_of_death(status, cancellation)
        return _checked(reply)

    def _waited(self, fast_seconds: float, seconds: float) -> tuple[Json, bytes]:
        if not self._is_alive:
            raise EOFError
        deadline = time.monotonic() + seconds
        if not self.process.answers_within(min(fast_seconds, seconds)):
            self._slow_down(deadline)
            if not self.process.answers_within(deadline - time.monotonic()):
                raise _late()
        return self.process.reply()

    def _slow_down(self, deadline: float) -> None:
        """Go on in the slow lane, behind all others; stand still until there is a place in it."""
        self._place.leave_fast_lane()
        self._stock.replace()
        self.process.yield_to_others()
        if self._place.enter_slow_lane(0):
            return
        self.process.pause()
        if not self._place.enter_slow_lane(deadline - time.monotonic()):
            raise _late()
        self.process.resume()


def _late() -> BudgetError:
    return budget("seconds", "허용된 시간 안에 끝나지 않았습니다.", "The query did not end within its time.")


def _checked(reply: tuple[Json, bytes]) -> tuple[Json, bytes]:
    if "error" in reply[0]:
        raise error_from_message(reply[0])
    return reply


def _cause_of_death(status: int, cancellation: Cancellation) -> BudgetError:
    if cancellation.is_set:
        return budget("client", "요청한 쪽이 연결을 끊었습니다.", "The client hung up.")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV:
        return budget("nesting", "질의가 너무 깊이 중첩되어 있습니다.", "The query nests too deeply.")
    return budget("memory", "허용된 메모리를 넘었습니다.", "The query needed more memory than it may use.")
