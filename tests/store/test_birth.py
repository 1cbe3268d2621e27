import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.store.birth import Nursery, Process
from kg.store.engine import Query
from kg.store.preloading import Contents
from kg.store.versions import Version
from kg.store.wire import query_to_message


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Start a nursery."""
    nursery = Nursery(memory=2**28, file_size=2**20)
    yield nursery
    nursery.close()


def ask(process: Process, version: Version) -> bytes:
    """Ask a worker whether it answers."""
    process.ask(*query_to_message(version.oxigraph, Query("ASK {}", "http://a/")))
    return process.reply()[1]


def test_a_worker_lives_until_it_is_buried(nursery: Nursery, version: Version) -> None:
    """A worker answers, and its burial tells how it ended."""
    process = nursery.fork()
    assert b"true" in ask(process, version)
    status = nursery.bury(process)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_a_worker_that_dies_is_noticed(nursery: Nursery, version: Version) -> None:
    """The pipe of a dead worker ends, and how it died is known."""
    process = nursery.fork()
    os.kill(process.number, signal.SIGSEGV)
    with pytest.raises(EOFError):
        ask(process, version)
    process.kill()
    assert os.WTERMSIG(nursery.bury(process)) == signal.SIGSEGV


@pytest.mark.parametrize("body", [b"no row of a patch\n", b"A no quad\n", b"\xff"])
def test_a_step_that_fails_leaves_the_worker(nursery: Nursery, version: Version, body: bytes) -> None:
    """The next query opens the version."""
    process = nursery.fork(Contents(str(version.oxigraph), ()))
    process.ask({"do": "step", "before": str(version.oxigraph), "oxigraph": "/nowhere"}, body)
    assert b"true" in ask(process, version)
    assert os.WTERMSIG(nursery.bury(process)) == signal.SIGKILL


def test_a_worker_stands_still_and_goes_on(nursery: Nursery, version: Version) -> None:
    """A paused worker answers nothing until it is resumed."""
    process = nursery.fork()
    ask(process, version)
    process.pause()
    query = query_to_message(version.oxigraph, Query("ASK {}", "http://a/"))
    process.ask(*query)
    assert not process.answers_within(0.05)
    assert process.reply_within(2**20) is None
    process.yield_to_others()
    process.resume()
    assert process.answers_within(5)
    assert process.reply_within(1) is None
    assert b"true" in process.reply()[1]
    assert b"true" in ask(process, version)
    process.ask(*query)
    assert process.answers_within(5)
    replied = process.reply_within(2**20)
    assert replied
    assert b"true" in replied[1]
    nursery.bury(process)


def test_a_nursery_that_is_lost_is_started_anew(nursery: Nursery, version: Version) -> None:
    """Workers die with their nursery, and the next one comes from a new one."""
    orphan = nursery.fork()
    parent = int(Path(f"/proc/{orphan.number}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    assert orphan.answers_within(5)
    with pytest.raises(EOFError):
        orphan.reply()
    orphan.let_go()
    successor = nursery.fork()
    assert b"true" in ask(successor, version)
    nursery.bury(successor)


def test_a_confined_process_reaches_nothing() -> None:
    """Behind the walls there is a loopback with nothing on it, and what is limited stays limited."""
    program = """
import socket
from kg.store.confinement import leave_network, limit
left = leave_network()
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    print(left, error.errno)
limit(memory=2**28, file_size=1000)
try:
    bytearray(2**29)
except MemoryError:
    print("memory")
try:
    with open("/tmp/kg-confined", "wb", buffering=0) as file:
        print(file.write(b"x" * 2000))
        file.write(b"x")
except OSError as error:
    print(error.strerror)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("True") or lines[0].startswith("False")
    assert lines[1:] == ["memory", "1000", "File too large"]
