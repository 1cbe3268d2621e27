"""Functions that the engine calls where its own are wrong or stop short."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.sparql.aggregates import custom_aggregates
from kg.sparql.arithmetic import absolute, add, ceiling, divide, floor, multiply, negate, round_half_up, subtract
from kg.sparql.casts import CASTS, to_string
from kg.sparql.literals import Term, is_text, number_literal, number_of, string_of, with_text
from kg.sparql.numbers import Number, is_beyond_engine
from kg.sparql.operators import effective_boolean_value, equal, less, less_or_equal
from kg.sparql.ordering import sort_key
from kg.sparql.overflow import note_overflow
from kg.sparql.regular_expressions import matches, replace
from kg.sparql.substitutions import FUNCTION_NAMESPACE, NO_VALUE
from kg.sparql.substrings import substring

Function = Callable[..., Term | None]


CUSTOM_AGGREGATES = custom_aggregates(FUNCTION_NAMESPACE)
"""For the engine's ``custom_aggregate_functions``."""


def _no_total() -> None:
    """Stand for a sum or an average that is an error to the engine: its numbers may have been too large."""
    note_overflow()


def _boolean(function: Callable[..., bool | None]) -> Function:
    def evaluate(*terms: Term) -> Term | None:
        result = function(*terms)
        return None if result is None else Literal(result)

    return evaluate


def _numeric(function: Callable[..., Number]) -> Function:
    def evaluate(*terms: Term) -> Term | None:
        numbers = [number_of(term) for term in terms]
        return None if None in numbers else number_literal(function(*numbers))

    return _noting(evaluate)


def _noting(function: Function) -> Function:
    """Return a function that notes where it gives a number that the engine cannot hold."""

    def evaluate(*terms: Term) -> Term | None:
        result = function(*terms)
        if isinstance(result, Literal) and is_beyond_engine(result.value, result.datatype.value):
            note_overflow()
        return result

    return evaluate


def _negated(function: Callable[..., bool | None]) -> Callable[..., bool | None]:
    def evaluate(*terms: Term) -> bool | None:
        result = function(*terms)
        return None if result is None else not result

    return evaluate


def _blank_node(solution: Term, text: Term) -> Term | None:
    """Return one blank node for a solution and a string (SPARQL 1.1, 17.4.2.9)."""
    key, name = string_of(solution), string_of(text)
    if key is None or name is None:
        return None
    return BlankNode("b" + hashlib.sha256(f"{key}\n{name}".encode()).hexdigest()[:32])


def _is_one_of(term: Term, *items: Term) -> bool | None:
    """Return ``term IN (items)``: true wins over an error (SPARQL 1.1, 17.4.1.9)."""
    results = {None if item == NO_VALUE else equal(term, item) for item in items}
    return True if True in results else None if None in results else False


def _regex(text: Term, pattern: Term, flags: Term = Literal("")) -> bool | None:  # noqa: B008 - a literal never changes
    expression, options = string_of(pattern), string_of(flags)
    if not is_text(text) or expression is None or options is None:
        return None
    return matches(text.value, expression, options)


def _replace(text: Term, pattern: Term, replacement: Term, flags: Term = Literal("")) -> Term | None:  # noqa: B008
    expression, by, options = string_of(pattern), string_of(replacement), string_of(flags)
    if not is_text(text) or expression is None or by is None or options is None:
        return None
    return with_text(text, replace(text.value, expression, by, options))


_IMPLEMENTATIONS: Mapping[str, Function] = {
    "equal": _boolean(equal),
    "not-equal": _boolean(_negated(equal)),
    "less-than": _boolean(less),
    "greater-than": _boolean(lambda a, b: less(b, a)),
    "less-than-or-equal": _boolean(less_or_equal),
    "greater-than-or-equal": _boolean(lambda a, b: less_or_equal(b, a)),
    "add": _numeric(add),
    "subtract": _numeric(subtract),
    "multiply": _numeric(multiply),
    "divide": _numeric(divide),
    "unary-plus": _numeric(lambda a: a),
    "unary-minus": _numeric(negate),
    "is-one-of": _boolean(_is_one_of),
    "effective-boolean-value": _boolean(effective_boolean_value),
    "abs": _numeric(absolute),
    "ceil": _numeric(ceiling),
    "floor": _numeric(floor),
    "round": _numeric(round_half_up),
    "substr": substring,
    "is-numeric": _boolean(lambda term: number_of(term) is not None),
    "str": to_string,
    "regex": _boolean(_regex),
    "replace": _replace,
    "blank-node": _blank_node,
    "sort-key": lambda term: Literal(sort_key(term)),
    "no-total": _no_total,
    **{f"cast-{name}": _noting(cast) for name, cast in CASTS.items()},
}

CUSTOM_FUNCTIONS: Mapping[NamedNode, Function] = {
    NamedNode(FUNCTION_NAMESPACE + name): function for name, function in _IMPLEMENTATIONS.items()
}
"""For the engine's ``custom_functions``."""
