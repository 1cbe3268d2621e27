"""The workers that wait for a query: always one more alive than the fast lane can use, opened and warmed ahead.

A worker whose memory has grown is let go when it is idle, and another is born in its place: what one query took goes
back. Growth counts from the moment a worker is ready for its first query.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass

from kg.errors import Message, StoreError
from kg.store.birth import Nursery, Process
from kg.store.patches import Patch
from kg.store.preloading import Contents, Step
from kg.store.refusals import budget
from kg.store.way import Way
from kg.store.wire import Json

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1
_LOOK_SECONDS = 1.0
_MOST_GROWTH = 16 * 2**20
_SHARE_OF_GROWTH = 4
_ROOM_TO_WRITE = 16 * 2**20
"""What a worker takes when it writes to a triple store for the first time (bytes), and keeps."""


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
        self._way = Way(ahead.contents.oxigraph if ahead else "")
        self._prepared = self._way.newest
        self._spent: list[Process] = []
        self._nursery = nursery
        self._wanted = wanted
        self._idle: deque[Process] = deque()
        self._changer: Process | None = None
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

    def take_to_change(self) -> Process:
        """Take the worker that made the last change, or else any one, in whose place another is born.

        :raises BudgetError: none came in time
        """
        with self._lock:
            changer, self._changer = self._changer, None
        if changer and not changer.ends_within(0):
            return changer
        if changer:
            self.bury(changer, replaced=True)
        process = self.take()
        self.replace()
        return process

    def keep_changer(self, process: Process) -> None:
        """Put back a worker that made a change, for the next one, unless its memory has grown."""
        if not process.is_changer:
            process.is_changer, process.settled = True, process.settled + _ROOM_TO_WRITE
        if _has_grown(process):
            self.dispose(process, replaced=True)
            return
        with self._lock:
            self._changer = process

    def give_back(self, process: Process) -> None:
        """Put back a worker that can be used again."""
        with self._lock:
            if self._bring(process, self._way.newest):
                self._idle.append(process)
                self._there.notify()
            else:
                self._retire(process)

    def renew(self, ahead: Ahead, patch: Patch | None) -> None:
        """Have all ready for the version that is current now, and newborns be born so.

        Those that are there are told what changed; where that is not known, or much, others are born in their place.
        """
        with self._lock:
            self._ahead = ahead
            self._way.lead(ahead.contents.oxigraph, patch)
            idle, self._idle = self._idle, deque()
            for process in idle:
                if self._bring(process, self._way.newest):
                    self._idle.append(process)
                else:
                    self._retire(process)
            self._missing.notify()

    def bring(self, process: Process, place: str) -> None:
        """Have a worker that was taken be ready for another version, where the way leads there."""
        if process.place != place:
            with self._lock:
                self._bring(process, place)

    def _bring(self, process: Process, place: str) -> bool:
        """Have a worker be ready for a version; tell whether it is."""
        if process.place == place:
            return True
        text = self._way.text(process.place, place)
        if text is None:
            return False
        message = {"do": "step", "before": process.place, "oxigraph": place}
        try:
            process.ask(message, text)
        except EOFError:
            return False
        process.place = place
        return True

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
        for process in (*self._idle, *self._spent, *filter(None, [self._changer])):
            process.let_go()
        self._idle.clear()
        self._spent.clear()

    def _breed(self) -> None:
        while not self._closed:
            with self._lock:
                self._missing.wait_for(self._is_needed, timeout=_LOOK_SECONDS)
                coming = self._take_coming()
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
        return self._closed or self._is_short() or self._prepared != self._way.newest

    def _take_coming(self) -> tuple[Contents, Step | None] | None:
        """Return the version that newborns are to hold, where the nursery has another, and what leads there."""
        if self._ahead is None or self._prepared == self._way.newest:
            return None
        patch = self._way.between(self._prepared, self._way.newest)
        step = Step(self._prepared, patch) if patch else None
        self._prepared = self._way.newest
        return self._ahead.contents, step

    def _is_short(self) -> bool:
        return self._alive < self._wanted

    def _take_grown(self) -> Process | None:
        grown = next((process for process in self._idle if _has_grown(process)), None)
        if grown:
            self._idle.remove(grown)
        return grown

    def _bear(self) -> None:
        with self._lock:
            ahead = self._ahead
        process = self._born(ahead) or self._born(None)
        with self._lock:
            if process and self._is_ready(process, ahead):
                self._idle.appendleft(process)
            elif process:
                self._retire(process)
            else:
                self._alive -= 1
            self._there.notify_all()
            if process is None and not self._closed:
                self._missing.wait(_PAUSE_SECONDS)

    def _is_ready(self, process: Process, ahead: Ahead | None) -> bool:
        """Have a newborn be ready for the version of now, which may be another than when it was born."""
        process.place = ahead.contents.oxigraph if ahead else ""
        return self._bring(process, self._way.newest)

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
