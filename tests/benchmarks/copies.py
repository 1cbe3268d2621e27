"""A large graph of the same shape as the real one: its records again and again, under new names.

``PYTHONPATH=tests python -m benchmarks.copies kg.nq --triples 1000000 > large.nq``; the concepts, the regions and
Seocho-gu stay what they are, so that each is pointed to by ever more records.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

COPIED = (
    "friendship", "agreement", "anniversary", "body", "characteristic", "claim", "delegation", "doubt", "event",
    "exchange", "geometry", "line", "municipality", "page", "passage", "statistic", "unit-count",
)  # fmt: skip
"""The kinds of things that are copied."""
KEPT = "municipality/seocho"


def copies(quads: str, triples: int) -> Iterator[str]:
    """Yield N-Quads: the graph, then copies of its records until there are at least so many triples.

    >>> line = '<http://a/id/event/x> <http://a/p> <http://a/id/municipality/seocho> <http://a/g> .'
    >>> [part.split()[0] for part in copies(line, 3)]
    ['<http://a/id/event/x>', '<http://a/id/event/x-copy1>', '<http://a/id/event/x-copy2>']
    """
    name = re.compile(rf"<([^<>]*/id/(?!{KEPT}>)(?:{'|'.join(COPIED)})/[^<>]*)>")
    lines = quads.splitlines()
    copied = [line for line in lines if name.search(line)]
    yield "\n".join(lines)
    count, number = len(lines), 1
    while count < triples and copied:
        yield name.sub(rf"<\1-copy{number}>", "\n".join(copied))
        count, number = count + len(copied), number + 1


def main() -> int:
    """Write them to standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__)
    parser.add_argument("quads", type=Path)
    parser.add_argument("--triples", type=int, default=1_000_000)
    call = parser.parse_args()
    for part in copies(call.quads.read_text("utf-8"), call.triples):
        sys.stdout.write(f"{part}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
