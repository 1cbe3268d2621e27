"""Doubts about the dates of exchanges: their form, and what they say beside the agreement and the page's own date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.domain import City, DateSpan, Exchange, Occurrence, Page
from kg.source.brackets import blank_out, date_brackets
from kg.source.dates import APPROXIMATE
from kg.source.findings.rules import Finding, printed_at

_FOUNDED = 1988
"""The year in which Seocho was founded."""
_WRITTEN_OUT = re.compile(r"\d\s*년|\d\s*월")
_HAS_YEAR = re.compile(r"\d{4}|['’‘´]\s?\d{2}")
_OUTSIDE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}\s*(?:년(?!\s*(?:전|대(?!표)|간|부터|산|생|도))(?:\s*\d{1,2}\s*월)?|\.\s*\d{1,2})"
)


def of_page(page: Page) -> Iterator[Finding]:
    """Yield the dates that are written in another form, or less precisely, than most of the page."""
    printed = [one for _, line in page.exchanges() for each in (line, *line.notes) for one in each.occurrences]
    dotted = [one for one in printed if not _WRITTEN_OUT.search(one.printed)]
    if len(dotted) * 2 < len(printed):
        for one in dotted:
            yield Finding("date-form-differs", one.places["date"], one.date.edtf)
    years = [one for one in printed if one.date.precision == "year"]
    if len(years) * 2 < len(printed):
        for one in years:
            yield Finding("date-year-only", one.places["date"], one.date.edtf)


def of_exchange(page: Page, city: City, exchange: Exchange) -> Iterator[Finding]:
    """Yield the findings about the dates of one line."""
    place = exchange.places["description"]
    text = printed_at(page, place)
    brackets, faults = date_brackets(text)
    if not brackets and not faults:
        yield Finding("undated", place)
    for match in _OUTSIDE.finditer(blank_out(text, brackets)):
        if not any(fault.inside <= match.start() < fault.end for fault in faults):
            yield Finding("date-outside-brackets", place.within(*match.span()))
    agreement = city.agreement.date if city.agreement else None
    modified = page.metadata.last_modified
    yield from _assumed(exchange)
    for occurrence in exchange.occurrences:
        if modified and occurrence.date.start > modified:
            yield Finding("after-last-modified", occurrence.places["date"], occurrence.date.edtf)
        if agreement:
            yield from _beside_agreement(exchange, occurrence, agreement)
        yield from _anniversaries(exchange, occurrence, agreement)


def _assumed(exchange: Exchange) -> Iterator[Finding]:
    """Yield the dates whose year or precision the page leaves open."""
    for before, one in zip((None, *exchange.occurrences), exchange.occurrences, strict=False):
        place, span = one.places["date"], one.date
        if re.search(rf"[월년.\d]\s*(?:{APPROXIMATE})(?![가-힣])", one.printed):
            yield Finding("date-approximate", place, span.edtf)
        follows = before is not None and before.bracket == one.bracket and not _HAS_YEAR.search(one.printed)
        turned = (
            span.last is not None and span.last.year != span.first.year and len(_HAS_YEAR.findall(one.printed)) == 1
        )
        if turned or (
            follows and before and (span.start < before.date.start or span.start.year > before.date.end.year)
        ):
            yield Finding("year-assumed", place, span.edtf)


def _beside_agreement(exchange: Exchange, occurrence: Occurrence, agreement: DateSpan) -> Iterator[Finding]:
    place, span = occurrence.places["date"], occurrence.date
    if _same_day_of_another_year(span, agreement):
        yield Finding("same-day-as-agreement", place, span.edtf)
    commemorates = "agreement-anniversary" in exchange.topics and agreement.first.month
    if commemorates and span.first.month not in {None, agreement.first.month}:
        yield Finding("commemorated-off-season", place, span.edtf, {"month": agreement.first.month})


def _same_day_of_another_year(span: DateSpan, agreement: DateSpan) -> bool:
    one, other = span.first, agreement.first
    return one.day is not None and (one.month, one.day) == (other.month, other.day) and one.year != other.year


def _anniversaries(exchange: Exchange, occurrence: Occurrence, agreement: DateSpan | None) -> Iterator[Finding]:
    for anniversary in exchange.anniversaries:
        if anniversary.of == "agreement" and agreement is None:
            continue
        year = agreement.first.year if agreement and anniversary.of == "agreement" else _FOUNDED
        ordinal = occurrence.date.first.year - year
        if ordinal != anniversary.ordinal:
            parameters = {"year": year, "ordinal": ordinal}
            yield Finding("anniversary-differs", anniversary.places["ordinal"], str(ordinal), parameters)
