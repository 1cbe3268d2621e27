"""Operators of the SPARQL algebra (SPARQL 1.1 Query, section 18.2) that estimate what the engine does for them at most.

The engine looks quads up one solution after the other, or joins by hashing; it begins a join with any of its parts, and
goes on with parts that share a variable. Every estimate is sound for each of these plans. It is made for an operator
that is evaluated once, with some variables bound to one term each.

The unit of work is a solution that the engine makes and drops, some 0.25 microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from math import inf, log2, prod
from typing import NamedTuple

from kg.sparql.statistics import RDF_TYPE, Counts, Degrees, Statistics

Variables = frozenset[str]
Reference = int | str | None
"""Where an IRI stands: in a slot that each query fills, or it is the same for the whole shape; None if unknown."""

NONE: Variables = frozenset()
MOST_PARTS = 16
"""Of one join: finding the plans takes time that grows with the third power."""
_LISTED = 0.15
"""Work for each quad of the list that a look-up reads: the engine has lists by subject, predicate, object and graph."""
_COMPARED = 0.8
"""Work for each comparison when solutions are sorted, of which there are n log n."""
_GROUPED = 2.0
"""Work for each solution that is grouped, aggregated, or found to be distinct."""
_CELL = 1.0
_CHARACTER = 1 / 500
"""Work for each term that is written, and for each character of it."""


class Estimate(NamedTuple):
    """At most so many solutions, so many at once before filters, and so much work."""

    rows: float
    peak: float
    work: float


@dataclass
class Facts:
    """What estimates follow from: statistics, the IRIs and numbers of the query, by slot, and what was estimated."""

    statistics: Statistics
    iris: Sequence[str | None] = ()
    numbers: Sequence[int] = ()
    text_length: int = 0
    known: dict[tuple[int, Variables], Estimate] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The length of the longest term, be it of the data or of the query, or more."""
        return max(self.statistics.longest, self.text_length)

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

    def estimate(self, facts: Facts, bound: Variables = NONE) -> Estimate:
        """Estimate an evaluation with some variables bound."""
        key = (id(self), bound & self.variables)
        found = facts.known.get(key)
        if found is None:
            found = facts.known[key] = self._estimate(facts, key[1])
        return found

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        raise NotImplementedError


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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        statistics = facts.statistics
        counts = statistics.named if self.is_named else statistics.default
        iri = None if self.predicate_variable else facts.iri(self.predicate)
        degrees = counts.of(iri)
        is_subject = not self.subject or self.subject in bound
        is_object = not self.object or self.object in bound
        listed = self._listed(statistics, iri, bound, is_subject=is_subject, is_object=is_object)
        rows = self._rows(facts, counts, degrees, is_subject=is_subject, is_object=is_object)
        if is_subject and is_object and (self.predicate_variable is None or self.predicate_variable in bound):
            is_variable = self.graph is not None and self.graph not in bound
            rows = min(rows, len(statistics.graph_names) if is_variable else 1)
        return Estimate(rows, rows, 2 + _LISTED * listed + rows)

    def _rows(self, facts: Facts, counts: Counts, degrees: Degrees, *, is_subject: bool, is_object: bool) -> float:
        rows = degrees.count
        if is_subject:
            rows = min(rows, degrees.objects_per_subject)
        if is_object:
            rows = min(rows, degrees.subjects_per_object)
            if self.is_class and facts.iri(self.predicate) == RDF_TYPE:
                rows = min(rows, counts.instances(facts.iri(self.class_)))
        return rows

    def _listed(
        self, statistics: Statistics, iri: str | None, bound: Variables, *, is_subject: bool, is_object: bool
    ) -> float:
        """Return the length of the list that is read: the shortest of those for what is bound."""
        of_all = statistics.default.all + statistics.named.all
        lengths = [of_all.count]
        if not self.is_named:
            lengths.append(statistics.default.all.count)
        if is_subject:
            lengths.append(of_all.objects_per_subject)
        if is_object:
            lengths.append(of_all.subjects_per_object)
        if iri is not None:
            lengths.append(statistics.default.of(iri).count + statistics.named.of(iri).count)
        return min(lengths)


