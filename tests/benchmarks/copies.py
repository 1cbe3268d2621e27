"""A large graph of the same shape as the real one: its records again and again, under new names.

The concepts, the regions and Seocho-gu stay what they are, so that each is pointed to by ever more records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

COPIED = (
    "friendship", "agreement", "anniversary", "body", "characteristic", "claim", "delegation", "doubt", "event",
    "exchange", "geometry", "line", "municipality", "page", "passage", "statistic", "unit-count",
)  # fmt: skip
"""The kinds of things that are copied."""
KEPT = "municipality/seocho"


def copies(quads: str, most: int) -> Iterator[str]:
    """Yield N-Quads: the graph, then as many copies of its records as make at most so many quads.

    >>> line = '<http://a/id/event/x> <http://a/p> <http://a/id/municipality/seocho> <http://a/g> .'
    >>> [part.split()[0] for part in copies(line, 3)]
    ['<http://a/id/event/x>', '<http://a/id/event/x-copy1>', '<http://a/id/event/x-copy2>']
    """
    name = re.compile(rf"<([^<>]*/id/(?!{KEPT}>)(?:{'|'.join(COPIED)})/[^<>]*)>")
    lines = quads.splitlines()
    copied = [line for line in lines if name.search(line)]
    yield "\n".join(lines)
    for number in range(1, 1 + (most - len(lines)) // len(copied)):
        yield name.sub(rf"<\1-copy{number}>", "\n".join(copied))
