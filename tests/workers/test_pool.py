import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.domain import BudgetError, GoneError, KgError, NotFoundError, QuerySyntaxError, ResultTooLargeError, StoreError
from kg.rdf import CSV, N_TRIPLES, TURTLE
from kg.store import Cancellation, Query, Store, Version
from kg.workers import Supervisor, WorkerPool, memory_of
from kg.workers.procfs import processor_seconds_of
from signing import published
from workers.conftest import BUDGETS, MakePool, equipment_for, supervised

NUMBERS = "VALUES ?{0} {{ " + " ".join(map(str, range(60))) + " }}"
CROSS = "SELECT (COUNT(*) AS ?n) { " + " ".join(NUMBERS.format(name) for name in "abcdef") + " }"
VALUES = "SELECT ?o { ?s ?p ?o }"


def query(text: str) -> Query:
    """Make a query that is answered in CSV."""
    return Query(text, base_iri="http://a/", results=CSV, virtual_graph="https://kg.seocho.example/graphs/history")


def answers(pool: WorkerPool, version: Version) -> bool:
    """Tell whether the pool still answers."""
    return pool.evaluate(version, query("ASK {}")).body == b"true"


def workers_of(supervisor: Supervisor) -> set[int]:
    """Return the process ids of the workers that are there."""
    children = Path(f"/proc/{supervisor.process}/task/{supervisor.process}/children").read_text().split()
    return set(map(int, children))


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_answers_as_the_engine_does(make_pool: MakePool, version: Version) -> None:
    """A worker's answer is the engine's."""
    pool = make_pool()
    answer = pool.evaluate(version, query(VALUES))
    assert (answer.kind, answer.form, answer.body, answer.volatile) == ("solutions", CSV, b"o\r\no\r\n", False)
    assert pool.evaluate(version, query("SELECT (RAND() AS ?r) {}")).volatile
    assert pool.graph(version, None, N_TRIPLES) == b'<http://a/s> <http://a/p> "o" .\n'
    assert pool.graph(version, "http://a/none", TURTLE) is None


def test_an_answer_larger_than_a_datagram_is_whole(make_pool: MakePool, version: Version) -> None:
    """Neither a large query nor a large answer is cut."""
    text = "x" * 300_000
    answer = make_pool().evaluate(version, query(f'SELECT ?t {{ BIND("{text}" AS ?t) }}'))
    assert answer.body == f"t\r\n{text}\r\n".encode()


def test_an_error_crosses_the_channel(make_pool: MakePool, version: Version) -> None:
    """An error of a worker is raised as the leaf that it is, with its place."""
    with pytest.raises(QuerySyntaxError) as caught:
        make_pool().evaluate(version, query("SELECT * {"))
    assert caught.value.where
    assert caught.value.where.quoted_line == "SELECT * {"


@pytest.mark.parametrize(
    ("text", "seconds", "budget"),
    [
        (CROSS, 0.5, "seconds"),
        ("SELECT * { " + CROSS[CROSS.index("VALUES") : -1] + "} ORDER BY ?a ?b ?c", 20, "memory"),
        ("SELECT * " + "{" * 100_000 + "}" * 100_000, 60, "nesting"),
    ],
    ids=["cross", "sort", "nesting"],
)
def test_a_budget_ends_a_query_and_only_that(
    make_pool: MakePool, version: Version, text: str, seconds: float, budget: str
) -> None:
    """A query over budget is an error that names the budget; the next one is answered."""
    pool = make_pool(seconds=seconds)
    with pytest.raises(BudgetError, match=rf"budget: {budget}\)"):
        pool.evaluate(version, query(text))
    assert answers(pool, version)


def test_a_client_may_give_a_query_less_time(make_pool: MakePool, version: Version) -> None:
    """The time that is asked for holds where it is less than the budget."""
    begun = time.monotonic()
    with pytest.raises(BudgetError, match="seconds"):
        make_pool(seconds=30).evaluate(version, query(CROSS), seconds=0.2)
    assert time.monotonic() - begun < 5


def test_an_answer_has_a_size(make_pool: MakePool, version: Version) -> None:
    """An answer that outgrows its budget is an error, not half an answer."""
    pool = make_pool(seconds=10)
    with pytest.raises(ResultTooLargeError):
        pool.evaluate(version, query("SELECT * { " + " ".join(NUMBERS.format(name) for name in "abc") + " }"))
    assert answers(pool, version)


