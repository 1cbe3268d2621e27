"""Joins, OPTIONAL, MINUS and UNION, with estimates that hold for the plans that the engine may choose.

It looks quads up one solution after the other, or joins by hashing. Triple patterns it orders by a rule that does not
depend on the data; what else a join has may come at any place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf, prod
from typing import NamedTuple

from kg.sparql.estimates import HASHED, NONE, PAIR, SOLUTION, STEP, Estimate, EstimationContext, Operator, Variables
from kg.sparql.modifiers import Expression, FilterEstimate
from kg.sparql.plans import Plans, components_of, find_plans
from kg.sparql.scans import TriplePattern, Values

MOST_PARTS = 16
"""Of one join: finding the plans takes time that grows with the third power."""
_LARGEST = 2**64 - 1
"""The engine's sizes have 64 bits, and stay at the largest number."""


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

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        if not self.parts:
            return Estimate(1, 1, 1)
        estimates = [self._by_plans(facts, bound, self.plans_without(NONE))]
        # Inside EXISTS, parts that share none but bound variables are no longer connected.
        if bound and self.plans_without(bound).components != self.plans_without(NONE).components:
            estimates.append(self._by_plans(facts, bound, self.plans_without(bound)))
        return Estimate(*map(max, zip(*estimates, strict=True)))

    def _by_plans(self, facts: EstimationContext, bound: Variables, plans: Plans) -> Estimate:
        steps = Steps(self.parts, facts, bound, plans)
        runs = [steps.likely_run(component) for component in plans.components]
        rows = prod(min(run.last, steps.rows(each)) for run, each in zip(runs, plans.components, strict=True))
        peak = prod(max(1.0, run.rows) for run in runs)
        work = sum(run.work for run in runs) + steps.hashed
        if len(runs) > 1:
            work += PAIR * peak + SOLUTION * rows + HASHED * sum(run.rows for run in runs)
        return Estimate(rows, max(peak * max(1.0, steps.peak_entered), steps.peak_alone), work)

    def plans_without(self, bound: Variables) -> Plans:
        """Return the plans where some variables are bound outside."""
        if bound not in self._plans:
            self._plans[bound] = find_plans([part.certain - bound for part in self.parts])
        return self._plans[bound]


@dataclass(eq=False)
class Unplanned(Operator):
    """Parts inside EXISTS, which are joined by hashing as they stand, whatever they share."""

    parts: Sequence[Operator]

    def __post_init__(self) -> None:
        """Collect the variables."""
        self.variables = NONE.union(*(part.variables for part in self.parts))
        self.certain = NONE.union(*(part.certain for part in self.parts))

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        estimates = [part.estimate(facts, bound) for part in self.parts]
        rows = prod(max(1.0, one.rows, one.peak) for one in estimates)
        work = sum(one.work + STEP + HASHED * one.rows for one in estimates)
        return Estimate(rows, rows, work + SOLUTION * rows)


class Steps:
    """The steps of the plans of one join, each estimated once."""

    def __init__(self, parts: Sequence[Operator], facts: EstimationContext, bound: Variables, plans: Plans) -> None:
        """Estimate every part alone, and behind each variable by which it can be entered."""
        self._plans, self._parts, self._facts, self._bound = plans, parts, facts, bound
        self._degrees: dict[tuple[int, int], float] = {}
        alone = [part.estimate(facts, bound) for part in parts]
        self._alone = [estimate.rows for estimate in alone]
        self._start = [estimate.work for estimate in alone]
        composite = [place for place, part in enumerate(parts) if not isinstance(part, TriplePattern | Values)]
        self.hashed = sum(alone[place].work + HASHED * alone[place].rows for place in composite)
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
        return STEP + HASHED + SOLUTION * estimate.rows + (estimate.work if part.is_looped else 0)

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
        return min(self._combined(start, component) for start in component)

    def _most(self, start: int, component: Sequence[int]) -> float:
        """Return how many solutions any of these parts that are connected with one have, together with that one."""
        return self._alone[start] * prod(max(1.0, self._degree(start, other)) for other in component if other != start)

    def run(self, component: Sequence[int]) -> _Run:
        """Return a bound for all plans of connected parts.

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
        """Return the estimate of a plan."""
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
            rows = min(rows, *(self._combined(start, order[: number + 1]) for start in order[: number + 1]))
            most = max(most, rows)
            bound |= part.certain
        return _Run(most, work, rows)

    def _combined(self, start: int, parts: Sequence[int]) -> float:
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

    def length(self, facts: EstimationContext, name: str) -> float:
        """Return the length that the left side says, where it surely binds the variable; else the larger one."""
        sides = (self.left,) if name in self.certain else (self.left, self.right)
        return max((side.length(facts, name) for side in sides if name in side.variables), default=0.0)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts, bound)
        right = self.right.estimate(facts, bound | (self.left.certain & self.right.certain))
        rows = left.rows * max(1.0, right.rows)
        each = STEP + HASHED + SOLUTION * right.rows + (right.work if self.right.is_looped else 0)
        if self.condition:
            each += right.rows * self.condition.per_row(facts, self.left.certain & self.condition.variables)
        return Estimate(
            rows, max(rows, left.peak, alone.peak), left.work + alone.work + HASHED * alone.rows + left.rows * each
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

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        left, alone = self.left.estimate(facts, bound), self.right.estimate(facts)
        right = self.right.estimate(facts, self.left.certain & self.right.certain)
        return Estimate(
            left.rows,
            left.peak,
            left.work + alone.work + HASHED * alone.rows + left.rows * (HASHED + SOLUTION * right.rows),
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

    def length(self, facts: EstimationContext, name: str) -> float:
        """Return the largest length among the parts."""
        return max((part.length(facts, name) for part in self.parts if name in part.variables), default=0.0)

    def _estimate(self, facts: EstimationContext, bound: Variables) -> Estimate:
        return Estimate(*map(sum, zip(*(part.estimate(facts, bound) for part in self.parts), strict=True)))


def join(parts: Iterable[Operator]) -> Operator:
    """Join parts; those that are joins already are taken apart, as the engine does, and filters stand above.

    >>> join([Join([]), FilterEstimate(Join([Values(NONE, 1, True)]), Expression(1.0))]).inner.rows
    1
    """
    flat: list[Operator] = []
    filters: list[FilterEstimate] = []
    for part in parts:
        inner = part
        while isinstance(inner, FilterEstimate):
            filters.append(inner)
            inner = inner.inner
        flat += inner.parts if isinstance(inner, Join) else (inner,)
    operator = flat[0] if len(flat) == 1 else Join(flat)
    for one in filters:
        operator = FilterEstimate(operator, one.condition, one.scope)
    return operator
