"""The review of a page: every rule asked, every finding put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.domain import City, Doubt, Exchange, Page
from kg.source.findings import agreements, comparison, dates, figures, headings, lines, units, wording
from kg.source.findings.rules import Finding, doubt_of

_OF_PAGE: tuple[Callable[[Page], Iterator[Finding]], ...] = (
    headings.of_page,
    comparison.of_page,
    dates.of_page,
    wording.of_page,
)
_OF_CITY: tuple[Callable[[Page, City], Iterator[Finding]], ...] = (
    headings.of_city,
    agreements.of_city,
    figures.of_city,
    units.of_city,
    comparison.of_city,
    wording.of_city,
)
_OF_EXCHANGE: tuple[Callable[[Page, City, Exchange], Iterator[Finding]], ...] = (
    agreements.of_exchange,
    dates.of_exchange,
    lines.of_exchange,
)


def find_doubts(page: Page) -> tuple[Doubt, ...]:
    """Return every doubt that a rule has about the page, in the order of the rules."""
    texts = [line.text for line in page.lines]
    return tuple(doubt_of(finding, texts) for finding in _findings(page))


def _findings(page: Page) -> Iterator[Finding]:
    for of_page in _OF_PAGE:
        yield from of_page(page)
    for city in page.cities:
        for of_city in _OF_CITY:
            yield from of_city(page, city)
        for exchange in city.exchanges:
            for one in (exchange, *exchange.notes):
                for of_exchange in _OF_EXCHANGE:
                    yield from of_exchange(page, city, one)
