"""Each budget is reached once: the right status, a problem document that names it, and the next one is answered."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from attack.proper import check_problem
from attack.queries import ENDLESS, GROWING, LARGE
from attack.running import Reply, Running, Sent, ask, eventually, running, send
from conformance.live_server import LOOPBACK

pytestmark = pytest.mark.attack

SECONDS = 4
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def frugal(server: Running, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a copy of the store with small budgets: one server at a time serves a store."""
    assert server.members()
    copy = tmp_path_factory.mktemp("frugal") / "store"
    shutil.copytree(store, copy)
    settings = {"KG_QUERY_SECONDS": str(SECONDS), "KG_QUERY_MEMORY": "256", "KG_RESULT_SIZE": "1"}
    with running(copy, settings | {"KG_BODY_SIZE": "1", "KG_QUEUE": "4"}) as of_the_copy:
        yield of_the_copy


@pytest.fixture(autouse=True)
def goes_on(frugal: Running) -> Iterator[None]:
    """After each test, a question is answered."""
    yield
    assert eventually(lambda: ask(frugal, "ASK {}").body == b"true", SECONDS)


def check_budget(reply: Reply, status: int, *names: str) -> None:
    """Assert that an answer is the problem of one of these budgets."""
    assert reply.status == status, reply.body
    check_problem(reply)
    detail = json.loads(reply.body)["detail"]
    assert any(f"budget: {name})" in detail for name in names), detail


def test_time(frugal: Running) -> None:
    """A query ends when its time is over, and not much later."""
    reply = ask(frugal, ENDLESS)
    check_budget(reply, 503, "seconds")
    assert SECONDS - 0.5 < reply.seconds < SECONDS + 1.5


@pytest.mark.parametrize(("asked", "most"), [("0.5", 2.0), ("0.05", 1.5), ("3600", SECONDS + 1.5)])
def test_a_client_may_ask_for_less_time_and_not_for_more(frugal: Running, asked: str, most: float) -> None:
    """``timeout`` is the time that a client gives its query."""
    reply = ask(frugal, ENDLESS, f"?timeout={asked}")
    check_budget(reply, 503, "seconds")
    assert min(float(asked), SECONDS) - 0.1 < reply.seconds < most


@pytest.mark.parametrize("asked", ["-1", "soon", "1e9", "NaN"])
def test_a_time_that_is_none_is_refused(frugal: Running, asked: str) -> None:
    """A wrong ``timeout`` is the client's error."""
    reply = ask(frugal, "ASK {}", f"?timeout={asked}")
    assert reply.status == 400
    check_problem(reply)


def test_memory(frugal: Running) -> None:
    """A query that grows ends soon."""
    check_budget(ask(frugal, GROWING), 503, "memory")


def test_result_size(frugal: Running) -> None:
    """An answer that outgrows its budget is 413, not half an answer."""
    reply = ask(frugal, LARGE)
    assert reply.status == 413
    check_problem(reply)
    assert json.loads(reply.body)["type"].endswith("/problems/result-too-large")


def test_result_size_has_a_bound_below_which_all_is_sent(frugal: Running) -> None:
    """An answer just within the budget is complete."""
    text = "x" * 1000
    reply = ask(frugal, f'SELECT ?t {{ ?s ?p ?o BIND("{text}" AS ?t) }} LIMIT 1000')
    assert reply.status == 200
    assert reply.body.count(text.encode()) == 1000


def test_body_size(frugal: Running) -> None:
    """A body that is too large is 413, announced or not."""
    fields = {"Content-Type": "application/sparql-query"}
    reply = send(frugal, Sent("POST", fields=fields | {"Content-Length": str(MEBIBYTE + 1)}, body=b"ASK {}"))
    assert reply.status == 413
    check_problem(reply)


def test_queue(frugal: Running) -> None:
    """When more is asked than may wait, what is too much is refused at once, and nothing else is."""
    with ThreadPoolExecutor(60) as clients:
        replies = list(clients.map(lambda _: ask(frugal, ENDLESS), range(60)))
    for reply in replies:
        check_budget(reply, 503, "seconds", "queue", "slow queries")
    refused = [reply for reply in replies if b"budget: seconds)" not in reply.body]
    assert refused
    assert sorted(reply.seconds for reply in refused)[len(refused) // 2] < SECONDS
    assert all(reply.seconds < SECONDS * 2 + 1.5 for reply in replies)


def test_a_client_that_hangs_up_ends_its_query(frugal: Running) -> None:
    """Soon after it has gone, nothing works on its query any more."""
    fields = f"Host: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: {len(ENDLESS)}\r\n\r\n"
    is_busy = partial(_keeps_busy, frugal)
    with socket.create_connection((LOOPBACK, frugal.port)) as connection:
        connection.sendall(f"POST /sparql HTTP/1.1\r\n{fields}{ENDLESS}".encode())
        assert eventually(is_busy, SECONDS / 2)
    assert eventually(lambda: not is_busy(), 1)


def _keeps_busy(server: Running) -> bool:
    return server.processor_share(0.2) > 0.3
