import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg.domain import BudgetError
from kg.store import Cancellation, Version
from kg.workers import WorkerPool
from workers.conftest import MakePool
from workers.test_pool import CROSS, NUMBERS, answers, eventually, query

LONG = "SELECT (COUNT(*) AS ?n) { " + " ".join(NUMBERS.format(name) for name in "abcd") + " FILTER(?a < 3) }"


class Endless:
    """A query that goes on until its client hangs up."""

    def __init__(self, pool: WorkerPool, version: Version) -> None:
        """Ask it."""
        self._cancellation = Cancellation()
        self.error = ""
        self._thread = threading.Thread(target=self._ask, args=(pool, version))
        self._thread.start()

    def _ask(self, pool: WorkerPool, version: Version) -> None:
        with pytest.raises(BudgetError) as caught:
            pool.evaluate(version, query(CROSS), cancellation=self._cancellation)
        self.error = str(caught.value)

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self._thread.is_alive()

    def end(self) -> None:
        """Hang up."""
        self._cancellation.set()
        self._thread.join()


def test_short_queries_pass_the_endless_ones(make_pool: MakePool, version: Version) -> None:
    """While as many endless queries as can be go on, a short one is answered."""
    pool = make_pool(seconds=60)
    endless = [Endless(pool, version) for _ in range(2)]
    time.sleep(0.4)
    assert answers(pool, version)
    assert all(query.goes_on for query in endless)
    for one in endless:
        one.end()
        assert "disconnected" in one.error


def test_a_suspended_query_goes_on_when_a_slot_is_free(make_pool: MakePool, version: Version) -> None:
    """More long queries than may run are stopped until they may; each has its answer in the end."""
    pool = make_pool(seconds=60)
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda _: pool.evaluate(version, query(LONG)).body, range(2)))
    assert found == [f"n\r\n{3 * 60**3}\r\n".encode()] * 2


def test_a_suspended_query_whose_client_hangs_up_ends_at_once(make_pool: MakePool, version: Version) -> None:
    """It gives its place back, though the long slot is still taken."""
    pool = make_pool(seconds=60)
    first = Endless(pool, version)
    time.sleep(0.3)
    second = Endless(pool, version)
    time.sleep(0.3)
    second.end()
    assert first.goes_on
    first.end()


def test_a_suspended_query_ends_in_time(make_pool: MakePool, version: Version) -> None:
    """Time goes on for a query that is stopped."""
    pool = make_pool(seconds=60)
    first = Endless(pool, version)
    time.sleep(0.3)
    with pytest.raises(BudgetError, match="seconds"):
        pool.evaluate(version, query(CROSS), seconds=0.6)
    first.end()


def test_the_longest_query_is_preempted_for_one_that_used_little(make_pool: MakePool, version: Version) -> None:
    """Where all places of long queries are taken and one has used ten times what the newcomer has."""
    pool = make_pool(seconds=60)
    first = Endless(pool, version)
    time.sleep(0.3)
    second = Endless(pool, version)
    while first.goes_on:  # on a busy machine it takes a while to use so much
        time.sleep(0.5)
        newcomer = Endless(pool, version)
        time.sleep(0.5)
        newcomer.end()
        assert first.goes_on or "disconnected" in newcomer.error
    assert "free capacity" in first.error
    assert second.goes_on
    second.end()


def test_no_query_is_preempted_for_one_that_used_as_much(make_pool: MakePool, version: Version) -> None:
    """The newcomer is refused."""
    pool = make_pool(seconds=60, processor=0.3, crowded=0.3)
    endless = [Endless(pool, version) for _ in range(2)]
    time.sleep(0.9)
    with pytest.raises(BudgetError, match="Too many long queries"):
        pool.evaluate(version, query(CROSS))
    assert all(query.goes_on for query in endless)
    for one in endless:
        one.end()


def test_the_queue_is_bounded(make_pool: MakePool, version: Version) -> None:
    """A query that would wait behind too many is refused at once; one that waits too long is refused then."""
    pool = make_pool(seconds=60, processor=60, crowded=60, clock=60)
    endless = [Endless(pool, version) for _ in range(2)]
    with ThreadPoolExecutor(1) as threads:
        eventually(lambda: pool.workers >= 2 and pool.waiting == 0)
        waiting = threads.submit(pool.evaluate, version, query("ASK {}"), 0.5)
        eventually(lambda: pool.waiting == 1)
        with pytest.raises(BudgetError, match="Too many queries"):
            pool.evaluate(version, query("ASK {}"))
        with pytest.raises(BudgetError, match="waiting for a free worker"):
            waiting.result()
    for one in endless:
        one.end()
    assert answers(pool, version)


def test_a_query_that_waits_for_something_else_is_demoted_by_the_clock(make_pool: MakePool, version: Version) -> None:
    """It uses no processor, and makes room all the same."""
    pool = make_pool(seconds=60, processor=60, crowded=60, clock=0.1, running=1)
    endless = Endless(pool, version)
    assert answers(pool, version)
    assert endless.goes_on
    endless.end()


def test_a_closed_pool_fails_what_is_under_way(make_pool: MakePool, version: Version) -> None:
    """Nobody waits for ever; a query that comes later fails too."""
    pool = make_pool(seconds=60)
    endless = Endless(pool, version)
    time.sleep(0.2)
    pool.close()
    eventually(lambda: not endless.goes_on)
    with pytest.raises(BudgetError):
        answers(pool, version)
