"""Doubts about how one exchange line was read: kind, direction, people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.domain import City, Exchange, Page
from kg.source.documents import is_of_others
from kg.source.findings.rules import Finding, printed_at

_HEAD_COUNT = re.compile(r"(?P<count>(?<![\d,])\d[\d,]{0,8})\s*여?\s*(?:명(?!소|의로|예|칭)|인(?=[\s,)이과와]|$))")


def of_exchange(page: Page, city: City, exchange: Exchange) -> Iterator[Finding]:
    """Yield the findings about the parse of one line."""
    place = exchange.places["description"]
    if exchange.primary_kind is None:
        yield Finding("unclassified", place)
    yield from _direction(exchange)
    kinds = {exchange.primary_kind, *exchange.further_kinds}
    brackets = {occurrence.bracket for occurrence in exchange.occurrences}
    if len(exchange.occurrences) > 1 and len(brackets) == 1 and {"signing", "visit"} <= kinds:
        yield Finding("acts-and-dates", place, ", ".join(one.date.edtf for one in exchange.occurrences))
    yield from _strangers(city, exchange)
    text = exchange.description
    if "signing" in kinds and exchange.status == "held" and not exchange.concludes and is_of_others(text):
        yield Finding("agreement-of-others", place)
    if exchange.status != "held":
        yield Finding("not-held", exchange.places.get("status", place), exchange.status)
    yield from _head_counts(page, exchange)


def _direction(exchange: Exchange) -> Iterator[Finding]:
    place = exchange.places["description"]
    received = exchange.direction == "to-seocho" and bool(exchange.items)
    actor = exchange.delegations[0].whose[0].path[-1] if exchange.delegations else ""
    if received and not exchange.direction_stated and f"{actor}," in exchange.description:
        yield Finding("contradictory-direction", place, "서초구가 받음")
    elif exchange.direction == "unstated":
        yield Finding("direction-unstated", place)
    elif not exchange.direction_stated:
        yield Finding("direction-inferred", place, exchange.direction)


def _strangers(city: City, exchange: Exchange) -> Iterator[Finding]:
    """Yield the delegations that come neither from Seocho nor from the city nor from what lies above it."""
    for delegation in exchange.delegations:
        for party in delegation.whose:
            if not party.is_home and city.path[: len(party.path)] != party.path and "label" in delegation.places:
                parameters = {"city": city.name, "other": party.path[-1]}
                yield Finding("other-city", delegation.places["label"], party.path[-1], parameters)


def _head_counts(page: Page, exchange: Exchange) -> Iterator[Finding]:
    place = exchange.places["description"]
    text = printed_at(page, place)
    read = {one.places["head_count"].start for one in exchange.delegations if "head_count" in one.places}
    for match in _HEAD_COUNT.finditer(text):
        if place.start + match.start("count") not in read:
            yield Finding("head-count-unread", place.within(*match.span()))
