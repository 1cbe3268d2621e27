"""Expressions evaluated with the functions of ``kg.sparql``; the one place that knows how they reach the engine."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, QuerySolutions, Store

from kg.sparql.functions import CUSTOM_AGGREGATES, CUSTOM_FUNCTIONS
from kg.sparql.literals import Term
from kg.sparql.substitutions import BUILTINS, CAST_SUBSTITUTIONS, OPERATORS, TEMPORAL_OPERATORS

PREFIXES = """
PREFIX : <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""


def solutions(query: str) -> list[Mapping[str, Term]]:
    """Return the solutions of a query on an empty dataset, without unbound variables."""
    results = Store().query(
        PREFIXES + query,
        custom_functions=dict(CUSTOM_FUNCTIONS),
        custom_aggregate_functions=dict(CUSTOM_AGGREGATES),
    )
    assert isinstance(results, QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in results]


def evaluate(expression: str, pattern: str = "") -> Term | None:
    """Return the value of an expression in the one solution of a pattern, or None for an error."""
    (solution,) = solutions(f"SELECT ({expression} AS ?value) {{ {pattern} }}")
    return solution.get("value")


def operation(name: str, *operands: str) -> str:
    """Return the expression for an operator, a function or a cast, by its token, its keyword or the type's IRI."""
    return {**OPERATORS, **BUILTINS, **TEMPORAL_OPERATORS, **CAST_SUBSTITUTIONS}[name].expression(*operands)


def call(name: str, *operands: str) -> str:
    """Return the expression that calls the function for an operator, a function or a cast, and nothing else."""
    return {**OPERATORS, **BUILTINS, **CAST_SUBSTITUTIONS}[name].call(*operands)


def quoted(text: str) -> str:
    """Return a text as a string of SPARQL."""
    return str(Literal(text))
