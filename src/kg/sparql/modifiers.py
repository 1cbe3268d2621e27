"""Filters, BIND, groups, projections and answers, each with its estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2

from kg.sparql.estimates import (
    CELL,
    COMPARED,
    HASHED,
    LISTED,
    NONE,
    SEARCHED,
    SOLUTION,
    STEP,
    WRITTEN,
    Estimate,
    EstimationContext,
    Operator,
    Variables,
)

_SHORT = 128
"""Characters: more than numbers, booleans, dates and language tags have."""


@dataclass(frozen=True)
class Expression:
    """The work to evaluate an expression once, without and for each character of the longest term, and its EXISTS.

    ``growth`` bounds the length of its value, in lengths of the longest term. The value is no longer than the values of
    all ``names`` and of the constants in the slots ``texts`` together, times ``factor``.
    """

    work: float
    characters: float = 0.0
    exists: tuple[Operator, ...] = ()
    growth: float = 1.0
    names: tuple[str, ...] = ()
    texts: tuple[int, ...] = ()
    factor: int = 1

    def length(self, facts: EstimationContext, inner: Operator) -> float:
        """Return how many characters its value has at most."""
        names = sum(inner.length(facts, name) for name in self.names)
        return self.factor * (_SHORT + names + sum(facts.lengths[slot] for slot in self.texts))

    @cached_property
    def variables(self) -> Variables:
        """The variables in patterns of EXISTS."""
        return NONE.union(*(pattern.variables for pattern in self.exists))

    def per_row(self, facts: EstimationContext, certain: Variables) -> float:
        """Return the work for one solution that binds some variables."""
        exists = sum(STEP + pattern.estimate(facts, certain).work for pattern in self.exists)
        return self.work + self.characters * facts.longest * SEARCHED + exists


@dataclass(eq=False)
class FilterEstimate(Operator):
    """Solutions that are filtered; the engine may filter them as soon as the variables are bound."""

    inner: Operator
    condition: Expression
    scope: Variables | None = None
    """What is bound where EXISTS stands, if that is not all that the inner operator binds."""

    def __post_init__(self) -> None:
        """Collect the variables."""
        if self.scope is None:
            self.scope = self.inner.certain
        self.variables = self.inner.variables | self.condition.variables
        self.certain, self.is_looped = self.inner.certain, self.inner.is_looped

    def sources(self) -> Sequence[Operator]:
        """Return the inner operator."""
        return (self.inner,)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound)
        each = self.condition.per_row(facts, self.scope or NONE)
        return Estimate(inner.rows, inner.peak, inner.work + max(inner.peak, inner.rows) * each)


@dataclass(eq=False)
class Extend(Operator):
    """A variable that is bound to an expression, where that is no error."""

    inner: Operator
    variable: str
    expression: Expression

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = self.inner.variables | {self.variable} | self.expression.variables
        self.certain, self.is_looped = self.inner.certain, self.inner.is_looped

    def length(self, facts: EstimationContext, name: str) -> float:
        """Return the length of the value, or that of a variable of the inner operator."""
        if name == self.variable:
            return self.expression.length(facts, self.inner)
        return self.inner.length(facts, name)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound - {self.variable})
        each = STEP + self.expression.per_row(facts, self.inner.certain)
        return Estimate(inner.rows, inner.peak, inner.work + inner.rows * each)


@dataclass(eq=False)
class GroupEstimate(Operator):
    """Solutions that are grouped; ``keys`` are those variables among the conditions, all of them if ``is_plain``.

    What is ``concatenated`` is written here, term by term.
    """

    inner: Operator
    keys: Variables
    is_plain: bool
    aggregates: Expression
    names: Variables
    concatenated: Sequence[Expression] = ()

    def __post_init__(self) -> None:
        """Collect the variables: keys, and the names of others."""
        self.variables = self.keys | self.names
        self.certain = self.keys & self.inner.certain

    def sources(self) -> Sequence[Operator]:
        """Return the inner operator."""
        return (self.inner,)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        is_one = self.is_plain and self.keys <= bound & self.certain
        rows = 1.0 if is_one else self.inner.estimate(facts, bound & self.certain).rows
        each = HASHED + self.aggregates.per_row(facts, self.inner.certain)
        each += sum(WRITTEN * value.length(facts, self.inner) for value in self.concatenated)
        return Estimate(rows, max(every.peak, every.rows), every.work + (1 + every.rows) * each)


@dataclass(eq=False)
class Projection(Operator):
    """What SELECT makes of solutions: variables, sorted, distinct, no more than a number of them.

    The expressions that they are ``order``-ed by are evaluated for each comparison, up to the last of the ``keys``.
    """

    inner: Operator
    names: Variables
    order: Expression | None = None
    keys: int = 0
    is_distinct: bool = False
    limit: int | None = None
    is_slot: bool = False

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables, self.certain = self.names, self.names & self.inner.certain

    def sources(self) -> Sequence[Operator]:
        """Return the inner operator."""
        return (self.inner,)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        rows = self.inner.estimate(facts, bound & self.certain).rows
        each = SOLUTION + (HASHED + len(self.names)) * self.is_distinct
        if self.order:
            each += log2(2 + every.rows) * (2 * self.order.per_row(facts, self.inner.certain) + COMPARED * self.keys)
        if self.limit is not None:
            rows = min(rows, facts.numbers[self.limit] if self.is_slot else self.limit)
        return Estimate(rows, max(every.peak, every.rows), every.work + every.rows * each)


@dataclass(eq=False)
class AnswerEstimate(Operator):
    """An answer: solutions, of each of which some variables are written, each so many times, and constants."""

    inner: Operator
    names: Sequence[str]
    constants: int = 0

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound)
        length = sum(self.inner.length(facts, name) for name in self.names) + self.constants * facts.longest
        terms = len(self.names) + self.constants
        return inner._replace(work=inner.work + inner.rows * (SOLUTION + CELL * terms + WRITTEN * length))


@dataclass(eq=False)
class DescribeEstimate(Operator):
    """What DESCRIBE says of so many constants: the triples of each, and of the blank nodes that they lead to."""

    resources: int

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:  # noqa: ARG002 - constants are bound anyway
        counts = facts.statistics.default
        each = counts.all.triples if counts.blank_objects else counts.all.objects_per_subject
        rows = self.resources * each
        listed = LISTED * (facts.statistics.named.all.objects_per_subject + each)
        return Estimate(rows, rows, 2 + rows + self.resources * listed * (1 + counts.blank_objects))
