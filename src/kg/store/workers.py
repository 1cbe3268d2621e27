"""The pool of workers: budgets of time, memory and size, and a replacement that is ready before it is needed.

A query begins in the fast lane. One that uses too much of the processor moves to the slow lane, where it yields to all
others, and another worker takes its place in the fast lane; while the slow lane is full it stands still. So a few
queries that never end cannot keep out ordinary ones. A worker that left the fast lane or gave a large answer is not
used again: what it took goes back. One that made a change makes the next one too, and answers no query any more.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from kg.errors import StoreError
from kg.store.allowed import Destination
from kg.store.birth import Nursery
from kg.store.cancellation import Cancellation
from kg.store.death import WorkerLostError, out_of_memory
from kg.store.engine import Answer, Query
from kg.store.forms import JSON, Form
from kg.store.lanes import Lanes, Pace
from kg.store.patches import Patch
from kg.store.preloading import Contents
from kg.store.readiness import Readiness
from kg.store.stock import Ahead, Stock
from kg.store.tally import Tally
from kg.store.turn import Turn
from kg.store.updating import Applied, Change
from kg.store.versions import Version
from kg.store.wire import Json, form_named, query_to_message

_Reply = tuple[Json, bytes]

_LOG = logging.getLogger(__name__)
_QUICK_BYTES = 2**20
_QUICK_TEXT = 16 * 1024
_PACE_OF_CHANGES = Pace(processor=1.0, clock=5.0)
"""A change keeps no query waiting, for it has a place of its own and gives way: it is long only when it truly is."""
_ANY_BASE = "http://localhost/"


@dataclass(frozen=True)
class Budgets:
    """What a query may use: seconds, bytes of memory, bytes of its answer; how many are fast, slow, still, or wait.

    ``pace`` is how long a query is fast; ``allowed`` is where SERVICE and LOAD may go.
    """

    seconds: float = 10.0
    memory: int = 512 * 2**20
    answer: int = 256 * 2**20
    fast: int = 3
    slow: int = 2
    queue: int = 128
    paused: int = 12
    pace: Pace = field(default_factory=Pace)
    allowed: tuple[Destination, ...] = ()


class WorkerPool:
    """Evaluates queries in worker processes, each within its budgets."""

    def __init__(
        self,
        budgets: Budgets,
        ahead: Version | None = None,
        queried_graphs: tuple[str, ...] = (),
        apart: Callable[[Version], bytes] = lambda _version: b"",
        step: Callable[[Version, Version], Patch | None] = lambda _before, _after: None,
    ) -> None:
        """Start the nursery, and have the first workers born, which open a version ahead.

        ``apart`` gives the N-Quads of the graph that stands apart, which a worker asks for when a query names it;
        ``step`` gives what changed between two versions, or None where that is not known at once.

        :raises StoreError: none can be born
        """
        self.budgets = budgets
        self._apart = apart
        self._step = step
        self.tally = Tally()
        self._nursery = Nursery(memory=budgets.memory, file_size=budgets.answer, allowed=budgets.allowed)
        if not self._nursery.isolated:
            _LOG.warning("The kernel gives workers no network of their own: SERVICE and LOAD are refused by text.")
        self._lanes = Lanes(fast=budgets.fast, slow=budgets.slow, queue=budgets.queue, paused=budgets.paused)
        self._quick = asyncio.Semaphore(budgets.fast)
        self._readiness = Readiness()
        self._version = ahead
        self._queried_graphs = queried_graphs
        self._looking = threading.Lock()
        self._stock = Stock(self._nursery, budgets.fast + 1, _ahead(ahead, queried_graphs) if ahead else None)
        try:
            self._stock.await_first()
        except StoreError:
            self.close()
            raise

    def evaluate(
        self, version: Version, query: Query, seconds: float | None = None, cancellation: Cancellation | None = None
    ) -> Answer:
        """Answer a query within the budgets, or within ``seconds`` where that is less.

        :raises BudgetError: a budget is used up, or the queue is full
        :raises KgError: whatever is wrong with the query
        """
        with self.tally.query():
            message, text = self._message(version, query)
            reply = self._ask(message, text, seconds=seconds, cancellation=cancellation)
            return _answer(self._with_apart((version, message, text), reply, seconds, cancellation))

    async def evaluate_soon(
        self, version: Version, query: Query, executor: Executor, watch: Callable[[Cancellation], asyncio.Task[None]]
    ) -> Answer:
        """Answer a query without a thread if it is quick, else in one of the executor's.

        ``watch`` begins to watch for the client to hang up, when there is time for that.

        :raises KgError: as ``evaluate`` does
        """
        with self.tally.query():
            return await self._evaluate_soon(version, query, executor, watch)

    async def _evaluate_soon(
        self, version: Version, query: Query, executor: Executor, watch: Callable[[Cancellation], asyncio.Task[None]]
    ) -> Answer:
        message, text = self._message(version, query)
        cancellation = Cancellation()
        rest: Callable[[], _Reply] = partial(self._ask, message, text, cancellation=cancellation)
        async with self._quick:
            turn = self._turn_now() if len(text) <= _QUICK_TEXT else None
            if turn:
                reply = await self._quick_reply(turn, message, text)
                if reply and not _needs_apart(reply):
                    return _answer(reply)
                if not reply:
                    rest = partial(self._rest, turn, message, text, cancellation)

        def work() -> _Reply:
            return self._with_apart((version, message, text), rest(), None, cancellation)

        watching = watch(cancellation)
        working = asyncio.get_running_loop().run_in_executor(executor, work)
        working.add_done_callback(_heard)
        try:
            return _answer(await asyncio.shield(working))
        except asyncio.CancelledError:
            cancellation.set()
            raise
        finally:
            watching.cancel()

    async def _quick_reply(self, turn: Turn, message: Json, text: bytes) -> _Reply | None:
        turn.send(message, text)
        left = self.budgets.pace.crowded
        try:
            spoke = await self._readiness.of(turn.process, left)
            while not spoke and (left := turn.fast_seconds_left()):
                spoke = await self._readiness.again(turn.process, left)
        except BaseException:
            turn.abandon()
            raise
        return turn.quick_reply(_QUICK_BYTES)

    def _rest(self, turn: Turn, message: Json, text: bytes, cancellation: Cancellation) -> _Reply:
        """Go on with what was not quick."""
        try:
            return turn.reply(self.budgets.seconds, cancellation)
        except WorkerLostError as error:
            _LOG.warning("A worker was lost: %s", error)
            return self._ask(message, text, cancellation=cancellation)

    def _with_apart(
        self,
        asked: tuple[Version, Json, bytes],
        reply: _Reply,
        seconds: float | None,
        cancellation: Cancellation | None,
    ) -> _Reply:
        """Return the reply, asked for again with the graph that stands apart where the worker needs that."""
        if not _needs_apart(reply):
            return reply
        version, message, text = asked
        body = text + self._apart(version)
        return self._ask({**message, "apart_from": len(text)}, body, seconds=seconds, cancellation=cancellation)

    def graph(self, version: Version, name: str | None, form: Form) -> bytes | None:
        """Return one graph in a form, or None when there is no such graph."""
        message = {"do": "graph", "oxigraph": str(version.oxigraph), "name": name, "form": form.name}
        reply, body = self._ask(message)
        return body if reply["exists"] else None

    def change(self, oxigraph: Path, change: Change) -> Applied:
        """Apply a change to a clone; return what it changed."""
        described, body = change.to_message()
        reply, patch = self._ask({"do": "change", "oxigraph": str(oxigraph), "change": described}, body)
        return Applied(Patch.from_text(patch.decode()), bool(reply["existed"]))

    def follow(self, version: Version) -> None:
        """Begin to answer from a version that has become current."""
        self._look_ahead(version, self._queried_graphs)

    @property
    def alive(self) -> int:
        """How many workers there are for the fast lane."""
        return self._stock.alive

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        return self._lanes.waiting

    def close(self) -> None:
        """End every worker."""
        self._stock.close()
        self._nursery.close()

    def _message(self, version: Version, query: Query) -> tuple[Json, bytes]:
        if version is not self._version:
            self._look_ahead(version, query.queried_graphs)
        return query_to_message(version.oxigraph, query)

    def _look_ahead(self, version: Version, queried_graphs: tuple[str, ...]) -> None:
        """Have the workers ready for a version that is newer than theirs."""
        with self._looking:
            last = self._version
            if last and version.identity == last.identity:
                self._version = version
                return
            if last and (version.modified, version.number) < (last.modified, last.number):
                return
            step = self._step(last, version) if last and queried_graphs == self._queried_graphs else None
            self._version, self._queried_graphs = version, queried_graphs
            self._stock.renew(_ahead(version, queried_graphs), step)

    def _ask(
        self,
        message: Json,
        body: bytes = b"",
        *,
        seconds: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[Json, bytes]:
        """Ask a worker; another one where the first was lost, unless it was to change something."""
        seconds = min(seconds or self.budgets.seconds, self.budgets.seconds)
        cancellation = cancellation or Cancellation()
        for is_last in (message["do"] == "change", True):
            try:
                return self._asked(message, body, seconds, cancellation)
            except WorkerLostError as error:
                _LOG.warning("A worker was lost: %s", error)
                if is_last:
                    raise out_of_memory() from error
        raise AssertionError("the last attempt returns or raises")

    def _asked(self, message: Json, body: bytes, seconds: float, cancellation: Cancellation) -> _Reply:
        is_change = message["do"] == "change"
        place = self._lanes.enter_to_change(seconds) if is_change else self._lanes.enter(seconds)
        try:
            process = self._stock.take_to_change() if is_change else self._stock.take()
            turn = Turn(self._stock, place, process, _PACE_OF_CHANGES if is_change else self.budgets.pace)
        except BaseException:
            place.leave()
            raise
        turn.send(message, body)
        return turn.reply(seconds, cancellation)

    def _turn_now(self) -> Turn | None:
        place = self._lanes.enter_now()
        if place is None:
            return None
        process = self._stock.take_now()
        if process is None:
            place.leave()
            return None
        return Turn(self._stock, place, process, self.budgets.pace)


def _ahead(version: Version, queried_graphs: tuple[str, ...]) -> Ahead:
    """Return what has a worker ready for all questions: what it holds, or else opens and merges first, stays."""
    query = Query("ASK { ?s ?p ?o }", _ANY_BASE, queried_graphs, results=JSON)
    return Ahead(Contents(str(version.oxigraph), queried_graphs), query_to_message(version.oxigraph, query))


def _needs_apart(reply: _Reply) -> bool:
    return "needs" in reply[0]


def _answer(reply: tuple[Json, bytes]) -> Answer:
    message, body = reply
    return Answer(message["kind"], form_named(message["form"]) or JSON, body, volatile=message["volatile"])


def _heard(working: asyncio.Future[_Reply]) -> None:
    """Take note of what work came to that nobody awaits any more."""
    if not working.cancelled():
        working.exception()
