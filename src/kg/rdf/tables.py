"""The tables for Excel and for Korea's open-data portals: cities and exchanges, as CSV with a byte-order mark."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from rdflib import SKOS, Graph, Literal, URIRef

from kg.domain import City, Exchange, Iris, Occurrence, Page, Statistic

CITY_COLUMNS = ("도시명", "국가명", "결연일자", "면적", "인구수", "비고", "데이터기준일자")
EXCHANGE_COLUMNS = (
    "도시명", "국가명", "구분", "시작일자", "종료일자", "날짜표기", "교류방향", "교류내용", "교류유형", "인원수",
    "목적", "원문줄번호", "데이터기준일자",
)  # fmt: skip

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)


class Labels:
    """The Korean labels of our SKOS concepts."""

    def __init__(self, vocabulary: Graph, iris: Iris) -> None:
        """Take the labels from the vocabulary."""
        self.vocabulary, self.iris = vocabulary, iris

    def __call__(self, scheme: str, notation: str | None) -> str:
        """Return a concept's label, or its notation if it has none."""
        concept = URIRef(self.iris.concept(scheme, notation or ""))
        labels = self.vocabulary.objects(concept, SKOS.prefLabel)
        found = sorted(str(label) for label in labels if isinstance(label, Literal) and label.language == "ko")
        return found[0] if found else notation or ""


def tables(pages: Iterable[Page], labels: Labels) -> Mapping[str, bytes]:
    """Return ``cities.csv`` and ``exchanges.csv``; a row for each city, and for each dated occurrence."""
    pages = tuple(pages)
    return {
        "cities.csv": csv_table(CITY_COLUMNS, (row for page in pages for row in _cities(page, labels))),
        "exchanges.csv": csv_table(EXCHANGE_COLUMNS, (row for page in pages for row in _exchanges(page, labels))),
    }


def csv_table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """Write a table as spreadsheets read it: with a byte-order mark, and no cell that would be evaluated."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(_inert, row) for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    """Escape a cell that a spreadsheet would evaluate as a formula; keep numbers.

    Source: https://owasp.org/www-community/attacks/CSV_Injection.

    >>> _inert("=HYPERLINK(1)"), _inert("@SUM(1)"), _inert("-1.5"), _inert("훙커우구")
    ("'=HYPERLINK(1)", "'@SUM(1)", '-1.5', '훙커우구')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) and not _NUMBER.match(cell) else cell


def _cities(page: Page, labels: Labels) -> Iterator[tuple[str, ...]]:
    for city in page.cities:
        agreement = city.agreement
        date = agreement.date.edtf if agreement and agreement.date else ""
        remarks = (
            labels("instrument", agreement.instrument) if agreement and agreement.instrument else "",
            _basis(city, labels),
        )
        yield (
            " ".join(city.path[1:]), city.path[0], date, _value(city.area), _value(city.population),
            "; ".join(filter(None, remarks)), _as_of(page),
        )  # fmt: skip


def _basis(city: City, labels: Labels) -> str:
    population = city.population
    if population is None:
        return ""
    words = (
        population.as_of.edtf if population.as_of else "",
        labels("basis", population.basis) if population.basis else "",
    )
    stated = " ".join(filter(None, words))
    return f"인구 기준: {stated}" if stated else "인구 기준 미기재"


def _value(statistic: Statistic | None) -> str:
    return f"{statistic.value:f}" if statistic else ""


def _as_of(page: Page) -> str:
    return page.metadata.last_modified.isoformat() if page.metadata.last_modified else ""


def _exchanges(page: Page, labels: Labels) -> Iterator[tuple[str, ...]]:
    for city, line in page.exchanges():
        for exchange in (line, *line.notes):
            named = (" ".join(city.path[1:]), city.path[0], "교류" if exchange is line else "주석")
            for occurrence in exchange.occurrences:
                yield (*named, *_occurrence(occurrence, labels), *_exchange(exchange, labels), _as_of(page))


def _occurrence(occurrence: Occurrence, labels: Labels) -> tuple[str, ...]:
    span = occurrence.date
    printed = occurrence.printed or span.edtf
    return span.start.isoformat(), span.end.isoformat(), printed, labels("direction", occurrence.direction)


def _exchange(exchange: Exchange, labels: Labels) -> tuple[str, ...]:
    kinds = filter(None, (exchange.primary_kind, *exchange.further_kinds))
    counts = [delegation.head_count for delegation in exchange.delegations if delegation.head_count is not None]
    place = exchange.places.get("description")
    return (
        exchange.description,
        "; ".join(labels("exchange-kind", kind) for kind in kinds),
        str(sum(counts)) if counts else "",
        exchange.purpose or "",
        str(place.line) if place else "",
    )
