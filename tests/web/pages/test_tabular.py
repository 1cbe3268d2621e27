"""Lists as data: JSON, CSV and GeoJSON by ``Accept``, by ending and by ``?format=``."""

import csv
import io
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.rdf import questions
from kg.web.http.list_forms import LISTS

PATHS = [path.replace("{name}", questions()[0].name) for path in LISTS]
FORMS = [
    (path, form.extension, form.media_type)
    for path, found in zip(PATHS, LISTS.values(), strict=True)
    for form in found.forms
]
QUERY = {"/search": "?q=hongkou"}


@pytest.fixture(scope="module")
def client(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page."""
    with owner_app.test_client() as client:
        yield client


def rows(data: bytes) -> list[dict[str, str]]:
    """Read a table as a spreadsheet does."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("path", "ending", "media_type"), FORMS)
def test_a_list_is_the_same_however_it_is_asked_for(
    client: FlaskClient, path: str, ending: str, media_type: str
) -> None:
    """By ``Accept``, by ending and by ``?format=``; the page and the headers link to each."""
    query = QUERY.get(path, "")
    named = client.get(f"{path}.{ending}{query}")
    assert (named.status_code, named.mimetype) == (200, media_type)
    accepted = client.get(f"{path}{query}", headers={"Accept": media_type})
    asked = client.get(f"{path}{query}{'&' if query else '?'}format={ending}", headers={"Accept": "text/html"})
    assert named.data == accepted.data == asked.data
    page = client.get(f"{path}{query}", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    address = f"http://localhost{path}.{ending}{query}"
    assert f'<{address}>; rel="alternate"; type="{media_type}"' in page.headers["Link"]
    assert page.text.count(f'href="{address}"') == 2
    again = client.get(f"{path}.{ending}{query}", headers={"If-None-Match": named.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["ko", "en", "zh"])
def test_headings_are_in_the_language_of_the_reader(client: FlaskClient, path: str, language: str) -> None:
    """They are as many as the cells of each row, all different, and JSON has as many rows."""
    found = client.get(f"{path}.csv{QUERY.get(path, '')}", headers={"Accept-Language": language})
    assert found.headers["Content-Language"] == {"zh": "zh-Hans"}.get(language, language)
    assert "Accept-Language" in found.headers["Vary"]
    table = list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"), newline="")))
    assert len(table) > 1
    assert {len(row) for row in table} == {len(set(table[0]))}
    assert bool(re.search("[가-힣]", "".join(table[0]))) == (language == "ko")
    document = client.get(f"{path}.json{QUERY.get(path, '')}").get_json()
    (listed,) = (value for value in document.values() if isinstance(value, list))
    assert len(listed) == len(table) - 1


def test_cities_have_iris_and_names_in_three_languages(client: FlaskClient) -> None:
    """A program joins by IRI and shows names; coordinates are those of GeoJSON: longitude first."""
    cities = client.get("/cities.json").get_json()["cities"]
    hongkou = next(one for one in cities if one["iri"].endswith("/hongkou"))
    assert hongkou["name"] == {"ko": "홍구구", "en": "Hongkou District", "zh": "虹口区"}
    assert (hongkou["area"], hongkou["population"], hongkou["since"]) == (23.4, 710000, "1999-10-21")
    assert all(one["instrument"]["iri"] and set(one["instrument"]["name"]) == {"ko", "en", "zh"} for one in cities)
    places = client.get("/cities.geojson").get_json()
    assert (places["type"], len(places["features"])) == ("FeatureCollection", 8)
    for feature in places["features"]:
        east, north = feature["geometry"]["coordinates"]
        assert 100 < east < 140
        assert 20 < north < 50
        assert feature["id"] == feature["properties"]["iri"]


def test_a_filter_is_in_the_data_and_in_the_name_of_the_file(client: FlaskClient) -> None:
    """As many lines as the page counts, all with the city; pages of the page do not cut them."""
    found = client.get("/exchanges.csv?city=hebi&direction=to-seocho&page=2&lang=en")
    table = rows(found.data)
    assert table
    assert {row["City (IRI)"].rpartition("/")[2] for row in table} == {"hebi"}
    page = client.get("/exchanges?city=hebi&direction=to-seocho&lang=en").text
    assert str(len(table)) in re.findall(r'<p role="status">([^<]*)', page)[0]
    plain, encoded = re.findall(r"filename\*?=(\S+)", found.headers["Content-Disposition"])
    assert plain == '"seocho-exchanges-hebi-to-seocho.csv";'
    assert unquote(encoded) == "UTF-8''Seocho-gu Exchanges hebi to-seocho.csv"
    assert len(rows(client.get("/exchanges.csv").data)) == 80


@pytest.mark.parametrize("path", ["/cities", "/exchanges", "/search", "/quality"])
def test_no_header_field_grows_with_the_address(client: FlaskClient, path: str) -> None:
    """Clients take header fields of some thousand bytes: an address that is longer is not linked."""
    for ending in ("", ".csv"):
        answer = client.get(f"{path}{ending}", query_string=dict.fromkeys(("city", "kind", "q", "rule"), "x" * 60000))
        assert max(len(value) for value in answer.headers.values()) < 8192


@pytest.mark.parametrize("word", ["=1+1", "@SUM(1)", "+1", "-x"])
def test_no_cell_is_a_formula(client: FlaskClient, word: str) -> None:
    """What the reader searched is in JSON as it is; no cell of any table begins as a formula does."""
    assert client.get("/search.json", query_string={"q": word}).get_json()["searched"] == word
    for path in PATHS:
        for row in rows(client.get(f"{path}.csv{QUERY.get(path, '')}").data):
            assert not [cell for cell in row.values() if re.match(r"[=+@\t\r]|-(?![\d.]+\Z)", cell)]


def test_what_a_list_does_not_come_in_is_refused(client: FlaskClient) -> None:
    """406 by Accept, 404 by ending, 400 by a format that is none; what a client does not care for is a page."""
    assert client.get("/years", headers={"Accept": "application/geo+json"}).status_code == 406
    assert client.get("/years.geojson").status_code == 404
    assert client.get("/years?format=parquet").status_code == 400
    assert client.get("/years", headers={"Accept": "*/*"}).mimetype == "text/html"
