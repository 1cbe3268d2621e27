"""Constructor functions of XML Schema's types (SPARQL 1.1, 17.5; F&O 18 and 19)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_DOWN, Context, Decimal

from pyoxigraph import Literal, NamedNode

from kg.sparql.literals import BOOLEANS, Term, boolean_of, number_literal, number_of, string_of
from kg.sparql.numbers import (
    DECIMAL_PATTERN,
    DOUBLE_PATTERN,
    FRACTION_DIGITS,
    INTEGER_PATTERN,
    MOST_DIGITS,
    XSD,
    Number,
    NumericType,
    single,
)
from kg.sparql.times import parse_moment

_SMALLEST = Decimal(1).scaleb(-FRACTION_DIGITS)
_WHITE_SPACE = " \t\n\r"
_PLAIN_FROM, _PLAIN_BELOW = Decimal("1E-6"), Decimal("1E6")
"""Floating-point numbers between these are written without an exponent (F&O 19.1.2.2)."""


def to_string(term: Term) -> Term | None:
    """Return xsd:string of a term; an IRI gives its text, a number its canonical form."""
    number = number_of(term)
    if number is not None:
        return Literal(_text(number))
    return Literal(term.value) if isinstance(term, NamedNode | Literal) else None


def to_boolean(term: Term) -> Term | None:
    """Return xsd:boolean of a term; 0 and NaN are false."""
    number = number_of(term)
    if number is not None:
        return Literal(bool(number.value) and not math.isnan(number.value))
    text = _collapsed(term)
    value = boolean_of(term) if text is None else BOOLEANS.get(text)
    return None if value is None else Literal(value)


def to_integer(term: Term) -> Term | None:
    """Return xsd:integer of a term, truncated towards zero; infinities and NaN have none."""
    text = _collapsed(term)
    if text is not None:
        return number_literal(Number(NumericType.INTEGER, int(text))) if INTEGER_PATTERN.fullmatch(text) else None
    number = _number_or_boolean(term)
    return None if number is None else number_literal(Number(NumericType.INTEGER, int(number.value)))


def to_decimal(term: Term) -> Term | None:
    """Return xsd:decimal of a term; infinities and NaN have none.

    A floating-point number gives the nearest decimal that the engine can hold, a whole one its exact value
    (F&O 19.1.2.3).
    """
    text = _collapsed(term)
    if text is not None:
        return number_literal(Number(NumericType.DECIMAL, Decimal(text))) if DECIMAL_PATTERN.fullmatch(text) else None
    number = _number_or_boolean(term)
    if number is None or not math.isfinite(number.value):
        return None
    value = Decimal(number.value)
    if isinstance(number.value, float):
        value = value.quantize(_SMALLEST, ROUND_HALF_DOWN, Context(MOST_DIGITS))
    return number_literal(Number(NumericType.DECIMAL, value))


def to_double(term: Term) -> Term | None:
    """Return xsd:double of a term."""
    return _to_floating(term, NumericType.DOUBLE)


def to_float(term: Term) -> Term | None:
    """Return xsd:float of a term."""
    return _to_floating(term, NumericType.FLOAT)


def to_date_time(term: Term) -> Term | None:
    """Return xsd:dateTime of a term; a date gives its midnight."""
    if not isinstance(term, Literal):
        return None
    date_time, text = XSD + "dateTime", term.value
    if term.datatype.value == XSD + "date":
        text = f"{term.value[: _date_end(term.value)]}T00:00:00{term.value[_date_end(term.value) :]}"
    elif term.datatype.value != date_time:
        text = _collapsed(term) or ""
    return Literal(text, datatype=NamedNode(date_time)) if parse_moment(text, date_time) else None


CASTS: Mapping[str, Callable[[Term], Term | None]] = {
    "string": to_string,
    "boolean": to_boolean,
    "integer": to_integer,
    "decimal": to_decimal,
    "double": to_double,
    "float": to_float,
    "dateTime": to_date_time,
}
"""The constructor functions by the local name of the type."""


def _to_floating(term: Term, target: NumericType) -> Term | None:
    text = _collapsed(term)
    if text is not None:
        return number_literal(_floating(float(text), target)) if DOUBLE_PATTERN.fullmatch(text) else None
    number = _number_or_boolean(term)
    return None if number is None else number_literal(_floating(float(Decimal(number.value)), target))


def _floating(value: float, target: NumericType) -> Number:
    return Number(target, single(value) if target is NumericType.FLOAT else value)


def _collapsed(term: Term) -> str | None:
    text = string_of(term)
    return None if text is None else text.strip(_WHITE_SPACE)


def _number_or_boolean(term: Term) -> Number | None:
    value = boolean_of(term)
    return number_of(term) if value is None else Number(NumericType.INTEGER, int(value))


def _text(number: Number) -> str:
    if number.type <= NumericType.DECIMAL or not math.isfinite(number.value):
        return number.lexical_form
    if not number.value:
        return "-0" if math.copysign(1, number.value) < 0 else "0"
    value = Decimal(number.lexical_form)
    is_plain = _PLAIN_FROM <= abs(value) < _PLAIN_BELOW
    return Number(NumericType.DECIMAL, value).lexical_form if is_plain else number.lexical_form


def _date_end(lexical_form: str) -> int:
    """Return where the time zone of a date begins."""
    return lexical_form.index("-", 1) + len("-MM-DD")
