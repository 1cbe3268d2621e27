from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.iri import Iris
from kg.store.versions import Store, Version
from kg.workers.pool import Budgets, WorkerPool
from kg.workers.scheduler import Slots
from kg.workers.supervisor import Supervisor
from kg.workers.worker import Limits
from kg.workers.zygote import Plan
from signing import published

HOME = Path(__file__).parents[2]
BASE = "https://kg.seocho.example/"
BUDGETS = Budgets(seconds=1.0, slots=Slots(running=2, demoted=1, suspended=1, queue=1))

MakePool = Callable[..., WorkerPool]


def plan_of(store: Path, *allowed: str, memory: int = 192 * 2**20) -> Plan:
    """Plan for a store, with small limits."""
    limits = {"query": Limits(memory, 2**20), "update": Limits(2**30, 2**30)}
    arguments = (str(store), str(HOME), BASE)
    return Plan(str(store), Iris(BASE).queried_graphs(), limits, allowed, "kg.extension:Extension", arguments)


@contextmanager
def supervised(plan: Plan) -> Iterator[Supervisor]:
    """Keep a zygote running."""
    with closing(Supervisor(plan)) as supervisor:
        supervisor.wait_until_ready()
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
    with supervised(plan_of(store.path)) as supervisor:
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
