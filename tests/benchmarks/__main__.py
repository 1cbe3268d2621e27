"""Measures our server beside others and prints wanted against got: ``PYTHONPATH=tests python -m benchmarks``.

Every server is started once and stays; each round measures each question on each of them in turn. The median of the
rounds counts, so that the first, in which a Java virtual machine has not compiled its code yet, does not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.agreement import disagreement
from benchmarks.commits import at_rest, write_up_to
from benchmarks.peers import PEERS, Graph, NotInstalled, Peer
from benchmarks.questions import Question, questions
from benchmarks.stores import run, served
from benchmarks.table import LOOK_UP, OURS, Figure, compared, figure_lines, lines
from benchmarks.telling import say, say_load
from benchmarks.writer import Writer
from benchmarks.wrk import CONNECTIONS, THREADS, measure

_Rates = dict[str, dict[tuple[str, str], list[float]]]


def main(arguments: list[str] | None = None) -> int:
    """Measure; 1 if a number falls short, 2 if wrk is not installed."""
    options = parser().parse_args(arguments)
    if shutil.which("wrk") is None:
        sys.stderr.write("Install the Debian package wrk.\n")
        return 2
    say_load()
    say(f"wrk -t {THREADS} -c {CONNECTIONS}")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory()))
        command = [sys.executable, "-m", "kg", "build", "--out", str(scratch / "graph")]
        subprocess.run(command, check=True)
        graph = Graph(scratch / "graph" / "kg.nt", options.programs.absolute(), scratch, options.before)
        peers = start(options.peers, graph, stack)
        asked = [question for question in questions(graph.triples) if options.only in question.name]
        check(peers, asked)
        rates = measure_all(peers, asked, options, scratch)
    figures = rest(options.commits) if options.commits else []
    write(options.json, rates, figures)
    say("", *lines(rates), "", *figure_lines(figures), "")
    say_load()
    ratios_reached = all(got.is_reached for got in compared(rates))
    return 0 if ratios_reached and all(figure.is_reached for figure in figures) else 1


def start(names: Iterable[str], graph: Graph, stack: ExitStack) -> list[Peer]:
    """Start ours and each peer that is installed, until the stack ends."""
    peers: list[Peer] = []
    for name in dict.fromkeys([OURS, *names]):
        try:
            peers.append(stack.enter_context(PEERS[name](graph)))
        except NotInstalled as missing:
            say(f"{name}: skipped: {missing}")
        else:
            say(f"{name}: {peers[-1].dataset or 'no data'}")
    return peers


def check(peers: list[Peer], asked: list[Question]) -> None:
    """Say where a peer does not answer as ours does."""
    for peer in peers[1:]:
        for question in asked if peer.dataset else ():
            differs = disagreement(peers[0], peer, question)
            if differs:
                say(f"{peer.name} answers {question.name} otherwise: {differs}")


def measure_all(peers: list[Peer], asked: list[Question], options: argparse.Namespace, scratch: Path) -> _Rates:
    """Measure every question on every peer, round by round; only right answers in time count."""
    rates: _Rates = {peer.name: defaultdict(list) for peer in peers}
    for number in range(options.rounds):
        for question in asked:
            for peer in peers:
                if peer.dataset or question.row == LOOK_UP:
                    measured = measure(peer, question, options.seconds, f"r{number}", scratch)
                    if measured.failed:
                        say(f"{peer.name} failed {measured.failed} times at {question.name}")
                    rates[peer.name][question.row, question.name].append(measured.requests_per_second)
        say(f"round {number + 1} of {options.rounds}, load {os.getloadavg()[0]:.2f}")
    return rates


def rest(commits: int) -> list[Figure]:
    """Measure the start of a server on a store with so many commits, and its memory."""
    with TemporaryDirectory() as scratch:
        store = Path(scratch, "store")
        run(store, "build")
        writer = Writer(store)
        with served(store) as server:
            write_up_to(commits, server, writer)
        return list(at_rest(store, commits))


def write(path: Path | None, rates: _Rates, figures: list[Figure]) -> None:
    """Write all that was measured, and what it came to, as JSON."""
    if path is None:
        return
    measured = [
        {"peer": peer, "row": row, "question": name, "requests_per_second": rounds}
        for peer, theirs in rates.items()
        for (row, name), rounds in theirs.items()
    ]
    ratios = [
        {
            "peer": got.wanted.peer,
            "row": got.wanted.row,
            "over": got.wanted.over.__name__,
            "wanted": got.wanted.factor,
            "got": got.ratio,
        }
        for got in compared(rates)
    ]
    written = {"measured": measured, "ratios": ratios, "figures": list(map(asdict, figures))}
    path.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


def parser() -> argparse.ArgumentParser:
    """Return the options of the command."""
    options = argparse.ArgumentParser(prog="benchmarks", description="Measure our server beside others.")
    options.add_argument("--rounds", type=int, default=5, help="rounds; the median of them counts")
    options.add_argument("--seconds", type=int, default=2, help="seconds of each measurement")
    options.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS), help="whom to compare with")
    options.add_argument("--programs", type=Path, default=Path(".venv-peers"), help="where the peers are installed")
    options.add_argument("--before", type=Path, metavar="CHECKOUT", help="an earlier checkout, compared as a peer")
    options.add_argument("--only", default="", help="ask only questions whose name contains this")
    options.add_argument("--commits", type=int, default=1000, help="commits before the timed start; 0: none is timed")
    options.add_argument("--json", type=Path, help="write all numbers to this file")
    return options


if __name__ == "__main__":
    sys.exit(main())
