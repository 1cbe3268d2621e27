"""What a commit costs, and what it costs those who read: ``PYTHONPATH=tests python -m benchmarks.commits``.

On the real graph, served as anyone would serve it. Beside the seconds on the clock it tells those of the processors,
which other programs on the machine change little.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from attack.ordinary import Report, ordinary_clients
from attack.running import Running
from benchmarks.stores import Served, disk_megabytes, run, served
from benchmarks.table import Figure, figure_lines
from benchmarks.telling import say, say_load
from benchmarks.writer import Writer, cost

WARM = 5
_OPENED = 30
_WARM_SECONDS = 2


def readers(server: Running, seconds: float, writer: Writer | None = None, pause: float = 0.1) -> Report:
    """Have clients ask for so long, while the writer enters exchanges with pauses (seconds) between, or nobody does."""
    deadline = time.monotonic() + seconds
    with ordinary_clients(server.port, is_changing=True) as report:
        while time.monotonic() < deadline:
            time.sleep(pause)
            if writer:
                writer.enter(server)
    if report.faults:
        raise RuntimeError(report.faults[0])
    return report


def slowdown(server: Running, writer: Writer, options: argparse.Namespace) -> float:
    """Return the readers' 99th percentile during commits, as a multiple of that at rest: the median of the rounds."""
    readers(server, _WARM_SECONDS)
    ratios = []
    for _ in range(options.rounds):
        before = writer.commits
        rest = readers(server, options.seconds)
        busy = readers(server, options.seconds, writer, options.pause)
        ratios.append(busy.percentile(0.99) / rest.percentile(0.99))
        say(
            f"readers: median {rest.percentile(0.5):.1f}, 99th percentile {rest.percentile(0.99):.1f} ms at rest; "
            f"{busy.percentile(0.5):.1f} and {busy.percentile(0.99):.1f} ms during {writer.commits - before} commits"
        )
    return median(ratios)


def openings(server: Served, commits: int, most: int = _OPENED) -> list[float]:
    """Return the milliseconds of the first look-up in each of so many old versions, drawn from all of them."""
    old = range(1, commits + 1)
    return [server.opening(version) for version in random.Random(4).sample(old, min(most, len(old)))]


def at_rest(store: Path, commits: int) -> Iterator[Figure]:
    """Start a server on a store with so many commits; yield when it was ready, and its memory."""
    with served(store) as server:
        yield Figure(f"ready after start, {commits:,} commits", server.ready, 1.5, "s")
        yield Figure("proportional set size of all processes at rest", server.resting_megabytes(), 300, "MB")


def measured(store: Path, options: argparse.Namespace) -> Iterator[Figure]:
    """Measure all that is wanted on a store of the real graph."""
    writer = Writer(store)
    with served(store) as server:
        cost(server.server, writer.enter, WARM)
        entered = cost(server.server, writer.enter, options.first)
        yield from entered.figures("commit of one exchange, INSERT DATA", 50, None)
        corrected = cost(server.server, writer.correct, options.first)
        yield from corrected.figures("commit of three rows, DELETE/INSERT … WHERE", 80, 120)
        ratio = slowdown(server.server, writer, options)
        yield Figure("readers' 99th percentile during commits, against at rest", ratio, 2, "times")
        write_up_to(options.commits, server, writer)
        opened = openings(server, writer.commits)
        yield Figure("first look-up in an old version, median", median(opened), 100, "ms")
    yield Figure(f"disk, {writer.commits:,} commits", disk_megabytes(store), 10, "MB")
    yield from at_rest(store, writer.commits)


def write_up_to(commits: int, server: Served, writer: Writer) -> None:
    """Enter exchanges until there are so many commits."""
    while writer.commits < commits:
        writer.enter(server.server)


def main() -> int:
    """Measure; 1 if a figure falls short."""
    options = parser().parse_args()
    say_load()
    with TemporaryDirectory() as scratch:
        store = Path(scratch, "store")
        run(store, "build")
        figures = []
        for figure in measured(store, options):
            say(str(figure))
            figures.append(figure)
    say("", *figure_lines(figures), "")
    say_load()
    return 0 if all(figure.is_reached for figure in figures) else 1


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.commits", description="Measure commits.")
    options.add_argument("--first", type=int, default=100, help="commits of each kind whose median counts")
    options.add_argument("--commits", type=int, default=1000, help="commits after which disk and start count")
    options.add_argument("--rounds", type=int, default=3, help="rounds of the readers; the median of them counts")
    options.add_argument("--seconds", type=float, default=10, help="seconds of each")
    options.add_argument("--pause", type=float, default=0.0, help="seconds between two commits while readers ask")
    return options


if __name__ == "__main__":
    sys.exit(main())
