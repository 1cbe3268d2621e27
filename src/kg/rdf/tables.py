"""The tables for spreadsheets and for Korea's open-data portals, their CSVW metadata, and the cities as GeoJSON.

They are made of the nested document. A table is CSV with a byte-order mark; the columns in Korean are those of the
portals, the others have names and labels in English and Chinese, coordinates, and IRIs to join on.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rdflib import PROV, Graph, URIRef

from kg.domain import terms
from kg.rdf.nested import Record
from kg.rdf.rdf_dataset import RdfDataset

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)
_CITY = ("도시명:city", "국가명:country")
_CITY_MORE = ("city_en", "city_zh")
_AS_OF = "데이터기준일자:reference_date:date"
_COLUMNS = {
    "cities.csv": (
        *(*_CITY, "결연일자:tie_date", "면적:area:decimal", "인구수:population:decimal", "비고:remarks", _AS_OF),
        *(*_CITY_MORE, "instrument_en", "instrument_zh", "latitude::decimal", "longitude::decimal"),
        *("city_iri::anyURI", "tie_iri::anyURI", "agreement_iri::anyURI"),
    ),
    "exchanges.csv": (
        *(*_CITY, "구분:record_type", "시작일자:start_date:date", "종료일자:end_date:date", "날짜표기:date_printed"),
        *("교류방향:direction", "교류내용:description", "교류유형:kinds", "교류상태:status"),
        *("인원수:head_count:integer", "목적:purpose", "원문줄번호:line:integer", _AS_OF, *_CITY_MORE),
        *("direction_en", "direction_zh", "kinds_en", "kinds_zh"),
        *("city_iri::anyURI", "exchange_iri::anyURI", "event_iri::anyURI"),
    ),
    "agreements.csv": (
        *(*_CITY, "문서명:title", "문서유형:instrument", "체결일자:date", "체결장소:place", _AS_OF),
        *(*_CITY_MORE, "instrument_en", "instrument_zh", "place_en", "place_zh", "start_date::date", "end_date::date"),
        *("agreement_iri::anyURI", "city_iri::anyURI", "tie_iri::anyURI", "exchange_iri::anyURI"),
    ),
    "events.csv": (
        *(*_CITY, "시작일자:start_date:date", "종료일자:end_date:date", "날짜:edtf", "정밀도:precision"),
        *("교류방향:direction", _AS_OF, *_CITY_MORE, "direction_en", "direction_zh"),
        *("event_iri::anyURI", "exchange_iri::anyURI", "city_iri::anyURI"),
    ),
}
"""The columns of each table: the heading, the name in the metadata where it is another, and the datatype."""
_KEYS = {
    "cities.csv": "city_iri",
    "exchanges.csv": "event_iri",
    "agreements.csv": "agreement_iri",
    "events.csv": "event_iri",
}
_LANGUAGES = ("ko", "en", "zh-hans")
TABLE_NAMES = (*_COLUMNS, *(f"{name}-metadata.json" for name in _COLUMNS), "cities.geojson")

_Texts = tuple[str, ...]
Changed = Mapping[str, date]
"""The day on which something was changed by hand, by its IRI."""


def tables(dataset: RdfDataset, document: Record, changed: Changed) -> Mapping[str, bytes]:
    """Return the files of ``TABLE_NAMES``; rows are cities, dated occurrences, agreements, dated occurrences alone."""
    writer = _Tables(dataset, document["cities"], changed)
    rows = {
        "cities.csv": writer.cities(),
        "exchanges.csv": writer.exchanges(),
        "agreements.csv": writer.agreements(),
        "events.csv": writer.events(),
    }
    return {
        **{name: csv_table(_headings(name), found) for name, found in rows.items()},
        **{f"{name}-metadata.json": _metadata(name) for name in _COLUMNS},
        "cities.geojson": _json({"type": "FeatureCollection", "features": list(_features(document["cities"]))}),
    }


@dataclass(frozen=True)
class _Tables:
    dataset: RdfDataset
    records: list[Record]
    changed: Changed

    def cities(self) -> Iterator[_Texts]:
        for city in self.records:
            tie, agreement = city["tie"], city["tie"].get("agreement", {})
            area, population = city.get("area", {}), city.get("population", {})
            instrument = _labels(agreement.get("instrument"))
            yield (
                *_named(city), agreement.get("date", ""), _number(area), _number(population),
                "; ".join(filter(None, (instrument[0], _basis(population)))),
                self._as_of(city, tie, agreement, area, population), *_names(city)[1:], *instrument[1:],
                city.get("latitude", ""), city.get("longitude", ""),
                city["id"], tie["id"], agreement.get("id", ""),
            )  # fmt: skip

    def exchanges(self) -> Iterator[_Texts]:
        for city, exchange, event, is_note in self._events():
            primary, kinds = exchange.get("primaryKind", {}), exchange.get("kinds", ())
            in_order = sorted(kinds, key=lambda kind: (kind["id"] != primary.get("id"), kind["id"]))
            labels = ["; ".join(texts) for texts in zip(*map(_labels, in_order), strict=True)] or [""] * 3
            participants = exchange.get("participants", ())
            counts = [one["count"] for one in participants if "count" in one]
            direction = _labels(event.get("direction"))
            yield (
                *_named(city), "주석" if is_note else "교류", event["start"], event["end"],
                event.get("datePrinted") or event["date"], direction[0], exchange["description"], labels[0],
                _labels(exchange.get("status"))[0],
                str(sum(counts)) if counts else "", exchange.get("purpose", ""), self._line(exchange),
                self._as_of(exchange, event, *participants), *_names(city)[1:], *direction[1:], *labels[1:],
                city["id"], exchange["id"], event["id"],
            )  # fmt: skip

    def events(self) -> Iterator[_Texts]:
        for city, exchange, event, _ in self._events():
            direction = _labels(event.get("direction"))
            yield (
                *_named(city), event["start"], event["end"], event["date"], event.get("precision", ""), direction[0],
                self._as_of(event), *_names(city)[1:], *direction[1:], event["id"], exchange["id"], city["id"],
            )  # fmt: skip

    def agreements(self) -> Iterator[_Texts]:
        for city in self.records:
            tie = city["tie"]
            found = {
                one["id"]: (one, "", exchange)
                for exchange in city["exchanges"]
                for one in exchange.get("agreements", ())
            }
            if founding := tie.get("agreement"):
                found[founding["id"]] = (founding, tie["id"], found.get(founding["id"], ("", "", {}))[2])
            for agreement, founded, exchange in sorted(
                found.values(), key=lambda one: (one[0].get("start", ""), one[0]["id"])
            ):
                at = agreement.get("concludedIn", {})
                instrument, place = (
                    _labels(agreement.get("instrument")),
                    _names(city if at.get("id") == city["id"] else at),
                )
                yield (
                    *_named(city), agreement["title"], instrument[0], agreement.get("date", ""), place[0],
                    self._as_of(agreement), *_names(city)[1:], *instrument[1:], *place[1:],
                    agreement.get("start", ""), agreement.get("end", ""),
                    agreement["id"], city["id"], founded, exchange.get("id", ""),
                )  # fmt: skip

    def _events(self) -> Iterator[tuple[Record, Record, Record, bool]]:
        for city in self.records:
            for line in city["exchanges"]:
                for exchange in (line, *line.get("notes", ())):
                    events = sorted(exchange.get("events", ()), key=lambda one: (one["start"], one["id"]))
                    yield from ((city, exchange, event, exchange is not line) for event in events)

    def _as_of(self, *parts: Record) -> str:
        """Return the last day on which something in a row was changed by hand, else the day of the page."""
        days = [self.changed[part["id"]] for part in parts if part.get("id", "") in self.changed]
        return max(days).isoformat() if days else self._page_day()

    def _page_day(self) -> str:
        kg = terms(self.dataset.iris.ontology)
        return max(map(str, self.dataset.graphs["page"].objects(None, kg.lastModified)), default="")

    def _line(self, exchange: Record) -> str:
        kg, provenance = terms(self.dataset.iris.ontology), self.dataset.graphs.get("provenance", Graph())
        passages = provenance.objects(URIRef(exchange["id"]), PROV.wasDerivedFrom)
        given = sorted(str(passage) for passage in passages if (passage, kg.gives, kg.description) in provenance)
        return str(provenance.value(URIRef(given[0]), kg.lineNumber) or "") if given else ""


def _named(city: Record) -> tuple[str, str]:
    """Return the Korean names of a city, with what it lies in, and of its country."""
    path = [city]
    while "within" in path[-1]:
        path.append(path[-1]["within"])
    names = [_names(place)[0] for place in reversed(path)]
    return " ".join(names[1:]), names[0]


def _names(place: Record) -> _Texts:
    return tuple(place.get("name", {}).get(language, "") for language in _LANGUAGES)


def _labels(concept: Record | None) -> _Texts:
    """Return the labels of a concept; one without has its notation in Korean."""
    labels = (concept or {}).get("label", {})
    notation = concept["id"].rpartition("/")[2] if concept else ""
    return tuple(labels.get(language, notation if language == "ko" else "") for language in _LANGUAGES)


def _number(figure: Record) -> str:
    return f"{Decimal(figure['value']):f}" if "value" in figure else ""


def _basis(population: Record) -> str:
    if not population:
        return ""
    stated = " ".join(filter(None, (population.get("asOf", ""), _labels(population.get("basis"))[0])))
    return f"인구 기준: {stated}" if stated else "인구 기준 미기재"


def _features(cities: Iterable[Record]) -> Iterator[Record]:
    """Yield each city that has coordinates (RFC 7946: the longitude first)."""
    for city in cities:
        if "latitude" in city and "longitude" in city:
            ko, en, zh = _names(city)
            tie_date = city["tie"].get("agreement", {}).get("date", "")
            yield {
                "type": "Feature",
                "id": city["id"],
                "geometry": {"type": "Point", "coordinates": [float(city["longitude"]), float(city["latitude"])]},
                "properties": {"name_ko": ko, "name_en": en, "name_zh": zh, "tie_date": tie_date},
            }


def _headings(name: str) -> _Texts:
    return tuple(column.partition(":")[0] for column in _COLUMNS[name])


def _metadata(name: str) -> bytes:
    """Return the metadata of a table (Metadata Vocabulary for Tabular Data)."""
    columns = []
    for column in _COLUMNS[name]:
        heading, identifier, datatype = (*column.split(":"), "", "")[:3]
        titles = {"ko" if identifier else "en": heading}
        columns.append({"name": identifier or heading, "titles": titles, "datatype": datatype or "string"})
    return _json(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "url": name,
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
            "tableSchema": {"columns": columns, "primaryKey": _KEYS[name], "aboutUrl": f"{{+{_KEYS[name]}}}"},
        }
    )


def _json(document: Record) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def csv_table(headings: _Texts, rows: Iterable[_Texts]) -> bytes:
    """Write a table as spreadsheets read it: with a byte-order mark, and no cell that would be evaluated."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(map(_inert, row) for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    """Escape a cell that a spreadsheet would evaluate as a formula; keep numbers.

    Source: https://owasp.org/www-community/attacks/CSV_Injection.

    >>> _inert("=HYPERLINK(1)"), _inert("@SUM(1)"), _inert("-1.5"), _inert("훙커우구")
    ("'=HYPERLINK(1)", "'@SUM(1)", '-1.5', '훙커우구')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) and not _NUMBER.match(cell) else cell
