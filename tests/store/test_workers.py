import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import (
    BudgetError,
    KgError,
    NotFoundError,
    QuerySyntaxError,
    RdfSyntaxError,
    ResultTooLargeError,
    StoreError,
)
from kg.store import merging
from kg.store.birth import Process
from kg.store.cancellation import Cancellation
from kg.store.contents import clone
from kg.store.engine import Query
from kg.store.forms import CSV, N_TRIPLES, TURTLE
from kg.store.lanes import Pace
from kg.store.patches import Patch
from kg.store.processes import memory_of
from kg.store.stock import Stock
from kg.store.updating import Change, Document
from kg.store.versions import Store, Version
from kg.store.workers import Budgets, WorkerPool
from signing import published

NUMBERS = "VALUES ?{0} {{ " + " ".join(map(str, range(60))) + " }}"
CROSS = "SELECT (COUNT(*) AS ?n) { " + " ".join(NUMBERS.format(name) for name in "abcdef") + " }"
BUDGETS = Budgets(
    seconds=1.0, memory=192 * 2**20, answer=2**20, fast=2, slow=1, queue=1, paused=1, pace=Pace(0.05, 0.5)
)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """Start a pool with small budgets."""
    pool = WorkerPool(BUDGETS)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Publish one triple."""
    store = Store(tmp_path_factory.mktemp("workers"))
    return published(store, b'<http://a/s> <http://a/p> "o" .\n')


def query(text: str) -> Query:
    """Make a query that is answered in CSV."""
    return Query(text, base_iri="http://a/", results=CSV)


def alive(pool: WorkerPool, shared: Version) -> bool:
    """Tell whether the pool still answers."""
    return pool.evaluate(shared, query("ASK {}")).body == b"true"


def test_it_answers_as_the_engine_does(pool: WorkerPool, shared: Version) -> None:
    """A worker's answer is the engine's."""
    answer = pool.evaluate(shared, query("SELECT ?o { ?s ?p ?o }"))
    assert (answer.kind, answer.form, answer.body) == ("solutions", CSV, b"o\r\no\r\n")
    assert pool.evaluate(shared, query("SELECT * { ?s ?p 'none' }")).body == b"p,s\r\n"
    assert pool.graph(shared, None, N_TRIPLES) == b'<http://a/s> <http://a/p> "o" .\n'
    assert pool.graph(shared, "http://a/none", TURTLE) is None


def test_an_error_crosses_the_pipe(pool: WorkerPool, shared: Version) -> None:
    """An error of a worker is raised as the leaf that it is, with its place."""
    with pytest.raises(QuerySyntaxError) as caught:
        pool.evaluate(shared, query("SELECT * {"))
    assert caught.value.where
    assert caught.value.where.quoted_line == "SELECT * {"


@pytest.mark.parametrize(
    ("text", "seconds", "budget"),
    [
        (CROSS, 0.5, "seconds"),
        ("SELECT * { " + CROSS[CROSS.index("VALUES") : -1] + "} ORDER BY ?a ?b ?c", 0.5, "memory|seconds"),
        ("SELECT * " + "{" * 100_000 + "}" * 100_000, 60, "nesting"),
    ],
    ids=["cross", "sort", "nesting"],
)
def test_a_budget_ends_a_query_and_only_that(shared: Version, text: str, seconds: float, budget: str) -> None:
    """A query over budget is an error that names the budget; the next one is answered."""
    pool = WorkerPool(replace(BUDGETS, seconds=seconds))
    with pytest.raises(BudgetError, match=rf"budget: ({budget})"):
        pool.evaluate(shared, query(text))
    assert alive(pool, shared)
    pool.close()


def test_an_answer_has_a_size(pool: WorkerPool, shared: Version) -> None:
    """An answer that outgrows its budget is an error, not half an answer."""
    cross = "SELECT * { " + " ".join(NUMBERS.format(name) for name in "abc") + " }"
    with pytest.raises(ResultTooLargeError):
        pool.evaluate(shared, query(cross))
    assert alive(pool, shared)


@pytest.fixture
def patient() -> Iterator[WorkerPool]:
    """Start a pool in which no query of these tests ends for want of time."""
    pool = WorkerPool(replace(BUDGETS, seconds=60))
    yield pool
    pool.close()


def test_ordinary_queries_pass_the_endless_ones(patient: WorkerPool, shared: Version) -> None:
    """While more endless queries come than may run, an ordinary one is answered: they are still at it."""
    clients = [Cancellation() for _ in range(3)]
    threads = [threading.Thread(target=_expect_budget, args=(patient, shared, client)) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert alive(patient, shared)
    assert sum(thread.is_alive() for thread in threads) >= BUDGETS.slow
    for client in clients:
        client.set()
    for thread in threads:
        thread.join()


def _expect_budget(pool: WorkerPool, shared: Version, cancellation: Cancellation) -> None:
    with pytest.raises(BudgetError):
        pool.evaluate(shared, query(CROSS), cancellation=cancellation)


def test_a_slow_query_waits_for_the_slow_lane(patient: WorkerPool, shared: Version) -> None:
    """More slow queries than may run stand still until they may; each has its answer in the end."""
    slow = query("SELECT (COUNT(*) AS ?n) { " + " ".join(NUMBERS.format(name) for name in "abcd") + " FILTER(?a < 2) }")
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(patient.evaluate(shared, slow).body)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [f"n\r\n{2 * 60**3}\r\n".encode()] * 2


def test_a_client_that_hangs_up_ends_its_query(patient: WorkerPool, shared: Version) -> None:
    """Cancelling kills the query, long before its time is up."""
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.set).start()
    with pytest.raises(BudgetError, match="hung up"):
        patient.evaluate(shared, query(CROSS), cancellation=cancellation)


def test_a_query_that_nobody_awaits_gives_its_place_back(patient: WorkerPool, shared: Version) -> None:
    """However many are given up while they may still be quick, the next one has a place and a worker."""

    async def give_up() -> None:
        with ThreadPoolExecutor(1) as threads:
            for _ in range(BUDGETS.fast * 2):
                asked = asyncio.ensure_future(patient.evaluate_soon(shared, query(CROSS), threads, _watch_nobody))
                for _ in range(3):
                    await asyncio.sleep(0)
                asked.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asked

    asyncio.run(give_up())
    assert alive(patient, shared)


def _watch_nobody(_cancellation: Cancellation) -> asyncio.Task[None]:
    return asyncio.ensure_future(asyncio.sleep(0))


def test_a_worker_reaches_no_network(pool: WorkerPool, shared: Version) -> None:
    """A query cannot call anywhere, not even this machine."""
    with pytest.raises(KgError):
        pool.evaluate(shared, query("SELECT * { SERVICE <http://127.0.0.1:8000/> { ?s ?p ?o } }"))


def test_a_change_is_made_by_a_worker(pool: WorkerPool, shared: Version, tmp_path: Path) -> None:
    """An update and the graph changes work on a clone; what does not parse is an error with its place."""
    oxigraph = tmp_path / "oxigraph"
    clone(shared.oxigraph, oxigraph)
    turtle = Document(TURTLE, b"<s> <p> <o> .")
    insert = 'INSERT DATA { GRAPH <http://a/g> { <s> <p> "1" } }'
    inserted = pool.change(oxigraph, Change("update", "http://a/", text=insert)).patch
    assert inserted == Patch(('<http://a/s> <http://a/p> "1" <http://a/g> .',), created=("http://a/g",))
    assert pool.change(oxigraph, Change("add", "http://a/", graph="http://a/g", documents=(turtle, turtle))).existed
    assert not pool.change(oxigraph, Change("replace", "http://a/", graph="http://a/h", documents=(turtle,))).existed
    assert pool.change(oxigraph, Change("remove", "http://a/", graph="http://a/h")).existed
    with pytest.raises(NotFoundError):
        pool.change(oxigraph, Change("remove", "http://a/", graph="http://a/h"))
    with pytest.raises(RdfSyntaxError) as caught:
        pool.change(oxigraph, Change("add", "http://a/", documents=(Document(TURTLE, b"<s> <p>\n<o"),)))
    assert caught.value.where
    assert len(pyoxigraph.Store.read_only(str(oxigraph))) == 3
    assert len(pyoxigraph.Store.read_only(str(shared.oxigraph))) == 1


def children() -> set[str]:
    """List the children of this process."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_nothing_is_left_behind(shared: Version) -> None:
    """A pool that is closed leaves no process."""
    before = children()
    pool = WorkerPool(BUDGETS)
    assert alive(pool, shared)
    assert children() > before
    pool.close()
    assert children() == before


