"""Compares rows up to a bijection between the blank nodes of the two sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Triple

from conformance.terms import Row, Term

Bijection = dict[BlankNode, BlankNode]
Colors = Mapping[BlankNode, int]

ROUNDS = 6
"""How often blank nodes are told apart by their neighbours before the search begins."""


def are_isomorphic(left: Sequence[Row], right: Sequence[Row], *, is_ordered: bool = False) -> bool:
    """Tell whether two multisets of rows (or two sequences) are the same but for the names of blank nodes.

    >>> a, b, c = BlankNode("a"), BlankNode("b"), BlankNode("c")
    >>> are_isomorphic([(a, b)], [(b, c)]), are_isomorphic([(a, b)], [(c, c)])
    (True, False)
    """
    if len(left) != len(right):
        return False
    if is_ordered:
        return match_in_order(left, right)
    left_colors, right_colors = colors(left), colors(right)
    left_keys = [key(row, left_colors) for row in left]
    right_keys = [key(row, right_colors) for row in right]
    if Counter(left_keys) != Counter(right_keys):
        return False
    candidates: dict[object, list[Row]] = {}
    for row_key, row in zip(right_keys, right, strict=True):
        candidates.setdefault(row_key, []).append(row)
    open_rows = [(row, candidates[k]) for row, k in zip(left, left_keys, strict=True) if any(blank_nodes(row))]
    return match(sorted(open_rows, key=lambda pair: len(pair[1])), {}, {})


def match_in_order(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Tell whether each row is the row at the same place on the other side."""
    forth: Bijection = {}
    back: Bijection = {}
    return all(extend(one, other, forth, back) for one, other in zip(left, right, strict=True))


def match(rows: list[tuple[Row, list[Row]]], forth: Bijection, back: Bijection) -> bool:
    """Give each row one of its candidates, no candidate twice, under one bijection; backtrack where that fails."""
    if not rows:
        return True
    (row, candidates), rest = rows[0], rows[1:]
    for place, candidate in enumerate(candidates):
        new_forth, new_back = dict(forth), dict(back)
        if extend(row, candidate, new_forth, new_back):
            del candidates[place]
            if match(rest, new_forth, new_back):
                return True
            candidates.insert(place, candidate)
    return False


def extend(row: Row, other: Row, forth: Bijection, back: Bijection) -> bool:
    """Extend the bijection so that the one row becomes the other; False where it cannot be."""
    return len(row) == len(other) and all(
        extend_term(term, other_term, forth, back) for term, other_term in zip(row, other, strict=True)
    )


def extend_term(term: Term | None, other: Term | None, forth: Bijection, back: Bijection) -> bool:
    """Extend the bijection so that the one term becomes the other."""
    if isinstance(term, BlankNode) and isinstance(other, BlankNode):
        return forth.setdefault(term, other) == other and back.setdefault(other, term) == term
    if isinstance(term, Triple) and isinstance(other, Triple):
        return extend(tuple(term), tuple(other), forth, back)
    return term == other


def colors(rows: Sequence[Row]) -> Colors:
    """Color blank nodes so that only nodes of one color can correspond."""
    current: dict[BlankNode, int] = dict.fromkeys((node for row in rows for node in blank_nodes(row)), 0)
    for _ in range(ROUNDS if current else 0):
        seen: dict[BlankNode, list[int]] = {node: [] for node in current}
        for row in rows:
            for node in set(blank_nodes(row)):
                seen[node].append(hash(key(row, current, marked=node)))
        current = {node: hash((current[node], *sorted(hashes))) for node, hashes in seen.items()}
    return current


def key(row: Row, current: Colors, marked: BlankNode | None = None) -> tuple[object, ...]:
    """Return the row with colors for blank nodes, and a mark where one of them stands."""
    return tuple(term_key(term, current, marked) for term in row)


def term_key(term: Term | None, current: Colors, marked: BlankNode | None) -> object:
    """Return a term with colors for blank nodes."""
    if isinstance(term, BlankNode):
        return (current[term], term == marked)
    if isinstance(term, Triple):
        return key(tuple(term), current, marked)
    return term


def blank_nodes(terms: Iterable[Term | None]) -> Iterator[BlankNode]:
    """Yield the blank nodes of a row, those inside triple terms too."""
    for term in terms:
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            yield from blank_nodes(tuple(term))
