"""Finds brackets that belong together among the tokens of a query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.store.syntax import Token

_OPENING = {"(": ")", "{": "}", "[": "]"}


def end_of(found: Sequence[Token]) -> int:
    """Return where the last token ends."""
    return found[-1].start + len(found[-1].text) if found else 0


def match_brackets(found: Sequence[Token]) -> dict[int, int]:
    """Return for each opening bracket the place of its closing one."""
    closing: dict[int, int] = {}
    open_brackets: list[int] = []
    for place, token in enumerate(found):
        if token.kind == "sign" and token.text in _OPENING:
            open_brackets.append(place)
        elif open_brackets and token.kind == "sign" and token.text == _OPENING[found[open_brackets[-1]].text]:
            closing[open_brackets.pop()] = place
    return closing


def is_triple_term(found: Sequence[Token], place: int) -> bool:
    """Tell whether the bracket ends ``<<(``."""
    start = found[place].start
    return [token.start for token in found[max(place - 2, 0) : place] if token.text == "<"] == [start - 2, start - 1]


def outside_braces(
    found: Sequence[Token], start: int, end: int, closing: dict[int, int], *, with_triple_terms: bool = False
) -> Iterator[int]:
    """Yield the places between, without those in braces and, unless they are asked for, in triple terms."""
    place = start
    while place < end:
        is_apart = found[place].text == "(" and is_triple_term(found, place) and not with_triple_terms
        if found[place].text == "{" or is_apart:
            place = closing.get(place, end)
        else:
            yield place
        place += 1
