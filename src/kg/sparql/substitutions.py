"""What to write for operators, functions and casts that the engine gets wrong, or that it stops short at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.sparql.numbers import XSD, NumericType

FUNCTION_NAMESPACE = "urn:x-kg:function:"
"""Begins the IRI of every function here; no query of a user may name one."""


@dataclass(frozen=True)
class Substitution:
    """What to write for an operator or a function; arguments are variables, constants, calls or stand in brackets.

    ``function`` is right for all arguments. ``native`` is what the engine evaluates by itself: right where it is no
    error, and where ``stops_short`` is false right everywhere. None stands for no such expression. Operators and
    functions are strict, so an expression of several may be written natively and by calls, each as a whole:
    ``COALESCE(native, calls)``. Only COALESCE, and EXISTS for its pattern, hide an error inside.
    """

    function: NamedNode
    native: str | None = None
    stops_short: bool = True

    @property
    def repeats(self) -> bool:
        """Whether what is native has an argument several times."""
        return self.native is not None and (self.native.count("{0}") > 1 or "{call}" in self.native)

    def call(self, *arguments: str) -> str:
        """Return the call of the function alone.

        >>> OPERATORS["<"].call("?a", "?b")
        '<urn:x-kg:function:less-than>(?a, ?b)'
        """
        return f"{self.function}({', '.join(arguments)})"

    def native_expression(self, *arguments: str) -> str:
        """Return what the engine evaluates by itself, or the call where it cannot.

        >>> OPERATORS["<="].native_expression("?a", "?b")
        '(?a < ?b || ?a = ?b)'
        """
        call = self.call(*arguments)
        if self.native is None:
            return call
        return self.native.format(*arguments, call=call, arguments=", ".join(arguments))

    def expression(self, *arguments: str) -> str:
        """Return an expression that is right for all arguments and mostly evaluated by the engine itself.

        >>> OPERATORS["<"].expression("?a", "1")
        'COALESCE((?a < 1), <urn:x-kg:function:less-than>(?a, 1))'
        """
        native = self.native_expression(*arguments)
        is_complete = self.native is None or not self.stops_short
        return native if is_complete else f"COALESCE({native}, {self.call(*arguments)})"


def _named(name: str, native: str | None = None, *, stops_short: bool = True) -> Substitution:
    return Substitution(NamedNode(FUNCTION_NAMESPACE + name), native, stops_short)


def _binary(token: str, name: str) -> Substitution:
    return _named(name, f"({{0}} {token} {{1}})")


def _equality(token: str, name: str, result: str) -> Substitution:
    """Return the substitution for (in)equality; the engine takes times to differ that have no order.

    TZ is an error but for times, and is empty for those without a time zone: most operands are found to be none by it.
    """
    one_has_zone = 'COALESCE(IF((TZ({0}) = "") != (TZ({1}) = ""), DATATYPE({0}) = DATATYPE({1}), false), false)'
    return _named(name, f"IF({one_has_zone}, IF({{0}} < {{1}}, {result}, {result}), {{0}} {token} {{1}})")


_FLOATING = ", ".join(f"<{numeric_type.iri}>" for numeric_type in (NumericType.FLOAT, NumericType.DOUBLE))
_IS_FLOATING = f"COALESCE(DATATYPE({{0}}) IN ({_FLOATING}), false)"

OPERATORS: Mapping[str, Substitution] = {
    "=": _binary("=", "equal"),
    "!=": _binary("!=", "not-equal"),
    "<": _binary("<", "less-than"),
    ">": _binary(">", "greater-than"),
    # The engine takes NaN to be at most NaN, hence the definition of <= and >= in SPARQL 1.1, 17.3.
    "<=": _named("less-than-or-equal", "({0} < {1} || {0} = {1})"),
    ">=": _named("greater-than-or-equal", "({0} > {1} || {0} = {1})"),
    "+": _binary("+", "add"),
    "-": _binary("-", "subtract"),
    "*": _binary("*", "multiply"),
    "/": _binary("/", "divide"),
    "unary +": _named("unary-plus", "(+{0})"),
    "unary -": _named("unary-minus", "(-{0})"),
}
"""The operators by their token; ``=`` and ``!=`` are for operands of which one is known to be no time."""

TEMPORAL_OPERATORS: Mapping[str, Substitution] = {
    "=": _equality("=", "equal", "false"),
    "!=": _equality("!=", "not-equal", "true"),
}
"""Equality of operands that may both be times."""

MEMBERSHIP = _named("is-one-of")
"""For IN; an item whose evaluation is an error is written ``NO_VALUE``."""

NO_VALUE = NamedNode(FUNCTION_NAMESPACE + "no-value")

EFFECTIVE_BOOLEAN_VALUE = _named("effective-boolean-value", "IF({0}, true, false)")
"""For an operand of FILTER, HAVING, IF, !, && and || that may be something else than a boolean."""

BUILTINS: Mapping[str, Substitution] = {
    "ABS": _named("abs", "ABS({0})"),
    "CEIL": _named("ceil", "CEIL({0})"),
    "FLOOR": _named("floor", "FLOOR({0})"),
    "ROUND": _named("round", "ROUND({0})"),
    "SUBSTR": _named("substr", "SUBSTR({arguments})"),
    "ISNUMERIC": _named("is-numeric", "(isNumeric({0}) || {call})", stops_short=False),
    "STR": _named("str", f"IF({_IS_FLOATING}, {{call}}, STR({{0}}))", stops_short=False),
    "REGEX": _named("regex"),
    "REPLACE": _named("replace"),
}
"""The functions by their keyword in capitals; REGEX and REPLACE are for patterns that are not portable."""


def _cast(name: str, guard: str | None = None) -> Substitution:
    """Return the substitution for a cast, which is left to the function where a condition holds."""
    native = f"<{XSD}{name}>({{0}})"
    return _named(f"cast-{name}", f"IF({guard}, {{call}}, {native})" if guard else native)


_IS_SURE = f"isIRI({{0}}) || COALESCE(DATATYPE({{0}}) = <{XSD}string> || isNumeric({{0}}) && !{_IS_FLOATING}, false)"
_IS_STRING_OR_DECIMAL = f"COALESCE(DATATYPE({{0}}) IN (<{XSD}string>, <{XSD}decimal>), false)"

CAST_SUBSTITUTIONS: Mapping[str, Substitution] = {
    XSD + "string": _cast("string", f"!({_IS_SURE})"),
    XSD + "boolean": _cast("boolean"),
    # The engine makes 999999 of xsd:integer(1e6), and INF of xsd:double("inf").
    XSD + "integer": _cast("integer", _IS_FLOATING),
    XSD + "decimal": _cast("decimal", _IS_FLOATING),
    XSD + "double": _cast("double", _IS_STRING_OR_DECIMAL),
    XSD + "float": _cast("float", _IS_STRING_OR_DECIMAL),
    XSD + "dateTime": _cast("dateTime"),
}
"""The casts by the IRI of the type."""

BLANK_NODE = _named("blank-node")
"""BNODE with an argument: the first argument here is one string for each solution."""


NO_TOTAL = _named("no-total")
"""What SUM and AVG are tried with last; the call notes that a number may have been too large for the engine."""

SORT_KEY = _named("sort-key")
"""For an operand of ORDER BY where the data may hold numbers that the engine does not know to be numbers."""

AGGREGATES: Mapping[tuple[str, bool], NamedNode] = {
    ("SUM", False): NamedNode(FUNCTION_NAMESPACE + "sum"),
    ("SUM", True): NamedNode(FUNCTION_NAMESPACE + "sum-distinct"),
    ("AVG", False): NamedNode(FUNCTION_NAMESPACE + "average"),
    ("AVG", True): NamedNode(FUNCTION_NAMESPACE + "average-distinct"),
    ("MIN", False): NamedNode(FUNCTION_NAMESPACE + "minimum"),
    ("MIN", True): NamedNode(FUNCTION_NAMESPACE + "minimum"),
    ("MAX", False): NamedNode(FUNCTION_NAMESPACE + "maximum"),
    ("MAX", True): NamedNode(FUNCTION_NAMESPACE + "maximum"),
}
"""The aggregates by their keyword, and whether it is followed by DISTINCT; the call here is not."""
