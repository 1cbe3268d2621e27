"""Numbers of XML Schema: literals read as values without bounds, arithmetic, comparison and lexical forms."""

from __future__ import annotations

import decimal
import math
import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGER_PATTERN = re.compile(r"[+-]?[0-9]+")
DECIMAL_PATTERN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
DOUBLE_PATTERN = re.compile(rf"{DECIMAL_PATTERN.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")

MOST_DIGITS = 4300
"""Digits of an integer or a decimal; the bound of Python's int, beyond which it becomes quadratic to write one."""
FRACTION_DIGITS = 18
"""Digits after the point of the engine's decimals."""
LEAST_DIGITS = 19
"""Digits, at least, of a number that the engine cannot hold: its integers have 64 bits."""

_TYPED = re.compile(rb'"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>')

EXACT = decimal.Context(prec=MOST_DIGITS, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[decimal.Inexact])
"""Arithmetic that raises where a result would have to be rounded."""

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
INTEGER_TYPES = frozenset(XSD + name for name in _BOUNDS)
NUMERIC_TYPES = INTEGER_TYPES | {XSD + name for name in ("decimal", "float", "double")}


class NumericType(IntEnum):
    """The four types that arithmetic works in, in the order of promotion (SPARQL 1.1, 17.3)."""

    INTEGER = 0
    DECIMAL = 1
    FLOAT = 2
    DOUBLE = 3

    @property
    def iri(self) -> str:
        """Return the IRI of the datatype."""
        return XSD + self.name.lower()


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its type; the value is an int, a Decimal or a float (for FLOAT one of single precision)."""

    type: NumericType
    value: int | Decimal | float

    @property
    def lexical_form(self) -> str:
        """Return the canonical form of XML Schema; a decimal without a fraction has no point."""
        match self.value:
            case int():
                return str(self.value)
            case Decimal():
                return _plain(self.value)
            case _:
                return _scientific(self.value, self.type)

    def promoted(self, target: NumericType) -> Number:
        """Return the number in a type that is not below its own (F&O 4.2: type promotion)."""
        if target == self.type:
            return self
        exact = Decimal(self.value)
        if target is NumericType.DECIMAL:
            return Number(target, exact)
        value = float(exact)  # unlike float(int) it gives INF beyond the range of a double
        return Number(target, single(value) if target is NumericType.FLOAT else value)


def parse(lexical_form: str, datatype: str) -> Number | None:
    """Return the number that a literal denotes, or None where it is none or is ill-typed.

    >>> parse("99999999999999999999", XSD + "integer")
    Number(type=<NumericType.INTEGER: 0>, value=99999999999999999999)
    >>> parse("300", XSD + "byte") is None
    True
    """
    if datatype not in NUMERIC_TYPES or len(lexical_form) > MOST_DIGITS:
        return None
    if datatype in INTEGER_TYPES:
        return _integer(lexical_form, *_BOUNDS[datatype.removeprefix(XSD)])
    if datatype == XSD + "decimal":
        is_decimal = DECIMAL_PATTERN.fullmatch(lexical_form)
        return Number(NumericType.DECIMAL, Decimal(lexical_form)) if is_decimal else None
    if not DOUBLE_PATTERN.fullmatch(lexical_form):
        return None
    value = float(lexical_form)
    is_double = datatype == XSD + "double"
    return Number(NumericType.DOUBLE, value) if is_double else Number(NumericType.FLOAT, single(value))


def single(value: float) -> float:
    """Return the nearest value of single precision.

    >>> single(1e39)
    inf
    """
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def is_beyond_engine(lexical_form: str, datatype: str) -> bool:
    """Return whether a literal denotes a number that the engine takes for a string of unknown meaning.

    >>> is_beyond_engine("9223372036854775807", XSD + "integer"), is_beyond_engine("1e21", XSD + "double")
    (False, False)
    >>> is_beyond_engine("9223372036854775808", XSD + "integer")
    True
    """
    number = parse(lexical_form, datatype)
    if number is None or number.type > NumericType.DECIMAL:
        return False
    if number.type is NumericType.INTEGER:
        return not -(2**63) <= number.value < 2**63
    scaled = Decimal(number.value).scaleb(FRACTION_DIGITS, EXACT)
    return scaled != scaled.to_integral_value(context=EXACT) or not -(2**127) <= scaled < 2**127


def has_numbers_beyond_engine(quads: bytes) -> bool:
    """Return whether N-Quads may have a number outside the engine's range.

    >>> has_numbers_beyond_engine(b'<s:> <p:> "9223372036854775808"^^<http://www.w3.org/2001/XMLSchema#integer> .')
    True
    """
    for typed in _TYPED.finditer(quads):
        start = quads.rfind(b'"', 0, typed.start()) + 1
        if typed.start() - start >= LEAST_DIGITS:
            lexical_form = quads[start : typed.start()].decode(errors="replace")
            if is_beyond_engine(lexical_form, XSD + typed[1].decode()):
                return True
    return False


def _integer(lexical_form: str, least: int | None, greatest: int | None) -> Number | None:
    if not INTEGER_PATTERN.fullmatch(lexical_form):
        return None
    value = int(lexical_form)
    is_within = (least is None or least <= value) and (greatest is None or value <= greatest)
    return Number(NumericType.INTEGER, value) if is_within else None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _scientific(value: float, numeric_type: NumericType) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    sign, digits, exponent = Decimal(_shortest(value, numeric_type)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent = int(exponent) + len(digits) - 1 if any(digits) else 0
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{exponent}"


def _shortest(value: float, numeric_type: NumericType) -> str:
    if numeric_type is NumericType.DOUBLE:
        return repr(value)
    candidates = (f"{value:.{digits}g}" for digits in range(1, 10))
    return next(text for text in candidates if single(float(text)) == value)
