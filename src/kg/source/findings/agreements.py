"""Doubts about the agreement of a section, alone and against the list of exchanges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.domain import Agreement, City, Exchange, Page
from kg.source.brackets import date_brackets
from kg.source.findings.rules import Finding, printed_at

_PRECISIONS = ("day", "month", "year")
_SISTER = re.compile(r"자매(?:결연|도시)?")
_FURTHER = re.compile(r"(?<=\s)및\s[가-힣]+(?=\s우호|\s자매)")
_OF_A_TIE = re.compile(r"우호|자매|결연")


def of_city(page: Page, city: City) -> Iterator[Finding]:
    """Yield the findings about the agreement of a city."""
    agreement = city.agreement
    if agreement is None or agreement.date is None:
        yield Finding("agreement-undated", city.places["title"])
    else:
        date = agreement.places["date"]
        if agreement.date.precision != "day":
            yield Finding("agreement-imprecise", date, agreement.date.edtf)
        lines = [one for exchange in city.exchanges for one in (exchange, *exchange.notes)]
        if not any(line.concludes_founding for line in lines):
            intended = any(line.intends_founding for line in lines)
            yield Finding("signing-only-intended" if intended else "no-signing-line", date, agreement.date.edtf)
    if agreement is not None and agreement.title:
        yield from _title(page, city, agreement)
        yield from _background(agreement)


def _title(page: Page, city: City, agreement: Agreement) -> Iterator[Finding]:
    place = agreement.places["title"]
    if agreement.instrument is None:
        yield Finding("instrument-unknown", place)
    if agreement.instrument == "letter-of-intent":
        yield Finding("founded-on-intent", place, "의향서", {"city": city.name})
    if agreement.title.endswith(("조인", "체결")):
        yield Finding("title-names-act", place, agreement.title[:-2].strip())
    concluded = agreement.places.get("concluded_in", agreement.places.get("method"))
    behind = re.match(r"\s*\)\s*(\S.*)", page.lines[place.line - 1].text[concluded.end - 1 :]) if concluded else None
    if concluded and behind:
        start = concluded.end - concluded.start + behind.start(1)
        yield Finding("title-words-unread", concluded.within(start, start + len(behind[1].rstrip())))
    further = _FURTHER.search(agreement.title)
    if further:
        yield Finding("further-party", place.within(*further.span()))


def _background(agreement: Agreement) -> Iterator[Finding]:
    """Yield the words of a sister tie where the document founds a friendship."""
    sister = _SISTER.search(agreement.background or "")
    if sister and "우호" in agreement.title and "자매" not in agreement.title:
        place = agreement.places["background"].within(*sister.span())
        yield Finding("sister-or-friendship", place, "우호", {"title": agreement.title})
    chair = re.search(r"구의장", agreement.background or "")
    if chair:
        yield Finding("unclear-office", agreement.places["background"].within(*chair.span()), "구의회 의장")


def of_exchange(page: Page, city: City, exchange: Exchange) -> Iterator[Finding]:
    """Yield where an exchange line tells of the agreement otherwise than its section."""
    agreement = city.agreement
    if agreement is None or agreement.date is None:
        return
    place = exchange.places.get("purpose", exchange.places["description"])
    if exchange.intends_founding and exchange.intended_instrument != agreement.instrument:
        yield Finding("instrument-differs", place, agreement.title, {"title": agreement.title})
    if exchange.intends_founding or exchange.concludes_founding:
        for occurrence in exchange.occurrences:
            if _PRECISIONS.index(occurrence.date.precision) > _PRECISIONS.index(agreement.date.precision):
                yield Finding("coarser-than-agreement", occurrence.places["date"], agreement.date.edtf)
    if exchange.concludes_founding:
        yield from _place_of_founding(page, agreement, exchange)
    for document in exchange.concludes:
        yield from _second_founding(agreement, document)


def _place_of_founding(page: Page, agreement: Agreement, exchange: Exchange) -> Iterator[Finding]:
    """Yield the place of the founding agreement where its exchange line names another than its section."""
    place = exchange.places["description"]
    for bracket in date_brackets(printed_at(page, place))[0]:
        named, start = bracket.dates.place, bracket.inside + bracket.dates.place_start
        if named and agreement.concluded_in and agreement.concluded_in not in named:
            at = place.within(start, start + len(named))
            yield Finding("agreement-place-differs", at, named, {"place": agreement.concluded_in})


def _second_founding(agreement: Agreement, document: Agreement) -> Iterator[Finding]:
    """Yield a document like the founding one that has another date."""
    same = document.instrument == agreement.instrument and document.parties == agreement.parties
    if same and document.date and agreement.date and _OF_A_TIE.search(document.title):
        yield Finding(
            "agreement-date-differs", document.places["date"], document.date.edtf, {"date": agreement.date.edtf}
        )
