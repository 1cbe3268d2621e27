"""The cost of a query: an upper bound from its syntax tree and the statistics of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, isnan
from weakref import WeakKeyDictionary

from kg.sparql.algebra import ConstantSlots, UnboundedError, translate
from kg.sparql.estimates import EstimationContext, Operator
from kg.sparql.parsed_operation import ParsedOperation, Shape
from kg.sparql.statistics import Statistics
from kg.sparql.templates import constants_of

CHEAP = 200_000.0
"""What costs no more takes less than 20 ms, and a few megabytes."""
_LONGEST_TEXT = 8_000
"""Characters."""
_NEVER = frozenset(("SERVICE", "FROM", "LATERAL"))
_MOST_KNOWN = 256


@dataclass
class _Skeleton:
    """A shape translated to operators, and the bounds that were found for its queries."""

    operator: Operator
    slots: ConstantSlots
    statistics: Statistics | None = None
    revision: int = 0
    bounds: dict[Sequence[str | int], float] = field(default_factory=dict)

    def bound(self, constants: Sequence[str], statistics: Statistics) -> float:
        """Return the bound for a text of the shape, given its constants."""
        if self.statistics is not statistics or self.revision != statistics.revision or len(self.bounds) > _MOST_KNOWN:
            self.statistics, self.revision, self.bounds = statistics, statistics.revision, {}
        key = self.slots.key(constants)
        found = self.bounds.get(key)
        if found is None:
            facts = EstimationContext(statistics, *self.slots.resolve(constants))
            found = self.bounds[key] = _number(self.operator.estimate(facts).work)
        return found


def _number(work: float) -> float:
    """Return infinity for NaN, which is zero times infinity."""
    return inf if isnan(work) else work


_SKELETONS: WeakKeyDictionary[Shape, _Skeleton | None] = WeakKeyDictionary()


def bound(parsed: ParsedOperation, statistics: Statistics) -> float:
    """Return an upper bound of the cost, in solutions computed by the engine; infinity if there is none.

    It holds for the default graph and all named graphs of the store that the statistics are of: for no request that
    names a dataset.
    """
    if parsed.kind != "query" or len(parsed.text) > _LONGEST_TEXT or parsed.constants is None:
        return inf
    if not parsed.shape.words.isdisjoint(_NEVER):
        return inf
    try:
        skeleton = _SKELETONS[parsed.shape]
    except KeyError:
        skeleton = _SKELETONS[parsed.shape] = _skeleton(parsed)
    return inf if skeleton is None else skeleton.bound(parsed.constants, statistics)


def _skeleton(parsed: ParsedOperation) -> _Skeleton | None:
    """Translate a shape; None where no estimate is made for it."""
    places = {place: index for index, (place, _) in enumerate(constants_of(parsed.text))}
    try:
        return _Skeleton(*translate(parsed.shape.tree, parsed.tokens, parsed.text, parsed.shape.sites, places))
    except UnboundedError:
        return None
