"""The workers that wait for a query: always one more alive than the fast lane can use, opened and warmed ahead.

A worker whose memory has grown is let go when it is idle, and another is born in its place: what one query took goes
back. Growth counts from the moment a worker is ready for its first query.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass

from kg.errors import Message, StoreError
from kg.store.birth import Nursery, Process
from kg.store.preloading import Contents, Step
from kg.store.refusals import budget
from kg.store.wire import Json

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1
_LOOK_SECONDS = 1.0
_RENEWAL_SECONDS = 2.0
_MOST_GROWTH = 16 * 2**20
_SHARE_OF_GROWTH = 4


@dataclass(frozen=True)
class Ahead:
    """The version that workers are to be ready for: what they hold from their birth, and what warms them."""

    contents: Contents
    question: tuple[Json, bytes]


class Stock:
    """Idle workers; a thread of its own has new ones born in the place of those that are spent."""

    def __init__(self, nursery: Nursery, wanted: int, ahead: Ahead | None) -> None:
        """Begin to keep so many alive, each ready for the version ahead."""
        self._ahead = ahead
        self._generation = 0
        self._coming: tuple[Contents, Step | None] | None = None
        self._renewal_until = 0.0
        self._spent: list[Process] = []
        self._nursery = nursery
        self._wanted = wanted
        self._idle: deque[Process] = deque()
        self._lock = threading.Lock()
        self._there = threading.Condition(self._lock)
        self._missing = threading.Condition(self._lock)
        self._alive = 0
        self._is_barren = False
        self._closed = False
        self._breeder = threading.Thread(target=self._breed, name="breeder", daemon=True)
        self._breeder.start()

    @property
    def alive(self) -> int:
        """How many there are, at work in the fast lane or idle."""
        return self._alive

    def await_first(self) -> None:
        """Wait until a worker is ready.

        :raises StoreError: none could be born
        """
        with self._lock:
            self._there.wait_for(lambda: self._idle or self._is_barren, timeout=_PATIENCE_SECONDS)
            if not self._is_barren and self._idle:
                return
        raise StoreError(
            Message(ko="질의를 맡을 프로세스를 시작할 수 없습니다.", en="No worker could be started to take queries."),
            cure=Message(ko="KG_QUERY_MEMORY를 늘리십시오.", en="Allow more memory with KG_QUERY_MEMORY."),
        )

    def take(self) -> Process:
        """Take a worker, the one used last, waiting for one if need be.

        :raises BudgetError: none came in time
        """
        with self._lock:
            if self._there.wait_for(lambda: self._idle, timeout=_PATIENCE_SECONDS):
                return self._idle.pop()
        raise budget("workers", "질의를 맡을 프로세스가 없습니다.", "There was no worker to take the query.")

    def take_now(self) -> Process | None:
        """Take a worker if one is there."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def give_back(self, process: Process) -> None:
        """Put back a worker that can be used again."""
        with self._lock:
            if process.generation == self._generation:
                self._idle.append(process)
                self._there.notify()
            else:
                self._retire(process)

    def prepare(self, contents: Contents, step: Step | None = None) -> None:
        """Get ready for a version that may come; until it does, none is born that would be of the one before."""
        with self._lock:
            self._coming = contents, step
            self._renewal_until = time.monotonic() + _RENEWAL_SECONDS
            self._missing.notify()

    def renew(self, ahead: Ahead) -> None:
        """Have all newborns ready for another version; those that are idle make way for them."""
        with self._lock:
            self._ahead = ahead
            self._generation += 1
            self._renewal_until = 0.0
            while self._idle:
                self._retire(self._idle.pop())

    def _retire(self, process: Process) -> None:
        process.kill()
        self._spent.append(process)
        self._alive -= 1
        self._missing.notify()

    def replace(self) -> None:
        """Have another born in the place of one that leaves the fast lane."""
        with self._lock:
            self._alive -= 1
            self._missing.notify()

    def dispose(self, process: Process, *, replaced: bool) -> None:
        """End a worker that is spent, without waiting for that; have another born if that was not done already."""
        with self._lock:
            self._retire(process)
            self._alive += replaced

    def bury(self, process: Process, *, replaced: bool) -> int:
        """End a worker that is spent, and return its wait status; have another born if that was not done already."""
        status = self._nursery.bury(process)
        if not replaced:
            self.replace()
        return status

    def close(self) -> None:
        """Let every worker go, and have no more born."""
        with self._lock:
            self._closed = True
            self._missing.notify()
        self._breeder.join(_PATIENCE_SECONDS)
        for process in (*self._idle, *self._spent):
            process.let_go()
        self._idle.clear()
        self._spent.clear()

    def _breed(self) -> None:
        while not self._closed:
            with self._lock:
                self._missing.wait_for(self._is_needed, timeout=_LOOK_SECONDS)
                coming, self._coming = self._coming, None
                is_short = self._is_short()
                grown = None if is_short else self._take_grown()
                self._alive += is_short
            if coming:
                self._nursery.prepare(*coming)
            if (is_short or grown) and not self._closed:
                self._bear()
            if grown:
                self.dispose(grown, replaced=True)
            self._reap()

    def _reap(self) -> None:
        """Bury those that have ended by now."""
        with self._lock:
            ended = [process for process in self._spent if process.ends_within(0)]
            self._spent = [process for process in self._spent if process not in ended]
        for process in ended:
            self._nursery.bury(process)

    def _is_needed(self) -> bool:
        return self._closed or self._is_short() or self._coming is not None

    def _is_short(self) -> bool:
        is_renewed_soon = bool(self._idle) and time.monotonic() < self._renewal_until
        return self._alive < self._wanted and not is_renewed_soon

    def _take_grown(self) -> Process | None:
        grown = next((process for process in self._idle if _has_grown(process)), None)
        if grown:
            self._idle.remove(grown)
        return grown

    def _bear(self) -> None:
        with self._lock:
            ahead, generation = self._ahead, self._generation
        process = self._born(ahead) or self._born(None)
        with self._lock:
            if process and generation == self._generation:
                process.generation = generation
                self._idle.appendleft(process)
            elif process:
                self._retire(process)
            else:
                self._alive -= 1
            self._there.notify_all()
            if process is None and not self._closed:
                self._missing.wait(_PAUSE_SECONDS)

    def _born(self, ahead: Ahead | None) -> Process | None:
        """Have a worker born that has answered what it is warmed with; the stock is barren while none can."""
        process = None
        try:
            process = self._nursery.fork(ahead.contents if ahead else None)
            if ahead:
                process.ask(*ahead.question)
                process.reply()
        except (EOFError, OSError, ValueError):
            if process:
                self._nursery.bury(process)
            if not self._is_barren:
                _LOG.warning("A worker could not be born.")
            self._is_barren = True
            return None
        process.settled = process.memory()
        self._is_barren = self._is_barren and ahead is None
        return process


def _has_grown(process: Process) -> bool:
    return process.memory() > process.settled + process.settled // _SHARE_OF_GROWTH + _MOST_GROWTH