@dataclass(eq=False)
class GraphNames(Operator):
    """The names of all named graphs."""

    variable: str
    is_looped = True

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = self.certain = frozenset((self.variable,))

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        rows = 1 if bound else len(facts.statistics.graph_names)
        return Estimate(rows, rows, 2 + rows)


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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:  # noqa: ARG002 - a block is the same everywhere
        return Estimate(self.rows, self.rows, 2.0 + self.rows)


class Plans(NamedTuple):
    """The parts of a join that share variables, and how each is reached from each other one.

    ``entries[one][other]`` has the variables that can be bound before ``other`` in a plan that begins with ``one``.
    """

    components: tuple[tuple[int, ...], ...]
    neighbours: tuple[frozenset[int], ...]
    entries: Mapping[tuple[int, int], Variables]


class _Run(NamedTuple):
    """At most so many solutions after any step of a plan, and so much work for all its steps."""

    rows: float
    work: float


@dataclass(eq=False)
class Join(Operator):
    """Parts that are joined in an order that the engine chooses."""

    parts: Sequence[Operator]

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = NONE.union(*(part.variables for part in self.parts))
        self.certain = NONE.union(*(part.certain for part in self.parts))
        self.is_looped = all(part.is_looped for part in self.parts)
        self._plans: dict[Variables, Plans] = {}

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        if not self.parts:
            return Estimate(1, 1, 1)
        estimates = [self._by_plans(facts, bound, self._plans_without(NONE))]
        # Inside EXISTS, parts that share none but bound variables are no longer connected.
        if bound and self._plans_without(bound).components != self._plans_without(NONE).components:
            estimates.append(self._by_plans(facts, bound, self._plans_without(bound)))
        return Estimate(*map(max, zip(*estimates, strict=True)))

    def _by_plans(self, facts: Facts, bound: Variables, plans: Plans) -> Estimate:
        steps = _Steps(self.parts, facts, bound, plans)
        rows = prod(steps.rows(component) for component in plans.components)
        runs = [steps.run(component) for component in plans.components]
        peak = prod(max(1.0, run.rows) for run in runs)
        work = sum(run.work for run in runs) + steps.hashed + (peak if len(runs) > 1 else 0)
        return Estimate(rows, max(peak * max(1.0, steps.peak_entered), steps.peak_alone), work)

    def _plans_without(self, bound: Variables) -> Plans:
        if bound not in self._plans:
            self._plans[bound] = _plans([part.certain - bound for part in self.parts])
        return self._plans[bound]


def _plans(variables: Sequence[Variables]) -> Plans:
    """Find out how parts with these variables hang together."""
    everything = frozenset(range(len(variables)))
    neighbours = tuple(
        frozenset(other for other in everything if other != one and variables[one] & variables[other])
        for one in everything
    )
    entries: dict[tuple[int, int], Variables] = {}
    for entered in everything:
        for component in components_of(everything - {entered}, neighbours):
            shared = variables[entered] & NONE.union(*(variables[one] for one in component))
            if shared:
                entries.update({(one, entered): shared for one in component})
    return Plans(components_of(everything, neighbours), neighbours, entries)


