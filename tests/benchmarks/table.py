"""What is wanted of each comparison, and what was got."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

from benchmarks.questions import TWELVE

OURS, ONE_PROCESS, BEFORE = "kg", "kg, one process", "kg, before"
LOOK_UP, AGGREGATE, NEW_LOOK_UP = "look-up, repeated", "aggregate, repeated", "look-up, never asked before"

_LEAST_RATE = 1.0  # what cannot be told from none in a short measurement

Rates = Mapping[str, Mapping[tuple[str, str], Sequence[float]]]
"""Requests a second of each round: by peer, then by row and question."""


@dataclass(frozen=True)
class Wanted:
    """A comparison: the peer, the row, how often ours is to be its rate, and of the row's questions what."""

    peer: str
    row: str
    factor: float
    over: Callable[[Sequence[float]], float] = geometric_mean


WANTED = (
    Wanted("Oxigraph", LOOK_UP, 1.3),
    Wanted("Oxigraph", AGGREGATE, 15),
    Wanted("Oxigraph", NEW_LOOK_UP, 0.7),
    Wanted("Oxigraph", TWELVE, 1.1),
    Wanted("Oxigraph", TWELVE, 0.8, min),
    Wanted(ONE_PROCESS, TWELVE, 1.4),
    Wanted(BEFORE, LOOK_UP, 1),
    Wanted(BEFORE, AGGREGATE, 1),
    Wanted(BEFORE, NEW_LOOK_UP, 1),
    Wanted(BEFORE, TWELVE, 1),
    Wanted("Virtuoso 7", LOOK_UP, 1),
    Wanted("Virtuoso 7", AGGREGATE, 1),
    Wanted("Virtuoso 7", NEW_LOOK_UP, 1),
    Wanted("Virtuoso 7", TWELVE, 1, min),
    Wanted("Fuseki", LOOK_UP, 1),
    Wanted("Fuseki", AGGREGATE, 1),
    Wanted("Fuseki", NEW_LOOK_UP, 1),
    Wanted("Fuseki", TWELVE, 1),
    Wanted("rdflib-endpoint", NEW_LOOK_UP, 20),
    Wanted("rdflib-endpoint", TWELVE, 20),
    Wanted("granian hello", LOOK_UP, 0.8),
)


@dataclass(frozen=True)
class Got:
    """A comparison that was made."""

    wanted: Wanted
    ratio: float

    @property
    def is_reached(self) -> bool:
        """Whether it is what is wanted."""
        return self.ratio >= self.wanted.factor


@dataclass(frozen=True)
class Figure:
    """A figure that was measured, and the most that it may be (None: it is only told).

    >>> print(Figure("commit, median", 79.9, 80, "ms"))
    | commit, median | 80 ms | 79.90 ms | reached |
    >>> print(Figure("commit, 95th percentile", 95, None, "ms"))
    | commit, 95th percentile | | 95.00 ms | |
    """

    name: str
    got: float
    most: float | None
    unit: str

    @property
    def is_reached(self) -> bool:
        """Whether it is within the bound."""
        return self.most is None or self.got <= self.most

    def __str__(self) -> str:
        """Write it as a row of a table."""
        if self.most is None:
            return f"| {self.name} | | {self.got:.2f} {self.unit} | |"
        verdict = "reached" if self.is_reached else "short"
        return f"| {self.name} | {self.most:g} {self.unit} | {self.got:.2f} {self.unit} | {verdict} |"


def figure_lines(figures: Sequence[Figure]) -> Iterator[str]:
    """Yield figures as a Markdown table; nothing where there are none."""
    if not figures:
        return
    yield "| | wanted at most | got | |"
    yield "|---|---|---|---|"
    yield from map(str, figures)


def compared(rates: Rates) -> Iterator[Got]:
    """Compare whatever was measured, by the medians of the rounds."""
    for wanted in WANTED:
        ratios = list(_ratios(rates, wanted))
        if ratios:
            yield Got(wanted, wanted.over(ratios))


def _ratios(rates: Rates, wanted: Wanted) -> Iterator[float]:
    theirs = rates.get(wanted.peer, {})
    for (row, name), measured in rates[OURS].items():
        if row == wanted.row:
            other = theirs.get((row, name))
            if other:
                yield max(median(measured), _LEAST_RATE) / max(median(other), _LEAST_RATE)


def lines(rates: Rates) -> Iterator[str]:
    """Yield the rates, then the comparisons, as Markdown tables."""
    yield f"| requests a second | {' | '.join(rates)} |"
    yield "|---" * (len(rates) + 1) + "|"
    for key in rates[OURS]:
        cells = (_rate(theirs.get(key, ())) for theirs in rates.values())
        yield f"| {key[1] if key[0] == TWELVE else key[0]} | {' | '.join(cells)} |"
    yield ""
    yield "| against | asked | wanted | got | |"
    yield "|---|---|---|---|---|"
    for got in compared(rates):
        least = ", the least" if got.wanted.over is min else ""
        verdict = "reached" if got.is_reached else "short"
        yield f"| {got.wanted.peer} | {got.wanted.row}{least} | {got.wanted.factor:g} | {got.ratio:.2f} | {verdict} |"


def _rate(measured: Sequence[float]) -> str:
    return f"{median(measured):,.0f} ({min(measured):,.0f}-{max(measured):,.0f})" if measured else "-"
