"""A server that is told to stop answers what is in flight, and says truly of each update whether it was committed."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from kg.auth import TokenStore
from kg.diff import Patch
from kg.domain import BudgetError, Settings
from kg.store import Dataset, LocalEvaluator, PendingCommit, Store
from kg.web.app import create_app
from kg.web.front import Bounds, Front
from kg.web.shutdown import Commitment, Shutdown
from web.exchange import Exchange, Scope

GRACE = 0.3
BUCKET_BOUNDS = Bounds(body_size=10_000, hot_size=0, threads=4, queue=4)
PROGRAM = """
import sys
from pathlib import Path
from kg.domain import Settings
from kg.web.server import serve
home = Path(sys.argv[1])
serve(Settings(home=home, store=home / "store", port=0, query_seconds=60), lambda address: print(address, flush=True))
"""
ENDLESS = "SELECT (SUM(?i * ?j * ?k * ?l) AS ?n) {" + "".join(
    f"VALUES ?{name} {{ {' '.join(map(str, range(100)))} }}" for name in "ijkl"
) + "}"  # fmt: skip


@contextmanager
def served(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server as a process of its own and yield it with its host and port."""
    command = [sys.executable, "-c", PROGRAM, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout
        try:
            yield process, urlsplit(process.stdout.readline().strip()).netloc
        finally:
            process.kill()


def asking(where: str, body: str) -> Callable[[], tuple[int, bytes]]:
    """Begin to ask a query in a thread; return what waits for the answer."""
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(where, timeout=30)
        connection.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"})
        response = connection.getresponse()
        answers.append((response.status, response.read()))

    thread = threading.Thread(target=ask)
    thread.start()

    def wait() -> tuple[int, bytes]:
        thread.join()
        return answers[0]

    return wait


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_a_query_in_flight_is_told_that_the_server_stops(settings: Settings, store: Store, number: int) -> None:
    """Over the wire: 503 with a problem document, before the process that was killed could have hung up."""
    assert store.current()
    with served(settings.home) as (process, where):
        waits = [asking(where, ENDLESS) for _ in range(3)]
        time.sleep(0.5)
        os.kill(process.pid, number)
        for wait in waits:
            status, body = wait()
            assert status == 503
            assert "budget: shutdown" in json.loads(body)["detail"]
        assert process.wait(10) == 0


class Slow(LocalEvaluator):
    """Evaluates when it is told to."""

    def __init__(self) -> None:
        """Begin with a query that waits."""
        super().__init__()
        self.goes_on = threading.Event()

    def evaluate(self, *arguments: Any) -> Any:
        """Wait, then answer."""
        self.goes_on.wait(5)
        return super().evaluate(*arguments)


def stopped(front: Front, scope: Scope, body: bytes, meanwhile: Callable[[], None] = lambda: None) -> Exchange:
    """Send a request, begin to stop the server, and do something when the grace time is over."""

    async def run() -> Exchange:
        exchange = Exchange([body])
        task = asyncio.create_task(front.__rsgi__(scope, exchange))
        await asyncio.sleep(GRACE / 3)
        front.shutdown.begin()
        await asyncio.sleep(GRACE * 1.5)
        meanwhile()
        await asyncio.wait_for(task, 5)
        return exchange

    return asyncio.run(run())


def test_a_query_that_ends_in_time_is_answered(settings: Settings, store: Store) -> None:
    """Within the grace time the answer is the answer."""
    slow = Slow()
    front = Front(create_app(settings, evaluator=slow).wsgi_app, store, BUCKET_BOUNDS, shutdown=Shutdown(30))
    assert stopped(front, Scope(), b"", slow.goes_on.set).answer.status == 200


def updating(settings: Settings) -> Scope:
    """Make the request for an update."""
    token = TokenStore(settings.store).create("office", "write", "2026-01-01")
    fields = {"host": "localhost", "content-type": "application/sparql-update", "authorization": f"Bearer {token}"}
    return Scope("POST", query_string="", headers=fields)


UPDATE = b"INSERT DATA { <http://a/new> <http://a/p> 1 }"


def test_an_update_that_is_refused_is_not_committed(settings: Settings, store: Store) -> None:
    """One that is validated when the time is over is a 503 that says so; its validation ends for nothing."""
    ends = threading.Event()

    def slow_validation(_dataset: Dataset, patch: Patch) -> PendingCommit:
        ends.wait(5)
        return PendingCommit(patch)

    evaluator = LocalEvaluator(validate=slow_validation)
    front = Front(create_app(settings, evaluator=evaluator).wsgi_app, store, BUCKET_BOUNDS, shutdown=Shutdown(GRACE))
    exchange = stopped(front, updating(settings), UPDATE)
    ends.set()
    assert exchange.answer.status == 503
    late = Exchange()
    asyncio.run(front.__rsgi__(Scope(), late))
    assert late.answer.status == 503, "nothing new is begun"
    assert "nothing was changed" in json.loads(exchange.answer.body)["detail"]
    time.sleep(0.2)
    assert [commit.number for commit in store.commits()] == [1]


def test_an_update_past_its_commit_point_is_waited_for(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is 204, and the version is there."""
    is_written = threading.Event()
    real = Commitment.commit

    def slow_commit(self: Commitment) -> None:
        real(self)
        is_written.wait(5)

    monkeypatch.setattr(Commitment, "commit", slow_commit)
    front = Front(create_app(settings).wsgi_app, store, BUCKET_BOUNDS, shutdown=Shutdown(GRACE))
    exchange = stopped(front, updating(settings), UPDATE, is_written.set)
    assert exchange.answer.status == 204
    assert [commit.number for commit in store.commits()] == [1, 2]


def test_a_body_that_is_still_being_sent_is_refused(app: Flask, store: Store) -> None:
    """A client that has not finished its request is told, too."""
    front = Front(app.wsgi_app, store, BUCKET_BOUNDS, shutdown=Shutdown(GRACE))

    async def run() -> int:
        exchange = Exchange([b"ASK"] * 100, delay=GRACE / 2)
        headers = {"host": "localhost", "content-type": "application/sparql-query"}
        task = asyncio.create_task(front.__rsgi__(Scope("POST", query_string="", headers=headers), exchange))
        await asyncio.sleep(0)
        front.shutdown.begin()
        await asyncio.wait_for(task, 5)
        return exchange.answer.status

    assert asyncio.run(run()) == 503


def test_a_commitment_is_decided_once() -> None:
    """Whoever comes first: what was refused does not commit, what was committed is not refused."""
    refused, passed = Commitment(), Commitment()
    assert refused.refuse()
    with pytest.raises(BudgetError, match="shutdown"):
        refused.commit()
    passed.commit()
    assert not passed.refuse()