def test_a_worker_that_has_grown_is_let_go(shared: Version) -> None:
    """What one query took of a worker's stack goes back within seconds, and the next query is answered."""
    pool = WorkerPool(replace(BUDGETS, memory=256 * 2**20, pace=Pace(2, 3), seconds=5), shared)
    before, born = largest(), workers()
    deep = "SELECT * " + "{" * 10_000 + "}" * 10_000
    pool.evaluate(shared, query(deep))
    deadline = time.monotonic() + 30
    while (workers() == born or largest() > before + 8 * 2**20) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert workers() != born
    assert largest() <= before + 8 * 2**20
    assert alive(pool, shared)
    pool.close()


def largest() -> int:
    """Return the bytes that the largest worker of this process holds."""
    return max(memory_of(worker) for worker in workers())


def workers(but: Collection[str] = ()) -> set[int]:
    """Return the process numbers of the workers of this process, without those that some of its children bore."""
    nurseries = (Path(f"/proc/{child}/task/{child}/children") for child in children().difference(but))
    return {int(worker) for nursery in nurseries for worker in nursery.read_text().split()}


def test_memory_that_is_too_little_is_an_error_at_the_start(shared: Version) -> None:
    """A pool in which no worker can be born says so, and leaves nothing behind."""
    before = children()
    with pytest.raises(StoreError, match="KG_QUERY_MEMORY"):
        WorkerPool(replace(BUDGETS, memory=32 * 2**20), shared)
    assert children() == before


