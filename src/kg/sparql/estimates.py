"""Estimates of what the engine does at most for a part of a query, and what they follow from.

An estimate is made for a part that is evaluated once, with some variables bound to one term each. The unit of work is
0.1 microseconds, on the machine that the weights were measured on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.sparql.statistics import Statistics

Variables = frozenset[str]
Reference = int | str | None
"""Where an IRI stands: in a slot that each query fills, or it is the same for the whole shape; None if unknown."""

NONE: Variables = frozenset()
LOOK_UP = 3.0
LISTED = 0.25
"""For each quad of the list that a look-up reads: the engine has lists by subject, predicate, object and graph."""
SOLUTION = 2.0
STEP = 6.0
"""For a solution that is handed to another operator."""
PAIR = 0.5
"""For each pair of solutions that share no variable."""
HASHED = 10.0
"""For a solution that is put into a table: of a hash join, of groups, of what is distinct."""
COMPARED = 20.0
"""For each of the n log n comparisons when n solutions are sorted: the engine looks the terms up each time."""
CELL = 3.0
WRITTEN = 1 / 12
"""For each term that is written, and for each character of it, in the slowest format."""
SEARCHED = 1 / 400
"""For each character of an argument of a function."""


class Estimate(NamedTuple):
    """At most so many solutions, so many at once before filters, and so much work."""

    rows: float
    peak: float
    work: float


@dataclass
class EstimationContext:
    """What estimates follow from: statistics, the IRIs and numbers of the query, by slot, and what was estimated."""

    statistics: Statistics
    iris: Sequence[str | None] = ()
    numbers: Sequence[int] = ()
    lengths: Sequence[int] = ()
    known: dict[tuple[int, Variables], Estimate] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The length of the longest term, be it of the data or of the query."""
        return max(self.statistics.longest, *self.lengths, 0)

    def iri(self, reference: Reference) -> str | None:
        """Return the IRI for a reference; None where nothing is known of it."""
        return self.iris[reference] if isinstance(reference, int) else reference


class Operator:
    """A part of a query: its variables, those bound in each of its solutions, and whether it can be looped over.

    ``is_looped`` where the engine may evaluate it once for each solution of what comes before.
    """

    variables: Variables = NONE
    certain: Variables = NONE
    is_looped: bool = False

    def estimate(self, facts: EstimationContext, bound: Variables = NONE) -> Estimate:
        """Estimate an evaluation with some variables bound."""
        key = (id(self), bound & self.variables)
        found = facts.known.get(key)
        if found is None:
            found = facts.known[key] = self._estimate(facts, key[1])
        return found

    def length(self, facts: EstimationContext, name: str) -> float:
        """Return how many characters the term that is bound to a variable has at most."""
        inner = [part.length(facts, name) for part in self.sources() if name in part.certain]
        others = (part.length(facts, name) for part in self.sources() if name in part.variables)
        return min(inner) if inner else max(others, default=facts.longest)

    def sources(self) -> Sequence[Operator]:
        """List the operators that terms come from; a term must fit all of those that surely bind its variable."""
        return ()

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        raise NotImplementedError
