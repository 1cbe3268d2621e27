"""The pool of workers: budgets of time, memory and size, and a replacement that is ready before it is needed.

A query begins in the fast lane. One that outstays it moves to the slow lane, where it yields the processor to all
others, and another worker takes its place in the fast lane; while the slow lane is full it stands still. So a few
queries that never end cannot keep out ordinary ones. A worker that left the fast lane, made a change, or gave a large
answer is not used again: what it took goes back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg.errors import StoreError
from kg.store.allowed import Destination
from kg.store.birth import Nursery
from kg.store.cancellation import Cancellation
from kg.store.engine import Answer, Query
from kg.store.forms import JSON, Form
from kg.store.lanes import Lanes
from kg.store.patches import Patch
from kg.store.stock import Stock
from kg.store.tally import Tally
from kg.store.turn import Turn
from kg.store.updating import Applied, Change
from kg.store.versions import Version
from kg.store.wire import Json, form_named, query_to_message

_Reply = tuple[Json, bytes]

_LOG = logging.getLogger(__name__)
_QUICK_BYTES = 2**20
_QUICK_TEXT = 16 * 1024
_ANY_BASE = "http://localhost/"


@dataclass(frozen=True)
class Budgets:
    """What a query may use: seconds, bytes of memory, bytes of its answer; how many are fast, slow, still, or wait.

    ``allowed`` is where SERVICE and LOAD may go.
    """

    seconds: float = 10.0
    memory: int = 512 * 2**20
    answer: int = 256 * 2**20
    fast: int = 3
    slow: int = 2
    queue: int = 128
    paused: int = 4
    fast_seconds: float = 0.1
    allowed: tuple[Destination, ...] = ()


class WorkerPool:
    """Evaluates queries in worker processes, each within its budgets."""

    def __init__(
        self,
        budgets: Budgets,
        ahead: Version | None = None,
        queried_graphs: tuple[str, ...] = (),
        apart: Callable[[Version], bytes] = lambda _version: b"",
    ) -> None:
        """Start the nursery, and have the first workers born, which open a version ahead.

        ``apart`` gives the N-Quads of the graph that stands apart, which a worker asks for when a query names it.

        :raises StoreError: none can be born
        """
        self.budgets = budgets
        self._apart = apart
        self.tally = Tally()
        self._nursery = Nursery(memory=budgets.memory, file_size=budgets.answer, allowed=budgets.allowed)
        if not self._nursery.isolated:
            _LOG.warning("The kernel gives workers no network of their own: SERVICE and LOAD are refused by text.")
        self._lanes = Lanes(fast=budgets.fast, slow=budgets.slow, queue=budgets.queue, paused=budgets.paused)
        self._quick = asyncio.Semaphore(budgets.fast)
        self._ahead = ahead
        self._stock = Stock(self._nursery, budgets.fast + 1, _warming(ahead, queried_graphs) if ahead else None)
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
            message = self._message(version, query)
            reply = self._ask(message, seconds=seconds, cancellation=cancellation)
            return _answer(self._with_apart(version, message, reply, seconds, cancellation))

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
        message, cancellation = self._message(version, query), Cancellation()
        rest: Callable[[], _Reply] = partial(self._ask, message, cancellation=cancellation)
        async with self._quick:
            turn = self._turn_now() if len(query.text) <= _QUICK_TEXT else None
            if turn:
                turn.send(message)
                await _readable(turn.process.pipe.fileno(), self.budgets.fast_seconds)
                reply = turn.quick_reply(_QUICK_BYTES)
                if reply and not _needs_apart(reply):
                    return _answer(reply)
                if not reply:
                    rest = partial(turn.reply, 0, self.budgets.seconds - self.budgets.fast_seconds, cancellation)
        watching = watch(cancellation)
        try:
            return await asyncio.get_running_loop().run_in_executor(
                executor, lambda: _answer(self._with_apart(version, message, rest(), None, cancellation))
            )
        finally:
            watching.cancel()

    def _with_apart(
        self, version: Version, message: Json, reply: _Reply, seconds: float | None, cancellation: Cancellation | None
    ) -> _Reply:
        """Return the reply, asked for again with the graph that stands apart where the worker needs that."""
        if not _needs_apart(reply):
            return reply
        return self._ask({**message, "apart": True}, self._apart(version), seconds=seconds, cancellation=cancellation)

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

    def _message(self, version: Version, query: Query) -> Json:
        if version is not self._ahead and (self._ahead is None or version.number >= self._ahead.number):
            self._ahead, self._stock.ahead = version, _warming(version, query.queried_graphs)
        return {"do": "query", "oxigraph": str(version.oxigraph), "query": query_to_message(query)}

    def _ask(
        self,
        message: Json,
        body: bytes = b"",
        *,
        seconds: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[Json, bytes]:
        seconds = min(seconds or self.budgets.seconds, self.budgets.seconds)
        place = self._lanes.enter(seconds)
        try:
            turn = Turn(self._stock, place, self._stock.take())
        except BaseException:
            place.leave()
            raise
        turn.send(message, body)
        return turn.reply(self.budgets.fast_seconds, seconds, cancellation or Cancellation())

    def _turn_now(self) -> Turn | None:
        place = self._lanes.enter_now()
        if place is None:
            return None
        process = self._stock.take_now()
        if process is None:
            place.leave()
            return None
        return Turn(self._stock, place, process)


def _warming(version: Version, queried_graphs: tuple[str, ...]) -> Json:
    """Return the question that has a worker ready for all others: what it opens and merges first stays."""
    query = Query("ASK { ?s ?p ?o }", _ANY_BASE, queried_graphs, results=JSON)
    return {"do": "query", "oxigraph": str(version.oxigraph), "query": query_to_message(query)}


def _needs_apart(reply: _Reply) -> bool:
    return "needs" in reply[0]


def _answer(reply: tuple[Json, bytes]) -> Answer:
    message, body = reply
    return Answer(message["kind"], form_named(message["form"]) or JSON, body, volatile=message["volatile"])


async def _readable(descriptor: int, seconds: float) -> None:
    """Wait until there is something to read, or so long."""
    loop = asyncio.get_running_loop()
    there: asyncio.Future[None] = loop.create_future()
    late = loop.call_later(seconds, _resolve, there)
    loop.add_reader(descriptor, _resolve, there)
    try:
        await there
    finally:
        loop.remove_reader(descriptor)
        late.cancel()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
