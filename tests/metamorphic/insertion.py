"""Writes what a query finds as an update, ``INSERT { … } WHERE { … }``, and reads the solutions back.

A template has its own blank nodes for each solution (SPARQL 1.1 Update, section 3.1.3), so each is a node with a triple
for each variable that is bound: a set of triples that keeps a bag of solutions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from conformance.solutions import Solutions, solutions
from conformance.terms import Row, Term
from metamorphic.datasets import place_of_dataset, without_dataset
from metamorphic.groups import closing, inside
from metamorphic.naming import prologue_end
from metamorphic.nesting import dataset_clauses
from metamorphic.tokens import Token, Tokens, render, tokens_of

SCRATCH = "http://example.org/scratch"
_SOLUTION = "http://example.org/solution"
_VARIABLE = "http://example.org/variable#"


def as_insertion(tokens: Tokens, variables: Sequence[str], using: Iterable[str] = (), before: str = "") -> str:
    """Return a query as an update that writes its solutions, its truth or its triples into the scratch graph.

    ``using`` gives USING clauses for a query that names no dataset: the WHERE of an update sees the default graph of
    the store alone. ``before`` is an operation, with its semicolon, to carry out first.
    """
    start = prologue_end(tokens)
    dataset = list(dataset_clauses(tokens))
    named = [token for clause in dataset for token in using_clause(inside(tokens, clause))]
    clauses = named if dataset else [token for clause in using for token in tokens_of(clause)]
    opening, ending = tokens_of(f"{before} INSERT {{ GRAPH <{SCRATCH}>"), tokens_of("} WHERE")
    ending[1:1] = clauses
    body = without_dataset(tokens[start:])
    written = [*tokens[:start], *opening, *template(body, variables), *ending, *pattern(body)]
    return render(written)


def is_selection(tokens: Tokens) -> bool:
    """Tell whether a request is a SELECT query."""
    return tokens[prologue_end(tokens)].is_keyword("SELECT")


def using_clause(clause: Sequence[Token]) -> list[Token]:
    """Return a FROM clause as the USING clause of an update."""
    return [Token("keyword", "USING", "\n"), *clause[1:]]


def template(query: Tokens, variables: Sequence[str]) -> list[Token]:
    """Return the template for what a query gives."""
    if query[0].is_keyword("CONSTRUCT"):
        start = next(place for place, token in enumerate(query) if token.is_mark("{"))
        return list(query[start : closing(query, start)])
    found = "".join(f" ; <{_VARIABLE}{name}> ?{name}" for name in variables)
    return tokens_of(f"{{ _:each.solution <{_SOLUTION}> true{found} }}")


def pattern(query: Tokens) -> list[Token]:
    """Return the pattern of a query; what a pattern alone cannot say stays a query, inside it."""
    start = place_of_dataset(query)
    start += start < len(query) and query[start].is_keyword("WHERE")
    is_plain = closing(query, start) == len(query) and all(is_plain_token(token) for token in query[1:start])
    if is_plain or query[0].is_keyword("ASK", "CONSTRUCT"):
        return list(query[start:])
    return [*tokens_of("{ {"), *query, *tokens_of("} }")]


def is_plain_token(token: Token) -> bool:
    """Tell whether a token of a SELECT clause only names variables."""
    return token.kind == "variable" or token.is_mark("*") or token.is_keyword("WHERE")


def read_solutions(rows: Iterable[Row], variables: Sequence[str]) -> Solutions:
    """Read the solutions back from the triples of the scratch graph."""
    found: dict[Term | None, dict[str, Term]] = {}
    for subject, predicate, value in rows:
        binding = found.setdefault(subject, {})
        if isinstance(predicate, NamedNode) and predicate.value.startswith(_VARIABLE) and value is not None:
            binding[predicate.value.removeprefix(_VARIABLE)] = value
    return solutions(variables, found.values())
