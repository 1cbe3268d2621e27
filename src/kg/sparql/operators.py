"""Operators of SPARQL on terms, for all values (SPARQL 1.1, 17.2 and 17.3); None stands for an expression error."""

from __future__ import annotations

import math

from pyoxigraph import Literal, Triple

from kg.sparql.arithmetic import is_equal, is_less
from kg.sparql.literals import LANGUAGE_TAGGED_TYPES, Term, boolean_of, is_text, number_of, string_of
from kg.sparql.numbers import NUMERIC_TYPES, XSD, Number, parse
from kg.sparql.times import (
    DURATION_TYPES,
    TEMPORAL_TYPES,
    Duration,
    Moment,
    compare_durations,
    compare_moments,
    parse_duration,
    parse_moment,
)

Value = Number | bool | str | Moment | Duration
"""What a literal denotes whose datatype the operators know."""


def value_of(literal: Literal) -> Value | None:
    """Return what a literal denotes, or None for an unknown datatype, an ill-typed literal, and a language tag."""
    datatype = literal.datatype.value
    if datatype in NUMERIC_TYPES:
        return parse(literal.value, datatype)
    if datatype in TEMPORAL_TYPES:
        return parse_moment(literal.value, datatype)
    if datatype in DURATION_TYPES:
        return parse_duration(literal.value, datatype)
    return string_of(literal) if datatype == XSD + "string" else boolean_of(literal)


def effective_boolean_value(term: Term) -> bool | None:
    """Return the effective boolean value (SPARQL 1.1, 17.2.2): ill-typed booleans and numbers are false."""
    if is_text(term):
        return bool(term.value)
    if not isinstance(term, Literal):
        return None
    if term.datatype.value == XSD + "boolean":
        return boolean_of(term) or False
    if term.datatype.value not in NUMERIC_TYPES:
        return None
    number = number_of(term)
    return number is not None and bool(number.value) and not math.isnan(number.value)


def equal(a: Term, b: Term) -> bool | None:
    """Return a = b: by value where both values are known, else RDFterm-equal (SPARQL 1.1, 17.4.1.7).

    Literals of different known types are different, as an extension of the operator table allows.
    """
    if isinstance(a, Triple) and isinstance(b, Triple):
        return _equal_triples(a, b)
    if not isinstance(a, Literal) or not isinstance(b, Literal):
        return a == b
    value, other = value_of(a), value_of(b)
    if value is not None and other is not None:
        return _equal_values(value, other)
    if {a.datatype.value, b.datatype.value} & LANGUAGE_TAGGED_TYPES:
        return a == b
    return True if a == b else None


def less(a: Term, b: Term) -> bool | None:
    """Return a < b: for numbers, booleans, strings, times and durations, and for texts of one language.

    No other term is less than itself, as an extension of the operator table allows, and as the engine has it.
    """
    if not isinstance(a, Literal) or not isinstance(b, Literal):
        return False if a == b else None
    if a.language is not None and (a.language, a.direction) == (b.language, b.direction):
        return a.value < b.value
    result = _is_less(value_of(a), value_of(b))
    return False if result is None and a == b else result


def less_or_equal(a: Term, b: Term) -> bool | None:
    """Return a <= b, which is defined as a < b || a = b, where true wins over an error."""
    results = {less(a, b), equal(a, b)}
    return True if True in results else None if None in results else False


def _equal_triples(a: Triple, b: Triple) -> bool | None:
    return a.subject == b.subject and a.predicate == b.predicate and equal(a.object, b.object)


def _equal_values(a: Value, b: Value) -> bool | None:
    match a, b:
        case Number(), Number():
            return is_equal(a, b)
        case Moment(), Moment() if a.datatype == b.datatype:
            order = compare_moments(a, b)
            return None if order is None else order == 0
        case _:
            return type(a) is type(b) and a == b


def _is_less(a: Value | None, b: Value | None) -> bool | None:
    match a, b:
        case Number(), Number():
            return is_less(a, b)
        case bool(), bool():
            return a < b
        case str(), str():
            return a < b
        case Moment(), Moment():
            order = compare_moments(a, b)
        case Duration(), Duration():
            order = compare_durations(a, b)
        case _:
            return None
    return None if order is None else order < 0
