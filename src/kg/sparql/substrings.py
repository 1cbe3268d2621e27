"""SUBSTR for all numbers (SPARQL 1.1, 17.4.3.3; F&O 5.4.3)."""

from __future__ import annotations

import math

from kg.sparql.arithmetic import round_half_up
from kg.sparql.literals import Term, is_text, number_of, with_text


def substring(source: Term, start: Term, length: Term | None = None) -> Term | None:
    """Return the characters from a position, counted from 1, in as many places as the length says.

    Positions and lengths are rounded; NaN gives no character.
    """
    first = _rounded(start)
    count = 0 if length is None else _rounded(length)
    if not is_text(source) or first is None or count is None:
        return None
    size = len(source.value)
    end = size + 1 if length is None and not math.isnan(first) else _clamped(first + count, size)
    return with_text(source, source.value[_clamped(first, size) - 1 : end - 1])


def _rounded(term: Term) -> int | float | None:
    number = number_of(term)
    if number is None:
        return None
    value = round_half_up(number).value
    return int(value) if math.isfinite(value) else float(value)


def _clamped(position: float, size: int) -> int:
    """Return a position within a text or one past its end; NaN is no position, and nothing lies before the first."""
    if math.isnan(position):
        return 1
    return int(min(max(position, 1), size + 1))
