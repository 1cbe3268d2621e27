"""Doubts that several lines together give: repetitions, order, spellings and persons."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from kg.domain import City, Exchange, Occurrence, Page
from kg.source.findings.rules import Finding

_ALIKE = 0.75


def of_page(page: Page) -> Iterator[Finding]:
    """Yield the persons who hold different offices in different lines."""
    delegations = [one for _, exchange in page.exchanges() for one in exchange.delegations if one.person]
    for one, other in combinations(delegations, 2):
        if one.person == other.person and one.label != other.label:
            parameters = {"person": one.person, "office": one.label}
            yield Finding("two-offices", other.places["person"], f"{other.person} {other.label}", parameters)


def of_city(_page: Page, city: City) -> Iterator[Finding]:
    """Yield the exchanges that seem listed twice or out of order, and occasions with several spellings."""
    dated = [(exchange, occurrence) for exchange in city.exchanges for occurrence in exchange.occurrences]
    for (one, first), (other, second) in combinations(dated, 2):
        if one is not other and _are_alike(one, other) and _coincide(first, second):
            line = first.places["date"].line
            yield Finding("listed-twice", second.places["date"], second.date.edtf, {"line": line})
    for one, other in pairwise(exchange for exchange in city.exchanges if exchange.occurrences):
        if other.start < one.start:
            earliest = min(other.occurrences, key=lambda occurrence: occurrence.date.start)
            yield Finding("out-of-order", earliest.places["date"], earliest.date.edtf)
    yield from _occasions(city)


def _are_alike(one: Exchange, other: Exchange) -> bool:
    same_topic = bool(set(one.topics) & set(other.topics)) or one.description == other.description
    return same_topic and one.primary_kind == other.primary_kind


def _coincide(first: Occurrence, second: Occurrence) -> bool:
    opposite = {first.direction, second.direction} == {"to-seocho", "from-seocho"}
    return first.date == second.date and not opposite


def _occasions(city: City) -> Iterator[Finding]:
    """Yield each occasion that looks like an earlier one of the section, once."""
    named: list[str] = []
    for exchange in city.exchanges:
        for name in exchange.occasions:
            first = next((other for other in named if _is_spelling_of(name, other)), None)
            if first is not None and name not in named:
                yield Finding("occasion-spelled-differently", exchange.places["description"], name, {"first": first})
            named.append(name)


def _is_spelling_of(name: str, other: str) -> bool:
    one, two = name.replace(" ", ""), other.replace(" ", "")
    numbered = any(character.isdigit() for character in one + two)
    return name != other and not numbered and SequenceMatcher(None, one, two).ratio() >= _ALIKE