def test_a_client_that_hangs_up_ends_its_query(make_pool: MakePool, version: Version, supervisor: Supervisor) -> None:
    """Cancelling kills the worker, long before the query's time is up."""
    pool, cancellation = make_pool(seconds=60), Cancellation()
    threading.Timer(0.3, cancellation.set).start()
    with pytest.raises(BudgetError, match="disconnected"):
        pool.evaluate(version, query(CROSS), cancellation=cancellation)
    eventually(lambda: max(map(processor_seconds_of, workers_of(supervisor)), default=0) < 0.2)
    assert answers(pool, version)


def test_a_worker_reaches_no_network(make_pool: MakePool, version: Version) -> None:
    """A query cannot call anywhere, not even this machine."""
    with pytest.raises(KgError):
        make_pool().evaluate(version, query("SELECT * { SERVICE <http://127.0.0.1:8000/> { ?s ?p ?o } }"))


def test_a_worker_is_used_again_unless_it_has_grown(
    make_pool: MakePool, version: Version, supervisor: Supervisor
) -> None:
    """Ordinary queries leave a worker behind; what one query took of its stack goes back with the worker."""
    pool = make_pool(seconds=10, processor=9, crowded=9, clock=9)
    answers(pool, version)
    eventually(lambda: pool.workers == 2 == len(workers_of(supervisor)))
    before = workers_of(supervisor)
    for _ in range(5):
        assert answers(pool, version)
    assert before == workers_of(supervisor)
    pool.evaluate(version, query("SELECT * " + "{" * 10_000 + "}" * 10_000))
    eventually(lambda: bool(before - workers_of(supervisor)))
    assert answers(pool, version)
    assert max(map(memory_of, workers_of(supervisor))) < memory_of(supervisor.process) + 64 * 2**20


def test_nothing_is_left_behind(make_pool: MakePool, version: Version, supervisor: Supervisor) -> None:
    """A pool that is closed leaves no worker, and one that is lost with its process neither."""
    pool = make_pool()
    assert answers(pool, version)
    assert workers_of(supervisor)
    pool.close()
    eventually(lambda: not workers_of(supervisor))


def test_the_workers_of_a_process_that_was_killed_are_killed(version: Version, supervisor: Supervisor) -> None:
    """However long their queries would go on."""
    eventually(lambda: not workers_of(supervisor))
    child = os.fork()
    if child == 0:
        pool = WorkerPool(supervisor.control, BUDGETS)
        threading.Thread(target=lambda: pool.evaluate(version, query(CROSS), seconds=60), daemon=True).start()
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    eventually(lambda: not workers_of(supervisor))


def test_memory_that_is_too_little_is_an_error_at_the_start(store: Store) -> None:
    """A pool in which no worker can be started says so."""
    with (
        supervised(equipment_for(store.path, memory=0)) as supervisor,
        pytest.raises(StoreError, match="KG_QUERY_MEMORY"),
    ):
        WorkerPool(supervisor.control, BUDGETS)


def test_every_version_is_answered_by_the_same_workers(tmp_path: Path) -> None:
    """The newest, as soon as it is committed, and older ones; one that is not kept, or not there, is an error."""
    store = Store(tmp_path)
    old = published(store, b'<http://a/s> <http://a/p> "old" .\n')
    with supervised(equipment_for(tmp_path)) as supervisor:
        pool = WorkerPool(supervisor.control, BUDGETS)
        assert pool.evaluate(old, query(VALUES)).body == b"o\r\nold\r\n"
        before = workers_of(supervisor)
        new = published(store, b'<http://a/s> <http://a/p> "new" .\n')
        for version, value in ((new, b"new"), (old, b"old"), (new, b"new"), (old, b"old")):
            assert pool.evaluate(version, query(VALUES)).body == b"o\r\n" + value + b"\r\n"
        assert before & workers_of(supervisor)
        with pytest.raises((NotFoundError, GoneError)):
            pool.evaluate(Version(tmp_path, 9), query(VALUES))
        pool.close()


def test_the_history_is_a_graph_that_must_be_named(make_pool: MakePool, version: Version) -> None:
    """A worker makes it of the commits."""
    pool = make_pool(seconds=10)
    text = "SELECT (COUNT(*) AS ?n) { GRAPH <https://kg.seocho.example/graphs/history> { ?s ?p ?o } }"
    assert int(pool.evaluate(version, query(text)).body.split()[1]) > 3
    assert pool.evaluate(version, query("SELECT ?g { GRAPH ?g { ?s ?p ?o } }")).body == b"g\r\n"
