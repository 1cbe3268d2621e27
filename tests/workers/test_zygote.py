import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import BudgetError, NotFoundError, StoreError
from kg.store.versions import Store, Version
from kg.workers.pool import WorkerPool
from kg.workers.supervisor import Supervisor
from signing import published
from workers.conftest import BUDGETS, MakePool, plan_of, supervised
from workers.test_pool import CROSS, answers, eventually, query, workers_of


def test_a_zygote_that_is_lost_is_started_again(store: Store, version: Version) -> None:
    """Requests for workers wait meanwhile, and what was under way is asked again."""
    with supervised(plan_of(store.path)) as supervisor:
        pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=30))
        for _ in range(2):
            lost = supervisor.process
            os.kill(lost, signal.SIGKILL)
            assert answers(pool, version)
            assert supervisor.process != lost
        pool.close()


def test_a_worker_that_is_lost_loses_no_answer(make_pool: MakePool, version: Version, supervisor: Supervisor) -> None:
    """The query is asked again, once; a worker that is lost twice ran out of memory."""
    pool = make_pool(seconds=30)
    found: list[str] = []

    def ask() -> None:
        with pytest.raises(BudgetError) as caught:
            pool.evaluate(version, query(CROSS))
        found.append(str(caught.value))

    thread = threading.Thread(target=ask)
    thread.start()
    for _ in range(2):
        time.sleep(0.4)
        before = workers_of(supervisor)
        for worker in before:
            os.kill(worker, signal.SIGKILL)
        eventually(lambda before=before: not before & workers_of(supervisor))  # type: ignore[misc]
    thread.join()
    assert "budget: memory" in found[0]
    assert answers(pool, version)


def test_a_zygote_forks_for_an_empty_store(tmp_path: Path) -> None:
    """There is a server before there is a version; asking it is an error."""
    with supervised(plan_of(tmp_path)) as supervisor:
        pool = WorkerPool(supervisor.control, BUDGETS)
        with pytest.raises(NotFoundError):
            pool.evaluate(Version(tmp_path, 1), query("ASK {}"))
        pool.close()


def test_a_head_that_cannot_be_loaded_is_an_error(tmp_path: Path) -> None:
    """The supervisor raises what the zygote found."""
    published(Store(tmp_path), b"")
    (tmp_path / "HEAD").write_text("damaged")
    with pytest.raises(StoreError):
        Supervisor(plan_of(tmp_path)).wait_until_ready()
