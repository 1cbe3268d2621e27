"""Asks the engine a query as the specification reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kg.store.misreading import misreadings
from kg.store.parsing import is_absolute_iri
from kg.store.rewriting import Knowledge, is_touched, rewrite, with_select_variables_replaced
from kg.store.syntax import Token, tokens

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
REUSED_VARIABLE = "variable that is unbound"

_T = TypeVar("_T")


def read(text: str, ask: Callable[[str], _T], terms: Callable[[_T], Sequence[str]]) -> _T:
    """Ask a query, rewritten where it must be; a rewritten text that does not parse is asked as it came.

    ``ask`` asks the engine, with the request's dataset; ``terms`` gives the terms of the first column of solutions as
    SPARQL text, and for a boolean something or nothing.

    :raises SyntaxError: with line and column in the text as it came
    """
    for found in misreadings(text):
        raise SyntaxError(f"error at {place(text, found.start)}: {found.what}")
    rewritten = rewrite(text, knowledge(text, ask, terms)) if is_touched(text) else text
    try:
        return ask(rewritten)
    except SyntaxError as error:
        candidates = [with_select_variables_replaced(rewritten)] if REUSED_VARIABLE in str(error) else []
    for candidate in [*candidates, text]:
        try:
            return ask(candidate)
        except SyntaxError:
            if candidate == text:
                raise
    raise AssertionError("the text as it came is the last candidate")


def knowledge(text: str, ask: Callable[[str], _T], terms: Callable[[_T], Sequence[str]]) -> Knowledge:
    """Return what the rules may ask, answered by the engine behind the query's own prologue and dataset."""

    def named_graphs() -> Sequence[str] | None:
        clauses = dataset_clauses(text)
        if clauses:
            return [name for _, is_named, name in clauses if is_named]
        names = terms(ask("SELECT DISTINCT ?graph { GRAPH ?graph {} } ORDER BY ?graph"))
        return None if any(name.startswith("_:") for name in names) else names

    def is_node(term: str, graph: str | None) -> bool:
        pattern = f"{{ {term} ?p ?o }} UNION {{ ?s ?p {term} }}"
        pattern = f"GRAPH {graph} {{ {pattern} }}" if graph else pattern
        clauses = " ".join(clause for clause, _, _ in dataset_clauses(text))
        return bool(terms(ask(f"{prologue(text)} ASK {clauses} {{ {pattern} }}")))

    return Knowledge(named_graphs, is_node)


def prologue(text: str) -> str:
    """Return what stands before the query form.

    >>> prologue("PREFIX select: <http://example.org/> SELECT * {}")
    'PREFIX select: <http://example.org/> '
    """
    starts = (token.start for token in tokens(text) if token.is_word(*FORMS))
    return text[: next(starts, 0)]


def prefixes(text: str) -> dict[str, str]:
    """Return the prefixes that a query declares for absolute IRIs: an answer in Turtle is written with them.

    >>> prefixes("PREFIX kg: <http://a/#> PREFIX r: <b> ASK {}")
    {'kg': 'http://a/#'}
    """
    found = list(tokens(prologue(text))) if "PREFIX" in text.upper() else []
    return {
        name.text[:-1]: iri.text[1:-1]
        for keyword, name, iri in zip(found, found[1:], found[2:], strict=False)
        if keyword.is_word("PREFIX") and name.text.endswith(":") and is_absolute_iri(iri.text[1:-1])
    }


def dataset_clauses(text: str) -> list[tuple[str, bool, str]]:
    """Return each FROM clause: its text, whether it is NAMED, and the name as it stands.

    >>> dataset_clauses("ASK FROM <a> FROM NAMED :b {}")
    [('FROM <a>', False, '<a>'), ('FROM NAMED :b', True, ':b')]
    """
    found: list[Token] = list(tokens(text)) if "FROM" in text.upper() else []
    clauses = []
    for place_, token in enumerate(found[:-2]):
        if token.is_word("FROM"):
            is_named = found[place_ + 1].is_word("NAMED")
            name = found[place_ + 2 if is_named else place_ + 1].text
            clauses.append((f"FROM {'NAMED ' if is_named else ''}{name}", is_named, name))
    return clauses


def place(text: str, start: int) -> str:
    r"""Return line and column, both from 1, as the engine writes them.

    >>> place("ASK {\n  ?x", 8)
    '2:3'
    """
    before = text[:start]
    return f"{before.count(chr(10)) + 1}:{start - before.rfind(chr(10))}"
