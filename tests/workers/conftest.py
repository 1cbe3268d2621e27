from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.build import WorkerExtension
from kg.domain import Iris
from kg.sparql import warm_up
from kg.store import Head, Store, Version
from kg.workers import Budgets, Limits, Slots, Supervisor, WorkerContext, WorkerPool, catch_up, read_destinations
from signing import published

HOME = Path(__file__).parents[2]
BASE = "https://kg.seocho.example/"
BUDGETS = Budgets(seconds=1.0, slots=Slots(running=2, demoted=1, suspended=1, queue=1))

MakePool = Callable[..., WorkerPool]


def equipment_for(store: Path, *allowed: str, memory: int = 192 * 2**20) -> WorkerContext:
    """Equip workers for a store, with small limits."""
    warm_up()
    opened, iris = Store(store), Iris(BASE)
    head = Head(opened, iris.queried_graphs())
    if opened.current():
        catch_up(head)
    limits = {"query": Limits(memory, 2**20), "update": Limits(2**30, 2**30)}
    extension = WorkerExtension(opened, HOME, iris)
    return WorkerContext(opened, head, iris.queried_graphs(), limits, read_destinations(allowed), extension)


@contextmanager
def supervised(context: WorkerContext) -> Iterator[Supervisor]:
    """Keep a zygote running."""
    with closing(Supervisor(context)) as supervisor:
        yield supervisor


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Give a store with one triple, which tests only read."""
    store = Store(tmp_path_factory.mktemp("workers"))
    published(store, b'<http://a/s> <http://a/p> "o" .\n')
    return store


@pytest.fixture(scope="session")
def version(store: Store) -> Version:
    """Give its version."""
    return store.require_current()


@pytest.fixture(scope="session")
def supervisor(store: Store) -> Iterator[Supervisor]:
    """Keep a zygote of the store running."""
    with supervised(equipment_for(store.path)) as supervisor:
        yield supervisor


@pytest.fixture
def make_pool(supervisor: Supervisor) -> Iterator[MakePool]:
    """Give a function that starts a pool with small budgets, some of them changed."""
    pools: list[WorkerPool] = []

    def make(seconds: float = BUDGETS.seconds, **slots: Any) -> WorkerPool:
        budgets = replace(BUDGETS, seconds=seconds, slots=replace(BUDGETS.slots, **slots))
        pools.append(WorkerPool(supervisor.control, budgets))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()
