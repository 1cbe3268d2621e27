"""The orders in which the parts of a join may be evaluated, by the variables that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.sparql.estimates import NONE, Variables


class Plans(NamedTuple):
    """The parts of a join that share variables, and how each is reached from each other one.

    ``entries[one, other]`` has the variables that can be bound before ``other`` in a plan that begins with ``one``, and
    ``binders[one, other, variable]`` the parts of which the first one in the plan binds that variable.
    """

    components: tuple[tuple[int, ...], ...]
    neighbours: tuple[frozenset[int], ...]
    entries: Mapping[tuple[int, int], Variables]
    binders: Mapping[tuple[int, int, str], tuple[int, ...]]


def find_plans(variables: Sequence[Variables]) -> Plans:
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
