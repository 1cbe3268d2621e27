"""The leaves of the algebra: triple patterns, names of graphs and data blocks, each with its estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from kg.sparql.estimates import (
    LISTED,
    LOOK_UP,
    NONE,
    SOLUTION,
    Estimate,
    EstimationContext,
    Operator,
    Reference,
    Variables,
)
from kg.sparql.statistics import RDF_TYPE, Counts, Degrees, Statistics

_STATIC_SIZES: dict[tuple[bool, ...], int] = {
    (True, True, True): 1,
    (True, False, True): 2,
    (True, True, False): 10,
    (True, False, False): 100,
    (False, True, True): 10_000,
    (False, False, True): 100_000,
    (False, True, False): 1_000_000,
    (False, False, False): 1_000_000_000,
}
"""By whether subject, predicate and object are bound."""


@dataclass(eq=False)
class TriplePattern(Operator):
    """A triple pattern: names of variables, and None for constants.

    ``predicate`` and ``class_`` refer to constants where there are any; ``graph`` is the variable of GRAPH.
    """

    subject: str | None
    predicate_variable: str | None
    predicate: Reference
    object: str | None
    class_: Reference = None
    is_class: bool = False
    is_named: bool = False
    graph: str | None = None
    is_looped = True

    def __post_init__(self) -> None:
        """Collect the variables."""
        names = (self.subject, self.predicate_variable, self.object, self.graph)
        self.variables = self.certain = frozenset(name for name in names if name)

    def length(self, facts: EstimationContext, name: str) -> float:
        """Return the length of the longest object of the predicate, for an object."""
        counts = self._counts(facts.statistics)
        if name == self.graph:
            return max(map(len, facts.statistics.graph_names), default=0)
        if name in (self.subject, self.predicate_variable):
            return counts.longest_name
        return counts.length(None if self.predicate_variable else facts.iri(self.predicate))

    def static_size(self, bound: Variables) -> int:
        """Return the size that the engine's optimizer expects of the pattern, whatever the data (sparopt 0.3)."""
        names = (self.subject, self.predicate_variable, self.object)
        return _STATIC_SIZES[tuple(not name or name in bound for name in names)]

    def _counts(self, statistics: Statistics) -> Counts:
        return statistics.named if self.is_named else statistics.default

    def step(self, facts: EstimationContext, bound: Variables, before: Sequence[Operator]) -> Estimate:
        """Estimate a look-up with what other patterns have bound."""
        estimate = self.estimate(facts, bound)
        patterns = [part for part in before if isinstance(part, TriplePattern) and not part.predicate_variable]
        rows = min(estimate.rows, self.objects_beside(facts, patterns))
        listed = (estimate.work - LOOK_UP - SOLUTION * estimate.rows) / LISTED
        listed = min([listed, *(self._listed_beside(facts, other) for other in patterns)])
        return Estimate(rows, rows, LOOK_UP + LISTED * listed + SOLUTION * rows)

    def _listed_beside(self, facts: EstimationContext, other: TriplePattern) -> float:
        """Return the length of the list for a term that another pattern has bound."""
        known = facts.statistics.lists.get(facts.iri(other.predicate) or "")
        lengths: list[float] = [inf]
        if known and self.subject and self.subject == other.subject:
            lengths.append(known.subject_as_subject)
        if known and self.subject and self.subject == other.object:
            lengths.append(known.object_as_subject)
        if known and self.object and self.object == other.subject:
            lengths.append(known.subject_as_object)
        if known and self.object and self.object == other.object:
            lengths.append(known.object_as_object)
        return min(lengths)

    def objects_beside(self, facts: EstimationContext, others: Iterable[Operator]) -> float:
        """Return how many objects a subject has at most that other patterns have found, each of them."""
        star = [part for part in others if isinstance(part, TriplePattern) and part.subject == self.subject]
        found = [facts.iri(part.predicate) for part in star if part.is_named == self.is_named]
        iri = facts.iri(self.predicate)
        known = frozenset(other for other in found if other)
        if iri is None or not known or self.subject is None or (self.graph and self.is_named):
            return inf
        return self._counts(facts.statistics).objects_beside(iri, known)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        statistics = facts.statistics
        counts = self._counts(statistics)
        iri = None if self.predicate_variable else facts.iri(self.predicate)
        degrees = counts.of(iri)
        is_subject = not self.subject or self.subject in bound
        is_object = not self.object or self.object in bound
        listed = self._listed(statistics, iri, is_subject=is_subject, is_object=is_object)
        rows = self._rows(facts, counts, degrees, is_subject=is_subject, is_object=is_object)
        if is_subject and is_object and (self.predicate_variable is None or self.predicate_variable in bound):
            is_variable = self.graph is not None and self.graph not in bound
            rows = min(rows, len(statistics.graph_names) if is_variable else 1)
        return Estimate(rows, rows, LOOK_UP + LISTED * listed + SOLUTION * rows)

    def _rows(
        self, facts: EstimationContext, counts: Counts, degrees: Degrees, *, is_subject: bool, is_object: bool
    ) -> float:
        rows = degrees.triples
        if is_subject:
            rows = min(rows, degrees.objects_per_subject)
        if is_object:
            rows = min(rows, degrees.subjects_per_object)
            if self.is_class and facts.iri(self.predicate) == RDF_TYPE:
                rows = min(rows, counts.instances(facts.iri(self.class_)))
        return rows

    def _listed(self, statistics: Statistics, iri: str | None, *, is_subject: bool, is_object: bool) -> float:
        """Return the length of the list that is read: the shortest of those for what is bound."""
        of_all = statistics.default.all.plus(statistics.named.all)
        lengths = [of_all.triples]
        if not self.is_named:
            lengths.append(statistics.default.all.triples)
        if is_subject:
            lengths.append(of_all.objects_per_subject)
        if is_object:
            lengths.append(of_all.subjects_per_object)
        if iri is not None:
            lengths.append(statistics.default.of(iri).triples + statistics.named.of(iri).triples)
        return min(lengths)


@dataclass(eq=False)
class GraphNames(Operator):
    """The names of all named graphs."""

    variable: str
    is_looped = True

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = self.certain = frozenset((self.variable,))

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        rows = 1 if bound else len(facts.statistics.graph_names)
        return Estimate(rows, rows, LOOK_UP + SOLUTION * rows)


@dataclass(eq=False)
class Values(Operator):
    """A data block with so many solutions."""

    names: Variables
    rows: int
    is_complete: bool
    is_looped = True

    def __post_init__(self) -> None:
        """Collect the variables; UNDEF leaves one unbound."""
        self.variables = self.names
        self.certain = self.names if self.is_complete else NONE

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:  # noqa: ARG002 - a block is the same everywhere
        return Estimate(self.rows, self.rows, LOOK_UP + SOLUTION * self.rows)
