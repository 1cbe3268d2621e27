"""The workers that wait for a query: always one more alive than the fast lane can use, opened ahead."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path

from kg.store.birth import Nursery, Process
from kg.store.refusals import budget

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1


class Stock:
    """Idle workers; a thread of its own has new ones born in the place of those that are spent."""

    def __init__(self, nursery: Nursery, wanted: int, ahead: Path | None) -> None:
        """Begin to keep so many alive; ``ahead`` is the triple store that a new one opens."""
        self.ahead = ahead
        self._nursery = nursery
        self._wanted = wanted
        self._idle: deque[Process] = deque()
        self._changed = threading.Condition()
        self._alive = 0
        self._closed = False
        self._breeder = threading.Thread(target=self._breed, name="breeder", daemon=True)
        self._breeder.start()

    def take(self) -> Process:
        """Take a worker, the one used last, waiting for one if need be.

        :raises BudgetError: none came in time
        """
        with self._changed:
            if self._changed.wait_for(lambda: self._idle, timeout=_PATIENCE_SECONDS):
                return self._idle.pop()
        raise budget("workers", "질의를 맡을 프로세스가 없습니다.", "There was no worker to take the query.")

    def take_now(self) -> Process | None:
        """Take a worker if one is there."""
        with self._changed:
            return self._idle.pop() if self._idle else None

    def give_back(self, process: Process) -> None:
        """Put back a worker that can be used again."""
        with self._changed:
            self._idle.append(process)
            self._changed.notify()

    def replace(self) -> None:
        """Have another born in the place of one that leaves the fast lane."""
        with self._changed:
            self._alive -= 1
            self._changed.notify_all()

    def bury(self, process: Process, *, replaced: bool) -> int:
        """End a worker that is spent, and return its wait status; have another born if that was not done already."""
        status = self._nursery.bury(process)
        if not replaced:
            self.replace()
        return status

    def close(self) -> None:
        """Let every worker go, and have no more born."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._breeder.join(_PATIENCE_SECONDS)
        while self._idle:
            self._idle.pop().let_go()

    def _breed(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._alive < self._wanted)
                if self._closed:
                    return
                self._alive += 1
            process = self._born()
            with self._changed:
                if process:
                    self._idle.appendleft(process)
                else:
                    self._alive -= 1
                    self._changed.wait(_PAUSE_SECONDS)
                self._changed.notify_all()

    def _born(self) -> Process | None:
        try:
            process = self._nursery.fork()
            if self.ahead:
                process.ask({"do": "open", "oxigraph": str(self.ahead)})
                process.reply()
        except (EOFError, OSError, ValueError):
            _LOG.warning("A worker could not be born.")
            return None
        return process
