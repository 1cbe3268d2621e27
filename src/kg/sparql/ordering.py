"""The order of ORDER BY, MIN and MAX for all values (SPARQL 1.1, 15.1), as strings in the order of code points."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.sparql.literals import Term
from kg.sparql.numbers import EXACT, MOST_DIGITS, Number
from kg.sparql.operators import Value, value_of
from kg.sparql.times import Duration, Moment, days_after

_LEAST_EXPONENT = -2 * MOST_DIGITS
"""Below the exponent of any number: decimals have so many digits at most, and a double ends at 1E-324."""
_AFTER_DIGITS = "~"


def sort_key(term: Term) -> str:
    """Return a string that sorts as the term does: blank nodes, IRIs, numbers, booleans, times, texts, others, triples.

    Where < gives no order the key gives one of its own: times without a zone count as in UTC, NaN is the last number.

    >>> from kg.sparql.numbers import XSD
    >>> integers = [Literal(text, datatype=NamedNode(XSD + "integer")) for text in ("99999999999999999999", "-5", "7")]
    >>> [literal.value for literal in sorted(integers, key=sort_key)]
    ['-5', '7', '99999999999999999999']
    """
    match term:
        case BlankNode():
            return f"0{term.value}"
        case NamedNode():
            return f"1{term.value}"
        case Literal():
            return _literal_key(term)
        case Triple():
            return "9" + "\0".join(sort_key(part) for part in (term.subject, term.predicate, term.object))


def _literal_key(literal: Literal) -> str:
    if literal.language is not None:
        return f"7{literal.value}\0{literal.language}"
    key = _value_key(value_of(literal))
    return f"8{literal.datatype.value}\0{literal.value}" if key is None else key


def _value_key(value: Value | None) -> str | None:
    match value:
        case Number():
            return f"2{_number_key(value.value)}"
        case bool():
            return f"3{int(value)}"
        case Moment():
            return f"4{value.datatype}\0{_number_key(_decimal(value.seconds))}"
        case Duration():
            return f"5{_number_key(_decimal(days_after(value.months) * 86_400 + value.seconds))}"
        case str():
            return f"6{value}"
        case None:
            return None


def _decimal(fraction: Fraction) -> Decimal:
    return EXACT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


def _number_key(value: Decimal | float) -> str:
    """Return the sign, the exponent and the digits, each in a form that sorts as it counts."""
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "4", -math.inf: "0"}.get(value, "5")
    exact = Decimal(value)
    if not exact:
        return "2"
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    exponent = exact.adjusted() - _LEAST_EXPONENT
    if exact > 0:
        return f"3{exponent:06}{digits}"
    inverted = digits.translate(str.maketrans("0123456789", "9876543210"))
    return f"1{999_999 - exponent:06}{inverted}{_AFTER_DIGITS}"
