"""The tables for spreadsheets, and what describes them."""

import csv
import io
import json
import re
from datetime import date

import pyoxigraph as ox
import pytest

from kg.build import serialize_files
from kg.domain import DEFAULT_BASE_IRI
from kg.rdf import parse_quads
from kg.rdf.nested import nested_cities
from kg.rdf.tables import tables

THINGS = f"{DEFAULT_BASE_IRI}id/"
TABLES = ("cities.csv", "exchanges.csv", "agreements.csv", "events.csv")
DATATYPES = {
    "string": r"(?s).*",
    "decimal": r"-?\d+(\.\d+)?",
    "integer": r"-?\d+",
    "date": r"\d{4}-\d\d-\d\d",
    "anyURI": re.escape(THINGS) + r"\S+",
}


def rows(data: bytes) -> list[dict[str, str]]:
    """Read a table as Excel does: UTF-8 by its byte-order mark."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_cities_have_the_columns_of_korean_open_data(files: dict[str, bytes]) -> None:
    """One row a city, with the names that the portals use, and beside them what to join on."""
    table = rows(files["cities.csv"])
    assert list(table[0])[:7] == ["도시명", "국가명", "결연일자", "면적", "인구수", "비고", "데이터기준일자"]
    assert len(table) == 8
    assert table[1] == {
        "도시명": "상해시 홍구구",
        "국가명": "중국",
        "결연일자": "1999-10-21",
        "면적": "23.4",
        "인구수": "710000",
        "비고": "비망록; 인구 기준: 2019",
        "데이터기준일자": "2024-08-08",
        "city_en": "Hongkou District",
        "city_zh": "虹口区",
        "instrument_en": "Memorandum",
        "instrument_zh": "备忘录",
        "latitude": "31.26",
        "longitude": "121.49",
        "city_iri": f"{THINGS}municipality/hongkou",
        "tie_iri": f"{THINGS}friendship/seocho-hongkou",
        "agreement_iri": f"{THINGS}agreement/hongkou-1999-10-21",
    }
    assert {row["국가명"] for row in table} == {"중국"}


def test_the_exchanges_have_a_row_for_each_occurrence(files: dict[str, bytes]) -> None:
    """101 dated occurrences in the lines, and 2 in the notes; the events are the same."""
    table = rows(files["exchanges.csv"])
    assert [row["구분"] for row in table].count("교류") == 101
    assert [row["구분"] for row in table].count("주석") == 2
    assert {row["데이터기준일자"] for row in table} == {"2024-08-08"}
    assert all(row["원문줄번호"] and row["kinds_en"] and row["kinds_zh"] for row in table)
    assert [row["event_iri"] for row in rows(files["events.csv"])] == [row["event_iri"] for row in table]


def test_the_agreements_have_a_row_each(files: dict[str, bytes]) -> None:
    """All of the dataset; each founding one with its tie."""
    table = rows(files["agreements.csv"])
    known = re.findall(rb"<(\S+/id/agreement/\S+)> <\S+#type> <\S+#Agreement>", files["kg.nt"])
    reached = {row["agreement_iri"] for row in table}
    assert reached <= {iri.decode() for iri in known}
    assert len(reached) == len(table) >= 8
    assert sum(bool(row["tie_iri"]) for row in table) == 8
    assert {row["체결장소"] for row in table} >= {"홍구구", "서초구"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_as_its_metadata_says(files: dict[str, bytes], name: str) -> None:
    """The headings are the titles, each cell has the datatype of its column, the key is unique; IRIs are known."""
    metadata, table = json.loads(files[f"{name}-metadata.json"]), rows(files[name])
    assert (metadata["@context"], metadata["url"]) == ("http://www.w3.org/ns/csvw", name)
    columns = metadata["tableSchema"]["columns"]
    headings = [next(iter(column["titles"].values())) for column in columns]
    assert headings == list(table[0])
    by_name = dict(zip((column["name"] for column in columns), headings, strict=True))
    assert len(by_name) == len(columns)
    for column, heading in zip(columns, headings, strict=True):
        cells = {row[heading] for row in table if row[heading]}
        assert all(re.fullmatch(DATATYPES[column["datatype"]], cell) for cell in cells), heading
        if column["datatype"] == "anyURI":
            assert all(f"<{cell}>".encode() in files["kg.nt"] for cell in cells), heading
    keys = [row[by_name[metadata["tableSchema"]["primaryKey"]]] for row in table]
    assert len(set(keys)) == len(keys)


def test_the_cities_are_on_a_map(files: dict[str, bytes]) -> None:
    """GeoJSON: the longitude first, inside China."""
    features = json.loads(files["cities.geojson"])["features"]
    assert len(features) == 8
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert 73 < longitude < 135, feature["id"]
        assert 18 < latitude < 54, feature["id"]
    assert features[1]["properties"]["name_zh"] == "虹口区"


def test_a_row_changed_by_hand_has_its_own_date(files: dict[str, bytes]) -> None:
    """Of the row alone in which something was changed, part of a city or of an exchange."""
    dataset = parse_quads(files["kg.nq"])
    day, area = date(2025, 3, 4), f"{THINGS}statistic/hongkou-area"
    event = rows(files["events.csv"])[5]["event_iri"]
    made = tables(dataset, nested_cities(dataset), {area: day, event: day})
    by_hand = {name: [row for row in rows(made[name]) if row["데이터기준일자"] == "2025-03-04"] for name in TABLES}
    assert {name: len(found) for name, found in by_hand.items()} == {
        "cities.csv": 1, "exchanges.csv": 1, "agreements.csv": 0, "events.csv": 1,
    }  # fmt: skip
    assert by_hand["cities.csv"][0]["city_en"] == "Hongkou District"


def test_a_city_without_figures_and_coordinates_has_a_row(files: dict[str, bytes]) -> None:
    """What nothing is said of is empty, and it is not on the map."""
    gone = ("/ontology#area>", "/ontology#population>", "/ontology#latitude>", "/ontology#foundedBy>")
    lines = [line for line in files["kg.nq"].decode().splitlines(keepends=True) if not any(one in line for one in gone)]
    made = serialize_files("".join(lines).encode(), DEFAULT_BASE_IRI, names=["cities.csv"]).made
    assert {(row["면적"], row["인구수"], row["결연일자"]) for row in rows(made["cities.csv"])} == {("", "", "")}
    assert json.loads(made["cities.geojson"])["features"] == []
    assert list(ox.parse(made["cities.jsonld"], ox.RdfFormat.JSON_LD))
