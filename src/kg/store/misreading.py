"""Finds what the grammar of SPARQL refuses and the engine accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.store.brackets import is_triple_term, match_brackets, outside_braces
from kg.store.syntax import Token, capitals, tokens

AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
LONGEST_TEXT = 200_000
"""Characters; a longer text goes to the engine as it came."""

_AGGREGATE = f"(?:{'|'.join(AGGREGATES)})"
_HOLDING_NONE = re.compile(rf"\b{_AGGREGATE}\s*\([^(){{}}<#\\\"']*\)")
"""An aggregate that no bracket opens in, and so no other aggregate; ``\\0`` stands for it from then on."""
_IN_AGGREGATE = re.compile(rf"\b{_AGGREGATE}\s*\([^{{}}]*?(?:\0|\b{_AGGREGATE}\s*\()")
_AFTER_VARIABLE = re.compile(r"[?$]\w+<[^\s<>]*>")
_SUBJECTS = ("iri", "name", "variable")


@dataclass(frozen=True)
class Misreading:
    """A text that the engine accepts and the grammar refuses: what is wrong, and where (characters from 0)."""

    what: str
    start: int


def misreadings(query: str) -> Iterator[Misreading]:
    """Yield what the grammar refuses and the engine accepts.

    >>> [found.what for found in misreadings("SELECT (COUNT(COUNT(*)) AS ?c) {}")]
    ['COUNT stands inside COUNT: an aggregate cannot be aggregated']
    """
    if len(query) > LONGEST_TEXT or not _is_touched(query):
        return
    found = tuple(tokens(query))
    closing = match_brackets(found)
    for place in closing:
        if found[place].text == "(" and begins_expression(found, place):
            yield from wrong_subjects(found, place, closing)
            yield from iris_after_variables(found, place, closing)
            if found[place - 1].is_word(*AGGREGATES):
                yield from nested_aggregates(found, place - 1, closing)


def _is_touched(query: str) -> bool:
    """Tell, without reading tokens, whether anything of it may be found; most queries need no more than this."""
    found = capitals(query)
    if "<<(" in found or _AFTER_VARIABLE.search(found):
        return True
    has_two = sum(map(found.count, AGGREGATES)) > 1
    return has_two and _IN_AGGREGATE.search(_HOLDING_NONE.sub("\0", found)) is not None


def begins_expression(found: Sequence[Token], place: int) -> bool:
    """Tell whether a bracket follows a word such as FILTER, BIND, SELECT or a function, and so holds expressions."""
    return place > 0 and found[place - 1].kind == "word" and not found[place - 1].is_word("A", "VALUES", "UNDEF")


def wrong_subjects(found: Sequence[Token], place: int, closing: dict[int, int]) -> Iterator[Misreading]:
    """Yield subjects of triple terms that are neither IRI nor variable: expressions allow no others."""
    for inner in outside_braces(found, place + 1, closing[place], closing, with_triple_terms=True):
        subject = found[inner + 1]
        if found[inner].text == "(" and is_triple_term(found, inner) and subject.kind not in _SUBJECTS:
            yield Misreading("the subject of a triple term in an expression is an IRI or a variable", subject.start)


def nested_aggregates(found: Sequence[Token], place: int, closing: dict[int, int]) -> Iterator[Misreading]:
    """Yield aggregates inside an aggregate's brackets, a subquery in braces apart."""
    for inner in outside_braces(found, place + 2, closing[place + 1], closing):
        if found[inner].is_word(*AGGREGATES) and found[inner + 1].text == "(":
            what = f"{found[inner].text} stands inside {found[place].text}: an aggregate cannot be aggregated"
            yield Misreading(what, found[inner].start)


def iris_after_variables(found: Sequence[Token], place: int, closing: dict[int, int]) -> Iterator[Misreading]:
    """Yield ``<`` that the longest token makes the beginning of an IRI: no operator stands before it."""
    for inner in outside_braces(found, place + 1, closing[place], closing):
        if found[inner].kind == "iri" and found[inner - 1].kind == "variable":
            yield Misreading(f"{found[inner].text} reads as an IRI; put a space after <", found[inner].start)