def components_of(parts: frozenset[int], neighbours: Sequence[frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the connected components of a graph.

    >>> components_of(frozenset((0, 1, 2)), [frozenset((2,)), frozenset(), frozenset((0,))])
    ((0, 2), (1,))
    """
    found: list[tuple[int, ...]] = []
    left = set(parts)
    while left:
        reached, border = set[int](), {min(left)}
        while border:
            reached |= border
            border = {other for one in border for other in neighbours[one] if other in left} - reached
        found.append(tuple(sorted(reached)))
        left -= reached
    return tuple(found)


class _Steps:
    """The steps of the plans of one join, each estimated once."""

    def __init__(self, parts: Sequence[Operator], facts: Facts, bound: Variables, plans: Plans) -> None:
        """Estimate every part alone, and behind each variable by which it can be entered."""
        self._plans = plans
        alone = [part.estimate(facts, bound) for part in parts]
        self._alone = [estimate.rows for estimate in alone]
        self._start = [estimate.work for estimate in alone]
        composite = [place for place, part in enumerate(parts) if not isinstance(part, TriplePattern | Values)]
        self.hashed = sum(self._start[place] for place in composite)
        shared = [
            NONE.union(*(names for (_, to), names in plans.entries.items() if to == at)) for at in range(len(parts))
        ]
        entered = [
            {name: part.estimate(facts, bound | {name}) for name in names}
            for part, names in zip(parts, shared, strict=True)
        ]
        self._entered = [{name: one.rows for name, one in estimates.items()} for estimates in entered]
        self._step = [
            max((1 + one.rows + (one.work if part.is_looped else 0) for one in estimates.values()), default=0.0)
            for part, estimates in zip(parts, entered, strict=True)
        ]
        self.peak_alone = max((alone[place].peak for place in composite), default=0.0)
        looped = (entered[place].values() for place in composite if parts[place].is_looped)
        self.peak_entered = max((one.peak for estimates in looped for one in estimates), default=1.0)

    def _degree(self, start: int, other: int) -> float:
        """Return how many solutions of a part fit one solution of a plan that begins elsewhere."""
        rows = self._entered[other]
        return max(rows[name] for name in self._plans.entries[start, other])

    def rows(self, component: Sequence[int]) -> float:
        """Return how many solutions connected parts have together: the best of what follows from each start."""
        return min(
            self._alone[start] * prod(self._degree(start, other) for other in component if other != start)
            for start in component
        )

    def _most(self, start: int, component: Sequence[int]) -> float:
        """Return how many solutions any of these parts that are connected with one have, together with that one."""
        return self._alone[start] * prod(max(1.0, self._degree(start, other)) for other in component if other != start)

    def run(self, component: Sequence[int]) -> _Run:
        """Return what holds for every plan of connected parts.

        As soon as a plan has the part that keeps it smallest, that part bounds it. What comes before it lies in one of
        the components that the others fall into without it.
        """
        most, best = min((self._most(start, component), start) for start in component)
        others = [other for other in component if other != best]
        rows, first = most, self._start[best]
        for before in components_of(frozenset(others), self._plans.neighbours):
            run = self.run(before)
            rows = max(rows, run.rows)
            first = max(first, run.work + run.rows * self._step[best])
        return _Run(rows, first + most * sum(self._step[other] for other in others))


@dataclass(eq=False)
class LeftJoin(Operator):
    """OPTIONAL; its filters stand inside the right side, too: the engine may evaluate them at either place."""

    left: Operator
    right: Operator
    condition: Expression | None = None

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = self.left.variables | self.right.variables
        self.certain = self.left.certain
        self.is_looped = self.left.is_looped and self.right.is_looped

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts, bound)
        right = self.right.estimate(facts, bound | (self.left.certain & self.right.certain))
        rows = left.rows * max(1.0, right.rows)
        each = 1 + right.rows + (right.work if self.right.is_looped else 0)
        if self.condition:
            each += right.rows * self.condition.per_row(facts, self.left.certain & self.condition.variables)
        return Estimate(rows, max(rows, left.peak, alone.peak), left.work + alone.work + left.rows * each)


@dataclass(eq=False)
class Minus(Operator):
    """MINUS: the right side is hashed by the variables that both sides bind."""

    left: Operator
    right: Operator

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables, self.certain = self.left.variables, self.left.certain

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts)
        right = self.right.estimate(facts, self.left.certain & self.right.certain)
        return Estimate(left.rows, left.peak, left.work + alone.work + left.rows * (1 + right.rows))


@dataclass(eq=False)
class Union(Operator):
    """UNION, and alternatives of paths."""

    parts: Sequence[Operator]

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = NONE.union(*(part.variables for part in self.parts))
        self.certain = reduce(frozenset.intersection, (part.certain for part in self.parts))
        self.is_looped = all(part.is_looped for part in self.parts)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        return Estimate(*map(sum, zip(*(part.estimate(facts, bound) for part in self.parts), strict=True)))


@dataclass(frozen=True)
class Expression:
    """The work to evaluate an expression once, without and for each character of the longest term, and its EXISTS.

    ``growth`` bounds the length of its value, in lengths of the longest term.
    """

    work: float
    characters: float = 0.0
    exists: tuple[Operator, ...] = ()
    growth: float = 1.0

    @cached_property
    def variables(self) -> Variables:
        """The variables in patterns of EXISTS."""
        return NONE.union(*(pattern.variables for pattern in self.exists))

    def per_row(self, facts: Facts, certain: Variables) -> float:
        """Return the work for one solution that binds some variables."""
        exists = sum(1 + pattern.estimate(facts, certain).work for pattern in self.exists)
        return self.work + self.characters * facts.longest * _CHARACTER + exists


@dataclass(eq=False)
class Filter(Operator):
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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound - {self.variable})
        each = 1 + self.expression.per_row(facts, self.inner.certain)
        return Estimate(inner.rows, inner.peak, inner.work + inner.rows * each)


@dataclass(eq=False)
class Group(Operator):
    """Solutions that are grouped; ``keys`` are those variables among the conditions, all of them if ``is_plain``."""

    inner: Operator
    keys: Variables
    is_plain: bool
    aggregates: Expression
    names: Variables

    def __post_init__(self) -> None:
        """Collect the variables: keys, and the names of others."""
        self.variables = self.keys | self.names
        self.certain = self.keys & self.inner.certain

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        is_one = self.is_plain and self.keys <= bound & self.certain
        rows = 1.0 if is_one else self.inner.estimate(facts, bound & self.certain).rows
        each = _GROUPED + self.aggregates.per_row(facts, self.inner.certain)
        return Estimate(rows, max(every.peak, every.rows), every.work + (1 + every.rows) * each)


@dataclass(eq=False)
class Projection(Operator):
    """What SELECT makes of solutions: variables, sorted by expressions, distinct, no more than a number of them."""

    inner: Operator
    names: Variables
    order: Expression | None = None
    is_distinct: bool = False
    limit: int | None = None
    is_slot: bool = False

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables, self.certain = self.names, self.names & self.inner.certain

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        rows = self.inner.estimate(facts, bound & self.certain).rows
        each = 1 + (_GROUPED + 0.5 * len(self.names)) * self.is_distinct
        if self.order:
            each += self.order.per_row(facts, self.inner.certain) + _COMPARED * log2(2 + every.rows)
        if self.limit is not None:
            rows = min(rows, facts.numbers[self.limit] if self.is_slot else self.limit)
        return Estimate(rows, max(every.peak, every.rows), every.work + every.rows * each)


@dataclass(eq=False)
class Written(Operator):
    """An answer: solutions, each written in so many terms that are as long as the longest, times ``growth``."""

    inner: Operator
    terms: float
    growth: float = 1.0

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound)
        length = facts.longest * self.growth
        return inner._replace(work=inner.work + inner.rows * (1 + self.terms * (_CELL + _CHARACTER * length)))


@dataclass(eq=False)
class Description(Operator):
    """What DESCRIBE says of so many constants: the triples of each, and of the blank nodes that they lead to."""

    resources: int

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:  # noqa: ARG002 - constants are bound anyway
        counts = facts.statistics.default
        each = counts.all.count if counts.blank_objects else counts.all.objects_per_subject
        rows = self.resources * each
        listed = _LISTED * (facts.statistics.named.all.objects_per_subject + each)
        return Estimate(rows, rows, 2 + rows + self.resources * listed * (1 + counts.blank_objects))


def joined(parts: Iterable[Operator]) -> Operator:
    """Join parts; those that are joins already are taken apart, as the engine does, and filters stand above.

    >>> joined([Join([]), Filter(Join([]), Expression(1.0))])
    Filter(inner=Join(parts=[]), condition=Expression(work=1.0, characters=0.0, exists=(), growth=1.0), scope=frozenset())
    """
    flat: list[Operator] = []
    filters: list[Filter] = []
    for part in parts:
        inner = part
        while isinstance(inner, Filter):
            filters.append(inner)
            inner = inner.inner
        flat += inner.parts if isinstance(inner, Join) else (inner,)
    operator = flat[0] if len(flat) == 1 else Join(flat)
    for one in filters:
        operator = Filter(operator, one.condition, one.scope)
    return operator


def total(operator: Operator, facts: Facts) -> float:
    """Return the work that an operator takes at most."""
    work = operator.estimate(facts).work
    return work if work == work else inf  # noqa: PLR0124 - no number: zero times infinity
