"""Arithmetic and comparison of numbers with the promotions of XPath (F&O 4.2 to 4.4)."""

from __future__ import annotations

import decimal
import math
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kg.sparql.numbers import EXACT, FRACTION_DIGITS, Number, NumericType, single


def add(a: Number, b: Number) -> Number:
    """Return a + b (F&O 4.2.1)."""
    return _combine(a, b, EXACT.add, operator.add)


def subtract(a: Number, b: Number) -> Number:
    """Return a - b (F&O 4.2.2)."""
    return _combine(a, b, EXACT.subtract, operator.sub)


def multiply(a: Number, b: Number) -> Number:
    """Return a × b (F&O 4.2.3)."""
    return _combine(a, b, EXACT.multiply, operator.mul)


def divide(a: Number, b: Number) -> Number:
    """Return a ÷ b (F&O 4.2.4): a decimal for integers, of as many digits as the engine gives.

    Raise ZeroDivisionError where a decimal is divided by zero.
    """
    a, b = _promoted(a, b)
    if a.type <= NumericType.DECIMAL:
        return Number(NumericType.DECIMAL, _quotient(Decimal(a.value), Decimal(b.value)))
    numerator, denominator = float(a.value), float(b.value)
    if denominator:
        return _rounded(a.type, numerator / denominator)
    is_undefined = math.isnan(numerator) or not numerator
    sign = math.copysign(1, numerator) * math.copysign(1, denominator)
    return Number(a.type, math.nan if is_undefined else math.copysign(math.inf, sign))


def negate(a: Number) -> Number:
    """Return -a (F&O 4.2.8)."""
    return Number(a.type, a.value.copy_negate() if isinstance(a.value, Decimal) else -a.value)


def absolute(a: Number) -> Number:
    """Return the absolute value (F&O 4.4.1)."""
    return Number(a.type, a.value.copy_abs() if isinstance(a.value, Decimal) else abs(a.value))


def is_less(a: Number, b: Number) -> bool:
    """Return whether a < b (F&O 4.3.2); nothing is less than NaN, nor is NaN less than anything."""
    a, b = _promoted(a, b)
    return a.value < b.value


def is_equal(a: Number, b: Number) -> bool:
    """Return whether a = b (F&O 4.3.1); NaN equals nothing."""
    a, b = _promoted(a, b)
    return a.value == b.value


def ceiling(a: Number) -> Number:
    """Return the smallest integer that is not below a (F&O 4.4.2)."""
    return _integral(a, decimal.ROUND_CEILING)


def floor(a: Number) -> Number:
    """Return the greatest integer that is not above a (F&O 4.4.3)."""
    return _integral(a, decimal.ROUND_FLOOR)


def round_half_up(a: Number) -> Number:
    """Return the nearest integer, of two the greater one (F&O 4.4.4).

    >>> round_half_up(Number(NumericType.DECIMAL, Decimal("-2.5"))).lexical_form
    '-2'
    """
    negative = a.value < 0 or (isinstance(a.value, float) and math.copysign(1, a.value) < 0)
    return _integral(a, decimal.ROUND_HALF_DOWN if negative else decimal.ROUND_HALF_UP)


def _promoted(a: Number, b: Number) -> tuple[Number, Number]:
    target = max(a.type, b.type)
    return a.promoted(target), b.promoted(target)


def _combine(
    a: Number, b: Number, exact: Callable[[Decimal, Decimal], Decimal], native: Callable[[Any, Any], int | float]
) -> Number:
    a, b = _promoted(a, b)
    if isinstance(a.value, Decimal) and isinstance(b.value, Decimal):
        return Number(a.type, exact(a.value, b.value))
    return _rounded(a.type, native(a.value, b.value))


def _rounded(numeric_type: NumericType, value: float) -> Number:
    return Number(numeric_type, single(value) if numeric_type is NumericType.FLOAT else value)


def _quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    if not denominator:
        raise ZeroDivisionError
    return EXACT.divide_int(numerator.scaleb(FRACTION_DIGITS, EXACT), denominator).scaleb(-FRACTION_DIGITS, EXACT)


def _integral(a: Number, rounding: str) -> Number:
    if isinstance(a.value, int) or (isinstance(a.value, float) and not math.isfinite(a.value)):
        return a
    integral = Decimal(a.value).to_integral_value(rounding, EXACT)
    return Number(a.type, float(integral) if isinstance(a.value, float) else integral)
