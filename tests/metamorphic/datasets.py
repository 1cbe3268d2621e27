"""Rewritings of the dataset: named in the query, named by the protocol, or not at all (SPARQL 1.1 Query, 13.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from metamorphic.base_queries import SMALL_GRAPHS
from metamorphic.groups import closing
from metamorphic.naming import iri_of, prefixes, prologue_end
from metamorphic.nesting import dataset_clauses
from metamorphic.requests import QUERIED_GRAPHS, Parameters, Request
from metamorphic.tokens import Token, Tokens, tokens_of

NAMED_GRAPHS = (*QUERIED_GRAPHS, *SMALL_GRAPHS)
"""All that ``GRAPH ?g`` sees in a query that names no dataset."""

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PARAMETERS = {False: "default-graph-uri", True: "named-graph-uri"}


def spelled_out(request: Request, _random: Random) -> Request:
    """Name the dataset that a query without one sees: five graphs merged, and all named graphs."""
    if request.parameters or not is_query(request.tokens) or list(dataset_clauses(request.tokens)):
        return request
    return replace(request, tokens=with_dataset(request.tokens, QUERIED_GRAPHS, NAMED_GRAPHS))


def moved(request: Request, _random: Random) -> Request:
    """Have the protocol name the dataset of a query, or the query that of the protocol (SPARQL 1.1 Protocol, 2.1.4)."""
    if not is_query(request.tokens):
        return request
    if request.parameters:
        graphs = [[iri for name, iri in request.parameters if name == kind] for kind in _PARAMETERS.values()]
        return Request(with_dataset(request.tokens, *graphs))
    return Request(without_dataset(request.tokens), parameters_of(request.tokens))


def is_query(tokens: Tokens) -> bool:
    """Tell whether a request is a query."""
    return tokens[prologue_end(tokens)].is_keyword(*_FORMS)


def with_dataset(tokens: Tokens, default: Sequence[str], named: Sequence[str]) -> list[Token]:
    """Return a query with FROM clauses before its pattern."""
    clauses = [f"FROM <{iri}>" for iri in default] + [f"FROM NAMED <{iri}>" for iri in named]
    place = place_of_dataset(tokens)
    return [*tokens[:place], *tokens_of("\n".join(clauses)), *tokens[place:]]


def place_of_dataset(tokens: Tokens) -> int:
    """Return the place of WHERE, of the pattern where that word is missing, or the end of a query without a pattern."""
    place = prologue_end(tokens)
    if tokens[place].is_keyword("CONSTRUCT") and tokens[place + 1].is_mark("{"):
        place = closing(tokens, place + 1)
    while place < len(tokens) and not tokens[place].is_mark("{") and not tokens[place].is_keyword("WHERE"):
        place += 1
    return place


def without_dataset(tokens: Tokens) -> list[Token]:
    """Return a query without its FROM clauses."""
    taken = {place for clause in dataset_clauses(tokens) for place in range(clause.start, clause.end)}
    return [token for place, token in enumerate(tokens) if place not in taken]


def parameters_of(tokens: Tokens) -> Parameters:
    """Return the graphs that FROM clauses name as parameters of the protocol."""
    namespaces = prefixes(tokens)
    clauses = [(clause.end - clause.start == 3, tokens[clause.end - 1]) for clause in dataset_clauses(tokens)]
    return tuple((_PARAMETERS[is_named], iri_at(token, namespaces)) for is_named, token in clauses)


def iri_at(token: Token, namespaces: dict[str, str]) -> str:
    """Return the IRI that a token names."""
    return token.text[1:-1] if token.kind == "iri" else iri_of(token.text, namespaces)
