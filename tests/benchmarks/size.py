"""How the cost grows with the graph: ``PYTHONPATH=tests python -m benchmarks.size``.

The real graph, and graphs of the same shape with about ten and forty times its quads.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import geometric_mean, median
from tempfile import TemporaryDirectory

from benchmarks.commits import WARM, openings
from benchmarks.questions import NUMBER, twelve
from benchmarks.stores import Served, real_quads, served, write_store
from benchmarks.telling import say, say_load
from benchmarks.writer import Writer, cost

READY, COMMIT = "ready after start, s", "commit of one exchange, median, ms"
WANTED = {READY: 25, COMMIT: 300}
"""What the largest graph may take at most."""
_OPENED = 5

Curves = Mapping[str, Sequence[float]]
"""By the name of a figure, its values by growing size."""


def measured(store: Path, options: argparse.Namespace) -> Iterator[tuple[str, float]]:
    """Measure one size; yield each figure with its name."""
    writer = Writer(store)
    with served(store) as server:
        yield READY, server.ready
        yield "proportional set size of all processes at rest, MB", server.resting_megabytes()
        answered = [question_milliseconds(server, question.texts[0], options.rounds) for question in twelve()]
        yield "the twelve questions, never asked before, geometric mean, ms", geometric_mean(answered)
        yield "the slowest of them, ms", max(answered)
        cost(server.server, writer.enter, WARM)
        yield COMMIT, median(cost(server.server, writer.enter, options.commits).milliseconds)
        yield "first look-up in an old version, median, ms", median(openings(server, writer.commits, _OPENED))


def question_milliseconds(server: Served, text: str, rounds: int) -> float:
    """Return the median of a question asked so many times, each time with another number."""
    return median(server.milliseconds(text.replace(NUMBER, str(number))) for number in range(rounds))


def lines(sizes: Sequence[int], curves: Curves) -> Iterator[str]:
    """Yield the curves as a Markdown table.

    >>> for line in lines([23461, 989507], {READY: [1.25, 30], "memory, MB": [250, float("inf")]}):
    ...     print(line)
    | quads | 23,461 | 989,507 | wanted at most |
    |---|---|---|---|
    | ready after start, s | 1.2 | 30.0 | 25 |
    | memory, MB | 250.0 | - | |
    """
    yield f"| quads | {' | '.join(f'{size:,}' for size in sizes)} | wanted at most |"
    yield "|---" * (len(sizes) + 2) + "|"
    for name, values in curves.items():
        cells = " | ".join("-" if value == float("inf") else f"{value:,.1f}" for value in values)
        yield f"| {name} | {cells} | {WANTED[name]} |" if name in WANTED else f"| {name} | {cells} | |"


def main() -> int:
    """Measure; 1 if the largest graph takes more than is wanted."""
    options = parser().parse_args()
    say_load()
    real, sizes = real_quads(), []
    curves: dict[str, list[float]] = {}
    for most in options.quads:
        with TemporaryDirectory() as scratch:
            sizes.append(write_store(Path(scratch, "store"), real, most))
            for name, value in measured(Path(scratch, "store"), options):
                say(f"{sizes[-1]:,} quads: {name}: {value:.1f}")
                curves.setdefault(name, []).append(value)
    say("", *lines(sizes, curves), "")
    say_load()
    return 0 if all(curves[name][-1] <= most for name, most in WANTED.items()) else 1


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.size", description="Measure graphs of several sizes.")
    sizes = [23_000, 230_000, 1_000_000]
    options.add_argument("--quads", type=int, nargs="+", default=sizes, help="the most quads of each, in growing order")
    options.add_argument("--commits", type=int, default=20, help="commits whose median counts")
    options.add_argument("--rounds", type=int, default=5, help="times that each question is asked")
    return options


if __name__ == "__main__":
    sys.exit(main())
