import os
import signal
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.domain import BudgetError, NotFoundError
from kg.store import Store, Version
from kg.workers import Supervisor, WorkerPool
from workers.conftest import BUDGETS, MakePool, equipment_for, supervised
from workers.test_pool import CROSS, answers, eventually, query, workers_of


def test_a_zygote_that_is_lost_is_started_again(store: Store, version: Version) -> None:
    """Requests for workers wait meanwhile, and what was under way is asked again."""
    with supervised(equipment_for(store.path)) as supervisor:
        pool = WorkerPool(supervisor.control, replace(BUDGETS, seconds=30))
        for _ in range(2):
            lost = supervisor.process
            os.kill(lost, signal.SIGKILL)
            assert answers(pool, version)
            eventually(lambda lost=lost: supervisor.process != lost)  # type: ignore[misc]
            assert answers(pool, version)
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


def test_a_zygote_keeps_nothing_that_is_open_in_its_parent(tmp_path: Path, store: Store) -> None:
    """Neither the listening socket nor the lock of the store; so workers have them neither."""
    with (tmp_path / "open").open("w") as file, socket.create_server(("127.0.0.1", 0)) as listening:
        mine = {Path(f"/proc/self/fd/{one.fileno()}").readlink() for one in (file, listening)}
        with supervised(equipment_for(store.path)) as supervisor:
            opened = {entry.readlink() for entry in Path(f"/proc/{supervisor.process}/fd").iterdir()}
    assert not mine & opened


def test_a_zygote_forks_for_an_empty_store(tmp_path: Path) -> None:
    """There is a server before there is a version; asking it is an error."""
    with supervised(equipment_for(tmp_path)) as supervisor:
        pool = WorkerPool(supervisor.control, BUDGETS)
        with pytest.raises(NotFoundError):
            pool.evaluate(Version(tmp_path, 1), query("ASK {}"))
        pool.close()
