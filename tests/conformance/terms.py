"""RDF terms as the runner compares them, and the value that a literal stands for.

Terms are pyoxigraph's classes, which keep every lexical form; a row is a triple, a quad or a solution, with None for
what is unbound.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGER = XSD + "integer"
INTEGER_TYPES = frozenset(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)


def value_of(term: Term | None) -> Term | None:
    """Return the term with each literal in the one form that all literals of its value share.

    The derived integer types share the values of ``xsd:integer``; any other datatype stays.

    >>> from pyoxigraph import Literal, NamedNode
    >>> value_of(Literal("01", datatype=NamedNode(XSD + "byte")))
    <Literal value=1 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#integer>>
    """
    if isinstance(term, Triple):
        return Triple(value_of(term.subject), term.predicate, value_of(term.object))  # type: ignore[arg-type]
    if isinstance(term, Literal) and term.language is None:
        return literal_value(term)
    return term


def literal_value(literal: Literal) -> Literal:
    """Return the one form of a datatyped literal; of an ill-typed one, the literal itself."""
    datatype = literal.datatype.value
    try:
        form = FORMS.get(datatype, str)(literal.value)
    except (ValueError, InvalidOperation):
        return literal
    return Literal(form, datatype=NamedNode(INTEGER if datatype in INTEGER_TYPES else datatype))


def integer_form(lexical_form: str) -> str:
    """Return an integer without sign and zeros that say nothing.

    >>> integer_form("+01")
    '1'
    """
    return str(int(lexical_form))


def decimal_form(lexical_form: str) -> str:
    """Return a decimal without zeros that say nothing."""
    return str(Decimal(lexical_form).normalize())


def floating_form(lexical_form: str) -> str:
    """Return the shortest form of a float or a double."""
    return repr(float(lexical_form))


def boolean_form(lexical_form: str) -> str:
    """Return ``true`` or ``false`` for a right boolean."""
    return {"1": "true", "0": "false"}.get(lexical_form, lexical_form)


def timeline_form(lexical_form: str) -> str:
    """Return a date or time without trailing zeros of a fraction, and with ``Z`` for a zero offset.

    >>> timeline_form("2005-01-01T00:00:00.50+00:00")
    '2005-01-01T00:00:00.5Z'
    """
    for zero_offset in ("+00:00", "-00:00"):
        lexical_form = lexical_form.replace(zero_offset, "Z")
    whole, dot, rest = lexical_form.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    kept = digits.rstrip("0")
    return whole + (dot + kept if kept else "") + rest[len(digits) :]


FORMS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(INTEGER_TYPES, integer_form),
    **dict.fromkeys((XSD + "double", XSD + "float"), floating_form),
    **dict.fromkeys((XSD + "dateTime", XSD + "time", XSD + "date"), timeline_form),
    XSD + "decimal": decimal_form,
    XSD + "boolean": boolean_form,
}
"""For each datatype, what gives all literals of one value one form."""
