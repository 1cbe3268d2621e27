"""What the terms of a query denote: numbers, booleans, strings."""

from __future__ import annotations

from typing import TypeAlias, TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.sparql.numbers import XSD, Number, parse

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LANGUAGE_TAGGED_TYPES = frozenset({RDF + "langString", RDF + "dirLangString"})
TEXT_TYPES = LANGUAGE_TAGGED_TYPES | {XSD + "string"}

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""The lexical forms of xsd:boolean."""


def number_literal(number: Number) -> Literal:
    """Return the literal that denotes a number."""
    return Literal(number.lexical_form, datatype=NamedNode(number.type.iri))


def number_of(term: Term) -> Number | None:
    """Return the number that a term denotes, or None where it denotes none."""
    return parse(term.value, term.datatype.value) if isinstance(term, Literal) else None


def boolean_of(term: Term) -> bool | None:
    """Return the boolean that a term denotes, or None where it denotes none."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "boolean":
        return BOOLEANS.get(term.value)
    return None


def string_of(term: Term) -> str | None:
    """Return the string that a term denotes, or None where it denotes none; text with a language tag is none."""
    if isinstance(term, Literal) and term.datatype.value == XSD + "string":
        return term.value
    return None


def is_text(term: Term) -> TypeGuard[Literal]:
    """Return whether a term is a string literal: one of xsd:string or with a language tag (SPARQL 1.1, 17.4.3)."""
    return isinstance(term, Literal) and term.datatype.value in TEXT_TYPES


def with_text(literal: Literal, text: str) -> Literal:
    """Return a string literal of the same kind and language with another text."""
    if literal.language is None:
        return Literal(text)
    return Literal(text, language=literal.language, direction=literal.direction)
