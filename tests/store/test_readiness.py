"""An event loop is told of each reply of a worker, once."""

import asyncio
import os
import socket
from collections.abc import Iterator

import pytest

from kg.store.birth import Process
from kg.store.readiness import Readiness

LONG = 60.0


@pytest.fixture
def pair() -> Iterator[tuple[Process, socket.socket]]:
    """Hold a process and the worker's end of its pipe."""
    ours, theirs = socket.socketpair()
    process = Process.of(ours, os.getpid())
    yield process, theirs
    process.let_go()
    theirs.close()


def test_each_reply_is_told(pair: tuple[Process, socket.socket]) -> None:
    """A worker is waited for again and again, a reply that came before the wait included."""
    process, worker = pair

    async def ask_twice() -> list[bytes]:
        readiness, replies = Readiness(), []
        for reply in (b"one", b"two"):
            worker.send(reply)
            await readiness.of(process, LONG)
            replies.append(process.pipe.recv(9))
        return replies

    assert asyncio.run(ask_twice()) == [b"one", b"two"]


def test_a_reply_that_others_read_is_not_told_again(pair: tuple[Process, socket.socket]) -> None:
    """A late reply ends no wait of its own; the next reply ends the next wait."""
    process, worker = pair

    async def ask_late() -> bytes:
        readiness = Readiness()
        await readiness.of(process, 0.0)
        worker.send(b"late")
        assert process.pipe.recv(9) == b"late"
        asyncio.get_running_loop().call_soon(worker.send, b"next")
        await readiness.of(process, LONG)
        return process.pipe.recv(9)

    assert asyncio.run(ask_late()) == b"next"


def test_a_reply_between_two_waits_is_not_lost(pair: tuple[Process, socket.socket]) -> None:
    """Who waits on for the same question hears of a reply that came while nobody waited."""
    process, worker = pair

    async def wait_on() -> tuple[bool, bool]:
        readiness = Readiness()
        first = await readiness.of(process, 0.0)
        worker.send(b"late")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return first, await readiness.again(process, LONG)

    assert asyncio.run(wait_on()) == (False, True)


def test_the_end_of_a_worker_is_told(pair: tuple[Process, socket.socket]) -> None:
    """A worker that dies ends the wait."""
    process, worker = pair
    worker.close()
    asyncio.run(asyncio.wait_for(Readiness().of(process, LONG), LONG))
    assert process.pipe.recv(9) == b""


def test_each_event_loop_is_told(pair: tuple[Process, socket.socket]) -> None:
    """The same worker may be waited for in one event loop after another."""
    process, worker = pair
    readiness = Readiness()
    for reply in (b"one", b"two"):
        worker.send(reply)
        asyncio.run(readiness.of(process, LONG))
        assert process.pipe.recv(9) == reply
