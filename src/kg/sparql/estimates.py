"""Operators of the SPARQL algebra (SPARQL 1.1 Query, section 18.2) that estimate what the engine does for them at most.

The engine looks quads up one solution after the other, or joins by hashing; it begins a join with any of its parts, and
goes on with parts that share a variable. Every estimate is sound for each of these plans. It is made for an operator
that is evaluated once, with some variables bound to one term each.

The unit of work is 0.1 microseconds, on the machine that the weights were measured on.
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
_LOOK_UP = 3.0
_LISTED = 0.25
"""For each quad of the list that a look-up reads: the engine has lists by subject, predicate, object and graph."""
_SOLUTION = 2.0
_STEP = 6.0
"""For a solution that is handed to another operator."""
_PAIR = 0.5
_HASHED = 10.0
"""For a solution that is put into a table: of a hash join, of groups, of what is distinct."""
_COMPARED = 20.0
"""For each of the n log n comparisons when n solutions are sorted: the engine looks the terms up each time."""
_CELL = 3.0
_WRITTEN = 1 / 12
"""For each term that is written, and for each character of it, in the slowest format."""
_SEARCHED = 1 / 400
"""For each character of an argument of a function."""

_SHORT = 128
"""Characters: more than numbers, booleans, dates and language tags have."""
_LARGEST = 2**64 - 1
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

    def estimate(self, facts: Facts, bound: Variables = NONE) -> Estimate:
        """Estimate an evaluation with some variables bound."""
        key = (id(self), bound & self.variables)
        found = facts.known.get(key)
        if found is None:
            found = facts.known[key] = self._estimate(facts, key[1])
        return found

    def length(self, facts: Facts, name: str) -> float:
        """Return how many characters the term that is bound to a variable has at most."""
        inner = [part.length(facts, name) for part in self.sources() if name in part.certain]
        others = (part.length(facts, name) for part in self.sources() if name in part.variables)
        return min(inner) if inner else max(others, default=facts.longest)

    def sources(self) -> Sequence[Operator]:
        """List the operators that terms come from; a term must fit all of those that surely bind its variable."""
        return ()

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

    def length(self, facts: Facts, name: str) -> float:
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

    def step(self, facts: Facts, bound: Variables, before: Sequence[Operator]) -> Estimate:
        """Estimate a look-up with what other patterns have bound."""
        estimate = self.estimate(facts, bound)
        patterns = [part for part in before if isinstance(part, TriplePattern) and not part.predicate_variable]
        rows = min(estimate.rows, self.objects_beside(facts, patterns))
        listed = (estimate.work - _LOOK_UP - _SOLUTION * estimate.rows) / _LISTED
        listed = min([listed, *(self._listed_beside(facts, other) for other in patterns)])
        return Estimate(rows, rows, _LOOK_UP + _LISTED * listed + _SOLUTION * rows)

    def _listed_beside(self, facts: Facts, other: TriplePattern) -> float:
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

    def objects_beside(self, facts: Facts, others: Iterable[Operator]) -> float:
        """Return how many objects a subject has at most that other patterns have found, each of them."""
        star = [part for part in others if isinstance(part, TriplePattern) and part.subject == self.subject]
        found = [facts.iri(part.predicate) for part in star if part.is_named == self.is_named]
        iri = facts.iri(self.predicate)
        known = frozenset(other for other in found if other)
        if iri is None or not known or self.subject is None or (self.graph and self.is_named):
            return inf
        return self._counts(facts.statistics).objects_beside(iri, known)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
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
        return Estimate(rows, rows, _LOOK_UP + _LISTED * listed + _SOLUTION * rows)

    def _rows(self, facts: Facts, counts: Counts, degrees: Degrees, *, is_subject: bool, is_object: bool) -> float:
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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        rows = 1 if bound else len(facts.statistics.graph_names)
        return Estimate(rows, rows, _LOOK_UP + _SOLUTION * rows)


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
        return Estimate(self.rows, self.rows, _LOOK_UP + _SOLUTION * self.rows)


class Plans(NamedTuple):
    """The parts of a join that share variables, and how each is reached from each other one.

    ``entries[one, other]`` has the variables that can be bound before ``other`` in a plan that begins with ``one``, and
    ``binders[one, other, variable]`` the parts of which the first one in the plan binds that variable.
    """

    components: tuple[tuple[int, ...], ...]
    neighbours: tuple[frozenset[int], ...]
    entries: Mapping[tuple[int, int], Variables]
    binders: Mapping[tuple[int, int, str], tuple[int, ...]]

    def components_within(self, parts: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """Return the connected components of some of the parts."""
        return components_of(frozenset(parts), self.neighbours)


class _Run(NamedTuple):
    """At most so many solutions after any step of a plan, so much work for all its steps, and so many in the end."""

    rows: float
    work: float
    last: float = inf


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

    def sources(self) -> Sequence[Operator]:
        """Return the parts."""
        return self.parts

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        if not self.parts:
            return Estimate(1, 1, 1)
        estimates = [self._by_plans(facts, bound, self.plans_without(NONE))]
        # Inside EXISTS, parts that share none but bound variables are no longer connected.
        if bound and self.plans_without(bound).components != self.plans_without(NONE).components:
            estimates.append(self._by_plans(facts, bound, self.plans_without(bound)))
        return Estimate(*map(max, zip(*estimates, strict=True)))

    def _by_plans(self, facts: Facts, bound: Variables, plans: Plans) -> Estimate:
        steps = Steps(self.parts, facts, bound, plans)
        runs = [steps.likely_run(component) for component in plans.components]
        rows = prod(min(run.last, steps.rows(each)) for run, each in zip(runs, plans.components, strict=True))
        peak = prod(max(1.0, run.rows) for run in runs)
        work = sum(run.work for run in runs) + steps.hashed
        if len(runs) > 1:
            work += _PAIR * peak + _SOLUTION * rows + _HASHED * sum(run.rows for run in runs)
        return Estimate(rows, max(peak * max(1.0, steps.peak_entered), steps.peak_alone), work)

    def plans_without(self, bound: Variables) -> Plans:
        """Return the plans where some variables are bound outside."""
        if bound not in self._plans:
            self._plans[bound] = _plans([part.certain - bound for part in self.parts])
        return self._plans[bound]


@dataclass(eq=False)
class Unplanned(Operator):
    """Parts inside EXISTS, which are joined by hashing, in the order in which they stand: what they share may not help."""

    parts: Sequence[Operator]

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = NONE.union(*(part.variables for part in self.parts))
        self.certain = NONE.union(*(part.certain for part in self.parts))

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        estimates = [part.estimate(facts, bound) for part in self.parts]
        rows = prod(max(1.0, one.rows, one.peak) for one in estimates)
        work = sum(one.work + _STEP + _HASHED * one.rows for one in estimates)
        return Estimate(rows, rows, work + _SOLUTION * rows)


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
    binders = {
        (one, entered, name): _binders(one, entered, name, variables)
        for (one, entered), names in entries.items()
        for name in names
    }
    return Plans(components_of(everything, neighbours), neighbours, entries, binders)


def _binders(start: int, entered: int, name: str, variables: Sequence[Variables]) -> tuple[int, ...]:
    """Return the parts with a variable that a plan can reach from a start without having bound the variable before."""
    if name in variables[start]:
        return (start,)
    found: list[int] = []
    left, border = set(range(len(variables))) - {start, entered}, [start]
    while border:
        one = border.pop()
        for other in [other for other in left if variables[one] & variables[other]]:
            left.remove(other)
            (found if name in variables[other] else border).append(other)
    return tuple(found)


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


class Steps:
    """The steps of the plans of one join, each estimated once."""

    def __init__(self, parts: Sequence[Operator], facts: Facts, bound: Variables, plans: Plans) -> None:
        """Estimate every part alone, and behind each variable by which it can be entered."""
        self._plans, self._parts, self._facts, self._bound = plans, parts, facts, bound
        self._degrees: dict[tuple[int, int], float] = {}
        alone = [part.estimate(facts, bound) for part in parts]
        self._alone = [estimate.rows for estimate in alone]
        self._start = [estimate.work for estimate in alone]
        composite = [place for place, part in enumerate(parts) if not isinstance(part, TriplePattern | Values)]
        self.hashed = sum(alone[place].work + _HASHED * alone[place].rows for place in composite)
        shared = [
            NONE.union(*(names for (_, to), names in plans.entries.items() if to == at)) for at in range(len(parts))
        ]
        entered = [
            {name: part.estimate(facts, bound | {name}) for name in names}
            for part, names in zip(parts, shared, strict=True)
        ]
        self._entered = [{name: one.rows for name, one in estimates.items()} for estimates in entered]
        self._step = [
            max((self._each(part, one) for one in estimates.values()), default=0.0)
            for part, estimates in zip(parts, entered, strict=True)
        ]
        self.peak_alone = max((alone[place].peak for place in composite), default=0.0)
        looped = (entered[place].values() for place in composite if parts[place].is_looped)
        self.peak_entered = max((one.peak for estimates in looped for one in estimates), default=1.0)

    def _each(self, part: Operator, estimate: Estimate) -> float:
        """Return the work of joining a part to one solution: by a look-up, by looping over it, or by hashing."""
        if isinstance(part, TriplePattern):
            return estimate.work
        return _STEP + _HASHED + _SOLUTION * estimate.rows + (estimate.work if part.is_looped else 0)

    def _degree(self, start: int, other: int) -> float:
        """Return how many solutions of a part fit one solution of a plan that begins elsewhere."""
        if (start, other) not in self._degrees:
            names = self._plans.entries[start, other]
            self._degrees[start, other] = max(self._fitting(start, other, name) for name in names)
        return self._degrees[start, other]

    def _fitting(self, start: int, other: int, name: str) -> float:
        """Return how many solutions of a part fit a term that is bound to one of its variables."""
        rows, part = self._entered[other][name], self._parts[other]
        if rows <= 1 or not isinstance(part, TriplePattern) or part.subject != name or part.graph:
            return rows
        binders = self._plans.binders[start, other, name]
        return min(rows, max(part.objects_beside(self._facts, (self._parts[binder],)) for binder in binders))

    def rows(self, component: Sequence[int]) -> float:
        """Return how many solutions connected parts have together: the best of what follows from each start."""
        return min(self._together(start, component) for start in component)

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

    def likely_run(self, component: Sequence[int]) -> _Run:
        """Return what holds for the plan that the engine chooses, or for every plan where that cannot be told.

        One part that is no triple pattern may come at any place.
        """
        others = [place for place in component if not isinstance(self._parts[place], TriplePattern)]
        if len(others) > 1:
            return self.run(component)
        # The engine may know of what is bound outside (EXISTS) or not (OPTIONAL).
        knowledge = {NONE, self._bound}
        places = range(len(component)) if others else (0,)
        orders = {tuple(self.order(component, known, others, at)) for known in knowledge for at in places}
        runs = [self.run_of(order) for order in orders]
        return _Run(*map(max, zip(*runs, strict=True)))

    def order(self, component: Sequence[int], known: Variables, others: Sequence[int], place: int) -> list[int]:
        """Return the parts in the order that the engine's optimizer chooses, with one of the others at a place.

        It begins with the part that has the smallest size by ``TriplePattern.static_size``, and goes on with the
        smallest of those that share a variable; the first one in the query wins a tie.
        """
        order: list[int] = []
        bound = known
        size = 1
        left = list(component)
        while left:
            connected = [one for one in left if self._parts[one].certain & (bound - known)] or left
            patterns = [one for one in connected if one not in others]
            is_turn = len(order) >= place or not patterns
            turn = [one for one in connected if one in others and is_turn]
            sizes = [(min(_LARGEST, size * self._static_size(one, bound)), one) for one in turn or patterns]
            size, chosen = min(sizes)
            order.append(chosen)
            left.remove(chosen)
            bound |= self._parts[chosen].certain
        return order

    def _static_size(self, place: int, bound: Variables) -> int:
        part = self._parts[place]
        return part.static_size(bound) if isinstance(part, TriplePattern) else 1

    def run_of(self, order: Sequence[int]) -> _Run:
        """Return what holds for a plan."""
        first = order[0]
        rows, work = self._alone[first], self._start[first]
        most, bound = rows, self._bound | self._parts[first].certain
        for number, place in enumerate(order[1:], 1):
            part, before = self._parts[place], order[:number]
            if isinstance(part, TriplePattern):
                step = part.step(self._facts, bound, [self._parts[one] for one in before])
                work += rows * step.work
                rows *= step.rows
            else:
                work += rows * self._step[place]
                fitting = [number for name, number in self._entered[place].items() if name in bound]
                rows *= min([self._alone[place], *fitting])
            rows = min(rows, *(self._together(start, order[: number + 1]) for start in order[: number + 1]))
            most = max(most, rows)
            bound |= part.certain
        return _Run(most, work, rows)

    def _together(self, start: int, parts: Sequence[int]) -> float:
        return self._alone[start] * prod(self._degree(start, other) for other in parts if other != start)


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

    def sources(self) -> Sequence[Operator]:
        """Return both sides."""
        return (self.left, self.right)

    def length(self, facts: Facts, name: str) -> float:
        """Return the length that the left side says, where it surely binds the variable; else the larger one."""
        sides = (self.left,) if name in self.certain else (self.left, self.right)
        return max((side.length(facts, name) for side in sides if name in side.variables), default=0.0)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts, bound)
        right = self.right.estimate(facts, bound | (self.left.certain & self.right.certain))
        rows = left.rows * max(1.0, right.rows)
        each = _STEP + _HASHED + _SOLUTION * right.rows + (right.work if self.right.is_looped else 0)
        if self.condition:
            each += right.rows * self.condition.per_row(facts, self.left.certain & self.condition.variables)
        return Estimate(
            rows, max(rows, left.peak, alone.peak), left.work + alone.work + _HASHED * alone.rows + left.rows * each
        )


@dataclass(eq=False)
class Minus(Operator):
    """MINUS: the right side is hashed by the variables that both sides bind."""

    left: Operator
    right: Operator

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables, self.certain = self.left.variables, self.left.certain

    def sources(self) -> Sequence[Operator]:
        """Return the left side."""
        return (self.left,)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts)
        right = self.right.estimate(facts, self.left.certain & self.right.certain)
        return Estimate(
            left.rows, left.peak, left.work + alone.work + _HASHED * alone.rows + left.rows * (_HASHED + right.rows)
        )


@dataclass(eq=False)
class Union(Operator):
    """UNION, and alternatives of paths."""

    parts: Sequence[Operator]

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = NONE.union(*(part.variables for part in self.parts))
        self.certain = reduce(frozenset.intersection, (part.certain for part in self.parts))
        self.is_looped = all(part.is_looped for part in self.parts)

    def length(self, facts: Facts, name: str) -> float:
        """Return the largest length among the parts."""
        return max((part.length(facts, name) for part in self.parts if name in part.variables), default=0.0)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        return Estimate(*map(sum, zip(*(part.estimate(facts, bound) for part in self.parts), strict=True)))


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

    def length(self, facts: Facts, inner: Operator) -> float:
        """Return how many characters its value has at most."""
        names = sum(inner.length(facts, name) for name in self.names)
        return self.factor * (_SHORT + names + sum(facts.lengths[slot] for slot in self.texts))

    @cached_property
    def variables(self) -> Variables:
        """The variables in patterns of EXISTS."""
        return NONE.union(*(pattern.variables for pattern in self.exists))

    def per_row(self, facts: Facts, certain: Variables) -> float:
        """Return the work for one solution that binds some variables."""
        exists = sum(_STEP + pattern.estimate(facts, certain).work for pattern in self.exists)
        return self.work + self.characters * facts.longest * _SEARCHED + exists


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

    def sources(self) -> Sequence[Operator]:
        """Return the inner operator."""
        return (self.inner,)

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

    def length(self, facts: Facts, name: str) -> float:
        """Return the length of the value, or that of a variable of the inner operator."""
        if name == self.variable:
            return self.expression.length(facts, self.inner)
        return self.inner.length(facts, name)

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound - {self.variable})
        each = _STEP + self.expression.per_row(facts, self.inner.certain)
        return Estimate(inner.rows, inner.peak, inner.work + inner.rows * each)


@dataclass(eq=False)
class Group(Operator):
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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        is_one = self.is_plain and self.keys <= bound & self.certain
        rows = 1.0 if is_one else self.inner.estimate(facts, bound & self.certain).rows
        each = _HASHED + self.aggregates.per_row(facts, self.inner.certain)
        each += sum(_WRITTEN * value.length(facts, self.inner) for value in self.concatenated)
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

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        every = self.inner.estimate(facts)
        rows = self.inner.estimate(facts, bound & self.certain).rows
        each = _SOLUTION + (_HASHED + len(self.names)) * self.is_distinct
        if self.order:
            each += log2(2 + every.rows) * (2 * self.order.per_row(facts, self.inner.certain) + _COMPARED * self.keys)
        if self.limit is not None:
            rows = min(rows, facts.numbers[self.limit] if self.is_slot else self.limit)
        return Estimate(rows, max(every.peak, every.rows), every.work + every.rows * each)


@dataclass(eq=False)
class Written(Operator):
    """An answer: solutions, of each of which some variables are written, each so many times, and constants."""

    inner: Operator
    names: Sequence[str]
    constants: int = 0

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:
        inner = self.inner.estimate(facts, bound)
        length = sum(self.inner.length(facts, name) for name in self.names) + self.constants * facts.longest
        terms = len(self.names) + self.constants
        return inner._replace(work=inner.work + inner.rows * (_SOLUTION + _CELL * terms + _WRITTEN * length))


@dataclass(eq=False)
class Description(Operator):
    """What DESCRIBE says of so many constants: the triples of each, and of the blank nodes that they lead to."""

    resources: int

    def _estimate(self, facts: Facts, bound: Variables) -> Estimate:  # noqa: ARG002 - constants are bound anyway
        counts = facts.statistics.default
        each = counts.all.triples if counts.blank_objects else counts.all.objects_per_subject
        rows = self.resources * each
        listed = _LISTED * (facts.statistics.named.all.objects_per_subject + each)
        return Estimate(rows, rows, 2 + rows + self.resources * listed * (1 + counts.blank_objects))


def joined(parts: Iterable[Operator]) -> Operator:
    """Join parts; those that are joins already are taken apart, as the engine does, and filters stand above.

    >>> joined([Join([]), Filter(Join([GraphNames("g")]), Expression(1.0))]).inner
    GraphNames(variable='g')
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