def lose_workers(monkeypatch: pytest.MonkeyPatch, lost: int) -> None:
    """Have so many of the next workers be killed from outside."""
    left = iter(range(lost))

    def losing(take: Callable[[Stock], Process]) -> Callable[[Stock], Process]:
        def taken(stock: Stock) -> Process:
            process = take(stock)
            if next(left, None) is not None:
                process.kill()
            return process

        return taken

    for name in ("take", "take_to_change"):
        monkeypatch.setattr(Stock, name, losing(getattr(Stock, name)))


def test_a_worker_that_is_lost_loses_no_answer(
    pool: WorkerPool, shared: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker is asked, once; a change is not tried again, for it may have been made by half."""
    with monkeypatch.context() as patch:
        lose_workers(patch, 1)
        assert alive(pool, shared)
        lose_workers(patch, 2)
        with pytest.raises(BudgetError, match="memory"):
            alive(pool, shared)
    with monkeypatch.context() as patch:
        lose_workers(patch, 1)
        with pytest.raises(BudgetError, match="memory"):
            pool.change(tmp_path, Change("update", "http://a/", text="CLEAR ALL"))
    assert alive(pool, shared)


@pytest.fixture
def following(tmp_path: Path) -> tuple[Version, Version]:
    """Publish a version and another after it."""
    store = Store(tmp_path)
    old = published(store, b'<http://a/s> <http://a/p> "old" .\n')
    return old, published(store, b'<http://a/s> <http://a/p> "new" .\n')


VALUES = query("SELECT ?o { ?s ?p ?o }")


def test_workers_make_way_for_those_of_a_newer_version(following: tuple[Version, Version]) -> None:
    """Where it is not known what changed, idle workers of an older version go; those of the newest stay."""
    old, new = following
    others = children()
    pool = WorkerPool(BUDGETS, old)
    first = workers(others)
    assert pool.evaluate(new, VALUES).body == b"o\r\nnew\r\n"
    await_workers(lambda: not first & workers(others) and len(workers(others)) > BUDGETS.fast)
    second = workers(others)
    assert not first & second
    assert pool.evaluate(old, VALUES).body == b"o\r\nold\r\n"
    assert pool.evaluate(new, VALUES).body == b"o\r\nnew\r\n"
    assert workers(others) == second
    pool.close()


@pytest.mark.parametrize("most", [merging.MOST_QUADS, 0], ids=["held", "too large to be held"])
def test_workers_follow_along_what_changed(
    following: tuple[Version, Version], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None goes; each answers from the version that is asked, the newer or again the older; so do newborns."""
    monkeypatch.setattr(merging, "MOST_QUADS", most)
    old, new = following
    others = children()
    pool = WorkerPool(BUDGETS, old, step=Store(old.path.parents[1]).step)
    await_workers(lambda: len(workers(others)) > BUDGETS.fast)
    first = workers(others)
    pool.follow(new)
    for version, value in ((new, b"new"), (old, b"old"), (new, b"new"), (old, b"old")):
        assert pool.evaluate(version, VALUES).body == b"o\r\n" + value + b"\r\n"
    assert workers(others) == first
    while first & workers(others):
        with monkeypatch.context() as patch:
            lose_workers(patch, 1)
            assert pool.evaluate(new, VALUES).body == b"o\r\nnew\r\n"
        await_workers(lambda: len(workers(others)) > BUDGETS.fast)
    assert pool.evaluate(new, VALUES).body == b"o\r\nnew\r\n"
    pool.close()


def test_what_a_worker_holds_stays_when_it_is_asked_of_the_past(following: tuple[Version, Version]) -> None:
    """However many versions it opens: the current one is not opened at all."""
    old, new = following
    newest = published(Store(old.path.parents[1]), b'<http://a/s> <http://a/p> "newest" .\n')
    pool = WorkerPool(replace(BUDGETS, fast=1), newest)
    for path in newest.oxigraph.glob("MANIFEST-*"):
        path.write_bytes(b"")
    for version, value in ((old, b"old"), (new, b"new"), (newest, b"newest")) * 3:
        assert pool.evaluate(version, VALUES).body == b"o\r\n" + value + b"\r\n"
    pool.close()


def is_over(process: int) -> bool:
    """Tell whether a process has ended, buried or not."""
    stat = Path(f"/proc/{process}/stat")
    return not stat.exists() or " Z " in stat.read_text()


def await_workers(are_there: Callable[[], bool]) -> None:
    """Wait until the workers are as they are to be."""
    deadline = time.monotonic() + 30
    while not are_there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_worker_makes_all_changes(shared: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no place from queries, and has a pace of its own; another is born for them; a grown one is replaced."""
    clone(shared.oxigraph, tmp_path / "oxigraph")
    others = children()
    pool = WorkerPool(replace(BUDGETS, pace=Pace(0.001, 0.001), seconds=30), shared)
    await_workers(lambda: len(workers(others)) == BUDGETS.fast + 1)
    for number in range(3):
        text = f"INSERT DATA {{ <http://a/s> <http://a/p> {number} }}"
        assert pool.change(tmp_path / "oxigraph", Change("update", "http://a/", text=text)).patch.added
    await_workers(lambda: len(workers(others)) == BUDGETS.fast + 2)
    all_there = workers(others)
    with pytest.raises(KgError):
        pool.change(tmp_path / "oxigraph", Change("update", "http://a/", text="INSERT"))
    assert workers(others) == all_there
    monkeypatch.setattr("kg.store.stock._has_grown", lambda process: process.is_changer)
    pool.change(tmp_path / "oxigraph", Change("update", "http://a/", text="CLEAR ALL"))
    await_workers(lambda: len(all_there - workers(others)) == 1)
    monkeypatch.undo()
    assert pool.change(tmp_path / "oxigraph", Change("update", "http://a/", text=text)).patch.added
    (changer,) = workers(others) - all_there
    os.kill(changer, signal.SIGKILL)
    await_workers(lambda: is_over(changer))
    assert pool.change(tmp_path / "oxigraph", Change("update", "http://a/", text="CLEAR ALL")).patch.removed
    assert alive(pool, shared)
    pool.close()
    assert children() == others


def test_a_paused_query_whose_client_hangs_up_ends_at_once(patient: WorkerPool, shared: Version) -> None:
    """It gives back what it holds, though the slow lane is still full."""
    running, paused = Cancellation(), Cancellation()
    threads = []
    for client in (running, paused):
        threads.append(threading.Thread(target=_expect_budget, args=(patient, shared, client)))
        threads[-1].start()
        time.sleep(0.3)
    paused.set()
    threads[1].join(30)
    assert [thread.is_alive() for thread in threads] == [True, False]
    running.set()
    threads[0].join()
