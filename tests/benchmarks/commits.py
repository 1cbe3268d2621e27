"""What a commit costs, and what it costs those who read: ``PYTHONPATH=tests python -m benchmarks.commits``.

On the real graph and on one of a million triples of its shape, each served as anyone would serve it. Beside the seconds
on the clock it tells those of the processors, which other programs on the machine change little.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from attack.ordinary import Report, ordinary_clients
from attack.running import Running, Sent, send
from benchmarks.copies import copies
from benchmarks.telling import say
from crash.serving import environment_of, kill, processor_seconds, start
from entry import entering
from kg.build import input_digest, source_paths
from kg.settings import DEFAULT_BASE_IRI, Settings
from kg.store.tokens import Tokens
from kg.store.versions import Store
from signing import published

HOME = Path(__file__).parents[2]
_MILLISECONDS, _MEGABYTE = 1000, 10**6
_WARM = 5
_CHECKED_OUT = 30
_LARGE_GRAPH_COMMITS = 60


@dataclass(frozen=True)
class Cost:
    """What commits took: milliseconds of each on the clock, and of the processors in the mean."""

    milliseconds: list[float]
    processor: float

    def __str__(self) -> str:
        """Tell the median and what it is made of."""
        ranked = sorted(self.milliseconds)
        late = ranked[int(0.95 * len(ranked))]
        return f"median {median(ranked):.0f} ms, 95th percentile {late:.0f} ms; processors {self.processor:.0f} ms each"


@dataclass(frozen=True)
class Number:
    """A number that is wanted to be at most so much."""

    name: str
    got: float
    most: float
    unit: str

    def __str__(self) -> str:
        """Tell it as a row of a table."""
        verdict = "reached" if self.got <= self.most else "short"
        return f"| {self.name} | {self.most:g} {self.unit} | {self.got:.2f} {self.unit} | {verdict} |"


class Office:
    """Somebody who enters one exchange after the other."""

    def __init__(self, store: Path) -> None:
        """Get a token."""
        self._fields = {
            "Authorization": f"Bearer {Tokens(store).create('benchmark', 'write', '')}",
            "Content-Type": "application/sparql-update",
        }
        self._entered = 0

    def enter(self, server: Running) -> float:
        """Enter an exchange; return how many milliseconds it took until it was acknowledged."""
        self._entered += 1
        body = entering(f"benchmark-{self._entered}").encode()
        reply = send(server, Sent("POST", "/sparql", self._fields, body))
        if reply.status != 204:
            raise RuntimeError(f"{reply.status}: {reply.body.decode()}")
        return reply.seconds * _MILLISECONDS

    def enter_many(self, server: Running, count: int, pause: float = 0.0) -> Cost:
        """Enter so many, with a pause (seconds) before each."""
        before = processor_seconds(server.process.pid)
        milliseconds = []
        for _ in range(count):
            time.sleep(pause)
            milliseconds.append(self.enter(server))
        spent = processor_seconds(server.process.pid) - before
        return Cost(milliseconds, spent / count * _MILLISECONDS)


@contextmanager
def served(store: Path) -> Iterator[Running]:
    """Serve a store during the block."""
    server = start(store)
    try:
        yield server
    finally:
        kill(server.process)


def real_graph(store: Path) -> Path:
    """Make a store of the owner's page."""
    subprocess.run([sys.executable, "-m", "kg", "build"], env=environment_of(store), check=True, capture_output=True)
    return store


def large_graph(store: Path, real: Path, triples: int) -> Path:
    """Make a store of a graph of the same shape with so many triples."""
    first = Store(real).version(1)
    quads = "\n".join(copies(first.content().to_nquads().decode(), triples))
    digest = input_digest(source_paths(HOME), Settings(home=HOME, store=store))
    published(Store(store), quads.encode(), {"digest": digest, "base_iri": DEFAULT_BASE_IRI})
    return store


def checked_out(store: Path, count: int) -> list[float]:
    """Check out versions that have no snapshot; return the milliseconds that each took."""
    versions = Store(store)
    numbers = [record.number for record in versions.records() if not versions.log.has_snapshot(record.number)]
    rng = random.Random(4)
    taken = []
    for number in rng.sample(numbers, min(count, len(numbers))):
        begun = time.monotonic()
        versions.version(number).content()
        taken.append((time.monotonic() - begun) * _MILLISECONDS)
    return taken


