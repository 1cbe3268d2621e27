"""Aggregates for all numbers (SPARQL 1.1, 18.5.1), where those of the engine stop short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from pyoxigraph import NamedNode

from kg.sparql.arithmetic import add, divide
from kg.sparql.literals import Term, number_literal, number_of
from kg.sparql.numbers import Number, NumericType
from kg.sparql.ordering import sort_key

_ZERO = Number(NumericType.INTEGER, 0)


class Accumulator(Protocol):
    """Takes the values of one group, and gives the aggregate; None and an exception stand for an error."""

    def accumulate(self, term: Term) -> None:
        """Take a value."""

    def finish(self) -> Term | None:
        """Return the aggregate."""


class Sum:
    """Adds numbers (18.5.1.3); an empty group has the sum 0."""

    def __init__(self) -> None:
        """Begin with an empty group."""
        self._sum = _ZERO
        self._count = 0

    def accumulate(self, term: Term) -> None:
        """Add a number; raise TypeError for a term that is none."""
        number = number_of(term)
        if number is None:
            raise TypeError(term)
        self._sum = add(self._sum, number)
        self._count += 1

    def finish(self) -> Term | None:
        """Return the sum."""
        return number_literal(self._sum)


class Average(Sum):
    """Divides the sum by the count (18.5.1.4); an empty group has the average 0."""

    def finish(self) -> Term | None:
        """Return the average."""
        count = Number(NumericType.INTEGER, self._count)
        return number_literal(divide(self._sum, count) if self._count else _ZERO)


class Minimum:
    """Keeps the first term in the order of ORDER BY (18.5.1.5); an empty group has none."""

    def __init__(self) -> None:
        """Begin with an empty group."""
        self._best: tuple[str, Term] | None = None

    def accumulate(self, term: Term) -> None:
        """Keep a term that comes before the one kept."""
        key = sort_key(term)
        if self._best is None or self._comes_first(key, self._best[0]):
            self._best = key, term

    def finish(self) -> Term | None:
        """Return the term kept."""
        return self._best[1] if self._best else None

    def _comes_first(self, key: str, other: str) -> bool:
        return key < other


class Maximum(Minimum):
    """Keeps the last term in the order of ORDER BY (18.5.1.6); an empty group has none."""

    def _comes_first(self, key: str, other: str) -> bool:
        return key > other


class _Distinct:
    """Hands each term on once: the engine's grammar has no DISTINCT for other aggregates than its own."""

    def __init__(self, aggregate: Accumulator) -> None:
        self._aggregate = aggregate
        self._seen: set[Term] = set()

    def accumulate(self, term: Term) -> None:
        if term not in self._seen:
            self._seen.add(term)
            self._aggregate.accumulate(term)

    def finish(self) -> Term | None:
        return self._aggregate.finish()


AGGREGATES: Mapping[str, Callable[[], Accumulator]] = {
    "sum": Sum,
    "average": Average,
    "minimum": Minimum,
    "maximum": Maximum,
    "sum-distinct": lambda: _Distinct(Sum()),
    "average-distinct": lambda: _Distinct(Average()),
}


def custom_aggregates(namespace: str) -> Mapping[NamedNode, Callable[[], Accumulator]]:
    """Return the aggregates by IRI, for the engine's ``custom_aggregate_functions``."""
    return {NamedNode(namespace + name): aggregate for name, aggregate in AGGREGATES.items()}
