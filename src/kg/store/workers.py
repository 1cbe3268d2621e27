"""The pool of workers: budgets of time, memory and size, and a replacement that is ready before it is needed.

A query begins in the fast lane. One that outstays it moves to the slow lane, where it yields the processor to all
others, and another worker takes its place in the fast lane. So a few queries that never end cannot keep out ordinary
ones. A worker that has been in the slow lane, or made a change, is not used again: what it took goes back.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import BudgetError
from kg.store.allowed import Destination
from kg.store.birth import Nursery, Process
from kg.store.cancellation import Cancellation
from kg.store.engine import Answer, Query
from kg.store.forms import JSON, Form
from kg.store.lanes import Lanes, Place
from kg.store.refusals import budget
from kg.store.updating import Change
from kg.store.versions import Version
from kg.store.wire import Json, error_from_message, form_named, query_to_message

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Budgets:
    """What a query may use: seconds, bytes of memory, bytes of its answer; how many are fast, are slow, and wait.

    ``allowed`` is where SERVICE and LOAD may go.
    """

    seconds: float = 10.0
    memory: int = 512 * 2**20
    answer: int = 256 * 2**20
    fast: int = 3
    slow: int = 2
    queue: int = 128
    fast_seconds: float = 0.25
    allowed: tuple[Destination, ...] = ()


class WorkerPool:
    """Evaluates queries in worker processes, each within its budgets."""

    def __init__(self, budgets: Budgets, ahead: Version | None = None) -> None:
        """Start the nursery, and have the first workers born, which open a version ahead."""
        self.budgets = budgets
        self._nursery = Nursery(memory=budgets.memory, file_size=budgets.answer, allowed=budgets.allowed)
        if not self._nursery.isolated:
            _LOG.warning("The kernel gives workers no network of their own: SERVICE and LOAD are refused by text.")
        self._lanes = Lanes(fast=budgets.fast, slow=budgets.slow, queue=budgets.queue)
        self._idle: deque[Process] = deque()
        self._changed = threading.Condition()
        self._alive = 0
        self._closed = False
        self._latest = ahead.oxigraph if ahead else None
        self._breeder = threading.Thread(target=self._breed, name="breeder", daemon=True)
        self._breeder.start()

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query within the budgets, or within ``seconds`` where that is less.

        :raises BudgetError: a budget is used up, or the queue is full
        :raises KgError: whatever is wrong with the query
        """
        self._latest = version.oxigraph
        message = {"do": "query", "oxigraph": str(version.oxigraph), "query": query_to_message(query)}
        reply, body = self._ask(message, seconds=seconds, cancellation=cancellation)
        return Answer(reply["kind"], form_named(reply["form"]) or JSON, body, volatile=reply["volatile"])

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        message = {"do": "graph", "oxigraph": str(version.oxigraph), "name": name, "form": form.name}
        reply, body = self._ask(message)
        return body if reply["exists"] else None

    def change(self, oxigraph: Path, change: Change) -> bool:
        """Apply a change to a clone; tell whether the graph was there before."""
        described, body = change.to_message()
        reply, _ = self._ask({"do": "change", "oxigraph": str(oxigraph), "change": described}, body)
        return bool(reply["existed"])

    def close(self) -> None:
        """End every worker."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._breeder.join(_PATIENCE_SECONDS)
        self._nursery.close()

    def _ask(
        self,
        message: Json,
        body: bytes = b"",
        *,
        seconds: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[Json, bytes]:
        seconds = min(seconds or self.budgets.seconds, self.budgets.seconds)
        cancellation = cancellation or Cancellation()
        place = self._lanes.enter(seconds)
        try:
            with self._borrowed(place) as turn, cancellation.ending(turn.process.kill):
                reply, answer = turn.ask(message, body, seconds, self.budgets.fast_seconds)
        except EOFError as error:
            raise _cause_of_death(turn.status, cancellation) from error
        finally:
            place.leave()
        if "error" in reply:
            raise error_from_message(reply)
        return reply, answer

    @contextmanager
    def _borrowed(self, place: Place) -> Iterator[_Turn]:
        with self._changed:
            if not self._changed.wait_for(lambda: self._idle, timeout=_PATIENCE_SECONDS):
                raise budget("workers", "질의를 맡을 프로세스가 없습니다.", "There was no worker to take the query.")
            turn = _Turn(self._idle.pop(), place)
        try:
            yield turn
        finally:
            turn.status = self._nursery.bury(turn.process) if turn.is_spent else 0
            with self._changed:
                if turn.is_spent:
                    self._alive -= 1
                else:
                    self._idle.append(turn.process)
                self._changed.notify_all()

    def _breed(self) -> None:
        """Keep one worker more alive than can be in use."""
        wanted = self.budgets.fast + self.budgets.slow + 1
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._alive < wanted)
                if self._closed:
                    return
                self._alive += 1
            process = self._born()
            with self._changed:
                if process:
                    self._idle.appendleft(process)
                else:
                    self._alive -= 1
                    self._changed.wait(0.1)
                self._changed.notify_all()

    def _born(self) -> Process | None:
        try:
            process = self._nursery.fork()
            if self._latest:
                process.ask({"do": "open", "oxigraph": str(self._latest)})
                process.reply()
        except (EOFError, OSError, ValueError):
            _LOG.warning("A worker could not be born.")
            return None
        return process


class _Turn:
    """One request's time with one worker, which is spent if it died, was slow, or made a change."""

    def __init__(self, process: Process, place: Place) -> None:
        self.process = process
        self.is_spent = False
        self.status = 0
        self._place = place

    def ask(self, message: Json, body: bytes, seconds: float, fast_seconds: float) -> tuple[Json, bytes]:
        self.is_spent = True
        self.process.ask(message, body)
        if not self.process.connection.poll(min(seconds, fast_seconds)):
            self._wait_in_slow_lane(seconds - fast_seconds)
        reply = self.process.reply()
        self.is_spent = self._place.is_slow or message["do"] == "change"
        return reply

    def _wait_in_slow_lane(self, seconds: float) -> None:
        if seconds > 0:
            self._place.slow_down()
            self.process.yield_to_others()
            if self.process.connection.poll(seconds):
                return
        raise budget("seconds", "허용된 시간 안에 끝나지 않았습니다.", "The query did not end within its time.")


def _cause_of_death(status: int, cancellation: Cancellation) -> BudgetError:
    if cancellation.is_set:
        return budget("client", "요청한 쪽이 연결을 끊었습니다.", "The client hung up.")
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSEGV:
        return budget("nesting", "질의가 너무 깊이 중첩되어 있습니다.", "The query nests too deeply.")
    return budget("memory", "허용된 메모리를 넘었습니다.", "The query needed more memory than it may use.")