def size_of(store: Path) -> float:
    """Return how many megabytes a store takes on the disk, a file with several names counted once."""
    files = {status.st_ino: status.st_blocks * 512 for path in store.rglob("*") if (status := path.lstat())}
    return sum(files.values()) / _MEGABYTE


def readers(server: Running, seconds: float, office: Office | None, pause: float) -> tuple[Report, int]:
    """Have readers ask for so long, while somebody enters exchanges or nobody does; return how many were entered."""
    deadline, entered = time.monotonic() + seconds, 0
    with ordinary_clients(server.port, is_changing=True) as report:
        while time.monotonic() < deadline:
            time.sleep(pause)
            if office:
                office.enter(server)
                entered += 1
    if report.faults:
        raise RuntimeError(report.faults[0])
    return report, entered


def on_the_real_graph(store: Path, options: argparse.Namespace) -> tuple[list[Number], float]:
    """Measure all that is wanted of the real graph; return also the median of a commit."""
    office = Office(store)
    with served(store) as server:
        office.enter_many(server, _WARM)
        first = office.enter_many(server, options.first)
        say(f"commits, real graph, the first {options.first}: {first}")
        readers(server, 2, None, 0.1)
        ratios = []
        for _ in range(options.rounds):
            rest, _ = readers(server, options.seconds, None, 0.1)
            busy, entered = readers(server, options.seconds, office, options.pause)
            ratios.append(busy.percentile(0.99) / rest.percentile(0.99))
            say(
                f"readers: median {rest.percentile(0.5):.1f}, 99th percentile {rest.percentile(0.99):.1f} ms at rest; "
                f"{busy.percentile(0.5):.1f} and {busy.percentile(0.99):.1f} ms during {entered} commits"
            )
        left = options.commits + 1 - len(Store(store).records())
        if left > 0:
            last = office.enter_many(server, left)
            say(f"commits, real graph, up to {options.commits}: {last}")
    size = size_of(store)
    travelled = checked_out(store, _CHECKED_OUT)
    say(f"checking out a version: median {median(travelled):.0f} ms, most {max(travelled):.0f} ms")
    say(f"size: {size:.1f} MB")
    return [
        Number("commit of one exchange, real graph, median", median(first.milliseconds), 150, "ms"),
        Number("readers' 99th percentile during commits, against at rest", median(ratios), 2, "times"),
        Number("checking out a version for time travel, median", median(travelled), 100, "ms"),
        Number(f"size on disk after {options.commits:,} commits", size, 60, "MB"),
    ], median(first.milliseconds)


def on_a_large_graph(store: Path, usual: float) -> Number:
    """Measure commits on a large graph against those on the real one."""
    office = Office(store)
    with served(store) as server:
        office.enter_many(server, _WARM)
        cost = office.enter_many(server, _LARGE_GRAPH_COMMITS)
    say(f"commits, large graph: {cost}")
    return Number("the same on the large graph, against the real one", median(cost.milliseconds) / usual, 3, "times")


def main() -> int:
    """Measure; 1 if a number falls short."""
    options = parser().parse_args()
    say(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.2f}")
    with TemporaryDirectory() as scratch:
        real = real_graph(Path(scratch, "real"))
        numbers, usual = on_the_real_graph(real, options)
        if options.triples:
            numbers.append(on_a_large_graph(large_graph(Path(scratch, "large"), real, options.triples), usual))
    say("", "| | wanted at most | got | |", "|---|---|---|---|", *map(str, numbers), "")
    say(f"load {os.getloadavg()[0]:.2f} at the end")
    return 0 if all(number.got <= number.most for number in numbers) else 1


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.commits", description="Measure commits.")
    options.add_argument("--first", type=int, default=100, help="commits whose median counts")
    options.add_argument("--commits", type=int, default=1000, help="commits after which the size counts")
    options.add_argument("--triples", type=int, default=1_000_000, help="size of the large graph; 0 for none")
    options.add_argument("--rounds", type=int, default=3, help="rounds of the readers; the median of them counts")
    options.add_argument("--seconds", type=float, default=10, help="seconds of each")
    options.add_argument("--pause", type=float, default=0.0, help="seconds between two commits while readers ask")
    return options


if __name__ == "__main__":
    sys.exit(main())
