"""Killed with SIGKILL at random moments, the server loses no commit that it acknowledged, and halves none."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from attack.running import Running
from crash.clients import Reader, Stream, Writer
from crash.ledger import Ledger
from crash.serving import VICTIMS, Restart, environment_of, kill, killed, launch, start
from kg.auth import TokenStore
from kg.store import Store

pytestmark = pytest.mark.crash

WRITERS, READERS = 3, 2
LONGEST_SECONDS = 1.5
STARTING_SECONDS = 1.5
LOOKED_BACK = 2


@pytest.fixture
def writers(store: Path) -> list[Writer]:
    """Give clients that may write, each with a token."""
    tokens = TokenStore(store)
    names = [f"writer{number}" for number in range(WRITERS)]
    return [Writer(name, tokens.create(name, "write", ""), seed) for seed, name in enumerate(names)]


@pytest.fixture
def servers(store: Path) -> Iterator[list[Running]]:
    """Give a list whose last is the server that runs; kill that in the end."""
    running = [start(store)]
    yield running
    kill(running[-1].process)


def test_no_commit_is_lost_or_half_there(
    store: Path, writers: list[Writer], servers: list[Running], rounds: int, restarts: list[Restart]
) -> None:
    """Each time the versions are exactly the acknowledged commits and some that nobody was told of, all whole."""
    readers = [Reader(writers) for _ in range(READERS)]
    ledger = Ledger(Store(store), writers)
    for number in range(rounds):
        rng = random.Random(number)
        server, restart = one_round(servers[-1], writers, readers, rng, store)
        servers.append(server)
        restarts.append(restart)
        assert [writer.faults for writer in writers if writer.faults] == []
        assert [reader.faults for reader in readers if reader.faults] == []
        ledger.check()
        for _ in range(LOOKED_BACK):
            ledger.check_again(rng.randint(ledger.first, ledger.last))
    assert ledger.last > ledger.first + rounds // 2, "hardly anything was committed"
    assert all(reader.answers > rounds for reader in readers), "hardly anything was read"
    ledger.check_all_again()
    conforms(store)


def one_round(
    server: Running, writers: list[Writer], readers: list[Reader], rng: random.Random, store: Path
) -> tuple[Running, Restart]:
    """Let clients work for a while, kill the server, now and then again while it starts, and start it anew."""
    stream = Stream(server, writers, readers)
    time.sleep(rng.uniform(0.05, LONGEST_SECONDS))
    stream.is_over()
    victim = rng.choice(VICTIMS)
    try:
        if rng.random() < 0.2:
            kill(server.process)
            starting = launch(store)
            time.sleep(rng.uniform(0, STARTING_SECONDS))
            kill(starting)
            server = start(store)
        return killed(server, victim, store)
    finally:
        stream.join()


def conforms(store: Path) -> None:
    """See that what stands in the end conforms to the shapes, looked at whole."""
    command = [sys.executable, "-m", "kg"]
    exported = subprocess.run(
        [*command, "export", "--format", "nq"], env=environment_of(store), stdout=subprocess.PIPE, check=True
    )
    file = store.parent / "current.nq"
    file.write_bytes(exported.stdout)
    subprocess.run([*command, "validate", str(file)], env=environment_of(store), stdout=subprocess.DEVNULL, check=True)
