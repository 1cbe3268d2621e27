"""Graceful shutdown: requests in flight are answered, and an update reported as not done is never committed."""

from __future__ import annotations

import asyncio
import threading

from kg.domain import BudgetError
from kg.locales import Message
from kg.store import budget

COMMITMENT = "kg.commitment"
"""Where the application finds the commitment of its request."""
GRACE_SECONDS = 4.0
"""How long requests in flight may take to end by themselves; commits that are being written have longer."""


class Commitment:
    """The commit point of a request: passed by the request or refused by the shutdown, whichever is first.

    ========  =======================  ===========================================
    state     entered by               then
    ========  =======================  ===========================================
    open      the request arrives      it may be refused
    passed    the request: ``commit``  it is waited for
    refused   the server: ``refuse``   ``commit`` raises, and nothing is changed
    ========  =======================  ===========================================
    """

    def __init__(self) -> None:
        """Start undecided."""
        self._state = "open"
        self._lock = threading.Lock()

    def commit(self) -> None:
        """Pass the commit point.

        :raises BudgetError: the server stops, and has said so to the client
        """
        with self._lock:
            if self._state == "refused":
                raise stopping()
            self._state = "passed"

    def refuse(self) -> bool:
        """Keep the request from committing; return False where it has passed its commit point."""
        with self._lock:
            if self._state == "open":
                self._state = "refused"
            return self._state == "refused"


class Shutdown:
    """The requests in flight, and their cancellation at the shutdown; used by one event loop only."""

    def __init__(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take the grace time of requests in flight."""
        self.is_due = False
        self._grace_seconds = grace_seconds
        self._in_flight: dict[asyncio.Task[None], Commitment] = {}

    def enter(self, task: asyncio.Task[None]) -> Commitment:
        """Register a request that a task answers."""
        commitment = self._in_flight[task] = Commitment()
        return commitment

    def leave(self, task: asyncio.Task[None]) -> None:
        """Unregister a request."""
        self._in_flight.pop(task, None)

    def begin(self) -> None:
        """Stop: after the grace time, cancel each request in flight that has not passed its commit point."""
        asyncio.get_running_loop().call_later(self._grace_seconds, self._cancel)

    def _cancel(self) -> None:
        self.is_due = True
        for task, commitment in list(self._in_flight.items()):
            if commitment.refuse():
                task.cancel()


def stopping() -> BudgetError:
    """Return the error for a request that is not answered because the server stops."""
    return budget("shutdown", Message("budget.shutdown"))
