"""The head in a serving process: it answers what is cheap, and keeps up with the commits."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.diff import Patch
from kg.rdf import CSV
from kg.store import Query, Store, Version
from kg.workers import InProcessEvaluator
from kg.workers import in_process as module
from signing import UPDATE, patching, published

GRAPH = "http://a/g"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://a/p> ?o }"


def line(number: int) -> str:
    """Return a quad that tells its number."""
    return f'<http://a/s{number}> <http://a/p> "{number}" <{GRAPH}> .'


def query(text: str) -> Query:
    """Return a query that sees the graph."""
    return Query(text, "http://a/", (GRAPH,), results=CSV)


def counted(head: InProcessEvaluator, version: Version) -> str | None:
    """Count the quads of a version; None where the head does not answer."""
    answer = head.answer(version, query(COUNT))
    return answer.body.decode().split()[1] if answer else None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Make a store with one version of three quads."""
    store = Store(tmp_path)
    published(store, "".join(f"{line(number)}\n" for number in range(3)).encode())
    return store


@pytest.fixture
def head(store: Store) -> InProcessEvaluator:
    """Load the version."""
    head = InProcessEvaluator((GRAPH,))
    head.load(store.require_current())
    return head


def added(store: Store, *numbers: int) -> Version:
    """Commit more quads."""
    return store.commit(patching(Patch.of(map(line, numbers))), UPDATE)


def eventually(done: Callable[[], bool]) -> bool:
    """Wait for a thread."""
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return done()


def test_a_commit_is_seen_by_the_next_query(head: InProcessEvaluator, store: Store) -> None:
    """What was added and what was removed."""
    assert counted(head, store.require_current()) == "3"
    assert counted(head, added(store, 3, 4)) == "5"
    assert counted(head, store.commit(patching(Patch.of(removed=[line(0)])), UPDATE)) == "4"


def test_an_older_version_is_left_to_others(head: InProcessEvaluator, store: Store) -> None:
    """The head stays where it is."""
    first, second = store.require_current(), added(store, 3)
    assert counted(head, second) == "4"
    assert counted(head, first) is None
    assert counted(head, second) == "4"


def test_a_large_commit_is_loaded_beside(
    head: InProcessEvaluator, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the others answer."""
    monkeypatch.setattr(module, "_MOST_APPLIED", 10)
    version = added(store, *range(10, 30))
    assert counted(head, version) is None
    assert eventually(lambda: counted(head, version) == "23")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?a <http://a/p>* ?b }",
        "SELECT * { SERVICE <http://b/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        f"SELECT * {{ VALUES ?x {{ {'1 ' * 9000} }} }}",
        "SELECT * FROM <http://a/g> { ?s ?p ?o }",
    ],
)
def test_what_is_not_cheap_is_left_to_workers(head: InProcessEvaluator, store: Store, text: str) -> None:
    """Endless paths, calls elsewhere, cross products, long texts and other datasets."""
    many = added(store, *range(10, 300))
    assert counted(head, many) == "293"
    assert head.answer(many, query(text)) is None


def test_a_panic_of_the_engine_is_left_to_a_worker(
    head: InProcessEvaluator, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs no answer, and the next query is answered."""

    class PanicError(BaseException):
        pass

    def panic(*_: object) -> None:
        raise PanicError

    with monkeypatch.context() as panicking:
        panicking.setattr("kg.store.engine.Engine.answer", panic)
        assert counted(head, store.require_current()) is None
    assert counted(head, store.require_current()) == "3"


ENDLESS = """
import sys
from pathlib import Path
from kg.store.engine import Query
from kg.rdf import CSV
from kg.store.versions import Store
from kg.workers import in_process as module

module.bound = lambda _reading, _statistics: 0.0
module._DEADLINE_SECONDS = 0.2
head, version = module.InProcessEvaluator(("http://a/g",)), Store(Path(sys.argv[1])).require_current()
head.load(version)
values = " ".join(map(str, range(300)))
text = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{ {values} }}" for name in "abcd") + " }"
head.answer(version, Query(text, "http://a/", ("http://a/g",), results=CSV))
"""


def test_a_query_that_was_not_cheap_ends_the_process(store: Store) -> None:
    """Where the bound is wrong, a timer does what a worker's deadline does."""
    ended = subprocess.run([sys.executable, "-c", ENDLESS, store.path], check=False, timeout=60)
    assert ended.returncode == -signal.SIGALRM
